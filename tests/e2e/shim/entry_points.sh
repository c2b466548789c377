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

# --- what the child closes or replaces does not cross: it is no leak ---
cat >"$T/actions.py" <<'END'
import ctypes, os, sys
libc = ctypes.CDLL(None)
actions, pid = ctypes.create_string_buffer(256), ctypes.c_int()
argv = (ctypes.c_char_p * 2)(b"child")
os.dup2(os.open("/etc/passwd", os.O_RDONLY), 9)
libc.posix_spawn_file_actions_init(actions)
add = lambda what, *args: getattr(libc, "posix_spawn_file_actions_add" + what)(actions, *args)
match sys.argv[1]:
    case "close": add("close", 9)
    case "closefrom_np": add("closefrom_np", 9)
    case "dup2": add("dup2", 1, 9)
    case "itself": add("dup2", 9, 9)
    case "away": add("dup2", 9, 8), add("close", 9)
    case "open": add("open", 9, b"/dev/null", os.O_RDONLY, 0)
    case "chdir_np": add("chdir_np", b"/")
    case "popen":
        libc.popen.restype = ctypes.c_void_p
        os.close(9)
        libc.popen(b":", b"r")
        sys.exit(not libc.popen(b":", b"r"))
sys.exit(libc.posix_spawn(ctypes.byref(pid), sys.argv[2].encode(), actions, None, argv, None))
END
for how in close closefrom_np dup2 itself away open popen; do
	: >"$T/actions.log"
	t_is "what a spawn has settled is refused to nobody: $how" \
		"$(spawn -e LD_PRELOAD="$SHIM" -e FDFENCE_MODE=deny -e FDFENCE_LOG="$T/actions.log" \
			/usr/bin/python3 "$T/actions.py" $how "$H/fdlist" 2>&1 >/dev/null; echo $?) $(grep -c . "$T/actions.log")" '0 0'
done
t_is "... and what no action settles is refused" \
	"$(spawn -e LD_PRELOAD="$SHIM" -e FDFENCE_MODE=deny /usr/bin/python3 "$T/actions.py" chdir_np "$H/fdlist" 2>/dev/null; echo $?)" 1

t_done
