#!/bin/bash
# clang-format, shellcheck, and lengths of files and functions, over what git tracks.
# Exits 1 and names what is off.  `make format` mends the first.

set -u
cd "$(dirname "$0")/.." || exit 1
bad=0

mapfile -t c < <(git ls-files '*.c' '*.h')
mapfile -t sh < <(
	git ls-files -s | awk '$1 == "100755" { print $4 }' | while IFS= read -r file; do
		head -n 1 "$file" | grep -q '^#!.*sh$' && echo "$file"
	done
	git ls-files '*.sh'
)
mapfile -t sh < <(printf '%s\n' "${sh[@]}" | sort -u)

for tool in clang-format shellcheck; do
	command -v "$tool" >/dev/null || {
		echo "check-style: $tool is missing (make deps)"
		exit 1
	}
done
[ ${#c[@]} -eq 0 ] || clang-format --dry-run -Werror "${c[@]}" || bad=1
[ ${#sh[@]} -eq 0 ] || shellcheck -x -P SCRIPTDIR "${sh[@]}" || bad=1

# A comment whose table was taken for prose and set again: a line that begins "*word".  And "&&"
# that was taken for a reference of C++.
if [ ${#c[@]} -ne 0 ] && grep -nE '^ \*[[:alnum:]"(]|[^& ] &&[[:alnum:]]' "${c[@]}"; then
	echo "a line that clang-format has destroyed"
	bad=1
fi

# A file beyond 400 lines holds a second idea.
for file in "${c[@]}" "${sh[@]}"; do
	lines=$(wc -l <"$file")
	[ "$lines" -le 400 ] || { echo "$file: $lines lines (400 at most)"; bad=1; }
done

# A function beyond 60 lines, in kernel style: from a line "{" to a line "}".
[ ${#c[@]} -eq 0 ] || awk '
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
exit "$bad"
