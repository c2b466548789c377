#!/bin/bash
# limit: 300
# make install and uninstall: everything in its place, working from wherever the tree lies, gone
# afterwards.
. "$(dirname "$0")/../lib.sh"

m() { MAKEFLAGS='' make -s -C "$root" B="$B" "$@"; }
triplet=$(gcc -print-multiarch 2>/dev/null)
[ -n "$triplet" ] || triplet=$(uname -m)-linux-gnu

# What the command under TREE preloads, and what a profile makes of it; seen from TREE.
works() { # tree
	spawn "$1/bin/fdfence" run --profile strict -- env | sed -n "s|^LD_PRELOAD=$1/|preload |p; s|^FDFENCE_||p" | sort -r
}

P=$T/usr
t_ok "make install" m PREFIX="$P" install
for file in bin/fdfence lib/fdfence/libfdfence.so share/fdfence/profiles/strict.rules share/man/man1/fdfence.1 \
	share/man/man1/fdfence-check.1 share/bash-completion/completions/fdfence share/zsh/site-functions/_fdfence \
	share/fish/vendor_completions.d/fdfence.fish lib/libfdfence-seal.so lib/pkgconfig/libfdfence-seal.pc; do
	t_ok "$file is there" test -r "$P/$file"
done
t_is "the installed command finds the installed shim and profiles" "$(works "$P")" \
	$'preload lib/fdfence/libfdfence.so\nINTENT=none'
t_like "each profile is found" "$(spawn "$P/bin/fdfence" run --profile nosuch -- true 2>&1)" 'there are ci, default, server, strict$'

# A start in between would run without the library, or with a part of it.
if command -v strace >/dev/null && strace -o /dev/null true 2>/dev/null; then
	t_ok "make install over what is there" strace -f -o "$T/calls" -e trace=open,openat,creat,unlink,unlinkat,rename,renameat,renameat2 \
		make -s -C "$root" B="$B" PREFIX="$P" install
	for file in lib/fdfence/libfdfence.so lib/fdfence/libfdfence-origins.so lib/libfdfence-seal.so.0.1.0 bin/fdfence; do
		t_is "... puts $file in its place by a rename, whole" \
			"$(grep -F "\"$P/$file\"" "$T/calls" | grep -vE 'O_RDONLY|O_PATH| = -1 ' |
				sed 's/^[0-9]* *//; s/at2\{0,1\}(/(/; s/(.*/ once/')" 'rename once'
	done
else
	t_skip "make install puts libraries in their places by a rename" 'no strace here'
fi

t_ok "make install where new files are for their owner alone" eval '(umask 077; m PREFIX=/usr DESTDIR="$T/masked" install)'
t_is "... installs for all" "$(find "$T/masked" -type f ! -perm -444)" ""
t_is "... into folders for all" "$(find "$T/masked" -type d ! -perm 755)" ""

t_ok "make install with another PREFIX into DESTDIR, from the same objects" m PREFIX=/usr DESTDIR="$T/dest" install
t_is "the staged tree works where it lies" "$(works "$T/dest/usr")" $'preload lib/fdfence/libfdfence.so\nINTENT=none'
mv "$T/dest" "$T/moved"
t_is "... and where it is moved to" "$(works "$T/moved/usr")" $'preload lib/fdfence/libfdfence.so\nINTENT=none'
ln -s "$T/moved/usr/bin/fdfence" "$T/link"
t_like "... and through a link" "$(spawn "$T/link" run -- env)" "LD_PRELOAD=$T/moved/usr/lib/fdfence/libfdfence.so"
t_is "no path of an installation is compiled in" "$(grep -aoE '/usr/(local|share)/[a-z/]*' "$P/bin/fdfence" |
	grep -vxE '/usr/local/(s?bin|lib/systemd/system)')" ''
for other in profiles libfdfence.so libfdfence-origins.so; do # Samba has /usr/bin/profiles, a program
	install -m 755 /bin/true "$T/moved/usr/bin/$other"
	[ "$other" = profiles ] || { rm "$T/moved/usr/bin/$other" && mkdir "$T/moved/usr/bin/$other"; }
	t_is "... beside another's $other" "$(works "$T/moved/usr")" $'preload lib/fdfence/libfdfence.so\nINTENT=none'
	rm -r "$T/moved/usr/bin/$other"
	mkdir "$T/moved/usr/bin/$other"
	t_is "... that is a folder" "$(works "$T/moved/usr")" $'preload lib/fdfence/libfdfence.so\nINTENT=none'
	rmdir "$T/moved/usr/bin/$other"
done
rm "$T/moved/usr/lib/fdfence/libfdfence.so"
t_is "a tree without its shim says where it was looked for" \
	"$(spawn "$T/moved/usr/bin/fdfence" run -- true 2>&1; echo "= $?")" \
	"fdfence: libfdfence.so is neither beside $T/moved/usr/bin/fdfence nor in ../lib/fdfence, ../lib64/fdfence or ../lib/$triplet/fdfence, seen from there"$'\n= 125'

for lib in "lib/$triplet" lib64; do
	t_ok "make install LIBDIR=/usr/$lib" m PREFIX=/usr LIBDIR="/usr/$lib" DESTDIR="$T/${lib%/*}" install
	t_is "... works" "$(works "$T/${lib%/*}/usr")" "preload $lib/fdfence/libfdfence.so"$'\nINTENT=none'
done
for where in LIBDIR=/opt/lib DATADIR=/opt/share; do
	t_like "$where, where nobody would look, is refused" \
		"$(m PREFIX=/usr $where DESTDIR="$T/refused" install 2>&1)" "$where: seen from BINDIR=/usr/bin it has to be "
	t_ok "... before anything is installed" test ! -e "$T/refused"
done

for where in BINDIR=bin PREFIX=x "PREFIX=/with space" PREFIX=/a:b DESTDIR=$'a\nb' 'PREFIX=/a"b'; do
	t_like "${where//$'\n'/ } is refused" "$(m DESTDIR="$T/refused" "$where" install 2>&1; echo "status $?")" \
		'(has to begin with /|a quote or a line.s end|can be preloaded).*status 2'
	t_ok "... before anything is installed" test ! -e "$T/refused"
done
for prefix in '' /; do
	t_ok "make install PREFIX=$prefix" m PREFIX="$prefix" DESTDIR="$T/top$prefix" install
	t_is "... works" "$(works "$(realpath "$T/top$prefix")")" $'preload lib/fdfence/libfdfence.so\nINTENT=none'
done

# Names that a shell or make would take apart.
S="$T/a  b/it's \$x & |\\y"
o="/o'&\\"
s() { m PREFIX="$o" DESTDIR="${S//\$/\$\$}" "$@"; }
tree=$S$o
t_ok "make install into a folder of any name" s install
mkdir "$T/any"
cp -r "$tree" "$T/any/usr"
t_is "... works where it is moved to" "$(works "$T/any/usr")" $'preload lib/fdfence/libfdfence.so\nINTENT=none'
pc=$tree/lib/pkgconfig
places=$(sed -n 's/^[a-z]*dir=//p' "$pc/libfdfence-seal.pc")
t_is "... what pkg-config reads names no folder but by its own" "$(grep -vc '^\${pcfiledir}/' <<<"$places") $(for p in ${places//'${pcfiledir}'/.}; do (cd "$pc/$p" && ls libfdfence-seal.a fdfence.h 2>/dev/null); done | xargs)" \
	"0 libfdfence-seal.a fdfence.h"
t_is "... nothing lies elsewhere" "$(git -C "$root" status --porcelain --ignored 2>&1 | grep -c " it's")$(find "$T" -path "$T/a*" -prune -print)" \
	"0$T/any"$'\n'"$T/a  b"
mkdir -p "$T/a"
touch "$T/a/precious" "$tree/share/fdfence/profiles/mine.rules" "$tree/lib/other"
t_ok "make uninstall from there" s uninstall
t_is "... takes what was installed and nothing else" "$(cd "$tree" && find . -type f | sort; ls "$T/a")" \
	$'./lib/other\n./share/fdfence/profiles/mine.rules\nprecious'

t_ok "make uninstall" m PREFIX="$P" uninstall
t_is "leaves no file" "$(find "$P" ! -type d)" ""
t_ok "... and goes well where nothing is" m PREFIX="$T/none" uninstall
t_done
