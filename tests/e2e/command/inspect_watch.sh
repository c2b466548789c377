#!/bin/bash
# fdfence inspect --watch: what is news, and what was told already.
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/e2e/command/inspect.bash
. "$(dirname "$0")/inspect.bash"

# Holds descriptors, and changes them when the file 1 is there, then when 2 is; each time what it opens last tells
# that all is done.  The library is in it.
hold -e LD_PRELOAD="$SHIM" /usr/bin/python3 -c '
import fcntl, os, socket, sys, time
def at(n, fd):
    os.dup2(fd, n, inheritable=True)
    os.close(fd)
def step(n):
    while not os.path.exists(str(n)):
        time.sleep(0.05)
os.chdir(sys.argv[1])
def make(name):
    return os.open(name, os.O_RDWR | os.O_CREAT, 0o644)
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
other = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
other.connect(("127.0.0.1", 9))
tcp = socket.socket()
server = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(server.getsockname())
accepted = server.accept()[0]
at(10, make("renamed")); at(11, make("unlinked")); at(12, make("flags")); os.close(make("worse"))
at(13, os.open("worse", os.O_RDONLY)); at(14, make("anew")); at(15, make("sealed")); at(16, make("access")); at(17, make("closed"))
os.set_inheritable(15, False)
for n, s in ((20, udp), (21, tcp), (22, client), (23, other)):
    os.dup2(s.fileno(), n, inheritable=True)
at(30, make("ready"))
print(os.getpid(), flush=True)
step(1)
os.rename("renamed", "renamed-since"); os.unlink("unlinked")
fcntl.fcntl(12, fcntl.F_SETFL, os.O_NONBLOCK | os.O_APPEND); os.write(12, b"x")
accepted.close(); server.close(); os.close(17)
at(31, make("told-1"))
step(2)
os.chmod("worse", 0o600)
os.unlink("anew"); at(14, make("anew"))
os.set_inheritable(15, True)
at(16, os.open("access", os.O_RDONLY))
udp.connect(("127.0.0.1", 9)); other.connect(("127.0.0.1", 10)); tcp.bind(("127.0.0.1", 0)); tcp.listen()
at(32, make("told-2"))
time.sleep(300)' "$T"
watched() { # name [command before]...: into $T/name and $T/name.err, until the end
	local name=$1
	shift
	"$@" >"$T/$name" 2>"$T/$name.err" &
	held+=($!)
}
watched text "$F" inspect --watch=1 --columns PID,FD,SEVERITY,TARGET "$pid"
watched json "$F" inspect --watch=1 --format json "$pid"
watched denied "$H/within" deny=pidfd_getfd:EPERM -- "$F" inspect --watch=1 "$pid"
watched denied_json "$H/within" deny=pidfd_getfd:EPERM -- "$F" inspect --watch=1 --format json "$pid"
told() { # text: do all say it?
	local name
	for name in text json denied denied_json; do
		grep -q "$1" "$T/$name" || return 1
	done
}
since() { # line: the descriptors of the rows behind it
	tail -n "+$(($1 + 1))" "$T/text" | awk '$2 ~ /^[0-9]+$/ { print $2 }' | sort -n | paste -sd' '
}
t_ok 'the first look tells all' t_until told /ready
before=$(wc -l <"$T/text")
sleep 2.5 # two looks more, or one
t_is '... once' "$(wc -l <"$T/text")" "$before"
touch "$T/1"
t_ok 'what was opened since is told' t_until told told-1
t_is '... and no name, flag, offset, or connection that has ended' "$(since "$before")" 31
before=$(wc -l <"$T/text")
records=$(wc -l <"$T/json")
touch "$T/2"
t_ok 'what has got worse since is told' t_until told told-2
t_is '... permissions, another file of that name and number, close-on-exec, access, a peer, a listener' \
	"$(since "$before")" '13 14 15 16 20 21 23 32'
# A look may fall between two of the changes: then they are the news of two looks.
t_is '... in records too' "$(tail -n "+$((records + 1))" "$T/json" | jq -sc '[.[].fds[].fd] | sort')" '[13,14,15,16,20,21,23,32]'
t_is 'a look without news is no record' "$(jq -s 'map(select(.fds == [])) | length' "$T/json")" 0
t_is '... and what was told is in none again' "$(jq -s '(map(.fds | length) | add) - (.[0].fds | length)' "$T/json")" 9
t_is 'who is fenced is told once' "$(grep -c 'libfdfence.so is in it' "$T/text")" 1
t_like 'what could not be told is told' "$(cat "$T/denied")" 'pidfd_getfd: Operation not permitted'
t_is '... once, in the same words' "$(grep '(' "$T/denied" | sort | uniq -d)" ''
t_is '... and makes no record of its own' "$(jq -s 'map(select(.fds == [])) | length' "$T/denied_json")" 0
t_is '... but stands in each' "$(jq -r .inexact "$T/denied_json" | grep -vc 'pidfd_getfd: Operation not permitted')" 0

# --- nobody reads any more ---
t_is 'a reader that has enough ends it, though nothing is new' \
	"$(timeout 60 bash -c '"$0" inspect -q --watch=1 "$1" | head -n 1 >/dev/null; echo "${PIPESTATUS[0]}"' "$F" "$pid")" 141
t_is '... also where SIGPIPE is ignored' \
	"$(trap '' PIPE; timeout 60 bash -c '"$0" inspect -q --watch=1 "$1" 2>&1 >&3 | cat; echo "${PIPESTATUS[0]}"' "$F" "$pid" 3> >(head -n 1 >/dev/null))" \
	$'fdfence: stdout: Broken pipe\n125'

# --- a terminal that becomes narrower ---
mkdir "$T/narrow"
hold /usr/bin/python3 -c '
import os, sys, time
os.chdir(sys.argv[1])
def open_(name):
    os.set_inheritable(os.open(name, os.O_RDWR | os.O_CREAT), True)
open_("first-" + "x" * 80)
print(os.getpid(), flush=True)
while not os.path.exists("go"):
    time.sleep(0.05)
open_("second-" + "x" * 80)
time.sleep(300)' "$T/narrow"
cat >"$T/resize" <<'P'
import fcntl, os, pty, signal, struct, sys, termios
child, tty = pty.fork()
def size(fd, columns):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
if child == 0:
    size(0, 300)
    os.execvp(sys.argv[2], sys.argv[2:])
def until(word): # which may go on in the next line
    seen = b""
    while word not in b"".join(seen.split()):
        seen += os.read(tty, 4096)
    return seen
until(b"first-" + b"x" * 80)
size(tty, 60)
open(sys.argv[1] + "/go", "w").close()
seen = until(b"second-" + b"x" * 80)
os.kill(child, signal.SIGTERM)
print(seen.decode().replace("\r\n", "\n"))
P
out=$(spawn -t 60 -e TERM=xterm /usr/bin/python3 "$T/resize" "$T/narrow" "$F" inspect -q --color never --columns PID,TARGET --watch=1 "$pid")
t_like 'a narrower terminal gets a head of its own' "$out" 'PID +TARGET'
t_is '... and lines that fit' "$(awk 'length > 60' <<<"$out")" ''
t_done
