#!/bin/bash
# limit: 120
# The sign `pair`: ends that are handed on by plain inheritance cross when they are named, those
# that were forgotten do not, whoever names them; each alone is no sign.
. "$(dirname "$0")/../lib.sh"

# Another user reads them too, wherever the checkout is.
chmod 755 "$T"
cp "$H/fdlist" "$SHIM" "$T"

# What of the model's numbers the child holds: R, W or both, for two channels one behind the other.
held() { # spawn options -- model words...
	local o=() list
	while [ "$1" != -- ]; do
		o+=("$1")
		shift
	done
	[ $# -eq 2 ] || o+=("$H/pairs" "$2" "$T/fdlist" 3 "${@:3}") # from 3 on
	[ $# -gt 2 ] || o+=("$H/pairs" "$2" "$T/fdlist")
	list=$(spawn "${o[@]}" 2>&1)
	cut -d' ' -f1 <<<"$list" | paste -sd' '
}
shim=(-e LD_PRELOAD="$T/libfdfence.so")

declare -A n
judge() { # kind model
	local kind=$1 model=$2 plain named not
	plain=$(held -- "$model" %R %W)
	named=$(held "${shim[@]}" -- "$model" %R %W)
	not=$(held "${shim[@]}" -- "$model")
	t_like "$model: crosses without the fence" "$plain" '^[0-9]'
	t_is "$model: never without a name" "$not" ''
	if [ "$kind" = meant ]; then
		t_is "$model: meant, and named" "$named" "$plain"
	else
		t_is "$model: forgotten, though named" "$named" ''
	fi
	n[$kind$([ -n "$named" ] && echo kept)]=$((${n[$kind$([ -n "$named" ] && echo kept)]:-0} + 1))
}
for model in fork_closes fork_sockets spawn_marked vfork_closes spawn_closes double_fork range_closes child_marks; do
	judge meant "$model"
done
forgotten=(self_pipe siblings stale stale_spawn worker on_stdio spawn_stdio replaced dup_of_cloexec no_pair maker_closes)
[ "$(id -u)" -ne 0 ] || forgotten+=(other_user)
for model in "${forgotten[@]}"; do
	judge leak "$model"
done
t_diag "all numbers named:  kept  sealed
meant                ${n[meantkept]:-0}     ${n[meant]:-0}
forgotten            ${n[leakkept]:-0}     ${n[leak]:-0}"

# --- how the number is named ---
m=fork_closes # its end is 4
named() { # name expected word...
	t_is "$1" "$(held "${shim[@]}" "${@:3}")" "$2"
}
named 'a whole argument' 4 -- $m %W
named 'an option with it' 4 -- $m --fd-of-it=%W
named 'an option with it and more' 4 -- $m --region=%W,65536
named 'a new variable' 4 -- $m CHANNEL=%W
named 'a variable with another value before' 4 -e CHANNEL=9 -- $m CHANNEL=%W
named 'no part of a word' '' -- $m x%W %Wx -f%W 0%W --a=%W-5
named 'no list of a variable' '' -- $m 'CHANNEL=%W,5'
named 'no variable that had it before' '' -e CHANNEL=4 -- $m CHANNEL=%W
named 'no variable that a client chooses' '' -- $m HTTP_X=%W
named 'nor one that sshd lets through' '' -- $m LC_X=%W
named 'nothing where a client wrote what is asked' '' -e GATEWAY_INTERFACE=CGI/1.1 -- $m %W --a=%W CHANNEL=%W
named 'not argv[0]' '' -- $m

# --- the setting, and the report ---
named 'intent=-pair' '' -e FDFENCE_INTENT=-pair -- $m %W
named 'intent=pair alone' 4 -e FDFENCE_INTENT=pair -- $m %W
named 'intent=none' '' -e FDFENCE_INTENT=none -- $m %W
spawn "$B/fdfence" check --format=json -o "$T/json" -- "$H/pairs" $m "$H/fdlist" %W >/dev/null 2>&1
t_is 'check calls it no leak' "$(jq -r .leaks "$T/json")" 0
named 'a log changes nothing' 4 -e FDFENCE_LOG="$T/log" -e FDFENCE_LOG_WHAT=all -- $m %W
t_is 'the record says why' "$(jq -r '.fds[]? | select(.fd == 4 and .reason == "pair") | "\(.verdict) \(.reason) \(.by)"' "$T/log" 2>/dev/null | sort -u)" \
	'keep pair 4'

t_done
