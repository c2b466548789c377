#!/bin/bash
# What --clamp-open-max saves: programs that close all numbers up to their limit of open files,
# without the fence and below `fdfence run --clamp-open-max`: their loop, and until they are at work.
#
#	tests/bench/clamp.sh [ROUNDS]    a table for docs/instead-of-a-loop.md
#
# In a machine of its own, where the limit may be raised:
#	FDF_KERNEL_TESTS=../bench/clamp FDF_KERNEL_PROGRAMS='daemon xinetd smartd monit od' \
#		tests/kernels linux-image-cloud-amd64
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
B=${FDF_BUILD:-$root/build}
T=$(mktemp -d "${TMPDIR:-/tmp}/fdfence-bench.XXXXXX") || exit 1
PATH=/usr/sbin:/usr/bin:/sbin:/bin
# shellcheck source=tests/e2e/real/loopers.bash
. "$root/tests/e2e/real/loopers.bash"
rounds=${1:-5}

# "closes | ms of the loop | ms until at work", each the median.  One that does not get to work in a
# minute is ended.
cells() { # looper command...
	local looper=$1 i start did
	shift
	set -- env STOPWATCH="$T/loop" LD_PRELOAD="$B/tests/helpers/stopwatch" timeout --foreground 60 "$@"
	for ((i = 0; i < ${once:-rounds}; i++)); do
		head -c 16 /dev/zero >"$T/loop"
		start=${EPOCHREALTIME/./}
		did=$("run_$looper" "$@")
		echo "$((${EPOCHREALTIME/./} - start)) $(od -An -t d8 "$T/loop") $did"
	done | sort -n | awk '{ us[NR] = $1; closes[NR] = $2; ns[NR] = $3; up[NR] = $4 == "up" }
		END {
			m = int((NR + 1) / 2)
			printf up[m] ? "%d | %.2f ms | %.0f ms" : "more than %d | more than %.0f ms | not in a minute",
				closes[m], ns[m] / 1e6, us[m] / 1e3
		}'
}

echo "| program | ulimit -n | closes | the loop | until at work | with --clamp-open-max: closes | the loop | until at work |"
echo "|---|---:|---:|---:|---:|---:|---:|---:|"
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
		if ! command -v "$looper" >/dev/null; then
			echo "| $looper | $limit | not installed | | | | | |"
			continue
		fi
		(
			ulimit -n "$limit" || exit
			[ "$limit" != "$most" ] || once=1
			echo "| $looper | $limit | $(cells "$looper") | $(cells "$looper" "$B/fdfence" run -q --clamp-open-max --) |"
		)
	done
done
echo
echo "Machine: Linux $(uname -r), $(uname -m); medians of $rounds${most:+, of $most one run}"
