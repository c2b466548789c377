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
	fresh
}
each_unfit_library unit_with

t_like 'a log whose name anybody may take' "$(fsystem unit demo --log @fence)" 'LOG=@fence: whoever takes that name .*= 125$'
t_ok '... no drop-in' test ! -e "$dropins"

# ---- names, and what systemd reads of a file ----
unit_of() { # folder name line...: a service there, or a drop-in
	mkdir -p "$R/$1"
	echo '[Service]' >"$R/$1/$2"
	[[ $2 != *.service ]] || echo 'ExecStart=/bin/true' >>"$R/$1/$2"
	printf '%s\n' "${@:3}" >>"$R/$1/$2"
}
unit_of usr/lib/systemd/system ssh.service
unit_of usr/lib/systemd/system getty@.service
ln -s /usr/lib/systemd/system/ssh.service "$units/sshd.service"
ln -s /usr/lib/systemd/system/getty@.service "$units/autovt@.service"
ln -s /usr/lib/systemd/system/getty@.service "$units/getty@tty2.service"
t_like 'another name of a service is refused, and the name is told' "$(fsystem unit sshd)" 'fdfence: sshd.service: is another name of ssh.service: fdfence system unit ssh.service'$'\n''= 125$'
t_ok '... no drop-in of that name' test ! -e "$units/sshd.service.d"
t_like '... of an instance, too' "$(fsystem unit autovt@tty1)" 'is another name of getty@tty1.service: .*= 125$'
t_like '... which goes by its own' "$(fsystem unit getty@tty1)" 'wrote .*= 0$'
t_like '... be it a link to the template' "$(fsystem unit getty@tty2)" 'wrote .*= 0$'
unit_of "etc/systemd/system/ssh.service.d" 60.conf 'Environment='
t_like 'a drop-in of the name itself' "$(fsystem unit ssh)" 'ssh.service.d/60.conf: an empty Environment= .*= 125$'
mv "$units/ssh.service.d" "$units/sshd.service.d"
t_like '... and of another name of it' "$(fsystem unit ssh)" 'sshd.service.d/60.conf: an empty Environment= .*= 125$'
mv "$units/sshd.service.d" "$units/autovt@.service.d"
t_like '... of a template' "$(fsystem unit getty@tty1)" 'autovt@.service.d/60.conf: an empty Environment= .*= 125$'
rm -r "$units/autovt@.service.d"
t_like '... none: well' "$(fsystem unit ssh)" 'wrote .*= 0$'
mkdir -p "$R/opt/of-theirs"
mv "$R/usr/lib/systemd/system/ssh.service" "$R/opt/of-theirs/other.service"
ln -sf /opt/of-theirs/other.service "$units/sshd.service"
t_like 'a link to elsewhere is a service' "$(fsystem unit sshd)" 'wrote .*= 0$'
for folder in /run/systemd/generator.late /run/systemd/generator /run/systemd/transient /etc/systemd/system.control; do
	unit_of "$folder" made.service
	t_like "a service in $folder" "$(fsystem unit made)" '(wrote|replaced) .*= 0$'
	rm "$R$folder/made.service"
done

text() { # line...: a drop-in that has them, behind ours
	unit_of etc/systemd/system/demo.service.d 90-x.conf "$@"
	fsystem unit demo
	rm -r "$dropins"
}
holds() { # as systemd itself says: does the drop-in hold beside that one?
	timeout 30 setpriv --reuid 65534 --regid 65534 --clear-groups env -i XDG_RUNTIME_DIR="$T/run" HOME="$T/run" \
		SYSTEMD_UNIT_PATH="$units:" /lib/systemd/systemd --test --user --unit=demo.service 2>&1 |
		grep -qaF "Environment: LD_PRELOAD=$L/libfdfence.so" && echo holds || echo 'does not hold'
}
install -d -o 65534 "$T/run"
fsystem unit demo >/dev/null
asked=$(holds)
rm -r "$dropins"
of_systemd() { # line...: what we say of them is what systemd does
	local said=holds really
	! grep -q '= 125$' <<<"$(text "$@")" || said='does not hold'
	t_is "what is said of ${*@Q}" "$said" "$expected"
	if [ "$asked" = holds ]; then
		fsystem unit demo >/dev/null
		unit_of etc/systemd/system/demo.service.d 90-x.conf "$@"
		really=$(holds)
		rm -r "$dropins"
		t_is "... is what systemd does: ${*@Q}" "$really" "$expected"
	else
		t_skip "... is what systemd does: ${*@Q}" 'no systemd here that tells'
	fi
}
# shellcheck disable=SC1003 # a backslash, for the end of a line
b='\'
expected='does not hold'
of_systemd "Environment= $b" ''
of_systemd "Environment=$b" '# why' '  '
of_systemd $'Environment\t=\t'
of_systemd "# a comment does not go on $b" 'Environment='
of_systemd "Environment=A=1 $b" '; one' ' LD_PRELOAD=/x.so'
expected=holds
of_systemd '# once LD_PRELOAD=/x.so' ' ; LD_PRELOAD' 'Environment=A=1'
of_systemd '[Unit]' 'Description=no LD_PRELOAD, no FDFENCE_MODE'
of_systemd '[X-Ours]' 'Environment='
of_systemd "Environment=A=1 $b" '# LD_PRELOAD=/x.so' ' B=2'
of_systemd "Environment=A=1 $b" '' 'NotEnvironment='
of_systemd "Environment=A=$b$b" 'B=2'

# ---- a service that would not get at the library, or the log ----
kept() { # regex line...: refused with them
	t_like "a service with ${*:2}" "$(text "${@:2}")" "90-x.conf: $1.*= 125$"
}
let_through() { # line...
	t_like "... and goes on with $*" "$(text "$@")" '^wrote .*= 0$'
}
kept 'RootDirectory=/srv/jail: the service has a root of its own' RootDirectory=/srv/jail
kept 'RootImage=/srv/x.raw: the service has a root' RootImage=/srv/x.raw
let_through RootDirectory=/ RootImage=
kept "InaccessiblePaths=/srv -/usr/lib: keeps $L/libfdfence.so from" 'InaccessiblePaths=/srv -/usr/lib'
kept 'TemporaryFileSystem=/usr:ro: keeps' TemporaryFileSystem=/usr:ro
kept 'NoExecPaths=/: keeps .*, and set ExecPaths=' NoExecPaths=/
kept 'TemporaryFileSystem=/usr: keeps .*, and set BindReadOnlyPaths=' TemporaryFileSystem=/usr "ExecPaths=$L"
kept "InaccessiblePaths=/usr/lib: keeps .*: take that out there" InaccessiblePaths=/usr/lib "BindReadOnlyPaths=$L"
let_through TemporaryFileSystem=/usr:ro "BindReadOnlyPaths=/x:$L"
let_through NoExecPaths=/ "ExecPaths=/bin/true $L"
let_through InaccessiblePaths=/usr/lib/fdfenc TemporaryFileSystem=/var ProtectHome=yes ProtectSystem=strict
fence_log=/var/log/fdfence/x.jsonl
text() {
	unit_of etc/systemd/system/demo.service.d 90-x.conf "$@"
	fsystem unit demo --mode report --log $fence_log
	rm -r "$dropins"
}
for line in ProtectSystem=strict DynamicUser=yes ReadOnlyPaths=/var; do
	kept "$line: keeps the service from writing /var/log/fdfence/x.jsonl, .*ReadWritePaths=/var/log/fdfence there" "$line"
	let_through "$line" ReadWritePaths=-/var/log/fdfence/
	let_through "$line" 'LogsDirectory=a fdfence'
done
kept 'TemporaryFileSystem=/var: keeps the service from writing .*, and set BindPaths=/var/log/fdfence there' \
	TemporaryFileSystem=/var ReadWritePaths=-/var/log/fdfence/
let_through TemporaryFileSystem=/var BindPaths=/var/log/fdfence
let_through TemporaryFileSystem=/var 'LogsDirectory=a fdfence'
kept 'InaccessiblePaths=/var/log: keeps the service from writing .*, or take that out there' \
	InaccessiblePaths=/var/log BindPaths=/var/log/fdfence 'LogsDirectory=a fdfence'
kept 'BindReadOnlyPaths=/var/log: keeps' BindReadOnlyPaths=/var/log
kept 'ReadOnlyPaths=/var/log/fdfence: keeps .*take that out' ReadWritePaths=/var/log/fdfence ReadOnlyPaths=/var/log/fdfence
let_through ProtectSystem=full DynamicUser=no ReadOnlyPaths=/var/lib
fence_log=/tmp/x.jsonl
kept 'PrivateTmp=yes: keeps .*BindPaths=/tmp there' PrivateTmp=yes ReadWritePaths=/tmp
let_through PrivateTmp=yes BindPaths=/tmp
let_through PrivateTmp=off ProtectHome=yes
fence_log=/home/x.jsonl
kept 'ProtectHome=true: keeps .*take that out' ProtectHome=true BindPaths=/home
kept 'ProtectHome=tmpfs: keeps .*BindPaths=/home there' ProtectHome=tmpfs
kept 'ProtectHome=read-only: keeps' ProtectHome=read-only

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
