#!/bin/bash
# fdfence system, where files that count for every program are others' to write, or not everybody's to
# read; in a root of its own (tests/e2e/command/system.bash).
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/system.bash"

for has in 666:0:'nobody else who may write there.* chmod go-w' 664:0:'mode 0664' 644:12:'user 12 ' \
	600:0:'every program may read.*chmod 644 /etc/ld.so.preload' 640:0:'mode 0640: chmod 644'; do
	IFS=: read -r mode user regex <<<"$has"
	echo '# ours' >"$P"
	chmod "$mode" "$P"
	chown "$user" "$P"
	t_like "a file of user $user and mode $mode is refused" "$(fsystem enable)" "/etc/ld.so.preload: expected .*$regex.*nothing was changed.*= 125$"
	t_is '... and stays' "$(cat "$P") $(stat -c '%a:%u' "$P")" "# ours $mode:$user"
	t_like '... status says so' "$(fsystem status)" "not enabled.*= 1$"
	t_like '... and why' "$(fsystem status)" "/etc/ld.so.preload: expected .*$regex"
	fresh
	fsystem enable >/dev/null
	chmod "$mode" "$P"
	chown "$user" "$P"
	t_like '... of what is enabled, too' "$(fsystem status)" "/etc/ld.so.preload: expected .*$regex.*= 125$"
	t_like '... which can be ended' "$(fsystem disable)" '^disabled: .*= 0$'
	fresh
done

cache=$R/etc/fdfence.cache
echo 'set MODE=report' >"$R/etc/fdfence.conf"
fsystem enable >/dev/null
for has in 666:0 600:0 644:12; do
	chmod "${has%:*}" "$cache"
	chown "${has#*:}" "$cache"
	t_like "status: of what has user ${has#*:} and mode ${has%:*}" "$(fsystem status)" '/etc/fdfence.cache: expected .*fdfence system reload writes it anew.*= 125$'
	t_like '... which reload mends' "$(fsystem reload)" '= 0$'
	t_is '... whatever it was' "$(stat -c '%a %u' "$cache")" '644 0'
	t_like '... and then all is well' "$(fsystem status)" '^enabled: [^ ]*'$'\n''= 0$'
done

# Folders above: who does not get to the library runs without it.
fresh
fsystem enable >/dev/null
for has in 700:$L 705:$L 700:/usr/lib; do
	dir=${has#*:}
	chmod "${has%:*}" "$R$dir"
	t_like "a folder to search for root alone, $has" "$(fsystem enable)" "fdfence: $dir: expected a folder that every program may search.* mode 0${has%:*}: chmod a\+x $dir, .*= 125$"
	t_like "... status says so: search $has" "$(fsystem status)" "$dir: expected a folder that every program may search.*enabled: .*= 125$"
	chmod 755 "$R$dir"
done
chmod 711 "$R$L"
t_like 'a folder to search and not to list is enough' "$(fsystem enable)" '= 0$'
chmod 755 "$R$L"

# What root starts: a program of somebody else's leaves a mark where it ran.
fresh
theirs() { # path mode:user regex: enable starts nothing, status says so where it is enabled
	local path=$1 has=$2 regex="$3: expected root as its owner .*"
	rm -f "$R/tmp/ran"
	cp -a "$R$path" "$T/aside"
	printf '#!/bin/sh\n: >/tmp/ran\n' >"$R$path"
	chmod "${has%:*}" "$R$path"
	chown "${has#*:}" "$R$path"
	t_like "$path of mode:user $has is refused" "$(fsystem enable)" "$regex.*= 125$"
	t_ok "... $path is not started" test ! -e "$R/tmp/ran"
	rm "$R$path"
	cp -a "$T/aside" "$R$path"
}
for has in 777:0 755:65534; do
	theirs "$L/fdfence-rescue" $has "$L/fdfence-rescue"
	theirs /usr/bin/systemctl $has /usr/bin/systemctl
done
theirs /usr/bin/su 775:0 /usr/bin/su
fsystem enable >/dev/null
for has in 777:0 755:65534; do
	chmod "${has%:*}" "$R$L/fdfence-rescue"
	chown "${has#*:}" "$R$L/fdfence-rescue"
	t_like "status: of a helper of mode:user $has" "$(fsystem status)" "$L/fdfence-rescue: expected root as its owner .*= 125$"
done
rm "$R$L/fdfence-rescue"
t_like '... and of one that is not there' "$(fsystem status)" "$L/fdfence-rescue: No such file.*= 125$"
fresh
for name in true a b c d e f; do
	[ -e "$R/usr/bin/$name" ] || cp "$R/usr/bin/true" "$R/usr/bin/$name"
	chmod 775 "$R/usr/bin/$name"
done
t_like 'for a loader a program is started that is of root alone' "$(fsystem enable)" 'ok +/usr/bin/(sh|systemctl): loads the library.*= 0$'
fresh
install -D -o 65534 "$(gcc -print-file-name=ld-linux-x86-64.so.2)" "$R/opt/ld-linux-x.so"
gcc -xc - -Wl,--dynamic-linker=/opt/ld-linux-x.so -o "$R/usr/bin/x" <<<'int main(void) { return 0; }'
t_like "... and none for a loader that is somebody else's" "$(fsystem enable)" 'skipped +programs of /opt/ld-linux-x.so: not tried: others than root can change .*= 0$'
rm "$R/usr/bin/x" "$R"/usr/bin/[a-f]
fresh

rm -f "$R/etc/fdfence.conf"
for mode in 777 775; do
	chmod $mode "$R/etc"
	t_like "an /etc of mode $mode, where nothing is yet" "$(fsystem enable)" "fdfence: /etc: expected root as its owner .*= 125$"
done
chmod 755 "$R/etc"

mkdir "$R/etc/fdfence.d"
fsystem enable >/dev/null
t_like 'a folder without rules sets nothing, and is there' "$(fsystem reload)" '^settings are the defaults: /etc/fdfence.conf and /etc/fdfence.d set nothing'
: >"$R/etc/fdfence.conf"
rmdir "$R/etc/fdfence.d"
t_like '... as an empty file' "$(fsystem reload)" '^settings are the defaults: /etc/fdfence.conf and /etc/fdfence.d set nothing'
rm "$R/etc/fdfence.conf"
t_like '... and none is none' "$(fsystem reload)" '^settings are the defaults: there is no /etc/fdfence.conf'
mkdir -m 777 "$R/etc/fdfence.d"
for action in reload enable status; do
	t_like "a folder without rules that anybody may write: $action" "$(fsystem $action)" '/etc/fdfence.d: expected root as its owner .*mode 0777.*= 125$'
done
chmod 755 "$R/etc/fdfence.d"

# ---- what is no setting, and where they hold ----
touch "$R/etc/fdfence.d/20-b.rules.bak" "$R/etc/fdfence.d/.40-d.rules"
for action in reload status; do
	t_is "$action tells what of the folder is left out" "$(fsystem $action | grep -c '^fdfence: /etc/fdfence.d/\(20-b.rules.bak\|.40-d.rules\): left out: ')" 2
done
rm "$R/etc/fdfence.d/20-b.rules.bak" "$R/etc/fdfence.d/.40-d.rules"
printf '# ours\r\nset ON_ERROR=allow \r\nkeep fd=9\r\n' >"$R/etc/fdfence.d/05.rules"
t_like 'lines may end as DOS writes them' "$(fsystem reload; tr '\0' '\n' <"$cache")" $'= 0\nFDFENCE_RULES=keep fd=9.*\nFDFENCE_ON_ERROR=allow$'
echo 'log_what=all' >"$R/etc/fdfence.d/05.rules"
t_like 'a setting without set' "$(fsystem reload)" "/etc/fdfence.d/05.rules:1: expected 'set LOG_WHAT=VALUE'.*= 125$"
printf 'keep fd=9 \\\n  into=true\nLOUD=all\n' >"$R/etc/fdfence.d/05.rules"
t_like 'neither a setting nor a rule' "$(fsystem reload)" "/etc/fdfence.d/05.rules:3: expected 'set NAME=VALUE'.*= 125$"
rm "$R/etc/fdfence.d/05.rules"
mv "$R$L/libfdfence.so" "$T/aside"
t_like 'reload where the library is missing' "$(fsystem reload)" "^fdfence: $L/libfdfence.so: No such file.*fdfence: the settings were taken, .*= 125$"
mv "$T/aside" "$R$L/libfdfence.so"
t_like '... and where it is there' "$(fsystem reload)" '^settings are the defaults.*= 0$'
mv "$P" "$T/aside"
t_like '... and where it is not enabled' "$(fsystem reload)" '^settings are the defaults.*not enabled: .*= 0$'
mv "$T/aside" "$P"

# A file that stays where it is, whatever root says: with a line of others, and without.
for others in '# ours' ''; do
	[ -z "$others" ] || echo "$others" >>"$P"
	before=$(cat "$P")
	if chattr +i "$P" 2>/dev/null; then
		t_like "an immutable file, $others" "$(fsystem disable)" \
			'^fdfence: /etc/ld.so.preload: cannot be replaced or removed: .* immutable .*chattr -ia /etc/ld.so.preload.*= 125$'
		chattr -i "$P"
	else
		t_skip "an immutable file, $others" 'the file system has no such flag'
	fi
	export -f fsystem
	export F R L P
	t_like "a file that something is mounted on, $others" "$(unshare --mount bash -c 'mount --bind "$P" "$P"; fsystem disable')" \
		'^fdfence: /etc/ld.so.preload: cannot be replaced or removed: Device or resource busy.*= 125$'
	t_is "... is as it was, $others" "$(cat "$P") $(find "$R/etc" -name '*preload*' -printf '%f ')" "$before ld.so.preload "
	sed -i '/^#/d' "$P"
done

mkfifo "$R/etc/fdfence.d/40-d.rules"
t_like 'rules that are a named pipe, which nobody writes' "$(fsystem reload)" '/etc/fdfence.d/40-d.rules: expected a file.*= 125$'
t_done
