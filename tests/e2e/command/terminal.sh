#!/bin/bash
# Tables on a terminal of 60 columns: no line is longer, every column stays where its head is, and
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
out = b""
try:
    while True:
        out += os.read(tty, 4096)
except OSError:
    pass
out = re.sub(rb"\033\[[0-9;]*m", b"", out.replace(b"\r\n", b"\n"))
sys.stdout.buffer.write(out)
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
starts = [m.start() for m in re.finditer(r"(?<=  )[A-Z]|^[A-Z]", lines[head])]
ends = [m.end() for m in re.finditer(r"[A-Z]+(?=  |\s*$)", lines[head])]
words = [""] * len(starts)
right = [sys.argv[3:].count(lines[head][s:e]) > 0 for s, e in zip(starts, ends)]
for line in lines[head + 1:]:
    if not line.strip() or re.match(r"fdfence: |[a-z]+, ", line):
        break
    if len(line) > int(sys.argv[1]):
        print("longer than %s: %r" % (sys.argv[1], line))
    for i, start in enumerate(starts):
        if start and not right[i] and line[start - 2:start].strip("\0 "):
            print("column %d has shifted: %r" % (i, line))
        end = starts[i + 1] - 2 if i + 1 < len(starts) else None
        words[i] += line[start:end].strip(" ").replace("\0", "")
print("\n".join(words))
P
terminal() { # columns command...
	spawn -t 60 -e TERM=xterm -e LC_ALL=C.UTF-8 /usr/bin/python3 "$T/terminal" "$@"
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
t_is "a file gets long lines" "$(spawn "$F" check -- "$H/leaker" -w "$file" true 2>&1 | grep -c "^.*$H/leaker .*/db  *1\$")" 1

"$F" trace -q --duration 0.01 >/dev/null 2>&1 || {
	t_skip "the table of trace --summary" "no tracer here"
	t_done
}
for columns in 60 200; do
	out=$(terminal $columns "$F" trace -q --summary -- "$H/trace/opens" -p "$file" -l -f -i 3 true | table $columns COUNT COUNT)
	t_is "trace --summary fits $columns columns" "$(grep -E 'longer|shifted' <<<"$out")" ""
	t_is "... and shows the whole name" "$(tr -d ' \n' <<<"$out" | grep -oF "$(tr -d ' ' <<<"$file")")" "$(tr -d ' ' <<<"$file")"
done
t_done
