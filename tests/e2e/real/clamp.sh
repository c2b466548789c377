#!/bin/bash
# --clamp-open-max with programs that close all numbers up to their limit of open files: they do
# what they did, and close a thousand.
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/e2e/real/loopers.bash
. "$(dirname "$0")/loopers.bash"

command -v strace >/dev/null || t_skip_all 'no strace here'
PATH=/usr/sbin:/usr/bin:/sbin:/bin
# As far as this machine lets it: ten closes a microsecond, so no more than 2^20.
ulimit -n 1048576 2>/dev/null || ulimit -n "$(ulimit -Hn)"
limit=$(ulimit -n)
[ "$limit" -ge 4096 ] || t_skip_all "the limit of open files is $limit here"

# The highest number of calls that one process of it made.
closes() { # looper command...
	local looper=$1
	shift
	rm -f "$T"/calls*
	"run_$looper" "$@" strace -ff -qq -o "$T/calls" -e trace=close,close_range >"$T/did"
	for file in "$T"/calls.*; do grep -c '^close' "$file"; done | sort -n | tail -n 1
}

for looper in $loopers; do
	if ! command -v "$looper" >/dev/null; then
		t_skip "$looper" 'not installed'
		continue
	fi
	before=$(closes "$looper")
	t_is "$looper works" "$(cat "$T/did")" up
	if [ "$before" -le 1200 ]; then
		t_skip "$looper closes all numbers up to $limit" "this version closes little more than 1,024: $before calls"
		continue
	fi
	t_ok "$looper closes all numbers up to $limit: $before calls" test "$before" -ge $((limit - 100))
	after=$(closes "$looper" "$B/fdfence" run --clamp-open-max --)
	t_is "$looper works with --clamp-open-max" "$(cat "$T/did")" up
	t_ok "$looper closes little more than 1,024: $after calls" test "$after" -le 1200
done
t_done
