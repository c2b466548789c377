# Each way in which Python passes descriptors on, and an error pipe that must close.
import os, subprocess, sys
r, w = os.pipe()
subprocess.run(["sh", "-c", f"echo passed >&{w}"], pass_fds=[w], check=True)
print(os.read(r, 99))
os.set_inheritable(w, True)
subprocess.run(["sh", "-c", f"echo inheritable >&{w}"], close_fds=False, check=True)
print(os.read(r, 99))
pid = os.posix_spawn("/bin/sh", ["sh", "-c", "echo spawned >&9"], os.environ,
	file_actions=[(os.POSIX_SPAWN_DUP2, w, 9)])
print(os.waitpid(pid, 0)[1], os.read(r, 99))
if os.fork() == 0:
	os.dup2(w, 8)
	os.execlp("env", "env", "sh", "-c", "echo exec >&8")
print(os.wait()[1], os.read(r, 99))
try:
	subprocess.run(["/nonexistent"])
except FileNotFoundError as e:
	print("as it should be:", e.strerror)
