#!/bin/bash
# Dovecot: a login and a mailbox over IMAP
# packages: dovecot-imapd curl
# version: dovecot --version
# says: ^hello body
# limit: 120
# leak: ^doveadm > doveconf: socket -- a connection to the configuration service that doveconf opens itself
. "$(dirname "$0")/lib.bash"

imap_server 'Subject: hello\n\nhello body\n'
curl -s --user wild:secret 'imap://127.0.0.1:1143/INBOX;MAILINDEX=1;SECTION=TEXT' | tr -d '\r'
doveadm -c "$PWD/conf" reload
sleep 1
curl -s --user wild:secret 'imap://127.0.0.1:1143/INBOX;MAILINDEX=1;SECTION=TEXT' | tr -d '\r'
doveadm -c "$PWD/conf" stop
