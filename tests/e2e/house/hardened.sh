#!/bin/bash
# What `make install` puts anywhere is hardened: no file with a segment that is writable and executable, an
# executable stack, text relocations or lazy binding, nor one that can be written after it was
# relocated; programs lie where the kernel likes, and what is compiled checks its stack and its sizes.
. "$(dirname "$0")/../lib.sh"
for tool in readelf nm objdump; do
	command -v "$tool" >/dev/null || t_skip_all "no $tool (make deps)"
done
# A sanitizer checks more than this, and counting lines is without the optimizer that sizes need.
case $B in */san-* | */coverage*) t_skip_all "what is built for tests alone is not hardened" ;; esac

MAKEFLAGS='' make -s -C "$root" B="$B" DESTDIR="$T/dest" PREFIX=/usr install >"$T/log" 2>&1 || t_diag "$(<"$T/log")"
mapfile -t files < <(find "$T/dest" -type f -exec sh -c 'for f; do readelf -h "$f" >/dev/null 2>&1 && echo "$f"; done' - {} + | sort)
t_is "all that is installed, and no more" "$(printf '%s\n' "${files[@]##*/}" | sort | sed 's/\.so\..*/.so/')" \
	"$(printf '%s\n' fdfence fdfence-rescue libfdfence-origins.so libfdfence.so libfdfence-seal.a libfdfence-seal.so | sort)"

segments() { readelf -Wl "$1"; }
flags() { readelf -Wd "$1"; }
for file in "${files[@]}" "$SHIM32"; do
	name=${file#"$T/dest/usr/"}
	case $file in *.a) continue ;; "$SHIM32") name="libfdfence.so for i386" ;; esac
	[ -e "$file" ] || { t_skip "$name" "not built here"; continue; }
	t_is "$name: no segment that is writable and executable" "$(segments "$file" | awk '$1 == "LOAD" && /W/ && /E/')" ''
	t_is "$name: no executable stack" "$(segments "$file" | awk '$1 == "GNU_STACK" { print ($7 ~ /E/) }')" 0
	t_is "$name: no text relocation" "$(flags "$file" | grep TEXTREL)" ''
	if [ "$name $(uname -m)" = "lib/fdfence/fdfence-rescue riscv64" ]; then
		t_skip "$name: lies where the kernel likes" "glibc has no such start of a static program there"
	else
		t_like "$name: bound when it is loaded" "$(flags "$file" | grep FLAGS)" 'BIND_NOW'
		t_like "$name: lies where the kernel likes" "$(readelf -Wh "$file")" 'Type: +DYN'
	fi
	case $name in
	libfdfence.so* | */libfdfence.so)
		# Two segments are the price of a start; what libc filled in is its own memory (preload/entry/page.lds).
		t_is "$name: no table of functions to bind" "$(flags "$file" | grep PLTREL)" ''
		;;
	*)
		t_is "$name: read-only once it is relocated" "$(segments "$file" | grep -c GNU_RELRO)" 1
		t_is "$name: code in segments of its own" "$(segments "$file" | awk '$1 == "LOAD" && $7 == "R" && $8 != "E"' | wc -l)" 2
		;;
	esac
done

D=$T/dest/usr
t_like "the command checks its stack" "$(nm -D "$D/bin/fdfence")" '__stack_chk_fail'
t_like "... and the sizes of what it copies" "$(nm -D "$D/bin/fdfence")" '__[a-z]*_chk@'
t_like "the helper checks its stack" "$(objdump -d --no-show-raw-insn "$B/rescue/tools/rescue.o" -r "$B"/rescue/tools/*/*.o)" '__stack_chk_fail'
t_like "... and the sizes of what it copies" "$(nm -u "$B"/rescue/tools/*/*.o)" '__[a-z]*_chk'
case $(uname -m) in
x86_64)
	t_is "all of the command is marked for the processor's own checks of jumps and returns" \
		"$(find "$B"/obj/tools "$B"/obj/preload/core "$B"/rescue/tools -name '*.o' | while read -r object; do
			readelf -Wn "$object" | grep -q 'IBT, SHSTK' || echo "$object"
		done)" ''
	# The C library's start files are linked into each of them, and have the last word.
	"${CC:-cc}" -fcf-protection=full -x c -o "$T/plain" - <<<'int main(void) { return 0; }'
	t_is "... and so is what is linked, where the C library's start files are" \
		"$(readelf -Wn "$D/bin/fdfence" | grep -o 'IBT, SHSTK')" "$(readelf -Wn "$T/plain" | grep -o 'IBT, SHSTK')"
	# Pages on the way to a deep frame are touched one by one: no frame jumps over the guard.
	t_like "frames that are larger than a page are probed" \
		"$(objdump -d --no-show-raw-insn "$B/fdfence")" 'sub +\$0x1000,%rsp.*or[a-z]* +\$0x0,'
	;;
*) t_skip "the processor's own checks" "of x86-64" ;;
esac

# What is started in each process has no libc to call: nothing of this may bring one in.
t_is "the shim calls nothing for it" "$(nm -D --undefined-only "$SHIM" | grep -E '_chk|stack|fortify')" ''
t_is "nor does libfdfence-seal" "$(nm -D --undefined-only "$D"/lib/libfdfence-seal.so | awk '$1 == "U" { print $2 }')" __errno_location
t_done
