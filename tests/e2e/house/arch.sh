#!/bin/bash
# What depends on the processor is written for four: each compiles, and its stub is what it says.
. "$(dirname "$0")/../lib.sh"
cd "$root" || exit 1
flags=(-std=gnu11 -I. -D_GNU_SOURCE -Wall -Wextra -Werror -Wconversion -Wno-sign-conversion -Wno-float-conversion -O2)

library() { # compiler...
	make -s B="$T/$arch" CC="$*" WERROR=1 "$T/$arch/libfdfence.so" &&
		readelf -W --dyn-syms "$T/$arch/libfdfence.so" | awk '$7 == "UND" && $8 { print $8 }' |
		sort -u | diff - <(awk '/^[Uw] / { print $2 }' tests/imports.txt | sort -u)
}

# What every libc has.
seal_library() { # compiler...
	make -s B="$T/$arch" CC="$*" WERROR=1 library &&
		readelf -W --dyn-syms "$T/$arch/lib/libfdfence-seal.so" |
		awk '$7 == "UND" && $8 && $8 !~ /^(__errno_location|memset)$/ { print "# it imports " $8; bad = 1 } END { exit bad }'
}

# musl starts no program with a preload that wants what musl does not have.
musl=/lib/ld-musl-$(uname -m).so.1
origins_library() { # compiler...
	local lib=$T/$arch/libfdfence-origins.so
	make -s B="$T/$arch" CC="$*" WERROR=1 "$lib" &&
		readelf -d "$lib" | awk '/NEEDED/ && !/\[libc\.so\.6\]/ { print "# it needs " $NF; bad = 1 } END { exit bad }' &&
		comm -23 <(readelf -W --dyn-syms "$lib" | awk '$5 == "GLOBAL" && $7 == "UND" { sub(/@.*/, "", $8); print $8 }' | sort -u) \
			<(readelf -W --dyn-syms "$musl" | awk '$7 != "UND" { print $8 }' | sort -u) |
		awk '{ print "# musl has no " $0; bad = 1 } END { exit bad }'
}

for arch in x86_64 i386 aarch64 riscv64; do
	case $arch in
	x86_64) cc=(gcc -m64) ;;
	i386) cc=(gcc -m32) ;;
	*) cc=("$B/cross/$arch/usr/bin/$arch-linux-gnu-gcc") ;; # make deps-cross
	esac
	if ! echo '#include <stdio.h>' | "${cc[@]}" -xc -c -o /dev/null - 2>/dev/null; then
		t_skip "$arch" "no compiler for it (make deps-cross)"
		continue
	fi
	for file in tools/supervise/arch/"$arch".[cS]; do
		[ -e "$file" ] || continue # i386 has no stub
		t_ok "$file compiles" "${cc[@]}" "${flags[@]}" -c -o "$T/$arch.o" "$file"
	done
	[ "$arch" = i386 ] || # `make shim32` is its
		t_ok "$arch: the library is built, and takes from libc what it takes here" library "${cc[@]}"
	[ "$arch" = i386 ] ||
		t_ok "$arch: libfdfence-seal takes nothing but what every libc has" seal_library "${cc[@]}"
	if [ ! -e "$musl" ]; then
		t_skip "$arch: libfdfence-origins" "no musl here"
	elif [ "$arch" != i386 ]; then
		t_ok "$arch: libfdfence-origins takes from libc what musl has, too" origins_library "${cc[@]}"
	fi
done
t_done
