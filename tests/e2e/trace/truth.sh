#!/bin/bash
# Ground truth: every kind of descriptor that this kernel offers, as the tracer
# tells it and as the process that was given it sees it, field by field.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/e2e/trace/lib.bash
. "$(dirname "$0")/lib.bash"

trace_or_skip

# One descriptor a line, without what the tracer decided.
fields() {
	sed 's/^.*"fds":\[//; s/},{"fd":/}\n{"fd":/g' | sed 's/^,//; s/,"verdict":.*$//'
}

mkdir "$T/f"
spawn "$B/fdfence" trace -q --intent none --format json -o "$T/f/json" -- \
	"$H/trace/factory" "$T/f/kinds" "$T/f/truth" 2>"$T/f/err"
t_is "the tracer ends with the command's status and nothing lost" "$? $(cat "$T/f/err")" "0 "
grep '"argv":\["factory"' "$T/f/json" | fields >"$T/f/told"
fields <"$T/f/truth" >"$T/f/seen"

opened=$(grep -c '^[0-9]' "$T/f/kinds")
t_ok "this kernel offers at least 80 descriptors ($opened)" test "$opened" -ge 80
t_is "as many descriptors are told as were given" "$(wc -l <"$T/f/told")" "$(wc -l <"$T/f/seen")"
t_is "no field of any descriptor differs" "$(cat "$T/f/told")" "$(cat "$T/f/seen")"
t_ok "every descriptor that the factory opened is among them" \
	awk -F'[ :,]' 'NR == FNR { if ($1 != "-") want[$1]; next }
		{ delete want[$2] } END { for (i in want) { print "missing", i; bad = 1 } exit bad }' \
	"$T/f/kinds" "$T/f/seen"
t_diag "$opened descriptors, $(grep -o '"[a-z]*":' "$T/f/seen" | wc -l) fields; not offered here:" \
	"$(sed -n 's/^- //p' "$T/f/kinds" | sed 's/ No such.*\| Address family.*\| Protocol not.*//' | paste -sd';')"
t_done
