#!/bin/bash
# limit: 400
# tests/suites/run: what must turn it red does; then the quick ones of tests/suites/, one case a
# suite (make check-suites runs all).
. "$(dirname "$0")/../lib.sh"

# Fakes, with a build directory of their own for the logs.
fakes=$T/suites
mkdir -p "$fakes/strict" "$fakes/default" "$T/build/tests"
cp "$B/fdfence" "$SHIM" "$T/build/"
ln -s "$H" "$T/build/tests/helpers"
fake() { # name; the body of results on stdin
	{ echo 'quick=yes; limit=20; ready() { true; }; results() {'; cat; echo '}'; } >"$fakes/$1.suite"
}
run() { # name...; sets out, status
	out=$(FDF_SUITES=$fakes FDF_BUILD=$T/build "$root/tests/suites/run" "$@" 2>&1)
	status=$?
}
says() { # name status regex
	t_is "$1: exit status" "$status" "$2"
	t_like "$1: report" "$out" "$3"
}
fake same <<<'"${how[@]}" echo pass one'
run same
says 'a suite with the same results' 0 \
	$'^ok +same +1 tests, 1 pass; default: 0 differ.*strict: 0 differ.*\n1 passed, 0 failed, 0 skipped$'

# Nobody meant this one, whose number a command line would name.
fake leaks <<'E2'
	echo 'true <&3 && echo pass three || echo fail three' >script
	"${how[@]}" mawk 'BEGIN { getline <"/etc/passwd"; print "pass other"; system("sh script") }'
E2
echo three >"$fakes/strict/leaks"
run leaks
says 'a result that differs' 1 $'^FAILED leaks .*\n    default, not documented: three\n.*0 passed, 1 failed'
echo three >"$fakes/default/leaks"
run leaks
says 'a documented one' 0 '^ok +leaks .*default: 1 differ, 1 documented; strict: 1 differ, 1 documented'

fake redirects <<'E2'
	"${how[@]}" sh -c 'echo pass other; exec 5</etc/passwd
		env [ -e /proc/self/fd/5 ] && echo pass five || echo fail five'
E2
run redirects
says 'a strict difference' 1 $'^FAILED redirects .*default: 0 differ.*\n    strict, not documented: five\n'
echo five >"$fakes/strict/redirects"
run redirects
says 'a documented strict difference' 0 '^ok +redirects '
printf '%s\n' five other >"$fakes/strict/redirects"
run redirects
says 'a list that says too much' 1 $'^FAILED redirects .*\n    strict, documented, but the same: other\n'
run -u redirects
t_is '-u writes what differs' "$(cat "$fakes/strict/redirects")" five

# By the fence or not, it fails in the second of its runs only.
fake unstable <<<'echo >>"$suites/runs"; echo pass other
	[ "$(wc -l <"$suites/runs")" -eq 2 ] && echo fail one || echo pass one'
run unstable
says 'a result that comes once' 0 '^ok +unstable .* default: 0 differ.*; 1 unstable'
fake stops <<<'echo pass one; [[ ${how[*]} = *fdfence\ run* ]] || echo pass two'
run stops
says 'a test without a result' 1 $'^FAILED stops .*\n    default, not documented: two\n'
fake none <<<'echo fail one'
run none
says 'a suite of which nothing passes' 1 '^FAILED none .*no test passes even without the fence'
fake absent <<<'echo pass one'
echo 'ready() { echo no such program; false; }' >>"$fakes/absent.suite"
run absent
says 'no suite at all' 1 $'^skip +absent +skipped: no such program\nno suite ran\n0 passed, 1 failed, 1 skipped$'
run same absent unheard-of
says 'a name without a suite' 1 $'\nFAILED unheard-of .*no such suite\n1 passed, 1 failed, 1 skipped$'
mv "$fakes"/{same,absent,none}.suite "$T"
rm "$fakes"/*.suite
mv "$T"/*.suite "$fakes"
run
says 'without names all' 1 $'^skip +absent .*\nFAILED none .*\nok +same .*\n1 passed, 1 failed, 1 skipped$'

export FDF_BUILD=$B
out=$("$root/tests/suites/run" -q 2>&1)
while read -r word name text; do
	case $word in
	ok) t_pass "$name: $text" ;;
	skip) t_skip "$name" "${text#skipped: }" ;;
	FAILED) t_fail "$name" "$out" ;;
	esac
done <<<"$out"
t_like 'a total is given' "$(tail -n 1 <<<"$out")" '^[0-9]+ passed, 0 failed, [0-9]+ skipped$'
t_done
