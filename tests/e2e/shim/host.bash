# host.bash: what host.sh and host_log.sh share; source it behind lib.sh.
# shellcheck shell=bash disable=SC2154,SC2034 # set in lib.sh, used in the scripts
chmod 755 "$T" # unprivileged helpers come here

fdlist=$H/fdlist
leak='3 open /etc/passwd'

plain() {
	spawn "$@" 2>&1
	echo "status $?"
}
with_fence() {
	fenced "$@" 2>&1
	echo "status $?"
}
# The same output, without the shim and with it.
same() { # name expected [option...] command...
	t_wants "$1" || return 0
	local name=$1 expected=$2$'\n''status 0'
	shift 2
	t_is "$name" "without: $(plain "$@")"$'\n'"with: $(with_fence "$@")" \
		"without: $expected"$'\n'"with: $expected"
}
# Without the shim FDLIST sees the leak, with it the second text.
sealed() { # name with [option...] command...
	t_wants "$1" || return 0
	local name=$1 expected=${2:+$2$'\n'}'status 0'
	shift 2
	t_is "$name" "without: $(plain "$@" | grep -Fx "$leak")"$'\n'"with: $(with_fence "$@")" \
		"without: $leak"$'\n'"with: $expected"
}
# As same, but a machine that does not allow it (77) is skipped.
same_or_skip() { # name expected [option...] command...
	local out
	t_wants "$1" || return 0
	out=$(plain "${@:3}")
	case $out in
	*"status 77") t_skip "$1" "${out%$'\n'*}" ;;
	*) same "$@" ;;
	esac
}
