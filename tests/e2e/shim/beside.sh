#!/bin/bash
# limit: 900
# Under other people's tools: each kind of start (tests/helpers/host/starts.c) ends as without the
# fence, the tool has nothing to say, and the leak is sealed.
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/e2e/shim/host.bash
. "$(dirname "$0")/host.bash"

starts=$H/host/starts

# Without numbers of processes.
steady() { # command...
	"$@" | sed -E 's/(process) [0-9]+/\1 N/; s/^(==|--)[0-9]+(==|--)/\1/'
}
# The same lines; without the shim the leak behind them, with it none.
under() { # name [option...] command...
	local name=$1 out
	shift
	out=$(steady plain "$@")
	if ! grep -qx "$leak" <<<"$out" || ! [[ $out == *'status 0' ]]; then
		t_skip "$name" "not without the fence either: $(tail -n 2 <<<"$out" | paste -sd ' ')"
		return
	fi
	t_is "$name" "$(steady with_fence "$@")" "$(grep -vx "$leak" <<<"$out")"
}
tool() { # name command...
	if command -v "$2" >/dev/null; then
		under "$@"
	else
		t_skip "$1" "no $2"
	fi
}

under 'no tool' "$starts" "$fdlist"
tool 'valgrind memcheck' valgrind -q --error-exitcode=9 "$starts" "$H/static/fdlist"
tool 'valgrind memcheck, children too' valgrind -q --error-exitcode=9 --trace-children=yes "$starts" "$fdlist"
for count in 0 90 400; do
	tool "strace -f, $count descriptors more" strace -f -qq -o "$T/strace" "$starts" "$fdlist" $count
	tool "strace, $count descriptors more" strace -qq -o "$T/strace" "$starts" "$fdlist" $count
	t_like '... which sees the exec at the end' "$(grep -c "execve(\"$fdlist\".* = 0" "$T/strace")" '^1$'
	tool "gdb, $count descriptors more" gdb -q -nx -batch -ex 'set startup-with-shell off' \
		-ex 'set print thread-events off' -ex run --args "$starts" "$fdlist" $count
done

# limits: asan
for cc in gcc clang; do
	for sanitizer in address thread undefined leak; do
		name="$cc -fsanitize=$sanitizer"
		if ! "$cc" -D_GNU_SOURCE -I"$root" -g -pthread -fsanitize=$sanitizer -o "$T/sane" \
			"$root/tests/helpers/host/starts.c" 2>"$T/err"; then
			t_skip "$name" "it does not build: $(head -n 1 "$T/err")"
			continue
		fi
		under "$name" -e ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0 \
			-e LSAN_OPTIONS=detect_leaks=0 "$T/sane" "$fdlist"
	done
done

under 'an auditor of the loader' -e LD_AUDIT="$H/host/audit" "$starts" "$fdlist"
for allocator in libjemalloc.so.2 libtcmalloc_minimal.so.4; do
	path=$(find /usr/lib /lib -name "$allocator" -print -quit 2>/dev/null)
	if [ -z "$path" ]; then
		t_skip "$allocator" 'not installed'
		continue
	fi
	out=$(plain -e LD_PRELOAD="$path" "$starts" "$fdlist" | grep -vx "$leak")
	for order in "$SHIM $path" "$path $SHIM"; do
		t_is "$allocator, ${order##*/} last" \
			"$(plain -e LD_PRELOAD="$order" "$starts" "$fdlist")" "$out"
	done
done
t_done
