#!/bin/bash
# limit: 240
# Where others may write: nothing is written through what another user has put there, nor into it.
# limits: targets
. "$(dirname "$0")/../lib.sh"
[ "$(id -u)" = 0 ] || t_skip_all "not root: there is no other user"
F=$B/fdfence
them=12
for_others "$F" "$SHIM"

mkdir -m 777 "$T/anybody"
mkdir -m 1777 "$T/sticky"
mkdir "$T/mine" "$T/nobody"
install -d -o $them "$T/anybody/theirs" "$T/theirs"
"$F" run --log "$T/some.jsonl" -- "$H/leaker" -l true
tracer=
spawn "$F" trace -q -- true >/dev/null 2>&1 && tracer=1

refused() { # why, what is kept, name, fdfence's arguments
	t_wants "refused, $3" || t_wants "... and kept: $3" || return 0
	echo kept >"$2"
	t_like "refused, $3" "$(spawn timeout 20 "$F" "${@:4}" 2>&1 </dev/null; echo "= $?")" "^fdfence: [^:]*: [^:]*$1.*= 125$"
	t_is "... and kept: $3" "$(<"$2")" kept
	t_ok "... and nothing was run: $3" test ! -e "$T/ran"
}

# --- a link of somebody else's, wherever in a path ---
ln -s "$T/mine/target" "$T/anybody/link"
ln -s ../mine "$T/anybody/way"
ln -s anybody/link "$T/behind"
ln -s "$T/mine/target" "$T/sticky/link"
chown -h $them "$T/anybody/link" "$T/anybody/way" "$T/sticky/link"
mkfifo "$T/mine/pipe"
ln -s "$T/mine/pipe" "$T/anybody/to_pipe"
ln -s "$T/mine/target" "$T/anybody/theirs/link"
chown -h $them "$T/anybody/to_pipe" "$T/anybody/theirs/link"
link=$T/mine/target
through() {
	refused "symbolic link" "$link" "$@"
}
through "check -o" check -o "$T/anybody/link" -- touch "$T/ran"
through "check -o, sticky" check -o "$T/sticky/link" -- touch "$T/ran"
through "explain -o" explain -o "$T/anybody/link" -- touch "$T/ran"
through "report -o" report -o "$T/anybody/link" "$T/some.jsonl"
through "report --html" report --html "$T/anybody/link" "$T/some.jsonl"
through "inspect -o" inspect -o "$T/anybody/link" $$
through "a folder" check -o "$T/anybody/way/target" -- touch "$T/ran"
through "a link of our own to it" check -o "$T/behind" -- touch "$T/ran"
through "to a named pipe" check -o "$T/anybody/to_pipe" -- touch "$T/ran"
through "in a folder that they have put there" check -o "$T/anybody/theirs/link" -- touch "$T/ran"
through "a path that goes up again" check -o "$T/anybody/theirs/../way/target" -- touch "$T/ran"
through "run --log" run --log "$T/anybody/link" -- touch "$T/ran"
through "run --log, a folder" run --log "$T/anybody/way/target" -- touch "$T/ran"
t_like "FDFENCE_LOG, a folder" "$(spawn -e FDFENCE_LOG="$T/anybody/way/target" "$F" run -- touch "$T/ran" 2>&1; echo "= $?")" \
	'^fdfence: FDFENCE_LOG [^:]*: .*symbolic link that another user.*= 125$'
through "--baseline, to read" check --baseline "$T/anybody/link" -- touch "$T/ran"
through "--update-baseline" check --baseline "$T/anybody/way/target" --update-baseline -- touch "$T/ran"
if [ "$tracer" ]; then
	through "trace -o" trace -o "$T/anybody/link" -- touch "$T/ran"
	through "trace --format json -o" trace --format json -o "$T/anybody/way/target" -- touch "$T/ran"
else
	t_skip "trace -o through another's link" "no tracer here"
fi
t_like "GITHUB_STEP_SUMMARY" "$(spawn -e GITHUB_STEP_SUMMARY="$T/anybody/way/target" "$F" check --format github -o "$T/github" -- true 2>&1)" \
	'symbolic link that another user.*: the summary is not there'
t_is "... and kept: GITHUB_STEP_SUMMARY" "$(<"$link")" kept

# --- a file, a pipe of somebody else's ---
owned="another user's, in a folder where others may write: remove it"
for file in "$T/anybody/file" "$T/sticky/file" "$T/anybody/theirs/file"; do
	install -o $them -m 666 /dev/null "$file"
	where=${file#"$T/"}
	refused "$owned" "$file" "check -o $where" check -o "$file" -- touch "$T/ran"
	refused "$owned" "$file" "run --log $where" run --log "$file" -- touch "$T/ran"
done
refused "$owned" "$T/anybody/file" "--update-baseline" check --baseline "$T/anybody/file" --update-baseline -- touch "$T/ran"
[ ! "$tracer" ] || refused "$owned" "$T/anybody/file" "trace -o" trace -o "$T/anybody/file" -- touch "$T/ran"
mkfifo "$T/anybody/pipe"
chown $them "$T/anybody/pipe"
for way in "check -o" "run --log"; do
	# shellcheck disable=SC2086 # a command and its option
	refused "$owned" "$T/mine/other" "$way, a named pipe that nobody reads" $way "$T/anybody/pipe" -- touch "$T/ran"
done
echo kept >"$T/mine/two"
ln "$T/mine/two" "$T/anybody/two"
refused "a hard link" "$T/mine/two" "run --log, a second name" run --log "$T/anybody/two" -- touch "$T/ran"

# --- what goes on working ---
works() { # file that is written, name, fdfence's arguments
	t_is "works: $2" "$(spawn "$F" "${@:3}" 2>&1; echo "= $?")" "= 0"
	t_ok "... and is written: $2" test -s "$1"
}
works "$T/anybody/new" "a new file there" check -o "$T/anybody/new" -- true
works "$T/anybody/new" "our own, again" check -o "$T/anybody/new" -- true
works "$T/sticky/new.jsonl" "a new log there" run --log "$T/sticky/new.jsonl" --log-what all -- true
works "$T/sticky/new.jsonl" "our own, again, a log" run --log "$T/sticky/new.jsonl" --log-what all -- true
works "$T/anybody/theirs/new" "a new file in a folder of theirs" check -o "$T/anybody/theirs/new" -- true
ln -s "$T/mine/ours" "$T/anybody/ours"
works "$T/mine/ours" "a link of our own to what is not there yet" check -o "$T/anybody/ours" -- true
t_is "... and the link stays" "$(readlink "$T/anybody/ours")" "$T/mine/ours"
ln -s "$T/mine/landlord" "$T/theirs/link"
install -o $them /dev/null "$T/theirs/file"
chown -h $them "$T/theirs/link"
works "$T/mine/landlord" "a link in a folder where its owner alone may write" check -o "$T/theirs/link" -- true
works "$T/theirs/file" "a file there" check -o "$T/theirs/file" -- true
mkfifo "$T/anybody/our_pipe"
cat "$T/anybody/our_pipe" >"$T/piped" &
spawn "$F" run --log "$T/anybody/our_pipe" --log-what all -- true
wait $!
t_like "works: a named pipe of our own" "$(<"$T/piped")" '"fdfence":1'
t_is "works: /proc/self/fd/N by another way" "$(spawn "$F" check -o /proc/thread-self/fd/1 -- true)" "fdfence: no leaks in 1 exec"
works "$T/some.jsonl" "/dev/null" check -o /dev/null -- true
t_is "works: as another user, what is root's there" \
	"$(spawn setpriv --reuid $them --clear-groups "$T/bin/fdfence" check -o "$T/anybody/new" -- true 2>&1; echo "= $?")" "= 0"
mkdir "$T/again"
works "$T/again/out" "a folder that the command makes anew" check -o "$T/again/out" -- sh -c "rm -r $T/again; mkdir $T/again"
ln -s ../mine/trace.jsonl "$T/nobody/trace"
if [ "$tracer" ]; then
	spawn "$F" trace -q --show clean --format json -o "$T/nobody/trace" --rotate 1k -- sh -c 'for i in 1 2 3 4 5; do /bin/true; done; exit 0' >/dev/null 2>&1
	t_ok "trace rotates the file that a link names" test -s "$T/mine/trace.jsonl.1" -a -L "$T/nobody/trace" -a ! -e "$T/nobody/trace.1"
else
	t_skip "trace rotates the file that a link names" "no tracer here"
fi

# --- the socket that records go to ---
mkdir -m 777 "$T/open"
inbox() { # mode of TMPDIR, where /tmp takes nothing: the folder of the socket
	chmod "$1" "$T/open"
	unshare -m bash -c 'mount --bind "$1" /mnt && mount --bind "$2" /srv && mount -t tmpfs -o ro none /tmp &&
		TMPDIR=/srv /mnt/fdfence check -q -- sh -c "echo \$FDFENCE_LOG"' bash "$B" "$T/open" 2>&1 | sed 's/fdfence-.*//'
}
if unshare -m mount -t tmpfs none /mnt 2>/dev/null; then
	t_is "no socket lies where anybody may swap its folder" "$(inbox 777)" "@/dev/shm/"
	t_is "one does where that is sticky" "$(inbox 1777)" "@/srv/"
	t_is "... and where nobody else may write" "$(inbox 755)" "@/srv/"
else
	t_skip "the folder of the socket" "no mounts here"
fi

# --- while another user swaps a folder and a link without a pause ---
cat >"$T/bin/swap" <<'EOF2'
import ctypes, sys
AT_FDCWD, RENAME_EXCHANGE = -100, 2
libc = ctypes.CDLL(None)
a, b = (path.encode() for path in sys.argv[1:])
while libc.renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE) == 0:
    pass
EOF2
rm "$T"/mine/*
echo kept >"$T/mine/target"
install -d -o $them "$T/anybody/swapped"
ln -s "$T/mine" "$T/anybody/other"
chown -h $them "$T/anybody/other"
swapped=$T/anybody/swapped/target
setpriv --reuid $them --clear-groups timeout 230 /usr/bin/python3 "$T/bin/swap" "$T/anybody/swapped" "$T/anybody/other" &
swap=$!
race() { # name, fdfence's arguments: until each has happened often enough
	local done=0 refused=0 other=0 i said
	t_wants "swapped, $1: written, or refused" || t_wants "swapped, $1: nothing elsewhere" || return 0
	for ((i = 0; i < 500 && (done < 20 || refused < 20); i++)); do
		said=$(spawn "$F" "${@:2}" 2>&1 >/dev/null)
		case $?:$said in
		0:*) done=$((done + 1)) ;;
		125:*"symbolic link"* | 125:*"No such file"*) refused=$((refused + 1)) ;;
		*) other=$((other + 1)) && t_diag "$said" ;;
		esac
	done
	t_ok "swapped, $1: written, or refused" test $done -ge 20 -a $refused -ge 20 -a $other = 0
	t_is "swapped, $1: nothing elsewhere" "$(ls "$T/mine") $(<"$T/mine/target")" "target kept"
}
race "report -o" report -o "$swapped" "$T/some.jsonl"
race "check --update-baseline" check -q --baseline "$swapped.base" --update-baseline -- true
race "run --log" run --log "$swapped.log" --log-what all -- true
"$F" run --log "$swapped.many" -- "$H/leaker" -l -n 300 true 2>/dev/null
t_is "swapped while records come: nothing elsewhere" "$(ls "$T/mine")" target
kill "$swap"
wait "$swap" 2>/dev/null
t_is "nothing is left beside" "$(find "$T/anybody" -name '*.??????' ! -name '*.jsonl')" ""
t_done
