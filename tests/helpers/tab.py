#!/usr/bin/python3
"""Types into a shell on a terminal of its own, as a person does, and says what it made of it.

tab.py SHELL SETUP LINE...: for each LINE, in which <Tab> is the key, prints the words of the
command line that the shell has then.  SETUP is typed first.
"""
import os
import pty
import re
import select
import signal
import sys

ARGV = {
    "bash": ["bash", "--norc", "--noprofile", "-i"],
    "zsh": ["zsh", "-f", "-i"],
    "fish": ["fish", "--no-config", "-i"],
}


def until(fd, pattern):
    """What the shell writes until a whole line matches."""
    seen = b""
    while True:
        if not select.select([fd], [], [], 30)[0]:
            sys.exit("tab.py: no answer: %r" % seen[-2000:])
        try:
            seen += os.read(fd, 65536)
        except OSError:
            sys.exit("tab.py: the shell has ended: %r" % seen[-2000:])
        if b"\x1b[c" in seen or b"\x1b[0c" in seen:  # fish asks what terminal this is
            os.write(fd, b"\x1b[?62;c")
            seen = seen.replace(b"\x1b[c", b"").replace(b"\x1b[0c", b"")
        found = re.search(pattern, seen)
        if found:
            return found


def main():
    shell, setup, lines = sys.argv[1], sys.argv[2], sys.argv[3:]
    pid, fd = pty.fork()
    if pid == 0:
        os.environ.update(TERM="dumb" if shell == "bash" else "vt100", PS1="$ ", COLUMNS="200")
        os.execvp(shell, ARGV[shell])
    os.write(fd, (setup + "; echo RE''ADY\n").encode())
    until(fd, rb"READY\r?\n")
    for line in lines:
        # At the front of the line: its words are to be shown.
        os.write(fd, line.replace("<Tab>", "\t").encode() + b"\x01echo GO''T \x05\n")
        print(until(fd, rb"GOT ([^\r\n]*)\r?\n").group(1).decode().rstrip())
    os.kill(pid, signal.SIGKILL)


main()
