#!/bin/bash
# Lua: os.execute, io.popen
# packages: lua5.4
# version: lua5.4 -v
# says: ^popen: 42$
# quick
# leak: ^lua5.4 > dash:  -- io.open sets no close-on-exec: all files of a script, in all it starts
. "$(dirname "$0")/lib.bash"

cat >it.lua <<'L'
f = io.open('/etc/passwd'); w = io.open('out', 'w')
os.execute('echo execute')
print('popen: ' .. io.popen('echo $((40 + 2))'):read())
p = io.popen('cat', 'w') p:write('to a pipe\n') p:close()
L
lua5.4 it.lua
