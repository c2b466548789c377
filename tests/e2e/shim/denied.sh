#!/bin/bash
# limit: 1200
# Where a system call or /proc is denied, the shim falls back: the child of a leaking process
# still has none of its descriptors, whichever entry point is used.
. "$(dirname "$0")/../lib.sh"

entries=(execve fexecve posix_spawn popen system)
all='3 4 5 6 7 8 64 700 1000'

numbers() {
	sed -n 's/^\([0-9][0-9]*\) \(open\|cloexec\) .*/\1/p' <<<"$1" | paste -sd' '
}

# The words are surroundings (tests/helpers/surround.h).
hostile() { # name words...
	local name=$1 entry control fenced status
	shift
	for entry in "${entries[@]}"; do
		t_wants "$name: $entry seals" || t_wants "$name: $entry answers the same" || continue
		control=$("$H/spawn" "$H/entry" "$entry" "$H/fdlist" "$@" 2>&1)
		status=$?
		if [ "$status" -eq 77 ]; then
			t_skip "$name: $entry" "$control"
			continue
		fi
		fenced=$("$H/spawn" -e LD_PRELOAD="$SHIM" "$H/entry" "$entry" "$H/fdlist" "$@" 2>&1)
		if [ -n "$(numbers "$control")" ]; then
			t_is "$name: $entry seals" "$(numbers "$fenced")" ''
			t_is "$name: $entry answers the same" "$(grep -v '^[0-9]' <<<"$fenced")" \
				"$(grep -v '^[0-9]' <<<"$control")"
		else
			# Not even libc gets through here: no leak, and that it failed is said.
			t_is "$name: $entry, which cannot work, leaks nothing" "$(numbers "$fenced")" ''
		fi
	done
}

control=$("$H/spawn" "$H/entry" execve "$H/fdlist" deny=close_range:EPERM)
t_is 'without the shim all cross' "$(numbers "$control")" "$all"

for errno in EPERM ENOSYS EINVAL; do
	hostile "close_range $errno" "deny=close_range:$errno"
done
hostile 'CLOSE_RANGE_CLOEXEC EINVAL' deny=close_range_cloexec:EINVAL
hostile 'no /proc' noproc
hostile 'select EPERM' deny=select:EPERM
hostile 'unshare EPERM' deny=unshare:EPERM
hostile 'unshare EINVAL' deny=unshare:EINVAL
hostile 'clone3 ENOSYS' deny=clone3:ENOSYS
hostile 'clone3 EPERM' deny=clone3:EPERM
hostile 'clone EPERM' deny=clone:EPERM
hostile 'clone and clone3' deny=clone:EPERM deny=clone3:ENOSYS
hostile 'close_range and select' deny=close_range:EPERM deny=select:EPERM
hostile 'close_range and /proc' noproc deny=close_range:ENOSYS
hostile 'close_range, /proc and select' noproc deny=close_range:ENOSYS deny=select:EPERM
hostile 'close_range and getdents' deny=close_range:EPERM deny=getdents:EPERM
hostile 'everything' noproc deny=close_range:EPERM deny=select:EPERM deny=getdents:EPERM \
	deny=clone3:ENOSYS deny=clone:EPERM
hostile 'a thread' thread
hostile 'a thread, close_range EPERM' thread deny=close_range:EPERM
hostile 'a thread, close_range EINVAL for the flag' thread deny=close_range_cloexec:EINVAL
hostile 'a thread, no /proc' noproc thread
hostile 'a thread, clone denied' thread deny=clone:EPERM deny=clone3:ENOSYS
hostile 'a thread, everything' noproc thread deny=close_range:EPERM deny=select:EPERM \
	deny=getdents:EPERM deny=clone3:ENOSYS deny=clone:EPERM
hostile 'limit below what is open' limit=16
hostile 'limit below, close_range EPERM' limit=16 deny=close_range:EPERM
hostile 'limit below, close_range and /proc' limit=16 noproc deny=close_range:EPERM
hostile 'limit below, everything' limit=16 noproc deny=close_range:EPERM deny=select:EPERM \
	deny=getdents:EPERM
hostile '0 closed' close=0
hostile '2 closed' close=2
hostile '0 and 2 closed, close_range EPERM' close=0 close=2 deny=close_range:EPERM
# as many closed ones as are tried before the directory is asked, which has . and ..: where the walk
# begins decides which of these is the first that it has to tell
for high in 16 17 18 19 20; do
	hostile "$high behind a gap, close_range EPERM" high=$high deny=close_range:EPERM
done
last=$(($(ulimit -Hn) - 1))
[ "$last" -lt 60000 ] || last=60000
hostile "a descriptor at $last" "high=$last"
hostile "a descriptor at $last, close_range EPERM" "high=$last" deny=close_range:EPERM

# limits: blind
# Where nobody can tell how large the table is, sealing may not be exact: the record says so, and
# on-error=deny refuses.
blind=(noproc deny=close_range:EPERM deny=select:EPERM deny=getdents:EPERM)
"$H/spawn" "$H/entry" execve "$H/fdlist" "${blind[@]}" >/dev/null 2>&1
if [ $? -eq 77 ]; then
	t_skip 'what is not exact is said' 'cannot hide /proc here'
	t_skip 'what is not exact is refused' 'cannot hide /proc here'
else
	"$H/spawn" -e LD_PRELOAD="$SHIM" -e FDFENCE_LOG="$T/log" "$H/entry" execve "$H/fdlist" \
		"${blind[@]}" >/dev/null 2>&1
	t_like 'what is not exact is said' "$(cat "$T/log")" '"inexact":"[^"]'
	for entry in execve posix_spawn system; do
		out=$("$H/spawn" -e LD_PRELOAD="$SHIM" -e FDFENCE_ON_ERROR=deny "$H/entry" "$entry" \
			"$H/fdlist" "${blind[@]}" 2>&1)
		t_like "what is not exact is refused: $entry" "$out" \
			'result (execve|spawn): Operation not permitted|result system: child failed'
	done
	out=$("$H/spawn" -e LD_PRELOAD="$SHIM" -e FDFENCE_ON_ERROR=deny "$H/entry" execve "$H/fdlist")
	t_is 'where it is exact, nothing is refused' "$out" ''
fi

# What cannot be looked at is not taken for closed (fdlist could not look either).
cc -o "$T/lister" -x c - <<'END'
#include <stdio.h>
#include <unistd.h>
int main(void)
{
	puts(access("/proc/self/fd/5", F_OK) ? "sealed" : "open");
	puts(access("/proc/self/fd/700", F_OK) ? "sealed" : "open");
	return 0;
}
END
for entry in execve fexecve; do
	for deny in 'deny=fcntl:EPERM' 'deny=fcntl:EPERM deny=unshare:EPERM'; do
		read -ra words <<<"$deny"
		for fence in '' "$SHIM"; do
			out=$("$H/spawn" ${fence:+-e LD_PRELOAD="$fence"} "$H/entry" "$entry" "$T/lister" "${words[@]}" 2>&1 |
				grep -E '^(open|sealed)$' | sort -u)
			t_is "$deny: $entry, ${fence:+fenced}" "$out" "$([ -n "$fence" ] && echo sealed || echo open)"
		done
	done
done

t_is "fcntl EPERM: what is to be reported goes through, and that it was not seen is said" \
	"$(spawn -e LD_PRELOAD="$SHIM" -e FDFENCE_MODE=report -e FDFENCE_LOG="$T/report" "$H/entry" execve "$T/lister" deny=fcntl:EPERM 2>&1 | sort -u
		jq -r .inexact "$T/report")" $'open\na filter denies to look at descriptors'

# A spawn has one child, where openat2 cannot tell whether a path leads through the table, too: in a new PID
# namespace there is but one.
if unshare -p true 2>/dev/null; then
	for deny in openat2:ENOSYS openat2:EPERM 'openat2:ENOSYS deny=close_range:ENOSYS'; do
		read -ra words <<<"deny=$deny"
		t_is "deny=$deny: a spawn in a new PID namespace" "$(spawn -e LD_PRELOAD="$SHIM" "$H/within" "${words[@]}" -- \
			unshare -p mawk 'BEGIN { getline <"/etc/passwd"; print system("exit 4") }' 2>&1)" 4
	done
else
	t_skip "a spawn in a new PID namespace" "no PID namespace can be made here"
fi

# Nothing can be looked at or marked then, and that is said.
spawn -e LD_PRELOAD="$SHIM" -e FDFENCE_LOG="$T/log" "$H/entry" execve /bin/true deny=fcntl:EPERM deny=close_range:EPERM
t_like 'fcntl and close_range EPERM: the record is no whole truth' "$(cat "$T/log")" '"inexact":"[^"]'
t_done
