# A long-running filter of git (gitattributes(5)): packets on stdin and stdout, rot13 both ways.
import codecs
import sys

out = sys.stdout.buffer


def read():
    size = sys.stdin.buffer.read(4)
    if not size:
        sys.exit()
    return sys.stdin.buffer.read(int(size, 16) - 4) if size != b"0000" else None


def read_list():
    return list(iter(read, None))


def write(*packets):
    for packet in packets:
        out.write(b"%04x" % (len(packet) + 4) + packet)
    out.write(b"0000")
    out.flush()


read_list()
write(b"git-filter-server\n", b"version=2\n")
read_list()
write(b"capability=clean\n", b"capability=smudge\n")
while True:
    read_list()
    text = b"".join(read_list()).decode()
    write(b"status=success\n")
    write(codecs.encode(text, "rot13").encode())
    write()
