#!/bin/bash
# Leaks as entries of a journal, with fields and a catalog, by packaging/fleet/rsyslog-journal.conf; then
# systemd-journal-upload sends them to systemd-journal-remote, and is killed meanwhile.
. "$(dirname "$0")/lib.bash"
need rsyslogd journalctl jq php unshare setpriv
journald=/lib/systemd/systemd-journald
upload=/lib/systemd/systemd-journal-upload
remote=/lib/systemd/systemd-journal-remote
for program in $journald $upload $remote; do
	[ -x "$program" ] || t_skip_all "no $program on this machine"
done
/usr/bin/python3 -c 'import systemd.journal' 2>/dev/null || t_skip_all 'no python3-systemd on this machine'
[ "$(id -u)" -eq 0 ] || t_skip_all "only root has a journal of its own"
# A /run, a journal and a catalog of our own.
if [ -z "${FDF_INSIDE:-}" ]; then
	unshare -m true 2>/dev/null || t_skip_all 'no mount namespace can be made here'
	rm -rf "$T"
	FDF_INSIDE=yes exec unshare -m --propagation private "$0"
fi
files=$root/packaging/fleet
# What is mounted has no more room than that: a journal takes a tenth of it.
for dir in /run /var/log /var/lib/systemd /usr/lib/systemd/catalog; do
	mount -t tmpfs -o size=256m none "$dir" || t_skip_all "nothing can be mounted on $dir"
done
mkdir -p /run/systemd /run/log/journal /var/lib/systemd/catalog /var/log/fdfence "$T"/{run,remote,state}
pids=()
end_journal() {
	kill -KILL "${pids[@]}" && wait "${pids[@]}"
} 2>/dev/null
t_last=end_journal

$journald >"$T/journald.log" 2>&1 &
pids+=($!)
comes_up 'journald runs' "${pids[0]}" "$T/journald.log" test -S /run/systemd/journal/socket
cp "$files/fdfence.catalog" /usr/lib/systemd/catalog/
t_ok 'journalctl takes the catalog' journalctl --update-catalog

sed -e "s|/run/rsyslog|$T/run|; s|/usr/local/lib/fdfence/to-journal|$files/to-journal|" \
	"$files/rsyslog-journal.conf" >"$T/rsyslog.conf"
t_ok 'rsyslog takes its file' rsyslogd -N1 -f "$T/rsyslog.conf"
rsyslogd -n -i NONE -f "$T/rsyslog.conf" >"$T/rsyslog.log" 2>&1 &
pids+=($!)

log=/var/log/fdfence/fdfence.jsonl
work() { # how many programs get a listener
	spawn "${fence[@]:0:2}" --log "$log" --log-what all -- php -n -r "$(sed 1d "$root/tests/helpers/leak.php")" listener "$1"
}
message_id=$(sed -n 's/^-- //p' "$files/fdfence.catalog")
entries() { journalctl -q -o json MESSAGE_ID="$message_id" FDFENCE_SEVERITY=high; }
has() { [ "$(entries | wc -l)" -eq "$1" ]; } # how many
work 3
{ # what any user may write there, too
	printf 'no record\n\xff\n'
	echo '{"fdfence":1,"event":"exec","source":"shim","pid":1,"fds":[{"severity":"low","fd":3,"type":"pipe","socket":[],"danger":"x"}]}'
	/usr/bin/python3 -c 'print("[" * 70000)'
} >>"$log"
work 2
t_ok 'each leak is an entry, asked for by its fields' wait_for 60 has 5
t_is '... with the ids of the records' "$(entries | jq -r .FDFENCE_ID | sort)" \
	"$(grep '"severity":"high"' "$log" | jq -r .id | sort)"
t_is '... as severe as the leak' "$(entries | jq -r .PRIORITY | sort -u)" 3
t_like '... in words' "$(entries | jq -r .MESSAGE | head -n 1)" \
	'^/usr/bin/php.* leaks descriptor 3 \(listener, 127.0.0.1:[0-9]+\) into /.*sh: high, listener, sealed$'
t_like '... and explained' "$(journalctl -q -x -n 1 MESSAGE_ID="$message_id" FDFENCE_SEVERITY=high)" \
	'leaks from /usr/bin/php.* into .*Severity: high \(listener\)'
t_like '... and what became of it' "$(entries | jq -r .FDFENCE_OUTCOME | sort -u)" '^sealed$'
became() { journalctl -q -o json MESSAGE_ID="$message_id" FDFENCE_SEVERITY=critical |
	jq -r '.FDFENCE_SOURCE + " " + .FDFENCE_VERDICT + " " + .FDFENCE_OUTCOME' | sort; }
grep -m 1 '"severity":"high"' "$log" | jq -c '(.fds[] | select(.severity)).severity = "critical" |
	("command seal", "trace deny killed", "trace deny", "trace report", "shim deny", "shim abort", "shim report") as $words | ($words | split(" ")) as $w |
	.source = $w[0] | (.fds[] | select(.severity)).verdict = $w[1] | if $w[2] then .killed = true else . end' >"$T/hostile-became.jsonl"
cat "$T/hostile-became.jsonl" >>"$log"
all_became() { became | grep -q 'shim report'; }
wait_for 60 all_became
t_is '... whoever judged, but for fdfence that was given it' "$(became | paste -sd ,)" \
	'shim abort refused,shim deny refused,shim report leaked,trace deny leaked,trace deny refused,trace report leaked'
t_like 'what is no record is said' "$(journalctl -q -t fdfence -p warning | grep -v leaks)" 'no record of fdfence: .*: no record'

# Who may append may empty it, too.
chmod 622 "$log"
cp "$log" "$T/hostile.jsonl"
"${nobody[@]}" sh -c ": >'$log'"
work 2
t_ok 'a log that somebody has emptied is read on' wait_for 60 has 7

# To another machine's journal.
port=$(free_port)
$remote --listen-http="127.0.0.1:$port" --output="$T/remote" --split-mode=host >"$T/remote.log" 2>&1 &
pids+=($!)
sends() {
	$upload --url="http://127.0.0.1:$port" --save-state="$T/state/cursor" >"$T/upload.log" 2>&1 &
	pids+=($!)
	uploader=$!
}
arrived() { journalctl -q -D "$T/remote" -o json MESSAGE_ID="$message_id" FDFENCE_SEVERITY=high |
	jq -r '.FDFENCE_ID + " " + .FDFENCE_FD' | sort -u; }
told() { grep -h '"severity":"high"' "$T/hostile.jsonl" "$log" | jq -r '.id + " 3"' | sort; }
listens() { (: </dev/tcp/127.0.0.1/"$port") 2>/dev/null; } # the sender ends where nobody does
complete() { [ "$(arrived)" = "$(told)" ]; }
wait_for 60 listens
sends
t_ok 'they arrive at another journal' wait_for 60 complete
kill -KILL "$uploader"
wait "$uploader" 2>/dev/null
work 4
sends
t_ok '... those of while the sender was gone, too' wait_for 60 complete
t_is '... none is missing' "$(arrived)" "$(told)"
t_done
