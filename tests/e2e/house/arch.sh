#!/bin/bash
# What depends on the processor is written for four: each compiles, and its stub is what it says.
. "$(dirname "$0")/../lib.sh"
cd "$root" || exit 1
flags=(-std=gnu11 -I. -D_GNU_SOURCE -Wall -Wextra -Werror -Wconversion -Wno-sign-conversion -Wno-float-conversion -O2)

for arch in x86_64 i386 aarch64 riscv64; do
	case $arch in
	x86_64) cc=(gcc -m64) ;;
	i386) cc=(gcc -m32) ;;
	*) cc=("$arch-linux-gnu-gcc") ;;
	esac
	if ! echo '#include <stdio.h>' | "${cc[@]}" -xc -c -o /dev/null - 2>/dev/null; then
		t_skip "$arch" "no compiler for it (make deps-cross)"
		continue
	fi
	for file in tools/supervise/arch/"$arch".[cS]; do
		[ -e "$file" ] || continue # i386 has no stub
		t_ok "$file compiles" "${cc[@]}" "${flags[@]}" -c -o "$T/$arch.o" "$file"
	done
done
t_done
