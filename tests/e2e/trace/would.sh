#!/bin/bash
# fdfence trace --show would: what close_range sealed before the exec, by the
# program's own care or by the fence, and what crossed all the same.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/e2e/trace/lib.bash
. "$(dirname "$0")/lib.bash"

trace_or_skip
opens=$H/trace/opens

sealed() { # name expected-count opens-options...
	local name=$1 n=$2
	shift 2
	# shellcheck disable=SC2086 # options
	traced --show leaked,would $how -- "$opens" "$@" true
	t_is "$name" "$(trace_lines "$T/json" | grep -c '^true seal default [0-9]* file /etc/passwd$') $(
		trace_lines "$T/json" | grep -c '^true report') $(cat "$T/err")" "$n 0 "
}

# With acts every system call is looked at, without them those that seal, where tracefs is there.
for how in "--acts yes" "--acts no"; do
	sealed "$how: marked by close_range" 4 -n 4 -r 4
	sealed "$how: marked in a table unshared for it" 4 -n 4 -r 6
	sealed "$how: ... in three ranges" 4 -n 4 -R 4
	sealed "$how: ... before an exec that failed and one that did not" 4 -n 4 -r 4 -x
	sealed "$how: ... by a forked child" 4 -n 4 -r 4 -f
	sealed "$how: ... by a thread that is not the leader" 4 -n 4 -r 6 -t
	sealed "$how: ... among a thousand" 1000 -n 1000 -r 4
	sealed "$how: closed in the table of a helper thread" 4 -n 4 -r 2 -h
	sealed "$how: closed by a program in its own table: nothing is left to cross" 0 -n 4 -r 0
done
traced --show leaked,would -- "$opens" -n 3 -R 4 sh -c 'exec 5</etc/group; exec true'
t_is "what is opened after the seal crosses the next exec" \
	"$(trace_lines "$T/json" | sed 's/^dash/sh/')" \
	"$(printf 'sh seal default %s file /etc/passwd\n' 3 4 5)"

if [ -e "$SHIM" ]; then
	for how in "" -f -t "-f -t"; do
		for n in 2 600; do
			if [ "$n$how" = 2 ] || [ "$n$how" = 2-f ] && ! prepares; then
				t_skip "sealed by the fence: $n descriptors, opens $how" \
					"marked one by one: needs sched_prepare_exec (Linux 6.10)"
				continue
			fi
			rm -f "$T/json"
			# shellcheck disable=SC2086 # options
			spawn "$B/fdfence" trace -q --show leaked,would --into true --format json -o "$T/json" \
				-- env LD_PRELOAD="$SHIM" "$opens" -n $n $how true 2>"$T/err"
			t_is "sealed by the fence: $n descriptors, opens $how" \
				"$(trace_lines "$T/json" | grep -c ' seal default ') $(
					trace_lines "$T/json" | grep -c ' report ')" "$n 0"
		done
	done
else
	t_skip "sealed by the fence" "the shim is not built"
fi

# The tracepoints that the tracer's links are on.
points() { # options
	local pid
	"$B/fdfence" trace -q --show would "$@" >/dev/null 2>&1 &
	pid=$!
	attached $pid
	cat /proc/$pid/fdinfo/* 2>/dev/null | grep -c '^tp_name:.sys_enter$'
	kill -INT $pid
	wait $pid
}
if ! cat /sys/kernel/tracing/events/syscalls/sys_enter_close_range/id >/dev/null 2>&1; then
	t_skip "no other system call is looked at" "needs tracefs"
elif [ "$(points --acts yes)" != 1 ]; then
	t_skip "no other system call is looked at" "this kernel does not tell what a link is on"
else
	t_is "no other system call is looked at" "$(points)" 0
fi
t_done
