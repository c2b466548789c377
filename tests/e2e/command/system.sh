#!/bin/bash
# fdfence system, in a root of its own (tests/e2e/command/system.bash).
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/system.bash"

# ---- enable, disable, status ----
t_is 'status: not enabled' "$(fsystem status)" $'not enabled\n= 1'
enabled=$(fsystem enable)
t_like 'enable starts a shell, which is sealed' "$enabled" 'ok +/bin/sh: what it starts is sealed'
t_like '... a static program' "$enabled" "ok +$L/fdfence-rescue: static"
t_like '... systemctl' "$enabled" 'ok +/usr/bin/systemctl --version'
t_like '... one program of each loader' "$enabled" 'ok +/usr/bin/[a-z]*: loads the library \(/lib64/ld-linux-x86-64.so.2\)'
t_like '... and says what is not there' "$enabled" 'skipped +/usr/bin/sudo -V: not there'
if grep -q 'skipped *set-user-ID programs' <<<"$enabled"; then
	t_skip '... and a set-user-ID program' 'no overlay can be mounted here'
else
	t_like '... and a set-user-ID program' "$enabled" 'ok +/usr/bin/su --version, as user 65534'
fi
t_like '... and says how to end it' "$enabled" "disable,.*$L/fdfence-rescue"$'\n= 0$'
t_is 'the file names the library' "$(cat "$P")" "$L/libfdfence.so"
t_is '... for all to read' "$(stat -c '%a %u:%g' "$P")" '644 0:0'
t_is '... and nothing is beside it' "$(ls -A "$R/etc")" ld.so.preload
t_like 'what starts there is fenced' "$(FDFENCE_INTENT=none inside sh -c "$leak")" 'sh: 1: 9: Bad file descriptor'
t_is 'status: enabled' "$(fsystem status)" "enabled: $L/libfdfence.so"$'\n= 0'
t_like 'enable again' "$(fsystem enable)" '= 0$'
without() { # what is denied...
	"$H/within" "${@/#/deny=}" -- "$F" system --root "$R" --library "$L/libfdfence.so" enable 2>&1
	echo "= $?"
}
t_like '... where wait4 is denied' "$(without wait4:EPERM)" 'ok +/bin/sh: what it starts is sealed.*= 0$'
t_like '... but not where no child can be waited for' "$(without wait4:EPERM waitid:EPERM)" \
	'/bin/sh: .*it cannot be waited for: Operation not permitted.*= 125$'
t_is '... names it once' "$(cat "$P")" "$L/libfdfence.so"
t_like 'disable' "$(fsystem disable)" "^disabled: $L/libfdfence.so is no longer"
t_is '... takes the file away, which has nothing else' "$(ls -A "$R/etc")" ''
t_like 'disable again' "$(fsystem disable)" $'does not name the library: nothing was changed\n= 0'
t_is 'what starts there is not fenced any more' "$(FDFENCE_INTENT=none inside sh -c "$leak")" $'leaked\n= 0'

# Anybody may lock a folder.
exec 8<"$R/etc"
flock 8
t_like 'a lock of others on /etc holds nothing up' "$(fsystem disable 8<&-)" '= 0$'
exec 8<&-
if chroot --userspec=65534:65534 / test -x "$F"; then
	t_is 'who is not root hears so' "$(chroot --userspec=65534:65534 / "$F" system disable 2>&1)" \
		'fdfence: system disable: only root may change files of the system'
else
	t_skip 'who is not root hears so' 'the build is out of the reach of others'
fi

# ---- what others wrote there ----
others=$'# ours: /usr/lib/libfdfence.so\n\n/lib/one.so  /lib/two.so:/lib/three.so # why\n'
printf '%s' "$others" >"$P"
chown 0:12 "$P"
for lib in one two three; do
	mkdir -p "$R/lib" && echo 'int x;' | gcc -shared -fPIC -nostdlib -xc - -o "$R/lib/$lib.so"
done
t_like 'enable beside the lines of others' "$(fsystem enable)" '= 0$'
t_is '... keeps them' "$(cat "$P")" "$others$L/libfdfence.so"
t_is '... and owner and mode' "$(stat -c '%a %u:%g' "$P")" '644 0:12'
t_like 'disable' "$(fsystem disable)" '= 0$'
t_ok '... leaves every byte of theirs' cmp "$P" - <<<"${others%$'\n'}"
printf '/lib/one.so:/opt/old/libfdfence.so.1 /lib/two.so' >"$P"
t_like 'enable in the place of an older name' "$(fsystem enable)" '= 0$'
t_is '... whose neighbours stay' "$(cat "$P")" "/lib/one.so: /lib/two.so"$'\n'"$L/libfdfence.so"
if command -v strace >/dev/null && strace -o /dev/null true 2>/dev/null; then
	strace -o "$T/calls" -e trace=openat,fsync,rename,unlink,write "$F" system --root "$R" disable >/dev/null
	t_is 'the new text is on the disk before it has the name, and the name before all is said' \
		"$(sed -n '/\.ld\.so\.preload\.fdfence.*O_CREAT/,$p' "$T/calls" | sed 's/(.*//; /^+++/d' | tr '\n' ' ')" \
		'openat write fsync rename openat fsync write '
else
	t_skip 'the new text is on the disk before it has the name' 'no strace here'
fi
rm "$P"
ln -s elsewhere "$P"
t_like 'a symbolic link is refused' "$(fsystem enable)" "/etc/ld.so.preload: is a symbolic link.*"$'\n= 125$'
t_is '... and stays' "$(readlink "$P")" elsewhere
fresh

# ---- what the machine would not survive ----
refused() { # name regex
	local said
	printf '/lib/one.so\n' >"$P"
	said=$(fsystem enable)
	t_like "$1: refused" "$said" "$2"
	t_like '... with its status' "$said" '= 125$'
	t_is '... and nothing is changed' "$(cat "$P") $(ls -A "$R/etc")" '/lib/one.so ld.so.preload'
	fresh
}
printf '/lib/one.so\n' >"$P"
t_like "another's line that is broken is not held against the library" "$(fsystem enable)" '= 0$'
t_is '... and stays' "$(cat "$P")" $'/lib/one.so\n'"$L/libfdfence.so"
fresh
size=$(stat -c %s "$SHIM")
for bytes in 0 5000 65536 $((size - 1)); do
	[ "$bytes" -lt "$size" ] || continue
	head -c "$bytes" "$SHIM" >"$R$L/libfdfence.so"
	refused "a library of $bytes bytes" "/libfdfence.so: it( is no shared object|s end is missing)"
done
if [ "$(head -c 5 "$SHIM" | tail -c 1)" = $'\2' ]; then
	# p_offset and p_filesz of the first segment, e_shoff of the header
	at() { # byte what
		printf %b "$2" | dd of="$R$L/libfdfence.so" bs=1 seek="$1" conv=notrunc status=none
	}
	at 72 '\x00\xf0\xff\xff\xff\xff\xff\xff'
	at 96 '\x10\x10\x00\x00\x00\x00\x00\x00'
	refused 'a library whose segment ends behind all numbers' "/libfdfence.so: its end is missing"
	at 40 '\xf0\xff\xff\xff\xff\xff\xff\xff'
	refused 'a library whose sections do' "/libfdfence.so: its end is missing"
else
	t_skip 'a library whose segment ends behind all numbers' 'no number of this class is that large'
fi
each_unfit_library refused
rm "$R$L/fdfence-rescue"
refused 'a system without the helper' "$L/fdfence-rescue: No such file or directory: it is what ends this"
gcc -shared -fPIC -nostdlib -xc - -o "$R$L/libfdfence.so" <<<'__attribute__((constructor)) static void c(void) { __builtin_trap(); }'
refused 'a library that ends what loads it' 'FAILED +/bin/sh: killed by signal'
gcc -shared -fPIC -nostdlib -xc - -o "$R$L/libfdfence.so" <<<'int x;'
refused 'a library that seals nothing' 'FAILED +/bin/sh: what it starts is not sealed'

# ---- programs of other kinds ----
if [ -e "$H/musl/fdlist" ]; then
	install "$H/musl/fdlist" "$R/usr/bin/of-musl"
	install /lib/ld-musl-x86_64.so.1 "$R/lib"
	t_like 'programs of musl are named: they stay without the fence' "$(fsystem enable)" \
		'skipped +programs of /lib/ld-musl-x86_64.so.1: it reads no /etc/ld.so.preload.*= 0$'
	rm "$R/usr/bin/of-musl"
	fresh
else
	t_skip 'programs of musl are named' 'no musl-gcc'
fi
if [ -e "$SHIM32" ] && "$H/m32/fdlist" >/dev/null 2>&1; then
	put "$H/m32/fdlist" of-i386
	refused 'a system with programs of i386, and no library for them' \
		'FAILED +/usr/bin/of-i386: loads the library \(/lib/ld-linux.so.2\): ERROR: .*wrong ELF class: ELFCLASS64'
	install -D -m 644 "$SHIM" "$R/usr/lib/x86_64-linux-gnu/fdfence/libfdfence.so"
	install -D -m 755 "$B/fdfence-rescue" "$R/usr/lib/x86_64-linux-gnu/fdfence/fdfence-rescue"
	# The loader of Debian's i386, and that of amd64's lib32.
	install -D -m 644 "$SHIM32" "$R/usr/lib/i386-linux-gnu/fdfence/libfdfence.so"
	install -D -m 644 "$SHIM32" "$R/usr/lib32/fdfence/libfdfence.so"
	L=/usr/lib/x86_64-linux-gnu/fdfence
	t_like '... with one for each' "$(fsystem enable)" 'ok +/usr/bin/of-i386: loads the library.*= 0$'
	# shellcheck disable=SC2016 # ld.so's
	t_is '... by one name' "$(cat "$P")" '/usr/$LIB/fdfence/libfdfence.so'
	t_like '... of which the status knows' "$(fsystem status)" '= 0$'
	head -c 9000 "$SHIM32" >"$R/usr/lib/i386-linux-gnu/fdfence/libfdfence.so"
	t_like '... and says which one is cut' "$(fsystem status)" '/usr/lib/i386-linux-gnu/fdfence/libfdfence.so: its end is missing.*= 125$'
	install -m 644 "$SHIM32" "$R/usr/lib/i386-linux-gnu/fdfence/libfdfence.so"
	head -c 9000 "$SHIM32" >"$R/usr/lib32/fdfence/libfdfence.so"
	t_like '... wherever it lies' "$(fsystem status)" '/usr/lib32/fdfence/libfdfence.so: its end is missing.*= 125$'
	L=/usr/lib/fdfence
	rm "$R/usr/bin/of-i386"
	fresh
else
	t_skip 'programs of i386' 'this machine runs none'
fi

# ---- when it is too late ----
late() { # name: enabled, and then the library is no good
	fsystem enable >/dev/null
	"${@:2}"
	t_like "$1: status says so" "$(fsystem status)" "= 125$"
}
cut_short() { head -c 5000 "$SHIM" >"$R$L/libfdfence.so"; }
late 'a library that was cut afterwards' cut_short
t_like '... ends every program with a bus error' "$(inside true)" '= 135$'
t_is '... but not the helper' "$(inside "$L/fdfence-rescue")" "disabled: $L/libfdfence.so is no longer in /etc/ld.so.preload"$'\n= 0'
t_is '... after which all is well' "$(inside true)" '= 0'
fresh
late 'a library that was removed' rm "$R$L/libfdfence.so"
t_like '... disable' "$(fsystem disable)" '^disabled: .*= 0$'
fresh
if [ -e "$SHIM32" ]; then
	of_another() { install -m 644 "$SHIM32" "$R$L/libfdfence.so"; }
	late 'a library that became one of another processor' of_another
	t_like '... disable' "$(fsystem disable)" '^disabled: .*= 0$'
	fresh
	late '... once more' of_another
	t_is '... the helper' "$(inside "$L/fdfence-rescue" 2>/dev/null)" "disabled: $L/libfdfence.so is no longer in /etc/ld.so.preload"$'\n= 0'
	fresh
else
	t_skip 'a library that became one of another processor' 'no 32-bit library here'
fi
late 'a library that became a text' cp "$0" "$R$L/libfdfence.so"
t_is '... the helper, from outside' "$("$B/fdfence-rescue" "$R")" "disabled: $L/libfdfence.so is no longer in /etc/ld.so.preload"
t_is '... and once more' "$("$B/fdfence-rescue" "$R")" "/etc/ld.so.preload does not name the library: nothing was changed"
t_like 'the helper, asked for what it has not' "$("$B/fdfence-rescue" --no 2>&1; echo "= $?")" '^Usage: .*= 125$'
fresh
fsystem enable >/dev/null
exec 8>"$R/run/fdfence.lock"
flock 8
"$B/fdfence-rescue" "$R" 8<&- >/dev/null &
for ((i = 0; i < 500; i++)); do
	! kill -0 $! 2>/dev/null || grep -q -- "-> FLOCK .* $! " /proc/locks && break
	sleep 0.02
done
t_is 'the helper waits for one of us who changes files' "$(cat "$P" 2>&1)" "$L/libfdfence.so"
exec 8<&-
wait $!
t_ok '... and then goes on' test ! -e "$P"
fresh
ln -s ../usr/bin/sh "$R/sbin/init"
late 'a library that was cut, before a start of the machine' cut_short
# shellcheck disable=SC2016 # for the shell there
t_like '... the helper in the place of init, which then is started' \
	"$(unshare --pid --fork --mount chroot "$R" "$L/fdfence-rescue" -c 'echo "init is $$"; : $(true)' 2>&1)" \
	"disabled: .*"$'\n'"init is 1"
fresh

# ---- settings of the machine ----
conf=$R/etc/fdfence.conf cache=$R/etc/fdfence.cache
run_leak() { inside sh -c "$leak"; }
fsystem enable >/dev/null
t_is 'without settings: the defaults' "$(run_leak) $(ls -A "$R/etc")" $'leaked\n= 0 ld.so.preload'
printf '# ours\nset MODE=seal\nset INTENT=none\nkeep into=true fd=9\n' >"$conf"
mkdir "$R/etc/fdfence.d"
echo 'keep path=/nothing' >"$R/etc/fdfence.d/10-a.rules"
echo 'seal type=file' >"$R/etc/fdfence.d/20-b.rules"
t_like 'status: settings have changed' "$(fsystem status)" 'has changed; fdfence system reload.*= 0$'
t_like 'reload' "$(fsystem reload)" '^/etc/fdfence.conf and /etc/fdfence.d are in force'
t_is '... in the order of the names of files' "$(tr '\0' '\n' <"$cache")" \
	$'FDFENCE_MODE=seal\nFDFENCE_RULES=keep into=true fd=9\n\nkeep path=/nothing\n\nseal type=file\n\nFDFENCE_INTENT=none'
t_is '... for all to read, and for root to write' "$(stat -c '%a %u' "$cache")" '644 0'
t_unlike() { if grep -qE "$3" <<<"$2"; then t_fail "$1" "$2"; else t_pass "$1"; fi; }
t_unlike '... status has nothing more to say' "$(fsystem status)" changed
mv "$cache" "$T/aside" && mkdir "$cache"
t_like '... but where nobody can tell what is in force' "$(fsystem status)" '/etc/fdfence.cache: expected a file .*= 125$'
rmdir "$cache" && mv "$T/aside" "$cache"
t_like '... hold for what starts there' "$(run_leak)" 'sh: 1: 9: Bad file descriptor'
t_like '... a variable goes before' "$(FDFENCE_MODE=off run_leak)" 'leaked'
t_like '... and so do its rules' "$(FDFENCE_RULES='keep fd=9' run_leak)" 'leaked'
t_like '... and behind it they hold' "$(FDFENCE_RULES='keep fd=8' run_leak)" 'sh: 1: 9: Bad file descriptor'
t_like '... not where somebody preloads it by a variable' "$(LD_PRELOAD=$L/libfdfence.so run_leak)" 'leaked'
install -m 4755 "$R/usr/bin/sh" "$R/usr/bin/rootly"
secure() { chroot --userspec=65534:65534 "$R" /usr/bin/rootly -p -c "$leak" 2>&1; }
t_like '... and in secure-execution mode, where no variable does' "$(FDFENCE_MODE=off secure)" 'sh: 1: 9: Bad file descriptor'
chmod 600 "$cache"
t_is '... a program that may not read them goes on without the fence' \
	"$(chroot --userspec=65534:65534 "$R" sh -c "$leak" 2>&1)" 'leaked'
chmod 664 "$cache"
t_like 'what others may write is refused, and said' "$(run_leak)" \
	'fdfence: /etc/fdfence.cache: byte 1: expected a file of root.s, as fdfence system reload writes it; until that is mended'
before=$(cksum <"$cache")
bad_settings() { # name regex: refused, and what was in force stays
	t_like "$1" "$(fsystem reload)" "$2.*= 125$"
	t_is '... what was in force stays' "$(cksum <"$cache")" "$before"
}
chmod 666 "$conf"
bad_settings 'settings that others may write' '/etc/fdfence.conf: expected root as its owner .* mode 0666'
mv "$P" "$T/aside"
t_like '... status says so where it is not enabled' "$(fsystem status)" '/etc/fdfence.conf: expected root as its owner .* mode 0666.*= 1$'
mv "$T/aside" "$P"
chmod 644 "$conf"
chown 12 "$R/etc/fdfence.d/10-a.rules"
bad_settings 'rules of another user' '/etc/fdfence.d/10-a.rules: expected root as its owner .* user 12 '
chown 0 "$R/etc/fdfence.d/10-a.rules"
mkdir "$R/tmp/open" && mv "$conf" "$R/tmp/open" && ln -s ../tmp/open/fdfence.conf "$conf" && chmod 777 "$R/tmp/open"
bad_settings 'settings in a folder of everybody, by a link' '/tmp/open: expected root as its owner .* mode 0777'
mv "$R/tmp/open/fdfence.conf" "$conf"
for place in "$conf" "$R/etc/fdfence.d"; do
	mv "$place" "$T/aside" && ln -s /mnt/not-mounted "$place"
	bad_settings "${place##*/}, a link that leads nowhere" "/etc/${place##*/}: No such file"
	rm "$place" && mv "$T/aside" "$place"
done
yes '# a comment stays where it is' | head -c 113k | sed 's/^#/keep path=/' >"$R/etc/fdfence.d/30-c.rules"
bad_settings 'settings for which programs have no room' 'fdfence: settings /etc/fdfence.d/30-c.rules: longer than the 114688 bytes that fit'
rm "$R/etc/fdfence.d/30-c.rules"
echo 'kep fd=3' >>"$R/etc/fdfence.d/20-b.rules"
bad_settings 'a rule that is none' '/etc/fdfence.d/20-b.rules:2:1: expected a verdict'
t_like '... nor is anything enabled with it' "$(fsystem disable >/dev/null; fsystem enable)" '20-b.rules:2:1: .*= 125$'
t_ok '... nothing is named' test ! -e "$P"
echo 'set LOG_WHAT=loud' >"$R/etc/fdfence.d/20-b.rules"
bad_settings 'a setting that is none' '/etc/fdfence.d/20-b.rules:1: set LOG_WHAT .loud.: at character 1: expected leaks or all'
rm "$R/etc/fdfence.d/20-b.rules"
mkdir "$R/etc/.ld.so.preload.fdfence" # in the way of the last step
t_like 'enable, whose last step fails' "$(fsystem enable)" '\.ld\.so\.preload\.fdfence: File exists; .*= 125$'
t_is '... what was in force stays' "$(cksum <"$cache")" "$before"
rm "$cache"
t_like '... and where nothing was' "$(fsystem enable)" '= 125$'
t_ok '... nothing is' test ! -e "$cache"
rmdir "$R/etc/.ld.so.preload.fdfence"
rm -r "$conf" "$R/etc/fdfence.d"
t_like 'reload without files' "$(FDFENCE_MODE=report fsystem reload)" '^settings are the defaults'
t_ok '... leaves none' test ! -e "$cache"
rm "$R/usr/bin/rootly"
fresh

# ---- the command line ----
t_is 'no action' "$("$F" system 2>&1; echo "= $?")" \
	$'fdfence: system: expected enable, disable, status, reload or unit behind the options; fdfence system --help\n= 125'
t_like 'an action that is none' "$(fsystem on)" "system 'on': expected enable, disable, status, reload or unit.*= 125"
t_like 'a word too many' "$(fsystem enable now)" "system enable: expected nothing behind it.*= 125"
t_like 'settings are for a unit' "$(fsystem enable --mode report)" "system enable: only a unit has settings.*= 125"
t_like 'options may stand behind the action' "$("$F" system status --root "$R")" '^not enabled$'
t_like 'a root that is not there' "$("$F" system status --root "$T/none" 2>&1)" "--root $T/none: No such file"
t_is 'completion: actions, and options behind one' \
	"$("$F" --complete system '' | grep -v '^-' | cut -f1 | tr '\n' ' ')$("$F" --complete system enable --ro | cut -f1)" \
	'enable disable status reload unit --root'

# ---- a unit ----
units=$R/etc/systemd/system
dropin=$units/demo.service.d/50-fdfence.conf
mkdir -p "$units"
printf '[Service]\nExecStart=/bin/true\n' >"$units/demo.service"
install -D -m 644 "$units/demo.service" "$R/usr/lib/systemd/system/many@.service"
t_like 'unit: a drop-in' "$(fsystem unit demo --profile server --mode report --log /var/log/fence.jsonl)" \
	"^wrote /etc/systemd/system/demo.service.d/50-fdfence.conf"$'\n'"systemctl daemon-reload.*= 0$"
t_is '... with the library and the settings of the profile' "$(grep -v '^#' "$dropin")" \
	"[Service]
Environment=\"LD_PRELOAD=$L/libfdfence.so\"
Environment=\"FDFENCE_MODE=report\"
Environment=\"FDFENCE_RULES=keep exe=nginx into=nginx type=listener # upgrade of the binary: USR2\n\"
Environment=\"FDFENCE_INTENT=act,image\"
Environment=\"FDFENCE_LOG=/var/log/fence.jsonl\""
verify() { SYSTEMD_UNIT_PATH=$units: systemd-analyze verify --man=no demo.service 2>&1 | grep -F demo; }
t_is '... which systemd accepts' "$(verify)" ''
t_like '... replaced' "$(fsystem unit demo.service --rule 'keep path=/srv/100%n/"\x41' --rule 'keep fd=3')" '^replaced '
t_is '... quotes, percents and lines are as they were' "$(grep -c '^Environment="FDFENCE_RULES=' "$dropin") $(verify)" '1 '
t_is "... in systemd's way of quoting" "$(sed -n 's/^Environment="FDFENCE_RULES=\(.*\)"$/\1/p' "$dropin")" \
	'keep path=/srv/100%%n/\"\\x41\nkeep fd=3'
fsystem unit demo --remove >/dev/null
t_like 'unit: a drop-in that cannot be written' "$(trap '' XFSZ; ulimit -f 0; fsystem unit demo)" 'File too large; .*= 125$'
t_ok '... leaves no folder' test ! -e "${dropin%/*}"
fsystem unit demo >/dev/null
echo 'Environment="unended' >>"$dropin"
t_like '(systemd would say so)' "$(verify)" 'demo.service.d/50-fdfence.conf'
t_like 'unit --remove' "$(fsystem unit demo --remove)" '^removed /etc/systemd/system/demo.service.d/50-fdfence.conf'
t_ok '... with its folder' test ! -e "$units/demo.service.d"
echo 'keep fd=7' >"$T/shell.rules"
t_like 'unit: not what the own shell has' "$(FDFENCE_RULES_FILE=$T/shell.rules FDFENCE_RULES='keep fd=8' FDFENCE_MODE=report fsystem unit demo)" '= 0$'
t_is '... is in the drop-in' "$(grep -v '^#' "$dropin")" "[Service]"$'\n'"Environment=\"LD_PRELOAD=$L/libfdfence.so\""
fsystem unit demo --remove >/dev/null
mkdir "${dropin%/*}" && ln -s nowhere "$dropin"
t_like 'unit --remove: a link that leads nowhere' "$(fsystem unit demo --remove)" '50-fdfence.conf: is a symbolic link.*= 125$'
rm -r "${dropin%/*}"
t_like 'unit --remove where there is none' "$(fsystem unit --remove demo)" 'there is none.*= 0$'
t_like 'unit: an instance' "$(fsystem unit many@one)" '= 0$'
t_like 'unit: one that is not there' "$(fsystem unit nosuch)" 'nosuch.service: no such unit in .*= 125$'
printf '[Service]\nEnvironment=LD_PRELOAD=libjemalloc.so.2\n' >"$units/own.service"
t_like 'unit: one that preloads something itself' "$(fsystem unit own)" 'own.service: has LD_PRELOAD itself, .*= 125$'
t_ok '... keeps it' test ! -e "$units/own.service.d"
others_dropin() { # name file line regex: unit a-b@i beside a drop-in of somebody else
	local file=$R/$2
	mkdir -p "${file%/*}" && printf '[Service]\n%s\n' "$3" >"$file"
	t_like "unit: a drop-in $1" "$(fsystem unit a-b@i)" "$4"
	rm -r "${file%/*}" "$units/a-b@i.service.d" 2>/dev/null
}
cp "$units/demo.service" "$units/a-b@.service"
for dir in a-b@i.service a-b@.service a-@i.service a-@.service a-.service service; do
	others_dropin "of $dir" "etc/systemd/system/$dir.d/override.conf" 'Environment=LD_PRELOAD=/x.so' "$dir.d/override.conf: has LD_PRELOAD itself.*= 125$"
done
others_dropin 'before ours' usr/lib/systemd/system/a-b@.service.d/10-x.conf 'Environment=LD_PRELOAD=/x.so' '10-x.conf: has LD_PRELOAD itself.*= 125$'
others_dropin 'that takes the variable away' run/systemd/system/a-b@.service.d/x.conf 'UnsetEnvironment=LD_PRELOAD' 'x.conf: has LD_PRELOAD itself.*= 125$'
others_dropin 'that empties what we set' etc/systemd/system/service.d/x.conf ' Environment = ' 'x.conf: an empty Environment= there .*= 125$'
others_dropin 'that empties what was before us' etc/systemd/system/service.d/10-x.conf 'Environment=' '= 0$'
others_dropin 'of another variable' etc/systemd/system/a-.service.d/x.conf 'Environment=A=1' '= 0$'
others_dropin 'of another unit' etc/systemd/system/a-b.service.d/x.conf 'Environment=LD_PRELOAD=/x.so' '= 0$'
install -D -m 644 /dev/null "$units/a-b@.service.d/x.conf"
others_dropin 'that is masked' usr/lib/systemd/system/a-b@.service.d/x.conf 'Environment=LD_PRELOAD=/x.so' '= 0$'
rm -r "$units/a-b@.service.d"
t_like 'unit: no name' "$(fsystem unit)" 'expected the name of a service.*= 125$'
t_like 'unit: a name that is none' "$(fsystem unit ../x)" "unit '../x': expected the name of a service.*= 125$"
mkdir "$units/demo.service.d"
echo '[Service]' >"$dropin"
for option in '' --remove; do
	# shellcheck disable=SC2086 # no word
	t_like "unit $option: a file of somebody else" "$(fsystem unit demo $option)" 'not written by fdfence system unit: nothing was changed.*= 125$'
	t_is '... stays' "$(cat "$dropin")" '[Service]'
done

t_is "this machine's own file was never touched" "$(cat /etc/ld.so.preload 2>&1)" "$own"
t_done
