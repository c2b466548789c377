#!/bin/bash
# CUPS: a job through a filter to a backend of its own
# packages: cups cups-client
# version: dpkg-query -W -f '${Version}' cups-daemon
# says: ^printed: hello$
# limit: 120
# leak: ^cupsd > cups-exec: anon -- the scheduler's epoll instance, in every filter and backend
. "$(dirname "$0")/lib.bash"

cp -r /usr/lib/cups /tmp/cups
printf '#!/bin/sh\n[ $# = 0 ] && exit\ncat ${6:+"$6"} >/tmp/printed\n' >/tmp/cups/backend/wild
chmod 700 /tmp/cups/backend/wild
chmod 1777 /tmp
printf 'ServerBin /tmp/cups\nSystemGroup root\n' >/etc/cups/cups-files.conf
printf 'Listen 127.0.0.1:1631\n<Location />\nOrder allow,deny\nAllow all\n</Location>\n<Policy default>\n<Limit All>\nOrder deny,allow\n</Limit>\n</Policy>\n' >/etc/cups/cupsd.conf
cupsd -f &
wait_for listens 1631
export CUPS_SERVER=127.0.0.1:1631
lpadmin -p it -E -v wild:/ -m raw 2>/dev/null
echo hello >text
lp -d it -s text
wait_for grep -q hello /tmp/printed
echo "printed: $(cat /tmp/printed)"
kill %1
wait
