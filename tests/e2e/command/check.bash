# check.bash: runs fdfence check and asks its JSON report.
# shellcheck shell=bash disable=SC2034,SC2154 # what it sets is of who asks, as is what it takes
F=$B/fdfence
tap

# Run check with JSON into $T/json; sets status, out (the command's stdout), err.
check() { # [spawn options --] check's options and command
	local s=()
	while [ "$1" = -l ] || [ "$1" = -e ]; do
		s+=("$1" "$2")
		shift 2
	done
	rm -f "$T/json"
	out=$(spawn "${tapped[@]}" "${s[@]}" "$F" check --format=json -o "$T/json" "$@" 2>"$T/err")
	status=$?
	err=$(<"$T/err")
}
q() { jq -r "$1" "$T/json"; }
