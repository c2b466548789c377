#!/bin/bash
# The files of packages: one version in all, and what each format's own checker says.  They are built
# by make check-packages.
. "$(dirname "$0")/../lib.sh"
cd "$root" || exit 1

version=$(sed -n 's/^VERSION *:= *//p' Makefile)
t_is 'debian/changelog has the version' "$(sed -n '1s/.*(\(.*\)).*/\1/p' debian/changelog)" "$version"
t_is 'fdfence.spec has it' "$(sed -n 's/^Version: *//p' packaging/fdfence.spec)" "$version"
t_is 'APKBUILD has it' "$(sed -n 's/^pkgver=//p' packaging/APKBUILD)" "$version"
for script in debian/libfdfence.prerm debian/libfdfence.postrm debian/tests/command debian/tests/library packaging/APKBUILD packaging/libfdfence.pre-deinstall packaging/dist; do
	t_ok "$script: shellcheck" shellcheck -x "$script"
done
if command -v rpmlint >/dev/null; then
	t_like 'rpmlint has no error' "$(rpmlint packaging/fdfence.spec 2>&1)" ' 0 errors'
else
	t_skip 'rpmlint' 'no rpmlint'
fi
if command -v rpmspec >/dev/null; then
	t_ok 'rpm reads the spec file' rpmspec -P packaging/fdfence.spec
else
	t_skip 'rpm reads the spec file' 'no rpm'
fi

# Each installed file is in exactly one package.
MAKEFLAGS='' make -s B="$B" PREFIX=/usr LIBDIR=/usr/lib/x86_64-linux-gnu DESTDIR="$T/tree" install >/dev/null
mv "$T/tree/usr/share/zsh/site-functions" "$T/tree/usr/share/zsh/vendor-completions"
count=0
while read -r file; do
	in=()
	for list in debian/*.install; do
		while read -r pattern; do
			# shellcheck disable=SC2053 # a pattern
			[[ $file != $pattern && $file != $pattern/* ]] || in+=("$list")
		done <"$list"
	done
	[ ${#in[@]} -eq 1 ] || t_fail "$file is in one package" "${in[*]}"
	count=$((count + 1))
done < <(cd "$T/tree" && find usr ! -type d)
t_ok "each of $count installed files is in one package" test "$count" -gt 20

if t_tracked; then
	t_ok 'make dist' make -s dist
	sum=$(sha256sum "build/fdfence-$version.tar.gz")
	t_ok '... once more' make -s dist
	t_is '... has the same bytes' "$(sha256sum "build/fdfence-$version.tar.gz")" "$sum"
	t_is '... and is what git tracks' \
		"$(tar -tf "build/fdfence-$version.tar.gz" | grep -v '/$' | sed "s|^fdfence-$version/||" | LC_ALL=C sort)" \
		"$(git ls-tree -r --name-only HEAD | LC_ALL=C sort)"
	# Whatever git is told by who makes it, and by the clone.
	git clone -q . "$T/clone"
	mkdir -p "$T/home/.config/git"
	echo '*.c export-ignore' >"$T/home/.config/git/attributes"
	packed() { # name what git and gzip are told...
		t_is "... $1, too" "$(cd "$T/clone" && env "${@:2}" packaging/dist "$version" build >/dev/null && sha256sum "build/fdfence-$version.tar.gz")" "$sum"
	}
	packed 'in a clone'
	packed 'with tar.umask user' GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=tar.umask GIT_CONFIG_VALUE_0=user
	packed 'with core.autocrlf true' GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=core.autocrlf GIT_CONFIG_VALUE_0=true
	packed 'with attributes at home' -u XDG_CONFIG_HOME HOME="$T/home"
	packed 'with GZIP set' GZIP=--rsyncable
	git -C "$T/clone" config tar.umask user
	git -C "$T/clone" config core.autocrlf true
	echo '* eol=crlf export-subst' >"$T/clone/.git/info/attributes"
	packed 'in a clone that is told all of that'
	umask 077
	packed 'where new files are for their owner alone'
	umask 022
	t_is 'who has core.autocrlf clones scripts that start' \
		"$(git -c core.autocrlf=true clone -q . "$T/crlf" && git -C "$T/crlf" ls-files --eol | grep -v '^i/\(.*[^ ]\) *w/\1 ')" ''
	rm -rf "$T/clone" "$T/crlf" # with records that others' tests have
else
	t_skip 'make dist' 'no checkout of git, whose files it packs'
fi
t_like "outside of git it fails in words" \
	"$(GIT_DIR=$T/none MAKEFLAGS='' make -s dist B="$T/dist" 2>&1; echo "= $?")" 'this is no checkout of git.*= 2$'
t_is "... and leaves no archive" "$(find "$T/dist" -name '*.tar*' 2>/dev/null)" ''
t_done
