# lib.sh: what the end-to-end scripts share.  Source it; then
#
#	t_ok NAME COMMAND...        passes if COMMAND exits 0; shows its output if not
#	t_fails NAME COMMAND...     passes if COMMAND exits with 1..125
#	t_is NAME GOT EXPECTED      passes if the texts are equal; shows a diff if not
#	t_like NAME GOT REGEX       passes if GOT matches the extended regular expression
#	t_pass NAME   t_fail NAME [TEXT]   t_skip NAME REASON
#	t_diag TEXT                 lines that belong to the case before
#	t_skip_all REASON           the whole script is skipped; does not return
#	t_wants NAME                false if a run of few cases (tests/run -k) leaves this one out;
#	                            asked by functions that would run something for it
#	t_until COMMAND...          waits until COMMAND exits with 0, for a minute at most; false then
#	for_others FILE...          copies of them in $T/bin, where any user reaches them: the build
#	                            may lie in /root
#	t_done                      prints the plan and exits; the last line of a script
#
#	spawn [OPTIONS] COMMAND...  a clean program (tests/helpers/spawn.c): nothing open above
#	                            2, /dev/null as stdin, a minimal environment
#	fenced [OPTIONS] COMMAND... the same with the shim preloaded
#
# $B is the build directory, $H the helper programs, $SHIM the shim, $T a scratch directory
# that goes away at the end.  A script must end in t_done: without a plan it has failed.
# shellcheck shell=bash

set -u
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
B=${FDF_BUILD:-$root/build}
H=$B/tests/helpers
SHIM=$B/libfdfence.so
SHIM32=$B/lib32/libfdfence.so
T=$(mktemp -d "${TMPDIR:-/tmp}/fdfence-test.XXXXXX") || exit 1
trap 't_end' EXIT
export LC_ALL=C
: "$B" "$H" "$SHIM" "$SHIM32"

# With sanitizers their reports go where tests/run looks for them, from clean programs too; and a
# command that is preloaded into, as below another one, may not insist on coming first.
sanitizers=()
case $B in
*/san-*)
	for name in ASAN LSAN UBSAN TSAN; do
		name=${name}_OPTIONS
		sanitizers+=(-e "$name=${!name:-}${!name:+:}$([ "$name" != ASAN_OPTIONS ] || echo verify_asan_link_order=0)")
	done
	;;
esac

# Every record that a test left in a file goes to tests/run, which holds all of them against the
# schema (tests/records).  Those that a test forged or tore are in files named hostile*.
t_last=: # what a script does before that
t_end() {
	# A child that a signal ends before it is what it was started for is still this script.
	[ "$BASHPID" = $$ ] || return 0
	eval "$t_last"
	if [ -n "${t_tap:-}" ]; then
		kill "$t_tap"
		wait "$t_tap"
	fi 2>/dev/null
	[ -z "${FDF_RECORDS:-}" ] ||
		find "$T" -xdev -type f ! -name 'hostile*' -exec grep -ahoE '^\{"fdfence":1,.*\}$' {} + \
			>>"$FDF_RECORDS" 2>/dev/null
	rm -rf --one-file-system "$T"
}

t_n=0
t_failed=0

t_diag() {
	# shellcheck disable=SC2001 # a substitution cannot reach each line's start
	[ -z "$*" ] || sed 's/^/# /' <<<"$*"
}

t_wants() { # name
	# shellcheck disable=SC2053 # a pattern
	[[ $1 = *${FDF_ONLY:-}* ]]
}

t_pass() {
	t_wants "$1" || return 0
	t_n=$((t_n + 1))
	printf 'ok - %s\n' "$1"
}

t_fail() { # name [text]
	t_wants "$1" || return 0
	t_n=$((t_n + 1))
	t_failed=$((t_failed + 1))
	printf 'not ok - %s\n' "$1"
	t_diag "${2:-}"
	[ -z "${FDF_FAIL_FAST:-}" ] || t_done
}

t_skip() { # name reason
	t_wants "$1" || return 0
	t_n=$((t_n + 1))
	printf 'ok - %s # SKIP %s\n' "$1" "$2"
}

t_skip_all() {
	printf '1..0 # SKIP %s\n' "$1"
	exit 0
}

t_ok() { # name command...
	local name=$1 out status
	t_wants "$1" || return 0
	shift
	out=$("$@" 2>&1)
	status=$?
	if [ "$status" -eq 0 ]; then
		t_pass "$name"
	else
		t_fail "$name" "exit status $status of: $*"$'\n'"$out"
	fi
}

t_fails() { # name command...
	local name=$1 out status
	t_wants "$1" || return 0
	shift
	out=$("$@" 2>&1)
	status=$?
	if [ "$status" -ge 1 ] && [ "$status" -le 125 ]; then
		t_pass "$name"
	else
		t_fail "$name" "exit status $status (1..125 expected) of: $*"$'\n'"$out"
	fi
}

t_is() { # name got expected
	if [ "$2" = "$3" ]; then
		t_pass "$1"
	else
		t_fail "$1" "$(diff -u --label expected --label got <(printf '%s\n' "$3") \
			<(printf '%s\n' "$2"))"
	fi
}

t_like() { # name got regex
	if [[ $2 =~ $3 ]]; then
		t_pass "$1"
	else
		t_fail "$1" "got: $2"$'\n'"expected a match of: $3"
	fi
}

t_done() {
	[ "$t_n" -gt 0 ] || [ -z "${FDF_ONLY:-}" ] || t_skip_all "no case has '$FDF_ONLY' in its name"
	printf '1..%d\n' "$t_n"
	[ "$t_failed" -eq 0 ]
	exit
}

t_until() { # command...
	local i
	for ((i = 0; i < 600; i++)); do
		! "$@" >/dev/null 2>&1 || return 0
		sleep 0.1
	done
	return 1
}

# Whether git tracks these sources; it does not what `make dist` packs.
t_tracked() {
	git -C "$root" ls-files --error-unmatch Makefile >/dev/null 2>&1
}

for_others() { # file...
	chmod 755 "$T"
	mkdir -p "$T/bin" && cp "$@" "$T/bin/" || exit 1
}

spawn() {
	"$H/spawn" "${sanitizers[@]}" "$@"
}

# Records that go over sockets leave no file: from here on "spawn "${tapped[@]}" fdfence check" hands
# all that its collector gets on to a file of ours (tools/records/relay.c), which t_end() looks into.
tapped=()
tap() {
	local log=fdfence-test-$$-$RANDOM
	[ -n "${FDF_RECORDS:-}" ] || return 0
	/usr/bin/python3 "$root/tests/helpers/listen.py" "$log" key "$T/tapped.jsonl" >"$T/tap" &
	t_tap=$!
	t_until test -s "$T/tap"
	tapped=(-e "FDFENCE_LOG=@$log" -e FDFENCE_LOG_KEY=key -e FDFENCE_LOG_WHAT=all)
}
untapped() { # command...: for what is forged, and fits no schema
	# shellcheck disable=SC2034 # read by what it calls
	local tapped=()
	"$@"
}

fenced() {
	"$H/spawn" "${sanitizers[@]}" -e LD_PRELOAD="$SHIM" "$@"
}
