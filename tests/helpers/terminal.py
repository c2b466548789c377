#!/usr/bin/python3
"""What a user sees who stops, continues and interrupts a command:  terminal.py [COMMAND ARG...]

An interactive bash on a terminal of its own runs `COMMAND ARG... sh -c "echo up; exec cat"`; each step waits for what it expects, 20
seconds at most.  Prints one word a step: what came, or "lost".
"""
import os
import pty
import re
import select
import shlex
import signal
import sys
import time

command = ' '.join(map(shlex.quote, sys.argv[1:] + ['sh', '-c', 'echo up; exec cat']))
pid, fd = pty.fork()
if pid == 0:
    os.environ.update(PS1='ready> ', HISTFILE='', TERM='dumb')
    os.execv('/bin/bash', ['bash', '--norc', '--noprofile', '-i'])
seen = b''


def step(keys, expected, name):
    global seen
    os.write(fd, keys)
    end = time.monotonic() + 20
    while time.monotonic() < end:
        if not seen and keys == b'jobs\n' and time.monotonic() > end - 15:
            os.write(fd, keys)  # bash may drop what was typed while it took the terminal back
            keys = b''
        m = re.search(expected, seen)
        if m:
            seen = seen[m.end():]
            print(name, flush=True)
            return
        if select.select([fd], [], [], 0.2)[0]:
            try:
                seen += os.read(fd, 4096)
            except OSError:
                break
    print(f'lost {name}: {seen[-200:]!r}', flush=True)
    os.kill(pid, signal.SIGHUP)  # it ends its jobs, stopped ones too
    sys.exit(1)


step(b'', rb'ready> $', 'prompt')
step(command.encode() + b'\n', rb'\nup\r\n', 'started')
step(b'words\n', rb'words\r\nwords\r\n', 'read and written')
step(b'\x1a', rb'Stopped[^\n]*\r\nready> $', 'stopped')
step(b'jobs\n', rb'\[1\]\+ +Stopped[^\n]*\r\nready> $', 'a job')
step(b'fg\n', rb'\r\n[^\n]+\r\n', 'in front again')
step(b'more\n', rb'more\r\nmore\r\n', 'read and written')
step(b'\x03', rb'\^C(\r\n)?ready> $', 'interrupted')
step(b'echo "status $?"\n', rb'\nstatus 130\r\n', 'status 130')
step(command.encode() + b' &\n', rb'\[1\] \d+\r\n(ready> )?up\r\n', 'in the background')
step(b'kill %1; wait %1; echo "status $?"\n', rb'\nstatus (143|149)\r\n', 'killed')
step(b'exit\n', rb'exit', 'over')
