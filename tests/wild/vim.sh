#!/bin/bash
# Vim: !cmd, a filter, system(), a job
# packages: vim-tiny
# version: vim.tiny --version
# says: ^42$
# quick
. "$(dirname "$0")/lib.bash"

printf 'b\na\n' >text
vim.tiny -u NONE -es +'%!sort' +'r !echo $((40 + 2))' +'silent !echo from the shell >said' +w +q text
cat text said
