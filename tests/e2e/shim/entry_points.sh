#!/bin/bash
# Each entry point, called through its real symbol by a process that leaks nine descriptors:
# the child has all of them without the shim and none with it, and the call answers the same.
. "$(dirname "$0")/../lib.sh"

# The design's list.  One that tests/helpers/entry.c does not call is a failure here.
required=(execve execv execvp execvpe execl execlp execle execveat fexecve
	posix_spawn posix_spawnp pidfd_spawn pidfd_spawnp posix_spawn_file_actions
	popen fclose system wordexp syscall_execve syscall_execveat __execvpe
	posix_spawn_old posix_spawnp_old)
all='3 4 5 6 7 8 64 700 1000'

# A child of the other word size says that it cannot load the preload; so it does with any.
without_loader() {
	grep -v '^ERROR: ld.so: object .* cannot be preloaded (wrong ELF class'
}

# Numbers above 2 that the child printed, on one line.
numbers() {
	sed -n 's/^\([0-9][0-9]*\) \(open\|cloexec\) .*/\1/p' <<<"$1" | paste -sd' '
}

one() { # libc entry shim child
	local libc=$1 entry=$2 shim=$3 child=$4 control fenced name expected with
	name="$libc $entry into $(basename "$(dirname "$child")")"
	expected=''
	with=$all
	if [ "$entry" = posix_spawn_file_actions ]; then
		expected='20 21'
		with='3 4 5 6 7 8 20 21 64 700 1000'
	fi
	control=$("$H/spawn" "$helper" "$entry" "$child" 2>&1)
	fenced=$("$H/spawn" -e LD_PRELOAD="$shim" "$helper" "$entry" "$child" 2>&1 | without_loader)
	t_is "$name: leaks without the shim" "$(numbers "$control")" "$with"
	t_is "$name: sealed with it" "$(numbers "$fenced")" "$expected"
	t_is "$name: same answer" "$(grep -v '^[0-9]' <<<"$fenced")" \
		"$(grep -v '^[0-9]' <<<"$control")"
}

libc_suite() { # libc helper shim child
	local libc=$1 helper=$2 shim=$3 child=$4 list entry fenced
	if ! [ -x "$helper" ]; then
		t_skip "$libc" "no compiler for it here"
		return
	fi
	if ! list=$("$helper" --list 2>/dev/null); then
		t_skip "$libc" "this kernel runs no such programs"
		return
	fi
	for entry in "${required[@]}"; do
		if grep -qx "$entry" <<<"$list"; then
			one "$libc" "$entry" "$shim" "$child"
		elif grep -qx "$entry -" <<<"$list"; then
			# The shim may offer what the libc lacks; then it has to seal.
			fenced=$("$H/spawn" -e LD_PRELOAD="$shim" "$helper" --list)
			if grep -qx "$entry" <<<"$fenced"; then
				fenced=$("$H/spawn" -e LD_PRELOAD="$shim" "$helper" "$entry" "$child" 2>&1)
				t_is "$libc $entry, which only the shim has: sealed" \
					"$(numbers "$fenced")" ''
				# An exec that succeeded says nothing; a refusal says so.
				[[ $entry == exec* || $entry == __exec* ]] ||
					t_like "$libc $entry, which only the shim has: answers" "$fenced" \
						'result (ok|[a-z_]*: Function not implemented)'
			else
				t_skip "$libc $entry" "this libc has none"
			fi
		else
			t_fail "$libc $entry: called by tests/helpers/entry.c"
		fi
	done
}

for child in "$H/fdlist" "$H/static/fdlist"; do
	libc_suite glibc "$H/entry" "$SHIM" "$child"
done
libc_suite musl "$H/musl/entry" "$SHIM" "$H/musl/fdlist"
libc_suite i386 "$H/m32/entry" "$SHIM32" "$H/m32/fdlist"

t_done
