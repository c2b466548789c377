# trace.bash: what the scripts about the tracer share.
# shellcheck shell=bash

# Skip the script where the tracer is not built or this kernel refuses it; say why.
trace_or_skip() {
	local why
	why=$("$B/fdfence" trace -q --duration 0.01 2>&1) && return
	case $why in
	*"built without"* | *"needs CAP_"* | *"user namespace"* | *"type information"* | \
		*"refused although"* | *"built without BPF"* | *"locked down"*)
		t_skip_all "${why#fdfence: }"
		;;
	esac
	t_fail "the tracer starts" "$why"
	t_done
}

# The members of every descriptor: trace_fds FILE prints "INTO FD VERDICT REASON TARGET" a line.
trace_fds() {
	sed -n 's/^.*"into":"\([^"]*\)".*"fds":\[\(.*\)$/\1\n\2/p' "$1" |
		while read -r into && read -r fds; do
			sed 's/},{"fd":/}\n{"fd":/g' <<<"$fds" | sed -n \
				's/^{"fd":\([0-9]*\),"type":"[a-z]*","target":"\([^"]*\)".*"verdict":"\([a-z]*\)","reason":"\([a-z-]*\)".*$/\1 \3 \4 \2/p' |
				sed "s|^|${into##*/} |"
		done
}
