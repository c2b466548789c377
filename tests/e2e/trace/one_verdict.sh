#!/bin/bash
# limit: 600
# One descriptor, one verdict: the shim, the tracer, check, explain and the command's own judgement
# say the same of it, with the same reason and type.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/e2e/trace/lib.bash
. "$(dirname "$0")/lib.bash"

F=$B/fdfence
trace_or_skip
cp "$H/fdlist" "$T/target" # told from everybody else's execs

# Lines "NUMBER VERDICT REASON TYPE" of the execs into the target.
of_target() { # records
	jq -r 'select(.into // "" | endswith("/target")) | .fds[] |
		"\(.fd) \(if .verdict == "keep" then "keep" else "leak" end) \(.reason) \(.type)"' \
		"$1" | sort -un
}

# What one way of looking at it makes of a program that runs under it; $given are options of spawn, what the program is given; $rule is
# one of the fence.
by_shim() { # program...
	rm -f "$T/log"
	# shellcheck disable=SC2086 # options
	spawn $given -e LD_PRELOAD="$SHIM" -e FDFENCE_MODE=report -e FDFENCE_LOG="$T/log" \
		-e FDFENCE_LOG_WHAT=all ${rule:+-e FDFENCE_RULES="$rule"} "$@" >"$T/out" 2>&1
	of_target "$T/log"
}
by_trace() {
	rm -f "$T/json"
	# shellcheck disable=SC2086 # options
	spawn $given "$F" trace -q --format json -o "$T/json" --show leaked,kept \
		${rule:+--rule "$rule"} -- "$@" >"$T/out" 2>&1
	of_target "$T/json"
}
by_run() {
	rm -f "$T/log"
	# shellcheck disable=SC2086 # options
	spawn $given "$F" run --mode report --log "$T/log" --log-what all \
		${rule:+--rule "$rule"} -- "$@" >"$T/out" 2>&1
	of_target "$T/log"
}
by_check() {
	rm -f "$T/json"
	# shellcheck disable=SC2086 # options
	spawn $given "$F" check --format json -o "$T/json" ${rule:+--rule "$rule"} -- "$@" \
		>"$T/out" 2>&1
	jq -r '.causes[] | select(.into | endswith("/target")) |
		"\(.fds[]) leak \(.reason) \(.type)"' "$T/json" | sort -un
}
# The command's own judgement: what it was given itself, before it becomes the target.
by_own() { # kind of tests/helpers/kinds.c, program...
	local kind=$1
	rm -f "$T/log"
	# shellcheck disable=SC2086 # options
	spawn $given "$H/kinds" "$kind" "$F" run --mode report --log "$T/log" --log-what all \
		${rule:+--rule "$rule"} -- "${@:2}" >"$T/out" 2>&1
	jq -c 'select(.source == "command")' "$T/log" >"$T/own"
	of_target "$T/own"
}
by_explain() {
	rm -f "$T/told"
	# shellcheck disable=SC2086 # options
	spawn $given "$F" explain --mode report -o "$T/told" ${rule:+--rule "$rule"} -- "$@" >"$T/out" 2>&1
	awk '/^[0-9]/ { ours = /-> [^ ]*\/target / }
		ours && /^ +[0-9]+ +(keep|seal|report) / { print $1, ($2 == "keep" ? "keep" : "leak"), $3 }' \
		"$T/told" | sort -un
}

# all NAME EXPECTED program...: EXPECTED is what each says; $differs names those that cannot know.
all() {
	local name=$1 expected=$2
	shift 2
	t_wants "$name" || return 0
	t_is "shim: $name" "$(by_shim "$@")" "$expected"
	[ "${differs:-}" ] || t_is "trace: $name" "$(by_trace "$@")" "$expected"
	t_is "run: $name" "$(by_run "$@")" "$expected"
	t_is "explain: $name" "$(by_explain "$@")" "$(awk 'NF { print $1, $2, $4 }' <<<"$expected")"
	t_is "check: $name" "$(by_check "$@")" "$(grep ' leak ' <<<"$expected")"
}
# everybody NAME EXPECTED KIND program...: the same, and the command itself, of what it was given.
everybody() {
	t_wants "$1" || return 0
	all "$1" "$2" "$H/kinds" "${@:3}"
	t_is "own: $1" "$(by_own "${@:3}")" "$2"
}
given='' rule=''

# --- each type of the documentation ---
mkfifo "$T/fifo"
disk=$(find /dev -type b -print -quit)
for number in /sys/dev/block/*; do # where /dev has none
	[ -z "$disk" ] && mknod "$T/disk" b "$(basename "${number%:*}")" "${number##*:}" && : <"$T/disk" && disk=$T/disk
done 2>/dev/null
[ -n "$disk" ] || t_skip "a block device that nobody meant" "none in /dev, and none can be made"
while read -r kind type; do
	[ -n "$kind" ] || continue
	all "a $kind that nobody meant" "3 leak default $type" "$H/spawn" -l "$kind" "$T/target"
	rule="keep type=$type" all "a rule for type=$type" "3 keep rule $type" \
		"$H/spawn" -l "$kind" "$T/target"
done <<END
file file
write file
/etc/passwd file
dir dir
/dev/zero chr
${disk:+$disk blk}
/proc/self link
pipe pipe
$T/fifo fifo
socket socket
unix socket
listener listener
memfd memfd
eventfd anon
epoll anon
END

# --- each member of intent ---
all "nothing at all" "" "$H/spawn" "$T/target"
given="-l pipe" all "given, relayed" "3 keep given pipe" env "$T/target"
all "a shell's redirection" "3 keep image file" sh -c 'exec 3</etc/passwd; "$@"' sh "$T/target"
all "the same in a child of the shell" "3 keep image file" \
	sh -c 'exec 3</etc/passwd; "$@"; true' sh "$T/target"
# --- a program that is many in one is the one that argv names ---
cp "$H/leaker" "$T/busybox"
ln -s busybox "$T/ash"
ln -s busybox "$T/crond"
all "busybox sh" "3 keep image file" "$T/busybox" sh -w "$T/db" "$T/target"
all "busybox under the name of a shell" "3 keep image file" "$T/ash" -w "$T/db" "$T/target"
all "busybox httpd" "3 leak default file" "$T/busybox" httpd -w "$T/db" "$T/target"
all "busybox under another name" "3 leak default file" "$T/crond" -w "$T/db" "$T/target"

all "close-on-exec cleared" "3 keep act file" "$H/trace/opens" -c "$T/target"
all "dup2 between fork and exec" "3 leak default file"$'\n'"9 keep act file" \
	"$H/trace/opens" -f -d "$T/target"
all "dup2 in a child that forks" "3 leak default file"$'\n'"9 keep act file" \
	"$H/trace/opens" -f -D "$T/target"
all "close-on-exec cleared, and two forks" "3 keep act file"$'\n'"9 keep act file" \
	"$H/trace/opens" -c -D "$T/target"
all "dup2 in a child that vforks" "3 leak default file"$'\n'"9 leak default file" \
	"$H/trace/opens" -V "$T/target"
all "dup2 by a program before it forks" "3 leak default file"$'\n'"9 leak default file" \
	"$H/trace/opens" -P "$T/target"
all "a generic convention" "3 keep generic file" "$H/spawn" -l file "$T/target" /dev/fd/3
all "... of what it does not excuse" "3 leak default dir" "$H/spawn" -l dir "$T/target" /dev/fd/3
# What decides of a descriptor without looking at what its process did is one for the command, too.
mkdir -m 755 "$T/public"
mkdir -m 700 "$T/private"
for dir in public private; do
	echo text >"$T/$dir/file"
	chmod 644 "$T/$dir/file"
done
chmod 755 "$T"
everybody "nobody meant it" "3 leak default listener" tcp-listener "$T/target"
everybody "a word, of a pipe" "3 keep generic pipe" pipe-read "$T/target" /dev/fd/3
everybody "a word, of a file that anyone can open" "3 keep generic file" "$T/public/file" "$T/target" /dev/fd/3
everybody "a word, of one that others may not read" "3 leak default file" file-secret "$T/target" /dev/fd/3
everybody "a word, of one in a private directory" "3 leak default file" "$T/private/file" "$T/target" /dev/fd/3
everybody "a word, of one that was removed" "3 leak default file" file-removed "$T/target" /dev/fd/3
everybody "a word, of one of /proc" "3 leak default file" proc-of-a-process "$T/target" /dev/fd/3
everybody "a word, of a namespace" "3 leak default file" namespace "$T/target" /dev/fd/3
everybody "a word, of a directory" "3 leak default dir" directory "$T/target" /dev/fd/3
everybody "a word, of a connection" "3 leak default socket" tcp-connected "$T/target" /dev/fd/3
rule='keep fd=3' everybody "a rule" "3 keep rule dir" directory "$T/target"
rule='report type=dir' everybody "a rule that says leak" "3 leak rule dir" directory "$T/target"
given='-e LISTEN_FDS=1' everybody "a precise convention, of whoever execs" "3 keep precise listener" tcp-listener "$T/target"
given='-e NGINX=3;' everybody "a precise convention for sockets, of a directory" "3 leak default dir" directory "$T/target"

all "a precise convention" "3 keep precise listener" \
	"$H/spawn" -l listener -e LISTEN_FDS=1 "$T/target"
all "... that another process was meant by" "3 leak default listener" \
	"$H/spawn" -l listener -e LISTEN_FDS=1 -e LISTEN_PID=1 "$T/target"
all "the sign pair without a name" "4 leak default pipe" "$H/pairs" fork_closes "$T/target"

# --- a script that its interpreter finds by the number ---
printf '#!/bin/sh\n' >"$T/script"
chmod 755 "$T/script"
by_number() { # records
	jq -r '.fds[]? | select(.reason == "act") | "\(.fd) \(.verdict) \(.by)"' "$1" | sort -u
}
# shellcheck disable=SC2016 # positions of printf()
for form in /dev/fd/%d /proc/self/fd/%d /proc/thread-self/fd/%d '/proc/%2$d/fd/%1$d'; do
	by_shim "$H/host/byfd" script "$form" "$T/script" >"$T/lines"
	t_is "shim: a script as $form" "$(by_number "$T/log")" '3 keep script of this exec'
	by_trace "$H/host/byfd" script "$form" "$T/script" >"$T/lines"
	t_is "trace: a script as $form" "$(by_number "$T/json")" '3 keep script of this exec'
done

# What the kernel opens for an interpreter (binfmt_misc, flag O), in a user namespace.
cat >"$T/binfmt" <<'END'
mount -t binfmt_misc none /proc/sys/fs/binfmt_misc || exit 77
echo ":fdfence:M::FENCE::$T/interpreter:O" >/proc/sys/fs/binfmt_misc/register || exit 77
exec "$OPENS" -n 0 "$T/strange"
END
cp "$H/host/opener" "$T/interpreter"
echo FENCE >"$T/strange"
chmod 755 "$T/interpreter" "$T/strange" "$T"
rm -f "$T/json"
spawn -e T="$T" -e OPENS="$H/trace/opens" -e FDLIST="$H/fdlist" "$F" trace -q --format json -o "$T/json" --show leaked,kept -- \
	unshare -Urm --kill-child -pf --mount-proc sh "$T/binfmt" >"$T/out" 2>&1
if [ $? -eq 77 ]; then
	t_skip "trace: what the kernel opens for an interpreter" "no binfmt_misc in a user namespace here"
else
	t_is "trace: what the kernel opens for an interpreter, and it hands on" \
		"$(jq -r '(.into | split("/") | last) as $into | .fds[] | "\($into) \(.fd) \(.verdict) \(.reason)"' "$T/json")" \
		$'strange 3 keep act\nfdlist 3 keep given'
fi

# limits: linked-script
ln -s /proc/self/fd/3 "$T/third"
by_shim "$H/host/byfd" script "$T/third" "$T/script" >"$T/lines"
t_is "shim: a script through a link" "$(by_number "$T/log")" '3 keep script of this exec'
by_trace "$H/host/byfd" script "$T/third" "$T/script" >"$T/lines"
t_is "trace: ... is not seen as one" "$(by_number "$T/json")" ''

# --- what was addressed to one process is not given to its children ---
printf '#!/bin/sh\nLISTEN_FDS=1 LISTEN_PID=$$ exec "$@"\n' >"$T/for_me"
chmod 755 "$T/for_me"
given="-l listener" all "the process that LISTEN_PID names becomes another" "3 keep given listener" \
	"$T/for_me" env "$T/target"
given="-l listener" all "a child of it" "3 leak default listener" "$T/for_me" "$H/leaker" "$T/target"

# --- the same image again ---
cp "$H/leaker" "$T/target"
all "a child that runs the same image" "3 leak default file" "$T/target" -w "$T/db" "$T/target" true
all "the process itself that does" "3 keep image file" "$T/target" -x -w "$T/db" "$T/target" true

# --- one end of a pair ---
cp "$H/fdlist" "$T/target"
all "the sign pair, named" "4 keep pair pipe" "$H/pairs" fork_closes "$T/target" %W
all "the sign pair, named by a variable" "4 keep pair pipe" "$H/pairs" fork_closes "$T/target" CHANNEL=%W
given='-e CHANNEL=4' all "... that had it before" "4 leak default pipe" \
	"$H/pairs" fork_closes "$T/target" CHANNEL=%W
# What a file action closes does not cross, and the shim judges it all the same.
crossed() { # model
	spawn "$H/pairs" "$1" "$T/target" | cut -d' ' -f1 | sed 's/$/ /'
}
for model in fork_closes fork_sockets spawn_marked vfork_closes spawn_closes double_fork range_closes \
	child_marks self_pipe siblings stale stale_spawn worker on_stdio spawn_stdio \
	dup_of_cloexec no_pair maker_closes; do
	shim=$(by_shim "$H/pairs" $model "$T/target" %R %W | grep -F -f <(crossed $model))
	t_like "shim: $model" "$shim" ' (pair|default) (pipe|socket|chr)'
	t_is "trace: $model" "$(by_trace "$H/pairs" $model "$T/target" %R %W)" "$shim"
	# By the calls of a static program and of a 32-bit one.
	for kind in static m32; do
		if [ -x "$H/$kind/pairs" ]; then
			t_is "trace: $model, $kind" "$(by_trace "$H/$kind/pairs" $model "$T/target" %R %W)" "$shim"
		else
			t_skip "trace: $model, $kind" "not built"
		fi
	done
done

[ "$(id -u)" -ne 0 ] || t_is "trace: other_user" \
	"$(by_trace "$H/pairs" other_user "$T/target" %R %W)" "3 leak default pipe"

# Where the calls are not seen, or not remembered, the tracer says so.
perhaps='4 the shim may keep it as one end of a pair made for this child'
why() { # records
	jq -r '.fds[] | select(.fd == 4) | "\(.asked) \(.why)"' "$1"
}
t_is "trace: more pairs than are remembered" \
	"$(by_trace "$H/pairs" crowded "$T/target" %W; why "$T/json")" "4 leak default pipe
$perhaps"
t_is "trace: more acts than are remembered" \
	"$(by_trace "$H/trace/opens" -c -n 70 -f "$T/target" | cut -d' ' -f2 | sort | uniq -c | tr -s ' '
	jq -r .inexact "$T/json")" " 64 keep
 6 leak
calls meant more descriptors than are remembered: a leak may be one"
without() { # options of trace, program...
	spawn "$F" trace -q --acts no "$@" "$H/pairs" fork_closes "$T/target" %W >"$T/out" 2>&1
}
without --format json -o "$T/without" --
t_is "trace: the calls not seen" "$(of_target "$T/without")" "4 leak default pipe"
t_is "trace: ... and it says so" "$(why "$T/without")" "$perhaps"
without -o "$T/text" --
t_like "trace: ... and the table says so, too" "$(cat "$T/text")" \
	$' leaked[?] .*\n +\\(named exactly: 4; the shim may keep it as one end of a pair made for this child\\)'
without --summary -o "$T/text" --
t_like "trace: ... and the summary" "$(cat "$T/text")" ' leaked[?] '

t_done
