#!/bin/bash
# limit: 600
# The random tester (tests/torture/), a bounded part: a fixed seed, and one drawn at each run and
# printed.  `make torture` is the long one.
. "$(dirname "$0")/../lib.sh"

torture=$B/tests/torture
shapes=${TORTURE_SHAPES:-150}

run() { # name [option...]
	local name=$1 out
	shift
	out=$(cd / && "$torture/torture" -n "$shapes" -l "$SHIM" -t "$torture/target" "$@" 2>&1)
	if [[ $out =~ ([1-9][0-9]*)\ descriptors\ that\ nobody\ meant\ were\ sealed.*\ 0\ differences$ ]]; then
		t_pass "$name"
		t_diag "$(grep -E '^seed|^[0-9]+ ' <<<"$out" | paste -sd, -)"
	else
		t_fail "$name" "$out"
	fi
}

if [ "$(ulimit -Hn)" -lt 20000 ] || [ "$(id -u)" -ne 0 ]; then
	t_skip_all 'needs root and a hard limit of 20000 descriptors'
fi
run 'glibc, seed 1' -h "$torture/host" -s 1
run 'glibc, a drawn seed' -h "$torture/host"
run 'glibc, a drawn seed, with records' -h "$torture/host" -e "FDFENCE_LOG=$T/log" -e FDFENCE_LOG_WHAT=all
if [ -x "$torture/host-musl" ]; then
	run 'musl, a drawn seed' -h "$torture/host-musl"
else
	t_skip 'musl' 'no compiler for it here'
fi

# limits: stale-act
# What it has found once, shrunk.
while read -ra words; do
	t_like "once found: ${words[*]}" "$("$torture/torture" -l "$SHIM" -t "$torture/target" \
		-h "$torture/host" "${words[@]}" 2>&1)" '1 shapes, 0 differences$'
done <<-'END'
	-e FDFENCE_LOG=@nobody context=forkplain deny=kcmp
	context=newpid entry=spawn target=loop
	context=newpid entry=spawn target=longname count=60
	given=3 deny=fstatat
	count=20 lock=posix deny=fstatat
	context=clonefiles count=60 lock=posix
	target=link count=700 numbers=sparse handlers=plain shower=signals lock=posix deny=getdents
	target=link count=700 numbers=sparse handlers=plain shower=signals lock=posix deny=getdents
	target=link count=700 numbers=sparse handlers=plain shower=signals lock=posix deny=getdents
	count=66 handlers=plain shower=signals lock=flock
	count=66 handlers=plain shower=signals lock=flock
	entry=wordexp count=700 deny=select root=chroot
	count=1 root=chroot input=closed
	count=20 given=3 children=zombie limit=below
	entry=sysexecveat target=script count=150 given=3 limit=below input=closed
	entry=wordexp target=nointerp count=66 numbers=top blocked=some handlers=plain shower=signals env=many
	entry=wordexp target=nointerp count=66 numbers=top blocked=some handlers=plain shower=signals env=many
	entry=wordexp target=nointerp count=66 numbers=top blocked=some handlers=plain shower=signals env=many
END
t_done
