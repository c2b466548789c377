#!/bin/bash
# git: its daemon, hooks, push over ssh's place holder, submodule, rebase --exec
# packages: git
# version: git --version
# says: ^cloned from the daemon: content$
# quick
# leak: ^git > (git|pre-push): pipe -- git marks its own end of a pipe and forgets the other: pack-objects and hooks hold ends of the push that runs
# leak: ^git > git: socket -- index-pack gets the connection to the server, which it never asks
. "$(dirname "$0")/lib.bash"

export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b
export GIT_AUTHOR_DATE='2020-01-01 00:00 +0000' GIT_COMMITTER_DATE='2020-01-01 00:00 +0000'
export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=init.defaultBranch GIT_CONFIG_VALUE_0=main
git init -q work && cd work || exit
echo content >file && git add file && git commit -qm first
printf '#!/bin/sh\necho hook: $(basename $0)\n' | tee .git/hooks/pre-push >.git/hooks/post-commit
chmod 755 .git/hooks/*
echo more >>file && git commit -qam second
git clone -q --bare . ../bare.git
printf '#!/bin/sh\ncat >/dev/null; echo hook: post-receive\n' >../bare.git/hooks/post-receive
chmod 755 ../bare.git/hooks/post-receive
git remote add origin "ssh://host$(cd .. && pwd)/bare.git"
printf '#!/bin/sh\nshift; while case $1 in -*) true;; *) false;; esac; do shift; done; exec sh -c "$*"\n' >../ssh
chmod 755 ../ssh
echo third >>file && git commit -qam third
GIT_SSH=$PWD/../ssh GIT_SSH_VARIANT=simple git push -q origin main 2>&1 | sed 's/ *$//'
git rebase -q --exec 'echo executed' HEAD~1 2>&1 | tr '\r' '\n' | grep -c executed
git -c alias.it='!echo an alias' it
git gc -q && git fsck 2>&1 | tail -n 1
cd .. && git daemon --listen=127.0.0.1 --port=9418 --export-all --base-path="$PWD" --reuseaddr &
wait_for listens 9418
git clone -q git://127.0.0.1/bare.git got
echo "cloned from the daemon: $(head -n 1 got/file)"
kill %1
