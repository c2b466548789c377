#!/bin/bash
# What --clamp-open-max saves: until programs that close all numbers up to their limit of open
# files are at work, without the fence and below `fdfence run --clamp-open-max`.
#
#	tests/bench/clamp.sh [ROUNDS]    a table for docs/instead-of-a-loop.md
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
B=${FDF_BUILD:-$root/build}
T=$(mktemp -d "${TMPDIR:-/tmp}/fdfence-bench.XXXXXX") || exit 1
trap 'rm -rf "$T"' EXIT
PATH=/usr/sbin:/usr/bin:/sbin:/bin
# shellcheck source=tests/e2e/real/loopers.bash
. "$root/tests/e2e/real/loopers.bash"
rounds=${1:-5}

# Median of the milliseconds that it takes.
median() { # looper command...
	local looper=$1 i start did
	shift
	for ((i = 0; i < rounds; i++)); do
		start=${EPOCHREALTIME/./}
		did=$("run_$looper" "$@")
		[ "$did" = up ] || echo "clamp.sh: $looper did not work: $did" >&2
		echo $((${EPOCHREALTIME/./} - start))
	done | sort -n | awk '{ v[NR] = $1 } END { printf "%.1f", v[int((NR + 1) / 2)] / 1000 }'
}

echo "| program | ulimit -n | plain | --clamp-open-max |"
echo "|---|---:|---:|---:|"
high=1048576
(ulimit -n $high) 2>/dev/null || high=$(ulimit -Hn)
for limit in 1024 "$high"; do
	for looper in $loopers; do
		command -v "$looper" >/dev/null || continue
		(
			ulimit -n "$limit" || exit
			echo "| $looper | $limit | $(median "$looper") ms | $(median "$looper" "$B/fdfence" run -q --clamp-open-max --) ms |"
		)
	done
done
echo
echo "Machine: Linux $(uname -r), $(uname -m); medians of $rounds"
