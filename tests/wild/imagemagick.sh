#!/bin/bash
# ImageMagick: delegates (Ghostscript), and pictures by descriptor
# packages: imagemagick ghostscript
# version: convert --version
# says: ^[0-9]+x[0-9]+$
# limit: 90
. "$(dirname "$0")/lib.bash"

sed -i '/pattern="\(PS\|PDF\|EPS\)"/d' /etc/ImageMagick-6/policy.xml
printf '%%!PS-Adobe-3.0 EPSF-3.0\n%%%%BoundingBox: 0 0 20 20\n0 0 10 10 rectfill showpage\n' >it.eps
convert it.eps -flatten it.ppm && identify -format '%wx%h\n' it.ppm
convert -size 4x4 xc:red ppm:fd:7 7>it.ppm && head -c 2 it.ppm
echo
