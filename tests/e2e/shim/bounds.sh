#!/bin/bash
# limit: 300
# What the shim remembers in a fixed room: at the bound, and one beyond it, where what was meant
# stays and the record says that it may count for others.
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/e2e/shim/host.bash
. "$(dirname "$0")/host.bash"

bounds=$H/host/bounds
constant() { # name: its value in the sources
	grep -rhoE "^#define $1 +[0-9]+" "$root/preload" | awk '{ print $3 }'
}
# What FDLIST says, and whether the record of it is in doubt.
noted() { # case number
	rm -f "$T/log"
	fenced -n 1024 -e FDFENCE_LOG="$T/log" -e FDFENCE_LOG_WHAT=all "$bounds" "$1" "$2" "$fdlist" 2>&1
	grep -h '"into":"[^"]*fdlist"' "$T/log" | grep -o '"inexact":"[^"]*"'
}
doubt='"inexact":"what a vfork child meant counts for others too"'

# limits: vfork-children
slots=$(constant FDF_SLOTS)
t_is "$slots vfork children at once: each has its own" "$(noted children "$slots")" \
	"$((199 + slots)) open /etc/passwd"
t_is "... and one more: what it meant stays" "$(noted children $((slots + 1)))" \
	"$((200 + slots)) open /etc/passwd"
t_is '... and its record, for which there is no room either, is counted' \
	"$(grep -o '"dropped":1' "$T/log" | sort -u)" '"dropped":1'
# limits: vfork-numbers
numbers=$(constant FDF_SLOT_FDS)
t_is "number $((numbers - 1)) in a vfork child" "$(noted cleared $((numbers - 1)))" \
	"$((numbers - 1)) open /etc/passwd"
t_is "... and $numbers: what was meant stays" "$(noted cleared "$numbers")" \
	"$numbers open /etc/passwd
$doubt"
t_is "number $((numbers - 1)), closed by a vfork child, is forgotten there alone" \
	"$(noted closed $((numbers - 1)))" "$((numbers - 1)) open /etc/passwd"
t_is "... and $numbers: the parent's stays, and what the child opens there" \
	"$(noted closed "$numbers")" "$numbers open /etc/group
$numbers open /etc/passwd
$doubt"
for n in 16383 16384 19999; do
	if [ "$(ulimit -Hn)" -gt "$n" ]; then
		t_is "number $n, placed by a forked child" "$(noted placed $n)" "$n open /etc/passwd"
	else
		t_skip "number $n" "the limit is $(ulimit -Hn)"
	fi
done

for how in clone syscall; do
	t_is "what a vfork child means that has called $how is its own" \
		"$(fenced "$bounds" clones $how "$fdlist")" ''
done
# limits: pair-numbers
pairs=$(constant FDF_PAIR_FDS)
if [ "$(ulimit -Hn)" -gt $((pairs + 1)) ]; then
	t_like "a pipe's end at $((pairs - 1)), handed on" "$(fenced "$bounds" pair $((pairs - 1)) "$fdlist")" \
		"^$((pairs - 1)) open pipe"
	t_is "... and at $pairs: no sign of it is noted" "$(fenced "$bounds" pair "$pairs" "$fdlist")" ''
else
	t_skip 'pipes at high numbers' "the limit is $(ulimit -Hn)"
fi

# limits: kept-variables
kept=$(constant FDF_KEPT_MAX)
repeated() { # times: what a program says that is started with so many settings
	local i args=()
	for ((i = 0; i < $1; i++)); do args+=("FDFENCE_KEEP="); done
	spawn "$H/host/repeat" "$SHIM" "${args[@]}" -- "$fdlist" 2>&1
	echo "status $?"
}
t_is "$kept settings" "$(repeated "$kept")" 'status 0'
t_like "... and one more: sealed, with a message" "$(repeated $((kept + 1)))" \
	'^fdfence: FDFENCE_KEEP: byte 1: expected less text in all settings together; .*status 0$'
# limits: settings-text
t_is 'settings that leave no room for the rest do not kill the host' \
	"$(spawn "$H/host/repeat" "$SHIM" "FDFENCE_KEEP=1-9$(printf ',5%.0s' {1..755})" \
		"FDFENCE_RULES=# $(head -c 131040 /dev/zero | tr '\0' x)" -- "$fdlist" 2>&1 |
		sed 's/ in all.*//'; echo "status ${PIPESTATUS[0]}")" \
	'fdfence: FDFENCE_RULES: byte 1: expected less text
status 0'

# limits: environment
for n in 200 240 241 300 3000; do
	t_is "$n variables more: sealed" "$(with_fence "$bounds" variables $n "$fdlist")" 'status 0'
done

# limits: kill-rules
kill_rules() { # count: what trace says of as many rules
	local i args=()
	for ((i = 0; i < $1; i++)); do args+=(--rule "deny fd=$((100 + i))"); done
	timeout 30 "$B/fdfence" trace --kill "${args[@]}" -- /bin/true 2>&1
}
rules=$(grep -hoE '^#define FDT_RULES\s+[0-9]+' "$root/bpf/event.h" | grep -oE '[0-9]+$')
t_is "$((rules + 1)) rules for --kill" "$(kill_rules $((rules + 1)))" \
	"fdfence: trace: --kill takes at most $rules rules"
t_is "... and $rules" "$(kill_rules "$rules" | grep -c 'at most')" 0

same 'a program by its number, in a large table' 'ran' "$bounds" table /proc/self/fd/900 "$H/static/count"
ln -s /proc/self/fd/900 "$T/link"
same '... and by a link to that' 'ran' "$bounds" table "$T/link" "$H/static/count"
ln -s /proc/self/fd "$T/dir"
same '... and by a link to the directory' 'ran' "$bounds" table "$T/dir/900" "$H/static/count"
for way in open chdir script below; do
	for directory in plain fence; do mkdir "$T/$way.$directory"; done
	t_is "... and by a way that shows it nowhere: $way" \
		"$(spawn -d "$T/$way.plain" "$bounds" way $way "$H/static/count") $(fenced \
			-d "$T/$way.fence" "$bounds" way $way "$H/static/count")" 'ran ran'
done
t_done
