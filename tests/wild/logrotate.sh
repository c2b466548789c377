#!/bin/bash
# logrotate: compression and scripts
# packages: logrotate
# version: logrotate --version
# says: ^post-rotation$
# quick
# leak: ^logrotate > (dash|gzip): file w -- the state file stays open, for writing, in scripts
# leak: ^logrotate > gzip: (file rw|pipe) -- the rotated file and the read end of its errors, beside what stands on 0, 1 and 2
. "$(dirname "$0")/lib.bash"

echo line >log
cat >conf <<C
$PWD/log {
	rotate 2
	compress
	prerotate
		echo pre-rotation
	endscript
	postrotate
		echo post-rotation
	endscript
}
C
logrotate -f -s state conf
zcat log.1.gz
