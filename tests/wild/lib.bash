# lib.bash: what the scenarios share.  A scenario is run in an empty directory, as root, in a sandbox
# of its own (tests/wild/sandbox): it may write to /etc and /var, use any port of 127.0.0.1, and need
# not tidy up.  What it prints must be the same each time.
#
#	wait_for COMMAND...      until COMMAND succeeds; fails after 30 seconds
#	wait_gone PID            until the process has ended
#	listens PORT             true when somebody listens there (TCP)
#	try COMMAND...           run a client until it prints something; shows its output
#	x COMMAND...             with an X server of its own (Xvfb)
#	imap_server MESSAGE      Dovecot on port 1143, where user wild finds MESSAGE, as printf(1)
#	                         prints it; ended by: doveadm -c "$PWD/conf" stop
# shellcheck shell=bash
set -u

wait_for() {
	local end=$((SECONDS + 30))
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$end" ] || {
			echo "waited in vain for: $*"
			return 1
		}
		sleep 0.05
	done
}
gone() { ! kill -0 "$1" 2>/dev/null; }
wait_gone() { wait_for gone "$1"; }
listens() { grep -q ":$(printf '%04X' "$1") [0-9A-F]*:0000 0A" /proc/net/tcp /proc/net/tcp6; }
try() {
	local out end=$((SECONDS + 20))
	until out=$("$@" 2>&1) && [ -n "$out" ]; do
		[ "$SECONDS" -lt "$end" ] || break
		sleep 0.1
	done
	printf '%s\n' "$out"
}
x() {
	Xvfb :7 -screen 0 1024x768x24 -nolisten tcp >/dev/null 2>&1 &
	local server=$! status
	wait_for test -S /tmp/.X11-unix/X7
	DISPLAY=:7 "$@"
	status=$?
	kill "$server"
	return "$status"
}
imap_server() {
	useradd -m -d /mnt/home/u -s /bin/sh wild 2>/dev/null
	mkdir -p /mnt/home/u/mail/cur /mnt/home/u/mail/new /mnt/home/u/mail/tmp
	# shellcheck disable=SC2059 # it is a format
	printf "$1" >/mnt/home/u/mail/new/1.a
	chown -R wild /mnt/home/u
	cat >conf <<'C'
protocols = imap
listen = 127.0.0.1
base_dir = /run/dovecot
log_path = /tmp/dovecot.log
ssl = no
disable_plaintext_auth = no
mail_location = maildir:~/mail
passdb {
  driver = static
  args = password=secret
}
userdb {
  driver = passwd
}
service imap-login {
  inet_listener imap {
    port = 1143
  }
}
C
	dovecot -c "$PWD/conf"
	wait_for listens 1143
}
