#!/bin/bash
# --clamp-open-max: a program that asks for its limit of open files is told little more than what
# is open, and the real limit stays, whatever it writes back.
. "$(dirname "$0")/../lib.sh"

(ulimit -Sn 4000 && ulimit -Hn 8000) 2>/dev/null || t_skip_all "the limit of open files is below 8,000 here"

# openmax PROGRAM WORD...: under a soft limit of 4000 and a hard one of 8000
openmax() {
	(
		ulimit -Sn 4000
		ulimit -Hn 8000
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
		t_is "$libc, ${clamp:-unset}: the limits are told" "$(openmax "$p" ask | lines)" "$(answers 4000 8000)"
	done
	clamp=yes
	t_is "$libc: 1,024 are told, and the hard limit as another" \
		"$(openmax "$p" ask real | lines)" "$(answers 1024 1025) real 4000 8000"
	t_is "$libc: more where more is open" "$(openmax "$p" open=2999 ask real | lines)" "$(answers 3000 3001) real 4000 8000"
	t_is "$libc: what is read and written back changes nothing" "$(openmax "$p" same real open=2999 same real | lines)" \
		'real 4000 8000 real 4000 8000'
	t_is "$libc: the soft limit raised to the hard one is, and reads so" \
		"$(openmax "$p" raise real ask | lines)" "real 8000 8000 $(answers 1025 1025)"
	t_is "$libc: the hard limit lowered to the soft one is lowered to the real one" "$(openmax "$p" lower real)" 'real 4000 4000'
	t_is "$libc: a number of its own is set, and told again" \
		"$(openmax "$p" ask set=2000:3000 real ask | lines)" \
		"$(answers 1024 1025) set: done real 2000 3000 $(answers 2000 3000)"
	t_is "$libc: a low number is set" "$(openmax "$p" ask set=512:1025 real | tail -n 2 | lines)" 'set: done real 512 8000'
	t_is "$libc: one that cannot be set is refused" "$(openmax "$p" ask set=600:500 real | tail -n 2 | lines)" \
		'set: Invalid argument real 4000 8000'
	t_is "$libc: prlimit answers what was told before" "$(openmax "$p" swap=2000:3000 real | lines)" \
		'swap: done old 1024 1025 real 2000 3000'
	t_is "$libc: another process's limits are the real ones" "$(openmax "$p" other)" 'other 4000 8000'
	t_is "$libc: a signal handler may ask" "$(openmax "$p" handler)" 'handler 1024'
	t_is "$libc: a vfork child may ask" "$(openmax "$p" vfork)" 'vfork 0'
	t_is "$libc: a close loop ends soon" "$(openmax "$p" loop)" 'closed 1022'
	if [ $libc != i386 ]; then # its libc reads the pointer itself
		t_is "$libc: pointers that lead nowhere are refused" "$(openmax "$p" bad)" 'bad -1 Bad address -1 Bad address'
	fi
done
p=$H/host/openmax shim=$SHIM clamp=yes

# limits: clamped-lower
t_is 'a limit lowered to a number that was told stays' "$(openmax "$p" ask set=1024:1025 real | tail -n 1)" 'real 4000 8000'
# limits: clamped-unseen
t_is 'the system call and /proc tell the real one' \
	"$(openmax sh -c '"$0" real; grep -o "files *[0-9][0-9]* *[0-9][0-9]*" /proc/self/limits | tr -s " "' "$p" | lines)" \
	'real 4000 8000 files 4000 8000'

t_is 'MODE=off ends it' "$(openmax -e FDFENCE_MODE=off "$p" loop)" 'closed 7997'
t_is 'what a program starts is told the same' "$(openmax bash -c 'ulimit -n; ulimit -Hn; bash -c "ulimit -n"' | lines)" '1024 1025 1024'
t_is 'the option is the setting' "$(
	ulimit -Sn 4000
	ulimit -Hn 8000
	spawn "$B/fdfence" run --clamp-open-max -- "$p" loop
)" 'closed 1022'
t_like 'a value that is none is told' "$(clamp=1024 openmax "$p" loop | lines)" \
	'^fdfence: FDFENCE_CLAMP: byte 1: expected yes or no; .* closed 7997$'

# Where the directory is out of reach the size of the table stands for what is open.
for words in noproc 'noproc deny=select:EPERM' deny=getdents:EPERM; do
	case $words in
	*select*) want='closed 7997' ;; # nobody tells: the real limit
	*) want='closed 1022' ;;
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
	"$(openmax "$H/within" deny=getdents:EPERM -- "$p" open=2999 loop)" 'closed 4094'

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
ulimit -n 8000
exec setpriv --reuid 65534 --regid 65534 --clear-groups env -i FDFENCE_CLAMP=yes "$PWD/bin/openmax" loop
M
machine() { # mode of the program
	spawn -e T="$T" -e H="$H" -e SHIM="$SHIM" unshare -m sh "$T/machine" "$1" 2>&1
	rm -rf "$T/machine.d"
}
chmod 755 "$T"
if [ "$(machine 755)" = 'closed 1021' ]; then
	t_is 'a set-user-ID program is told the real limit' "$(machine 4755)" 'closed 7997'
else
	t_skip 'a set-user-ID program is told the real limit' "not permitted: $(machine 755 | lines)"
fi
t_done
