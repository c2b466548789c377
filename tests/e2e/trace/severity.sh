#!/bin/bash
# limit: 240
# How severe a leak is, as the kernel sees it: the new image's own user, capabilities and root, also
# where the shim never was.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/e2e/trace/lib.bash
. "$(dirname "$0")/lib.bash"

trace_or_skip

chmod 755 "$T"
mkdir -p "$T/closed" "$T/root/bin" "$T/root/proc"
chmod 700 "$T/closed"
printf x >"$T/open"
printf x >"$T/secret"
printf x >"$T/closed/open"
chmod 644 "$T/open" "$T/closed/open"
chmod 600 "$T/secret"
cp "$H/static/fdlist" "$T/root/bin/"
user=(-u 12345)

# The one descriptor that crossed from danger: "critical unreadable".
says() { # name expected [danger options] KIND [-- COMMAND]
	local name=$1 expected=$2
	t_wants "$name" || return 0
	shift 2
	case $* in *' -- '*) ;; *) set -- "$@" -- true ;; esac
	rm -f "$T/log"
	spawn "$B/fdfence" trace --format=json -o "$T/log" -- "$H/danger" "$@" >/dev/null 2>&1
	t_is "$name" "$(jq -r 'select(.exe == "'"$H/danger"'") | .fds[] | "\(.severity)\(if .at_least then "+" else "" end) \(.danger)"' \
		"$T/log")" "$expected"
}

says "a file for its owner alone" "critical unreadable" "${user[@]}" "r:$T/secret"
says "a file that its user may not write" "critical unwritable" "${user[@]}" "rw:$T/open"
says "a file behind a folder that it may not pass" "critical unreachable" "${user[@]}" "r:$T/closed/open"
says "a file that anyone may read" "low world-readable" "${user[@]}" "r:$T/open"
chmod 640 "$T/secret"
says "whether it is in the file's group is not known" "medium+ private" "${user[@]}" "r:$T/secret"
says "though it may not be written by the group" "critical unwritable" "${user[@]}" "w:$T/secret"
chown 12345 "$T/secret"
says "its own file" "low readable" "${user[@]}" "r:$T/secret"
says "another's is root's as well" "medium writable" "rw:$T/secret"
says "unless the capability was given up" "critical unwritable" -c "w:$T/secret"
chown 0 "$T/secret"
chmod 600 "$T/secret"
says "a set-user-ID program may what its owner may" "low readable" "${user[@]}" "r:$T/secret" -- su --version
says "a folder outside its root" "critical outside-root" -r "$T/root" "dir:$T/closed" -- /bin/fdlist
says "a folder outside its mount namespace" "critical outside-root" -m "$T/root" "dir:$T/closed" -- /bin/fdlist
says "a folder inside its root" "medium directory" -r "$T/root" "dir:$T/root/bin" -- /bin/fdlist
says "a lock" "medium lock" "lock:$T/open"
says "/dev/null" "low harmless" rw:/dev/null
says "a terminal" "high terminal" pty
says "a listener" "high listener" listener

table() {
	spawn "$B/fdfence" trace -q "$@" -- "$H/danger" "${user[@]}" "w:$T/open" "r:$T/open" listener -- true 2>/dev/null
}
t_is "the table has a column" "$(table --columns FD,SEVERITY | xargs -n 2 | sort | xargs)" \
	"3 critical 4 low 5 high FD SEVERITY"
t_is "--min-severity leaves out what is less" "$(table --columns FD,SEVERITY --min-severity high | xargs -n 2 | sort | xargs)" \
	"3 critical 5 high FD SEVERITY"
t_like "in colours" "$(table --color always | cat -v)" '\^\[\[[0-9;]*31mcritical'
t_done
