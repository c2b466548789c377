#!/bin/bash
# Firefox, headless: a picture of a page
# packages: firefox-esr
# version: firefox-esr --version
# says: ^a picture: PNG
# limit: 180
# leak: ^firefox-esr > (crashhelper|glxtest): (chr|file|pipe|socket) -- the profile's lock, the other end of each helper's own channel, and pipes of other threads: helpers that outlive a crash keep the profile locked
. "$(dirname "$0")/lib.bash"

echo '<p>hello' >page.html
export MOZ_CRASHREPORTER_DISABLE=
mkdir profile
timeout 120 firefox-esr --headless --no-remote --profile "$PWD/profile" --screenshot "$PWD/shot.png" \
	"file://$PWD/page.html" >out 2>&1
echo "a picture: $(head -c 4 shot.png | tail -c 3)"
grep -o 'panicked' out | head -n 1
