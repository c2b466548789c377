#!/bin/bash
# Chromium, headless: a page's text; the crash handler is alive
# packages: chromium
# version: dpkg-query -W -f '${Version}' chromium
# says: computed 42
# limit: 180
. "$(dirname "$0")/lib.bash"

echo '<p id=p></p><script>document.write("computed " + (40 + 2))</script>' >page.html
c=(chromium --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --user-data-dir="$PWD/data")
timeout 120 "${c[@]}" --virtual-time-budget=5000 --dump-dom "file://$PWD/page.html" 2>/dev/null >dom
grep -o 'computed [0-9]\+' dom | tail -n 1
"${c[@]}" --enable-crash-reporter --remote-debugging-port=9222 about:blank >/dev/null 2>&1 &
wait_for listens 9222
wait_for sh -c '[ "$(pgrep -c -f crashpad[_]handler)" -ge 2 ]'
echo "crash handlers alive: $(pgrep -c -f crashpad_handler)"
kill %1
wait
