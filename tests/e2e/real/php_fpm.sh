#!/bin/bash
# php-fpm: a script's commands must get neither the listening socket nor the clients'.
# FPM hands its listening socket to each worker as descriptor 0 as well, which is the standard
# input of what a script starts: that one is passed on by design and not the fence's to take.
. "$(dirname "$0")/lib.bash"
. "$root/tests/e2e/fpm.bash"
need cgi-fcgi php setpriv

[ -n "$fpm" ] || t_skip_all 'no php-fpm on this machine'

# Sets port.  Two workers.
configure() {
	port=$(free_port)
	fpm_conf "$W" "127.0.0.1:$port" 2 'request_terminate_timeout = 20' >fpm.conf
}
# Sets server.
start() {
	spawn -t 60 "${nobody[@]}" "${how[@]}" "$fpm" -n -F -y "$W/fpm.conf" >>stderr 2>&1 &
	server=$!
	wait_for 10 starts_or_gives_up && listens
}
starts_or_gives_up() {
	listens || ! kill -0 "$server" 2>/dev/null
}
# By the kernel's list (0A: listening), since to connect would occupy a worker.
listens() {
	[ -s fpm.pid ] && grep -q ":$(printf '%04X' "$port") 00000000:0000 0A" /proc/net/tcp
}
stop() {
	kill -TERM "$(cat fpm.pid)"
	wait "$server"
	rm -f fpm.pid
}
request() { # script
	SCRIPT_FILENAME=$W/$1 REQUEST_METHOD=GET QUERY_STRING='' \
		timeout 20 cgi-fcgi -bind -connect "127.0.0.1:$port" </dev/null | tr -d '\r' | sed '1,/^$/d'
}

system_of_a_script() {
	configure
	echo "<?php system('$probe $W/list; echo answered', \$status); echo \$status, PHP_EOL;" >script.php
	start && request script.php
	stop
	true
}
mended_from php-fpm "$("$fpm" -v | sed -n 's/^PHP \([0-9.]*\).*/\1/p')" 8.4 # its listener; not a script's files
leaks 'php-fpm system()' $'^answered\n0\nexit 0$' $'open socket:.*open socket:' system_of_a_script

# A worker holds a file that a script has open, too.
popen_of_a_script() {
	configure
	cat >script.php <<-PHP
		<?php
		\$f = fopen('/etc/passwd', 'r');
		\$p = popen('$probe $W/list; echo answered', 'r');
		echo fgets(\$p), pclose(\$p), PHP_EOL;
	PHP
	start && request script.php
	stop
	true
}
listener=$mended mended=
leaks 'php-fpm popen()' $'^answered\n0\nexit 0$' $'open /etc/passwd' popen_of_a_script

# The outage: a command in the background keeps the port of a server that is gone.
restart() {
	configure
	echo '<?php exec("setsid sleep 60 >/dev/null 2>&1 & echo $!", $out); echo $out[0], PHP_EOL;' >script.php
	echo '<?php echo "served", PHP_EOL;' >second.php
	start && request script.php >background.pid
	stop
	kill -0 "$(cat background.pid)" && echo 'background command runs'
	if start; then
		request second.php
		stop
	else
		grep -o 'unable to bind listening socket.*' fpm.log
	fi
	kill "$(cat background.pid)"
}
run_both restart restart
mended=$listener
unless_mended 'without the fence FPM cannot start again while a background command runs' \
	"${answer[plain]}" $'^background command runs\nunable to bind.*Address already in use'
t_is 'with the fence it does' "${answer[fenced]}" $'background command runs\nserved\nexit 0'

t_done
