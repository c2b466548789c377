#!/bin/bash
# vsftpd: a file for an anonymous user
# packages: vsftpd curl
# version: dpkg-query -W -f '${Version}' vsftpd
# says: ^content$
. "$(dirname "$0")/lib.bash"

mkdir -p /run/vsftpd/empty srv
chmod 755 . srv && echo content >srv/file
printf 'listen=YES\nlisten_address=127.0.0.1\nlisten_port=2121\nanonymous_enable=YES\nanon_root=%s/srv\nsecure_chroot_dir=/run/vsftpd/empty\nbackground=NO\nseccomp_sandbox=NO\n' "$PWD" >conf
vsftpd "$PWD/conf" &
wait_for listens 2121
try curl -s ftp://127.0.0.1:2121/file
kill %1
