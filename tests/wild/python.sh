#!/bin/bash
# Python: subprocess, os.popen, posix_spawn, multiprocessing by spawn, asyncio
# packages: python3
# version: python3 -V
# says: ^pool: \[1, 4, 9\]$
# quick
. "$(dirname "$0")/lib.bash"

cat >it.py <<'P'
import asyncio, multiprocessing, os, subprocess
def square(x):
    return x * x
async def run():
    p = await asyncio.create_subprocess_exec('echo', 'asyncio', stdout=-1)
    return (await p.communicate())[0].decode()
if __name__ == '__main__':
    f = open('/etc/passwd'); r, w = os.pipe()
    print(subprocess.check_output(['echo', 'subprocess'], text=True), end='')
    print(os.popen('echo popen').read(), end='', flush=True)
    os.waitpid(os.posix_spawn('/bin/echo', ['echo', 'posix_spawn'], os.environ), 0)
    subprocess.run(['sh', '-c', f'echo pass_fds >&{w}'], pass_fds=[w])
    print(os.read(r, 99).decode(), end='')
    with multiprocessing.get_context('spawn').Pool(2) as p:
        print('pool:', p.map(square, [1, 2, 3]))
    print(asyncio.run(run()), end='')
P
python3 it.py
