#!/bin/bash
# Dovecot: a login and a mailbox over IMAP
# packages: dovecot-imapd curl
# version: dovecot --version
# says: ^hello body
# limit: 120
# leak: ^doveadm > doveconf: socket -- a connection to the configuration service that doveconf opens itself
. "$(dirname "$0")/lib.bash"

useradd -m -d /mnt/home/u -s /bin/sh wild 2>/dev/null
mkdir -p /mnt/home/u/mail/cur /mnt/home/u/mail/new /mnt/home/u/mail/tmp
printf 'Subject: hello\n\nhello body\n' >/mnt/home/u/mail/new/1.a
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
curl -s --user wild:secret 'imap://127.0.0.1:1143/INBOX;MAILINDEX=1;SECTION=TEXT' | tr -d '\r'
doveadm -c "$PWD/conf" reload
sleep 1
curl -s --user wild:secret 'imap://127.0.0.1:1143/INBOX;MAILINDEX=1;SECTION=TEXT' | tr -d '\r'
doveadm -c "$PWD/conf" stop
