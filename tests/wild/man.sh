#!/bin/bash
# man: a page through its pipeline, and apropos
# packages: man-db groff-base
# version: man --version
# says: ^WILD
# quick
. "$(dirname "$0")/lib.bash"

mkdir -p man/man1
printf '.TH WILD 1\n.SH NAME\nwild \\- a page\n.SH DESCRIPTION\nhello\n' >man/man1/wild.1
man -M "$PWD/man" wild 2>/dev/null | sed 's/ *$//' | head -n 6
mandb -q -c man 2>/dev/null
man -M "$PWD/man" -k wild 2>/dev/null
