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

# Without what would be taken for records of this suite.
copy_tree() { # dir
	mkdir "$1" && (cd "$root" && git ls-files -z -- ':!tests/fuzz/corpus' | xargs -0 cp --parents -t "$1")
}

build "without BPF" HAVE_BPF=0
if [ -x "$T/build/fdfence" ]; then
	t_like "... trace says what is missing" "$("$T/build/fdfence" trace 2>&1; echo "status $?")" \
		'built without.*status 125'
	t_like "... inspect works all the same" "$("$T/build/fdfence" inspect --columns FD,TARGET $$ 2>&1; echo "status $?")" 'leaks? in .*status 0'
	t_is "... and check works" "$("$T/build/fdfence" check -q -- sh -c 'exit 7' 2>&1; echo "status $?")" 'status 7'
fi
# One build after the other in one folder: nothing of the first is left in the second.
t_ok "the tracer after that, in the same folder" make -s -j2 -C "$root" B="$T/build" WERROR=1 "$T/build/fdfence"
if [ -e "$T/build/bpf/trace.skel.h" ]; then
	t_fails "... is not refused as missing" sh -c '"$1" trace --help | grep "built without"' - "$T/build/fdfence"
	t_ok "... and without it again" make -s -j2 -C "$root" B="$T/build" WERROR=1 HAVE_BPF=0 "$T/build/fdfence"
	t_like "... trace says so" "$("$T/build/fdfence" trace 2>&1)" 'built without'
else
	t_skip "... is not refused as missing" "what builds the tracer is missing here"
fi
# Of what says how to build, what is built; of the rest, nothing.
if t_tracked; then
	made() { # what variable...: how many objects below it are made anew
		touch "$T/before" && sleep 0.02
		make -s -j2 -C "$T/copy" B="$T/copied" shim "$T/copied/fdfence-rescue" "$T/copied/tests/helpers/fdlist" "${@:2}" >&2 &&
			find "$T/copied/$1" -type f \( -name '*.o' -o -name fdlist \) -newer "$T/before" | grep -c .
	}
	copy_tree "$T/copy"
	t_like "the shim, in a copy" "$(made shim)" '^[1-9]'
	t_is "... once more: nothing is made" "$(made .)" 0
	echo '# a remark' >>"$T/copy/preload/build.mk"
	t_is "... nor for a remark" "$(made .)" 0
	sed -i 's/^SHIM_CFLAGS := /&-DOTHER /' "$T/copy/preload/build.mk"
	t_like "... flags of it that are others make it anew" "$(made shim)" '^[1-9]'
	t_like "... and so does CPPFLAGS the static helper" "$(CPPFLAGS=-DOTHER made rescue)" '^[1-9]'
	t_is "... and another compiler what the tests start" "$(CPPFLAGS=-DOTHER made tests CC='cc -pipe')" 1
else
	t_skip "what says how to build is a part of what is built" "no checkout of git, whose files are copied"
fi
if command -v clang >/dev/null; then
	build "with clang" CC=clang
	t_is "... and it seals" "$(spawn -e LD_PRELOAD="$T/build/libfdfence.so" "$H/entry" execve "$H/fdlist")" ''
else
	t_skip "with clang" "no clang"
fi
t_like "DEPS=no: nothing is asked for, nothing installed" \
	"$(DEPS=no "$root/tests/deps" 2>&1; echo "status $?")" '^status 0$'

if [ "${FDF_BUILDS:-}" = all ]; then
	build "with clang, without BPF" CC=clang HAVE_BPF=0
	# What cannot be preloaded from there can be built and installed from there.
	if t_tracked; then
		copy_tree "$T/a b"
		t_ok "in a checkout with a blank in its name" make -s -j2 -C "$T/a b" all build-tests
	else
		t_skip "in a checkout with a blank in its name" "no checkout of git, whose files are copied"
	fi
	build "for speed" CFLAGS=-O3
	build "for a debugger" CFLAGS='-O0 -g'
	build "for size, no assertions" CFLAGS='-Os -DNDEBUG'
	build "with the address sanitizer" SAN=address,undefined
	build "with the thread sanitizer" SAN=thread
	build "counting lines" COVERAGE=1
fi
t_done
