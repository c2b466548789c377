#!/usr/bin/python3
"""What a user sees who stops, continues and interrupts a command:  terminal.py [COMMAND ARG...]

An interactive bash on a terminal of its own runs `COMMAND ARG... sh -c "echo up; exec cat"`; each
step waits for what it expects, 20 seconds at most.  Prints one word a step: what came, or "lost".
"""
import glob
import os
import pty
import re
import select
import shlex
import signal
import sys
import termios
import time

LFLAG = 3  # of what tcgetattr() returns

command = ' '.join(map(shlex.quote, sys.argv[1:] + ['sh', '-c', 'echo up; exec cat']))
pid, fd = pty.fork()
if pid == 0:
    os.environ.update(PS1='ready> ', HISTFILE='', TERM='dumb')
    os.execv('/bin/bash', ['bash', '--norc', '--noprofile', '-i'])
seen = b''


def lost(name):
    print(f'lost {name}: {seen[-200:]!r}', flush=True)
    os.kill(pid, signal.SIGHUP)  # it ends its jobs, stopped ones too
    sys.exit(1)


def runs(group):
    """Is a process of that group not stopped yet?  It would still read what is typed."""
    for stat in glob.glob('/proc/[0-9]*/stat'):
        try:
            with open(stat, encoding='utf-8', errors='replace') as f:
                name, _, rest = f.read().rpartition(')')
        except OSError:
            continue
        state, _, its_group = rest.split()[:3]
        # The witness only watches for signals, and reads nothing.
        if int(its_group) == group and state not in 'TtZX' and not name.endswith('(fdf-witness'):
            return True
    return False


def at_prompt(keys, expected, name, stopped=0):
    """As step(), but to bash, once it has the terminal and reads, and that group does not."""
    end = time.monotonic() + 20
    while os.tcgetpgrp(fd) != pid or termios.tcgetattr(fd)[LFLAG] & termios.ICANON or (stopped and runs(stopped)):
        if time.monotonic() > end:
            lost(name)
        time.sleep(0.01)
    step(keys, expected, name)


def step(keys, expected, name):
    global seen
    os.write(fd, keys)
    end = time.monotonic() + 20
    while time.monotonic() < end:
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
    lost(name)


step(b'', rb'ready> $', 'prompt')
at_prompt(command.encode() + b'\n', rb'\nup\r\n', 'started')
step(b'words\n', rb'words\r\nwords\r\n', 'read and written')
job = os.tcgetpgrp(fd)
step(b'\x1a', rb'Stopped[^\n]*\r\nready> $', 'stopped')
at_prompt(b'jobs\n', rb'\[1\]\+ +Stopped[^\n]*\r\nready> $', 'a job', job)
at_prompt(b'fg\n', rb'\r\n[^\n]+\r\n', 'in front again')
step(b'more\n', rb'more\r\nmore\r\n', 'read and written')
step(b'\x03', rb'\^C(\r\n)?ready> $', 'interrupted')
at_prompt(b'echo "status $?"\n', rb'\nstatus 130\r\n', 'status 130')
at_prompt(command.encode() + b' &\n', rb'\[1\] \d+\r\n(ready> )?up\r\n|up\r\n\[1\] \d+\r\n', 'in the background')
at_prompt(b'kill %1; wait %1; echo "status $?"\n', rb'\nstatus (143|149)\r\n', 'killed')
at_prompt(b'exit\n', rb'exit', 'over')
