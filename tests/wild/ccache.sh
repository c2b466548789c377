#!/bin/bash
# ccache and distcc: a compilation through both
# packages: ccache distcc gcc
# version: ccache --version
# says: ^it works$
# leak: ^distccd > .*:  -- the compiler holds the client's connection and the file of its errors
# leak: ^distcc > .*: file -- the lock of a slot: a compiler that hangs keeps it
. "$(dirname "$0")/lib.bash"

export CCACHE_DIR=$PWD/cache DISTCC_DIR=$PWD/distcc DISTCC_HOSTS='127.0.0.1:3632'
echo 'int puts(const char *); int main(void) { puts("it works"); }' >it.c
update-distcc-symlinks >/dev/null 2>&1
distccd --daemon --no-detach --allow 127.0.0.1 --listen 127.0.0.1 --log-file=log --user nobody >/dev/null 2>&1 &
wait_for listens 3632
ccache gcc -c it.c -o it.o && ccache gcc -c it.c -o it.o && gcc it.o -o it && ./it
mkdir distcc
distcc gcc -c it.c -o other.o 2>/dev/null && gcc other.o -o other && ./other
kill %1
