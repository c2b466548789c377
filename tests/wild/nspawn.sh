#!/bin/bash
# systemd-nspawn: a program in a container of this machine's own files
# packages: systemd-container
# version: systemd-nspawn --version
# says: ^(in the container|it cannot run here)$
. "$(dirname "$0")/lib.bash"

timeout 30 systemd-nspawn -q --register=no --keep-unit -D / --volatile=no --read-only --pipe echo in the container 2>err ||
	echo it cannot run here
