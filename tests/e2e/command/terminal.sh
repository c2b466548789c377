#!/bin/bash
# limit: 300
# Tables on a terminal of 60, 80 and 200 columns: no line is longer, every column stays where its head is, and
# nothing of a long name is left out.
. "$(dirname "$0")/../lib.sh"
F=$B/fdfence

# What a command writes to a terminal of that width, colours taken out; its status at the end.
cat >"$T/terminal" <<'P'
import fcntl, os, pty, re, struct, sys, termios
pid, tty = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, int(sys.argv[1]), 0, 0))
    os.execvp(sys.argv[2], sys.argv[2:])
try:
    for line in open(tty, "rb", buffering=0): # as it comes
        os.write(1, re.sub(rb"\033\[[0-9;]*m", b"", line.replace(b"\r\n", b"\n")))
except OSError:
    pass
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
P
# Reads that: the table under the head that begins with HEAD, up to a line that is none of it.
cat >"$T/table" <<'P'
import re, sys, unicodedata
def wide(c):
    return 0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
def cells(line):
    return "".join(c if wide(c) == 1 else "" if wide(c) == 0 else c + "\0" for c in line)
lines = [cells(l) for l in sys.stdin.read().split("\n")]
head = next(i for i, l in enumerate(lines) if l.lstrip().startswith(sys.argv[2]))
starts = [m.start() for m in re.finditer(r"(?<= )[A-Z]|^[A-Z]", lines[head])]
ends = [m.end() for m in re.finditer(r"[A-Z]+(?= |\s*$)", lines[head])]
words = [""] * len(starts)
right = [sys.argv[3:].count(lines[head][s:e]) > 0 for s, e in zip(starts, ends)]
for line in lines[head + 1:]:
    if not line.strip() or re.match(r"fdfence: |[a-z]+, ", line):
        break
    if len(line) > int(sys.argv[1]):
        print("longer than %s: %r" % (sys.argv[1], line))
    for i, start in enumerate(starts):
        if start and not right[i] and line[start - 1:start].strip("\0 "):
            print("column %d has shifted: %r" % (i, line))
        end = starts[i + 1] - 1 if i + 1 < len(starts) else None
        words[i] += line[start:end].strip(" ").replace("\0", "")
print("\n".join(words))
P
terminal() { # columns command...
	spawn -t 300 -e TERM=xterm -e LC_ALL=C.UTF-8 /usr/bin/python3 "$T/terminal" "$@"
}
table() { # columns head [columns to the right]...
	LC_ALL=C.UTF-8 /usr/bin/python3 "$T/table" "$@"
}

mkdir -p "$T/a rather long name of a folder/日本語 and é/with many parts"
file="$T/a rather long name of a folder/日本語 and é/with many parts/db"
for columns in 60 80 200; do
	out=$(terminal $columns "$F" check -- "$H/leaker" -w "$file" -p -n 12 true | table $columns SEVERITY TIMES)
	t_is "check fits $columns columns" "$(grep -E 'longer|shifted' <<<"$out")" ""
	t_is "... and shows the whole name" "$(tr -d ' \n' <<<"$out" | grep -oF "$(tr -d ' ' <<<"$file")" | sort -u)" "$(tr -d ' ' <<<"$file")"
	t_is "... of the programs too" "$(tr -d ' \n' <<<"$out" | grep -oF "$H/leaker" | sort -u)" "$H/leaker"
done
# Where not even the heads fit each cell is a line; the name goes on below itself.
narrow() { # command...: of what it writes on 20 columns, all values in one, and lines that are longer
	terminal 20 "$@" | LC_ALL=C.UTF-8 /usr/bin/python3 -c 'import sys, unicodedata
for line in sys.stdin.read().split("\n"):
    if len(line) + sum(unicodedata.east_asian_width(c) == "W" for c in line) > 20:
        print("longer:", line)
    print(line[10:].replace(" ", ""), end="")'
}
# A process that holds the file; it is told again under another number, by a longer name.
mkfifo "$T/go"
exec 7<>"$T/go"
/usr/bin/python3 -c 'import os, sys
a = os.open(sys.argv[1], os.O_RDWR)
os.set_inheritable(a, True)
open(sys.argv[2], "w").close()
sys.stdin.readline()
os.set_inheritable(os.open(sys.argv[1] + "-" * 70, os.O_RDWR | os.O_CREAT), True)
open(sys.argv[3], "w").close()
sys.stdin.readline()' "$file" "$T/up" "$T/more" <&7 &
holder=$!
t_ok "a process holds a file" t_until test -e "$T/up"
for columns in 60 80 200; do
	for how in "" "--by program" "--columns FROM,COMM,FD,TARGET,CGROUP,ARGV"; do
		# shellcheck disable=SC2086 # options
		out=$(terminal $columns "$F" inspect -q $how $holder | table $columns "$(case $how in *by*) echo FROM ;; *col*) echo FROM ;; *) echo PID ;; esac)" PID FD HELD)
		t_is "inspect $how fits $columns columns" "$(grep -E 'longer|shifted' <<<"$out")" ""
		t_is "... and shows the whole name" "$(tr -d ' \n' <<<"$out" | grep -oF "$(tr -d ' ' <<<"$file")" | head -n 1)" "$(tr -d ' ' <<<"$file")"
	done
done
out=$(narrow "$F" inspect -q $holder)
t_like "inspect fits 20 columns, with the whole name" "$out" "^$holder.*${file// /}"
t_fails "... in no longer line" grep longer: <<<"$out"
terminal 60 "$F" inspect -q --watch=1 $holder >"$T/watched" &
watcher=$!
watched() { table 60 TIME PID FD <"$T/watched" | tr -d ' \n' | grep -qE -e "$1"; }
t_ok "inspect --watch shows the first file" t_until watched "${file// /}"
echo >&7
t_ok "... and the later one" t_until watched '-{70}'
echo >&7
wait $watcher $holder
out=$(table 60 TIME PID FD <"$T/watched")
t_is "inspect --watch fits 60 columns, and keeps them" "$(grep -E 'longer|shifted' <<<"$out")" ""
t_is "... and shows the whole of the long name that came later" "$(tr -d ' \n' <<<"$out" | grep -oEc -e '-{70}')" 1
t_is "a file gets long lines" "$(spawn "$F" check -- "$H/leaker" -w "$file" true 2>&1 | grep -c "^.*$H/leaker .*/db  *1\$")" 1

"$F" trace -q --duration 0.01 >/dev/null 2>&1 || {
	t_skip "the table of trace --summary" "no tracer here"
	t_done
}
for columns in 60 80 200; do
	out=$(terminal $columns "$F" trace -q -- "$H/trace/opens" -p "$file" -l -f -i 3 true | table $columns PID PID FD)
	t_is "trace fits $columns columns" "$(grep -E 'longer|shifted' <<<"$out")" ""
	t_is "... and shows the whole name" "$(tr -d ' \n' <<<"$out" | grep -oF "$(tr -d ' ' <<<"$file")" | head -n 1)" "$(tr -d ' ' <<<"$file")"
	out=$(terminal $columns "$F" trace -q --summary -- "$H/trace/opens" -p "$file" -l -f -i 3 true | table $columns COUNT COUNT)
	t_is "trace --summary fits $columns columns" "$(grep -E 'longer|shifted' <<<"$out")" ""
	t_is "... and shows the whole name" "$(tr -d ' \n' <<<"$out" | grep -oF "$(tr -d ' ' <<<"$file")")" "$(tr -d ' ' <<<"$file")"
done
t_done
