#!/bin/bash
# LightDM: an X server, and a session for a user who need not log in
# packages: lightdm xvfb dbus-daemon
# version: lightdm --version
# says: ^a session of wild$
# limit: 120
# leak: ^Xvfb > dash:  -- as in xterm
. "$(dirname "$0")/lib.bash"

useradd -m -d /mnt/home/u -s /bin/sh wild 2>/dev/null
mkdir -p sessions /run/dbus /run/lightdm cache
printf '#!/bin/sh\nwhile [ "$1" ] && [ "$1" != -auth ]; do shift; done\nexec Xvfb :0 -nolisten tcp -auth "$2"\n' >server
printf '#!/bin/sh\necho "a session of $(id -un)" >/mnt/home/u/said\nexec sleep 100\n' >session
chmod 755 server session
printf '[Desktop Entry]\nType=Application\nName=it\nExec=/mnt/home/session\n' >sessions/it.desktop
cat >conf <<C
[LightDM]
run-directory=/run/lightdm
cache-directory=$PWD/cache
log-directory=$PWD
sessions-directory=$PWD/sessions
user-authority-in-system-dir=true
[Seat:*]
type=local
xserver-command=$PWD/server
user-session=it
autologin-user=wild
session-setup-script=/bin/sh -c 'echo set up >/mnt/home/setup'
C
dbus-daemon --system --nofork --nopidfile >/dev/null 2>&1 &
wait_for test -S /run/dbus/system_bus_socket
lightdm -c "$PWD/conf" >log 2>&1 &
wait_for test -s u/said
cat setup u/said
kill %2
wait %2
kill %1
