#!/bin/bash
# Kakoune: a filter, a shell in a command, a buffer filled from a fifo
# packages: kakoune
# version: dpkg-query -W -f '${Version}' kakoune
# says: ^from the shell$
. "$(dirname "$0")/lib.bash"

printf 'b\na\n' >text
timeout 30 kak -n -ui dummy -e 'execute-keys <percent>|sort<ret>; write; nop %sh{ echo from the shell >/mnt/home/said }; quit!' text
cat text said
