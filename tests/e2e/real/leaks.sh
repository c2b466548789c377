#!/bin/bash
# Programs that leak into what they start: with the fence nothing crosses and the answers stay.
. "$(dirname "$0")/lib.bash"
need mawk php sed tar socat git

mawk_system() {
	printf '%s\n' one two >input
	spawn "${how[@]}" mawk -v p="$probe" '
		NR == 1 { print "x" > "output"; system(p) }
		END { print NR }' input
}
leaks 'mawk system()' $'^2\nexit 0$' '3 open .*/input' mawk_system

mawk_getline() {
	spawn "${how[@]}" mawk -v p="$probe" 'BEGIN {
		getline < "/etc/passwd"; (p "; echo piped") | getline answer; print answer }'
}
leaks 'mawk command | getline' $'^piped\nexit 0$' 'open /etc/passwd' mawk_getline

sed_e() {
	printf '%s\n' one two >input
	spawn "${how[@]}" sed "1e $probe; echo inserted" input
}
leaks 'sed e' $'^inserted\none\ntwo\nexit 0$' '3 open .*/input' sed_e

sed_s_e() {
	printf '%s\n' one "$probe; echo computed" >input
	spawn "${how[@]}" sed '2s/$//e' input
}
leaks 'sed s///e' $'^one\ncomputed\nexit 0$' '3 open .*/input' sed_s_e

# Each of the ways in which PHP starts a command.
# shellcheck disable=SC2016 # PHP's variables
php_open='$f = fopen("/etc/passwd", "r"); $s = stream_socket_server("tcp://127.0.0.1:0");'
for call in system exec passthru shell_exec; do
	php_call() {
		spawn "${how[@]}" php -r "$php_open echo $call('$probe; echo answered'), \"\n\";"
	}
	leaks "php $call()" $'^(answered\n)+.*exit 0$' $'3 open /etc/passwd\n4 open socket:' php_call
done

php_popen() {
	spawn "${how[@]}" php -r "$php_open"' $p = popen($argv[1] . "; cat; echo -n popen", "r");
		echo stream_get_contents($p), pclose($p), "\n";' "$probe"
}
leaks 'php popen()' $'^popen0\nexit 0$' $'3 open /etc/passwd\n4 open socket:' php_popen

php_proc_open() {
	spawn "${how[@]}" php -r "$php_open"' $p = proc_open([$argv[1]], [1 => ["pipe", "w"]], $pipes);
		echo stream_get_contents($pipes[1]), proc_close($p), "\n";' "$probe"
}
leaks 'php proc_open()' $'^0\nexit 0$' $'3 open /etc/passwd\n4 open socket:' php_proc_open

tar_to_command() {
	echo content >member
	tar cf archive.tar member
	spawn "${how[@]}" tar xf archive.tar --to-command="$probe; cat"
}
leaks 'tar --to-command' $'^content\nexit 0$' '3 open .*/archive.tar' tar_to_command

tar_checkpoint() {
	head -c 100000 /dev/zero >member
	spawn "${how[@]}" tar cf archive.tar --checkpoint=10 --checkpoint-action=exec="$probe" member
	tar tf archive.tar
	sort -u -o list list
}
leaks 'tar --checkpoint-action' $'^member\nexit 0$' '3 open .*/archive.tar' tar_checkpoint

# socat prints "listening on" to its log; the port is the kernel's choice.
socat_port() {
	sed -n 's/.* listening on AF=2 127.0.0.1:\([0-9]*\)$/\1/p' log | grep .
}
socat_to() { # address
	local server
	: >log # it is read before the server's process opens it
	spawn -t 20 "${how[@]}" socat -d -d TCP-LISTEN:0,bind=127.0.0.1 "$1" 2>log &
	server=$!
	wait_for 10 socat_port >/dev/null || cat log
	echo question | timeout 10 socat -t5 - TCP:127.0.0.1:"$(socat_port)"
	wait "$server"
}
socat_system() {
	socat_to "SYSTEM:$probe; cat"
}
mended_from socat "$(socat -V | sed -n 's/^socat version \([0-9.]*\).*/\1/p')" 1.8
leaks 'socat SYSTEM' $'^question\nexit 0$' '3 open socket:' socat_system

socat_exec() {
	printf '#!/bin/sh\n%s\nexec cat\n' "$probe" >serve
	chmod +x serve
	socat_to EXEC:./serve
}
leaks 'socat EXEC' $'^question\nexit 0$' '3 open socket:' socat_exec
mended=

repository() {
	git init -q -b main .
	git config user.name n
	git config user.email n@example.org
}
git_clean() {
	repository
	git config filter.probe.clean "$probe \"\$(git rev-parse --git-dir)/../list\"; tr a-z A-Z"
	echo '*.txt filter=probe' >.gitattributes
	echo text >a.txt
	spawn -e HOME="$W" "${how[@]}" git add a.txt
	git cat-file blob :a.txt
}
leaks 'git clean filter' $'^TEXT\nexit 0$' 'open .*/a.txt' git_clean

t_done
