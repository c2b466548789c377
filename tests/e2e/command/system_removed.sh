#!/bin/bash
# What names the library goes before the library does, by whatever way that is removed: the scripts of RPM
# and Alpine, make uninstall (Debian's: system_debian.sh); in a root of its own (tests/e2e/command/system.bash).
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/system.bash"

units=$R/etc/systemd/system
service() { # name: a service with a drop-in of ours
	mkdir -p "$units"
	printf '[Service]\nExecStart=/bin/true\n' >"$units/$1.service"
	fsystem unit "$1" >/dev/null
}
dropin() { echo "$units/$1.service.d/50-fdfence.conf"; } # service
forget() { inside "$L/fdfence-rescue" --forget "$L/libfdfence.so"; }

# ---- the helper ----
t_is 'nothing names it: nothing is said' "$(forget)" '= 0'
fsystem enable >/dev/null
for name in demo i@1 edited linked other; do service "$name"; done
echo "[Unit]" >"$units/demo.service.d/keep.conf"
sed -i "s|=$L/lib|=/usr/lib/one.so:&|; s|one.so:=|one.so:|" "$(dropin edited)"
mv "$(dropin linked)" "$R/srv.conf" && ln -s /srv.conf "$(dropin linked)"
sed -i "s|$L|/opt|" "$(dropin other)"
mkdir "$units/others.service.d" && echo '[Service]' >"$units/others.service.d/50-fdfence.conf"
said=$(forget)
t_like 'it is taken out of the list' "$said" "disabled: $L/libfdfence.so is no longer in /etc/ld.so.preload"
t_ok '... which is gone' test ! -e "$P"
for name in demo i@1; do
	t_like "the drop-in of $name goes, and what is to be done is said" "$said" "removed /etc/systemd/system/$name.service.d/50-fdfence.conf; until systemctl restart $name.service "
	t_ok '... it is gone' test ! -e "$(dropin "$name")"
done
t_is '... what others have beside it stays' "$(ls "$units/demo.service.d")" keep.conf
t_ok '... an empty folder goes' test ! -e "$units/i@1.service.d"
for name in edited linked; do
	t_like "one that is $name is named" "$said" "/etc/systemd/system/$name.service.d/50-fdfence.conf: names $L/libfdfence.so, which is being removed, and is not as"
	t_ok '... and stays' test -e "$(dropin "$name")" -o -L "$(dropin "$name")"
done
t_is 'one of another library stays, and so does what others wrote' "$(grep -c /opt "$(dropin other)") $(cat "$units/others.service.d/50-fdfence.conf")" '1 [Service]'
t_is '... and neither is said' "$(grep -c 'other[s.]' <<<"$said")" 0
t_like '... and all goes well' "$said" '= 0$'
rm -r "$units" "$R/srv.conf"

echo /usr/lib/other/libfdfence.so >"$P"
t_is 'another library that is enabled stays' "$(forget) $(cat "$P")" '= 0 /usr/lib/other/libfdfence.so'
mkdir -p "$R/run/systemd/system"
service demo
t_like 'where systemd runs it is told' "$(forget)" 'removed .*(chroot, ignoring command .daemon-reload|daemon-reload failed).*= 0$'
rm -r "$R/run/systemd" "$units"
fsystem enable >/dev/null
service demo
mkdir "$R/etc/.ld.so.preload.fdfence" # in the way
printf '/lib/one.so\n' >>"$P"
t_like 'what cannot be written fails' "$(forget)" '\.ld\.so\.preload\.fdfence: File exists; .*= 125$'
rmdir "$R/etc/.ld.so.preload.fdfence"
rm -r "$units"
fresh

# ---- Alpine ----
fsystem enable >/dev/null
service demo
install -D "$root/packaging/libfdfence.pre-deinstall" "$R/tmp/script"
t_like "Alpine's: disabled" "$(inside sh /tmp/script)" 'disabled: .*removed .*= 0$'
t_is '... nothing names it any more' "$(grep -rl libfdfence "$R/etc")" ''

# ---- make uninstall ----
# This machine's /etc, in a mount namespace with a copy of its own in that place.
U=$T/usr
uninstall() {
	unshare -m --propagation private bash -c 'mount --bind "$1" /etc && shift && exec "$@"' - "$T/etc" \
		make -s -C "$root" B="$B" PREFIX="$U" LIBDIR="$U/lib/$triplet" uninstall 2>&1
	echo "= $?"
}
triplet=$(gcc -print-multiarch)
if [ "$(realpath /etc)" = /etc ] && cp -a /etc "$T/etc" && unshare -m --propagation private mount --bind "$T/etc" /etc 2>/dev/null; then
	export MAKEFLAGS=
	make -s -C "$root" B="$B" PREFIX="$U" LIBDIR="$U/lib/$triplet" install >/dev/null
	# shellcheck disable=SC2016 # ld.so's
	printf '%s/$LIB/fdfence/libfdfence.so\n' "$U" >"$T/etc/ld.so.preload"
	install -D -m 644 /dev/stdin "$T/etc/systemd/system/demo.service.d/50-fdfence.conf" <<-END
		# Written by \`fdfence system unit\`, which --remove takes away.
		[Service]
		Environment="LD_PRELOAD=$U/lib/$triplet/fdfence/libfdfence.so"
	END
	ln -s nowhere "$T/etc/.ld.so.preload.fdfence.aside"
	chmod 644 "$T/etc/ld.so.preload"
	t_like 'make uninstall takes the name out that enable writes' "$(uninstall)" 'disabled: .*/\$LIB/fdfence/libfdfence.so is no longer.*removed .*= 0$'
	t_is '... and nothing names the library that is gone' \
		"$(grep -rl libfdfence "$T/etc/ld.so.preload" "$T/etc/systemd/system" 2>/dev/null; ls "$U/lib/$triplet/fdfence" 2>/dev/null)" ''
else
	t_skip 'make uninstall' 'no mount namespace can be made here'
fi

# ---- RPM, where $LIB is lib64 and lib ----
if ! command -v rpmspec >/dev/null || [ ! -e "$SHIM32" ] || ! "$H/m32/fdlist" >/dev/null 2>&1; then
	t_skip 'RPM' 'no rpmspec here, or no programs of i386'
	t_done
fi
put "$H/m32/fdlist" of-i386
# Loaders say what their $LIB is in one string; here they become those of Fedora and openSUSE.
says() { # loader from to
	local at
	at=$(LC_ALL=C grep -obUaP "\\x00$2\\x00" "$R$1" | cut -d: -f1)
	[ "$(wc -w <<<"$at")" -eq 1 ] && printf '%s\0' "$3" | dd of="$R$1" bs=1 seek=$((at + 1)) conv=notrunc status=none
}
mv "$R/lib/x86_64-linux-gnu"/* "$R/lib64/"
lib32=lib32
[ -e "$R/lib32" ] || lib32=lib/i386-linux-gnu
if ! says /lib64/ld-linux-x86-64.so.2 lib/x86_64-linux-gnu lib64 || ! says /lib/ld-linux.so.2 $lib32 lib; then
	t_skip 'RPM' "loaders of this machine do not say what \$LIB is in one string"
	t_done
fi
echo /lib64 >"$R/etc/ld.so.conf"
ldconfig -r "$R" 2>/dev/null
rpm_install() { # of x86_64 and i686
	for lib in lib64 lib; do
		install -D -m 755 "$B/fdfence-rescue" "$R/usr/$lib/fdfence/fdfence-rescue"
	done
	install -m 644 "$SHIM" "$R/usr/lib64/fdfence/libfdfence.so"
	install -m 644 "$SHIM32" "$R/usr/lib/fdfence/libfdfence.so"
	rm -f "$P"
	fsystem enable
}
script() { # preun|postun target argument: as rpm starts it
	rpmspec --target "$2" -P "$root/packaging/fdfence.spec" | sed -n "/^%$1 preload/,/^%/{/^%/!p}" >"$R/tmp/script"
	inside sh /tmp/script "$3"
}
L=/usr/lib64/fdfence
said=$(rpm_install)
t_like 'with lib64 and lib programs of both load the library' "$said" 'ok +/usr/bin/of-i386: loads the library.*= 0$'
# shellcheck disable=SC2016 # ld.so's
t_is '... by one name' "$(cat "$P")" '/usr/$LIB/fdfence/libfdfence.so'
t_like '... of which the status knows' "$(fsystem status)" '= 0$'
t_is 'an upgrade changes nothing' "$(script preun x86_64 1) $(script postun x86_64 1) $(wc -l <"$P")" '= 0 = 0 1'
for count in 0 1; do # 1 where the other one is installed: rpm counts packages of one name
	t_like "that of i686 is removed ($count)" "$(script preun i686 $count; rm -r "$R/usr/lib/fdfence"; script postun i686 $count)" \
		'stays in /etc/ld.so.preload; programs that would load /usr/lib/fdfence/libfdfence.so .*= 0$'
	t_ok '... the machine keeps the fence' test -s "$P"
	rpm_install >/dev/null
	t_like "the machine's is removed ($count)" "$(script preun x86_64 $count; rm -r "$R/usr/lib64/fdfence"; script postun x86_64 $count)" 'disabled: .*= 0$'
	t_ok '... and no longer named' test ! -e "$P"
	rpm_install >/dev/null
done
t_done
