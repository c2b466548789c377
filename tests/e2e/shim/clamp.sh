#!/bin/bash
# --clamp-open-max: a program that asks for its limit of open files is told little more than what
# is open, and the real limit stays, whatever it writes back.
. "$(dirname "$0")/../lib.sh"

(ulimit -Sn 10000 && ulimit -Hn 20000) 2>/dev/null || t_skip_all "the limit of open files is below 20,000 here"

# openmax PROGRAM WORD...: under a soft limit of 10000 and a hard one of 20000, which are told as
# 1075 and 1091 (tests/unit/core/test_clamp.c)
openmax() {
	(
		ulimit -Sn 10000
		ulimit -Hn 20000
		timeout 60 "$H/spawn" -e LD_PRELOAD="$shim" ${clamp:+-e FDFENCE_CLAMP="$clamp"} "$@" 2>&1
	)
}
lines() { paste -sd' '; }

for libc in glibc musl i386; do
	shim=$SHIM
	case $libc in
	glibc) p=$H/host/openmax ;;
	musl) p=$H/musl/host/openmax ;;
	i386) p=$H/m32/host/openmax shim=$SHIM32 ;;
	esac
	if ! [ -x "$p" ] || ! [ -e "$shim" ]; then
		t_skip "$libc" 'no compiler for it here'
		continue
	fi
	all='getrlimit S H prlimit S H getrlimit64 S H prlimit64 S H sysconf S getdtablesize S ulimit S'
	[ $libc != musl ] || all=${all% ulimit S}
	answers() { sed "s/S/$1/g; s/H/$2/g" <<<"$all"; }
	for clamp in '' no; do
		t_is "$libc, ${clamp:-unset}: the limits are told" "$(openmax "$p" ask | lines)" "$(answers 10000 20000)"
	done
	clamp=yes
	t_is "$libc: little more than 1,024 is told, and the hard limit as another" \
		"$(openmax "$p" ask real | lines)" "$(answers 1075 1091) real 10000 20000"
	t_is "$libc: more where more is open" "$(openmax "$p" open=2999 ask real | lines)" "$(answers 4147 4163) real 10000 20000"
	t_is "$libc: what is read and written back changes nothing" "$(openmax "$p" same real open=2999 same real | lines)" \
		'real 10000 20000 real 10000 20000'
	t_is "$libc: a limit lowered and set back is what it was" \
		"$(openmax "$p" save soft=256 real restore real open=2999 soft=300 restore real ask | lines)" \
		"real 256 20000 real 10000 20000 real 10000 20000 $(answers 4147 4163)"
	t_is "$libc: so it is by the old limits of prlimit" "$(openmax "$p" back=256 real soft=300 back=256 real | lines)" \
		'real 10000 20000 real 300 20000'
	t_is "$libc: the soft limit raised to the hard one is, and reads so" \
		"$(openmax "$p" raise real ask | lines)" "real 20000 20000 $(answers 1091 1091)"
	t_is "$libc: the hard limit lowered to the soft one is lowered to the real one" "$(openmax "$p" lower real)" 'real 10000 10000'
	t_is "$libc: a number of its own is set, and told again, and so is the next" \
		"$(openmax "$p" ask set=4096:5000 real ask set=2048:5000 real | lines)" \
		"$(answers 1075 1091) set: done real 4096 5000 $(answers 4096 5000) set: done real 2048 5000"
	t_is "$libc: beside a number that was told, too" "$(openmax "$p" soft=4096 real soft=2048 real | lines)" \
		'real 4096 20000 real 2048 20000'
	t_is "$libc: one that cannot be set is refused" "$(openmax "$p" ask set=600:500 set=2048:1024 set=2048:1075 real | tail -n 4 | lines)" \
		'set: Invalid argument set: Invalid argument set: done real 2048 10000'
	t_is "$libc: prlimit answers what was told before" "$(openmax "$p" swap=2000:3000 real | lines)" \
		'swap: done old 1075 1091 real 2000 3000'
	t_is "$libc: another process's limits are the real ones" "$(openmax "$p" other)" 'other 10000 20000'
	t_is "$libc: another process gets what a number was told for" "$(openmax "$p" save soft=256 hand real | lines)" \
		'child 10000 20000 real 256 20000'
	t_is "$libc: a thread may name itself by its number" "$(openmax "$p" save soft=256 thread real | lines)" \
		'thread 1075 1091 real 10000 20000'
	t_is "$libc: a signal handler may ask" "$(openmax "$p" handler)" 'handler 1075'
	t_is "$libc: a vfork child may ask" "$(openmax "$p" vfork)" 'vfork 0'
	t_is "$libc: what a child sets is the child's" \
		"$(openmax "$p" save vfork=3000 fork=3001 vfork=10000 ask restore real | lines)" \
		"vfork 0 fork 0 vfork 0 $(answers 1075 1091) real 10000 20000"
	t_is "$libc: threads that save, lower and restore at once end where they began" "$(openmax "$p" save race=4)" 'race 10000 20000'
	t_is "$libc: a close loop ends soon" "$(openmax "$p" loop)" 'closed 1088'
	if [ $libc != i386 ]; then # its libc reads the pointer itself
		t_is "$libc: pointers that lead nowhere are refused" "$(openmax "$p" bad)" 'bad -1 Bad address -1 Bad address'
	fi
	for seed in 2 3 6 9 10; do
		with=$(openmax "$p" random=$seed)
		t_is "$libc: sequence $seed sets what it sets without the clamp" "$with" "$(clamp=no openmax "$p" random=$seed)"
		t_like "... which is something: $seed" "$(sort -u <<<"$with" | lines)" \
			'Invalid argument: .*done: real 10000 20000 .*done: '
	done
done
p=$H/host/openmax shim=$SHIM clamp=yes

# limits: clamped-lower
t_is 'a limit lowered to a number that was told stays' "$(openmax "$p" ask set=1075:1091 real | tail -n 1)" 'real 10000 20000'
t_is 'a hard limit at its own number below a soft one that was told is refused, as below the real one' \
	"$(openmax "$p" ask set=1075:5000 real | tail -n 2 | lines)" 'set: Invalid argument real 10000 20000'
# limits: clamped-compare
t_is 'a number above what was told lowers the limit if the real one is higher' \
	"$(openmax "$p" ask set=4096:1091 real | tail -n 1)" 'real 4096 20000'
# limits: clamped-room
mapfile -t many < <(printf 'set=%s:1091\n' {3001..3070})
t_is 'after 64 numbers limits are told as they are, and those that were told are known' \
	"$(openmax "$p" save "${many[@]}" set=5000:1091 ask restore real | tail -n 8 | lines)" \
	"$(sed "s/S/5000/g; s/H/20000/g" <<<"$all") real 10000 20000"
# limits: clamped-image
t_is 'a number that another image was told, of a limit that is no longer in force, means itself' \
	"$(openmax bash -c 'o=$(ulimit -n); ulimit -Sn 256; exec "$0" set=$o:1091 real' "$p" | lines)" 'set: done real 1075 20000'
t_is '... of one that is, that limit' \
	"$(openmax bash -c 'exec "$0" set=$(ulimit -n):$(ulimit -Hn) real' "$p" | lines)" 'set: done real 10000 20000'
t_is '... that a program sets for another, too' \
	"$(openmax bash -c 'prlimit --pid $$ --nofile=$(ulimit -n):; exec "$0" real' "$p" | lines)" 'real 10000 20000'
# limits: clamped-unseen
t_is 'the system call and /proc tell the real one' \
	"$(openmax sh -c '"$0" real; grep -o "files *[0-9][0-9]* *[0-9][0-9]*" /proc/self/limits | tr -s " "' "$p" | lines)" \
	'real 10000 20000 files 10000 20000'

# Programs that save, lower and restore.
for sh in bash dash 'busybox sh' zsh ksh93 mksh; do
	if ! command -v "${sh%% *}" >/dev/null; then
		t_skip "$sh: o=\$(ulimit -n); ulimit -Sn 256; ulimit -Sn \$o" "no ${sh%% *}"
		continue
	fi
	# shellcheck disable=SC2086 # a word more
	t_is "$sh: o=\$(ulimit -n); ulimit -Sn 256; ulimit -Sn \$o" \
		"$(openmax $sh -c 'o=$(ulimit -n); ulimit -Sn 256; "$0" real; ulimit -Sn $o; "$0" real; ulimit -Sn $(ulimit -Hn); "$0" real' "$p" | lines)" \
		'real 256 20000 real 10000 20000 real 20000 20000'
done
cat >"$T/limits.py" <<'P'
import os, resource as r
N = r.RLIMIT_NOFILE
def real():
    print(*[w for l in open("/proc/self/limits") if "open files" in l for w in l.split()[3:5]])
o = r.getrlimit(N)
r.setrlimit(N, (4096, o[1])); real()
r.setrlimit(N, (2048, o[1])); real()
print(r.getrlimit(N)[0], os.sysconf("SC_OPEN_MAX"))
old = r.prlimit(0, N, (256, o[1])); real()
r.setrlimit(N, old); real()
r.prlimit(os.getpid(), N, o); real()
P
if [ -x /usr/bin/python3 ]; then
	t_is "Python's resource" "$(openmax /usr/bin/python3 "$T/limits.py" | lines)" \
		'4096 20000 2048 20000 2048 2048 256 20000 2048 20000 10000 20000'
fi

t_is 'MODE=off ends it' "$(openmax -e FDFENCE_MODE=off "$p" loop)" 'closed 19997'
t_is 'what a program starts is told the same' "$(openmax bash -c 'ulimit -n; ulimit -Hn; bash -c "ulimit -n"' | lines)" '1075 1091 1075'
t_is 'the option is the setting' "$(
	ulimit -Sn 10000
	ulimit -Hn 20000
	spawn "$B/fdfence" run --clamp-open-max -- "$p" loop
)" 'closed 1088'
t_like 'a value that is none is told' "$(clamp=1024 openmax "$p" loop | lines)" \
	'^fdfence: FDFENCE_CLAMP: byte 1: expected yes or no; .* closed 19997$'

# Where the directory is out of reach the size of the table stands for what is open.
for words in noproc 'noproc deny=select:EPERM' deny=getdents:EPERM; do
	case $words in
	*select*) want='closed 19997' ;; # nobody tells: the real limit
	*) want='closed 1088' ;;
	esac
	# shellcheck disable=SC2086 # words
	got=$(openmax "$H/within" $words -- "$p" loop)
	if [[ $got == cannot* ]]; then
		t_skip "without help: $words" "$got"
	else
		t_is "without help: $words" "$got" "$want"
	fi
done
# shellcheck disable=SC2016 # words of that shell
t_is 'the table had 3,000 places: no fewer are told' \
	"$(openmax "$H/within" deny=getdents:EPERM -- "$p" open=2999 loop)" 'closed 4160'

# Secure execution: what the caller wrote into the environment is not heard.  A machine whose
# /etc/ld.so.preload names the shim, since LD_PRELOAD does not reach such a program at all.
cat >"$T/machine" <<'M'
set -e
mount --make-rprivate /
mkdir "$T/machine.d"
mount -t tmpfs -o mode=755 none "$T/machine.d"
cd "$T/machine.d"
mkdir etc bin
cp /etc/passwd /etc/group /etc/ld.so.cache etc
cp "$H/host/openmax" "$SHIM" bin
chmod "$1" bin/*
echo "$PWD/bin/libfdfence.so" >etc/ld.so.preload
mount --bind etc /etc
ulimit -n 20000
exec setpriv --reuid 65534 --regid 65534 --clear-groups env -i FDFENCE_CLAMP=yes "$PWD/bin/openmax" loop
M
machine() { # mode of the program
	spawn -e T="$T" -e H="$H" -e SHIM="$SHIM" unshare -m sh "$T/machine" "$1" 2>&1
	rm -rf "$T/machine.d"
}
chmod 755 "$T"
if [ "$(machine 755)" = 'closed 1088' ]; then
	t_is 'a set-user-ID program is told the real limit' "$(machine 4755)" 'closed 19997'
else
	t_skip 'a set-user-ID program is told the real limit' "not permitted: $(machine 755 | lines)"
fi
t_done
