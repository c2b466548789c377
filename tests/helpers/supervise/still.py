"""still: what it costs that the file system of a descriptor stands still.

	still PROGRAM COUNT

PROGRAM: on a FUSE mount whose daemon is the process $FUSE; COUNT: a program elsewhere, to exec.
"""
import os, signal, sys

program, count = sys.argv[1:]
fuse = int(os.environ["FUSE"])
go, say_go = os.pipe()
another = os.fork()  # has nothing of that file system: a close of it would wait
if not another:
    os.read(go, 1)
    os.execv(count, [count])
its = os.open(program, os.O_RDONLY)
os.kill(fuse, signal.SIGSTOP)
while open(f"/proc/{fuse}/stat").read().split()[2] != "T":
    pass
os.dup2(its, 50)
print("noted", flush=True)
with_it = os.fork()
if not with_it:
    os.execv(count, [count])
os.write(say_go, b"!")
print("another", os.waitstatus_to_exitcode(os.waitpid(another, 0)[1]), flush=True)
os.kill(fuse, signal.SIGCONT)
print("that one", os.waitstatus_to_exitcode(os.waitpid(with_it, 0)[1]))
