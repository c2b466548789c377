#!/bin/bash
# One table for parser, help, manual and completion: all name the same options and commands.
. "$(dirname "$0")/../lib.sh"
F=$B/fdfence

help_options() { "$F" "$1" --help | grep -oE '^ +(-[a-zA-Z], )?--[a-z-]+' | grep -oE -e '--[a-z-]+' | sort; }
man_options() { sed -n 's/^\.It Fl \([a-z] , \)\{0,1\}-\([a-z-]*\).*/--\2/p' "$root/docs/fdfence-$1.1" | sort; }

for sub in run check explain; do
	t_is "$sub: the manual has the options of --help" "$(man_options $sub)" "$(help_options $sub)"
	unknown=
	for option in $(help_options $sub); do
		# Without a command behind it a known option fails too, but not as an unknown one.
		"$F" "$sub" "$option" 2>&1 | grep -q "no such option" && unknown+=" $option"
	done
	t_is "$sub: the parser knows each" "$unknown" ""
	t_is "$sub: letters are the same in help and manual" \
		"$("$F" $sub --help | grep -oE '^ +-[a-z], --[a-z]+' | tr -d ' ' | sort)" \
		"$(sed -n 's/^\.It Fl \([a-z]\) , -\([a-z-]*\).*/-\1,--\2/p' "$root/docs/fdfence-$sub.1" | sort)"
	t_ok "$sub: --help exits with 0 and writes to stdout" bash -c '"$0" "$1" --help 2>&- | grep -q Usage' "$F" $sub
	t_like "$sub: --version" "$("$F" $sub --version)" "^fdfence [0-9]+\.[0-9]+"
done

commands=$("$F" --help | awk '/^  [a-z]/ { print $1 }')
for sub in $commands; do
	t_ok "the manual has $sub" grep -q "^\.It Cm $sub\$" "$root/docs/fdfence.1"
done
t_is "each setting has its variable in the manual" \
	"$(grep -o '^\.It Ev FDFENCE_[A-Z_]*' "$root/docs/fdfence.1" | sed 's/.*FDFENCE_//' | grep -v RULES_FILE | sort)" \
	"$(sed -n '/ names\[\]/,/;/p' "$root/preload/core/settings.c" | grep -oE '[A-Z_]{3,}' | sort)"
t_is "each profile is in the manual" \
	"$(for p in "$root"/tools/profiles/*.rules; do
		grep -q "^\.It Cm $(basename "$p" .rules)\$" "$root/docs/fdfence.1" || echo "$p"
	done)" ""

# --- completion ---
complete_words() { # words...: what the last one completes to
	bash --norc -c '. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _fdfence
		printf "%s\n" "${COMPREPLY[@]}"' _ "$root/tools/completion/fdfence.bash" "$@" | sort
}
t_is "completion knows the commands" "$(complete_words "$F" '' | grep -v -e -- | tr '\n' ' ')" \
	"$(sort <<<"$commands" | tr '\n' ' ')"
t_is "completion knows the options of check" "$(complete_words "$F" check -- | grep -x -e '--..*')" "$(help_options check)"
t_is "completion knows the profiles" "$(complete_words "$F" run --profile '' | tr '\n' ' ')" \
	"$(cd "$root/tools/profiles" && for p in *.rules; do echo "${p%.rules}"; done | sort | tr '\n' ' ')"
t_is "completion of the command behind --" "$(complete_words "$F" run -- mkfif | sort -u)" mkfifo

if command -v mandoc >/dev/null; then
	t_ok "the manual pages are well-formed" bash -c 'cd "$0" && ! mandoc -T lint -W warning docs/fdfence.1 \
		docs/fdfence-run.1 docs/fdfence-check.1 docs/fdfence-explain.1 | grep .' "$root"
else
	t_skip "the manual pages are well-formed" "no mandoc"
fi
t_done
