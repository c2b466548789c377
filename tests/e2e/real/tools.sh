#!/bin/bash
# limit: 240
# Programs that are told a descriptor's number by option, environment or position keep it.
# The caller is a shell and, once more, a program that only leaves the descriptor open, so that
# the option alone has to speak for it.
. "$(dirname "$0")/lib.bash"

have() { # program test-name
	command -v "$1" >/dev/null || {
		t_skip "$2" "no $1 on this machine"
		return 1
	}
}

# The callers: start COMMAND with FILE open as NUMBER, for reading or, if it is a fifo, for both.
sbin=PATH=/usr/bin:/bin:/usr/sbin:/sbin
by_shell() { # file number command...
	# shellcheck disable=SC2016
	spawn -e HOME="$W" "${how[@]}" env "$sbin" sh -c 'f=$1 n=$2; shift 2
		if [ -p "$f" ]; then eval "exec $n<>$f"; else eval "exec $n<$f"; fi
		"$@"' - "$@"
}
# dup2() in the parent is no sign of intent, and nothing else was done to the descriptor.
by_leak() { # file number command...
	# shellcheck disable=SC2016
	spawn -e HOME="$W" "${how[@]}" env "$sbin" perl -e 'use POSIX ();
		my ($name, $n) = splice @ARGV, 0, 2;
		open(my $f, -p $name ? "+<" : "<", $name) or die $!;
		defined POSIX::dup2(fileno($f), $n) or die $!;
		my $s = system { $ARGV[0] } @ARGV;
		exit($s >> 8 || $s & 127)' "$@"
}
# A fifo, copied to FILE until all writers are gone.
told() { # fifo file
	mkfifo "$1"
	cat "$1" >"$2" &
}

for from in by_shell by_leak; do
	openssl_pass() {
		echo secret >pass
		echo text | openssl enc -aes-128-cbc -pbkdf2 -pass pass:secret -out cipher
		"$from" pass 7 openssl enc -d -aes-128-cbc -pbkdf2 -in cipher -pass fd:7
	}
	have openssl "openssl -pass fd:N, $from" &&
		both "openssl -pass fd:N, $from" $'^text\nexit 0$' openssl_pass

	gpg_fds() {
		echo secret >pass
		told fifo status
		echo text >file
		"$from" pass 7 gpg -q --batch --pinentry-mode loopback --passphrase-fd 7 --symmetric file
		rm file
		"$from" pass 7 gpg -q --batch --pinentry-mode loopback --passphrase-fd 7 file.gpg
		"$from" fifo 8 gpg -q --batch --pinentry-mode loopback --status-fd 8 --passphrase-file pass -d file.gpg
		wait
		grep -o DECRYPTION_OKAY status
		GNUPGHOME=$W/.gnupg gpgconf --kill all
	} 2>/dev/null
	have gpg-agent "gpg --passphrase-fd --status-fd, $from" &&
		both "gpg --passphrase-fd --status-fd, $from" $'^text\nDECRYPTION_OKAY\nexit 0$' gpg_fds

	bwrap_args() {
		printf '%s\0' --ro-bind / / --setenv NAME value --proc /proc >args
		"$from" args 9 bwrap --args 9 sh -c 'echo $NAME'
	}
	if have bwrap "bwrap --args N, $from"; then
		if bwrap --ro-bind / / true 2>/dev/null; then
			both "bwrap --args N, $from" $'^value\nexit 0$' bwrap_args
		else
			t_skip "bwrap --args N, $from" 'bwrap may not make namespaces here'
		fi
	fi

	# A package of our own, into a root of our own.
	dpkg_status() {
		mkdir -p deb/DEBIAN deb/opt root admin/updates admin/info
		printf '%s\n' 'Package: fence-test' 'Version: 1' 'Architecture: all' 'Maintainer: n' \
			'Description: d' >deb/DEBIAN/control
		echo content >deb/opt/fence-test
		: >admin/status
		told fifo told
		dpkg-deb -Zgzip -b deb test.deb >/dev/null
		"$from" fifo 6 dpkg --root="$W/root" --admindir="$W/admin" --force-not-root --status-fd 6 \
			-i test.deb >out 2>&1 || cat out
		wait
		cat told root/opt/fence-test
	}
	have dpkg-deb "dpkg --status-fd, $from" &&
		both "dpkg --status-fd, $from" $'status: fence-test: installed\ncontent\nexit 0$' dpkg_status

	xvfb_display() {
		mkfifo number
		"$from" number 5 Xvfb -displayfd 5 -nolisten tcp -fbdir "$W" >log 2>&1 &
		local display
		read -r -t 20 display <number || cat log
		[ -e "/tmp/.X11-unix/X$display" ] && echo 'a display'
		kill "$(pgrep -f "^Xvfb .* -fbdir $W\$")"
		wait
	}
	have Xvfb "Xvfb -displayfd, $from" && both "Xvfb -displayfd, $from" $'^a display\nexit 0$' xvfb_display
done

# A lock that a wrapper takes lasts as long as what it starts.
flock_no_fork() {
	spawn "${how[@]}" flock -F lock sh -c "$locked"
}
locked='flock -n lock true && echo lost || echo held'
have flock 'flock -F' && both 'flock -F' $'^held\nexit 0$' flock_no_fork
flock_forks() {
	spawn "${how[@]}" flock lock env sh -c "$locked"
}
have flock 'flock' && both 'flock' $'^held\nexit 0$' flock_forks
# The process in the background alone keeps the lock.
flock_number() {
	mkfifo go
	spawn "${how[@]}" bash -c "(flock 9; env sh -c 'read -r x <go' & echo) 9>lock; $locked; echo >go; wait"
}
have flock 'flock N in a script, kept by its child' &&
	both 'flock N in a script, kept by its child' $'^\nheld\nexit 0$' flock_number
setlock_() {
	spawn "${how[@]}" setlock lock env sh -c "$locked"
}
have setlock 'setlock' && both 'setlock' $'^held\nexit 0$' setlock_
chpst_() {
	spawn "${how[@]}" chpst -l lock env sh -c "$locked"
}
have chpst 'chpst -l' && both 'chpst -l' $'^held\nexit 0$' chpst_
s6_setlock() {
	# A lock of another kind, which flock does not see.
	spawn "${how[@]}" s6-setlock lock env sh -c "${locked/flock -n lock true/s6-setlock -n lock true 2>log}"
}
have s6-setlock 's6-setlock' && both 's6-setlock' $'^held\nexit 0$' s6_setlock
execline() {
	spawn "${how[@]}" execlineb -c 'redirfd -r 5 /etc/passwd env fdmove 0 5 head -c 5'
}
have execlineb 'execline redirfd' && both 'execline redirfd' $'^root:exit 0$' execline

# The socket is number 3, the process LISTEN_PID; a wrapper that only execs keeps both.
activation() {
	cat >serve <<-'E'
		#!/usr/bin/python3
		import os, socket
		assert os.environ["LISTEN_PID"] == str(os.getpid()) and os.environ["LISTEN_FDS"] == "1"
		socket.socket(fileno=3).accept()[0].sendall(b"activated")
	E
	printf '#!/bin/sh\nexec nice env ./serve\n' >script
	chmod +x serve script
	spawn -t 20 "${how[@]}" systemd-socket-activate -l "$W/socket" "$service" 2>log &
	wait_for 10 test -S socket
	socat -t5 -u UNIX-CONNECT:socket - || cat log
	wait
}
for service in ./serve ./script; do
	have systemd-socket-activate "systemd-socket-activate $service" &&
		both "systemd-socket-activate $service" $'^activatedexit 0$' activation
done

# Wrappers relay what they were given and know nothing of.
# shellcheck disable=SC2016,SC2089 # $@ is the inner shell's
for wrapper in env nice nohup 'timeout 20' 'stdbuf -oL' 'setsid -w' 'ionice -c3' 'chrt -o 0' 'taskset 1' \
	'setarch -R' 'prlimit --core=0' 'setpriv --nnp' 'xargs -a /dev/null' 'strace -f -o trace' \
	'find /etc/passwd -exec' 'sh -c "$@" -' 'perl -e system(@ARGV)' 'busybox env' 'time -o trace' \
	'dbus-run-session --' '/sbin/start-stop-daemon --start --pidfile none --startas /usr/bin/env --' \
	'env nice timeout 20 setsid -w env'; do
	relay() {
		echo relayed >file
		local end=
		[[ $wrapper = find* ]] && end=';'
		# shellcheck disable=SC2086,SC2090 # words
		spawn "${how[@]}" bash -c 'exec 5<file; "$@"' - $wrapper /bin/sh -c 'cat <&5' $end 2>stderr
	}
	have "${wrapper%% *}" "wrapper $wrapper" && both "wrapper $wrapper" $'^relayed\nexit 0$' relay
done

t_done
