#!/bin/bash
# Valgrind: children traced, its log at a descriptor by number
# packages: valgrind
# version: valgrind --version
# says: ^in valgrind$
# limit: 120
. "$(dirname "$0")/lib.bash"

valgrind -q --log-fd=9 --trace-children=yes sh -c '/bin/echo in valgrind' 9>log
echo "exit $?"
