#!/bin/bash
# What --clamp-open-max saves: until programs that close all numbers up to their limit of open
# files are at work, without the fence and below `fdfence run --clamp-open-max`.
#
#	tests/bench/clamp.sh [ROUNDS]    a table for docs/instead-of-a-loop.md
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
B=${FDF_BUILD:-$root/build}
T=$(mktemp -d "${TMPDIR:-/tmp}/fdfence-bench.XXXXXX") || exit 1
PATH=/usr/sbin:/usr/bin:/sbin:/bin
# shellcheck source=tests/e2e/real/loopers.bash
. "$root/tests/e2e/real/loopers.bash"
rounds=${1:-5}

# Median of the milliseconds that it takes.  One that does not get to work in a minute is ended.
median() { # looper command...
	local looper=$1 i start did
	shift
	set -- timeout --foreground 60 "$@"
	for ((i = 0; i < ${once:-rounds}; i++)); do
		start=${EPOCHREALTIME/./}
		did=$("run_$looper" "$@")
		echo "$((${EPOCHREALTIME/./} - start)) $did"
	done | sort -n | awk '{ v[NR] = $2 == "up" ? sprintf("%.1f ms", $1 / 1000) : "not in a minute" }
		END { printf "%s", v[int((NR + 1) / 2)] }'
}

echo "| program | ulimit -n | plain | --clamp-open-max |"
echo "|---|---:|---:|---:|"
high=1048576
(ulimit -n $high) 2>/dev/null || high=$(ulimit -Hn)
# As containers have it, where root may (fs.nr_open): once, since it takes minutes.
most=1073741816
nr_open=$(cat /proc/sys/fs/nr_open)
trap 'rm -rf "$T"; [ -z "$most" ] || echo "$nr_open" >/proc/sys/fs/nr_open' EXIT
if ! (echo $most >/proc/sys/fs/nr_open) 2>/dev/null; then
	most=''
elif ! (ulimit -n $most) 2>/dev/null; then
	echo "$nr_open" >/proc/sys/fs/nr_open
	most=''
fi
for limit in 1024 "$high" $most; do
	for looper in $loopers; do
		command -v "$looper" >/dev/null || continue
		(
			ulimit -n "$limit" || exit
			[ "$limit" != "$most" ] || once=1
			echo "| $looper | $limit | $(median "$looper") | $(median "$looper" "$B/fdfence" run -q --clamp-open-max --) |"
		)
	done
done
echo
echo "Machine: Linux $(uname -r), $(uname -m); medians of $rounds${most:+, of $most one run}"
