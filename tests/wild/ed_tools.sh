#!/bin/bash
# ed, m4, bc, awk, find, xargs, tar, sort: programs that start programs
# packages: ed m4 gawk findutils tar
# version: gawk --version
# says: ^from m4: 42$
# quick
# leak: ^(mawk|sort|tar|gawk|m4|ed) > .*:  -- the file that is read or written stays open in the program that is started
. "$(dirname "$0")/lib.bash"

printf 'a\ntext\n.\n!echo from ed\nw file\nq\n' | ed -s
echo 'from m4: esyscmd(expr 40 + 2)' | m4 | head -n 1
gawk 'BEGIN { "echo from gawk" | getline x; print x; cmd = "cat"; print "to a coprocess" |& cmd; close(cmd, "to"); cmd |& getline y; print y; system("echo system") }'
find file -exec echo found {} ';'
echo file | xargs -n 1 echo argument
tar czf a.tgz file && tar xzf a.tgz --to-command='echo $TAR_FILENAME; cat >/dev/null'
seq 3000 | sort -rn -S 8k -T . --compress-program=gzip | head -n 1
