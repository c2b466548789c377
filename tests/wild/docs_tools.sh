#!/bin/bash
# groff, texinfo-like tools: pipelines that a driver starts
# packages: groff-base
# version: groff --version
# says: hello
# quick
. "$(dirname "$0")/lib.bash"

printf '.TL\nhello\n.PP\nbody\n' | groff -ms -Tutf8 -t -e 2>/dev/null | grep -v '^$' | sed 's/ *$//'
