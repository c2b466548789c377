#!/bin/bash
# fdfence run --supervise with programs of i386 below it (check-i386 boots a kernel that runs them, where this one does not).
# limit: 200
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/supervise.bash"
ways=$H/m32/supervise/ways

"$H/m32/fdlist" >/dev/null 2>&1 || t_skip_all "no 32-bit C library here, or this machine runs no program of it"
below() { spawn -t 120 "$F" run -q --supervise="$1" -- "${@:2}"; }
t_is "without it, five leak" "$(status_of spawn "$ways" execve "$N")" 5
for how in all auto; do
	for way in execve fork vfork spawn thread many; do
		t_is "$how: $way: sealed" "$(status_of below $how "$ways" $way "$N")" 0
	done
	t_is "$how: an act counts" "$(status_of below $how "$ways" placed "$N")" 1
	t_is "$how: an exec into it is sealed" "$(below $how "$W" fork "$H/m32/fdlist")" ""
done
t_done
