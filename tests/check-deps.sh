#!/bin/bash
# The dependency rule: preload/core/ includes nothing of ours outside itself; bpf/event.h
# nothing of ours; preload/ never tools/ or bpf/; only tools/ may use both.  Exits 1 and
# names each include that breaks it.

set -u
cd "$(dirname "$0")/.." || exit 1
bad=0

# Names of a file's own includes (quoted ones).
includes() {
	sed -n 's/^[ \t]*#[ \t]*include[ \t]*"\([^"]*\)".*/\1/p' "$1"
}

# The file that an include names, seen from the file that includes it.
resolve() { # file name
	local dir
	for dir in "$(dirname "$1")" . preload preload/core tools bpf docs; do
		if [ -e "$dir/$2" ]; then
			realpath --relative-to=. "$dir/$2"
			return
		fi
	done
	echo "$2"
}

refuse() { # file name why
	echo "$1: includes \"$2\": $3"
	bad=1
}

shopt -s nullglob globstar
for file in preload/**/*.[chS] bpf/**/*.[ch] tools/**/*.[ch]; do
	while IFS= read -r name; do
		target=$(resolve "$file" "$name")
		case $file:$target in
		preload/core/*:preload/core/*) ;;
		preload/core/*) refuse "$file" "$name" "core includes nothing outside itself" ;;
		bpf/event.h:*) refuse "$file" "$name" "the kernel ABI includes nothing of ours" ;;
		preload/*:tools/* | preload/*:bpf/*) refuse "$file" "$name" "the shim uses neither tools/ nor bpf/" ;;
		bpf/*:tools/* | bpf/*:preload/*) refuse "$file" "$name" "bpf/ stands alone" ;;
		tools/*:preload/core/* | tools/*:*.skel.h) ;;
		tools/*:preload/*) refuse "$file" "$name" "of the shim, tools/ may use preload/core/ only" ;;
		esac
	done < <(includes "$file")
done

# The core is freestanding: no header of libc beyond those that a compiler brings.
for file in preload/core/*.[ch]; do
	while IFS= read -r name; do
		case $name in
		stdbool.h | stddef.h | stdint.h | limits.h | stdarg.h | stdalign.h) ;;
		*) refuse "$file" "<$name>" "core is freestanding" ;;
		esac
	done < <(sed -n 's/^[ \t]*#[ \t]*include[ \t]*<\([^>]*\)>.*/\1/p' "$file")
done
exit "$bad"
