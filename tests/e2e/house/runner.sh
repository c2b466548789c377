#!/bin/bash
# tests/run itself: suites that fail in every way that a suite can must turn the run red.
. "$(dirname "$0")/../lib.sh"

suite() { # name; its text on stdin
	mkdir -p "$T/fake"
	{ echo '#!/bin/bash'; cat; } >"$T/fake/$1.sh"
	chmod +x "$T/fake/$1.sh"
}

# Run the named fakes; sets out, status, last.
run() {
	local paths=() name
	for name; do
		paths+=("$T/fake/$name.sh")
	done
	out=$("$root/tests/run" -o "$T/log" "${paths[@]}" 2>&1)
	status=$?
	last=$(tail -n 1 <<<"$out")
}

suite good <<<'echo "ok 1 - a"; echo "ok - b"; echo 1..2'
suite skips <<<'echo "ok - a"; echo "ok - b # SKIP no such thing"; echo 1..2'
suite bare_skip <<<'echo "ok - a"; echo "ok - b # SKIP"; echo 1..2; '
suite only_skips <<<'echo "ok - a # SKIP x"; echo "ok - b # SKIP x"; echo 1..2'
suite fails <<<'echo "ok - a"; echo "not ok - the bad one"; echo "# saw 3"; echo 1..2; exit 1'
suite silent <<<'exit 0'
suite no_plan <<<'echo "ok - a"'
suite short <<<'echo "ok - a"; echo 1..2'
suite two_plans <<<'echo 1..1; echo "ok - a"; echo 1..1'
suite crash <<<'echo 1..1; echo "ok - a"; kill -SEGV $$'
suite status <<<'echo 1..1; echo "ok - a"; exit 3'
suite bail <<<'echo 1..1; echo "ok - a"; echo "Bail out! no disk"'
suite empty_plan <<<'echo 1..0'
suite whole_skip <<<'echo "1..0 # SKIP not on this machine"'
suite sanitizer <<<'opts=${ASAN_OPTIONS#log_path=}; echo LeakSanitizer >"${opts%%:*}.1"; echo 1..1; echo "ok - a"'
suite noise <<<'echo 1..1; echo "ok - a"; echo boom >&2; echo "okay then"; echo "not okay"'
suite env <<<'[ -z "${FDFENCE_MODE:-}${LD_PRELOAD:-}${MAKEFLAGS:-}" ] && echo "ok - clean"; echo 1..1'
suite fds <<'E2'
n=0
for fd in /proc/self/fd/*; do
	fd=${fd##*/}
	# 255 is the shell's own script
	[ "$fd" -gt 2 ] && [ "$fd" != 255 ] && [ -e "/proc/self/fd/$fd" ] && n=$((n + 1))
done
echo 1..1
[ "$n" -eq 0 ] && echo "ok - none" || echo "not ok - $n open"
E2
suite slow <<E2
# limit: 1
echo 1..1
echo "ok - a"
sleep 300 & echo \$! >$T/left
wait
E2
suite leaves <<E2
echo 1..1
echo "ok - a"
sleep 300 >/dev/null 2>&1 & echo \$! >$T/left
E2

run good
t_is 'a good suite passes' "$status $last" '0 2 passed, 0 failed, 0 skipped'
run good skips good
t_is 'counts are summed over suites' "$status $last" '0 5 passed, 0 failed, 1 skipped'
t_like 'a skip is listed with its reason' "$out" 'fake/skips: b \(no such thing\)'
run good fails
t_is 'a failed case fails the run' "$status $last" '1 3 passed, 1 failed, 0 skipped'
t_like 'a failed case is shown with its output' "$out" $'not ok - the bad one\n *# saw 3'
run good whole_skip
t_is 'a script may skip itself' "$status $last" '0 2 passed, 0 failed, 1 skipped'
run good noise
t_is 'other lines count for nothing' "$status $last" '0 3 passed, 0 failed, 0 skipped'

for bad in bare_skip silent no_plan short two_plans crash status bail empty_plan sanitizer only_skips; do
	run good "$bad"
	t_like "red: $bad" "$status $last" '^1 [0-9]+ passed, [1-9][0-9]* failed, [0-9]+ skipped$'
done

run whole_skip
t_is 'red: no test ran at all' "$status $last" '1 0 passed, 1 failed, 1 skipped'
run
t_is 'red: no suite' "$status $last" '1 0 passed, 1 failed, 0 skipped'
run missing
t_like 'red: a suite that is not there' "$status $last" '^1 0 passed, [1-9]'

# True when the process is gone (or waits only to be reaped) within five seconds.
gone() {
	local i
	for ((i = 0; i < 50; i++)); do
		grep -qs '^State:	[^Z]' "/proc/$1/status" || return 0
		sleep 0.1
	done
	return 1
}
run slow
t_like 'red: a suite over its time limit' "$status $last" '^1 1 passed, 1 failed'
t_ok 'what it had started is gone' gone "$(cat "$T/left")"
run leaves
t_is 'a suite may leave a process behind' "$status $last" '0 1 passed, 0 failed, 0 skipped'
t_ok 'but it does not survive the suite' gone "$(cat "$T/left")"

# Some of the cases, some of the suites.
suite named <<E2
. "$root/tests/e2e/lib.sh"
t_is "one apple" 1 1
t_is "two pears" 1 2
t_wants "two pears" && touch "$T/asked"
t_like "a build that cannot be preloaded is said to be so" \
	"$(FDF_BUILD="$T/a b" "$root/tests/run" -o "$T/log" "$T/fake/good.sh" 2>&1; echo "status $?")" \
	"$T/a b: nothing can be preloaded.*status 1"
t_done
E2
t_is '-k runs the cases that have the pattern in their name' \
	"$("$root/tests/run" -o "$T/log" -k 'o*pp' "$T/fake/named.sh" | tail -n 1) $(ls "$T/asked" 2>&1)" \
	"1 passed, 0 failed, 0 skipped ls: cannot access '$T/asked': No such file or directory"
t_like '-k: no case of that name is no success' \
	"$("$root/tests/run" -o "$T/log" -k plum "$T/fake/named.sh"; echo $?)" "no case has 'plum'.*no test ran.*1$"
suite never <<<'echo 1..1; echo "ok - never"'
t_is '-x: the first case that fails is the last' \
	"$("$root/tests/run" -x -o "$T/log" "$T/fake/named.sh" "$T/fake/never.sh" | tail -n 1)" \
	'1 passed, 1 failed, 0 skipped'
t_like '-k: cases of a unit test' \
	"$("$root/tests/run" -o "$T/log" -k 'rules_*before' "$B/tests/unit/core/policy" | tail -n 1)" \
	'^1 passed, 0 failed, 0 skipped'
would() { # T=...: the suites that make would run
	make -s -C "$root" -n run-tests "$@" 2>&1 | sed -n 's/.*tests\/run *//p; s/.*no suite/no suite/p' |
		sed "s|[^ ]*/tests/unit|unit|g; s|tests/e2e|e2e|g"
}
t_is 'make check T=NAME' "$(would T=policy)" 'unit/core/policy'
t_is 'make check T=ROOM/NAME K=' "$(would T=e2e/shim/host K=vfork)" "-k 'vfork' e2e/shim/host.sh"
t_is 'make check T="ROOM NAME"' "$(would T='unit/report usage')" \
	"$(cd "$root/tests" && find unit/report -name 'test_*.c' |
		sort | sed 's|test_||; s|\.c||' | paste -sd' ') e2e/command/usage.sh"
t_like 'make check T= of no suite is an error' "$(would T=plum)" '^no suite is named plum: `make list`'

export FDFENCE_MODE=seal MAKEFLAGS=-j
exec 7</dev/null
run env fds
t_is 'environment and table of a suite are clean' "$status $last" '0 2 passed, 0 failed, 0 skipped'

t_like "a build that cannot be preloaded is said to be so" \
	"$(FDF_BUILD="$T/a b" "$root/tests/run" -o "$T/log" "$T/fake/good.sh" 2>&1; echo "status $?")" \
	"$T/a b: nothing can be preloaded.*status 1"
t_done
