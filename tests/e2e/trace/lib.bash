# lib.bash: what the scripts about the tracer share.
# shellcheck shell=bash

# Under an emulated kernel a load of the programs takes seconds.
spawn() {
	"$H/spawn" -t 600 "$@"
}

# Skip the script where the tracer is not built or this kernel refuses it; say why.
trace_or_skip() {
	local why
	why=$("$B/fdfence" trace -q -- true 2>&1) && return
	case $why in
	*"built without"* | *"needs CAP_"* | *"user namespace"* | *"type information"* | \
		*"refused although"* | *"locked down"*)
		t_skip_all "${why#fdfence: }"
		;;
	esac
	t_fail "the tracer starts" "$why"
	t_done
}

# Records as lines "INTO VERDICT REASON FD TYPE TARGET", INTO without its directory.
trace_lines() { # file
	awk '{
		into = $0
		sub(/^.*"into":"/, "", into); sub(/".*/, "", into); sub(/.*\//, "", into)
		n = split(substr($0, index($0, "\"fds\":[")), fd, /\{"fd":/)
		for (i = 2; i <= n; i++) {
			number = fd[i]; sub(/,.*/, "", number)
			print into, member(fd[i], "verdict"), member(fd[i], "reason"), number,
				member(fd[i], "type"), member(fd[i], "target")
		}
	}
	function member(s, key) {
		sub(".*\"" key "\":\"", "", s); sub(/".*/, "", s); return s
	}' "$1"
}

# Run the tracer on a command with a clean table; records in $T/json, messages in $T/err.
traced() { # [tracer options] -- command...
	rm -f "$T/json"
	spawn "$B/fdfence" trace -q --format json -o "$T/json" "$@" >"$T/out" 2>"$T/err"
}

# A copy of the careless program whose path nobody else on this machine has: where a
# tracer looks at the whole system, --exe "$opens" tells our execs from theirs.
own_opens() {
	opens=$T/opens
	chmod 755 "$T"
	cp "$H/trace/opens" "$opens"
}

# Wait until a tracer in the background has started its second thread: it is attached then.
has_threads() { # pid
	local tasks=(/proc/"$1"/task/*)
	[ "${#tasks[@]}" -ge 2 ]
}
attached() { # pid
	t_until has_threads "$1"
}

# Does the kernel tell the image that called exec, and what it sealed (Linux 6.10)?
prepares() {
	"$B/fdfence" trace -v -- true 2>&1 | grep -q 'trace: prepare: [0-9]* instructions'
}
