#!/bin/bash
# The units of packaging/fleet under a real systemd, which is the first process of a namespace of its own,
# over a copy of this system that is thrown away: the hardened tracer tells what leaks, metrics are
# written, and a log daemon that was killed begins anew.
. "$(dirname "$0")/lib.bash"
need systemd-analyze systemctl unshare nsenter php rsyslogd jq
[ "$(id -u)" -eq 0 ] || t_skip_all 'only root has a systemd of its own'
units=$root/packaging/fleet
systemd=/lib/systemd/systemd
mkdir "$T/units" "$T/tree" "$T/cgroup"
for unit in "$units"/*.service "$units"/*.timer; do
	sed "s|/usr/bin/fdfence|$T/bin/fdfence|" "$unit" >"$T/units/${unit##*/}"
done

for file in "$units"/*; do
	t_like "${file##*/} says where it belongs" "$(head -n 3 "$file")" '^(#!.*
)?(#|--|""") ?(/(etc|usr)/|Anywhere, )|kubectl apply'
done
for unit in "$T/units"/*; do
	# What others' units are told for, and pages of the manual that are not installed yet, is not ours.
	t_is "${unit##*/}: systemd takes it" "$(systemd-analyze verify --man=no "$unit" 2>&1 | grep -F "${unit##*/}")" ''
done
for unit in "$T/units"/*.service; do
	figure=$(systemd-analyze security --offline=yes "$unit" | sed -n 's/.*Overall exposure level for [^:]*: *\([0-9.]*\).*/\1/p')
	t_ok "${unit##*/}: systemd-analyze security says $figure, 1.5 at most" awk "BEGIN { exit !($figure <= 1.5 && $figure > 0) }"
done

# The container of Kubernetes has no more than this, and root's number.
tracing=$("$B/fdfence" trace -q -- true 2>&1) || tracing=${tracing:-no}
daemonset() {
	/usr/bin/python3 - "$units/daemonset.yaml" <<-'END'
	import sys, yaml
	[container] = yaml.safe_load(open(sys.argv[1]))["spec"]["template"]["spec"]["containers"]
	capabilities = container["securityContext"]["capabilities"]
	assert capabilities["drop"] == ["ALL"], capabilities
	print(",".join("+" + name.lower() for name in capabilities["add"]), *container["args"])
	END
}
if ! /usr/bin/python3 -c 'import yaml' 2>/dev/null; then
	t_skip 'the line of daemonset.yaml' 'no python3-yaml on this machine'
elif [ -n "$tracing" ]; then
	t_skip 'the line of daemonset.yaml' "no tracing here: $tracing"
else
	mkdir "$T/node"
	read -r -a line < <(daemonset | sed "s|/var/log/fdfence-trace|$T/node|")
	timeout 60 setpriv --bounding-set "-all,${line[0]}" --inh-caps "-all,${line[0]}" --no-new-privs \
		"$T/bin/fdfence" "${line[@]:1}" >"$T/node/says" 2>&1 &
	container=$!
	told() {
		spawn php -n -r "$(sed 1d "$root/tests/helpers/leak.php")" file "$T/node/app.log"
		grep -qsF "\"target\":\"$T/node/app.log\"" "$T/node/trace.jsonl"
	}
	t_ok 'the line of daemonset.yaml tells what leaks, with its capabilities alone' wait_for 30 told
	t_diag "$(cat "$T/node/says")"
	kill "$container"
	wait "$container"
fi

# A root whose changes are in memory, with the units that are listed here and no others: the machine's own
# services would change its kernel.
tree() {
	mount --make-rprivate / && mount -t tmpfs -o size=512m none "$T/tree" && mkdir "$T/tree"/{up,work,all} &&
		mount -t overlay -o "lowerdir=/,upperdir=$T/tree/up,workdir=$T/tree/work" overlay "$T/tree/all" &&
		cd "$T/tree/all" || return
	cp "$T/bin/fdfence" usr/bin/ && mount -t proc proc proc && mount --bind proc/sys proc/sys && mount -o remount,bind,ro proc/sys &&
		mount -t sysfs sysfs sys && mount -t cgroup2 cgroup2 sys/fs/cgroup && mount -t tmpfs none run &&
		mount --rbind /dev dev && mount -t tracefs tracefs sys/kernel/tracing && mount -t bpf bpf sys/fs/bpf || return
	rm -rf etc/systemd/system usr/lib/systemd/system-generators usr/local/lib/systemd etc/rsyslog.d &&
		mkdir -p etc/systemd/system/rsyslog.service.d etc/rsyslog.d var/log/journal var/log/fdfence var/lib/prometheus/node-exporter
	local unit
	for unit in systemd-journald.service systemd-journald.socket systemd-journald-dev-log.socket rsyslog.service syslog.socket; do
		cp "usr/lib/systemd/system/$unit" etc/systemd/system/ || return
	done
	ln -s rsyslog.service etc/systemd/system/syslog.service
	mount -t tmpfs none usr/lib/systemd/system
	for unit in sysinit basic shutdown umount; do
		printf '[Unit]\nDescription=%s\nDefaultDependencies=no\n' "$unit" >"etc/systemd/system/$unit.target"
	done
	cp "$units"/*.service "$units"/*.timer etc/systemd/system/
	cp "$units/rsyslog-resend.conf" etc/systemd/system/rsyslog.service.d/fdfence.conf
	cp "$units/rsyslog-host.conf" etc/rsyslog.d/fdfence.conf
	printf '[Unit]\nDescription=test\nDefaultDependencies=no\nWants=fdfence-trace.service rsyslog.service systemd-journald.service\n' \
		>etc/systemd/system/test.target
	install -m 622 /dev/null var/log/fdfence/fdfence.jsonl
	mkdir -p .machine && pivot_root . .machine && umount -l /.machine
}
boot() {
	tree || exit
	exec env -i container=other SYSTEMD_UNIT_PATH=/etc/systemd/system PATH="$PATH" \
		"$systemd" --system --unit=test.target </dev/null
}
# Its control group: a unified hierarchy has to be there, and need not be where the machine's is.
if ! mount -t cgroup2 cgroup2 "$T/cgroup" 2>/dev/null || ! mkdir "$T/cgroup/fdfence-$$"; then
	umount "$T/cgroup" 2>/dev/null
	t_skip 'the units under systemd' 'no control groups of version 2 here'
	t_done
fi
started=
end_units() {
	[ -z "$started" ] || { kill -KILL "$started" && wait "$started"; } 2>/dev/null
	local i
	for ((i = 0; i < 50; i++)); do # the last of its processes go
		find "$T/cgroup/fdfence-$$" -depth -type d -exec rmdir {} + 2>/dev/null
		[ -d "$T/cgroup/fdfence-$$" ] || break
		sleep 0.1
	done
	umount "$T/cgroup"
}
t_last=end_units
export T units systemd
export -f tree boot
bash -c "echo \$\$ >'$T/cgroup/fdfence-$$/cgroup.procs' && exec unshare -p -f -m -C -u -i --kill-child bash -c boot" >"$T/boot.log" 2>&1 &
started=$!
inside() { # command...
	local first
	first=$(cat "/proc/$started/task/$started/children" 2>/dev/null) && [ -n "$first" ] &&
		nsenter -t "${first%% *}" -m -p -C -- "$@"
}
is_active() { [ "$(inside systemctl is-active "$1" 2>/dev/null)" = active ]; }
comes_up 'the units under systemd' "$started" "$T/boot.log" is_active systemd-journald.service

instead() { # unit, line of its [Service]
	inside sh -c 'cat >"/etc/systemd/system/$0.d/test.conf" && systemctl daemon-reload' "$1" <<<$'[Service]\nExecStart=\n'"$2"
}

# What leaks anywhere on the machine is in the tracer's file.
told() { # what leaks meanwhile
	spawn php -n -r "$(sed 1d "$root/tests/helpers/leak.php")" file "$T/app.log"
	[ -n "$(inside grep -sF "\"target\":\"$T/app.log\"" /var/log/fdfence-trace/trace.jsonl)" ]
}
if [ -n "$tracing" ]; then
	t_skip 'fdfence-trace.service tells what leaks' "no tracing here: $tracing"
else
	t_ok 'fdfence-trace.service tells what leaks' wait_for 30 told
	# Of those that systemd gives out; libnss-systemd knows its name.
	t_like '... as a user of its own' "$(inside sh -c 'stat -c %u /var/log/private/fdfence-trace/trace.jsonl')" '^6[1-5][0-9]{3}$'
	main=$(inside systemctl show -P MainPID fdfence-trace)
	t_is '... with no capability left' "$(inside grep ^CapEff "/proc/$main/status" | awk '{ print $2 }')" 0000000000000000
	t_is '... and a filter of system calls' "$(inside grep ^Seccomp: "/proc/$main/status" | awk '{ print $2 }')" 2
	inside systemctl kill -s KILL fdfence-trace
	anew() { is_active fdfence-trace && [ "$(inside systemctl show -P MainPID fdfence-trace)" != "$main" ]; }
	t_ok '... and is started anew when it was killed' wait_for 30 anew
	# All that it does to its files: begun anew, renamed by others and by itself, there at the start.
	records=/var/log/private/fdfence-trace/trace.jsonl
	t_ok '... goes on where its file was renamed and it was reloaded' inside sh -c "mv $records $records.old && systemctl reload fdfence-trace"
	t_ok '... in a new one' wait_for 30 told
	inside sh -c 'mkdir /etc/systemd/system/fdfence-trace.service.d'
	instead fdfence-trace.service 'ExecStart=/bin/sleep infinity' # it does not listen yet
	inside systemctl restart fdfence-trace
	main=$(inside systemctl show -P MainPID fdfence-trace)
	inside systemctl reload fdfence-trace
	t_ok '... is started anew where a reload came too early' wait_for 30 anew
	inside systemctl reset-failed fdfence-trace
	instead fdfence-trace.service "$(sed -n '/^ExecStart=/s/100M/16k/p' "$units/fdfence-trace.service")"
	t_ok '... is stopped' inside systemctl stop fdfence-trace
	t_is '... and ends well' "$(inside systemctl show -P Result fdfence-trace)" success
	t_ok '... is started over its files' inside systemctl start fdfence-trace
	rotated() { told && inside test -s "$records.2"; }
	t_ok '... which it rotates' wait_for 60 rotated
	t_is '... all along one process' "$(inside systemctl show -P NRestarts -P Result fdfence-trace | xargs)" 'success 0'
fi

inside sh -c 'cat >>/var/log/fdfence/fdfence.jsonl' <"$root/tests/golden/report.jsonl"
t_ok 'fdfence-metrics.service runs' inside systemctl start fdfence-metrics.service
t_like '... and writes metrics' "$(inside cat /var/lib/prometheus/node-exporter/fdfence.prom)" 'fdfence_severity_leaks\{outcome="leaked",severity="high"\} [1-9]'
# Over what is there, whosever it is.
over() { # owner mode what it becomes
	t_ok "... over one of $1, $2" inside sh -c "cd /var/lib/prometheus/node-exporter && chown $1 fdfence.prom && chmod $2 fdfence.prom &&
		systemctl start fdfence-metrics.service"
	t_is "... which becomes $3" "$(inside stat -c '%u:%g %a' /var/lib/prometheus/node-exporter/fdfence.prom)" "$3"
}
over 0:0 644 '0:0 644'
over 0:0 640 '0:0 640'
over 61234:61234 664 '0:0 644'
# The filter is the unit's, the program all of it: whatever it writes, over what is another user's, it ends by itself.
inside sh -c 'mkdir /usr/lib/fdfence && cat >/usr/lib/fdfence/libfdfence.so' <"$SHIM"
inside sh -c 'cat >/usr/bin/outputs && chmod 755 /usr/bin/outputs' <<-'END'
	#!/bin/sh
	cd /var/lib/prometheus/node-exporter || exit
	run() { "$@" >last 2>&1 </dev/null && echo "$2" >>done || [ $? -lt 128 ] || echo "killed: $*" >>done; }
	for format in json sarif junit github markdown gitlab otlp prometheus; do
		run fdfence report -q --format $format -o out.$format /var/log/fdfence/fdfence.jsonl
		run fdfence inspect --all --format $format -o out.$format
		run fdfence check --format $format -o out.$format -- true
		run fdfence trace --format $format -o out.$format -- true
	done
	run fdfence report -q --html out.html /var/log/fdfence/fdfence.jsonl
	run fdfence report -q --gen-rules -o out.rules /var/log/fdfence/fdfence.jsonl
	run fdfence check -q --baseline out.baseline --update-baseline -- true
	run fdfence run --log out.jsonl -- true
	run fdfence explain -o out.text -- true
	run fdfence system enable
END
inside sh -c 'mkdir -p /etc/systemd/system/fdfence-metrics.service.d && cd /var/lib/prometheus/node-exporter &&
	for name in json sarif junit github markdown gitlab otlp prometheus html rules text; do install -m 664 -o 61234 /dev/null out.$name; done'
instead fdfence-metrics.service ExecStart=/usr/bin/outputs
t_ok 'the unit, with other outputs' inside systemctl start fdfence-metrics.service
t_is '... each report is written, and nothing is killed' "$(inside sh -c 'grep -E "report|killed" /var/lib/prometheus/node-exporter/done' | sort | uniq -c | xargs)" '10 report'
inside sh -c 'rm -r /etc/systemd/system/fdfence-metrics.service.d /var/lib/prometheus/node-exporter/out.* && systemctl daemon-reload'
# A folder that is another user's, as the tracer's is.
inside sh -c 'rm /var/lib/prometheus/node-exporter/fdfence.prom && chown -R 61234 /var/log/fdfence && chmod 750 /var/log/fdfence &&
	chmod 600 /var/log/fdfence/fdfence.jsonl'
t_ok "... of a log that is another user's, too" inside systemctl start fdfence-metrics.service
inside sh -c 'chown -R 0 /var/log/fdfence && chmod 755 /var/log/fdfence && chmod 622 /var/log/fdfence/fdfence.jsonl'
t_is '... for all to read' "$(inside stat -c '%a %U' /var/lib/prometheus/node-exporter/fdfence.prom)" '644 root'

t_ok 'rsyslog runs with our file' wait_for 30 is_active rsyslog.service
inside touch /run/rsyslog/imfile-state:1:2
# States of our own log, of which less was read than there is, or more: it was emptied meanwhile.
inside sh -c 'cd /run/rsyslog && inode=$(stat -c %i /var/log/fdfence/fdfence.jsonl) && for read in 9 999999; do
	echo "{ \"filename\": \"\/var\/log\/fdfence\/fdfence.jsonl\", \"prev_was_nl\": 0, \"curr_offs\": $read, \"strt_offs\": $read }" >"imfile-state:$inode:$read"
done'
states() { inside sh -c 'ls /run/rsyslog' | sed -n 's/^imfile-state:[0-9]*:\(9*\)$/\1/p' | paste -sd ' '; }
t_ok '... restarted by hand it goes on' inside systemctl restart rsyslog.service
t_is '... without what it had read of a log that was emptied' "$(states)" 9
t_ok '... from where it was' inside test -e /run/rsyslog/imfile-state:1:2
inside systemctl kill -s KILL rsyslog
gone() { ! inside test -e /run/rsyslog/imfile-state:1:2; }
t_ok '... killed it begins anew' wait_for 30 gone
t_done
