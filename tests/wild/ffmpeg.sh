#!/bin/bash
# FFmpeg: pipes by number, two programs in a row
# packages: ffmpeg
# version: ffmpeg -version
# says: ^frames: 5$
. "$(dirname "$0")/lib.bash"

ffmpeg -v error -f lavfi -i testsrc=size=32x32:rate=5:duration=1 -f rawvideo -pix_fmt gray pipe:7 7>raw
echo "frames: $(($(stat -c %s raw) / 1024))"
ffmpeg -v error -f rawvideo -pix_fmt gray -s 32x32 -i pipe:8 -f framemd5 - 8<raw | grep -c '^0,'
