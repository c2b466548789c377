#!/bin/bash
# Guile: system, open-pipe, system*
# packages: guile-3.0
# version: guile --version
# says: ^piped: 42$
# leak: ^guile > dash: file -- ports have no close-on-exec
. "$(dirname "$0")/lib.bash"

cat >it.scm <<'S'
(use-modules (ice-9 popen) (ice-9 rdelim))
(define f (open-input-file "/etc/passwd"))
(system "echo system")
(system* "echo" "system*")
(define p (open-input-pipe "echo $((40 + 2))"))
(display (string-append "piped: " (read-line p) "\n"))
S
guile --no-auto-compile it.scm
