#!/bin/bash
# tests/check-style.sh, a case for each of its checks; and what each of them must see.
. "$(dirname "$0")/../lib.sh"

t_tracked ||
	t_skip_all "no checkout of git: it is asked which files are ours"

# None at all is a failure: it is installed with what the tests use.
formatter=$(clang-format --version | sed -n 's/.*version \([0-9]*\).*/\1/p')
another=
[ -z "$formatter" ] || [ "$formatter" = 14 ] || another="they are formatted by clang-format 14, which this is not: $formatter"
for what in format shell length rooms names; do
	if [ $what = format ] && [ -n "$another" ]; then
		t_skip 'the sources: format' "$another"
	else
		t_ok "the sources: $what" "$root/tests/check-style.sh" $what
	fi
done

# What is named is there: that is what "names" above looks at.
t_is "docs/openssf.md: what is called met is named" \
	"$(awk -F' *[|] *' 'NF > 3 && $3 == "met" { n++; if ($4 !~ /`/) print } END { if (n < 20) print n, "are met" }' "$root/docs/openssf.md")" ""

# What stands at the top is what a stranger reads first: no output of a run, no note.
t_is "nothing stray at the top of the tree" \
	"$(git -C "$root" ls-files | grep -vE '/|^\.' | grep -vxE 'Makefile|LICENSE|(README|NEWS|CONTRIBUTING|SECURITY)\.md')$(
	git -C "$root" ls-files | sed -n 's|^\([^.][^/]*\)/.*|\1|p' | sort -u |
		grep -vxE 'bpf|debian|docs|packaging|preload|tests|tools')" ""

# A small checkout with the checks of this one; the text goes to FILE.
refuses() { # what name file text said
	rm -rf "$T/tree"
	mkdir -p "$T/tree/tests" "$T/tree/preload/raw" "$T/tree/docs"
	cp "$root"/tests/{check-style.sh,rooms,names} "$T/tree/tests"
	: >"$T/tree/tests/rooms.txt"
	cp "$root"/.{clang-format,shellcheckrc} "$T/tree"
	printf 'int known_word;\n\nint sum(int a, int b)\n{\n\treturn a + b;\n}\n' >"$T/tree/preload/a.c"
	printf 'all:\n\t@true\n' >"$T/tree/Makefile"
	git -C "$T/tree" init -q
	git -C "$T/tree" add -A
	t_is "$1: the small checkout is clean" "$("$T/tree/tests/check-style.sh" "$1" 2>/dev/null; echo "exit $?")" "exit 0"
	printf '%b' "$4" >>"$T/tree/$3"
	git -C "$T/tree" add -A
	t_like "$1: $2" "$("$T/tree/tests/check-style.sh" "$1" 2>&1; echo "exit $?")" "$5.*exit 1\$"
}

if [ -n "$another" ]; then
	t_skip "format: spaces for tabs" "$another"
else
	refuses format "spaces for tabs" preload/a.c 'int f(void)\n{\n        return 1;\n}\n' \
		'preload/a.c:.*should be clang-formatted'
fi
refuses format "a destroyed table" preload/a.c '/*\n * a\n *b and c\n */\n' \
	'preload/a.c:9: \*b and c'
refuses shell "an unquoted name" tests/x.sh '#!/bin/sh\nrm $1\n' 'SC2086'
refuses length "a function of 61 lines" preload/a.c \
	"int f(void)\n{\n$(printf 'a();\\n%.0s' {1..61})}\n" 'preload/a.c:8: a function of 62 lines'
refuses length "a file of 401 lines" preload/b.h "$(printf '\\n%.0s' {1..401})" 'preload/b.h: 401 lines'
refuses names "a file in a comment" preload/a.c '/* see gone.c */\n' 'preload/a.c:7: no file gone.c'
refuses names "a function in a comment" preload/a.c '/* as gone_away() does */\n' \
	'no function gone_away\(\)'
refuses names "a file in a document" docs/a.md 'See `preload/gone.c`.\n' 'docs/a.md:1: no file preload/gone.c'
refuses names "a word in a document" docs/a.md '`known_word`, `un_known`\n' 'no such word in the sources: un_known'
refuses names "a target in a document" docs/a.md 'Run `make all` or `make nothing`.\n' 'no target: make nothing'
refuses names "a link in a document" docs/a.md 'See [this](gone.md).\n' 'docs/a.md:1: a link that leads nowhere: \(gone.md\)'
refuses names "... to a heading" docs/a.md '# One\n[a](#one) [b](#two)\n' 'docs/a.md:2: a link that leads nowhere: \(#two\)'
refuses names "a limit without a name" docs/limits.md '- It cannot.\n' 'limits.md:1: a line without a name'
for bullet in '*' '+' '1.' '  -'; do
	refuses names "a limit without a name behind $bullet" docs/limits.md "$bullet It cannot.\n" 'limits.md:1: a line without a name'
done
refuses names "a limit without a reason" docs/limits.md '- `cannot` It cannot. (No test)\n' 'without ": " and the reason'
refuses names "a limit without a test" docs/limits.md '- `cannot` It cannot.\n' 'no test cites limits: cannot'
refuses names "a manual page" docs/a.1 '.Xr fdfence-gone 1\n' 'docs/a.1:1: no page fdfence-gone\(1\)'
refuses names "a file that a manual page names" docs/a.1 '.Pa docs/gone.md\n' 'docs/a.1:1: no file docs/gone.md'
refuses names "an option that a manual page names" docs/a.1 'With\n.Fl -gone\n' 'docs/a.1:2: no such option: --gone'
refuses names "a path from a folder below" preload/raw/b.c '/* see raw/gone.c */\n' 'preload/raw/b.c:1: no file raw/gone.c'
refuses names "a path of one machine" docs/a.md 'In /ho''me/alice/fdfence it works.\n' \
	'docs/a.md:1: a path of one machine: /ho''me/alice/'
t_done
