#!/bin/bash
# What Debian's packages do as they are removed, in a root of its own (tests/e2e/command/system.bash):
# the library of one architecture may go while that of another stays.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/system.bash"
triplet=$(gcc -print-multiarch)
other="other-linux-gnu" # of a word size or a processor that this machine has not
conf=$R/etc/fdfence.conf cache=$R/etc/fdfence.cache
for program in dash rm; do put "$program"; done
script() { # prerm|postrm triplet argument: as dpkg starts it
	sed "s/#DEB_HOST_MULTIARCH#/$2/g" "$root/debian/libfdfence.$1" >"$R/tmp/script"
	chroot "$R" /usr/bin/sh /tmp/script "$3" 2>&1
	echo "= $?"
}
library_of() { # triplet
	install -D -m 644 "$SHIM" "$R/usr/lib/$1/fdfence/libfdfence.so"
	[ "$1" = "$triplet" ] || printf '\177\177' | dd of="$R/usr/lib/$1/fdfence/libfdfence.so" bs=1 seek=18 conv=notrunc status=none # e_machine
	install -D -m 755 "$B/fdfence-rescue" "$R/usr/lib/$1/fdfence/fdfence-rescue"
}
L=/usr/lib/$triplet/fdfence
mv "$R/usr/bin/dash" "$R/usr/bin/sh"
echo 'set MODE=report' >"$conf"
library_of "$triplet"
library_of "$other"
fsystem enable >/dev/null
# shellcheck disable=SC2016 # ld.so's
name='/usr/$LIB/fdfence/libfdfence.so'
t_is 'both are there: enabled by one name' "$(cat "$P")" "$name"
t_like "another's is removed: it says for whom the fence ends" "$(script prerm "$other" remove)" \
	"^fdfence: .*stays in /etc/ld.so.preload; programs that would load /usr/lib/$other/fdfence/libfdfence.so start without the fence.*= 0$"
t_is '... for the machine it stays' "$(cat "$P")" "$name"
rm -r "$R/usr/lib/$other"
t_is "... purged" "$(script postrm "$other" purge)" '= 0'
t_ok '... the settings stay in force' test -s "$cache"
t_like '... all is well' "$(fsystem status)" '= 0$'

library_of "$other"
echo "/usr/lib/$other/fdfence/libfdfence.so" >"$P"
t_like "the machine's is removed, and is not what is enabled" "$(script prerm "$triplet" remove)" '= 0$'
t_ok '... which stays' test -e "$P"
echo "$name" >"$P"
t_like "the machine's is removed: disabled" "$(script prerm "$triplet" remove)" '^disabled: .*= 0$'
t_ok '... before it is gone' test ! -e "$P"
rm -r "$R/usr/lib/$triplet"
t_is "... purged while another's is there" "$(script postrm "$triplet" purge)" '= 0'
t_ok '... the settings stay in force' test -s "$cache"
echo "$name" >"$P" # of which the loader of this machine has none
t_like "the last one, another's, is removed: disabled" "$(script prerm "$other" remove)" 'disabled: .*= 0$'
rm -r "$R/usr/lib/$other"
t_is '... and is not purged' "$(script postrm "$other" remove)" '= 0'
t_ok '... the settings stay' test -s "$cache"
t_is '... and is purged' "$(script postrm "$other" purge)" '= 0'
t_ok '... nothing of ours is left' test ! -e "$cache"
t_ok "... but the administrator's" test -s "$conf"
t_done
