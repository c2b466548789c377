#!/bin/bash
# D-Bus: a session, a service that is activated by name
# packages: dbus dbus-daemon libglib2.0-bin python3-dbus python3-gi
# version: dbus-daemon --version
# says: activated
. "$(dirname "$0")/lib.bash"

export XDG_DATA_HOME=$PWD/data XDG_DATA_DIRS=$PWD/data
mkdir -p data/dbus-1/services
cat >service.py <<'P'
import dbus, dbus.service, dbus.mainloop.glib
from gi.repository import GLib
dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
class It(dbus.service.Object):
    @dbus.service.method('org.example.It', out_signature='s')
    def Say(self):
        return 'activated'
bus = dbus.SessionBus()
name = dbus.service.BusName('org.example.It', bus)
It(bus, '/')
GLib.MainLoop().run()
P
printf '[D-BUS Service]\nName=org.example.It\nExec=/usr/bin/python3 %s/service.py\n' "$PWD" >data/dbus-1/services/org.example.It.service
dbus-run-session -- gdbus call --session -d org.example.It -o / -m org.example.It.Say 2>/dev/null
