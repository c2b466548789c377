#!/bin/sh
# A small repository from nothing: init, add, commit, log, diff, a clean filter.
T=$(mktemp -d) || exit 1
trap 'rm -rf "$T"' EXIT
export HOME="$T" GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org
export GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.org
cp -r preload "$T/tree" && cd "$T/tree" || exit 1
git init -q -b main . || exit 1
git config filter.id.clean cat
echo '*.def filter=id' >.gitattributes
git add . && git commit -q -m all || exit 1
echo >>fence/fence.h
git diff >/dev/null
git log --stat >/dev/null
