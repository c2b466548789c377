#!/usr/bin/python3
"""What whoever started a command hears of it, and what the command gets:  front.py WHAT [FDFENCE ARG... --]

Starts it in a process group of its own.  Each step waits for what it expects, 20 seconds at most.
"""
import glob
import os
import pty
import select
import signal
import sys
import time

WHAT, FENCE = sys.argv[1], sys.argv[2:]
LAST = signal.SIGRTMIN + 1
# Says each that it gets, until LAST: what waits is handed on, and taken, in the order of the numbers.
LISTENS = f'''
import signal
waited = [signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1, signal.SIGRTMIN, {LAST}]
signal.pthread_sigmask(signal.SIG_BLOCK, waited)
print("up", flush=True)
while (sig := signal.sigwait(waited)) != {LAST}:
    print(signal.Signals(sig).name, flush=True)
'''


def start(*command):
    """Its process, and where what it writes is read."""
    r, w = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.setpgid(0, 0)
        os.dup2(w, 1)
        for sig in (signal.SIGINT, signal.SIGQUIT):
            signal.signal(sig, signal.SIG_DFL)
        os.execvp((FENCE + list(command))[0], FENCE + list(command))
    os.close(w)
    return pid, os.fdopen(r)


def word(status):
    if status == 0xffff:
        return 'continued'
    if os.WIFSTOPPED(status):
        return f'stopped {signal.Signals(os.WSTOPSIG(status)).name}'
    if os.WIFSIGNALED(status):
        return f'killed {signal.Signals(os.WTERMSIG(status)).name}'
    return f'exit {os.WEXITSTATUS(status)}'


def heard(pid, options=os.WUNTRACED):
    """What waitpid() says next."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        p, status = os.waitpid(pid, options | os.WNOHANG)
        if p:
            return word(status)
        time.sleep(0.01)
    os.killpg(pid, signal.SIGKILL)
    return 'nothing'


def ended(signame):
    pid, _ = start('sh', '-c', f'kill -{signame} $$')
    return [heard(pid)]


def stops():
    """It stops itself twice, by two signals; the group is continued, then the starter's process alone."""
    pid, _ = start('sh', '-c', 'kill -STOP $$; kill -TSTP $$; exit 3')
    words = [heard(pid)]
    os.killpg(pid, signal.SIGCONT)
    words.append(heard(pid))
    if words[-1].startswith('stopped'):
        os.kill(pid, signal.SIGCONT)
        words.append(heard(pid))
    return words


def resumed():
    """It stops itself; its own process alone is continued, by somebody who knows no other."""
    pid, out = start('sh', '-c', 'echo $$; kill -STOP $$; exit 3')
    command = int(out.readline())
    words = [heard(pid)]
    os.kill(command, signal.SIGCONT)
    return words + [heard(pid)]


def settled(pid):
    """The starter's helpers have left its group, or are there, as they are some microseconds after the command."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        names = []
        for stat in glob.glob('/proc/[0-9]*/stat'):
            try:
                with open(stat, encoding='utf-8', errors='replace') as f:
                    name, rest = f.read().split('(', 1)[1].rsplit(')', 1)
            except OSError:
                continue
            if int(rest.split()[2]) == pid:
                names.append(name)
        if 'fdfence' not in names or (names.count('fdfence') == 1 and 'fdf-witness' in names):
            return
        time.sleep(0.01)


def counts():
    """Three to the group, one to the starter's process alone."""
    pid, out = start(sys.executable, '-c', LISTENS)
    out.readline()
    settled(pid)
    got = []
    for send, sig in ((os.killpg, signal.SIGTERM), (os.killpg, signal.SIGHUP), (os.killpg, signal.SIGRTMIN),
                      (os.kill, signal.SIGUSR1)):
        send(pid, sig)
        while signal.Signals(sig).name not in got:
            got.append(out.readline().strip() or 'its end')
            if got[-1] == 'its end':
                return got
    os.kill(pid, LAST)
    got += out.read().split()
    return sorted(got) + [heard(pid)]


def killed():
    """SIGKILL of the starter's process is the end of the command, not of its child."""
    pid, out = start('sh', '-c', 'sleep 30 >/dev/null & echo $$ $!; exec sleep 30 >/dev/null')
    command, child = map(int, out.readline().split())
    os.kill(pid, signal.SIGKILL)
    words = [heard(pid)]
    end = time.monotonic() + 20
    while time.monotonic() < end and runs(command):
        time.sleep(0.01)
    words += ['left' if runs(command) else 'gone', 'child' if runs(child) else 'no child']
    for left in command, child:
        if runs(left):
            os.kill(left, signal.SIGKILL)
    return words


def runs(pid):
    try:
        with open(f'/proc/{pid}/stat', encoding='utf-8', errors='replace') as f:
            return f.read().rpartition(')')[2].split()[0] not in 'ZX'
    except OSError:
        return False


def script():
    """^C ends a script and its loop."""
    loop = 'for i in 1 2; do "$@" sh -c "echo up; exec sleep 30"; echo next; done'
    pid, tty = pty.fork()
    if pid == 0:
        os.execvp('bash', ['bash', '-c', loop, 'bash'] + FENCE)
    seen = b''
    end = time.monotonic() + 20
    sent = False
    while time.monotonic() < end and b'next' not in seen:
        if select.select([tty], [], [], 0.2)[0]:
            try:
                seen += os.read(tty, 4096)
            except OSError:
                break
        if b'up' in seen and not sent:
            os.write(tty, b'\x03')
            sent = True
    words = ['next' if b'next' in seen else 'over']
    os.close(tty)
    os.waitpid(pid, 0)
    return words


print(*{'ended': lambda: ended('INT'), 'killed9': lambda: ended('KILL'), 'stops': stops, 'resumed': resumed,
        'counts': counts, 'killed': killed, 'script': script}[WHAT](), sep=', ')
