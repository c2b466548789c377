#!/bin/bash
# GNU parallel, xargs -P, moreutils: many at once
# packages: parallel moreutils
# version: parallel --version
# says: ^in parallel 3$
# quick
# leak: ^pee > dash: pipe -- pee keeps the pipes of earlier commands open in later ones
# leak: ^perl > dash: chr -- chronic's copy of /dev/null
. "$(dirname "$0")/lib.bash"

parallel --will-cite -k -j2 echo in parallel ::: 1 2 3
seq 3 | parallel --will-cite --pipe -N1 -k cat
echo text | pee cat 'tr a-z A-Z' | sort
echo more | sponge file && cat file
chronic sh -c 'echo unseen'
