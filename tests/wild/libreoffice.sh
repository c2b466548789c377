#!/bin/bash
# LibreOffice: a text to PDF, without a screen; with one, its splash screen
# packages: libreoffice-core libreoffice-writer xvfb
# version: soffice --version
# says: ^%PDF-1
# limit: 240
# leak: ^oosplash > soffice.bin: pipe -- both ends of the pipe of a splash screen that is not shown
# leak: ^soffice.bin > dash: file -- the document and the registries stay open in paperconf
# leak: ^Xvfb > dash:  -- as in xterm
. "$(dirname "$0")/lib.bash"

echo hello >text.txt
timeout 200 soffice --headless -env:UserInstallation="file://$PWD/profile" --convert-to pdf text.txt >out 2>&1
echo "exit $?"
head -c 7 text.pdf
echo
timeout 100 soffice --headless -env:UserInstallation="file://$PWD/profile" --cat text.txt 2>/dev/null | tr -d '\357\273\277' | head -n 1

# With a screen oosplash shows how far it is, which it hears through --splash-pipe.
splash() {
	timeout 100 soffice -env:UserInstallation="file://$PWD/profile" --norestore text.txt >/dev/null 2>&1 &
	local job=$!
	wait_for heard && echo 'the splash screen has its pipe'
	pkill -KILL -x soffice.bin
	wait "$job" 2>/dev/null
	return 0
}
heard() {
	local pid
	pid=$(pgrep -f 'soffice[.]bin.*--splash-pipe=') &&
		readlink "/proc/$pid/fd/$(tr '\0' '\n' <"/proc/$pid/cmdline" | sed -n 's/^--splash-pipe=//p')" | grep -q pipe:
}
x splash 2>/dev/null
