#!/bin/bash
# Autoconf and Automake: a configure script made, run, and its tests in parallel
# packages: autoconf automake gcc make
# version: autoconf --version
# says: ^# PASS: +1
# limit: 240
. "$(dirname "$0")/lib.bash"

printf 'AC_INIT([it],[1])\nAM_INIT_AUTOMAKE([foreign])\nAC_PROG_CC\nAC_CONFIG_FILES([Makefile])\nAC_OUTPUT\n' >configure.ac
printf 'bin_PROGRAMS = it\nit_SOURCES = it.c\nTESTS = it\n' >Makefile.am
echo 'int main(void) { return 0; }' >it.c
autoreconf -i >/dev/null 2>&1
./configure -q && make -s -j2 check 2>&1 | grep '^# [A-Z]*:'
