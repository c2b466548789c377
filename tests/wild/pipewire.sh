#!/bin/bash
# PipeWire: its daemon, which starts programs of its configuration
# packages: pipewire pipewire-bin
# version: pipewire --version
# says: ^started by its configuration$
. "$(dirname "$0")/lib.bash"

export XDG_RUNTIME_DIR=/tmp/x
mkdir -m 700 /tmp/x
printf '#!/bin/sh\necho started by its configuration >/mnt/home/said\n' >script
chmod 755 script
cat >it.conf <<'C'
context.properties = { core.daemon = true core.name = pipewire-0 }
context.spa-libs = { support.* = support/libspa-support }
context.modules = [ { name = libpipewire-module-protocol-native } { name = libpipewire-module-access } ]
context.objects = [ ]
stream.properties = { }
context.exec = [ { path = "/mnt/home/script" args = "" } ]
C
pipewire -c "$PWD/it.conf" >log 2>&1 &
wait_for test -s said
cat said
pw-cli info 0 | grep -c 'pipewire-0' | sed 's/[1-9]/it answers/'
kill %1
wait
