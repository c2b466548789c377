#!/bin/bash
# limit: 1200
# With the shim each libc call answers as without it: the parity programs (tests/helpers/
# parity/) run both ways, and their cases are compared line by line.
. "$(dirname "$0")/../lib.sh"

run() { # where program witness [shim]
	local preload=()
	[ -z "${4:-}" ] || preload=(-e LD_PRELOAD="$4")
	mkdir -p "$1"
	"$H/spawn" -n 1024 -t 600 -d "$1" "${preload[@]}" "$2" "$3" 2>&1 |
		# a child of the other word size says that it cannot load the preload
		sed "s,$1,DIR,g; /^LD_PRELOAD=/d; /^FDFENCE_/d; /cannot be preloaded (wrong ELF class/d"
	return "${PIPESTATUS[0]}"
}

# The lines of one case.
section() { # text name
	awk -v name="$2" '/^== / { on = $2 == name; next } on' <<<"$1"
}

compare() { # libc program witness shim
	local name=$1 control fenced case
	# A case that is asked for with its program needs no other.
	[[ ${FDF_ONLY:-} != *:\ * || $FDF_ONLY = "$name: "* ]] || return 0
	if ! control=$(run "$T/control-$name" "$2" "$3"); then
		t_fail "$name: runs without the shim" "$(tail -n 5 <<<"$control")"
		return
	fi
	fenced=$(run "$T/fenced-$name" "$2" "$3" "$4")
	t_is "$name: runs to its end" $? 0
	while IFS= read -r case; do
		t_is "$name: $case" "$(section "$fenced" "$case")" "$(section "$control" "$case")"
	done < <(sed -n 's/^== //p' <<<"$control")
}

for program in spawn actions exec shell; do
	compare "glibc-$program" "$H/parity/$program" "$H/witness" "$SHIM"
	compare "origins-$program" "$H/parity/$program" "$H/witness" "$B/libfdfence-origins.so:$SHIM"
	for libc in musl m32; do
		helper=$H/$libc/parity/$program
		shim=$SHIM
		[ "$libc" = musl ] || shim=$SHIM32
		if ! [ -x "$helper" ]; then
			t_skip "$libc-$program" "no compiler for it here"
		elif ! "$H/$libc/fdlist" >/dev/null 2>&1; then
			t_skip "$libc-$program" "this kernel runs no such programs"
		else
			compare "$libc-$program" "$helper" "$H/$libc/witness" "$shim"
			[ "$libc" != musl ] ||
				compare "origins-musl-$program" "$helper" "$H/musl/witness" "$B/libfdfence-origins.so:$SHIM"
		fi
	done
done
t_done
