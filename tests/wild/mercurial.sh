#!/bin/bash
# Mercurial: hooks, a clone over its place holder of ssh, an editor, an external diff
# packages: mercurial
# version: hg --version
# says: ^hook ran$
. "$(dirname "$0")/lib.bash"

export HGRCPATH=$PWD/hgrc
cat >hgrc <<C
[ui]
username = a
ssh = $PWD/ssh
editor = sh -c 'echo edited >\$1' sh
[extensions]
extdiff =
[hooks]
commit = echo hook ran
C
printf '#!/bin/sh\nshift; exec sh -c "$*"\n' >ssh && chmod 755 ssh
hg init repo
cd repo || exit
echo content >file
hg commit -qA -d '0 0'
hg log -T '{desc}\n'
echo more >>file
hg extdiff -p cat -o '' 2>&1 | grep -v '^making'
hg clone -q "ssh://host/$PWD" ../copy
cat ../copy/file
hg serve -d -p 8000 -a 127.0.0.1 --pid-file ../pid >/dev/null
wait_for listens 8000
hg clone -q http://127.0.0.1:8000/ ../web
cat ../web/file
kill "$(cat ../pid)"
