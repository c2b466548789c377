#!/bin/bash
# fdfence run --supervise where it is hard: races, filters of others, signals, namespaces, many at once.
# limit: 400
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/supervise.bash"
S=$H/supervise

# --- exactly, however often ---
many() { # times command...: how often it ended with 0
	local n=$1
	shift
	sup -- bash -c 'good=0; n=$0; for ((i = 0; i < n; i++)); do "$@" && good=$((good + 1)); done; echo "$good"' "$n" "$@"
}
t_is "100 execs of a thread, three others opening" "$(many 100 "$W" thread "$N")" 100
t_is "100 spawns and 100 vforks" "$(many 100 "$W" spawn "$N") $(many 100 "$W" vfork "$N")" "100 100"
# What attaches to a thread that has lost the race may meet the image that won it, by the same number.
cat >"$T/race" <<-'END'
	read -r _ _ _ s _ <"/proc/$PPID/stat"
	if [ "$1" = slowly ]; then
		strace -qq -f -p "$s" -e trace=ptrace -e inject=ptrace:delay_enter=4000:when=1+4 -o /dev/null 2>"$0.said" &
		until grep -q "TracerPid:.*[1-9]" "/proc/$s/status"; do kill -0 $! || exit 77; sleep 0.1; done
	fi
	good=0
	for _ in {1..60}; do "$2" race "$2" execve "$3" && good=$((good + 1)); done
	echo "$good"
	[ "$1" != slowly ] || kill $!
END
for how in quickly slowly; do
	raced=$(sup --intent=-image --log "$T/race.log" -- bash "$T/race" $how "$W" "$N" 2>&1)
	if [ $? = 77 ]; then
		t_skip "60 races of three threads, attended to $how" "no strace of a supervisor here: $raced"
	else
		t_is "60 races of three threads to exec, attended to $how: the winner's next exec is sealed" "$raced" 60
		t_is "... and nothing is said to be not covered" "$(jq -r '.inexact // empty' "$T/race.log")" ""
	fi
	rm -f "$T/race.log"
done
t_is "1,200 execs in a storm of signals" "$(sup -- "$S/storm" "$N" 800; sup -- "$S/storm" "$H/count" 400)" \
	$'800 sealed, 0 not\n400 sealed, 0 not'
t_is "no signal is lost that comes while an exec fails" "$(sup -- "$S/signals" 500)" "500 of 500 arrived"
t_is "killed at any moment of its exec, a child's end is heard of" \
	"$(spawn -t 30 "$F" run -q --supervise -- "$S/killed" 600 "$N"
		spawn -t 30 "$F" run -q --supervise -- "$S/filters" close_range EPERM "$S/killed" 300 "$N")" \
	$'600 ended, 0 not as they must\n300 ended, 0 not as they must'
spawn -t 60 "$F" check -q --supervise --format json -o "$T/killed.json" -- "$S/killed" 600 "$N" >/dev/null 2>&1
t_is "... and check makes nothing of it: none not covered, none unknown" \
	"$(jq -c '[(.not_covered | length), ([.causes[].type] | index("unknown"))]' "$T/killed.json")" "[0,null]"
cat >"$T/bomb.py" <<'END'
import ctypes, os, sys
libc = ctypes.CDLL(None)
for _ in range(5):
    libc.open(b"/etc/passwd", 0)
children = []
for _ in range(int(sys.argv[1])):
    children.append(os.fork())
    if not children[-1]:
        os.execv(sys.argv[2], sys.argv[2:])
left = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
print({n: left.count(n) for n in sorted(set(left))})
END
t_is "a fork bomb of 2,000 short ones, five leaks each: what they are left with" \
	"$(sup -- /usr/bin/python3 "$T/bomb.py" 2000 "$N")" "{0: 2000}"

# --- Go ---
if command -v go >/dev/null; then
	cat >"$T/many.go" <<-'END'
		package main

		import (
			"fmt"
			"os"
			"os/exec"
			"sync"
			"sync/atomic"
			"syscall"
		)

		func main() {
			for i := 0; i < 5; i++ {
				syscall.Open("/etc/passwd", syscall.O_RDONLY, 0)
			}
			var all sync.WaitGroup
			var good int32
			for i := 0; i < 64; i++ {
				all.Add(1)
				go func() {
					defer all.Done()
					f, _ := os.Open("/etc/group")
					defer f.Close()
					c := exec.Command(os.Args[1])
					c.ExtraFiles = []*os.File{f}
					out, err := c.Output()
					if err == nil && string(out) == "3 open /etc/group\n" {
						atomic.AddInt32(&good, 1)
					}
				}()
			}
			all.Wait()
			fmt.Println(good, "got what was meant and nothing else")
			syscall.Exec(os.Args[2], os.Args[2:], nil)
		}
	END
	if (cd "$T" && HOME=$T GO111MODULE=off GOCACHE=$T/cache CGO_ENABLED=0 go build -o many many.go) >"$T/go.log" 2>&1; then
		for how in all auto; do
			t_is "Go, $how: ExtraFiles of 64 at once arrive, and syscall.Exec is sealed" \
				"$(spawn -t 120 "$F" run -q --supervise=$how -- "$T/many" "$H/static/fdlist" "$N"; echo $?)" \
				$'64 got what was meant and nothing else\n0'
		done
	else
		t_skip "Go" "it does not build: $(tail -n 1 "$T/go.log")"
	fi
else
	t_skip "Go" "no compiler for it"
fi

# --- filters of others ---
for answer in EPERM ENOSYS KILL TRACE; do
	t_is "a filter on close_range, $answer, later" \
		"$(status_of sup -- "$S/filters" close_range $answer "$W" fork "$N")" 0
done
t_is "a filter on execve itself, later: TRACE is overruled, EPERM and KILL are what they say" \
	"$(for answer in TRACE EPERM KILL; do status_of sup -- "$S/filters" execve $answer "$W" fork "$N"; done)" $'0\n126\n159'
for answer in EPERM ENOSYS; do
	t_is "a filter on close_range, $answer, above" \
		"$(status_of spawn "$S/filters" close_range $answer "$F" run -q --supervise -- "$W" fork "$N")" 0
done
t_is "... in a storm of signals" "$(sup -- "$S/filters" close_range EPERM "$S/storm" "$N" 200)" "200 sealed, 0 not"
t_is "... with 2,000 descriptors" "$(status_of sup -- "$S/filters" close_range EPERM "$W" many "$N")" 0
for answer in EPERM EBADF; do
	t_is "a filter on close, too, $answer: what cannot be closed does not start" \
		"$(for way in fork many; do status_of sup -- "$S/filters" close $answer "$W" $way "$H/static/fdlist"; done
		status_of sup -- bash -c "exec 900</etc/passwd; exec $S/filters close $answer $W fork $H/static/fdlist")" \
		$'137\n137\n137'
done
for where in later above; do
	# limits: supervise-lying
	lying() { # call way [program]
		case $where in
		later) status_of sup -- "$S/filters" "$1" DONE "$W" "$2" "${3:-$N}" ;;
		above) status_of spawn "$S/filters" "$1" DONE "$F" run -q --supervise -- "$W" "$2" "${3:-$N}" ;;
		esac
	}
	t_is "a filter, $where, that says of close_range that it is done: each is closed by itself" \
		"$(for way in fork many; do lying close_range $way; done)" $'0\n0'
done
denied=("$S/filters" close_range EPERM)
for trap in default ignore; do
	t_is "a filter that says of close, too, that it is done: what is still open ends the program, SIGTRAP: $trap" \
		"$(for way in fork many; do
			status_of sup -- env --$trap-signal=TRAP "${denied[@]}" "$S/filters" close DONE "$W" $way "$N"
		done)" $'137\n137'
	t_is "... a program that is sealed under a filter has the signals that it would have, SIGTRAP: $trap" \
		"$(sup -- env --$trap-signal=TRAP "${denied[@]}" "$W" fork /bin/sh -c 'kill -TRAP $$; echo lives')" \
		"$(env --$trap-signal=TRAP sh -c 'kill -TRAP $$; echo lives' 2>/dev/null)"
done
t_is "... a sparse table, and what is given" \
	"$(sup -- "$S/filters" close_range EPERM bash -c "ulimit -n 1000; exec 900</etc/passwd 800</etc/group 70<&900; exec $W fork $H/static/fdlist" | tr '\n' ' ')" \
	"70 open /etc/passwd 800 open /etc/group 900 open /etc/passwd "
t_is "without pidfd_open and pidfd_getfd" \
	"$(for call in pidfd_open pidfd_getfd; do status_of spawn "$S/filters" $call ENOSYS "$F" run -q --supervise -- "$W" fork "$N"; done)" $'0\n0'
blind=("$S/filters" kcmp EPERM "$S/filters" process_vm_readv EPERM "$F" run -q --supervise)
t_is "without kcmp and process_vm_readv" "$(for way in fork many; do status_of spawn "${blind[@]}" -- "$W" $way "$N"; done)" $'0\n0'
t_is "... what is given arrives" \
	"$(spawn -t 60 "${blind[@]}" -- bash -c "exec 6</etc/group; exec $H/trace/execs -q 4 $H/static/fdlist" | sort | uniq -c)" \
	"      4 6 open /etc/group"
# limits: supervise-listener
t_is "below it nobody else can listen" \
	"$(sup -- "$S/filters" none listen true 2>&1)" "filters: Device or resource busy"

# --- a kernel before 5.19, where any signal ends the wait for the supervisor ---
old() { spawn -t 120 "$S/filters" killable EINVAL "$F" run -q --supervise -- "$@"; }
for way in execve vfork thread failed; do
	t_is "an older kernel, $way" "$(old "$W" $way "$N"; echo $?)" \
		"$([ $way != failed ] || echo "ENOENT 5 open 0 close-on-exec"; echo 0)"
done
t_is "an older kernel, in a storm of signals" "$(old "$S/storm" "$N" 300)" "300 sealed, 0 not"
t_is "... while an exec fails" "$(old "$S/signals" 2000)" "2000 of 2000 arrived"
t_is "an older kernel, 500 at once" "$(old bash -c "for i in {1..500}; do $N & done; wait; echo all")" all

# --- namespaces ---
if unshare -Urpf true 2>/dev/null; then
	t_is "a namespace of users and one of processes" "$(status_of sup -- unshare -Urpf "$W" fork "$N")" 0
	t_is "LISTEN_PID is the number that a process has in its own pid namespace" \
		"$(for pid in 1 2; do sup -- env LISTEN_FDS=1 LISTEN_PID=$pid unshare -Urpf "$W" execve "$H/static/fdlist"; done)" \
		"3 open /etc/passwd"
	t_is "... in another one" "$(status_of sup -- unshare -Urpf unshare -Urpf "$W" fork "$N")" 0
	t_is "bubblewrap in bubblewrap" "$(status_of sup -- bwrap --dev-bind / / --unshare-user --unshare-pid \
		bwrap --dev-bind / / --unshare-user --unshare-pid "$W" fork "$N")" 0
	t_is "a root of its own" "$(status_of sup -- unshare -Ur /usr/sbin/chroot / "$W" fork "$N")" 0
else
	t_skip "namespaces" "unshare is denied here"
fi
t_is "where addresses are not random, what is given stays given" \
	"$(sup -- setarch -R bash -c "exec 6</etc/group; $W fork $H/static/fdlist")" "6 open /etc/group"

# --- images of other kinds ---
if "$H/m32/fdlist" >/dev/null 2>&1; then
	t_is "i386: its execs, and those into it" "$(status_of sup -- "$H/m32/supervise/ways" fork "$N") $(sup -- "$W" fork "$H/m32/fdlist")" "0 "
	t_is "i386: its acts" "$(status_of sup -- "$H/m32/supervise/ways" placed "$N")" 1
else
	t_skip "i386" "this machine runs none"
fi
printf '#!/bin/sh\nls -l /proc/self/fd | grep -c passwd\n' >"$T/script"
chmod +x "$T/script"
t_is "a script is found by its descriptor" "$(sup -- "$W" fexecve_script "$T/script")" 0
t_is "... and in a directory by that one's; a program's directory is sealed as all else" \
	"$(for program in "$T/script" "$N"; do sup -- "$W" below "$program"; echo "status $?"; done)" $'0\nstatus 1\nstatus 0'

# What the kernel opens for an interpreter (binfmt_misc, flag O) is given to it.
cat >"$T/binfmt" <<'END'
mount -t binfmt_misc none /proc/sys/fs/binfmt_misc || exit 77
echo ":fdfence:M::FENCE::$T/interpreter:O" >/proc/sys/fs/binfmt_misc/register || exit 77
exec "$H/static/supervise/ways" execve "$T/strange"
END
cp "$H/host/opener" "$T/interpreter"
printf 'FENCE\n' >"$T/strange"
chmod 755 "$T/strange"
misc=(-e T="$T" -e H="$H" -e FDLIST="$H/static/fdlist")
through=(unshare -Urm --kill-child -pf --mount-proc sh "$T/binfmt")
if plain=$(spawn "${misc[@]}" "${through[@]}" 2>/dev/null); then
	t_is "binfmt_misc, flag O: without it all goes to the interpreter" "$(wc -l <<<"$plain")" 7
	t_is "... with it the program alone" \
		"$(spawn "${misc[@]}" "$F" run -q --supervise -- "${through[@]}")" $'opened 8\n8 open '"$T/strange"
else
	t_skip "binfmt_misc, flag O" "none in a user namespace here"
fi

# --- containers: what was meant goes through a runtime into one, and what leaks does not reach it ---
mkdir -p "$T/bundle/rootfs/bin"
with_etc=(bash -c 'exec 3</etc; exec "$@"' -)
unmeant=--intent=-given # a directory of the host that comes through the runtime: CVE-2024-21626
# crun wants the groups of one hierarchy, and this machine may have both.
one_hierarchy=(unshare -m sh -c 'umount -l /sys/fs/cgroup; mount -t cgroup2 none /sys/fs/cgroup; exec "$@"' -)
container() { # PRESERVED COMMAND... in front of the runtime
	local n=$((++containers)) preserved=$1
	shift
	(cd "$T/bundle" && spawn -t 60 "${within[@]}" "$@" "$runtime" "${options[@]}" --root "$T/runtime" run --preserve-fds "$preserved" "fdfence-$$-$n" 2>&1)
}
containers=0
for runtime in /usr/sbin/runc /usr/bin/crun; do
	name=${runtime##*/} within=() options=()
	[ "$name" = runc ] || within=("${one_hierarchy[@]}") options=(--cgroup-manager=disabled)
	runs='it is not there, or we are not root'
	if [ "$(id -u)" = 0 ] && [ -x "$runtime" ] && cp "$H/static/fdlist" "$T/bundle/rootfs/bin/"; then
		(cd "$T/bundle" && rm -f config.json && "$runtime" spec &&
			jq '.process.terminal = false | .process.args = ["/bin/fdlist"]' config.json >new && mv new config.json) 2>/dev/null
		runs=$(container 1 "${with_etc[@]}")
	fi
	if [ "$runs" != "3 open /etc" ]; then
		t_skip "$name" "it runs no container here: $runs"
		continue
	fi
	t_is "$name: what is passed on arrives in the container" \
		"$(container 1 "${with_etc[@]}" "$F" run -q --supervise --keep 3 --)" "3 open /etc"
	container 0 "$F" run -q --supervise --log "$T/$name.log" -- "$W" execve >/dev/null
	t_is "$name: what leaks into it is sealed" \
		"$(jq -r 'select(.into == "'"$runtime"'") | .fds | map(.verdict) | join(" ")' "$T/$name.log")" "seal seal seal seal seal"
	t_is "$name: a directory of the host that leaks into the container does not arrive" \
		"$(container 1 "$F" run -q --supervise $unmeant -- "${with_etc[@]}")" ""
	container 1 "$F" check -q --supervise $unmeant --format json -o "$T/$name.json" -- "${with_etc[@]}" >/dev/null
	t_is "$name: ... and where it does, that is critical" \
		"$(jq -r '.causes[] | select(.into == "/bin/fdlist") | "\(.severity) \(.danger) \(.what)"' "$T/$name.json")" \
		"critical outside-root /etc"
done

# --- what becomes of the supervisor ---
cat >"$T/kill" <<-END
	read -r _ _ _ s _ <"/proc/\$PPID/stat"
	kill -KILL "\$s"
	while read -r _ _ state _ <"/proc/\$s/stat" && [ "\$state" != Z ]; do :; done 2>/dev/null
	exec $W fork $N
END
sed '$d' "$T/kill" >"$T/kill_auto"
cat >>"$T/kill_auto" <<-'END'
	/bin/true
	echo "none $?"
	/bin/true 3</etc/passwd
	echo "some $?"
END
# limits: supervise-killed
t_like "killed: no exec goes on, and it is said" "$(sup -- bash "$T/kill" 2>&1)" \
	"Function not implemented.*fdfence: the supervisor was killed: execs below it failed"
t_like "... by explain too" "$(spawn -t 60 "$F" explain --supervise -o "$T/explained" -- bash "$T/kill" 2>&1; tail -n 1 "$T/explained")" \
	"the supervisor was killed: execs below it failed from there on$"
t_is "... with auto an exec that hands on something fails, and one that hands on nothing goes on" \
	"$(spawn -t 60 "$F" check -q --supervise=auto -o /dev/null -- bash "$T/kill_auto" 2>/dev/null)" $'none 0\nsome 126'
t_is "... nothing where it ends by itself" "$(for _ in {1..20}; do sup -- true 2>&1; done)" ""
t_like "... and said" "$(spawn -t 60 "$F" run -q --supervise=auto -- bash "$T/kill_auto" 2>&1)" \
	"the supervisor was killed: execs below it failed from there on, but for those by which a program that has the library hands on nothing"
t_like "... by the report of check too" "$("$F" check -q --supervise --fail-on lost -- bash "$T/kill" 2>&1; echo "= $?")" \
	$'the supervisor was killed: execs failed from there on.*\n= 99$'
cat >"$T/any_time" <<-'END'
	read -r _ _ _ s _ <"/proc/$PPID/stat"
	{
		end=$((${EPOCHREALTIME/./} + RANDOM * 6))
		while [ "${EPOCHREALTIME/./}" -lt "$end" ]; do :; done
		kill -KILL "$s"
	} &
	for _ in {1..100}; do
		"$1" fork "$2" 2>/dev/null
		echo $?
	done
END
# 126: the exec failed; 137: it was being looked at.
t_is "killed at any time, 4 times 100 execs: nothing runs unsealed" \
	"$(for _ in 1 2 3 4; do sup -- bash "$T/any_time" "$W" "$N" 2>/dev/null; done | grep -cx -e 0 -e 126 -e 137)" 400
cat >"$T/stop" <<-END
	read -r _ _ _ s _ <"/proc/\$PPID/stat"
	kill -STOP "\$s"
	for t in /proc/"\$s"/task/*; do # by what does not wait
		until [[ ! -e \$t || \$(<"\$t/stat") == *') T '* ]]; do :; done 2>/dev/null
	done
	( $W fork $N; echo "\$? \$(<$T/when)" ) &
	end=\$((SECONDS + 2)) # nothing that would wait, too: an exec, a dup2 above stdio
	while [ \$SECONDS -lt \$end ]; do :; done
	echo later >$T/when
	kill -CONT "\$s"
	wait
END
t_is "stopped: execs wait" "$(sup -- bash "$T/stop" 2>&1)" "0 later"

# --- on a terminal ---
if command -v /usr/bin/python3 >/dev/null; then
	steps=$("$root/tests/helpers/terminal.py")
	for how in all auto; do
		t_is "on a terminal, $how: ^Z, jobs, fg, ^C, kill %1 as without it" \
			"$("$root/tests/helpers/terminal.py" "$F" run -q --supervise=$how -- 2>&1)" "$steps"
	done
else
	t_skip "on a terminal" "no python3"
fi

# --- a slow exec holds up no other ---
cp /bin/true "$T/slow"
if [ "$(id -u)" = 0 ]; then
	"$S/slow" "$T/slow" 3000 >"$T/ready" &
	slow=$!
	# shellcheck disable=SC2016 # evaluated each time
	t_until eval '[ -s "$T/ready" ] || ! kill -0 "$slow"'
fi
if [ -s "$T/ready" ]; then
	t_is "four slow execs, and twenty quick ones meanwhile" "$(sup -- bash -c "
		for i in 1 2 3 4; do { $T/slow; echo slow; } & done
		for i in {1..20}; do $W fork $N; done
		echo quick
		wait" | head -n 1)" quick
	kill "$slow"
else
	t_skip "a slow exec" "no fanotify with permission here"
fi

# --- a file system of somebody's own (FUSE) ---
cat >"$T/on_fuse" <<-END
	$(declare -f t_until)
	rm -f "$T/mounted"
	"$S/fuse" "$T/mnt" "$N" 3000 >"$T/mounted" &
	t_until eval '[ -s "$T/mounted" ] || ! kill -0 \$!'
	[ -s "$T/mounted" ] || exit 77
	export FUSE=\$!
	"\$@"
END
mkdir "$T/mnt"
program=$T/mnt/program
alone=(unshare -Urm --kill-child -pf --mount-proc)
on_fuse() { spawn -t 60 "${alone[@]}" bash "$T/on_fuse" "$@"; }
if spawn "${alone[@]}" true 2>/dev/null && [ "$(status_of on_fuse true)" != 77 ]; then
	t_is "FUSE: its program runs" "$(on_fuse "$program"; echo $?)" 0
	t_is "FUSE that gives up when it is interrupted: the exec is done all the same, and sealed" \
		"$(on_fuse "$F" run -q --supervise -- "$W" fork "$program"; echo $?)" 0
	t_is "... on an older kernel" \
		"$(on_fuse "$S/filters" killable EINVAL "$F" run -q --supervise -- "$W" fork "$program"; echo $?)" 0
	t_is "... four of them, and twenty quick ones meanwhile" "$(on_fuse "$F" run -q --supervise -- bash -c "
		for i in 1 2 3 4; do { $W fork $program; echo slow \$?; } & done
		for i in {1..20}; do $W fork $N; done
		echo quick
		wait")" $'quick\nslow 0\nslow 0\nslow 0\nslow 0'
	# limits: supervise-waits
	t_is "FUSE that stands still: a dup2 of its file does not wait for it, nor does the exec of another" \
		"$(on_fuse "$F" run -q --supervise -- /usr/bin/python3 "$root/tests/helpers/supervise/still.py" "$program" "$N")" $'noted\nanother 0\nthat one 0'
	t_is "a close that returns an error is one, under a filter of others" \
		"$(on_fuse "$F" run -q --supervise -- "$S/filters" close_range EPERM /usr/bin/python3 -c "import ctypes, os, sys
ctypes.CDLL(None).open(b'$program', 0)
os.execv(sys.argv[1], sys.argv[1:])" "$N"; echo $?)" 0
else
	t_skip "FUSE" "it cannot be mounted here"
fi
t_done
