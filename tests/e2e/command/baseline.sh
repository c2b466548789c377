#!/bin/bash
# limit: 240
# check --baseline: what is known is no failure, what is new is; a file for people to review, the
# same for every run, machine and checkout.
. "$(dirname "$0")/../lib.sh"
F=$B/fdfence
base=$T/leaks.baseline
cd / || exit 1 # of which no name is an own one

# Run check with JSON into $T/json; sets status, err.
check() {
	rm -f "$T/json"
	spawn "$F" check --format=json -o "$T/json" "$@" >/dev/null 2>"$T/err"
	status=$?
	err=$(<"$T/err")
}
q() { jq -r "$1" "$T/json"; }
leak=("$H/danger" listener r:/etc/passwd "w:$T/new" -- true)
lines() { grep -v '^#' "$1" | grep .; }

# --- written and compared ---
check --baseline "$base" -- "${leak[@]}"
t_like "a file that is not there is no empty one" "$status $err" "^125 .*--baseline $base: no such file; --update-baseline makes"
t_ok "and nothing was run" test ! -e "$T/new"
t_like "a new one is no place for the report as well" \
	"$(cd "$T" && spawn "$F" check --baseline "$base" --update-baseline --format json -o ./leaks.baseline -- "${leak[@]}" 2>&1; echo "= $?"; ls "$base" "$T/new" 2>&1)" \
	"^fdfence: --update-baseline and --output name the same file: $base.= 125.*leaks.baseline': No such file.*new': No such file"
check --baseline "$base" --update-baseline -- "${leak[@]}"
t_is "--update-baseline writes what leaks, and that is no failure" "$status $(lines "$base" | wc -l)" "0 3"
t_is "sorted, a rule a line" "$(lines "$base" | sed 's| exe=[^ ]*||')" \
	"$(printf 'report into=/usr/bin/true type=%s\n' 'file path=/etc/passwd access=r severity=low' \
		"file path=${T%/*}/*-test.*/new access=w severity=medium" 'listener what=tcp\ 127.0.0.1:\* severity=high')"
check --baseline "$base" -- "${leak[@]}"
t_is "what is known is no failure" "$status $(q '"\(.leaks) \(.causes | length) \(.known) \(.known_leaks) \(.gone | length)"')" "0 0 0 3 3 0"
t_like "the text says that it is there" "$(spawn "$F" check --baseline "$base" -- "${leak[@]}" 2>&1)" \
	'no new leaks in 2 execs.*known: 3 causes with 3 leaks'
check --baseline "$base" -- "$H/danger" listener r:/etc/passwd reader eventfd -- true
t_is "what is new is reported alone" "$status $(q '"\(.leaks) \([.causes[].type] | sort | join(" "))"')" "99 2 anon pipe"
t_is "and what is gone with its line" "$(q '.gone[]')" "$(grep -n '/new access' "$base" | sed "s|^\([0-9]*\):|$base:\1: |")"
check --baseline "$base" --max-new=2 -- "$H/danger" listener reader eventfd -- true
t_is "--max-new lets as many pass" "$status $(q '.causes | length')" "0 2"
check --baseline "$base" --max-new=1 -- "$H/danger" listener reader eventfd -- true
t_is "and not one more" "$status" 99
check --max-new=3 -- "${leak[@]}"
t_is "without a baseline everything is new" "$status $(q '.causes | length')" "0 3"
spawn "$F" check --baseline "$base" --format=sarif -o "$T/sarif" -- "$H/danger" listener reader -- true >/dev/null 2>&1
t_is "SARIF has what is new, and says so" "$(jq -r '.runs[0].results[].baselineState' "$T/sarif")" new

# --- the same in every run ---
cat >"$T/leaks.py" <<'EOF2'
import ctypes, os, socket, tempfile
dup = ctypes.CDLL(None).dup  # not close-on-exec, unlike Python's
folder = tempfile.mkdtemp()
for end in ".log", "":
    dup(tempfile.mkstemp(prefix="app-", suffix=end, dir=folder)[0])
dup(tempfile.mkstemp()[0])
tcp = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(tcp.getsockname())
unix = socket.socket(socket.AF_UNIX)
unix.bind(folder + "/socket")
unix.listen()
auto = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
auto.bind("")  # unix(7), autobind
pid = open("/tmp/fdfence-%d.pid" % os.getpid(), "w")
os.unlink(pid.name)
own = open("/proc/%d/status" % os.getpid())
for one in tcp, client, unix, auto, pid, own:
    dup(one.fileno())
dup(os.pipe()[1])
dup(os.memfd_create("x"))
os.system("true")
EOF2
random=(/usr/bin/python3 "$T/leaks.py")
if command -v /usr/bin/python3 >/dev/null; then
	check --baseline "$T/random" --update-baseline -- "${random[@]}"
	cp "$T/random" "$T/first"
	t_is "eleven descriptors, their names of one run alone, are known" "$(lines "$T/random" | wc -l)" 11
	new=''
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		check --baseline "$T/random" -- "${random[@]}"
		new+="$status $(q '"\(.causes | length) \(.gone | length)"') "
	done
	t_is "ports, temporary names and processes change nothing in ten runs" "$new" "$(printf '0 0 0 %.0s' {1..10})"
	check --baseline "$T/random" --update-baseline -- "${random[@]}"
	t_ok "and the file is the same, to the byte" cmp "$T/first" "$T/random"
else
	t_skip "eleven descriptors, their names of one run alone" "no /usr/bin/python3"
fi

# --- the same in every checkout ---
for tree in one two; do
	mkdir -p "$T/$tree/src"
	: >"$T/$tree/src/data"
done
(cd "$T/one" && spawn "$F" check --baseline "$T/tree" --update-baseline -- "$H/danger" "r:$T/one/src/data" -- true >/dev/null 2>&1)
t_like "what lies below is written from here" "$(lines "$T/tree")" ' path=\./src/data access=r severity=low$'
t_is "so it is known in another folder" \
	"$(cd "$T/two" && spawn "$F" check --baseline "$T/tree" -- "$H/danger" "r:$T/two/src/data" -- true 2>&1 | head -n 1)" \
	"fdfence: no new leaks in 2 execs"
mkdir -p "$T/far/src" && : >"$T/far/src/data"
t_like "and the same name in a folder that is not this one is new" \
	"$(cd "$T/two" && spawn "$F" check --baseline "$T/tree" -- "$H/danger" "r:$T/far/src/data" -- true 2>&1)" "$T/far/src/data"

# --- what got worse is new ---
: >"$T/grows"
check --baseline "$T/worse" --update-baseline -- "$H/danger" "r:$T/grows" reader -- true
check --baseline "$T/worse" -- "$H/danger" "r:$T/grows" reader -- true
t_is "as it was" "$status" 0
check --baseline "$T/worse" -- "$H/danger" "rw:$T/grows" writer -- true
t_is "a file that was read and is written, and the other end of a pipe, are new" \
	"$status $(q '[.causes[].access] | sort | join(" ")')" "99 rw w"
check --seal --baseline "$T/sealed" --update-baseline -- "$H/danger" "r:$T/grows" -- true
cp "$T/sealed" "$T/first"
check --seal --baseline "$T/sealed" --update-baseline -- "$H/danger" "r:$T/grows" -- true
t_is "what was sealed is known, and its line says so" \
	"$status $(q .known) $(lines "$T/sealed" | grep -c ' outcome=sealed$') $(cmp "$T/first" "$T/sealed" && echo same)" "0 1 1 same"
check --rule 'deny type=file' --baseline "$T/sealed" -- "$H/danger" "r:$T/grows" -- true
t_is "of an exec that is refused it is, too" "$(q '"\(.causes | length) \(.known)"')" "0 1"
check --baseline "$T/sealed" -- "$H/danger" "r:$T/grows" -- true
t_is "what was sealed and leaks is new, as in report --diff" \
	"$status $(q '"\([.causes[].outcome] | join(" ")) \(.known) \(.gone | length)"')" "99 leaked 0 1"
sed 's/ outcome=.*//' "$T/sealed" >"$T/older"
check --baseline "$T/older" -- "$H/danger" "r:$T/grows" -- true
t_is "a line of an older run, which does not say it, is of all that it was of" "$status $(q .known)" "0 1"
check --baseline "$T/older" --update-baseline -- "$H/danger" "r:$T/grows" -- true
check --seal --baseline "$T/older" -- "$H/danger" "r:$T/grows" -- true
t_is "what leaked and is sealed now is known" "$status $(q '"\(.causes | length) \(.known) \(.gone | length)"')" "0 0 1 0"
sed 's/ access=.*//' "$T/worse" >"$T/older"
check --baseline "$T/older" -- "$H/danger" "rw:$T/grows" writer -- true
t_is "a line that says neither is of all" "$status" 0
if [ "$(id -u)" = 0 ]; then
	install -m 600 /etc/passwd "$T/secret"
	chmod 755 "$T"
	check --baseline "$T/low" --update-baseline -- "$H/danger" "r:$T/secret" -- true
	check --min-severity critical --baseline "$T/low" -- "$H/danger" -u 65534 "r:$T/secret" -- true
	t_is "what was low and is critical is new" "$status $(q '[.causes[].severity] | join(" ")')" "99 critical"
else
	t_skip "what was low and is critical is new" "not root"
fi

# --- what was not seen stays ---
printf 'report exe=ldconfig type=pipe\nreport exe=make type=pipe\n' >"$T/seen"
check --baseline "$T/seen" --update-baseline -- sh -c '/usr/sbin/ldconfig -V'
t_is "a line of a static program stays, as it leaks unseen" "$(<"$T/seen")" 'report exe=ldconfig type=pipe'
printf 'report exe=make type=pipe\n' >"$T/seen"
check --baseline "$T/seen" --update-baseline -- env FDFENCE_MODE=off sh -c 'exec true'
t_is "and where the fence ends for another reason all do" "$(<"$T/seen")" 'report exe=make type=pipe'
t_like "which is told" "$err" 'not all there is, so what is gone stays'
check --baseline "$T/seen" --baseline "$T/tree" -- true
t_like "two baselines are one too many" "$status $err" '^125 .*--baseline .*expected it once'

# --- made for review ---
cat >"$base" <<EOF2
# Of the team that owns it.
# Second line.

# the log, see issue 12
report exe=danger into=/usr/bin/true type=file path=/etc/passwd   # until spring
report exe=danger into=/usr/bin/true type=pipe # gone soon
# wide on purpose
report exe=danger type=listener
# the end
EOF2
cp "$base" "$T/before"
chmod 640 "$base"
check --baseline "$base" -- "${leak[@]}"
t_is "a line may be wider than one finding" "$status $(q '[.causes[].what] | join(" ")')" "99 $T/new"
check --baseline "$base" --update-baseline -- "$H/danger" listener r:/etc/passwd -- sh -c 'exit 3'
t_is "a command that failed takes nothing away" "$status $(lines "$base" | wc -l)" "3 4"
t_like "and that is said" "$err" 'not all there is, so what is gone stays'
cp "$T/before" "$base"
check --baseline "$base" --update-baseline -- "${leak[@]}"
t_is "comments stay where they belong, what is gone goes" "$(sed "s|exe=[^ ]*/danger|exe=$H/danger|; s|exe=[^ ]*\\*|exe=$H/danger|" "$base")" "# Of the team that owns it.
# Second line.

report exe=$H/danger into=/usr/bin/true type=file path=${T%/*}/*-test.*/new access=w severity=medium
# the log, see issue 12
report exe=danger into=/usr/bin/true type=file path=/etc/passwd  # until spring
# wide on purpose
report exe=danger type=listener
# the end"
t_is "and its mode" "$(stat -c %a "$base")" 640
evil="$T/a b;c#*?[x]\\"$'\n\033\xff'
check --baseline "$T/evil" --update-baseline -- "$H/danger" "w:$evil" -- true
check --baseline "$T/evil" -- "$H/danger" "w:$evil" -- true
t_is "a name of all bytes is known again" "$status $(q .known) $(lines "$T/evil" | wc -l)" "0 1 1"
mkdir "$T/dir"
check --baseline "$T/dir.baseline" --update-baseline -- "$H/danger" w:"$T"/dir/{aa,bb,cc,dd,ee} -- true
check --baseline "$T/dir.baseline" -- "$H/danger" w:"$T"/dir/{aa,bb,cc,dd,ee,ff} -- true
t_is "of the files of one folder each is known or new" "$status $(q '[.causes[].what] | join(" ")')" "99 $T/dir/ff"

# --- what is wrong is said before anything is run ---
refused() { # name text expected
	printf '%s\n' "# head" "$2" >"$T/bad"
	rm -f "$T/ran"
	check --baseline "$T/bad" -- touch "$T/ran"
	t_like "$1" "$status $err" "^125 fdfence: $T/bad:2: .*$3"
	t_ok "$1: nothing was run" test ! -e "$T/ran"
}
refused "a line that is no rule" "leak of the listener" "expected a verdict"
refused "a rule that is no finding" "keep type=listener" "expected the verdict report"
refused "a number, which changes" "report fd=3" "expected no fd="
refused "two rules in a line" "report type=pipe; report type=file" "expected fewer rules"
refused "an access that is none" "report access=x" "expected once one of access="
refused "a severity that is none" "report severity=worst" "expected once one of severity="
refused "an outcome that a line cannot be of" "report outcome=leaked" "expected once outcome=sealed or outcome=refused"
refused "a bad type" "report type=door" "column"
printf 'report type=pipe\0\n' >"$T/bad"
check --baseline "$T/bad" -- true
t_like "a NUL byte" "$status $err" "^125 .*$T/bad:1: expected text"
check --update-baseline -- true
t_like "--update-baseline without a file" "$status $err" '^125 .*expected --baseline FILE'
check --max-new=some -- true
t_is "a number that is none" "$status" 125

# --- written whole, over no link ---
ln -s tree "$T/link"
cp "$T/tree" "$T/tree.before"
check --baseline "$T/link" --update-baseline -- "${leak[@]}"
t_like "a link is not written through" "$status $err" "^125 .*$T/link: it is a symbolic link"
t_ok "what it names is as it was" cmp "$T/tree" "$T/tree.before"
check --baseline "$T/link" -- true
t_is "to read through it does no harm" "$status" 0
mkdir "$T/full"
if mount -t tmpfs -o size=4k none "$T/full" 2>/dev/null; then
	cp "$T/tree" "$T/full/file"
	check --baseline "$T/full/file" --update-baseline -- "${leak[@]}"
	t_like "on a full disk the old file stays, and it is said" "$status $err" '^125 .*No space left on device; it is as it was'
	t_ok "whole" cmp "$T/tree" "$T/full/file"
	t_is "and nothing beside it" "$(ls "$T/full")" file
	umount "$T/full"
	# The write that fails is that of the second block of 4 KiB, with the last line: none comes after it.
	check --baseline "$T/own" --update-baseline -- "${leak[@]}"
	{ printf '# %0*d\n' $((8192 - $(wc -c <"$T/own"))) 0 && cat "$T/own"; } >"$T/long"
	mount -t tmpfs -o size=16k none "$T/full"
	cp "$T/long" "$T/full/file"
	check --baseline "$T/full/file" --update-baseline -- "${leak[@]}"
	t_like "... one of several blocks, too" "$status $err" '^125 .*No space left on device; it is as it was'
	t_ok "... whole" cmp "$T/long" "$T/full/file"
	umount "$T/full"
else
	t_skip "on a full disk the old file stays" "no mounts here"
fi

# --- written by several jobs at once ---
gate=$T/gate
several=()
for one in a b c d; do
	: >"$T/of-$one"
	spawn "$F" check -q --baseline "$T/several" --update-baseline -- "$H/danger" "r:$T/of-$one" -- \
		sh -c "while [ ! -e $gate ]; do sleep 0.05; done" >/dev/null 2>&1 &
	several+=($!)
done
all_run() { [ "$(pgrep -cf "^sh -c while .* -e $gate")" = 4 ]; }
t_until all_run
: >"$gate"
wait "${several[@]}"
t_is "what another job has added meanwhile stays" "$(grep -o 'of-[a-d]' "$T/several" | sort | xargs)" "of-a of-b of-c of-d"
mkdir "$T/locked"
: >"$T/locked/data"
locks=(spawn -t 60 flock "$T/locked" "$F" check --baseline "$T/locked/x" --update-baseline --)
t_like "a job that holds the lock itself waits a while, and says for what" \
	"$("${locks[@]}" "$H/danger" "r:$T/locked/data" -- true 2>&1; echo "= $?")" \
	"fdfence: --update-baseline: $T/locked/x: its folder is locked by another.*= 0$"
t_is "... and writes it" "$(grep -c '/data access=r' "$T/locked/x")" 1
t_done
