#!/bin/bash
# fdfence run: exit statuses, the environment that it sets, and what it gives its command.
. "$(dirname "$0")/../lib.sh"
F=$B/fdfence

status_of() { # command...: its exit status, output away
	"$@" >/dev/null 2>&1
	echo $?
}

# --- exit status ---
t_is "the status is the command's" "$(status_of spawn "$F" run -- sh -c 'exit 7')" 7
t_is "a signal is the command's" "$(status_of spawn "$F" run -- sh -c 'kill -TERM $$')" 143
t_is "127: not found" "$(status_of spawn "$F" run -- no-such-command)" 127
t_is "127: not found by path" "$(status_of spawn "$F" run -- /no/such/command)" 127
t_is "126: not executable" "$(status_of spawn "$F" run -- /etc/passwd)" 126
t_is "126: a directory" "$(status_of spawn "$F" run -- /etc)" 126
t_is "125: no command" "$(status_of spawn "$F" run)" 125
t_is "125: unknown option" "$(status_of spawn "$F" run --nonsense -- true)" 125
t_is "125: unknown subcommand" "$(status_of spawn "$F" walk)" 125
t_is "a file without #! runs as execvp has it" \
	"$(printf 'exit 6\n' >"$T/plain"; chmod +x "$T/plain"; status_of spawn "$F" run -- "$T/plain")" 6

# --- one message that names option, place and what was expected ---
message() { spawn "$F" run "$@" -- true 2>&1; }
t_like "--mode says what it takes" "$(message --mode sael)" \
	"^fdfence: --mode 'sael': at character 1: expected seal, report, deny, abort or off$"
t_like "--keep says where" "$(message --keep 3,x)" "^fdfence: --keep '3,x': at character 3: expected "
t_like "--rule says where" "$(message --rule 'keep fd=x')" "--rule 'keep fd=x': at character 9: expected "
printf '# fine\nkeep fd=3\n\nkeep fd=9 tpye=file\n' >"$T/bad.rules"
t_like "--rules says file:line:column" "$(message --rules "$T/bad.rules")" \
	"^fdfence: $T/bad.rules:4:11: expected "
t_like "--rules of a missing file" "$(message --rules "$T/none")" "--rules $T/none: No such file"
t_like "a bad variable is named" "$(spawn -e FDFENCE_INTENT=alll "$F" run -- true 2>&1)" \
	"^fdfence: FDFENCE_INTENT 'alll': at character 1: expected all, none"
t_is "and nothing runs" "$(spawn "$F" run --mode x -- echo ran 2>/dev/null)" ""

# --- environment ---
env_of() { spawn "$@" | grep -E '^(FDFENCE_|LD_PRELOAD)' | grep -v '^FDFENCE_STATE' | sort; }
t_is "a log that nobody reads is said" "$(spawn "$F" run --log "@fdf-nobody-$$" -- echo ran 2>&1)" \
	"fdfence: log @fdf-nobody-$$: nobody listens there (Connection refused): records are lost until somebody does"$'\nran'
t_is "without options only the shim is preloaded" "$(env_of "$F" run -- env)" "LD_PRELOAD=$SHIM"
t_is "each option becomes its variable" \
	"$(cd "$T" && env_of "$F" run --mode deny --keep 3 --keep 5-6 --intent act --log @fdf-nobody --log-what all \
		--no-argv --on-error deny --no-follow --clamp-open-max --rule 'keep fd=9' --rule 'deny fd=8' -- env 2>/dev/null)" \
	"$(printf '%s\n' FDFENCE_CLAMP=yes FDFENCE_INTENT=act FDFENCE_KEEP=3,5-6 FDFENCE_LOG=@fdf-nobody FDFENCE_LOG_ARGV=no \
		FDFENCE_LOG_WHAT=all FDFENCE_MODE=deny FDFENCE_ON_ERROR=deny FDFENCE_FOLLOW=no \
		'FDFENCE_RULES=keep fd=9' "LD_PRELOAD=$SHIM" | sort)"
t_is "what is preloaded already stays in front" "$(env_of -e LD_PRELOAD=/x.so "$F" run -- env 2>/dev/null)" \
	"LD_PRELOAD=/x.so:$SHIM"
t_is "the shim is not preloaded twice" "$(env_of -e LD_PRELOAD="$SHIM" -e ASAN_OPTIONS=verify_asan_link_order=0 "$F" run -- env)" "LD_PRELOAD=$SHIM"
t_is "a profile's setting" "$(env_of "$F" run --profile strict -- env)" \
	"$(printf '%s\n' FDFENCE_INTENT=none "LD_PRELOAD=$SHIM")"
cp "$B/profiles/strict.rules" "$T/mine"
echo 'keep fd=9' >>"$T/mine"
t_is "a copy of a profile is one" "$(cd "$T" && env_of "$F" run --profile ./mine -- env)" \
	"$(printf '%s\n' FDFENCE_INTENT=none 'FDFENCE_RULES=keep fd=9' "LD_PRELOAD=$SHIM" | sort)"
printf 'set INTENT=none\nset MOOD=bad\n' >"$T/mine"
t_like "a mistake in it is told with its line" "$(message --profile "$T/mine")" "^fdfence: $T/mine:2: set: expected NAME=VALUE"
t_like "a profile that there is not" "$(message --profile mine)" "no such profile; there are .*strict$"
echo "set LOG=$T/profile.jsonl" >"$T/logs"
t_is "--log-what is of the profile's log" \
	"$(message --profile "$T/logs" --log-what all; jq -r .event "$T/profile.jsonl")" $'exec\nstart'
t_like "... and of none, if that has none" "$(message --profile strict --log-what all)" "^fdfence: --log-what: expected --log"
t_like "an option goes before the profile" "$(env_of "$F" run --profile strict --intent all -- env)" \
	"FDFENCE_INTENT=all"
t_ok "each profile is taken" bash -c 'for p in strict default ci server; do
	"$0" "$1" run --profile $p -- true || exit 1; done' "$H/spawn" "$F"
t_like "-v says what is set" "$(spawn "$F" run -v --keep 9 --rule keep -- true 2>&1)" \
	"^fdfence: shim $SHIM KEEP=9 RULES=\(1 rules\)$"

# --- the shim must be there ---
mkdir "$T/alone"
cp "$F" "$T/alone/fdfence"
if [ -e /usr/local/lib/fdfence/libfdfence.so ]; then
	t_skip "without its shim it refuses" "one is installed on this machine"
else
	t_like "without its shim it refuses" "$(spawn "$T/alone/fdfence" run -- echo ran 2>&1)" \
		"^fdfence: libfdfence.so is neither beside $T/alone/fdfence nor in "
fi

# --- its own descriptors ---
fds() { spawn "$@" | cut -d' ' -f1 | tr '\n' ' '; }
L=(-l write:5 -l pipe:7 -l listener:9)
t_is "the command gets only stdio" "$(fds "${L[@]}" "$F" run -- "$H/fdlist")" ""
t_is "in report mode it is let through" "$(fds "${L[@]}" "$F" run --mode report -- "$H/fdlist")" "5 7 9 "
t_is "--keep names them" "$(fds "${L[@]}" "$F" run --keep 5,9 -- "$H/fdlist")" "5 9 "
t_is "so does a rule" "$(fds "${L[@]}" "$F" run --rule 'keep type=pipe' -- "$H/fdlist")" "7 "
t_is "--inherit gives all" "$(fds "${L[@]}" "$F" run --inherit -- "$H/fdlist")" "5 7 9 "
t_is "/dev/fd/N among the arguments" "$(fds "${L[@]}" "$F" run -- sh -c '"$0"' "$H/fdlist" /dev/fd/7)" "7 "
t_is "but not for a listener: a generic convention" \
	"$(fds "${L[@]}" "$F" run -- sh -c '"$0"' "$H/fdlist" /dev/fd/9)" ""
t_is "standard input is the command's" "$(echo text | spawn -i "$F" run -- cat)" text

# systemd sets LISTEN_PID to the process that it starts; exec keeps the number.
activated() {
	# shellcheck disable=SC2016 # for the inner shell
	fds -l listener sh -c 'export LISTEN_PID=$$ LISTEN_FDS=1; exec "$@"' sh "$F" run "$@" -- "$H/fdlist"
}
t_is "socket activation" "$(activated)" "3 "
t_is "socket activation with --profile server" "$(activated --profile server)" "3 "
t_is "not with --intent none" "$(activated --intent none)" ""

log=$T/own.log; rm -f "$log"
fds -l write:5 "$F" run --log "$T/own.log" -- true >/dev/null
t_is "what was not given to the command is in the log" \
	"$(jq -r 'select(.source=="command") | .fds[] | "\(.fd) \(.type) \(.verdict) \(.reason)"' "$T/own.log")" \
	"5 file seal default"

# --- the log ---
for_others "$F" "$SHIM" "$H/leaker"
log=$T/all.log
who_leaked() { jq -r 'select(.event=="exec" and .source=="shim") | .uid' "$log" | sort | uniq -c | tr -s ' \n' ' '; }
leaks=("$T/bin/leaker" -l -n 2 true)
if [ "$(id -u)" -eq 0 ]; then
	spawn "$T/bin/fdfence" run --log "$log" -- sh -c '"$@"; setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; "$@"' sh "${leaks[@]}"
	t_is "a master as root and a worker as nobody write to one log" "$(who_leaked)" " 4 0 2 65534 "
	group=$(getent group 65534 | cut -d: -f1)
	t_is "the log is its owner's alone" "$(stat -c '%a %u' "$log")" "600 0"
	spawn "$F" run --log "$log" --log-group "$group" -- true
	t_is "or the group's that was asked for" "$(stat -c '%a %G' "$log")" "640 $group"
else
	for i in 1 2 3; do t_skip "a log of several users ($i)" "needs root"; done
fi
echo precious >"$T/precious"
ln -s precious "$T/link"
t_like "a link is refused" "$(spawn "$F" run --log "$T/link" -- echo ran 2>&1)" \
	"^fdfence: --log $T/link: it is a symbolic link: name the file itself$"
t_is "and not followed" "$(<"$T/precious")" precious
t_like "a group that there is not" "$(spawn "$F" run --log "$log" --log-group nosuch -- echo ran 2>&1)" \
	"^fdfence: --log-group 'nosuch': no such group$"
log=$T/own.log
spawn "$F" run --log "$log" -- sh -c 'exit 7'
t_is "the status is the command's, with a log too" $? 7
t_is "127 with a log: not found" "$(status_of spawn "$F" run --log "$log" -- no-such-command)" 127
# The reader of a named pipe sees its end with the command's, not before.
mkfifo "$T/pipe"
spawn -t 30 cat "$T/pipe" >"$T/piped" &
reader=$!
t_is "a named pipe is a log, too" \
	"$(status_of spawn -t 20 "$F" run --log "$T/pipe" --log-what all -- sh -c '/bin/true; exit 6')" 6
wait "$reader"
t_ok "... and its reader has all" grep -q '"into":"[^"]*/true"' "$T/piped"
# shellcheck disable=SC2016 # for the inner shell
mkfifo "$T/ready"
# shellcheck disable=SC2016
spawn "$F" run --log "$log" -- sh -c 'trap "exit 9" TERM; echo $PPID >"$0"; while :; do sleep 0.1; done' "$T/ready" &
front=$!
read -r -t 20 writer <>"$T/ready"
kill -TERM "$(ps -o ppid= -p "$writer")"
wait "$front"
t_is "a signal is handed on" $? 9
# A daemon: the front ends with what started it, and the log goes on.
rm -f "$log"
# shellcheck disable=SC2016 # for the inner shells
daemon=(sh -c 'setsid sh -c ": >\"\$0.up\"; until [ -e \"\$0\" ]; do sleep 0.05; done; \"\$@\"" "$@" >/dev/null 2>&1 &
	until [ -e "$1.up" ]; do sleep 0.05; done # in a session of its own, which spawn does not kill
	exit 3' sh
	"$T/hold" "$H/leaker" -l true)
out=$(spawn "$F" run --log "$log" -- "${daemon[@]}")
t_is "the front ends when the command does" "$? $out" "3 "
: >"$T/hold"
t_until jq -es 'any(.source == "shim")' "$log"
t_is "what runs on is logged" "$(jq -r 'select(.source=="shim") | .fds[].type' "$log")" listener
t_like "a full disk is told" "$(spawn "$F" run --log /dev/full -- "$H/leaker" -l -n 3 true 2>&1)" \
	"^fdfence: /dev/full: 3 records lost: No space left on device$"
spawn "$F" check --format=json -o "$T/json" -- "$F" run --mode report --log "$log" -- "$H/leaker" -l true
t_is "a check outside sees what the log gets" "$(jq -r '"\(.leaks) \(.not_covered | length)"' "$T/json")" "1 0"

# --- the fence holds below ---
t_is "a leak below is sealed" "$(spawn "$F" run -- "$H/leaker" -w "$T/db" -l -p "$H/fdlist")" ""
t_is "in report mode not" "$(fds "$F" run --mode report -- "$H/leaker" -w "$T/db" "$H/fdlist")" "3 "
t_is "deny fails the exec" "$(status_of spawn "$F" run --mode deny -- "$H/leaker" -w "$T/db" "$H/fdlist")" 121
t_is "off is off" "$(fds "$F" run --mode off -- "$H/leaker" -w "$T/db" "$H/fdlist")" "3 "

# --- what it cannot reach it says ---
t_like "a static command" "$(spawn "$F" run -- "$H/static/fdlist" 2>&1)" \
	"^fdfence: $H/static/fdlist is static: the fence does not reach it$"
t_is "not with -q" "$(spawn "$F" run -q -- "$H/static/fdlist" 2>&1)" ""
# Capabilities of a file give root nothing, so that its loader reads LD_PRELOAD: nothing to warn of.
if [ "$(id -u)" -eq 0 ] && cp /bin/true "$T/capable" && setcap cap_net_raw+ep "$T/capable" 2>/dev/null; then
	t_is "a file with capabilities is covered for root" "$(spawn "$F" run -- "$T/capable" 2>&1)" ""
else
	t_skip "a file with capabilities is covered for root" "needs root and setcap"
fi
if [ -x "$H/m32/fdlist" ] && [ "$(getconf LONG_BIT)" = 64 ]; then
	t_like "a 32-bit command" "$(spawn "$F" run -- "$H/m32/fdlist" 2>&1)" \
		"^fdfence: $H/m32/fdlist is of another architecture: the fence does not reach it"
else
	t_skip "a 32-bit command" "no 32-bit C library"
fi
t_done
