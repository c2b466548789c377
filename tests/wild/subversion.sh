#!/bin/bash
# Subversion: hooks, svnserve as a daemon and as a tunnel
# packages: subversion
# version: svn --version
# says: ^over the tunnel: content$
. "$(dirname "$0")/lib.bash"

svnadmin create repo
printf '#!/bin/sh\necho "hook: revision $2" >>/mnt/home/said\n' >repo/hooks/post-commit
chmod 755 repo/hooks/post-commit
printf '[general]\nanon-access = write\n' >repo/conf/svnserve.conf
printf '#!/bin/sh\nshift; exec sh -c "$*"\n' >ssh && chmod 755 ssh
svnserve -d --foreground --listen-host 127.0.0.1 -r "$PWD" &
wait_for listens 3690
svn checkout -q svn://127.0.0.1/repo work
echo content >work/file
svn add -q work/file
svn commit -q -m message work
cat said
echo "over the daemon: $(svn cat svn://127.0.0.1/repo/file)"
echo "over the tunnel: $(SVN_SSH=$PWD/ssh svn cat "svn+ssh://host$PWD/repo/file")"
echo more >>work/file
svn diff --diff-cmd diff -x -u work/file | tail -n 1
kill %1
wait
