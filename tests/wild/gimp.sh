#!/bin/bash
# GIMP: batch mode, whose plug-ins get their pipes as numbers among the arguments
# packages: gimp
# version: gimp-console --version
# says: 42
# limit: 180
. "$(dirname "$0")/lib.bash"

# The message may come before or behind the greeting of a plug-in.
timeout 150 gimp-console -n -i -b '(gimp-message (number->string (+ 40 2)))' -b '(gimp-quit 0)' >out 2>&1
echo "exit $?"
grep -o '42' out | head -n 1
