#!/bin/bash
# mpv: an input from a descriptor by number, a command by run
# packages: mpv sox
# version: mpv --version
# says: ^run by mpv$
. "$(dirname "$0")/lib.bash"

sox -n -r 8000 -c 1 tone.wav synth 0.2 sine 440
mpv --no-config --ao=null --vo=null --really-quiet fd://7 7<tone.wav
echo "exit $?"
cat >it.lua <<'L'
mp.commandv('run', '/bin/sh', '-c', 'echo run by mpv >/mnt/home/said')
print(mp.command_native({ name = 'subprocess', args = { 'echo', 'captured' }, capture_stdout = true }).stdout)
L
mpv --no-config --ao=null --vo=null --really-quiet --script="$PWD/it.lua" tone.wav
wait_for test -s said
cat said
