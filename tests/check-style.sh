#!/bin/bash
# What holds over all that git tracks:  tests/check-style.sh [WHAT...]
#
#	format    clang-format (`make format` mends it), and no comment that it has destroyed
#	shell     shellcheck, and which Python tests run
#	length    files of 400 lines, functions of 60
#	rooms     who may include and call whom: tests/rooms, tests/rooms.txt
#	names     what comments and documents name is there: tests/names
#
# All of them without WHAT.  Exits 1 and names what is off.

set -u
cd "$(dirname "$0")/.." || exit 1

mapfile -t c < <(git ls-files '*.c' '*.h')
mapfile -t sh < <(
	git ls-files -s | awk '$1 == "100755" { print $4 }' | while IFS= read -r file; do
		head -n 1 "$file" | grep -q '^#!.*sh$' && echo "$file"
	done
	git ls-files '*.sh' '*.bash'
)
mapfile -t sh < <(printf '%s\n' "${sh[@]}" | sort -u)

need() { # tool
	command -v "$1" >/dev/null || {
		echo "check-style: $1 is missing (make deps)"
		exit 1
	}
}

check_format() {
	local bad=0
	need clang-format
	# Another version has other ideas.
	if clang-format --version | grep -q 'version 14\.'; then
		clang-format --dry-run -Werror "${c[@]}" || bad=1
	else
		echo "check-style: the sources are formatted by clang-format 14, which this is not: format not looked at" >&2
	fi
	# A table that was set as prose has lines that begin with "*word"; an "&&" may be taken for a
	# reference of C++.
	if grep -HnE '^ \*[[:alnum:]"(]|[^& ] &&[[:alnum:]]' "${c[@]}"; then
		echo "a line that clang-format has destroyed"
		bad=1
	fi
	return "$bad"
}

check_shell() {
	need shellcheck
	shellcheck -x -P SCRIPTDIR "${sh[@]}" || return 1
	# What the caller has in front of it (a shim of pyenv) starts programs of its own.
	if git grep -nE '(^|[^/[:alnum:]_-])python3[[:space:]]' -- tests/e2e tests/helpers; then
		echo "tests run /usr/bin/python3"
		return 1
	fi
}

# A file beyond 400 lines holds a second idea; so does a function beyond 60, in kernel style: from
# a line "{" to a line "}".
check_length() {
	local bad=0 file lines
	for file in "${c[@]}" "${sh[@]}" $(git ls-files tests/rooms tests/names tests/mutate); do
		lines=$(wc -l <"$file")
		[ "$lines" -le 400 ] || { echo "$file: $lines lines (400 at most)"; bad=1; }
	done
	awk '
		FNR == 1 { open = 0 }
		/^\{$/ { open = FNR }
		/^\}$/ && open {
			if (FNR - open > 60) {
				print FILENAME ":" open ": a function of " FNR - open " lines (60 at most)"
				bad = 1
			}
			open = 0
		}
		END { exit bad }' "${c[@]}" || bad=1
	return "$bad"
}

check_rooms() {
	need /usr/bin/python3
	tests/rooms check
}

check_names() {
	need /usr/bin/python3
	tests/names
}

bad=0
[ $# -gt 0 ] || set -- format shell length rooms names
for what; do
	declare -F "check_$what" >/dev/null || { echo "check-style: no such check: $what"; exit 1; }
	"check_$what" || bad=1
done
exit "$bad"
