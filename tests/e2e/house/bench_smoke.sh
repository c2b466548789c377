#!/bin/bash
# limit: 400
# The benchmark runs to its end and reports every row of its table.  Figures are not judged here.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/../lib.sh"

looked=$("$root/tests/bench/inspect/run" -r 1 -n 20 "$B/fdfence" 2>&1)
t_is "looking at all processes has its rows" "$(grep -cE '^\| `fdfence inspect --all[^|]*\| [0-9]+ \| [0-9.]+x \|' <<<"$looked")" 3

# In a copy that asks for a program which is nowhere, as a user who cannot raise the system's limit.
mkdir -p "$T/copy/tests"/{bench,e2e/real}
chmod -R 755 "$T"
cp "$root/tests/bench/clamp.sh" "$T/copy/tests/bench/"
echo 'loopers=nowhere' >"$T/copy/tests/e2e/real/loopers.bash"
as_nobody=()
[ "$(id -u)" -ne 0 ] || as_nobody=(setpriv --reuid 65534 --regid 65534 --clear-groups)
t_like "a program that is not there has its row, which says so" \
	"$("${as_nobody[@]}" env TMPDIR=/tmp bash "$T/copy/tests/bench/clamp.sh" 1 2>&1)" \
	'\| nowhere \| 1024 \| not installed \|'

bench=$B/tests/bench/bench
[ -x "$bench" ] || t_skip_all "the benchmark is not built (make build-bench)"
cd "$root" || exit 1

out=$T/performance.md
t_ok "one round of everything" "$bench" --shim "$SHIM" --rounds 1 --command 'make bench' -o "$out"
report=$(cat "$out" 2>/dev/null)

# The measures of the goals, and how many lines of the report each has at least.
while IFS='|' read -r least measure; do
	got=$(grep -c "^| $measure.* | \(met\|\*\*not met\)" <<<"$report")
	t_ok "goal and verdict: $measure" [ "$got" -ge "$least" ]
done <<'END'
2|start of /bin/true (vfork, exec) from a parent without preload
1|fork and exec of /bin/true
1|vfork and exec of a static no-op
1|3 descriptors
1|100 descriptors
1|1,000 descriptors
1|20,000 descriptors
1|posix_spawn, static no-op
1|posix_spawn, dynamic (/bin/true)
1|posix_spawn, static, 1,000 descriptors
1|posix_spawn, dynamic, 1,000 descriptors
1|posix_spawn, static, 20,000 descriptors
1|posix_spawn, dynamic, 20,000 descriptors
1|system(
1|popen(
2|shell loop
2|configure-like script
2|git
2|gcc
2|make -j2
2|Python
1|fcntl(F_GETFD)
1|fcntl(F_SETFD, 0)
1|dup2
1|ioctl(FIONCLEX)
1|close
1|exec with 4 KiB of environment and 20 arguments
END

for fds in 4 1000; do
	for where in 'in place' exec; do
		got=$(grep -c "^| $fds, $where |.*\(first\|\*\*not first\*\*\) |$" <<<"$report")
		t_is "closing $fds descriptors, $where" "$got" 1
	done
done
for counted in 'start of /bin/true, from' 'vfork and exec' 'posix_spawn of'; do
	t_like "counted: $counted" "$(grep "^| $counted.* / " <<<"$report")" '[0-9]+ / [0-9]+'
done
t_like "the machine" "$report" 'Machine: Linux [^ ]+, .* processors, glibc '
# shellcheck disable=SC2016 # what stands in the report
t_like "the command" "$report" 'Command: `make bench`'
t_is "no path of this machine" "$(grep -c -e "$root" -e "$B" <<<"$report")" 0
t_done
