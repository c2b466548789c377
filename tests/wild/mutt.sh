#!/bin/bash
# mutt: sends through a sendmail of its own, runs a filter
# packages: mutt
# version: mutt -v
# says: ^Subject: hello$
. "$(dirname "$0")/lib.bash"

printf '#!/bin/sh\ncat >/mnt/home/sent\n' >sendmail && chmod 755 sendmail
echo body | mutt -n -F /dev/null -e "set sendmail=$PWD/sendmail" -e 'set copy=no' -s hello a@localhost
wait_for grep -q body sent
grep -E '^Subject|^body' sent
