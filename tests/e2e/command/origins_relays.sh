#!/bin/bash
# check --origins: each way in which a descriptor comes, and from whom it came.
. "$(dirname "$0")/../lib.sh"
F=$B/fdfence
R=$H/origins/relays

# The place of the one leak, without folder and line.
place() { # way
	spawn -t 60 "$F" check --origins --intent=-act --error-exitcode 0 --format=json -o "$T/json" -- "$R" "$1" >"$T/out" 2>&1
	jq -r 'if .status == 0 then .causes[].opened_at // "not seen" else "status \(.status)" end' "$T/json" 2>&1 |
		sed -E 's,[^ ]*/([a-z_]+\.c):[0-9]+,\1,g; s,(of|by) /.*/,\1 ,'
}
told() { # name way expected
	local got
	got=$(place "$2")
	case $got in
	'status 77') t_skip "$1" "not here: $(tail -n 1 "$T/out")" ;;
	*) t_is "$1" "$got" "$3" ;;
	esac
}
origin() { # filter
	jq -r ".causes[0].origin | $1" "$T/json"
}
for way in accept epoll eventfd memfd mkstemp popen pidfd_getfd; do
	told "$way" $way "relays.c (by_$way)"
done
told "F_DUPFD" dupfd "relays.c (by_dupfd), F_DUPFD at relays.c (by_dupfd)"
told "what io_uring opens is not seen, and told so" io_uring "not seen"

# Of a message: its sender as far as it can be seen.
told "recvmsg, of a pair that the process itself made: nobody is named" recvmsg "relays.c (receive)"
t_is "... nor in the record" "$(origin .sender)" null
told "... by recvmmsg" recvmmsg "relays.c (receive)"
t_is "... whose name it has" "$(origin .call)" recvmmsg
told "with credentials: who sent it" credentials "relays.c (receive), sent by relays"
t_is "... which was another process" "$(origin '.sender | .by, .pid > 0' | paste -sd ' ') $(origin '.sender.pid != .pid')" "message true true"
told "without: who made the other end" peer "relays.c (receive), over a socket of relays"
t_is "... which is said in the record" "$(origin '.sender | .by') $(origin '.sender.pid != .pid')" "peer true"

if ulimit -n 13000 2>/dev/null; then
	got=$(spawn -t 60 "$F" run --origins -- "$R" bounded)
	t_is "three times as many descriptors as places: no growth, and what was evicted is said" "$got" \
		"4096 known, 8192 evicted, no growth"
else
	t_skip "three times as many descriptors as places" "so many may not be open here"
fi
t_done
