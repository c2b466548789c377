#!/bin/bash
# tmux: panes, a command, pipe-pane, run-shell, if-shell
# packages: tmux
# version: tmux -V
# says: ^in a pane: 42$
# quick
# leak: ^tmux > utempter:  -- the server hands its listener, clients and other panes to a program with more rights (set-group-ID utmp)
. "$(dirname "$0")/lib.bash"

tmux -L wild -f /dev/null new-session -d 'echo in a pane: $((40 + 2)) >said; exec sh'
wait_for test -s said
cat said
tmux -L wild run-shell 'echo run by the server >ran'
cat ran
tmux -L wild pipe-pane -t 0 'cat >piped'
tmux -L wild send-keys -t 0 'echo sent' Enter
wait_for grep -q sent piped
grep -c sent piped | sed 's/[1-9]/seen/'
tmux -L wild split-window -t 0 'echo second pane >second; sleep 100'
wait_for test -s second
cat second
tmux -L wild kill-server
