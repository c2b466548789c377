#!/bin/bash
# MPD: music into a program
# packages: mpd mpc sox
# version: mpd --version
# says: ^heard: yes$
# leak: ^mpd > dash: socket -- the pair by which libcurl wakes itself (curl_multi_init, 7.88: no close-on-exec): so in all that uses it
. "$(dirname "$0")/lib.bash"

mkdir music
sox -n -r 44100 -c 2 music/tone.wav synth 1 sine 440
cat >conf <<C
music_directory "$PWD/music"
db_file "/run/mpd.db"
bind_to_address "127.0.0.1"
port "6600"
audio_output {
	type "pipe"
	name "it"
	command "cat >$PWD/heard"
}
C
mpd --no-daemon --stdout "$PWD/conf" >log 2>&1 &
wait_for listens 6600
mpc -q update --wait
mpc -q add tone.wav
mpc -q play
wait_for test -s heard
echo 'heard: yes'
mpc -q stop
kill %1
wait
