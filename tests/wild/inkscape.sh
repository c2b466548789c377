#!/bin/bash
# Inkscape: an effect of its extensions (Python), and a picture
# packages: inkscape
# version: inkscape --version
# says: ^PNG
# limit: 240
. "$(dirname "$0")/lib.bash"

echo '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect id="r" width="5" height="5"/></svg>' >it.svg
timeout 200 inkscape --export-type=png --export-filename=it.png it.svg >/dev/null 2>&1
head -c 4 it.png | tail -c 3
echo
