#!/bin/bash
# limit: 400
# The quick ones of tests/suites/ (make check-suites runs all): one case a suite.
. "$(dirname "$0")/lib.sh"

export FDF_BUILD=$B
out=$("$root/tests/suites/run" -q 2>&1)
while read -r word name text; do
	case $word in
	ok) t_pass "$name: $text" ;;
	skip) t_skip "$name" "${text#skipped: }" ;;
	FAILED) t_fail "$name" "$out" ;;
	esac
done <<<"$out"
t_like 'a total is given' "$(tail -n 1 <<<"$out")" '^[0-9]+ passed, 0 failed, [0-9]+ skipped$'
t_done
