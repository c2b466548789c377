#!/bin/sh
# Writes the table of conventions in docs/intent.md anew from preload/core/conventions.tsv:
#	tests/conventions-table.sh
# The test of conventions fails while the two differ.
set -eu
cd "$(dirname "$0")/.."
doc=docs/intent.md
new=$(mktemp)
trap 'rm -f "$new"' EXIT
awk -F '\t' '
	function cell(s) {
		gsub(/[|*_<>\\`]/, "\\\\&", s)
		return s
	}
	NR == FNR {
		print
		if ($0 == "<!-- from preload/core/conventions.tsv -->")
			nextfile
		next
	}
	FNR == 1 {
		print "| who | where | pattern | keeps | source | by |"
		print "|---|---|---|---|---|---|"
		next
	}
	{
		printf "| %s | %s | %s | %s | %s | %s |\n", cell($1), cell($2), cell($3), cell($5),
			cell($6), cell($9)
	}
' "$doc" preload/core/conventions.tsv >"$new"
cat "$new" >"$doc"
