#!/bin/bash
# Servers that run their own image again, under the profile for servers: php-fpm's reload (the
# process becomes the program anew) and nginx's upgrade (a child does), both by USR2.
. "$(dirname "$0")/lib.bash"
. "$root/tests/e2e/fpm.bash"
need nginx php setpriv

[ -n "$fpm" ] || t_skip_all 'no php-fpm on this machine'

cp -r "$B/profiles" "$T/bin/"
fence=("$T/bin/fdfence" run --profile server --)

listens() {
	grep -q ":$(printf '%04X' "$port") 00000000:0000 0A" /proc/net/tcp
}
ready() { # times
	[ "$(grep -c 'ready to handle connections' fpm.log 2>/dev/null)" = "$1" ]
}
gone() { # pid
	! kill -0 "$1" 2>/dev/null
}

reload() {
	local server
	port=$(free_port)
	fpm_conf "$W" "127.0.0.1:$port" 1 >fpm.conf
	spawn -t 60 "${nobody[@]}" "${how[@]}" "$fpm" -n -F -y "$W/fpm.conf" >>stderr 2>&1 &
	server=$!
	wait_for 10 ready 1 && listens && echo listens
	kill -USR2 "$(cat fpm.pid)"
	wait_for 10 ready 2 && echo reloaded
	listens && echo 'still listens'
	kill -TERM "$(cat fpm.pid)"
	wait "$server"
	true
}
both 'php-fpm, reload' $'^listens\nreloaded\nstill listens\nexit 0$' reload

upgrade() {
	local old new
	port=$(free_port)
	cat >nginx.conf <<-CONF
		pid $W/nginx.pid;
		error_log $W/error.log;
		worker_processes 1;
		events {}
		http {
			access_log off;
			$(printf '%s_temp_path tmp;\n' client_body proxy fastcgi uwsgi scgi)
			server { listen 127.0.0.1:$port; }
		}
	CONF
	# spawn kills what is left of its group: it ends when the daemon has left that.
	# shellcheck disable=SC2016 # for the inner shell
	spawn -t 60 "${nobody[@]}" sh -c 'until [ -e away ]; do sleep 0.05; done & "$@" && wait' sh \
		"${how[@]}" "$(command -v nginx)" -p "$W" -e "$W/error.log" -c "$W/nginx.conf" >>stderr 2>&1 &
	wait_for 10 is_away && listens && echo listens
	touch away
	old=$(cat nginx.pid)
	kill -USR2 "$old"
	# Without the socket it says five times in half a second each that the address is in use.
	wait_for 20 settled && [ -s nginx.pid ] && new=$(cat nginx.pid)
	kill -QUIT "$old"
	wait_for 10 gone "$old"
	[ -n "${new-}" ] && [ "$new" != "$old" ] && listens && echo 'the successor listens'
	[ -z "${new-}" ] || kill -QUIT "$new"
	[ -z "${new-}" ] || wait_for 10 gone "$new"
	grep -q 'using inherited sockets' error.log && echo inherited
	true
}
is_away() {
	[ -s nginx.pid ] && [ "$(ps -o sid= -p "$(cat nginx.pid)" | tr -d ' ')" = "$(cat nginx.pid)" ]
}
settled() {
	{ [ -s nginx.pid.oldbin ] && [ -s nginx.pid ]; } || grep -q 'still could not bind' error.log 2>/dev/null
}
both 'nginx, upgrade of the binary' $'^listens\nthe successor listens\ninherited\nexit 0$' upgrade
t_done
