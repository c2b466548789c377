#!/bin/bash
# FreeRADIUS: a program asked while somebody logs in
# packages: freeradius freeradius-utils
# version: freeradius -v
# says: Reply-Message = "said by a program"
. "$(dirname "$0")/lib.bash"

c=/etc/freeradius/3.0
printf 'wild Cleartext-Password := "secret"\n' >$c/mods-config/files/authorize
rm -f $c/sites-enabled/inner-tunnel $c/mods-enabled/eap
cat >$c/sites-enabled/default <<'C'
server default {
	listen {
		type = auth
		ipaddr = 127.0.0.1
		port = 1812
	}
	authorize {
		files
		update reply {
			Reply-Message := `/bin/echo said by a program`
		}
		pap
	}
	authenticate {
		Auth-Type PAP {
			pap
		}
	}
}
C
freeradius -f -l "$PWD/log" &
wait_for grep -q 'Ready to process' log
radtest wild secret 127.0.0.1 0 testing123 | grep -oE 'Access-Accept|Reply-Message.*'
kill %1
wait
