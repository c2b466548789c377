#!/bin/bash
# Completion in bash, zsh and fish: what is typed, with the Tab key, on a terminal.
. "$(dirname "$0")/../lib.sh"
F=$B/fdfence
export PATH=$B:$PATH
cd "$T" || exit 1
touch rules.txt

# What may follow, by the command itself.
words() { "$F" --complete "$@" | cut -f1 | tr '\n' ' '; }
commands=$("$F" --help | awk '/^  [a-z]/ { print $1 }')
t_is "the commands" "$(words '')" "$(tr '\n' ' ' <<<"$commands")"
for sub in $commands; do
	t_is "the options of $sub are those of --help" "$(words "$sub" --)" \
		"$("$F" "$sub" --help | grep -oE '^ +(-[a-zA-Z], )?--[a-z-]+' | grep -oE -e '--[a-z-]+' | tr '\n' ' ')-- "
done
t_is "the words of --mode" "$(words run --mode '')" "seal report deny abort off "
t_is "... behind =" "$(words run --mode=re)" "--mode=report "
t_is "the profiles" "$(words run --profile '')" \
	"$(cd "$root/tools/profiles" && for p in *.rules; do printf '%s ' "${p%.rules}"; done)"
t_is "what is in a list is not offered again" "$(words check --intent given,image,)" \
	"$(printf 'given,image,%s ' all none act precise pair generic dup2)"
t_is "an option's value is no option" "$(words run --rule --mode '' | grep -c -e --keep)" 1
t_is "files for a short option" "$(words check -o '')" ":files "
t_is "a command behind --, and behind the first word that is no option" \
	"$(words run -q -- tr) $(words run --keep 3 tr) $(words run tr u)" ":command 3  :command 3  :command 1 "
t_is "nothing behind what is unknown" "$(words nosuch '')$(words run --nosuch=)$(words)" ""
if "$F" trace --help | grep -q -e --snapshot; then
	t_is "the words of --show" "$(words trace --show '')" "leaked kept would clean all "
	t_like "the types" "$(words trace --type '')" ' file .* listener '
	t_is "columns" "$(words trace --columns PID,FR)" "PID,FROM "
else
	t_skip "the words of trace" "built without it"
fi

t_like "numbers of processes, for what is not a command" "$(words inspect --leaks "${$:0:1}")" "(^| )$$ "
t_is "an option whose value may be missing takes none of the next word" "$(words inspect --watch --fo)" "--format "

# Typed into a shell.
typed() { # shell setup
	timeout 90 /usr/bin/python3 "$root/tests/helpers/tab.py" "$1" "$2" 'fdfence ru<Tab>--mo<Tab>se<Tab>' 'fdfence run --mode=se<Tab>' \
		'fdfence check --intent given,im<Tab>' 'fdfence run --rules rul<Tab>' 'fdfence run --profile ser<Tab>' \
		'fdfence run --no-argv -- mkfif<Tab>' 2>&1
}
expected='fdfence run --mode seal
fdfence run --mode=seal
fdfence check --intent given,image
fdfence run --rules rules.txt
fdfence run --profile server
fdfence run --no-argv -- mkfifo'
C=$root/tools/completion
t_is "bash" "$(typed bash ". $C/fdfence.bash")" "$expected"
if command -v zsh >/dev/null; then
	t_is "zsh" "$(typed zsh "fpath=($C \$fpath); autoload -U compinit; compinit -u -D; bindkey -e")" "$expected"
else
	t_skip "zsh" "no zsh"
fi
if command -v fish >/dev/null; then
	t_is "fish" "$(HOME=$T typed fish ". $C/fdfence.fish")" "$expected"
else
	t_skip "fish" "no fish"
fi
t_done
