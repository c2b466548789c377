#!/bin/bash
# fdfence run --supervise: what the library does not reach is sealed from outside.
# limit: 300
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/supervise.bash"

# --- as if it were not there ---
t_is "the status is the command's" "$(status_of sup -- sh -c 'exit 7')" 7
t_is "a signal is the command's" "$(status_of sup -- sh -c 'kill -TERM $$')" 143
t_is "a crash is the command's" "$(status_of sup -- sh -c 'kill -SEGV $$')" 139
t_is "127: not found" "$(status_of sup -- no-such-command)" 127
t_is "126: not executable" "$(status_of sup -- /etc/passwd)" 126
t_is "output comes through" "$(sup -- echo here)" here
t_is "input comes through" "$(echo there | spawn -i "$F" run -q --supervise -- cat)" there
t_is "nothing is preloaded" "$(sup -- env | grep -c -e LD_PRELOAD -e FDFENCE)" 0
t_is "SIGTERM goes to the command" "$(sup -- sh -c 'trap "exit 5" TERM; kill -TERM '"\$(ps -o ppid= -p \$(ps -o ppid= -p \$(ps -o ppid= -p \$\$)))"'; sleep 5'; echo $?)" 5
t_is "the command gets only stdio" "$(spawn -l write:5 -l pipe:7 "$F" run -q --supervise -- "$H/static/fdlist")" ""
t_is "and what --keep names" "$(spawn -l write:5 -l pipe:7 "$F" run -q --supervise --keep 7 -- "$H/static/fdlist" | cut -d' ' -f1)" 7
t_is "which it may hand on" "$(spawn -l write:5 -l pipe:7 "$F" run -q --supervise --inherit -- "$W" fork "$H/static/fdlist" | cut -d' ' -f1 | tr '\n' ' ')" "5 7 "

# --- each way, each kind of caller ---
way() { # caller way: what the program was left with
	sup -- "$1/supervise/ways" "$2" "$N"
	echo $?
}
t_is "without it, five leak" "$(spawn "$W" execve "$N"; echo $?)" 5
for kind in static musl; do
	[ -x "$H/$kind/supervise/ways" ] || { t_skip "$kind" "no compiler for it"; continue; }
	for way in execve execveat fexecve fork vfork spawn thread unshared parent many; do
		t_is "$kind $way: sealed" "$(way "$H/$kind" $way)" 0
	done
done
t_is "one leak where stdio is closed: sealed" "$(sup -- /usr/bin/python3 -c "import ctypes, os, sys
ctypes.CDLL(None).open(b'/etc/passwd', 0)
os.close(0)
os.execv(sys.argv[1], sys.argv[1:])" "$N"; echo $?)" 0
t_is "a failed exec touches nothing" "$(sup -- "$W" failed x)" "ENOENT 5 open 0 close-on-exec"
t_is "another process that shares the table keeps it" \
	"$(sup -- "$W" sharer /bin/sleep 1)" "sharer: 5 open 0 close-on-exec"
t_is "a dynamic program after a static one, its environment empty" \
	"$(sup -- "$W" execve /usr/bin/env -i "$H/static/fdlist")" ""

# --- what was meant ---
for way in placed cleared fionclex; do
	t_is "$way: the act counts" "$(sup -- "$W" $way "$H/static/fdlist" | cut -d' ' -f1)" 9
done
cat >"$T/thread.py" <<-'END'
	import os, sys, threading
	f = os.open("/etc/passwd", os.O_RDONLY)
	if os.fork():
	    sys.exit(os.waitstatus_to_exitcode(os.wait()[1]))
	t = threading.Thread(target=os.dup2, args=(f, 9))
	t.start()
	t.join()
	os.execv(sys.argv[1], sys.argv[1:])
END
t_is "a thread's dup2 counts for the exec of another one" \
	"$(sup -- /usr/bin/python3 "$T/thread.py" "$H/static/fdlist")" "9 open /etc/passwd"
cat >"$T/line.py" <<-'END'
	import ctypes, os, sys
	f, way, command = os.open("/etc/passwd", os.O_RDONLY), sys.argv[1], sys.argv[2:]
	here, there = os.pipe() # what they print; all of it, however they are related
	until, lives = os.pipe()
	def go_on():
	    os.dup2(there, 1)
	    os.execv(command[0], command)
	if not os.fork():
	    os.dup2(f, 9)
	    middle = os.getpid()
	    if way == "cousin":
	        os.close(there)
	        os.close(lives)
	        os.read(until, 1)
	    elif not os.fork():
	        while way == "alone" and os.getppid() == middle:
	            os.sched_yield()
	        go_on()
	    elif way == "child":
	        os.wait()
	    os._exit(0)
	if way == "cousin" and not os.fork():
	    while ctypes.CDLL(None).dup(f) < 9:
	        pass
	    go_on()
	os.wait()
	os.close(there)
	print(end=os.read(here, 1000).decode())
END
for way in child alone; do
	t_is "what a process placed its child hands on: $way" \
		"$(sup -- /usr/bin/python3 "$T/line.py" $way "$H/static/fdlist")" "9 open /etc/passwd"
done
t_is "... and what another child of its parent placed for itself it does not" \
	"$(sup -- /usr/bin/python3 "$T/line.py" cousin "$H/static/fdlist")" ""
t_is "when its first thread has ended, a program that was given something and means something hands on both" \
	"$(sup -- bash -c "exec 6</etc/group; exec $W ended $H/static/fdlist" | tr '\n' ' ')" "6 open /etc/group 9 open /etc/passwd "
t_is "intent=-act: it does not" "$(sup --intent=-act -- "$W" cleared "$H/static/fdlist")" ""
t_is "a shell's redirection reaches a static program" \
	"$(sup -- bash -c "exec 6</etc/group; $H/static/fdlist")" "6 open /etc/group"
if [ -x /bin/busybox ]; then
	t_is "so does that of busybox, called sh; what another applet was given it hands on" "$(sup -- /bin/busybox sh -c "exec 6</etc/group; $H/static/fdlist"
		sup -- bash -c "exec 6</etc/group; exec $W execve /bin/busybox env $H/static/fdlist")" "$(printf '6 open /etc/group\n%.0s' 1 2)"
else
	t_skip "busybox" "it is not there"
fi
t_is "what was given is handed on, through a fork and env" \
	"$(sup -- bash -c "exec 6</etc/group; env nice sh -c 'env $H/static/fdlist; :'")" "6 open /etc/group"
t_is "a rule keeps" "$(sup --rule 'keep exe=ways fd=4' -- "$W" fork "$H/static/fdlist")" "4 open /etc/passwd"
# limits: supervise-deny
t_is "a rule that denies ends the new program" "$(status_of sup --rule 'deny into=true fd=4' -- "$W" fork /bin/true)" 137
t_is "mode report lets it through" "$(status_of sup --mode report -- "$W" execve "$N")" 5

cat >"$T/lock.py" <<-'END'
	import ctypes, fcntl, os, sys
	libc = ctypes.CDLL(None) # os.open() marks close-on-exec
	kept, leak = [libc.open(sys.argv[1].encode(), os.O_RDWR) for _ in range(2)]
	libc.open(b"/etc/passwd", os.O_RDONLY)
	os.set_inheritable(kept, False)
	os.set_inheritable(kept, True)
	fcntl.lockf(kept, fcntl.LOCK_EX)
	os.execv("/bin/sh", ["sh", "-c", sys.argv[2]])
END
: >"$T/locked"
t_is "a POSIX lock that is kept stays, and so does a leak of its file" \
	"$(sup --log "$T/lock.log" -- "$W" fork /usr/bin/python3 "$T/lock.py" "$T/locked" \
		"$H/static/fdlist; grep -c \" \$\$ \" /proc/locks")" "3 open $T/locked"$'\n'"4 open $T/locked"$'\n1'
t_like "... and the record says so" "$(tail -n 1 "$T/lock.log")" '"verdict":"report".*would drop a POSIX lock'
for call in pidfd_open pidfd_getfd kcmp process_vm_readv; do
	t_is "... also where $call is denied, and what is told is the same" \
		"$(spawn -t 60 "$H/supervise/filters" $call EPERM "$F" run -q --supervise --log "$T/denied.log" -- "$W" fork /usr/bin/python3 "$T/lock.py" "$T/locked" \
			"$H/static/fdlist; grep -c \" \$\$ \" /proc/locks")
$(tail -n 1 "$T/denied.log" | jq -c '.fds')" \
		"3 open $T/locked"$'\n'"4 open $T/locked"$'\n1\n'"$(tail -n 1 "$T/lock.log" | jq -c '.fds')"
done

# limits: held-lock
cat >"$T/locks.py" <<-'END'
	import ctypes, fcntl, os, sys
	libc = ctypes.CDLL(None)
	for i in range(int(sys.argv[1])):
	    leak = libc.open(f"{sys.argv[2]}/lock{i}".encode(), os.O_RDWR | os.O_CREAT, 0o600)
	    fcntl.lockf(fcntl.fcntl(leak, fcntl.F_DUPFD, 100 + i), fcntl.LOCK_EX)
	os.execv("/usr/bin/grep", ["grep", "-c", " %d " % os.getpid(), "/proc/locks"])
END
mkdir "$T/locks"
for how in "" --supervise; do
	# The library remembers four files, and the supervisor has room for 16 at first.
	# shellcheck disable=SC2086 # a word or none
	t_is "${how:-the library}: each of 4, 5, 16, 17 and 40 locks that are kept stays" \
		"$(for n in 4 5 16 17 40; do spawn -t 60 "$F" run -q $how --keep 100-140 -- /usr/bin/python3 "$T/locks.py" $n "$T/locks"; done)" \
		$'4\n5\n16\n17\n40'
done

cat >"$T/stdout.py" <<-'END'
	import ctypes, fcntl, os, sys
	libc = ctypes.CDLL(None)
	os.dup2(libc.open(sys.argv[1].encode(), os.O_RDWR), 1) # what leaks is the other one
	fcntl.lockf(1, fcntl.LOCK_EX)
	os.execv("/usr/bin/grep", ["grep", "-c", " %d " % os.getpid(), "/proc/locks"])
END
: >"$T/output"
sup -- /usr/bin/python3 "$T/stdout.py" "$T/output"
t_is "... also where it is stdout that is kept" "$(<"$T/output")" 1
cat >"$T/lists" <<-END
	read -r _ _ _ s _ <"/proc/\$PPID/stat"
	$W fork $N
	ls -l "/proc/\$s/fd" | grep -c '/locks\$'
	/usr/bin/python3 "$T/lock.py" "$T/locked" true
	ls -l "/proc/\$s/fd" | grep -c '/locks\$'
END
t_is "the kernel's list of locks, which holds up all who lock, is opened for an exec that may keep one alone" \
	"$(sup -- bash "$T/lists")" $'0\n1'

# --- what outlives the command ---
status=$(sup -- bash -c "$W daemon /bin/sh -c '$H/static/fdlist >$T/later; echo \$? >>$T/later' >/dev/null 2>&1; echo \$?; exit 3"; echo $?)
t_is "a daemon does not hold the command's status" "$status" $'7\n3'
t_until test -s "$T/later"
t_is "... and is sealed when it execs" "$(cat "$T/later" 2>&1)" 0

# --- check: one tree, one report ---
check() { spawn -t 60 "$F" check -q --supervise "$@" 2>&1; }
check --format json -o "$T/report" -- "$W" fork "$H/static/fdlist" >/dev/null
t_is "check sees a static program leak into a static one" \
	"$(jq -c '[.leaks, .execs, (.not_covered | length)]' "$T/report")" "[5,2,0]"
t_is "and exits with 99" "$(status_of check -- "$W" fork /bin/true)" 99
t_is "nothing is uncovered" "$(status_of check --fail-on uncovered -- sh -c "$W fork /bin/true; env -i $W fork /bin/true")" 0
t_is "without it two are" "$(status_of spawn "$F" check -q --fail-on uncovered -- "$W" fork /bin/true)" 99

# --- callers that cannot be attached to ---
# limits: supervise-traced
t_is "strace above: its child's exec goes on" "$(status_of sup -- strace -f -o /dev/null "$W" execve "$N")" 5
t_like "and check says that it was not covered" \
	"$(check --fail-on uncovered -- strace -f -o /dev/null "$W" execve /bin/true; echo "= $?")" \
	"not covered: 1 exec of /bin/true \(its caller is traced by another program\).*= 99"
t_like "on-error=deny: it fails" "$(sup --on-error deny -- strace -f "$W" execve "$N" 2>&1)" "Operation not permitted"

# --- without privileges ---
user=(setpriv --reuid nobody --regid nogroup --clear-groups)
if [ "$(id -u)" = 0 ]; then
	for_others "$F" "$W" "$N"
	ways=$T/bin/ways count=$T/bin/count
	plain() { spawn -t 60 "${user[@]}" "$T/bin/fdfence" run --supervise "$@"; }
	# limits: supervise-privileges
	t_like "one line says what does not work" "$(plain -- true 2>&1)" \
		"^fdfence: supervised without privileges: set-user-ID programs such as sudo, su and ping gain none below it$"
	t_is "it seals all the same" "$(status_of plain -- "$ways" fork "$count")" 0
	t_is "a caller that is not dumpable goes on" "$(status_of plain -- "$ways" nodump "$count")" 5
	t_like "... check says so of what it started, whose name cannot be read" \
		"$(spawn -t 60 "${user[@]}" "$T/bin/fdfence" check -q --supervise -- "$ways" nodump "$count" 2>&1)" \
		"not covered: 1 exec of a program that [^ ]*ways started \(its caller is not dumpable\)"
	t_is "... and is refused under on-error=deny" "$(status_of plain --on-error deny -- "$ways" nodump "$count")" 126
	cp "$count" "$T/execonly"
	chmod 111 "$T/execonly"
	# limits: supervise-unreadable
	unread=0
	[ "$(uname -m)" != riscv64 ] || unread=137 # a tracer cannot change what it asks for
	t_is "an image that may not be read is sealed, or ended where it cannot be" \
		"$(status_of plain -- "$ways" fork "$T/execonly")" $unread
	cp /usr/bin/id "$T/id"
	chmod 4755 "$T/id"
	t_is "set-user-ID gains nothing" "$(plain -q -- "$T/id" -un)" nobody
	t_is "as root, it does, and is sealed" \
		"$(sup -- "${user[@]}" "$ways" fork "$T/id" -un)" root
	cp "$H/static/fdlist" "$T/list"
	chmod 4755 "$T/list"
	t_is "... " "$(sup -- "${user[@]}" "$ways" fork "$T/list")" ""
	cat >"$T/caps" <<-'END'
		read -r _ _ _ s _ <"/proc/$PPID/stat"
		"$@" # the reaper drops its own while we run
		for p in "$s" "$PPID"; do
			for _ in {1..300}; do
				grep -q '^NoNewPrivs:.*1' "/proc/$p/status" && break
				sleep 0.1
			done
			sed -n 's/^Cap\(Inh\|Prm\|Eff\|Amb\):\t*0*/\1 /p; s/^NoNewPrivs:\t/NNP /p' /proc/"$p"/task/*/status | sort -u | tr '\n' ' '
		done
	END
	# SYS_PTRACE, KILL and DAC_READ_SEARCH; KILL
	t_is "root's supervisor keeps what it needs to trace, its reaper what it needs to signal" \
		"$(sup -- bash "$T/caps" "$W" fork "$N")" \
		"Amb  Eff 80024 Inh  NNP 1 Prm 80024 Amb  Eff 20 Inh  NNP 1 Prm 20 "
	# What docker and podman give to root: not CAP_SYS_PTRACE.
	contained() { spawn -t 60 setpriv --bounding-set=-sys_ptrace,-sys_admin "$F" "$@"; }
	t_is "root without CAP_SYS_PTRACE: it is sealed" "$(status_of contained run -q --supervise -- "$W" fork "$N")" 0
	t_is "... by check, with words for what is another user's" \
		"$(contained check -q --supervise --format json -o "$T/report" -- sh -c "$W fork $N; ${user[*]} $ways fork $count" >/dev/null 2>&1
			jq -r '.leaks, (.not_covered | map(.why) | unique[])' "$T/report")" \
		$'5\nits caller is another user\'s, and tracing it takes CAP_SYS_PTRACE'
else
	t_skip "without privileges" "not root"
fi

# --- auto: the library where it loads, the supervisor for the rest ---
auto() { spawn -t 60 "$F" run -q --supervise=auto "$@"; }
t_is "auto: the library is preloaded" "$(auto -- sh -c 'echo "${LD_PRELOAD##*/}"')" libfdfence.so
t_is "auto: a static program's exec is sealed" "$(auto -- "$W" fork "$N"; echo $?)" 0
t_is "auto: so is that of a scrubbed environment" \
	"$(auto --no-follow -- env -i "$H/supervise/ways" fork "$N"; echo $?)" 0
t_is "auto: a dynamic program's, by a call that the library does not see" \
	"$(auto -- "$H/supervise/ways" execveat "$N"; echo $?)" 0
t_is "auto: what a covered program gave a static one, that one may hand on" \
	"$(auto -- bash -c "exec 6</etc/group; $W fork $H/static/fdlist")" "6 open /etc/group"
auto --log "$T/auto.log" --log-what all -- bash -c "exec 6</etc/group; $H/static/fdlist; true" >/dev/null
t_is "... and the log has each exec once" "$(jq -r 'select(.event == "exec") | .source' "$T/auto.log")" $'command\nshim'
t_is "... what the supervisor tells of it is a start" \
	"$(jq -r 'select(.source == "supervisor") | "\(.event) \(.exe | sub(".*/"; ""))"' "$T/auto.log" | sort -u)" \
	$'start bash\nstart fdlist'
t_is "auto: with intent that is seen from within alone" \
	"$(auto -- /usr/bin/python3 -c "import os, subprocess
r, w = os.pipe()
subprocess.run(['$H/static/fdlist'], pass_fds=[r])" | cut -d' ' -f2)" open
# limits: supervise-pair
pair_of() { "$@" -- "$H/pairs" fork_closes "$H/static/fdlist" 3 %W | wc -l; }
t_is "a pair is seen from within, and not from outside" "$(pair_of auto) $(pair_of sup)" "1 0"
# A stopped supervisor holds up what asks it, and nothing else.
cat >"$T/stopped" <<-END
	read -r _ _ _ s _ <"/proc/\$PPID/stat"
	kill -STOP "\$s"
	sh -c '/bin/true && exec /bin/true' && echo "covered execs go on"
	timeout -s KILL 5 /usr/bin/python3 -c 'import ctypes, fcntl, os; f = os.open("/etc/passwd", 0); os.dup2(f, 9); os.set_inheritable(9, True); ctypes.CDLL(None).dup(f); ctypes.CDLL(None).syscall(32 if os.uname().machine == "x86_64" else 23, f); fcntl.fcntl(f, fcntl.F_DUPFD, 30)' && echo "so do acts"
	timeout -s KILL 0.5 $W execve $N
	echo "another waits, and is killed: \$?"
	kill -CONT "\$s"
	$W execve $N
	echo "then it is sealed: \$?"
END
t_is "auto: a covered exec asks nobody" "$(auto -- bash "$T/stopped" 2>/dev/null)" \
	"covered execs go on
so do acts
another waits, and is killed: 137
then it is sealed: 0"

# --- one supervisor a tree; and those that cannot be ---
t_is "a supervisor below one joins it" "$(sup -- "$F" run -q --supervise -- "$W" fork "$N"; echo $?)" 0
t_is "... and says which of its settings do not reach all, where some are chosen" \
	"$(for how in "run" "run -q --mode deny" "check --fail-on never" "explain -q -o /dev/null" "run --mode deny --keep 3 --log $T/below.log"; do
		# shellcheck disable=SC2086 # words
		sup -- "$F" $how --supervise -- sh -c 'exit 6' 2>&1
	done | grep 'a supervisor')" \
	"fdfence: a supervisor is there already, and seals by its own settings: these reach programs that have the library alone: MODE, KEEP, LOG"
t_is "... and the status is the command's" "$(status_of sup -- "$F" run --supervise -- sh -c 'exit 6')" 6
t_is "... below auto, which preloads the library into fdfence itself, too" \
	"$(for sub in run check explain; do
		for below in "run --supervise" "check --supervise=auto"; do
			# shellcheck disable=SC2086 # words
			spawn -t 60 "$F" $sub -q --supervise=auto -- "$F" $below -q -- sh -c 'exit 6' >/dev/null 2>&1
			echo $?
		done
	done | sort -u)" 6
t_is "... and nobody says that the fence does not reach a static program" \
	"$(for how in --supervise --supervise=auto ""; do sup -- "$F" run $how -- "$H/static/fdlist" 2>&1; done)" ""

covered() { # command...: what check without a supervisor of its own says is not covered, and of how much
	spawn -t 60 "$F" check -q --format json -o "$T/nested" "$@" >/dev/null 2>&1
	jq -c '[[.not_covered[].path | sub(".*/"; "")], .execs, .leaks]' "$T/nested"
}
t_is "check: run below it is covered" "$(covered -- "$F" run -- true)" '[[],2,0]'
for how in all auto; do
	t_is "check: what a supervisor below it looks at is covered, $how" \
		"$(covered -- "$F" run -q --supervise=$how -- "$W" fork "$H/static/fdlist")" '[[],3,5]'
	t_is "... a dynamic program is, and leaks once, $how" \
		"$(covered -- "$F" run -q --supervise=$how -- "$H/supervise/ways" fork "$H/fdlist")" '[[],3,5]'
done
t_is "check below a supervisor sees what the library sees" "$(sup -- "$F" check -q --fail-on uncovered --supervise -- true; echo $?)" 0
t_like "... and of the rest who has the record" "$(sup -- "$F" check -q --supervise -- "$W" fork true 2>&1)" \
	"not covered: 1 exec of .*/ways \\(the supervisor above fdfence looks at it, and has the record\\)"

# What a library below seals is no less a leak of the program: it is let through, or told.
times() { jq "[.causes[] | select(.outcome == \"$1\") | .times] | add // 0" "$T/nested"; }
outcome() { # command...: leaked, sealed and execs not sealed exactly, as check --supervise tells
	spawn -t 60 "$F" check -q --supervise --format json -o "$T/nested" -- "$@" >/dev/null 2>&1
	echo "$(times leaked) $(times sealed) $(jq '[.not_seen[] | select(.what == "inexact") | .count] | add // 0' "$T/nested")"
}
leaky=("$H/supervise/ways" fork /bin/true)
t_is "check --supervise: a run below it lets through" "$(outcome "$F" run -q -- "${leaky[@]}")" "5 0 0"
t_is "... so does a supervisor below it" "$(outcome "$F" run -q --supervise -- "${leaky[@]}")" "5 0 0"
t_is "... and the library that somebody else preloads" "$(outcome env LD_PRELOAD="$SHIM" "${leaky[@]}")" "5 0 0"
t_is "... what a run seals that is told to is told" "$(outcome "$F" run -q --mode seal -- "${leaky[@]}")" "0 5 0"
# A log of the profile or of the environment is one: the library there is to tell what it seals.
echo "set LOG=$T/profile.jsonl" >"$T/logs"
told_by() { jq -r 'select(.into | test("true")) | "\(.source) \(.fds | length) \(.fds[0].verdict)"' "$T/$1.jsonl"; }
sup --profile "$T/logs" -- env LD_PRELOAD="$SHIM" "${leaky[@]}"
t_is "a log of the profile is one" "$(told_by profile)" "shim 5 seal"
spawn -t 60 -e FDFENCE_LOG="$T/variable.jsonl" "$F" run -q --supervise --mode report -- env LD_PRELOAD="$SHIM" "${leaky[@]}"
t_is "... and one of the environment: the library obeys the settings, and seals nothing" "$(told_by variable)" "shim 5 report"
# limits: supervise-apart
t_is "... and that a library without its settings seals" "$(outcome env -i LD_PRELOAD="$SHIM" "${leaky[@]}")" "0 0 1"
if "$H/m32/fdlist" >/dev/null 2>&1; then
	t_is "... but not of one for i386" "$(outcome env -i LD_PRELOAD="$SHIM32" "$H/m32/supervise/ways" fork /bin/true)" "0 0 0"
else
	t_skip "... but not of one for i386" "this machine does not run it, or no compiler for it"
fi
for how in all auto; do
	arrived=$(spawn -t 60 "$F" run -q --supervise=$how -- "$F" check -q --format json -o "$T/nested" -- "$H/supervise/ways" fork "$H/fdlist" | wc -l)
	t_is "check below a supervisor that seals tells as leaked what arrives, $how" \
		"$(times leaked)" "$arrived"
done

# --- the options beside it ---
explained() { spawn -t 60 "$@" -- "$W" fork "$H/static/fdlist" 2>&1; }
for how in all auto; do
	t_like "run --explain, $how: a static program's exec is told" "$(explained "$F" run --supervise=$how --explain)" \
		"/ways -> .*/static/fdlist \\(execve\\).* 7  seal .*file r /etc/passwd: nobody meant it"
done
t_is "explain --supervise is the same" "$(explained "$F" explain --supervise | sed 's/^[0-9]* //')" \
	"$(explained "$F" run --supervise --explain | sed 's/^[0-9]* //')"
t_is "explain: the status is the command's" "$(status_of spawn "$F" explain --supervise -- sh -c 'exit 7')" 7
for sub in run check explain; do
	t_is "$sub: --clamp-open-max without the library is refused" \
		"$(spawn "$F" $sub --supervise --clamp-open-max -- echo ran 2>&1; echo $?)" \
		"fdfence: --clamp-open-max needs the library, which --supervise does not preload: --supervise=auto does"$'\n125'
done
t_like "FDFENCE_CLAMP is said to do nothing" "$(spawn -e FDFENCE_CLAMP=yes "$F" run --supervise -- echo ran 2>&1)" \
	"FDFENCE_CLAMP does nothing here: .*ran"
echo "set CLAMP=yes" >"$T/clamps"
t_like "... by a profile, too" "$(spawn "$F" run --supervise --profile "$T/clamps" -- echo ran 2>&1; echo $?)" "needs the library.*125"
t_is "with auto it works" "$(auto --clamp-open-max -- bash -c 'ulimit -n 8000; /usr/bin/python3 -c "import os; print(os.sysconf(\"SC_OPEN_MAX\"))"')" 1071
t_like "-v says what is set" "$(spawn "$F" run -v --supervise --keep 7 -- true 2>&1)" "^fdfence: supervisor KEEP=7$"
t_like "... with auto" "$(spawn "$F" run -v --supervise=auto -- true 2>&1)" "^fdfence: supervisor, shim /.*libfdfence.so"
t_done
