#!/bin/bash
# CUPS: a job through filters to a backend
# packages: cups cups-client
# version: cupsd -h; dpkg-query -W -f '${Version}' cups-daemon
# says: ^printed: hello$
# limit: 120
. "$(dirname "$0")/lib.bash"

printf '#!/bin/sh\n[ $# = 0 ] && exit\ncat ${6:+"$6"} >/var/spool/cups/printed\n' >/usr/lib/cups/backend/wild 2>/dev/null
d=/var/lib/backend; mkdir -p $d
printf 'FileDevice Yes\nSystemGroup root\n' >/etc/cups/cups-files.conf
printf 'Listen 127.0.0.1:1631\nListen /run/cups.sock\n<Location />\nOrder allow,deny\nAllow all\n</Location>\n<Policy default>\n<Limit All>\nOrder deny,allow\n</Limit>\n</Policy>\n' >/etc/cups/cupsd.conf
rm -f /usr/lib/cups/backend/wild
chmod 1777 /tmp
cupsd -f &
wait_for listens 1631
export CUPS_SERVER=127.0.0.1:1631
touch /tmp/printed && chmod 666 /tmp/printed
lpadmin -p it -E -v file:/tmp/printed -m raw 2>/dev/null
echo hello | lp -d it -s
wait_for grep -q hello /tmp/printed
echo "printed: $(cat /tmp/printed)"
kill %1
wait
