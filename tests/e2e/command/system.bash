# system.bash: a root of its own, made of this machine's files, for fdfence system.  Sourced behind lib.sh.
# What is preloaded there is really preloaded there; this machine's own /etc/ld.so.preload is never touched.
# shellcheck shell=bash disable=SC2034,SC2154 # used where it is sourced; of lib.sh
[ "$(id -u)" -eq 0 ] || t_skip_all 'another root is for root'
umask 022
chmod 755 "$T" # nobody has to get there
F=$B/fdfence
R=$T/root
P=$R/etc/ld.so.preload
L=/usr/lib/fdfence
own=$(cat /etc/ld.so.preload 2>&1)

put() { # program [name]: with what it loads
	local file lib
	file=$(type -P "$1")
	install -D "$(realpath "$file")" "$R/usr/bin/${2:-${1##*/}}"
	for lib in $(ldd "$file" 2>/dev/null | grep -oE '/[^ ]+'); do
		[ -e "$R$lib" ] || install -D "$(realpath "$lib")" "$R$lib"
	done
}
mkdir -p "$R"/{etc,run,sbin,usr/bin,tmp}
ln -s usr/bin "$R/bin"
for program in dash true su systemctl; do put "$program"; done
chmod 4755 "$R/usr/bin/su"
mv "$R/usr/bin/dash" "$R/usr/bin/sh"
fresh() { # the library and the helper as they are installed, and no /etc/ld.so.preload
	install -D -m 644 "$SHIM" "$R$L/libfdfence.so.new" && mv "$R$L/libfdfence.so.new" "$R$L/libfdfence.so"
	install -D -m 755 "$B/fdfence-rescue" "$R$L/fdfence-rescue"
	rm -f "$P"
}
fresh
fsystem() {
	timeout -k 5 60 "$F" system --root "$R" --library "$L/libfdfence.so" "$@" 2>&1
	echo "= $?"
}
inside() {
	chroot "$R" "$@" 2>&1
	echo "= $?"
}
leak="exec 9</bin/sh; sh -c ': <&9' && echo leaked"
