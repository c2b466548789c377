#!/bin/sh
# Two files of the project compiled one after another, and a shared object linked.
T=$(mktemp -d) || exit 1
trap 'rm -rf "$T"' EXIT
for f in glob ranges; do
	gcc -I. -D_GNU_SOURCE -O1 -fPIC -c -o "$T/$f.o" "preload/core/$f.c" || exit 1
done
gcc -shared -nostdlib -o "$T/core.so" "$T"/*.o
