#!/bin/bash
# tests/mutate itself: a small tree, and in it faults of every kind.
. "$(dirname "$0")/../lib.sh"

tree=$T/tree
mkdir -p "$tree/src" "$tree/tests/e2e/room" "$tree/tests/mutants/src"
cp "$root/tests/run" "$root/tests/tap.awk" "$tree/tests"
cat >"$tree/Makefile" <<'M'
.PHONY: all build-tests
build-tests: all
all: build/sum
build/sum: src/sum.c
	mkdir -p build && $(CC) -o $@ $<
M
cat >"$tree/src/sum.c" <<'C'
#include <stdio.h>
#include <stdlib.h>

int sum(int a, int b);

int sum(int a, int b)
{
	return a +
	       b;
}

int twice(int a)
{
	return a + a;
}

int main(int argc, char **argv)
{
	printf("%d %d\n", sum(atoi(argv[1]), atoi(argv[2])), twice(atoi(argv[2])));
	return 0;
}
C
suite() { # name; its body on stdin
	{
		echo '#!/bin/bash'
		cat
		echo 'echo 1..1'
	} >"$tree/tests/e2e/room/$1.sh"
	chmod +x "$tree/tests/e2e/room/$1.sh"
}
suite sums <<END
. "$root/tests/e2e/lib.sh"
t_is sums "\$("\$B/sum" 2 3 | cut -d' ' -f1)" 5
t_done
END
suite broken <<<'echo "not ok - always"'
suite skips <<<'echo "ok - here # SKIP no such machine"'

mutant() { # name in old new suites
	printf '%s\n' 'sees: 6' 'file: src/sum.c' "in: $2" "-$3" "+$4" "suites: $5" >"$tree/tests/mutants/src/$1"
}
mutant caught sum 'a + b' 'a * b' e2e/room/sums
mutant survives twice 'a + a' '3 * a' e2e/room/sums
mutant gone sum 'a - b' 'a * b' e2e/room/sums
mutant ambiguous main atoi atol e2e/room/sums
mutant nowhere product 'a * b' 'a + b' e2e/room/sums
mutant broken sum 'a + b' 'a + c' e2e/room/sums
mutant red_anyway sum 'a + b' 'a * b' e2e/room/broken
mutant no_suite sum 'a + b' 'a * b' e2e/room/none
mutant no_case sum 'a + b' 'a * b' 'e2e/room/sums -k differences'
mutant skipped sum 'a + b' 'a * b' e2e/room/skips
mutant second sum 'a + b' 'a * b' 'e2e/room/skips e2e/room/sums'

# The line about it, without its time, and the last line.
mutate() { # [-s I/N] GLOB
	out=$("$root/tests/mutate" "$@" "$tree" 2>&1)
	status=$?
	last=$(tail -n 1 <<<"$out")
	line=$(head -n 1 <<<"$out" | sed 's/  */ /g; s/ [0-9.]* s / /')
}
fails() { # name what-it-says
	mutate "*/$1"
	t_is "$1: $2" "$status $last" '1 0 passed, 1 failed, 0 skipped'
	t_like "... and says so" "$line" "^FAILED src/$1 $2"
}

mutate '*/caught'
t_is 'a fault that a suite notices passes' "$status $last" '0 1 passed, 0 failed, 0 skipped'
t_is '... with the case that went red' "$line" 'red src/caught e2e/room/sums: not ok - sums'
t_is '... and the sources are as they were' "$(grep -c '\*' "$tree/src/sum.c")" 1
fails survives 'SURVIVED e2e/room/sums; sees: 6'
fails gone 'does not apply: 0 times in src/sum.c, sum: a - b'
fails ambiguous 'does not apply: 3 times in src/sum.c, main: atoi'
fails nowhere 'does not apply: no definition of product'
fails broken 'does not compile:'
fails red_anyway 'red without it: e2e/room/broken: not ok - always'
fails no_suite 'no suite is named e2e/room/none'
fails no_case "no case of e2e/room/sums has 'differences' in its name"
mutate '*/skipped'
t_is 'a run in which all suites skip is none' "$status $last" '1 0 passed, 1 failed, 1 skipped'
mutate '*/second'
t_is '... but one that does not skip is enough' "$status $last" '0 1 passed, 0 failed, 0 skipped'
mutate '*/nothing'
t_is 'no mutant of that name' "$status $last" '1 0 passed, 1 failed, 0 skipped'

mutate '*'
t_is 'all of them are summed up' "$status $last" '1 2 passed, 8 failed, 1 skipped'
whole=$(awk '/^(red|FAILED|skipped) / { print $2 }' <<<"$out" | sort)
t_is 'slices are all of them, each once' "$(for i in 1 2 3; do
	mutate -s $i/3 '*'
	awk '/^(red|FAILED|skipped) / { print $2 }' <<<"$out"
done | sort)" "$whole"
mutate -s 4/3 '*'
t_like 'a slice that there is not is refused' "$status $out" '^1 tests/mutate: -s 4/3: expected I/N'

mutate -r "$T/results" '*'
mutate -r "$T/results" '*/[cs]*'
t_is '-r: what was red is not run again, what survived is' \
	"$(awk '/^(red|FAILED|skipped) / { print $1, $2, /\(before\)/ }' <<<"$out" | sort | paste -sd' ')" \
	'FAILED src/survives 0 red src/caught 1 red src/second 1 skipped src/skipped 0'
echo >>"$tree/src/sum.c"
mutate -r "$T/results" '*/caught'
t_is '... but in a file that has changed it is' "$line" 'red src/caught e2e/room/sums: not ok - sums'

mutate -n '*'
t_is '-n builds nothing, and says which can no longer be put in' \
	"$status $last $(awk '{ print $2 }' <<<"$out" | grep / | sort | paste -sd' ')" \
	'1 7 passed, 4 failed, 0 skipped src/ambiguous src/gone src/no_suite src/nowhere'
out=$("$root/tests/mutate" -n)
t_like 'each mutant of this tree can be put in' "$out" '^[0-9]+ passed, 0 failed, 0 skipped$'

echo 'what is this' >>"$tree/tests/mutants/src/caught"
mutate '*/caught'
t_like 'a line that is not understood is told by file and line' "$out" 'src/caught:7: not understood: what is this'
t_done
