#!/bin/bash
# limit: 1200
# Threads open files, sockets and pipes as fast as they can while programs are started: none of
# their descriptors crosses.  A bounded run; `make stress` (RACE_FACTOR) is the long one.
. "$(dirname "$0")/../lib.sh"

factor=${RACE_FACTOR:-1}
count=$H/static/count

race() { # name helper way number [option...]
	local name=$1 helper=$2 way=${3%+*} number=$4 out more=0
	[[ $3 != *+* ]] || more=${3#*+} # WAY+DESCRIPTORS
	shift 4
	out=$("$H/spawn" -t 3600 -e LD_PRELOAD="$SHIM" "$@" "$helper" "$way" "$number" "$count" "$more" 2>&1)
	t_is "$name" "$out" "$number started, 0 with a descriptor too many, 0 not started"
	t_diag "$out"
}

# Without the shim most cross; a machine where none does would prove nothing below.
for way in spawn vfork exec; do
	out=$("$H/spawn" "$H/race" "$way" 60 "$count")
	t_like "without the shim some cross: $way" "$out" '^60 started, [1-9][0-9]* with'
	t_diag "$out"
done

race 'posix_spawn' "$H/race" spawn $((2000 * factor))
race 'posix_spawnp' "$H/race" spawnp $((100 * factor))
race 'vfork and exec' "$H/race" vfork $((300 * factor))
race 'fork and exec' "$H/race" fork $((100 * factor))
race 'popen' "$H/race" popen $((30 * factor))
race 'system' "$H/race" system $((30 * factor))
race 'exec of a process with threads' "$H/race" exec $((150 * factor))
race '... of another thread than the first' "$H/race" other $((150 * factor))
race '... with 300 descriptors' "$H/race" exec+300 $((100 * factor))
race '... of another thread, with 900' "$H/race" other+900 $((60 * factor))
if [ -x "$H/musl/race" ]; then
	race 'musl: exec of another thread, with 300' "$H/musl/race" other+300 $((50 * factor))
	race 'musl: posix_spawn' "$H/musl/race" spawn $((200 * factor))
	race 'musl: exec of a process with threads' "$H/musl/race" exec $((50 * factor))
else
	t_skip 'musl' 'no compiler for it here'
fi
# The same where each descriptor has to be looked at, and where it is recorded.
race 'posix_spawn, a rule by path' "$H/race" spawn $((200 * factor)) \
	-e FDFENCE_RULES='keep path=/nowhere/*'
race 'exec, a rule by path' "$H/race" exec $((50 * factor)) -e FDFENCE_RULES='keep path=/nowhere/*'
race 'posix_spawn, recorded' "$H/race" spawn $((200 * factor)) -e FDFENCE_LOG="$T/log"
race 'exec, recorded' "$H/race" exec $((50 * factor)) -e FDFENCE_LOG="$T/log"
t_ok 'records were written' test -s "$T/log"
t_done
