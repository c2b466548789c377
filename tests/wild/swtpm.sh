#!/bin/bash
# swtpm: its setup program starts it with a socket pair by number
# packages: swtpm swtpm-tools
# version: swtpm --version
# says: Successfully
# limit: 120
# leak: ^swtpm_setup > swtpm:  -- the ends of its own parent, beside those that it passes
. "$(dirname "$0")/lib.bash"

mkdir tpm
swtpm_setup --tpm2 --tpmstate "$PWD/tpm" --config /dev/null 2>&1 | grep -o 'Successfully.*'
ls tpm
