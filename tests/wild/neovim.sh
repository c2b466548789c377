#!/bin/bash
# Neovim: a filter, !cmd, system(), a job, a terminal
# packages: neovim
# version: nvim --version
# says: ^from a job$
. "$(dirname "$0")/lib.bash"

printf 'b\na\n' >text
cat >it.lua <<'L'
vim.cmd('%!sort')
vim.cmd('w')
vim.cmd('silent !echo from the shell >said')
print(vim.fn.system({'echo', 'from system'}))
local job = vim.fn.jobstart({'sh', '-c', 'echo from a job >job'})
vim.fn.jobwait({job}, 20000)
vim.cmd('terminal echo from a terminal >term')
vim.wait(20000, function() return vim.fn.getfsize('term') > 0 end)
vim.cmd('qa!')
L
nvim --headless -u NONE -i NONE -S it.lua text >out 2>&1
tr -d '\r' <out | grep -o 'from system'
cat text said job term
