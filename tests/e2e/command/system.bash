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
	chmod 755 "$R$L"
	rm -f "$P"
}
fresh
# Libraries that not every program could load, or that others could change: each is there once, for
# CHECK NAME REGEX, of what is said of it; behind that all is fresh.
each_unfit_library() { # CHECK
	chmod 664 "$R$L/libfdfence.so"
	"$1" 'a library that others may write' "$L/libfdfence.so: expected root as its owner .* mode 0664"
	chown 65534 "$R$L/libfdfence.so"
	"$1" 'a library of another user' "$L/libfdfence.so: expected root as its owner .* user 65534 "
	chmod 600 "$R$L/libfdfence.so"
	"$1" 'a library that only root may read' "$L/libfdfence.so: expected a file that every program may read.* mode 0600"
	chmod 777 "$R$L"
	"$1" 'a folder that others may write' "$L: expected root as its owner .* mode 0777"
	chmod 700 "$R$L"
	"$1" 'a folder that only root may search' "$L: expected a folder that every program may search.* mode 0700"
	cp "$0" "$R$L/libfdfence.so"
	"$1" 'a library that is a text' "$L/libfdfence.so: it is no shared object"
	head -c 5000 "$SHIM" >"$R$L/libfdfence.so"
	"$1" 'a library that was cut' "$L/libfdfence.so: its end is missing"
	rm "$R$L/libfdfence.so"
	"$1" 'a library that is not there' "$L/libfdfence.so: No such file"
	if [ -e "$SHIM32" ]; then
		install -m 644 "$SHIM32" "$R$L/libfdfence.so"
		"$1" 'a library of another word size' "$L/libfdfence.so: it is of another processor than this program"
	else
		t_skip 'a library of another word size' 'no 32-bit library here'
	fi
}
fsystem() {
	timeout -k 5 60 "$F" system --root "$R" --library "$L/libfdfence.so" "$@" 2>&1
	echo "= $?"
}
inside() {
	chroot "$R" "$@" 2>&1
	echo "= $?"
}
leak="exec 9</bin/sh; sh -c ': <&9' && echo leaked"
