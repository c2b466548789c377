#!/bin/bash
# limit: 120
# What a word that anybody can write excuses: pipes, fifos and files open for reading that anyone
# may read and reach.  Every other kind of descriptor is sealed, however it is named.
. "$(dirname "$0")/../lib.sh"
kinds=$H/kinds
mkfifo "$T/fifo"
mkdir -m 755 "$T/public"
mkdir -m 700 "$T/private"
for dir in public private; do
	echo text >"$T/$dir/file"
	chmod 644 "$T/$dir/file"
done
echo text >"$T/public/group"
chmod 640 "$T/public/group"
chmod 755 "$T"
disk=$(find /dev -type b -print -quit)

# Number 3 crosses with this kind when it is named in each generic way: yes, no, or why it cannot be had.
crosses() { # kind
	local kind=$1 out some='' all=yes
	for how in /dev/fd/3 /proc/self/fd/3/../x --some-fd=3 X_FD=3; do
		case $how in
		X_FD=3) out=$(spawn -e LD_PRELOAD="$SHIM" -e X_FD=3 "$kinds" "$kind" "$H/fdlist" 2>&1) ;;
		*) out=$(spawn -e LD_PRELOAD="$SHIM" "$kinds" "$kind" "$H/fdlist" 3 "$how" 2>&1) ;;
		esac
		[ $? -ne 77 ] || {
			echo "$out"
			return
		}
		if grep -q '^3 ' <<<"$out"; then some=yes; else all=no; fi
	done
	[ "$all" = yes ] && echo yes || echo "${some:+partly}${some:-no}"
}
# What each kind is without a word that names it: sealed, so that the words are what is tested.
unnamed() { # kind
	spawn -e LD_PRELOAD="$SHIM" "$kinds" "$1" "$H/fdlist" 2>&1 | grep -c '^3 '
}
judge() { # name expected kind
	local got
	t_wants "$1" || return 0
	got=$(crosses "$3")
	case $got in
	yes | no | partly) t_is "$1" "unnamed $(unnamed "$3"), named $got" "unnamed 0, named $2" ;;
	*) t_skip "$1" "$got" ;;
	esac
}
while read -r kind; do
	case $kind in
	pipe-*) judge "$kind: excused" yes "$kind" ;;
	*) judge "$kind: not excused" no "$kind" ;;
	esac
done < <("$kinds" --list)
judge 'a fifo: excused' yes "$T/fifo"
judge 'a file that anyone may read: excused' yes "$T/public/file"
judge 'a file that others may not read: not excused' no "$T/public/group"
judge 'a file in a directory that is private: not excused' no "$T/private/file"
[ -z "$disk" ] || judge 'a block device: not excused' no "$disk"

t_done
