#!/bin/bash
# Ghostscript: output into a program, input from one (%pipe%)
# packages: ghostscript
# version: gs --version
# says: ^through a pipe: %!PS
# leak: ^gs > dash: file -- its temporary files, open for writing, in what %pipe% starts
. "$(dirname "$0")/lib.bash"

echo '%!PS
/Helvetica findfont 10 scalefont setfont 10 10 moveto (hello) show showpage' >it.ps
gs -q -dNOSAFER -dBATCH -dNOPAUSE -sDEVICE=ps2write -sOutputFile='%pipe%head -c 7 >head' it.ps
echo "through a pipe: $(head -c 4 head)"
