#!/bin/bash
# The command lines of README and documents do what is written there.  In a block marked
#
#	```console   each "$ COMMAND" is run, and its output has the shape of what follows it:
#	             numbers and the width of columns may differ
#	```sh        each "fdfence ..." is run, with `true` for CMD and a scratch directory for /var
#	             and /etc; of each "make TARGET" there is a rule
. "$(dirname "$0")/../lib.sh"
F=$B/fdfence
mkdir "$T/bin" "$T/var" && ln -s "$F" "$T/bin/fdfence" && ln -s "$B" "$T/build"

mapfile -t documents < <(cd "$root" && echo README.md && printf '%s\n' docs/*.md; ls CONTRIBUTING.md 2>/dev/null)

# What a run writes (-o FILE) belongs into the scratch directory.
untracked() {
	git -C "$root" status --porcelain --untracked-files=all | grep '^??'
}
! t_tracked || before=$(untracked)

# Blocks of one kind, as "FILE:LINE<TAB>text" a line.
blocks() { # kind
	(cd "$root" && awk -v kind="$1" '
		FNR == 1 { on = 0 }
		/^```/ { on = $0 == "```" kind; next }
		on { print FILENAME ":" FNR "\t" $0 }' "${documents[@]}")
}

shape() {
	sed -E "s#$B/fdfence#/usr/local/bin/fdfence#g; s#($B|$T/build)/#build/#g; s/[0-9]+/N/g; s/ +/ /g; s/ \$//" <<<"$1"
}

port=$((8100 + RANDOM % 900)) # an ephemeral one would read "*"
# A file system of its own, since a document may write to /srv.
alone() { # command
	spawn -t 60 -e PATH="$T/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin" -d "$T" \
		unshare -rm sh -c 'mount -t tmpfs none /srv && exec bash -c "$1"' _ "${1//:8080/:$port}" 2>&1
}

check_console() { # where command expected
	t_is "$1: \$ ${2%% -- *}" "$(shape "$(alone "$2")")" "$(shape "$3")"
}

where='' command='' expected=''
if spawn unshare -rm mount -t tmpfs none /srv 2>/dev/null; then
	while IFS=$'\t' read -r at line; do
		if [[ $line = '$ '* ]]; then
			[ -z "$command" ] || check_console "$where" "$command" "${expected#$'\n'}"
			where=$at command=${line#'$ '} expected=''
		else
			expected+=$'\n'$line
		fi
	done < <(blocks console; printf 'end\t$ \n')
	[ -n "$where" ] || t_fail "documents have examples" "no block is marked console"
else
	t_skip "examples with their output" "no mount namespace here"
fi

# What the reports of the documents are made of.
mkdir -p "$T/var/log/fdfence"
spawn "$F" run --log "$T/this-week.jsonl" --log-what all -- sh -c true
cp "$T/this-week.jsonl" "$T/last-week.jsonl"
cp "$T/this-week.jsonl" "$T/var/log/fdfence/"
zstd -q "$T/this-week.jsonl" -o "$T/web2.jsonl.zst"
n=0
while IFS=$'\t' read -r at line; do
	line=${line%%#*}
	case $line in
	make*)
		# shellcheck disable=SC2086 # words
		t_ok "$at: $line" make -s -n -C "$root" ${line#make}
		;;
	fdfence\ trace*)
		line+=' --duration 1'
		[[ $line = *' -- '* ]] && line="${line%% -- *} -- true"
		t_like "$at: $line" "$(spawn -e PATH="$T/bin:/usr/bin:/bin" -d "$T" bash -c "$line >/dev/null" 2>&1
			echo "status $?")" 'status (0|3)$|CAP_BPF'
		;;
	fdfence\ inspect*) # 3: not all may be looked at here
		t_like "$at: $line" "$(alone "$line"; echo "status $?")" 'status (0|3)$'
		;;
	fdfence*)
		line=${line//\/var\//$T/var/}
		[[ $line = *' -- '* ]] && line="${line%% -- *} -- true"
		t_like "$at: ${line//$T/}" "$(alone "$line"; echo "status $?")" 'status 0$'
		;;
	esac
	n=$((n + 1))
done < <(blocks sh)
[ "$n" -gt 0 ] || t_fail "documents have command lines" "no block is marked sh"
if t_tracked; then
	t_is "no example leaves a file in the tree" "$(untracked)" "$before"
else
	t_skip "no example leaves a file in the tree" "no checkout of git, which would tell"
fi
t_done
