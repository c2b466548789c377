#!/bin/bash
# limit: 900
# libfdfence-seal: what each function does, in a program of glibc (shared and static) and of musl,
# as the kernel has it and with each thing denied that there is a way around.
. "$(dirname "$0")/../lib.sh"

cases=(close_from close_range unshare walk next seal spawn)
kinds=(lib)
if [ -x "$H/musl/lib/library" ]; then
	kinds+=(musl/lib)
else
	t_skip 'programs of musl' 'no compiler for it here'
fi
if "$H/m32/fdlist" >/dev/null 2>&1; then
	kinds+=(m32/lib)
else
	t_skip 'programs of i386' 'no C library for it here'
fi

in_case() { # kind name case words...
	local kind=$1 name=$2 case=$3 out status
	t_wants "$name: $case, $kind" || return
	shift 3
	out=$(spawn -t 60 "$H/$kind/library" "$case" "$@" 2>&1)
	status=$?
	if [ "$status" -eq 77 ]; then
		t_skip "$name: $case, $kind" "$out"
	else
		t_is "$name: $case, $kind" "$out= $status" '= 0'
	fi
}

each() { # name words...
	local name=$1 kind case
	shift
	for kind in "${kinds[@]}"; do
		for case in "${cases[@]}"; do
			in_case "$kind" "$name" "$case" "$@"
		done
	done
}

highest() { # the highest number that this machine lets a program have
	local hard
	hard=$(ulimit -Hn)
	# An administrator may go as far as the kernel does.
	hard=$(prlimit --nofile="$(cat /proc/sys/fs/nr_open)" bash -c 'ulimit -Hn' 2>/dev/null || echo "$hard")
	[ "$hard" -lt 1048576 ] || hard=1048576 # what the helper has room for
	echo $((hard - 1))
}
high=$(highest)
empty=$T/empty
mkdir "$empty"

each 'as it is'
for case in "${cases[@]}"; do
	in_case static/lib 'static' "$case" deny=close_range:EPERM
done
each 'close_range ENOSYS' deny=close_range:ENOSYS
each 'close_range EPERM' deny=close_range:EPERM
each 'no flag for close-on-exec' deny=close_range_cloexec:EINVAL
each 'no /proc' noproc
each 'close_range EPERM, no /proc' noproc deny=close_range:EPERM
each 'close_range EPERM, another /proc' fakeproc deny=close_range:EPERM
each 'close_range EPERM, getdents EPERM' deny=close_range:EPERM deny=getdents:EPERM
each 'close_range EPERM, chroot' "chroot=$empty" deny=close_range:EPERM
each 'limit below what is open' limit=4
each 'limit below, close_range EPERM' limit=4 deny=close_range:EPERM
each 'hard limit below, close_range EPERM, no /proc' hard=4 noproc deny=close_range:EPERM
each "a descriptor at $high" "high=$high"
each "a descriptor at $high, close_range EPERM" "high=$high" deny=close_range:EPERM
each "a descriptor at $high, close_range EPERM, no /proc" "high=$high" noproc deny=close_range:EPERM
each "hard limit below $high, close_range EPERM, no /proc" "high=$high" hard=4 noproc deny=close_range:EPERM
each 'a second thread, close_range EPERM' thread deny=close_range:EPERM
each '0 closed, close_range EPERM' close=0 deny=close_range:EPERM
for kind in "${kinds[@]}"; do
	for errno in EPERM EFAULT EBADF 0; do # what a filter answers with is not what the kernel tells
		in_case "$kind" "nothing tells where the table ends, $errno" blind "high=$high" hard=100 noproc \
			deny=close_range:EPERM "deny=select:$errno"
	done
	for case in few_close_from few_walk few_next few_seal no_map; do
		in_case "$kind" 'no memory to ask with' "$case" noproc deny=close_range:EPERM deny=mmap:EPERM
	done
	for errno in EPERM ENOSYS EACCES EBADF EFAULT EINVAL; do
		in_case "$kind" "close_range and unshare $errno" no_unshare "deny=close_range:$errno" "deny=unshare:$errno"
	done
done
for kind in "${kinds[@]}"; do
	for errno in EPERM ENOSYS; do
		in_case "$kind" "fcntl $errno" no_fcntl deny=close_range:EPERM "deny=fcntl:$errno"
		in_case "$kind" "fcntl $errno, no /proc" no_fcntl noproc deny=close_range:EPERM "deny=fcntl:$errno"
		in_case "$kind" "close $errno" no_close deny=close_range:EPERM "deny=close:$errno"
	done
done
[ "$high" -eq 1048575 ] || t_skip 'numbers up to fs.nr_open' "the hard limit is $((high + 1)), and may not be raised"
t_done
