#!/usr/bin/python3
"""listen.py NAME KEY FILE: what comes to the abstract socket NAME and begins with KEY goes to FILE,
a line a record, until SIGTERM; what has come by then is written first.  Says "ready"."""
import re
import signal
import socket
import sys

name, key, path = sys.argv[1:]
inbox = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
inbox.bind('\0' + name)
inbox.settimeout(0.1)
ended = []
signal.signal(signal.SIGTERM, lambda *_: ended.append(True))
print('ready', flush=True)
with open(path, 'ab', buffering=0) as out:
    while True:
        try:
            data = inbox.recv(1 << 17)
        except TimeoutError:
            if ended:
                break
            continue
        if data.startswith(key.encode()):
            # A collector that hands on puts the process id in front.
            record = re.sub(rb'^[0-9]+', b'', data[len(key):])
            out.write(record.rstrip(b'\n') + b'\n')
