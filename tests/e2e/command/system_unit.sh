#!/bin/bash
# fdfence system unit, where systemd would not do what the drop-in says; in a root of its own
# (tests/e2e/command/system.bash).
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/system.bash"

units=$R/etc/systemd/system
mkdir -p "$units"
printf '[Service]\nExecStart=/bin/true\n' >"$units/demo.service"
dropins=$units/demo.service.d

beside() { # file line: unit demo beside a file of somebody else that has it; then neither is there
	mkdir -p "$(dirname "$R/$1")"
	printf '[Service]\nExecStart=/bin/true\n%s\n' "$2" >"$R/$1"
	fsystem unit demo --mode seal
	ls "$dropins" 2>&1
	rm -r "$dropins" "$R/usr/lib/systemd" 2>/dev/null
}
t_like 'a drop-in behind ours that sets one of our variables: refused' \
	"$(beside etc/systemd/system/demo.service.d/90-x.conf 'Environment=FDFENCE_MODE=off')" \
	'90-x.conf: has FDFENCE_\* itself, .*= 125'$'\n''90-x.conf$'
t_like '... one that takes it away, before ours too' \
	"$(beside usr/lib/systemd/system/demo.service.d/10-x.conf 'UnsetEnvironment=FDFENCE_LOG')" \
	'10-x.conf: has FDFENCE_\* itself, .*= 125'
t_like '... one before ours is told, and goes on' \
	"$(beside usr/lib/systemd/system/demo.service.d/10-x.conf 'Environment=FDFENCE_MODE=off')" \
	'10-x.conf: has FDFENCE_\* itself, which holds where the drop-in does not .*wrote .*= 0'$'\n''50-fdfence.conf$'
t_is 'none: nothing to tell' "$(beside usr/lib/systemd/system/demo.service.d/10-x.conf 'Environment=A=1' | grep -c FDFENCE)" 0
mkdir "$dropins" && mkfifo "$dropins/x.conf"
t_like 'a named pipe, which nobody writes' "$(fsystem unit demo)" 'demo.service.d/x.conf: expected a file.*= 125$'
rm -r "$dropins"

# The library, which each program of the service has to be able to load, and nobody to change.
unit_with() { # name regex: refused with the library as it is, which then is as installed
	t_like "$1: refused" "$(fsystem unit demo)" "$2.*= 125$"
	t_ok "... no drop-in: $1" test ! -e "$dropins"
	chmod 755 "$R$L"
	fresh
}
chmod 666 "$R$L/libfdfence.so"
unit_with 'a library that anybody may write' "$L/libfdfence.so: expected root as its owner .* mode 0666"
chown 65534 "$R$L/libfdfence.so"
unit_with "a library that is somebody else's" "$L/libfdfence.so: expected root as its owner .* user 65534 "
chmod 600 "$R$L/libfdfence.so"
unit_with 'a library that a service of a user may not read' "$L/libfdfence.so: expected a file that every program may read"
chmod 700 "$R$L"
unit_with 'a library in a folder that it may not search' "$L: expected a folder that every program may search"
cp "$0" "$R$L/libfdfence.so"
unit_with 'a library that is a text' "$L/libfdfence.so: it is no shared object"
head -c 5000 "$SHIM" >"$R$L/libfdfence.so"
unit_with 'a library that was cut' "$L/libfdfence.so: its end is missing"
rm "$R$L/libfdfence.so"
unit_with 'a library that is not there' "$L/libfdfence.so: No such file"
if [ -e "$SHIM32" ]; then
	install -m 644 "$SHIM32" "$R$L/libfdfence.so"
	unit_with 'a library of another word size' "$L/libfdfence.so: it is of another processor"
else
	t_skip 'a library of another word size: refused' 'no 32-bit library here'
fi

mkdir "$R/srv"
ln -s /srv "$dropins"
t_like 'a folder that is a link' "$(fsystem unit demo)" 'demo.service.d: is a symbolic link.*= 125$'
t_is '... is not written through' "$(ls -A "$R/srv")" ''
printf '# Written by `fdfence system unit`, which --remove takes away.\n' >"$R/srv/50-fdfence.conf"
t_like '... --remove' "$(fsystem unit demo --remove)" 'demo.service.d: is a symbolic link.*= 125$'
t_is '... takes nothing away' "$(ls -A "$R/srv")" '50-fdfence.conf'
rm "$dropins"

install -D -m 644 "$units/demo.service" "$R/usr/lib/systemd/system/off.service"
for how in link empty; do
	if [ $how = link ]; then
		mkdir -p "$R/dev" && { [ -e "$R/dev/null" ] || mknod -m 666 "$R/dev/null" c 1 3; }
		ln -s /dev/null "$units/off.service"
	else
		: >"$units/off.service"
	fi
	t_like "a service that is masked ($how)" "$(fsystem unit off)" 'off.service: is masked by /etc/systemd/system/off.service: .*systemctl unmask off.service.*= 125$'
	t_ok '... has no drop-in' test ! -e "$units/off.service.d"
	rm "$units/off.service"
done
t_like '... and one that is no longer' "$(fsystem unit off)" 'wrote .*= 0$'

# ---- the helper as the first process of a container ----
ln -s ../usr/bin/sh "$R/sbin/init"
mkdir -p "$R/proc"
fsystem enable >/dev/null
t_like 'the helper as the first process of a container, whose runtime sets no variable, has its argument' \
	"$(unshare --pid --fork --mount --mount-proc="$R/proc" chroot "$R" "$L/fdfence-rescue" --version 2>&1)" '^fdfence-rescue [0-9.]+$'
t_is '... and does what it is for, and no more' \
	"$(unshare --pid --fork --mount --mount-proc="$R/proc" chroot "$R" "$L/fdfence-rescue" 2>&1)" \
	"disabled: $L/libfdfence.so is no longer in /etc/ld.so.preload"
t_done
