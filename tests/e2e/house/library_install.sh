#!/bin/bash
# limit: 300
# libfdfence-seal as it is installed: found by pkg-config, with versions on its symbols; programs
# written for other systems, and those of the documents, compile and link with it and work.
. "$(dirname "$0")/../lib.sh"

m() { MAKEFLAGS='' make -s -C "$root" B="$B" PREFIX="$T/usr" "$@"; }
t_ok 'make install-library' m install-library install-docs
export PKG_CONFIG_PATH=$T/usr/lib/pkgconfig
for file in lib/libfdfence-seal.a lib/libfdfence-seal.so lib/libfdfence-seal.so.0 include/fdfence.h \
	include/fdfence/compat.h share/man/man3/fdfence.3 share/man/man3/fdfence_walk.3; do
	t_ok "$file is there" test -r "$T/usr/$file"
done
lib=$T/usr/lib/libfdfence-seal.so

# ---- one list of functions ----
declared=$(sed -n 's/^[a-z].*\b\(fdfence_[a-z_]*\)(.*/\1/p' "$root/preload/lib/fdfence.h" | sort)
t_is 'each declared function is exported, with the version of the map' \
	"$(nm -D --defined-only "$lib" | awk '$2 != "A" { print $3 }' | sort)" "${declared//$'\n'/@@FDFENCE_0.1$'\n'}@@FDFENCE_0.1"
t_is '... and is a name of the manual page' "$(sed -n 's/^\.Nm \(fdfence_[a-z_]*\).*/\1/p' "$root/docs/fdfence.3" | sort -u)" "$declared"
t_is '... and in its synopsis' "$(sed -n 's/^\.Fn \(fdfence_[a-z_]*\) ["v].*/\1/p' "$root/docs/fdfence.3" | sort -u)" "$declared"
t_is '... and in the archive, where no other name is seen' \
	"$(nm -g --defined-only "$T/usr/lib/libfdfence-seal.a" | awk 'NF == 3 { print $3 }' | sort)" "$declared"
t_is 'it needs nothing of libc but the place of errno' "$(nm -D --undefined-only "$lib" | awk '{ print $2 }')" __errno_location
t_is 'it links no library' "$(readelf -d "$lib" | grep -c NEEDED)" 0
t_like 'it has a name for the loader' "$(readelf -d "$lib")" 'SONAME.*\[libfdfence-seal.so.0\]'
t_is 'no executable stack, no text relocation' "$(readelf -Wld "$lib" | awk '/GNU_STACK/ && /E/ || /TEXTREL/')" ''
for macro in UNSHARE CLOEXEC; do
	t_is "FDFENCE_$macro is that of the kernel" \
		"$(printf '#include <fdfence.h>\n#include <linux/close_range.h>\nint same = FDFENCE_%s == CLOSE_RANGE_%s;' $macro $macro |
			cc -I"$T/usr/include" -S -O1 -xc -o- - | grep -cE '^\s*\.long\s+1$')" 1
done

# ---- compilers ----
flags() { pkg-config --cflags --libs libfdfence-seal; }
real() { # flags: as they are without ".."
	eval "set -- $1"
	for flag; do
		case $flag in
		-[IL]*) printf '%s ' "${flag:0:2}$(realpath -m "${flag:2}")" ;;
		*) printf '%s' "$flag" ;;
		esac
	done
}
t_is 'pkg-config finds it' "$(real "$(flags)")" "-I$T/usr/include -L$T/usr/lib -lfdfence-seal"
mkdir "$T/moved to" && cp -a "$T/usr" "$T/moved to/here"
t_is '... where the tree was moved to' "$(real "$(PKG_CONFIG_PATH="$T/moved to/here/lib/pkgconfig" flags)")" \
	"-I$T/moved to/here/include -L$T/moved to/here/lib -lfdfence-seal"
m install-library DESTDIR="$T/root" PREFIX=/opt/x LIBDIR=/opt/x/lib/x86_64-linux-gnu INCLUDEDIR='/opt/in clude' >/dev/null
t_is '... and headers elsewhere' "$(real "$(PKG_CONFIG_PATH=$T/root/opt/x/lib/x86_64-linux-gnu/pkgconfig flags)")" \
	"-I$T/root/opt/in clude -L$T/root/opt/x/lib/x86_64-linux-gnu -lfdfence-seal"
# shellcheck disable=SC2046 # words
glibc() { cc -Wall -Wextra -Werror -Wno-unused-result -o "$1" "${@:2}" $(flags) -Wl,-rpath,"$T/usr/lib"; }
musl() { # the library in front of libc
	musl-gcc -Wall -Wno-unused-result -static -I"$T/usr/include" -o "$1" "${@:2}" "$T/usr/lib/libfdfence-seal.a"
}
libcs=(glibc)
if command -v musl-gcc >/dev/null; then libcs+=(musl); else t_skip 'programs of musl' 'no musl-gcc'; fi
for std in c99 c11 gnu17; do
	t_ok "the headers are $std" cc -std=$std -pedantic-errors -Wall -Wextra -Werror -D_POSIX_C_SOURCE=200809L \
		-I"$T/usr/include" -fsyntax-only -xc - <<<'#include <fdfence/compat.h>'
done
t_ok 'the headers are C++' c++ -std=c++17 -Wall -Wextra -Werror -I"$T/usr/include" -fsyntax-only -xc++ - <<<'#include <fdfence/compat.h>'

# ---- programs of other systems ----
for libc in "${libcs[@]}"; do
	for system in solaris freebsd aix; do
		t_ok "$system, $libc: compiles" "$libc" "$T/$system.$libc" -include fdfence/compat.h "$root/tests/helpers/lib/legacy/$system.c"
	done
	t_ok "openbsd, $libc: compiles" "$libc" "$T/openbsd.$libc" -D_GNU_SOURCE -DFDFENCE_INT_CLOSEFROM -include fdfence/compat.h \
		"$root/tests/helpers/lib/legacy/openbsd.c"
	t_is "openbsd, $libc" "$(spawn "$T/openbsd.$libc")" '3 4 5 6 7 8 EBADF 0'
	t_is "solaris, $libc" "$(spawn "$T/solaris.$libc")" '5 6 7 8 left 6'
	t_is "freebsd, $libc" "$(spawn "$T/freebsd.$libc")" '3 4 7 10 11 '
	t_like "aix, $libc" "$(spawn "$T/aix.$libc")" '^3 4 5 6 dup 15 cloexec 1 lock (0|-1)$'
done

# ---- programs of the documents ----
# The N-th .Bd -literal of the manual page.
example() { # N
	awk -v n="$1" '/^\.Bd -literal/ { k++; on = k == n; next } /^\.Ed/ { on = 0 } on' "$root/docs/fdfence.3" | sed 's/\\e/\\/g'
}
example 1 >"$T/start.c"
cat >>"$T/start.c" <<'END'
#include <stdio.h>
#include <sys/wait.h>
int main(int argc, char **argv)
{
	int sock = fcntl(0, F_DUPFD_CLOEXEC, 7);

	dup2(0, 9);
	if (start(argv + 1, sock) < 0)
		perror(argv[argc - 1]);
	wait(NULL);
	return 0;
}
END
example 2 >"$T/replace.c"
cat >>"$T/replace.c" <<'END'
#include <fcntl.h>
#include <stdio.h>
int main(int argc, char **argv)
{
	(void)argc;
	dup2(0, 9);
	replace(argv + 1);
	printf("flags %d\n", fcntl(9, F_GETFD));
	return 0;
}
END
example 3 >"$T/show.c"
for libc in "${libcs[@]}"; do
	for program in start replace show; do
		t_ok "manual page, $program, $libc: compiles" "$libc" "$T/$program.$libc" "$T/$program.c" \
			-O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -Wall -Wextra -Werror
	done
	t_like "start, $libc" "$(spawn "$T/start.$libc" "$H/fdlist")" '^7 open [^ ]*$'
	t_is "start what is not there, $libc" "$(spawn "$T/start.$libc" /nonexistent 2>&1)" '/nonexistent: No such file or directory'
	t_is "replace, $libc" "$(spawn "$T/replace.$libc" "$H/fdlist")" ''
	t_is "replace that fails, $libc" "$(spawn "$T/replace.$libc" /nonexistent)" 'flags 0'
	t_is "show, $libc" "$(spawn "$T/show.$libc")" 3
done

# The lines of the page, in one function.
{
	printf '#include <fdfence.h>\nint lines(int (*visit)(void *, int), void *arg, int sock, int report)\n{\n'
	awk '/^```c$/ { on = 1; next } /^```/ { on = 0 } on' "$root/docs/instead-of-a-loop.md"
	printf 'return 0;\n}\nint main(void) { return 0; }\n'
} >"$T/lines.c"
t_ok 'Instead of a loop: compiles' glibc "$T/lines" "$T/lines.c"
t_is '... and has three lines' "$(grep -c '^fdfence_' "$T/lines.c")" 3

t_ok 'make uninstall' m uninstall
t_is 'leaves no file' "$(find "$T/usr" ! -type d)" ''
t_done
