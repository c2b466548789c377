#!/bin/bash
# aria2 and lftp: what is run when a file has come, and commands for a shell
# packages: aria2 lftp python3-minimal
# version: aria2c --version
# says: ^complete: 1
# leak: ^aria2c > complete: anon -- its epoll instance, which shows all its connections
. "$(dirname "$0")/lib.bash"

mkdir www && echo downloaded >www/file
python3 -m http.server -d www 8000 >/dev/null 2>&1 &
wait_for listens 8000
printf '#!/bin/sh\necho "complete: $2 $3" >/mnt/home/said\n' >complete && chmod 755 complete
aria2c -q --no-conf --on-download-complete="$PWD/complete" http://127.0.0.1:8000/file
wait_for test -s said
cat said
lftp -c 'open http://127.0.0.1:8000/; cat file | tr a-z A-Z; !echo from a shell
get file -o got' 2>/dev/null
cat got
kill %1
