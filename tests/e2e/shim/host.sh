#!/bin/bash
# limit: 900
# The fence must not change its host: behaviours of programs that an exec hook could break, one
# case each (tests/helpers/host/).  Most run without the shim too, so that what is expected is
# what the machine does, and so that a leak is seen where nothing seals it.
#
# HOST_STARTS=N: so many starts of programs for what is left behind; make stress asks for 1,000,000.

. "$(dirname "$0")/../lib.sh"
. "$root/tests/e2e/shim/host.bash"

# ---- how a program is started

t_is 'a constructor that runs before ours can spawn' \
	"$(spawn -e LD_PRELOAD="$SHIM $H/host/preload" -e HOST_CHILD=/bin/true /bin/true 2>&1)" \
	$'spawn Success\nchild 0'
numbers() {
	sed 's/[[#].*//' # of pipes, sockets and files without a name
}
for way in execve posix_spawn posix_spawnp popen system; do
	bare=$(plain "$H/entry" $way "$fdlist" | numbers)
	t_like "off, control: $way leaks" "$bare" open
	t_is "MODE=off seals nothing: $way" \
		"$(with_fence -e FDFENCE_MODE=off "$H/entry" $way "$fdlist" | numbers)" "$bare"
done

# Read by the shim itself: fdfence run reads the file and hands on what stands there.
echo 'keep fd=700' >"$T/keep.rules"
t_is 'a rules file is obeyed' \
	"$(with_fence -e FDFENCE_RULES_FILE="$T/keep.rules" "$H/entry" execv "$fdlist" | cut -d' ' -f1)" $'700\nstatus'
t_like '... one that is not there is told, and all is sealed' \
	"$(with_fence -e FDFENCE_MODE=report -e FDFENCE_RULES_FILE=/no/such "$H/entry" execv "$fdlist")" \
	$'^fdfence: FDFENCE_RULES_FILE: [^\n]*readable file[^\n]*\nstatus 0$'

t_is 'a log that nobody reads leaves nothing open' \
	"$(with_fence -e FDFENCE_LOG="@fdf-nobody-$$" -e FDFENCE_LOG_WHAT=all "$fdlist")" 'status 0'

ln -s /dev/fd "$T/fds"
mkfifo -m 700 "$T/fifo"
leak='20 open /etc/passwd'
for form in /proc/self/fd/%d /dev/fd/%d //proc/self/fd/%d /./dev/fd/%d "$T/fds/%d"; do
	shown=${form/$T/link}
	sealed "spawn of $shown" $'Success\nchild 0' "$H/host/byfd" spawn "$form" "$fdlist"
	sealed "exec of $shown" '' "$H/host/byfd" exec "$form" "$fdlist"
done
leak='3 open /etc/passwd'
printf '#!/bin/sh\necho ran\n' >"$T/script"
chmod +x "$T/script"
mkdir "$T/pipes"
t_is 'an exec of a named pipe does not open it' "$(with_fence "$H/host/untouched" fifo "$T/pipes")" $'opened: no\nstatus 0'
same 'errno behind a spawn that fails' 'No such file or directory, errno No such file or directory' "$H/host/untouched" spawn
printf 'text\n' >"$T/no_format" && chmod 755 "$T/no_format"
same 'what a handler puts on the lowest free number, beside an exec that fails' '0 of 300 gone' "$H/host/untouched" number "$T/no_format"
same 'fexecve of a script' ran "$H/host/byfd" fexecve - "$T/script"
# shellcheck disable=SC2016 # positions of printf()
ln -s /proc/self/fd/3 "$T/third"
ln -s third "$T/link"
for form in /dev/fd/%d /dev/fd//%d /dev/fd/././%d /proc/self/fd/%d /proc/thread-self/fd/%d '/proc/%2$d/fd/%1$d' \
	'/proc/self/task/%2$d/fd/%1$d' "$T/third" "$T/link" "$T/fds/%d" third ./link fds/%d ../"${T##*/}"/link; do
	shown=${form/$T/absolute}
	shown=${shown/${T##*/}/directory}
	same "exec of a script as $shown" ran -d "$T" "$H/host/byfd" script "$form" "$T/script"
	[ "${form#/proc/self/task}" = "$form" ] || continue # a task of the child's
	same "spawn of a script as $shown" $'ran\nSuccess\nchild 0' -d "$T" "$H/host/byfd" spawn-script "$form" "$T/script"
done
for form in "$T/third" "$T/link" /dev/fd/%d; do # 23, 12: ENFILE, ENOMEM
	for left in full:no\ descriptor 23:no\ file 12:no\ memory; do
		same "exec of a script as ${form/$T/absolute} with ${left#*:} left to look with" ran \
			"$H/host/byfd" "${left%:*}-script" "$form" "$T/script"
	done
done
same 'exec of a script as a number, where that is' ran \
	sh -c 'cd /proc/$$/fd && exec "$@"' sh "$H/host/byfd" script 3 "$T/script"
same 'exec of a script in a directory by its number' ran "$H/host/byfd" script /proc/self/fd/%d/script "$T"
mkdir -p "$T/fd/7"
cp "$T/script" "$T/fd/7/script"
same '... below which others look like numbers' ran "$H/host/byfd" script /proc/self/fd/%d/fd/7/script "$T"
printf '#!/bin/sh\n[ -e /proc/$$/fd/3 ] && echo kept || echo sealed\n' >"$T/tells"
chmod 755 "$T/tells"
t_is "a script in a directory by another process' number keeps none of ours" "$(
	exec 3<"$T"
	with_fence "$H/host/byfd" script "/proc/$BASHPID/fd/3/tells" /etc/passwd
)" $'sealed\nstatus 0'
for form in /proc/self/fd/%d /dev/fd/%d; do
	same "exec of a fifo as $form does not hang" 'Permission denied' \
		-t 20 "$H/host/byfd" exec "$form" "$T/fifo"
done

# Left to libc, in a sealed table, where the targets of file actions keep themselves.
for part in action flag; do
	t_like "a spawn $part of a newer libc, control" "$(plain "$H/host/newer" $part "$fdlist")" \
		'3 open /etc/passwd.*20 open /etc/passwd.*30 open /etc/passwd'
	t_is "a spawn $part of a newer libc: starts, and is sealed" \
		"$(with_fence "$H/host/newer" $part "$fdlist" | sort)" \
		"$(printf '%s\n' '20 open /etc/passwd' 'Success' 'status 0' | sort)"
done

for way in 0 1 2 3 4 5 6 7 8 9 spawn; do
	sealed "no allocation in exec: way $way" '' "$H/host/malloc" $way "$fdlist"
done
t_like 'no allocation in exec, control: it would be noticed' \
	"$(with_fence "$H/host/malloc" trap "$fdlist")" 'allocates in exec'
sealed 'PATH elements of 4 KB' '' "$H/host/vectors" path "$fdlist"
sealed '2 MB of arguments and environment' '' "$H/host/vectors" large "$fdlist"
# limits: environment
for way in edge edgespawn; do
	same "E2BIG comes at the same byte: $way" 'fits up to 59081' "$H/host/vectors" $way /bin/true
done
fenced -e FDFENCE_LOG="$T/edge" "$H/host/vectors" edge /bin/true >/dev/null
t_is 'E2BIG is foretold' "$(grep -o '"event":"[a-z]*"' "$T/edge" | sort -u)" '"event":"exec"'
t_is 'settings are put back into a large environment that lost them' \
	"$(with_fence -e FDFENCE_KEEP=900 "$H/host/vectors" settings /usr/bin/env | grep -v '^V=$\|^LD_PRELOAD=\|^FDFENCE_STATE=')" \
	$'FDFENCE_KEEP=900\nstatus 0'
t_is 'the fence goes behind what a new environment preloads' \
	"$(fenced env LD_PRELOAD="$H/host/preload" HOST_CHILD=/bin/true env 2>&1 | grep ^LD_PRELOAD)" \
	"LD_PRELOAD=$H/host/preload:$SHIM"
for deny in '' deny=clone3:ENOSYS; do
	# shellcheck disable=SC2086 # a word or none
	same_or_skip "no handler runs in a child before its program${deny:+ ($deny)}" \
		"the parent's 1, the child's 0" -d "$T" "$H/host/caught" $deny
done
for null in argv envp both; do
	sealed "NULL for $null" '' "$H/host/vectors" $null "$fdlist"
done
same 'execs while another thread changes environ' '0 of 300 failed' "$H/host/environ" 300

sealed 'what a handler opens while an exec is judged' '' -e FDFENCE_LOG="$T/meanwhile" \
	"$H/host/meanwhile" "$fdlist"

# ---- whose acts

sealed "a vfork child's act stays its own" '' "$H/host/acts" vfork "$fdlist"
sealed "... of a forked process too" '' "$H/host/acts" forked "$fdlist"
sealed "... of one forked by a system call" '' "$H/host/acts" raw-forked "$fdlist"
sealed "... made by clone()" '' "$H/host/acts" clone "$fdlist"
sealed "... nor does what it opens where its parent's was" '' "$H/host/acts" reopened "$fdlist"
for how in close close_range closefrom fclose dup2 dup3; do
	sealed "an act ends with its descriptor: $how" '' "$H/host/acts" gone-$how "$fdlist"
done
for how in F_SETFD FIONCLEX; do
	same "close-on-exec cleared by syscall() is an act: $how" "$leak" "$H/host/acts" meant-$how "$fdlist"
done
for how in F_SETFD FIOCLEX; do
	sealed "close-on-exec set by syscall() ends it: $how" '' "$H/host/acts" undone-$how "$fdlist"
done
for how in fork _Fork syscall vfork; do
	leak='9 open /etc/passwd'
	same "dup2 in a child counts: $how" "$leak" "$H/host/acts" placed-$how "$fdlist"
	sealed "dup2 before it does not: $how" '' "$H/host/acts" before-$how "$fdlist"
	sealed "... nor beside one in the child: $how" '10 open /etc/passwd' \
		"$H/host/acts" both-$how "$fdlist"
done
sealed 'dup2 in the process that execs does not' '' "$H/host/acts" parent "$fdlist"
leak='3 open /etc/passwd'
if command -v strace >/dev/null; then
	with_fence strace -qq -o "$T/acts" "$H/host/acts" cost
	t_is 'an act makes no system call but its own' \
		"$(sed -n '/^getppid/,$p' "$T/acts" | sed 's/(.*//')" \
		"$(printf '%s\n' getppid fcntl ioctl dup2 dup3 fcntl close close_range getppid exit_group)"
else
	t_skip 'an act makes no system call but its own' 'no strace here'
fi
if [ "$(plain unshare -fp --mount-proc "$H/host/acts" recycled "$fdlist" | tail -1)" = 'status 0' ]; then
	sealed 'a recycled process number does not inherit acts' recycled \
		unshare -fp --mount-proc "$H/host/acts" recycled "$fdlist"
else
	t_skip 'a recycled process number does not inherit acts' 'no pid namespace or no ns_last_pid here'
fi
same 'what another exec handed over is not believed' $'3 open /etc/group\n4 open /etc/passwd' \
	"$H/host/state" "$fdlist"
same 'all that was given is handed on' $'8 open /etc/passwd\n9 open /etc/passwd' \
	-l file:8 -l file:9 env "$fdlist"
if command -v busybox >/dev/null; then
	same 'what a static program opens for the next one is given' '9 open /etc/passwd' \
		env busybox sh -c 'exec 9</etc/passwd; exec "$0" "$1"' "$(type -P env)" "$fdlist" # not its own env
else
	t_skip 'what a static program opens for the next one is given' 'no busybox'
fi
sealed 'a given number that another file has taken is not given' '' "$H/host/reused" "$fdlist"
sealed '... closed and taken where no hook sees it' '' "$H/host/reused" "$fdlist" inside

# ---- what the kernel keeps for a process

for how in plain thread many; do
	same "a POSIX lock survives exec: $how" 'open, lock held' \
		-e FDFENCE_INTENT=-image "$H/host/locks" $how "$T/lock.$how"
done
# limits: sharer
same 'a process that shares the table does so after a failed exec' shared "$H/host/peer"
same_or_skip 'SCHED_RESET_ON_FORK' 'policy 40000003 nice -5' "$H/host/sched"
same 'F_GETOWN of a process group' 'the group, errno 0' "$H/host/owner"
same_or_skip 'dlerror() is kept' $'fclose kept\nsystem kept\npopen kept\nwordexp kept\nclosefrom kept' \
	"$H/host/dlerror"
for how in pclose fclose; do
	same "$how reports a failed flush" '-1 Broken pipe' "$H/host/flush" $how
done
same 'fclose reports a full disk' '-1 No space left on device' "$H/host/flush" full
same_or_skip 'system() and popen() where no process can be made' \
	"system $(getconf GNU_LIBC_VERSION | awk '{ split($2, v, "."); print v[2] < 41 ? 32512 : -1 }')"$' Resource temporarily unavailable\npopen NULL' \
	"$H/host/system" fails
same 'cancellation of system()' \
	'cancelled, cleaned up, SIGINT default, SIGCHLD open, child reaped' "$H/host/system" cancel

# ---- memory

same 'a vfork child that needs a helper leaves the stack alone' 'overwritten 0 times' \
	"$H/host/stack" 300
# limits: stack
for way in execve spawn popen system; do
	for where in context signal; do
		sealed "8 KiB of stack: $way, $where" '' "$H/host/small" $where $way 200 "$fdlist"
		t_is "... with a record" \
			"$(with_fence -e FDFENCE_LOG=/dev/null "$H/host/small" $where $way 200 "$fdlist")" \
			'status 0'
	done
done
steady='memory steady, descriptors +0, threads +0, children none'
same 'vfork children with a large environment leave no memory behind' "$steady" \
	"$H/host/growth" 300 vfork /bin/true
starts=${HOST_STARTS:-2000}
left_behind() { # name starts ways [option...]
	t_wants "$1" || return 0
	t_is "$1" "$(with_fence -t $((60 + starts / 10)) "${@:4}" "$H/host/growth" "$2" "$3" \
		"$H/static/trace/nothing")" "$steady"$'\nstatus 0'
}
left_behind "$starts starts of programs leave nothing behind" "$starts" \
	vfork,spawn,failed,fork,spawn,failed,thread,vfork,system,popen
left_behind '... nor with a log' $((starts / 4)) vfork,spawn,failed,fork,thread,system,popen \
	-e FDFENCE_LOG=/dev/null -e FDFENCE_LOG_WHAT=all
for mib in 100 20 6; do
	same "what was given is kept in $mib MiB" "$leak" "$H/host/limits" given $mib "$fdlist"
done

# The limits at which the program still starts but the fence may not be loaded.
short_of() {
	with_fence "$H/host/limits" fence "$1" "$fdlist"
}
short_memory() {
	local enough=1536 silent='' kib
	while [ $enough -lt 16384 ] && [ "$(short_of $enough)" != 'status 0' ]; do
		enough=$((enough + 64))
	done
	t_ok 'with enough memory it seals' test $enough -lt 16384
	for ((kib = enough - 256; kib < enough; kib += 4)); do
		case $(short_of $kib) in
		*"cannot be preloaded"*) ;; # the loader says it
		*"$leak"*) silent+=" $kib" ;;
		esac
	done
	t_is 'no leak in silence where memory is short' "$silent" ''
}
if t_wants 'with enough memory it seals' || t_wants 'no leak in silence where memory is short'; then
	short_memory
fi

# ---- who watches

if command -v gdb >/dev/null; then
	debug() { # preload or nothing
		spawn gdb -q -nx -batch -ex 'set startup-with-shell off' \
			-ex "set environment ${1:+LD_PRELOAD=$1}" -ex 'catch exec' -ex run -ex continue \
			--args "$H/entry" execve /bin/true thread 2>&1
	}
	follows="exec'd .*exited normally"
	if [[ $(debug) =~ $follows ]]; then
		t_like 'gdb follows a threaded program through exec' "$(debug "$SHIM")" "$follows"
	else
		t_skip 'gdb follows a threaded program through exec' 'it does not without the shim either'
	fi
else
	t_skip 'gdb follows a threaded program through exec' 'no gdb'
fi
if command -v strace >/dev/null; then
	for words in '' thread high=600; do
		# shellcheck disable=SC2086 # none or one word
		t_is "strace -f: ${words:-one thread}" \
			"$(spawn strace -f -qq -o "$T/strace" -e trace=execve -E LD_PRELOAD="$SHIM" \
				"$H/entry" execve "$fdlist" $words 2>&1; echo "status $?")" 'status 0'
		t_like '... shows the exec' "$(<"$T/strace")" "fdlist.* = 0"
	done
else
	t_skip 'strace -f' 'no strace'
fi
for way in execve posix_spawn; do
	sealed "statx denied: $way" "$([ $way = execve ] || echo 'result ok')" \
		"$H/entry" $way "$fdlist" deny=statx:EPERM
done

# ---- beside other objects that are preloaded

object() { # name
	find /usr/lib /lib -name "$1" -print -quit 2>/dev/null
}
# Whether the leak at 20 arrives; and how the program ended.
leaks_beside() { # preload way
	spawn -e LD_PRELOAD="$1" "$H/host/byfd" "$2" /proc/self/fd/%d "$fdlist" 2>&1 |
		sed -n 's/^20 open.*/leak/p; /^child/p'
	echo "status ${PIPESTATUS[0]}"
}
beside() { # name object
	local path way
	t_wants "beside $1, control: exec" || t_wants "before $1: exec" || t_wants "behind $1: exec" ||
		return 0
	path=$(object "$2")
	if [ -z "$path" ]; then
		t_skip "beside $1" 'not installed'
		return
	fi
	for way in exec spawn; do
		t_like "beside $1, control: $way" "$(leaks_beside "$path" $way)" '^leak.*status 0$'
		t_like "before $1: $way" "$(leaks_beside "$SHIM $path" $way)" $'^(child 0\n)?status 0$'
		t_like "behind $1: $way" "$(leaks_beside "$path $SHIM" $way)" $'^(child 0\n)?status 0$'
	done
}
beside faketime libfaketime.so.1
beside eatmydata libeatmydata.so
path=$(object libfaketime.so.1)
for order in "$SHIM $path" "$path $SHIM"; do
	[ "$path" ] || break
	for way in exec spawn; do
		t_like "faketime works, $([ "${order%% *}" = "$SHIM" ] && echo before || echo behind): $way" \
			"$(spawn -e FAKETIME='2001-02-03 04:05:06' -e LD_PRELOAD="$order" \
				"$H/host/byfd" $way /proc/self/fd/%d /bin/date 2>&1)" 2001
	done
done
if ! t_wants 'beside fakeroot'; then
	:
elif command -v fakeroot >/dev/null; then
	install -m 755 "$SHIM" "$H/host/byfd" "$fdlist" "$T"
	other=''
	[ "$(id -u)" -ne 0 ] || other='setpriv --reuid 65534 --regid 65534 --clear-groups'
	under_fakeroot() { # preload, in the words of the inner shell
		# shellcheck disable=SC2086 # words
		spawn -d "$T" $other fakeroot sh -c 'id -u; LD_PRELOAD="'"$1"'"; export LD_PRELOAD
			./byfd spawn /proc/self/fd/%d fdlist; ./byfd exec /proc/self/fd/%d /usr/bin/id' 2>&1
	}
	ours=$T/libfdfence.so
	# shellcheck disable=SC2016 # the inner shell's
	for order in "$ours "'$LD_PRELOAD' '$LD_PRELOAD '"$ours"; do
		t_like 'beside fakeroot, control' "$(under_fakeroot '$LD_PRELOAD')" '20 open.*uid=0'
		t_like "beside fakeroot: ${order/$T\//}" "$(under_fakeroot "$order")" \
			$'^0\nSuccess\nchild 0\nuid=0'
	done
else
	t_skip 'beside fakeroot' 'not installed'
fi

# ---- a set-user-ID program: what its caller says does not count

# A machine whose /etc/ld.so.preload names the shim, for this test alone.
cat >"$T/machine" <<'M'
set -e
mount --make-rprivate /
mkdir "$T/machine.d"
mount -t tmpfs -o mode=755 none "$T/machine.d"
cd "$T/machine.d"
mkdir etc bin
cp /etc/passwd /etc/group /etc/ld.so.cache etc
cp "$H/host/secure" "$H/fdlist" "$SHIM" bin
chmod 755 bin/*
: >etc/ld.so.preload
[ "$1" = control ] || echo "$PWD/bin/libfdfence.so" >etc/ld.so.preload
[ "$1" = same-user ] || chmod 4755 bin/secure
mount --bind etc /etc
user=65534
[ "$1" != same-user ] || user=0
setpriv --reuid $user --regid $user --clear-groups env -i PATH=/usr/bin:/bin \
	FDFENCE_LOG="$T/written-by-root" FDFENCE_MODE=off "$PWD/bin/secure" "$PWD/bin/fdlist"
[ ! -e "$T/written-by-root" ] || echo log
M
machine() {
	spawn -e T="$T" -e H="$H" -e SHIM="$SHIM" unshare -m sh "$T/machine" "$1" 2>&1
	rm -rf "$T/machine.d" "$T/written-by-root"
}
both=$'FDFENCE_LOG='"$T/written-by-root"$'\nFDFENCE_MODE=off'
both_seen="sees ${both/$'\n'/$'\n'sees }"$'\n'"hands on ${both/$'\n'/$'\n'hands on }"
if [ "$(machine control)" = $'secure 1\n'"$both_seen"$'\n'"$leak" ]; then
	t_is 'AT_SECURE: FDFENCE_* is ignored and not handed on' "$(machine fence)" 'secure 1'
	t_is '... which is AT_SECURE alone' "$(machine same-user)" \
		$'secure 0\n'"$both_seen"$'\n'"$leak"
else
	t_skip 'AT_SECURE: FDFENCE_* is ignored and not handed on' \
		"not permitted: $(machine control | tr '\n' ' ')"
fi

t_done
