#!/bin/bash
# GNOME's gio: the daemon of mounts and its backends; a file opened by the program for its kind
# packages: gvfs gvfs-backends libglib2.0-bin dbus-daemon shared-mime-info
# version: gio --version
# says: ^opened by its program
# limit: 120
. "$(dirname "$0")/lib.bash"

export XDG_RUNTIME_DIR=/tmp/x XDG_DATA_HOME=$PWD/share
mkdir -m 700 /tmp/x
mkdir -p share/applications
printf '[Desktop Entry]\nType=Application\nName=it\nExec=sh -c "echo opened by its program: %%f >/mnt/home/said"\nMimeType=text/plain;\n' >share/applications/it.desktop
printf '[Default Applications]\ntext/plain=it.desktop\n' >share/applications/mimeapps.list
echo from an archive >text.txt
tar cf in.tar text.txt
dbus-run-session -- sh -c '
	gio mount archive://file%253A%252F%252F%252Fmnt%252Fhome%252Fin.tar
	gio cat archive://file%253A%252F%252F%252Fmnt%252Fhome%252Fin.tar/text.txt
	gio open text.txt
	until [ -s said ]; do sleep 0.1; done' 2>log
cat said
