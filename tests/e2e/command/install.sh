#!/bin/bash
# limit: 300
# make install and uninstall: everything in its place, working from there, gone afterwards.
. "$(dirname "$0")/../lib.sh"

P=$T/usr
m() { make -s -C "$root" B="$T/build" PREFIX="$P" "$@"; }

# What is built already need not be built again, but for what knows the prefix.  Objects with
# sanitizers do not link without.
mkdir "$T/build"
grep -q __asan_init "$B/fdfence" || cp -a "$B/obj" "$T/build/"
cp -a "$B"/shim "$B"/bpf "$B"/libfdfence.so "$B"/libcore.a "$T/build/" 2>/dev/null
for file in $(cd "$root" && grep -lE 'FDFENCE_(LIB|DATA)DIR' tools/*.c); do
	rm -f "$T/build/obj/${file%.c}.o"
done

t_ok "make install" m install
for file in bin/fdfence lib/fdfence/libfdfence.so share/fdfence/profiles/strict.rules share/man/man1/fdfence.1 \
	share/man/man1/fdfence-check.1 share/bash-completion/completions/fdfence; do
	t_ok "$file is there" test -r "$P/$file"
done
rm -rf "$T/build/libfdfence.so" "$T/build/profiles"
t_is "the installed command finds the installed shim" \
	"$(spawn "$P/bin/fdfence" run -- env | grep LD_PRELOAD)" "LD_PRELOAD=$P/lib/fdfence/libfdfence.so"
t_ok "and the installed profiles" spawn "$P/bin/fdfence" run --profile strict -- true
t_ok "make install into DESTDIR" m DESTDIR="$T/dest" install
t_ok "lies there" test -x "$T/dest$P/bin/fdfence"
t_ok "make uninstall" m uninstall
t_is "leaves no file" "$(find "$P" -type f)" ""
t_done
