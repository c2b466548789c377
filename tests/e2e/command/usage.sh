#!/bin/bash
# One table for parser, help and manual: all name the same options and commands.
. "$(dirname "$0")/../lib.sh"
F=$B/fdfence
cd "$T" || exit 1 # an option may make the file that it is given

help_options() { "$F" "$1" --help | grep -oE '^ +(-[a-zA-Z], )?--[a-z-]+' | grep -oE -e '--[a-z-]+' | sort; }
man_options() { sed -n 's/^\.It Fl \([a-z] , \)\{0,1\}-\([a-z-]*\).*/--\2/p' "$root/docs/fdfence-$1.1" | sort; }

subs="run check explain inspect"
"$F" trace --help | grep -q -e --snapshot && subs+=" trace" # it may not be built
for sub in $subs; do
	t_is "$sub: the manual has the options of --help" "$(man_options "$sub")" "$(help_options "$sub")"
	unknown=
	for option in $(help_options "$sub"); do
		# The first --help may be its argument, and a bad one: but not an unknown option.
		"$F" "$sub" "$option" --help --help 2>&1 | grep -q "no such option" && unknown+=" $option"
	done
	t_is "$sub: the parser knows each" "$unknown" ""
	t_is "$sub: letters are the same in help and manual" \
		"$("$F" "$sub" --help | grep -oE '^ +-[a-z], --[a-z]+' | tr -d ' ' | sort)" \
		"$(sed -n 's/^\.It Fl \([a-z]\) , -\([a-z-]*\).*/-\1,--\2/p' "$root/docs/fdfence-$sub.1" | sort)"
	t_ok "$sub: --help exits with 0 and writes to stdout" bash -c '"$0" "$1" --help 2>&- | grep -q Usage' "$F" "$sub"
	t_like "$sub: --version" "$("$F" "$sub" --version)" "^fdfence [0-9]+\.[0-9]+"
done

commands=$("$F" --help | awk '/^  [a-z]/ { print $1 }')
for sub in $commands; do
	t_ok "the manual has $sub" grep -q "^\.It Cm $sub\$" "$root/docs/fdfence.1"
done
t_is "each setting has its variable in the manual" \
	"$(grep -o '^\.It Ev FDFENCE_[A-Z_]*' "$root/docs/fdfence.1" | sed 's/.*FDFENCE_//' | grep -v RULES_FILE | sort)" \
	"$(sed -n '/ names\[SETTINGS\]/,/;/p' "$root/preload/core/settings.c" | grep -oE '"[A-Z_]+"' | tr -d '"' | sort)"
t_is "each profile is in the manual" \
	"$(for p in "$root"/tools/profiles/*.rules; do
		grep -q "^\.It Cm $(basename "$p" .rules)\$" "$root/docs/fdfence.1" || echo "$p"
	done)" ""

# --- one way to say what is wrong, wherever it stands ---
printf 'keep fd=3\n\nkep fd=4\n' >"$T/rules"
bad() { # subcommand [options]: exit status and message
	"$F" "$@" -- true 2>&1
	echo "= $?"
}
for sub in $subs; do
	t_is "$sub: a bad variable is refused" "$(FDFENCE_RULES=nonsense bad "$sub")" \
		"fdfence: FDFENCE_RULES 'nonsense': at character 1: expected a verdict (keep, seal, report, deny, abort)"$'\n= 125'
	t_is "$sub: a rules file is refused by line and column" "$(bad "$sub" --rules "$T/rules")" \
		"fdfence: $T/rules:3:1: expected a verdict (keep, seal, report, deny, abort)"$'\n= 125'
	t_is "$sub: so is that of the environment" "$(FDFENCE_RULES_FILE=$T/rules bad "$sub")" \
		"fdfence: $T/rules:3:1: expected a verdict (keep, seal, report, deny, abort)"$'\n= 125'
	t_is "$sub: an option's value is refused by its place" "$(bad "$sub" --keep 3,x)" \
		"fdfence: --keep '3,x': at character 3: expected numbers such as 3, 5-7 or 10-, with commas between them"$'\n= 125'
	t_is "$sub: a profile that is not there" "$(bad "$sub" --profile nosuch)" \
		"fdfence: --profile 'nosuch': no such profile; there are ci, default, server, strict"$'\n= 125'
	t_is "$sub: an unknown option" "$(bad "$sub" --nosuch)" \
		"fdfence: --nosuch: no such option, or it takes no argument; fdfence $sub --help lists them"$'\n= 125'
	t_is "$sub: an option without its argument" "$("$F" "$sub" --rule 2>&1)" "fdfence: --rule: expected RULE behind it"
done
t_is "a profile that is a file here" "$(cd "$T" && : >mine.rules && "$F" run --profile mine.rules -- true 2>&1)" \
	"fdfence: --profile 'mine.rules': no such profile; the file is ./mine.rules"
hostile=$'--\e[31mred\nline\x9b'
t_is "a message is one line without colours, whatever the argument" "$(bad check "$hostile" | head -1)" \
	'fdfence: --\x1b[31mred\x0aline\x9b: no such option, or it takes no argument; fdfence check --help lists them'
t_is "... and whatever the command" "$("$F" run -- $'no\e]0;such' 2>&1)" 'fdfence: no\x1b]0;such: command not found'
for sub in run check explain; do
	t_is "$sub: no command" "$("$F" "$sub" -q 2>&1; echo "= $?")" \
		"fdfence: $sub: expected a command behind the options; fdfence $sub --help"$'\n= 125'
done
if [[ $subs == *trace* ]]; then
	t_is "trace: a user that is not there" "$(bad trace --uid nosuch)" "fdfence: --uid 'nosuch': no such user"$'\n= 125'
	for option in --show=leaked,x --acts=x --type=file,x --format=x --rotate=0 --rotate=1kk --keep-files=0 \
		--duration=0 --ring=3 --ring=2048 --max-fds=0 --pid=0 --uid=-1 --uid=99999999999 --color=x; do
		t_like "trace: $option is refused" "$(bad trace $option)" "^fdfence: ${option%%=*} '${option#*=}': .*"$'\n= 125$'
	done
	for option in --exe --into --cgroup; do
		t_is "trace: $option [: as in rules" "$(bad trace "$option" '[')" \
			"fdfence: $option '[': expected a set such as [a-z], with a ']' at its end"$'\n= 125'
	done
	for options in "--pid 1" "--summary --show would" "--rotate 1M" "--keep-files 3" "--summary --columns into" --snapshot; do
		# shellcheck disable=SC2086 # options
		t_like "trace: $options does not go with the rest" "$(bad trace $options)" $'^fdfence: trace: --.*\n= 125$'
	done
else
	t_skip "trace: what is refused" "built without it"
fi

# --- nothing is done but what was asked for ---
for sub in check explain; do
	found= # what check has found is not lost with the file
	[ $sub = explain ] || found=$'fdfence: no leaks in 1 exec\n'
	for status in 0 7; do
		t_is "$sub: a report that cannot be written is 125, CMD's status $status" \
			"$(spawn "$F" "$sub" -o /dev/full -- sh -c "exit $status" 2>&1; echo "= $?")" \
			$'fdfence: -o /dev/full: No space left on device\n'"$found= 125"
	done
done
for words in --help --version "check --help" "run --help" "explain --version" "help check"; do
	# shellcheck disable=SC2086 # words
	t_is "$words >/dev/full is a failure" "$("$F" $words 2>&1 >/dev/full; echo "= $?")" \
		$'fdfence: stdout: No space left on device\n= 125'
done
"$F" run --log "$T/early" --help >/dev/null
"$F" run --log "$T/early" --nosuch -- true 2>/dev/null
"$F" run --log "$T/early" 2>/dev/null
t_ok "run --log makes no file before all options are known" test ! -e "$T/early"
t_is "FDFENCE_LOG to a folder that is not there is told as --log is" \
	"$(spawn -e FDFENCE_LOG=/no/such/log "$F" run -- echo ran 2>&1; echo "= $?")" \
	$'fdfence: FDFENCE_LOG /no/such/log: No such file or directory\n= 125'
for sub in $subs; do
	for option in --qui --help=x --verb --rul=x; do
		t_like "$sub: $option is not the whole name" "$(bad "$sub" "$option")" "^fdfence: ${option%=x}.*no such option.*= 125$"
	done
	t_is "$sub: what may be meant is told" "$(bad "$sub" --rul 'keep fd=3')$(bad "$sub" --profi ci)" \
		"fdfence: --rul: no such option, or it takes no argument; fdfence $sub --help lists them"$'\n= 125'"fdfence: --profi: no such option; --profile is meant?"$'\n= 125'
	t_like "$sub: a variable that is no setting is told" \
		"$(spawn -e FDFENCE_NOSUCH=1 "$F" "$sub" -q -- true 2>&1)" "fdfence: FDFENCE_NOSUCH: expected the name of a setting, see fdfence\(1\); ignored"
done
if [[ $subs == *trace* ]]; then
	t_is "a value may be called --" "$("$F" trace -q --duration 0.1 -o -- 2>&1; echo "= $?"; ls -- "$T/--")" "= 0"$'\n'"$T/--"
else
	t_skip "a value may be called --" "built without trace"
fi

if command -v mandoc >/dev/null; then
	t_ok "the manual pages are well-formed" bash -c 'cd "$0" && ! mandoc -T lint -W warning docs/fdfence.1 \
		docs/fdfence-run.1 docs/fdfence-check.1 docs/fdfence-explain.1 docs/fdfence-trace.1 docs/fdfence-inspect.1 docs/fdfence-report.1 docs/fdfence.3 | grep .' "$root"
else
	t_skip "the manual pages are well-formed" "no mandoc"
fi
for sub in run check explain trace inspect; do
	t_is "help $sub is $sub --help" "$("$B/fdfence" help $sub)" "$("$B/fdfence" $sub --help)"
	t_like "125: $sub -- without a command" "$("$B/fdfence" $sub -- 2>&1; echo $?)" "$sub: expected a command behind the options.*125"
done
t_is "help of what is no command" "$("$F" help nosuch 2>&1; echo "= $?")" "fdfence: help 'nosuch': no such command; fdfence --help lists them"$'\n= 125'
t_is "help and a word too many" "$("$F" help check extra 2>&1; echo "= $?")" "fdfence: help check: expected nothing behind it, not 'extra'"$'\n= 125'
t_is "--keep without a number" "$("$F" run --keep= -- true 2>&1; echo "= $?")" "fdfence: --keep '': expected numbers, as in 3,5-7"$'\n= 125'
for option in --log-group=root --log-what=all; do
	t_like "run: ${option%=*} without a log" "$("$F" run "$option" -- echo ran 2>&1; echo "= $?")" "^fdfence: ${option%=*}: expected --log"$'[^\n]*\n= 125$'
done
t_is "help report is report --help" "$("$B/fdfence" help report)" "$("$B/fdfence" report --help)"
t_like "125: report without a file" "$("$B/fdfence" report 2>&1; echo $?)" "report: expected files of records.*125"
t_like "125: an empty name is shown" "$("$B/fdfence" '' 2>&1; echo $?)" "^fdfence: '': no such command.*125"
t_done
