#!/bin/bash
# limit: 900
# The log must not change the host, and what is written arrives whole or is counted as lost.
#
# HOST_RECORDS=N: so many records of each writer.

# File systems that are mounted here end with this script.
if [ -z "${HOST_MOUNTS-}" ] && unshare -m true 2>/dev/null; then
	HOST_MOUNTS=own exec unshare -m "$0"
fi
. "$(dirname "$0")/../lib.sh"
. "$root/tests/e2e/shim/host.bash"

for turn in 'beyond the limit' 'at the limit'; do # the second finds no room at all
	sealed "RLIMIT_FSIZE and a log: $turn" '' \
		-e FDFENCE_LOG="$T/fsize.log" "$H/host/limits" fsize 100 "$fdlist"
done
t_ok '... which stays within it' test "$(stat -c %s "$T/fsize.log")" -le 100
leak='20 open /etc/passwd'
sealed 'an interval timer and a stopped reader' '' \
	-t 40 -e FDFENCE_LOG="@fdf-timer-$$" "$H/host/timer" "fdf-timer-$$" "$fdlist"

# What the shim says on fd 2, and writes to a log, raises nothing.
quiet() { # name where variables pending
	local name=$1 where=$2 vars=$3 pending=$4 out
	t_wants "$name" || return 0
	# shellcheck disable=SC2086 # a list
	out=$(plain -t 30 "$H/host/quiet" "$where" LD_PRELOAD="$SHIM" $vars)
	case $out in
	*"status 77") t_skip "$name" "${out%$'\n'*}" ;;
	*) t_is "$name" "$out" "pending:$pending"$'\nexit status 0\nstatus 0' ;;
	esac
}
told=FDFENCE_MODE=nonsense
all="FDFENCE_LOG_WHAT=all FDFENCE_LOG"
quiet 'a message to a pipe that nobody reads' gone "$told" ''
quiet '... and what was pending stays' gone-sent "$told" ' SIGPIPE'
quiet 'a message to a socket that has hung up' hung-up "$told" ''
quiet 'a message to a full pipe' full "$told" ''
quiet 'a message beyond the limit on the size of files' limit "$told" ''
quiet 'a message to a terminal of others' terminal "$told" ''
quiet 'a log beyond the limit on the size of files' limit "$all=$T/quiet.log" ''
quiet 'a log that is a terminal of others' terminal "$all=TTY" ''

# Whatever stands as 0, 1 or 2, and whatever leaks: the host lives, and a record tells of each leak.
cat >"$T/stdio.py" <<'PY'
import os, socket, sys
def unix(): return socket.socketpair()[0].detach()
def listens():
    s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen(); return s.detach()
def named():
    s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1] + "/named"); os.unlink(sys.argv[1] + "/named"); return s.detach()
kinds = dict(unix=unix, tcp=listens, udp=lambda: socket.socket(type=socket.SOCK_DGRAM).detach(), named=named,
    netlink=lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW).detach(), pipe=lambda: os.pipe()[0],
    file=lambda: os.open("/etc/passwd", os.O_RDONLY), folder=lambda: os.open("/", os.O_RDONLY),
    path=lambda: os.open("/etc/passwd", os.O_PATH), terminal=lambda: os.openpty()[1], memfd=lambda: os.memfd_create("m"),
    eventfd=lambda: os.eventfd(0), pidfd=lambda: os.pidfd_open(os.getpid()), none=lambda: None)
for kind, make in kinds.items():
    for fd in range(3):
        child = os.fork()
        if not child:
            made = make()
            os.close(fd) if made is None else os.dup2(made, fd)
            os.execve(sys.argv[2], sys.argv[2:], dict(os.environ, LD_PRELOAD=os.environ["SHIM"], FDFENCE_LOG="%s/%s.%d" % (sys.argv[1], kind, fd)))
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if status:
            print(kind, fd, status)
PY
mkdir "$T/stdio"
t_is 'whatever stands as 0, 1 or 2: the host lives' \
	"$(plain -t 60 -e SHIM="$SHIM" /usr/bin/python3 "$T/stdio.py" "$T/stdio" "$H/leaker" -w "$T/leaks" -l -u -p /bin/true)" 'status 0'
t_is '... and its leaks are told' "$(jq -r 'select(.event == "exec") | .fds | length' "$T"/stdio/* | sort | uniq -c | tr -s ' ')" $' 3 5\n 39 6'

# Drops are counted.  Each exec that fails against all signs makes two records, "exec" and "failed".
drop() { # name log execs command-that-mends-it
	local out=$T/drop.out in=$T/drop.in pid status
	rm -f "$in" "$out"
	mkfifo "$in"
	fenced -i -t 60 -e FDFENCE_LOG="$2" "$H/host/drop" "$3" <>"$in" >"$out" &
	pid=$!
	t_until grep next "$out"
	"${@:4}"
	echo >"$in"
	wait $pid
	status=$?
	t_is "$1: no exec is stopped" "$status" 0
}
lost() { # name log
	t_is "$1: what was lost is counted" \
		"$(sed -n '/"argv":\["last"/s/.*"dropped":\([0-9]*\).*/\1/p' "$2")" 6
}
# The folder changes: a log that is a link itself is refused.
ln -s /dev "$T/at"
mkdir "$T/files"
drop '/dev/full' "$T/at/full" 3 ln -sfn "$T/files" "$T/at"
lost '/dev/full' "$T/files/full"
t_is "a new log is its owner's alone" "$(stat -c %a "$T/files/full")" 600
echo precious >"$T/precious"
ln -s "$T/precious" "$T/link"
fenced -e FDFENCE_LOG="$T/link" -e FDFENCE_LOG_WHAT=all sh -c /bin/true
t_is "a log that is a link is not followed" "$(<"$T/precious")" precious

reader() { # lines
	"$H/host/reader" "fdf-drop-$$" "$1" 3 >"$T/dead.log" 2>"$T/ready" &
	reader=$!
	t_until grep ready "$T/ready"
}
drop 'a dead reader' "@fdf-drop-$$" 3 reader 2
wait "$reader"
lost 'a dead reader' "$T/dead.log"

# A disk of two pages, which fills in the middle of a record; then there is room again.
if [ "${HOST_MOUNTS-}" ] && mkdir "$T/disk" && mount -t tmpfs -o size=8k none "$T/disk" 2>/dev/null; then
	# limits: full-disk
	drop 'a disk that fills' "$T/disk/log" 50 mount -o remount,size=1m "$T/disk"
	# As docs/record-format.md has it: behind a torn record a reader goes on where one begins.
	t_is 'a disk that fills: one record is torn, all that is missing is counted, the next is found' \
		"$(/usr/bin/python3 - "$T/disk/log" <<'P'
import json, sys
BEGIN = b'{"fdfence":'
whole, torn = [], 0
for piece in open(sys.argv[1], "rb").read().split(BEGIN)[1:]:
    text = (BEGIN + piece).decode()
    try:
        record, end = json.JSONDecoder().raw_decode(text)
        whole.append(record)
        torn += text[end:] != "\n"  # of the next one not even its begin has found room
    except ValueError:
        torn += 1
last = whole[-2]
print(torn, "torn,", len(whole) - 2 + last.get("dropped", 0), "early ones,", *last.get("argv"))
P
		)" '1 torn, 100 early ones, last'
	umount "$T/disk"
else
	t_skip 'a disk that fills' 'no mount of a tmpfs here'
fi

# The writers: each of WRITERS processes fails to exec so often that it makes HOST_RECORDS records.
records=${HOST_RECORDS:-10000}
whole() { # name log records-of-each
	t_is "$1: $((8 * $3)) records arrive whole" "$(/usr/bin/python3 - "$2" <<'P'
import collections, json, sys
seen, failed, torn = collections.Counter(), collections.Counter(), 0
for line in open(sys.argv[1], "rb"):
    try:
        r = json.loads(line)
        if r["event"] == "failed":  # has no argv
            failed[r["pid"]] += 1
        else:
            seen[r["pid"], r["argv"][1], r["argv"][2]] += 1
    except (ValueError, KeyError, IndexError):
        torn += 1
twice = sum(n - 1 for n in seen.values())
print(len(seen), "execs of", len(failed), "writers,", twice, "twice,", torn, "torn;",
      "failed:", *sorted(set(failed.values())))
P
	)" "$((4 * $3)) execs of 8 writers, 0 twice, 0 torn; failed: $(($3 / 2))"
}
writers() { # name log records-of-each [root]
	local status
	fenced -t 300 -e FDFENCE_LOG="$2" "$H/host/writers" 8 $(($3 / 2)) ${4:+"$4"} >"$T/out"
	status=$?
	[ $status -eq 0 ] || t_fail "$1: the writers" "status $status: $(<"$T/out")"
}
mkdir -p "$T/jail/$T"
install -m 755 "$H/static/trace/nothing" "$T/jail/true"
if [ "$(plain "$H/host/writers" 1 1 "$T/jail" | tail -1)" = 'status 0' ]; then
	install -m 666 /dev/null "$T/unpriv.log"
	writers 'unprivileged, to a file' "$T/unpriv.log" $((records / 10))
	whole 'unprivileged, to a file' "$T/unpriv.log" $((records / 10))
	install -m 666 /dev/null "$T/jail.log"
	ln "$T/jail.log" "$T/jail/$T/jail.log"
	# limits: log-file
	writers 'chrooted, to a file' "$T/jail.log" "$records" "$T/jail"
	whole 'chrooted, to a file' "$T/jail.log" "$records"
	"$H/host/reader" "fdf-writers-$$" $((8 * records)) 20 >"$T/socket.log" 2>"$T/ready" &
	reader=$!
	t_until grep ready "$T/ready"
	writers 'chrooted, to a socket' "@fdf-writers-$$" "$records" "$T/jail"
	wait "$reader"
	whole 'chrooted, to a socket' "$T/socket.log" "$records"
else
	t_skip 'unprivileged and chrooted writers' 'not permitted'
fi

t_done
