#!/bin/bash
# VLC without a screen: a sound to another format
# packages: vlc-bin vlc-plugin-base sox
# version: dpkg-query -W -f '${Version}' vlc-bin
# says: ^it became a file$
# limit: 120
. "$(dirname "$0")/lib.bash"

sox -n -r 8000 -c 1 tone.wav synth 0.2 sine 440
chmod 1777 /tmp
timeout 60 setpriv --reuid=65534 --regid=65534 --clear-groups env HOME=/tmp cvlc -I dummy --no-dbus tone.wav \
	--sout '#transcode{acodec=s16l}:std{access=file,mux=wav,dst=/tmp/out.wav}' vlc://quit >/dev/null 2>&1
[ -s /tmp/out.wav ] && echo it became a file
