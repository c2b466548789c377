#!/bin/sh
# What a configure script does most: small tools in pipes and substitutions, and one compile.
T=$(mktemp -d) || exit 1
trap 'rm -rf "$T"' EXIT
for name in $(sed -n 's/^#include <\(.*\)>.*/\1/p' preload/*/*.c | sort -u | head -n 6); do
	var=$(echo "ac_cv_header_$name" | sed 's/[^a-zA-Z0-9_]/_/g' | tr '[:lower:]' '[:upper:]')
	expr "x$name" : 'x.*\.h$' >/dev/null || continue
	echo "#define $var 1" >>"$T/confdefs.h"
	awk '{ n++ } END { print n }' "$T/confdefs.h" >/dev/null
	grep -q "$var" "$T/confdefs.h" || exit 1
done
printf 'int main(void) { return 0; }\n' >"$T/conftest.c"
cc -c -o "$T/conftest.o" "$T/conftest.c" || exit 1
sed -e 's/^#define \(.*\) 1/\1/' "$T/confdefs.h" | sort | uniq | wc -l >/dev/null
