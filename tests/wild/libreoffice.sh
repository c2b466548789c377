#!/bin/bash
# LibreOffice: a text to PDF, without a screen
# packages: libreoffice-core libreoffice-writer
# version: soffice --version
# says: ^%PDF-1
# limit: 240
# leak: ^oosplash > soffice.bin: pipe -- both ends of the pipe of a splash screen that is not shown
# leak: ^soffice.bin > dash: file -- the document and the registries stay open in paperconf
. "$(dirname "$0")/lib.bash"

echo hello >text.txt
timeout 200 soffice --headless -env:UserInstallation="file://$PWD/profile" --convert-to pdf text.txt >out 2>&1
echo "exit $?"
head -c 7 text.pdf
echo
timeout 100 soffice --headless -env:UserInstallation="file://$PWD/profile" --cat text.txt 2>/dev/null | tr -d '\357\273\277' | head -n 1
