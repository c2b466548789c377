#!/bin/bash
# fdfence system: a week of reports first, then rules, then sealing, as docs/system.md has it.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/system.bash"

conf=$R/etc/fdfence.conf
install -d -m 1777 "$R/var/log" && install -m 622 /dev/null "$R/var/log/fdfence.jsonl"
printf 'set MODE=report\nset INTENT=none\nset LOG=/var/log/fdfence.jsonl\n' >"$conf"
t_like 'report first: enable' "$(fsystem enable)" '= 0$'
mkdir -p "$R/proc"
with_proc() { # command...: a record has the name of a file from there
	# shellcheck disable=SC2016 # for the shell there
	unshare --mount sh -c 'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"' "$R" "$@" 2>&1
}
t_like '... nothing is sealed' "$(with_proc sh -c "$leak")" 'leaked'
mkdir "$R/etc/fdfence.d"
t_is '... what leaked becomes rules' "$("$F" report --gen-rules -o "$R/etc/fdfence.d/meant.rules" "$R/var/log/fdfence.jsonl" 2>&1)" ''
t_like '... a rule each' "$(grep -v '^#' "$R/etc/fdfence.d/meant.rules")" 'keep exe=/usr/bin/sh .*path=/usr/bin/sh'
sed -i 's/MODE=report/MODE=seal/' "$conf"
t_like '... then seal' "$(fsystem reload)" 'are in force.*= 0$'
t_like '... what was meant stays' "$(with_proc sh -c "$leak")" 'leaked'
t_like '... and nothing else' "$(with_proc sh -c "exec 9</etc/fdfence.conf; sh -c ': <&9' && echo leaked")" '9: Bad file descriptor'
t_done
