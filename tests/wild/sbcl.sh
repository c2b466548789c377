#!/bin/bash
# SBCL and SWI-Prolog: run-program, shell
# packages: sbcl swi-prolog-nox
# version: sbcl --version
# says: ^from SBCL: 42$
. "$(dirname "$0")/lib.bash"

sbcl --noinform --no-userinit --eval '(progn (with-open-file (f "/etc/passwd") (write-string (with-output-to-string (s) (sb-ext:run-program "/bin/sh" (list "-c" "echo from SBCL: $((40 + 2))") :output s)))) (terpri) (exit))' | grep .
swipl -q -g "open('/etc/passwd',read,_),shell('echo from Prolog')" -t halt
