#!/bin/bash
# One describer: the same leak reads the same in check, explain, trace, its summary and a
# snapshot, for every kind of descriptor that this kernel offers.
# limit: 900
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/e2e/trace/lib.bash
. "$(dirname "$0")/lib.bash"

trace_or_skip
factory=$H/trace/factory
mkdir "$T/f"

# What is new each time is masked: namespaces, pseudo terminals, an abstract name, a vsock port.
masked() {
	sed -E 's/:\[[0-9]{10}\]/:[*]/; s,/dev/pts/[0-9]+,/dev/pts/*,; s/( factory) [0-9]+/\1 */
		s/(vsock stream [0-9]+:)[0-9]+/\1*/; s/ +$//' | sort
}

# Run fdfence on the factory.
made() { # [-s "FIRST LAST"] fdfence argument...
	local slice=
	[ "$1" = -s ] && { slice=$2; shift 2; }
	rm -rf "$T/f/"*
	# shellcheck disable=SC2086 # two numbers
	spawn "$B/fdfence" "$@" -- "$factory" "$T/f/kinds" "$T/f/truth" $slice 2>&1
}
# A record of the fence has no room for all of them.
in_slices() { # fdfence argument...
	local first
	for ((first = 3; first < 23 + n; first += 20)); do # there may be gaps
		made -s "$first $((first + 19))" "$@"
	done
}

# "TYPE  WHAT" of each row that goes from the factory into itself, as often as COUNT says.
rows() { # column of TYPE, column of COUNT (0: once)
	awk -F'  +' -v type="$1" -v count="$2" '{ sub(/^ +/, "") } /\/factory  / && !/ clean/ {
		for (i = 0; i < (count ? $count + 0 : 1); i++) print $type "  " $(type + 1) }' | masked
}

said_by_trace() {
	made trace -q --intent none --columns FROM,INTO,VERDICT,TYPE,WHAT | rows 4 0
}
said_by_summary() {
	made trace -q --intent none --summary | rows 6 1
}
said_by_check() {
	in_slices check --intent none | rows 5 7
}
# Its lines have one blank between the two, and a pipe is said once.
said_by_explain() {
	in_slices explain --intent none | awk '/^[0-9]+ .* -> / { of_child = /\/factory -> .*\/factory/ } of_child' |
		sed -nE 's/^ +[0-9]+ +seal +(.*): nobody meant it$/\1/p' |
		sed -E 's/^pipe [rw]$/& pipe/; s/^([a-z]+( (r|w|rw|path))?) /\1  /' | masked
}
# The child holds all of it until it is ended; it has told all of it when the pipe ends.
said_by_snapshot() {
	local parent
	rm -rf "$T/f/"*
	mkfifo "$T/f/truth"
	spawn -e FACTORY_STAYS=1 "$factory" "$T/f/kinds" "$T/f/truth" &
	parent=$!
	timeout 120 cat "$T/f/truth" >/dev/null
	"$B/fdfence" trace -q --snapshot --pid "$parent" --exe "$factory" --columns FROM,TYPE,WHAT | rows 2 0
	kill "$(pgrep -P "$(pgrep -P "$parent")")"
	wait "$parent"
}

said_by_trace >"$T/trace"
n=$(wc -l <"$T/trace")
t_ok "trace tells at least 80 descriptors ($n)" test "$n" -ge 80
t_is "explain says the same of each" "$(said_by_explain)" "$(cat "$T/trace")"
t_is "... so does --summary" "$(said_by_summary)" "$(cat "$T/trace")"
t_is "... and --snapshot" "$(said_by_snapshot)" "$(cat "$T/trace")"
t_is "... and check" "$(said_by_check)" "$(cat "$T/trace")"
t_done
