#!/bin/bash
# fdfence trace --show would: what close_range sealed before the exec, by the
# program's own care or by the fence, and what crossed all the same.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/trace.bash
. "$(dirname "$0")/trace.bash"

trace_or_skip
opens=$H/opens

sealed() { # name expected-count opens-options...
	local name=$1 n=$2
	shift 2
	traced --show leaked,would -- "$opens" "$@" true
	t_is "$name" "$(trace_lines "$T/json" | grep -c '^true seal default [0-9]* file /etc/passwd$') $(
		trace_lines "$T/json" | grep -c '^true report') $(cat "$T/err")" "$n 0 "
}

sealed "marked by close_range" 4 -n 4 -r 4
sealed "marked in a table unshared for it" 4 -n 4 -r 6
sealed "... in three ranges" 4 -n 4 -R 4
sealed "... before an exec that failed and one that did not" 4 -n 4 -r 4 -x
sealed "... by a forked child" 4 -n 4 -r 4 -f
sealed "... by a thread that is not the leader" 4 -n 4 -r 6 -t
sealed "... among a thousand" 1000 -n 1000 -r 4
sealed "closed in the table of a helper thread" 4 -n 4 -r 2 -h
sealed "closed by a program in its own table: nothing is left to cross" 0 -n 4 -r 0
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
t_done
