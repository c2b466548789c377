#!/bin/sh
# What Python does with a program: subprocess, with and without pipes.
/usr/bin/python3 -I -S -c '
import subprocess
for i in range(10):
	subprocess.run(["/bin/true"], check=True)
	subprocess.run(["/bin/true"], stdout=subprocess.PIPE, close_fds=False, check=True)
'
