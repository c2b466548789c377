#!/bin/bash
# SCons: a build, and a command
# packages: scons gcc
# version: scons --version
# says: ^it works$
. "$(dirname "$0")/lib.bash"

echo 'Program("it.c"); Command("said", [], "echo said > $TARGET")' >SConstruct
echo 'int puts(const char *); int main(void) { puts("it works"); }' >it.c
scons -Q -j2 | sort
./it
