#!/bin/bash
# groff, texinfo-like tools: pipelines that a driver starts
# packages: groff-base
# version: groff --version
# says: hello
# quick
. "$(dirname "$0")/lib.bash"

printf '.nf\nhello\n.EQ\nx over y\n.EN\n' | groff -t -e -Tascii -P-c | grep -v '^$' | sed 's/ *$//'
