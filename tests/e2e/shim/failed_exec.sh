#!/bin/bash
# limit: 1200
# After an exec that failed, the caller is as it was: tests/helpers/failed_exec.c lets it fail
# through each entry point with each error, in each context, with few and many descriptors.
. "$(dirname "$0")/../lib.sh"

n=0
kernel=
fail() { # context shape count [option...]
	local context=$1 shape=$2 count=$3 where
	shift 3
	n=$((n + 1))
	where=$T/$n
	mkdir "$where"
	t_ok "$context, $shape, $count descriptors${1:+ ($*)}${kernel:+, $kernel}" \
		"$H/spawn" -d "$where" -e LD_PRELOAD="$SHIM" "$@" "$H/failed_exec" "$context" "$shape" "$count" $kernel
}

mkdir "$T/control"
t_ok 'the same without the shim' \
	"$H/spawn" -d "$T/control" "$H/failed_exec" one dense 20

for context in one thread_signal threads sharer hidden vfork fork handler; do
	fail "$context" dense 3
	fail "$context" dense 50
	fail "$context" dense 190
	fail "$context" dense 2000
	fail "$context" sparse 3
	fail "$context" sparse 150
done
if [ "$(ulimit -Hn)" -ge 20000 ]; then
	fail one dense 19900
	fail threads dense 19900
else
	t_skip '19900 descriptors' "the limit is $(ulimit -Hn)"
fi
if [ -e "$SHIM32" ] && "$H/m32/fdlist" >/dev/null 2>&1; then
	mkdir "$T/i386"
	t_ok 'i386: one, 190 descriptors' "$H/spawn" -d "$T/i386" -e LD_PRELOAD="$SHIM32" "$H/m32/failed_exec" one dense 190
else
	t_skip 'i386: one, 190 descriptors' 'no 32-bit library here, or no program of it runs'
fi
fail one dense 20 -e FDFENCE_INTENT=none
fail one dense 20 -e FDFENCE_MODE=report -e FDFENCE_LOG="$T/log"
fail threads dense 20 -e FDFENCE_LOG="$T/log" -e FDFENCE_LOG_WHAT=all
fail one dense 20 -e FDFENCE_LOG="@nobody-reads-$$" -e FDFENCE_LOG_WHAT=all
fail vfork sparse 20 -e FDFENCE_LOG="$T/log" -e FDFENCE_RULES="keep path=/nowhere/*"

# Kernels from 5.9 to 6.7, whose word about a file cannot be had beforehand.
kernel=arguments_first
for context in one threads sharer vfork fork handler; do
	fail "$context" dense 3
	fail "$context" dense 190
done
fail threads sparse 150 -e FDFENCE_LOG="$T/log" -e FDFENCE_LOG_WHAT=all
kernel=

# Not an empty success: in the same process the exec that succeeds seals.
t_is 'the shim was there' "$("$H/spawn" -e LD_PRELOAD="$SHIM" "$H/entry" execv "$H/fdlist")" ''
t_done
