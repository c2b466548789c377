#!/usr/bin/python3
"""Holds what `fdfence inspect` says more of than a record: kinds.py DIR

    110, 111   one open file, DIR/data for writing, by dup; 112 the same file opened again
    113       a memory file with the seals shrink and grow; 114 one without
    115       a listener on 127.0.0.1; 116 its client; 117 what it accepted
    118       a connection whose peer has closed (close-wait)
    119       a unix listener, DIR/sock; 120, 121 a unix pair
    122       the slave of a terminal that is not its own; 0 and 123 are of its own
    124       a udp socket, connected; 125 one that is not bound
    126       stdout, by dup

All cross an exec.  Prints "ready" on descriptor 1 and waits.
"""
import fcntl
import os
import pty
import signal
import socket
import sys

where = sys.argv[1]
kept = []


def at(n, fd):
    os.dup2(fd, n, inheritable=True)


def sock(n, s):
    kept.append(s)
    at(n, s.fileno())


def hold():
    data = os.open(where + "/data", os.O_WRONLY | os.O_CREAT, 0o600)
    at(110, data)
    at(111, data)
    at(112, os.open(where + "/data", os.O_WRONLY))
    memory = os.memfd_create("sealed", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    fcntl.fcntl(memory, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW)
    at(113, memory)
    at(114, os.memfd_create("open", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING))
    listener = socket.create_server(("127.0.0.1", 0))
    sock(115, listener)
    client = socket.create_connection(listener.getsockname())
    sock(116, client)
    sock(117, listener.accept()[0])
    half = socket.create_connection(listener.getsockname())
    sock(118, half)
    listener.accept()[0].close()
    while half.recv(1):
        pass
    named = socket.socket(socket.AF_UNIX)
    named.bind(where + "/sock")
    named.listen()
    sock(119, named)
    for n, end in zip((120, 121), socket.socketpair()):
        sock(n, end)
    master, slave = pty.openpty()
    kept.append(master)
    at(122, slave)
    at(123, 0)
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.connect(("127.0.0.1", 9))
    sock(124, udp)
    sock(125, socket.socket(socket.AF_INET, socket.SOCK_STREAM))
    at(126, 1)


# A session with a terminal of its own, and the old stdout.
out = os.dup(1)
pid, terminal = pty.fork()
if pid:
    signal.signal(signal.SIGTERM, lambda *_: (os.kill(pid, signal.SIGKILL), sys.exit(0)))
    os.waitpid(pid, 0)
    sys.exit(0)
os.dup2(out, 1)
hold()
os.write(1, b"%d\n" % os.getpid())
signal.pause()
