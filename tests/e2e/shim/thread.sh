#!/bin/bash
# limit: 600
# The exec is made by the thread that asked for it: what the kernel ties to a thread, to its table
# and to its locks is, after an exec that succeeded and after one that failed, what it would be
# without the fence.
. "$(dirname "$0")/../lib.sh"
. "$root/tests/e2e/shim/host.bash"

tied() { # libc-name directory
	local libc=$1 host=$2/host how count out
	install -m 755 "$host/tied" "$T/tied.$libc" # another file than that which runs
	for count in 3 400; do
		same "$libc: handlers during failing execs, $count descriptors" \
			'0 elsewhere, 0 off their stack, 0 writes failed, 0 lost' \
			"$host/tied" handler $count
	done
	for how in one thread many; do
		same "$libc: a child with a death signal: $how" alive \
			"$host/tied" deathsig $how "$T/tied.$libc"
		same "$libc: a traced child: $how" stopped "$host/tied" traced $how
		same "$libc: pending signals and their values: $how" '42 43 44 pending' \
			"$host/tied" signals $how "$T/tied.$libc"
	done
	for how in pthread clone nokcmp peer inline; do
		same_or_skip "$libc: the table is shared after failed execs: $how" shared "$host/shared" $how
	done
	same_or_skip "$libc: ... init of a pid namespace" shared "$host/shared" init
	same_or_skip "$libc: CLONE_CHILD_CLEARTID" told "$host/shared" word
	same "$libc: a handler reopens a number during failing execs" \
		'0 lost their close-on-exec' "$host/shared" reopened
	same_or_skip "$libc: ... during execs that fail behind the seal" \
		'0 lost their close-on-exec' "$host/shared" refused
	same_or_skip "$libc: no task can be made" '0 wrong flags' "$host/shared" nobody
	for how in one thread clone dlmopen ring; do
		same_or_skip "$libc: an exec that fails against all signs: $how" \
			'its error, 0 flags changed' "$host/surprise" $how
	done
	same "$libc: the table is full, and execs fail" \
		$'10 of 10 right, 0 flags changed, locked, nobody to wait for\nthe same table' "$host/crowded" fail "$T/crowdedXXXXXX"
	same "$libc: ... and one does not, by the last number" ran "$host/crowded" exec "$T/crowdedXXXXXX"
	[ "$libc" = musl ] || # whose own spawn needs two numbers
		same "$libc: ... nor a spawn" $'ran\nchild 0' "$host/crowded" spawn "$T/crowdedXXXXXX"
	# limits: wordexp
	for how in one thread other; do
		t_is "$libc: wordexp, left by siglongjmp: $how" \
			"$(plain "$host/words" jump $how) $(with_fence "$host/words" jump $how)" \
			"here, flag 0, shared, 0: 2
status 0 here, flag $([ $how = one ] && echo 1 || echo 0), shared, 0: 2
status 0"
		same "$libc: handlers during wordexp: $how" \
			'0: word, handlers ran, 0 elsewhere, 0 lost' "$host/words" handlers $how
		t_is "$libc: the command of wordexp: $how" \
			"$(with_fence "$host/words" command $how)" \
			"$(plain "$host/words" command $how | sed 's: /etc/passwd::')"
		case $how-$(plain "$host/words" nothread $how) in
		*'status 77') t_skip "$libc: wordexp without a thread: $how" 'no pid namespace' ;;
		*) t_is "$libc: wordexp without a thread: $how" \
			"$(with_fence "$host/words" nothread $how)" \
			"$([ $how = one ] && echo '0: 1, flag 0' || echo '1: 0, flag 0')"$'\n''status 0' ;;
		esac
	done
	# limits: held-lock
	install -m 755 "$host/locks" "$T/again.$libc" # another file than that which runs
	for how in plain thread many twice handle stdio high; do
		same_or_skip "$libc: a lock on a descriptor that is kept: $how" 'open, lock held' \
			"$host/locks" $how "$T/lock.$libc.$how" "$T/again.$libc"
	done
	for how in behind ofd crowd under; do
		same "$libc: a lock that is hidden: $how" 'open, lock held' \
			"$host/locks" $how "$T/lock.$libc.$how" "$T/again.$libc"
		with_fence -e FDFENCE_LOG="$T/log.$libc.$how" "$host/locks" $how "$T/lock.$libc.$how" "$T/again.$libc" >/dev/null
		t_like "$libc: ... and that its leak stays open is said" "$(<"$T/log.$libc.$how")" \
			'"verdict":"report".*"inexact":"a leak stays open: closing it would drop a POSIX lock that is kept"'
	done
	# others' locks for reading keep no leak open and refuse no exec
	t_is "$libc: a reader where no lock is held" \
		"$(with_fence -e FDFENCE_ON_ERROR=deny -e FDFENCE_LOG="$T/log.$libc.foreign" "$host/locks" foreign \
			"$T/lock.$libc.foreign" "$T/again.$libc")" $'open, lock lost\nstatus 0'
	t_like "$libc: ... and the leak is sealed" \
		"$(grep -v '"inexact"' "$T/log.$libc.foreign")" '"verdict":"seal"'
	how="$libc: ... and /proc cannot be asked: why a leak stays open is said"
	out=$(with_fence -e FDFENCE_LOG="$T/log.$libc.noproc" "$H/within" noproc -- "$host/locks" foreign \
		"$T/lock.$libc.noproc" "$T/again.$libc")
	case $out in
	*'status 77') t_skip "$how" "${out%$'\n'*}" ;;
	*) t_like "$how" "$out$(<"$T/log.$libc.noproc")" \
		'status 0.*"verdict":"report".*"inexact":"a leak stays open: locks of others' ;;
	esac
	# limits: own-program
	same "$libc: a lock on a program that cannot be run" 'open, lock held' \
		"$host/locks" program "$T/program"
	same "$libc: a lock on a script that is spawned" 'open, lock held' \
		"$host/locks" spawn "$T/script"
	same "$libc: two such programs in turn leave no more than these open" '0 more' \
		"$host/locks" turn "$T/program" "$T/other"
	same "$libc: one that another process reads is not left open" '0 more' \
		"$host/locks" reader "$T/program"
	same "$libc: and a child that shares the table tries to run it" 'open, lock held' \
		"$host/locks" sharer "$T/program"
}

# limits: last-signal
for fds in 2 60 100; do
	for hole in first gap reopen high; do
		name="what a handler opens while an exec is looked at: $fds, $hole"
		leaks=$(plain "$H/host/late" $fds $hole)
		sealed=$(with_fence "$H/host/late" $fds $hole)
		t_diag "$fds, $hole: without the fence ${leaks%%$'\n'*}, with it ${sealed%%$'\n'*}"
		t_like "$name: all are told" "$leaks, $sealed" '^[0-9]+ of 300 leaked.status 0, [0-9]+ of 300 leaked.status 0$'
		if [ "${leaks%% *}" -gt 30 ]; then
			t_ok "$name" test "${sealed%% *}" -le 30
		else
			t_skip "$name" "its handlers come too early or too late here"
		fi
	done
done

same 'handlers during execs that succeed' '0 of 300 failed' "$H/host/noted" 300 "$T/note"
same 'a spawn of a program whose loader is a descriptor' 'status 0' "$H/host/runner" "$T/runner"

printf 'text\n' | tee "$T/program" >"$T/other"
printf '#!/bin/true\n' >"$T/script"
chmod 755 "$T/program" "$T/other" "$T/script"
tied glibc "$H"
if [ -x "$H/musl/host/tied" ]; then
	tied musl "$H/musl"
else
	t_skip musl 'no compiler for it here'
fi

# What looks like a program and is none is no surprise.
while read -r what error; do
	mkdir "$T/$what"
	same_or_skip "not like a program: $what" "errno $error, shared" "$H/host/unlike" "$what" "$T/$what"
done <<'END'
argument 7
headers 8
name 5
loader-cut 80
loader-tiny 5
loader-text 80
loader-busy 26
aout 8
stack 8
stack-full 7
END

# limits: surprise
records() { # how
	rm -f "$T/log"
	fenced -e FDFENCE_LOG="$T/log" "$H/host/surprise" "$1" >/dev/null 2>&1
	grep -c '"event":"failed".*"inexact":"[^"]*table of its own' "$T/log"
}
if [ "$(plain "$H/host/surprise" one | tail -1)" = 'status 0' ]; then
	for how in thread clone syscall dlmopen ring; do
		case $(plain "$H/host/surprise" $how) in
		*'status 77') t_skip "that the tables are split is said: $how" 'not here' ;;
		*) t_is "that the tables are split is said: $how" "$(records $how)" 1 ;;
		esac
	done
	t_is '... and not where nobody shared it' "$(records one)" 0
else
	t_skip 'that the tables are split is said' 'no filter here'
fi
# limits: sharer
printf 'no format\0\1' >"$T/no-format"
chmod 755 "$T/no-format"
if [ "$(uname -m)" = x86_64 ]; then
	t_is 'who shares the table of a child of vfork(), unknown, sees what it opens after a failed exec' \
		"$(spawn "$H/host/hidden" "$T/no-format")" 'errno 8, shared'
	t_is '... but not with the fence' "$(spawn -e LD_PRELOAD="$SHIM" "$H/host/hidden" "$T/no-format")" \
		'errno 8, not shared'
else
	t_skip 'who shares the table of a child of vfork(), unknown' 'its assembler is of x86-64'
fi
swapped() { # directory [option...]
	mkdir "$T/$1"
	spawn -d "$T/$1" "${@:2}" "$H/host/swapped" 200 500
}
t_like 'a program that is swapped all the while: without the fence' "$(swapped swap.plain)" ', 0 split$'
rm -f "$T/log"
out=$(swapped swap.fence -e LD_PRELOAD="$SHIM" -e FDFENCE_LOG="$T/log")
t_is '... with it each table that is split is in a record' \
	"$(grep -c '"event":"failed".*"inexact":"[^"]*table of its own' "$T/log")" \
	"$(grep -oE '[0-9]+ split$' <<<"$out" | grep -oE '^[0-9]+')"
rm -f "$T/log"
fenced -e FDFENCE_LOG="$T/log" "$H/host/locks" twice "$T/lock.log" "$T/again.glibc" >/dev/null 2>&1
t_like 'that a leak stays open for a lock is said' "$(<"$T/log")" '"inexact":"a leak stays open'
t_done
