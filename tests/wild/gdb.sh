#!/bin/bash
# gdb and strace: a program under each
# packages: gdb strace
# version: gdb --version
# says: ^traced$
. "$(dirname "$0")/lib.bash"

gdb -q -batch -ex 'set startup-with-shell on' -ex run -ex 'shell echo from gdb' --args /bin/echo run by gdb 2>/dev/null | grep -E '^(run by|from)'
strace -f -o out sh -c 'echo traced; exec true'
strace -o '|cat >piped' echo twice
# The fence asks first whether an exec can succeed (docs/limits.md, system-calls): those that did count.
grep -c 'execve.* = 0' out
