#!/bin/bash
# logrotate: compression and scripts
# packages: logrotate
# version: logrotate --version
# says: ^post-rotation$
# quick
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
