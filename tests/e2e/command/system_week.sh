#!/bin/bash
# fdfence system: a week of reports first, then rules, then sealing, as docs/system.md has it.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/system.bash"

conf=$R/etc/fdfence.conf
log=$R/var/log/fdfence.jsonl
install -d "$R/var/log" "$R/etc/fdfence.d"
printf 'set MODE=report\nset INTENT=none\nset LOG=/var/log/fdfence.jsonl\n' >"$conf"
t_like 'report first: enable' "$(fsystem enable)" '= 0$'
mkdir -p "$R/proc"
with_proc() { # command...: a record has the name of a file from there
	# shellcheck disable=SC2016 # for the shell there
	unshare --mount sh -c 'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"' "$R" "$@" 2>&1
}
t_is '... makes the log, for every program to write' "$(stat -c '%a %u %s' "$log")" '622 0 0'
leaks_as() { # user: the records that its leak makes
	local before
	before=$(grep -c . "$log")
	chroot --userspec="$1:$1" "$R" sh -c "$leak" >/dev/null 2>&1
	echo $(($(grep -c . "$log") - before))
}
t_is '... of root' "$(leaks_as 0)" 1
t_is '... and of others' "$(leaks_as 65534)" 1
cp "$log" "$T/log"
t_like 'enable again' "$(fsystem enable)" '= 0$'
t_ok '... writes no leak of its own there' cmp "$log" "$T/log"
fsystem disable >/dev/null
rm "$log"
mv "$R$L/fdfence-rescue" "$T/aside"
t_like 'a trial that fails' "$(fsystem enable)" '= 125$'
t_ok '... makes no log' test ! -e "$log"
mv "$T/aside" "$R$L/fdfence-rescue"
t_like '... nor is there one for status' "$(fsystem enable >/dev/null; rm "$log"; fsystem status)" 'LOG=/var/log/fdfence.jsonl: No such file or directory: fdfence system reload makes it.*= 125$'
bad_log() { # name regex: no action takes it, and it stays
	local was action
	was=$(stat -c '%a %u %s' "$log" 2>&1)
	for action in enable reload status; do
		t_like "$1: $action" "$(fsystem $action)" "LOG=/var/log/fdfence.jsonl: $2.*= 125$"
	done
	t_is '... it stays' "$(stat -c '%a %u %s' "$log" 2>&1)" "$was"
}
install -m 600 /dev/null "$log"
bad_log "a log of root's alone" 'has user 0 and mode 0600, .*: chmod a\+w /var/log/fdfence.jsonl'
echo root:x >"$log" && chmod 666 "$log"
bad_log 'a file of something else' 'holds something else than records'
rm "$log"
for mode in 666 626; do
	install -m $mode /dev/null "$log"
	bad_log "a log that everybody may read, $mode" "has mode 0$mode, so that everybody would read .*chmod o-r /var/log/fdfence.jsonl"
done
rm "$log" && mkfifo "$log" && chmod 666 "$log"
bad_log 'a named pipe that everybody may empty' 'has mode 0666, so that everybody would read '
chmod 622 "$log"
t_like 'a named pipe for root to read will do' "$(fsystem reload)" '= 0$'
rm "$log" && sed -i 's,LOG=.*,LOG=@fence,' "$conf"
t_like 'a name that anybody may take: enable' "$(fsystem enable)" 'LOG=@fence: whoever takes that name .*= 125$'
t_like '... reload' "$(fsystem reload)" 'LOG=@fence: whoever .*= 125$'
t_like '... status' "$(fsystem status)" 'LOG=@fence: whoever .*= 125$'
sed -i 's,LOG=.*,LOG=/var/log/fdfence.jsonl,' "$conf"
ln -s other.jsonl "$log"
bad_log 'a link' 'is neither a file nor a named pipe'
rm "$log" && chmod 1777 "$R/var/log"
bad_log 'a folder of everybody' '/var/log has user 0, group 0 and mode 1777: expected a folder of root'
chmod 700 "$R/var/log"
bad_log 'a folder that others do not get into' '/var/log has mode 0700, .*chmod a\+x /var/log'
chmod 755 "$R/var/log" && chmod 710 "$R/var"
bad_log '... nor into the one above it' '/var has mode 0710, .*chmod a\+x /var'
chmod 755 "$R/var" && chown 1000 "$R/var"
bad_log 'a folder that the owner of the one above it can rename' '/var has user 1000, group 0 and mode 0755: expected a folder of root'
chown 0 "$R/var" && chmod 1777 "$R/var"
bad_log '... or everybody, be it sticky' '/var has user 0, group 0 and mode 1777: expected a folder of root'
chmod 755 "$R/var"
mv "$R/var/log" "$R/var/own" && chown 12 "$R/var/own" && ln -s own "$R/var/log"
bad_log 'a folder of somebody behind a link' '/var/log has user 12, group 0 and mode 0755: expected a folder of root'
install -d -m 700 "$R/var/closed" && chown 0 "$R/var/own" && mv "$R/var/own" "$R/var/closed" && ln -sfn closed/own "$R/var/log"
bad_log '... or on the way of the link' '/var/closed has mode 0700, .*chmod a\+x /var/closed'
rm "$R/var/log" && mv "$R/var/closed/own" "$R/var/log" && rmdir "$R/var/closed"
rm -f "$log"
chown 0:4 "$R/var/log" && chmod 2775 "$R/var/log"
t_like 'a folder of a group of the system will do' "$(fsystem reload)" '= 0$'
rm "$log"
for group in 1234 100; do # of a user; that of all users
	chown 0:$group "$R/var/log"
	bad_log "a folder of group $group" "/var/log has user 0, group $group and mode 2775: expected a folder of root"
done
rmdir "$R/var/log"
bad_log 'no folder' '/var/log: No such file or directory: install -d /var/log'
install -d "$R/var/log"
t_like 'reload makes it, too' "$(fsystem reload)" '= 0$'
t_is '... for every program' "$(stat -c '%a %u' "$log")" '622 0'
t_like '... nothing is sealed' "$(with_proc sh -c "$leak")" 'leaked'
t_is '... what leaked becomes rules' "$("$F" report --gen-rules -o "$R/etc/fdfence.d/meant.rules" "$R/var/log/fdfence.jsonl" 2>&1)" ''
t_like '... a rule each' "$(grep -v '^#' "$R/etc/fdfence.d/meant.rules")" 'keep exe=/usr/bin/sh .*path=/usr/bin/sh'
sed -i 's/MODE=report/MODE=seal/' "$conf"
t_like '... then seal' "$(fsystem reload)" 'are in force.*= 0$'
t_like '... what was meant stays' "$(with_proc sh -c "$leak")" 'leaked'
t_like '... and nothing else' "$(with_proc sh -c "exec 9</etc/fdfence.conf; sh -c ': <&9' && echo leaked")" '9: Bad file descriptor'
t_done
