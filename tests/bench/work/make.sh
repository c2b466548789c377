#!/bin/sh
# Some files of the project by make -j2, each file by its own recipe.
T=$(mktemp -d) || exit 1
trap 'rm -rf "$T"' EXIT
make -s -j2 -f tests/bench/work/project.mk OUT="$T" >/dev/null
