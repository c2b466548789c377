#!/bin/bash
# limit: 240
# fdfence check across namespaces, chroots and users: each one alone and all together sees the leak
# of mawk into the shell, or says that it was not covered; never "no leaks" and nothing else.
. "$(dirname "$0")/../lib.sh"

command -v mawk >/dev/null || t_skip_all "no mawk"
spawn unshare -rn true 2>/dev/null || t_skip_all "no user namespaces here"
for_others "$B/fdfence" "$SHIM"
F=$T/bin/fdfence
tap

# A root to live in, without the folder of the collector's socket.
mkdir -p "$T/root/usr" "$T/root/proc" "$T/root/etc" "$T/root$T/bin"
echo x >"$T/root/etc/passwd"
for dir in bin lib lib64; do
	[ -L "/$dir" ] && ln -sfn "$(readlink "/$dir")" "$T/root/$dir"
done
cp "$SHIM" "$T/root$T/bin/"

inner=(mawk 'BEGIN{getline<"/etc/passwd";system("true")}')
sees() { # name wrapper...
	local name=$1 leaks gone
	shift
	rm -f "$T/json"
	if ! spawn "${as[@]}" "$@" true 2>/dev/null; then
		t_skip "$name" "cannot be done here: $*"
		return
	fi
	spawn "${tapped[@]}" "${as[@]}" "$F" check --format=json -o /dev/stdout "$@" "${inner[@]}" >"$T/json" 2>"$T/out"
	status=$?
	leaks=$(jq -r '.causes[]? | "\(.exe|sub(".*/";"")) \(.what) \(.times)"' "$T/json")
	gone=$(jq -r '.not_covered | length' "$T/json")
	t_is "$name" "$status $leaks $gone" "99 mawk /etc/passwd 1 0"
}

both() { # name wrapper...
	local name=$1
	shift
	as=()
	sees "$name" "$@"
	[ "$(id -u)" -eq 0 ] || return
	as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
	sees "$name, as nobody" "$@"
}

both "no namespace" env --
both "a user namespace" unshare -r
both "a network namespace" unshare -rn
both "a mount namespace" unshare -rm
both "a pid namespace" unshare -r --pid --fork
both "an IPC namespace" unshare -ri
both "a UTS namespace" unshare -ru
both "a cgroup namespace" unshare -rC
both "all of them" unshare -rnmiuC --pid --fork --mount-proc
if [ "$(id -u)" -eq 0 ]; then
	as=()
	sees "a network namespace without a user namespace" unshare -n
	cat >"$T/subordinate.py" <<-'END' # what newuidmap(1) does where /etc/subuid allows it
		import ctypes, os, sys
		ready, mapped = os.pipe(), os.pipe()
		child = os.fork()
		if child:
		    os.read(ready[0], 1)
		    for name in "uid_map", "gid_map":
		        with open("/proc/%d/%s" % (child, name), "w") as file:
		            file.write("0 100000 65536")
		    os.write(mapped[1], b"x")
		    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
		CLONE_NEWUSER = 0x10000000
		if ctypes.CDLL(None).unshare(CLONE_NEWUSER):
		    os._exit(125)
		os.write(ready[1], b"x")
		os.read(mapped[0], 1)
		os.setgroups([])
		os.setgid(5)
		os.setuid(5)
		os.execvp(sys.argv[1], sys.argv[1:])
	END
	sees "subordinate users: who is not root here is nobody we know" /usr/bin/python3 "$T/subordinate.py"
	t_last='umount "$T/root/usr" "$T/root/proc" 2>/dev/null'
	mount --bind /usr "$T/root/usr" 2>/dev/null
	mount --bind /proc "$T/root/proc" 2>/dev/null
	sees "a chroot" "$(command -v chroot)" "$T/root"
fi
if command -v bwrap >/dev/null; then
	both "bwrap --unshare-net" bwrap --unshare-net --dev-bind / /
	both "bwrap --unshare-all" bwrap --unshare-all --ro-bind / /
fi

# --- no way out at all ---
# limits: namespaces
# Another network and another root: nothing gets out but the word that something was lost.
lost() { # name wrapper...
	local name=$1
	shift
	if ! spawn "${as[@]}" "$@" true 2>/dev/null; then
		t_skip "$name" "cannot be done here: $*"
		return
	fi
	spawn "${as[@]}" "$F" check "$@" "${inner[@]}" >"$T/out" 2>"$T/text"
	t_like "$name" "$(<"$T/text")" "not covered: .*records lost: no way out of its namespaces"
}
if command -v bwrap >/dev/null; then
	box=(bwrap --unshare-all --ro-bind / / --tmpfs /tmp --ro-bind "$T/bin" "$T/bin")
	for who in "" nobody; do
		as=()
		name="all namespaces and another /tmp: not covered${who:+, as $who}"
		[ -z "$who" ] || as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
		if [ -n "$who" ] && [ "$(id -u)" -ne 0 ]; then
			t_skip "$name" "not root"
			continue
		fi
		lost "$name" "${box[@]}"
	done
else
	t_skip "all namespaces and another /tmp: not covered" "no bwrap"
fi
# shellcheck disable=SC2016 # for the inner shell
log=$(spawn "$F" check -q -- sh -c 'echo "$FDFENCE_LOG"; grep -c "fdfence:${FDFENCE_LOG#@}" /proc/keys' 2>/dev/null)
t_is "there is a key for the last word" "${log##*$'\n'}" 1
log=${log%%$'\n'*}
is_collected() { ! grep "fdfence:${log#@}" /proc/keys; } # by and by
t_ok "which is gone when check ends" t_until is_collected
t_ok "so is the folder of the socket" test ! -e "$(dirname "${log#@}")"

# --- nested ---
as=()
spawn "$F" check --format=json -o "$T/json" -- "$F" check -o "$T/inner" -- "${inner[@]}"
t_is "what an inner check sees the outer one sees" \
	"$(jq -r '"\(.leaks) \(.causes[0].what) \(.not_covered|length) \(.outside|length)"' "$T/json")" "1 /etc/passwd 0 0"
t_like "and the inner one" "$(<"$T/inner")" "1 leak with 1 cause"
spawn "$F" check --format=json -o "$T/json" -- "$F" explain -o "$T/inner" --mode report -- "${inner[@]}"
t_is "so is what explain sees" "$(jq -r '"\(.leaks) \(.not_covered|length)"' "$T/json")" "1 0"
t_done
