#!/bin/bash
# Meson and Ninja: configure, build, test
# packages: meson ninja-build gcc
# version: meson --version
# says: ^Ok: +1
# limit: 120
# leak: ^ninja > dash: pipe -- as in cmake
. "$(dirname "$0")/lib.bash"

printf "project('it', 'c')\ntest('it', executable('it', 'it.c'))\nmessage(run_command('echo', 'run', check: true).stdout())\n" >meson.build
echo 'int main(void) { return 0; }' >it.c
meson setup out | grep -c '^Message: run'
ninja -C out | tail -n 1 | grep -c Linking
meson test -C out 2>/dev/null | grep -E '^Ok:'
