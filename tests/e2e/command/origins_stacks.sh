#!/bin/bash
# check --origins: stacks that are not easy to walk.
. "$(dirname "$0")/../lib.sh"
F=$B/fdfence

# The functions that opened each leak, the innermost first: "open_here deep main".
opened() { # way [argument]
	spawn -t 60 "$F" check --origins --error-exitcode 0 --format=json -o "$T/json" -- "$H/origins/stacks" "$@" >"$T/out" 2>&1
	echo "status $?" >>"$T/out"
	jq -r '.causes[].origin.opened | map(capture("\\((?<f>.*)\\)$").f // .) | join(" ")' "$T/json" 2>&1 || cat "$T/out"
}
t_like "alloca: each of two callers, though what opens lies at the same place of the stack" "$(opened alloca)" \
	'^opens_below_alloca second_caller below_alloca main'
t_like "a deep stack: its inner frames, though less of it was seen before" "$(opened deep)" '^open_here( deep){15}$'
t_like "a handler on a stack of its own, where the program's has no room left" "$(opened overflow)" '^open_here at_the_end'
for lock in dlopen dl_iterate_phdr; do
	t_is "while a $lock() holds the loader's lock: a handler in it, and another thread" \
		"$(opened $lock "$H/origins/raises" | grep -oE '^open[a-z_]* (handler|thread)' | sort)" $'open_here handler\nopens_below_alloca thread'
done
t_is "handlers that open at any time disturb no other's stack" "$(spawn -t 120 "$F" run --origins -- "$H/origins/stacks" storm)" \
	'0 wrong of many'
# Its column of docs/origins-cost.md; 24 frames at most, in a handler some of them are the handler's.
walks=$("$B/tests/bench/walks" 1 | sed -n '/^$/,$ p' | awk -F'|' 'NF > 3 && !/---/ { print $2 $(NF - 1) }' | tr -s ' ')
t_is "it walks what has no frame pointers, opens nothing, maps nothing, asks and waits for nobody" "$walks" "$(printf ' %s \n' \
	'`--origins`' 'sees, of 20 functions with frame pointers 20' '... without (-fomit-frame-pointer) 20' \
	'... in a signal handler 18' '... below alloca 20' '... in a child of vfork 20' \
	'the first walk opens descriptors in the program 0' '... and maps memory, KiB 0' \
	'... and asks dl_iterate_phdr, times 0' 'waits while another thread is in that (1: yes) 0')"
t_done
