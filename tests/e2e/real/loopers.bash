# loopers.bash: programs of Debian's that close all numbers up to their limit of open files.
# Sourced by tests/e2e/real/clamp.sh and tests/bench/clamp.sh.  Each function runs one until it is at
# work, with "$@" in front of it, in the scratch directory $T, and prints what it has done.
# shellcheck shell=bash

# shellcheck disable=SC2034 # used where it is sourced
loopers='daemon xinetd smartd monit' # smartd: package smartmontools
looper_port=$((20000 + RANDOM % 10000))

# daemon(1): until its command runs.
run_daemon() {
	local line
	rm -f "$T/up"
	mkfifo "$T/up"
	"$@" daemon -- sh -c 'echo up >"$0"' "$T/up" &
	read -r -t 60 line <>"$T/up"
	echo "$line"
	wait $!
}

# xinetd(8): until it answers, by a program that it starts.
run_xinetd() {
	local line='' pid tries
	cat >"$T/xinetd.conf" <<-END
		service hello
		{
			type = UNLISTED
			socket_type = stream
			protocol = tcp
			user = $(id -un)
			wait = no
			port = $looper_port
			bind = 127.0.0.1
			server = /bin/echo
			server_args = up
		}
	END
	"$@" xinetd -dontfork -f "$T/xinetd.conf" -pidfile "$T/xinetd.pid" -filelog /dev/null 2>/dev/null &
	pid=$!
	for ((tries = 0; tries < 2000; tries++)); do
		{ exec 3<>"/dev/tcp/127.0.0.1/$looper_port"; } 2>/dev/null && break
		kill -0 "$pid" 2>/dev/null || break
		sleep 0.01
	done
	{ read -r -t 60 line <&3; } 2>/dev/null
	exec 3<&-
	echo "$line"
	kill -TERM "$(cat "$T/xinetd.pid")" 2>/dev/null
	wait "$pid"
}

# smartd(8), with no disk to watch: until it has become a daemon, which is when it writes its number.
run_smartd() {
	local pid tries
	echo '/dev/there-is-none -a' >"$T/smartd.conf"
	rm -f "$T/smartd.pid"
	"$@" smartd -q never -c "$T/smartd.conf" -p "$T/smartd.pid" >/dev/null 2>&1 &
	pid=$!
	for ((tries = 0; tries < 6000; tries++)); do
		[ -s "$T/smartd.pid" ] && break
		sleep 0.01
	done
	# One that is not yet at work has not told its number.
	if [ -s "$T/smartd.pid" ]; then
		echo up
		# Whoever has started it would look for the file for ten seconds, which it takes with it.
		kill -TERM "$pid" "$(cat "$T/smartd.pid")"
	else
		pgrep -f "smartd -q never -c $T/smartd.conf" | xargs -r kill -KILL
	fi 2>/dev/null
	wait "$pid"
}

# monit(1): its version; it closes before it looks at its arguments, 65,536 numbers at most.
run_monit() {
	"$@" monit -V | sed -n 's/^This is Monit version.*/up/p'
}
