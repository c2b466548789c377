#!/bin/bash
# limit: 1800
# It builds without a warning in other ways than the usual one; in two of them, or (make
# check-builds) in all.  What is built elsewhere is not what the other suites test.
. "$(dirname "$0")/../lib.sh"

build() { # name variable...
	local name=$1
	shift
	t_wants "$name" || return 1
	rm -rf "$T/build"
	t_ok "$name" make -s -j2 -C "$root" B="$T/build" WERROR=1 "$@" all
}

build "without BPF" HAVE_BPF=0
if [ -x "$T/build/fdfence" ]; then
	t_like "... trace says what is missing" "$("$T/build/fdfence" trace 2>&1; echo "status $?")" \
		'built without.*status 125'
	t_is "... and check works" "$("$T/build/fdfence" check -q -- sh -c 'exit 7' 2>&1; echo "status $?")" 'status 7'
fi
if command -v clang >/dev/null; then
	build "with clang" CC=clang HAVE_BPF=0
	t_is "... and it seals" "$(spawn -e LD_PRELOAD="$T/build/libfdfence.so" "$H/entry" execve "$H/fdlist")" ''
else
	t_skip "with clang" "no clang"
fi
t_like "DEPS=no: nothing is asked for, nothing installed" \
	"$(DEPS=no "$root/tests/deps" 2>&1; echo "status $?")" '^status 0$'

if [ "${FDF_BUILDS:-}" = all ]; then
	build "with clang, the tracer too" CC=clang
	build "for speed" CFLAGS=-O3
	build "for a debugger" CFLAGS='-O0 -g'
	build "for size, no assertions" CFLAGS='-Os -DNDEBUG'
	build "with the address sanitizer" SAN=address,undefined
	build "with the thread sanitizer" SAN=thread
	build "counting lines" COVERAGE=1
fi
t_done
