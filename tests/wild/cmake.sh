#!/bin/bash
# CMake and Ninja: configure and build; execute_process
# packages: cmake ninja-build gcc
# version: cmake --version
# says: ^it works$
# limit: 120
# leak: ^ninja > dash: pipe -- ninja keeps the pipes of its other jobs open in each
. "$(dirname "$0")/lib.bash"

mkdir src && cat >src/CMakeLists.txt <<'C'
cmake_minimum_required(VERSION 3.20)
project(it C)
execute_process(COMMAND echo executed OUTPUT_VARIABLE out OUTPUT_STRIP_TRAILING_WHITESPACE)
message(STATUS "said: ${out}")
add_executable(it it.c)
C
echo 'int puts(const char *); int main(void) { puts("it works"); }' >src/it.c
cmake -G Ninja -S src -B out | grep said
cmake --build out | grep -c Linking
out/it
