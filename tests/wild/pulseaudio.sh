#!/bin/bash
# PulseAudio: a daemon that is started by its client, a null sink
# packages: pulseaudio pulseaudio-utils
# version: pulseaudio --version
# says: module-null-sink
# limit: 90
. "$(dirname "$0")/lib.bash"

export XDG_RUNTIME_DIR=/tmp/x
mkdir -m 700 /tmp/x
pulseaudio -n --daemonize=no --exit-idle-time=-1 -L module-native-protocol-unix -L module-null-sink >/dev/null 2>&1 &
wait_for pactl info
pactl list short sinks | grep -o 'module-null-sink' | head -n 1
head -c 100000 /dev/zero >raw
pacat --raw raw 2>&1 | head -n 1
pactl exit
wait
