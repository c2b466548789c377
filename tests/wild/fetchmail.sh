#!/bin/bash
# fetchmail and procmail: a message from a mailbox to a program
# packages: fetchmail procmail dovecot-imapd
# version: fetchmail --version
# says: ^piped: hello body$
# limit: 120
# leak: ^doveadm > doveconf: socket -- as in dovecot
# leak: ^fetchmail > dash: socket -- the authenticated connection to the mailbox, in the program that delivers
. "$(dirname "$0")/lib.bash"

imap_server 'From: a@localhost\nTo: wild@localhost\nSubject: hello\n\nhello body\n'
cat >rc <<'C'
:0 c
| sed -n 's/^hello body/piped: &/p' >/mnt/home/said
:0
/mnt/home/mbox
C
cat >fetchmailrc <<'C'
poll 127.0.0.1 service 1143 protocol imap user wild password secret sslproto ''
	mda "/usr/bin/procmail /mnt/home/rc"
	preconnect "echo before >/mnt/home/before"
C
chmod 700 fetchmailrc
fetchmail -s -f fetchmailrc
wait_for test -s mbox
cat before said
grep '^Subject' mbox
doveadm -c "$PWD/conf" stop
