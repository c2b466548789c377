#!/bin/bash
# Three hosts, each with a network of its own, send their records to one collector by rsyslog, with the
# files of packaging/fleet: one is cut off and comes back, the rsyslog of one is killed, and so is the
# collector's.  Nothing is lost, and by its id nothing is there twice.
. "$(dirname "$0")/lib.bash"
need rsyslogd logrotate ip jq unshare
[ "$(id -u)" -eq 0 ] || t_skip_all 'only root makes networks'
[ -n "$(find /usr/lib /usr/lib64 -path '*/rsyslog/omrelp.so' -print -quit 2>/dev/null)" ] || t_skip_all 'no rsyslog-relp on this machine'
pairs=60 # records that each round of a host writes, in pairs: an exec and a start

# Networks NAME.$$ of the collector and of hosts, on one bridge that the collector's has.
hosts=(web1 web2 db1)
net=fdf$$
declare -A pid
end_fleet() {
	local name
	for name in "${!pid[@]}"; do
		kill -KILL "${pid[$name]}" 2>/dev/null && wait "${pid[$name]}" 2>/dev/null
	done
	for name in all "${hosts[@]}"; do
		ip netns del "$net-$name" 2>/dev/null
	done
}
t_last=end_fleet
networks() {
	local i=2 host
	ip netns add "$net-all" && ip -n "$net-all" link add br0 type bridge &&
		ip -n "$net-all" addr add 10.231.7.1/24 dev br0 && ip -n "$net-all" link set br0 up || return
	for host in "${hosts[@]}"; do
		ip netns add "$net-$host" &&
			ip -n "$net-all" link add "$host" type veth peer name eth0 netns "$net-$host" &&
			ip -n "$net-all" link set "$host" master br0 up &&
			ip -n "$net-$host" addr add "10.231.7.$i/24" dev eth0 &&
			ip -n "$net-$host" link set eth0 up || return
		i=$((i + 1))
	done
}
if ! made=$(networks 2>&1); then
	t_skip_all "no networks can be made here: $made"
fi

# A file of packaging/fleet with the folders of NAME in the place of the machine's, and the disk in use for
# few records.
settings() { # name file
	sed -e "s|/var/log/fdfence-fleet|$T/$1/fleet|; s|/var/log/fdfence|$T/$1/log|" -e "s|/run/rsyslog|$T/$1/run|" \
		-e "s|/var/spool/rsyslog|$T/$1/spool|" -e 's|collector.example|10.231.7.1|; s|Watermark="16000"|Watermark="200"|; s|Watermark="4000"|Watermark="50"|; s|size="20000"|size="300"|' \
		"$root/packaging/fleet/$2" >"$T/$1/rsyslog.conf"
}
start() { # name
	ip netns exec "$net-$1" unshare -u sh -c "hostname ${1/all/collector} && exec rsyslogd -n -i NONE -f '$T/$1/rsyslog.conf'" \
		>>"$T/$1/says" 2>&1 &
	pid[$1]=$!
}
# Whether it has read its file to the end.
has_read() { # name
	local fd
	for fd in "/proc/${pid[$1]}/fd/"*; do
		[ "$(readlink "$fd")" != "$T/$1/log/fdfence.jsonl" ] ||
			[ "$(awk '$1 == "pos:" { print $2 }' "${fd/fd/fdinfo}")" != "$(stat -c %s "$T/$1/log/fdfence.jsonl")" ] || return 0
	done
	return 1
}
killed() { # name
	kill -KILL "${pid[$1]}" && wait "${pid[$1]}" 2>/dev/null
	unset "pid[$1]"
}
for name in all "${hosts[@]}"; do
	mkdir -p "$T/$name"/{log,fleet,run,spool}
	settings "$name" "rsyslog-$([ "$name" = all ] && echo collector || echo host).conf"
	t_ok "$name: rsyslog takes its file" rsyslogd -N1 -f "$T/$name/rsyslog.conf"
	start "$name"
done

# Programs of a host that start others, one descriptor leaked into each.
work() { # name [log]
	unshare -u sh -c "hostname $1 && exec \"\$@\"" sh "$H/spawn" -t 60 "${fence[@]:0:2}" --log "$T/$1/log/${2:-fdfence}.jsonl" \
		--log-what all -- bash -c "exec 7</etc/passwd; for ((i = 0; i < $pairs; i++)); do /bin/true; done"
}
ids() { # file...
	jq -r .id "$@" | sort
}
sent() { ids "$T"/{web1,web2,db1}/log/*; }
arrived() { ids "$T"/all/fleet/*.jsonl; }
complete() { [ "$(sent | sort -u)" = "$(arrived | sort -u)" ]; }
there() { complete; t_is "$1" "$(arrived | sort -u | diff <(sent) - | head)" ''; } # name

for host in "${hosts[@]}"; do work "$host"; done
# ... and more than a queue holds, at once.
"$root/tests/bench/fleet/records" 3000 1 "$T/web1/log/fdfence.jsonl" >"$T/many.jsonl"
cat "$T/many.jsonl" >>"$T/web1/log/fdfence.jsonl"
wait_for 60 complete
there 'records of three hosts arrive'
t_is '... and each tells its host' "$(jq -r .host "$T"/all/fleet/*.jsonl | sort -u | xargs)" 'db1 host00000 web1 web2'

# Execs of programs that hold more than one record does.
wide=$T/$(printf 'a-name-as-services-have-them/%.0s' {1..6})
mkdir -p "$wide"
if traced=$("$T/bin/fdfence" trace -q -- true 2>&1); then
	for n in 700 3000; do
		"$H/spawn" -t 60 "$T/bin/fdfence" trace -q --format json --intent none --into true -o "$T/crowd.json" -- \
			"$H/trace/opens" -n "$n" -p "$wide/app$n.log" true
	done
	cat "$T/crowd.json" >>"$T/web1/log/fdfence.jsonl"
	wait_for 60 complete
	there 'records of 700 and of 3,000 files arrive'
	for n in 700 3000; do
		t_is "... whole: $n" "$(jq -r '.fds[] | select(.target | endswith("/app'$n'.log")).fd' "$T"/all/fleet/*.jsonl | sort -u | wc -l)" "$n"
	done
else
	t_skip 'records of 700 and of 3,000 files arrive' "$traced"
fi

# Cut off: records wait on the disk, the files are rotated meanwhile, the others go on.
ip -n "$net-all" link set web1 down
work web1
work web1
rotate() { # name
	sed "s|/var/log/fdfence|$T/$1/log|; s/root root/$(id -un) $(id -gn)/" "$root/packaging/fleet/logrotate.conf" >"$T/logrotate.conf"
	logrotate -f -s "$T/logrotate.state" "$T/logrotate.conf"
}
t_ok 'logrotate takes its file' rotate web1
t_ok '... and rotates the log' test -s "$T/web1/log/fdfence.jsonl.1"
for host in "${hosts[@]}"; do work "$host"; done
others() { [ -z "$(comm -23 <(ids "$T"/{web2,db1}/log/*) <(arrived))" ]; }
t_ok 'while one is cut off, the others arrive' wait_for 60 others
t_fails '... and its own do not' complete
on_disk() { [ -n "$(find "$T/web1/spool" -name 'fdfence.0*' -size +0)" ]; }
t_ok '... but wait on the disk' t_until on_disk
ip -n "$net-all" link set web1 up
wait_for 60 complete
there '... they do when it is back, rotated ones too'

# Stopped, started and killed, all while cut off: what it had read waits in its memory, or in files of
# its queue that it does not find again.
ip -n "$net-all" link set web2 down
work web2
t_until has_read web2
kill "${pid[web2]}" && wait "${pid[web2]}" 2>/dev/null
start web2
work web2
t_until has_read web2
rotate web2
work web2
t_until has_read web2
killed web2
ip -n "$net-all" link set web2 up
SERVICE_RESULT=signal sh -c "$(sed -n "s|/run/rsyslog|$T/web2/run|g; s|^ExecStopPost=/bin/sh -c '\(.*\)'|\1|p" \
	"$root/packaging/fleet/rsyslog-resend.conf")"
start web2
wait_for 60 complete
there 'what a killed one had not sent is sent once more'

# The collector itself, while all send.
work=()
for host in "${hosts[@]}"; do
	work "$host" &
	work+=($!)
done
t_until test -s "$T/web1/log/fdfence.jsonl"
killed all
start all
wait "${work[@]}"
wait_for 60 complete
there 'a killed collector has lost nothing of what it said to have'

t_diag "$(arrived | wc -l) lines, $(arrived | sort -u | wc -l) records"
t_ok 'some came twice' test "$(arrived | wc -l)" -gt "$(arrived | sort -u | wc -l)"
t_ok 'each line is a record' "$T/bin/fdfence" report -q "$T/all/fleet"
t_is 'ids of a host are its own: none is there twice' "$(sent | uniq -d)" ''
t_done
