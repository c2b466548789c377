#!/bin/bash
# Names that somebody chose on their way to a terminal: every table of check, explain and trace,
# in the C locale and in UTF-8.  Each ends, shows what the locale can show, and escapes the rest
# once.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/../lib.sh"

opens=$H/trace/opens
e=$'\xc3\xa9'
mkdir "$T/$e"
hostile=$T/$e/$'e\xcc\x81 \xe6\x97\xa5 \xff\xe2\x80\xae \e[31m\n\\x41'
utf8="$T/$e/"$'e\xcc\x81 \xe6\x97\xa5 \\xff\\xe2\\x80\\xae \\x1b[31m\\x0a\\x5cx41'
ascii="$T/\\xc3\\xa9/e\\xcc\\x81 \\xe6\\x97\\xa5 \\xff\\xe2\\x80\\xae \\x1b[31m\\x0a\\x5cx41"
cp "$opens" "$hostile" || t_skip_all "this file system takes no such name"
long=$T
for _ in {1..15}; do # 255 bytes each, in all close to the 4,096 that a path may have
	long+=/$(printf "%0125d$e%0126d" 0 0)
	mkdir -p "$long"
done
long+=/end
: >"$long"

fdfence() { # locale argument...
	local locale=$1
	shift
	spawn -t 20 env LC_ALL="$locale" "$B/fdfence" "$@" 2>&1
}

# The name as FROM and WHAT: what stands where, the bytes, and nothing with an effect.
shown() { # name locale expected text
	t_is "$1 in $2 shows the name" "$(grep -cF -- "$3" <<<"$4")" "$5"
	t_fails "... and nothing that a terminal obeys" grep -qP '[\x00-\x08\x0b-\x1f\x7f]' <<<"$4"
}

for locale in C C.UTF-8; do
	name=$ascii
	[ "$locale" = C ] || name=$utf8
	shown check "$locale" "$name" "$(fdfence "$locale" check -- "$hostile" -p "$hostile" true)" 1
	shown "check -o" "$locale" "$name" "$(fdfence "$locale" check -o "$T/out" -- "$hostile" -p "$hostile" true
		cat "$T/out")" 1
	shown explain "$locale" "$name" "$(fdfence "$locale" explain -- "$hostile" -p "$hostile" true |
		grep -v '   to ')" 3
	t_like "check in $locale takes a name of 4,000 bytes" \
		"$(fdfence "$locale" check -- "$opens" -p "$long" true)" "/end +1"
done

# shellcheck source=tests/e2e/trace/lib.bash
. "$(dirname "$0")/../trace/lib.bash"
why=$("$B/fdfence" trace -q --duration 0.01 2>&1) || {
	t_skip "the tables of trace" "${why#fdfence: }"
	t_done
}
for locale in C C.UTF-8; do
	name=$ascii
	[ "$locale" = C ] || name=$utf8
	shown trace "$locale" "$name" \
		"$(fdfence "$locale" trace -q -- "$hostile" -p "$hostile" true)" 1
	shown "trace -o" "$locale" "$name" "$(rm -f "$T/out"
		fdfence "$locale" trace -q -o "$T/out" -- "$hostile" -p "$hostile" true
		cat "$T/out")" 1
	shown "trace --columns" "$locale" "$name" "$(fdfence "$locale" trace -q \
		--columns COMM,ARGV,CGROUP,FROM -- "$hostile" -p "$hostile" true)" 1
	shown "trace --summary" "$locale" "$name" \
		"$(fdfence "$locale" trace -q --summary -- "$hostile" -p "$hostile" true)" 1
	coproc HOLDER { spawn -i "$hostile" -p "$hostile" -w; }
	pid=$HOLDER_PID
	read -r _ <&"${HOLDER[0]}"
	shown "trace --snapshot" "$locale" "$name" \
		"$(fdfence "$locale" trace -q --snapshot | grep -F 'x5cx41')" 1
	echo >&"${HOLDER[1]}"
	wait "$pid" 2>/dev/null
	t_like "trace in $locale takes a name of 4,000 bytes" \
		"$(fdfence "$locale" trace -q -- "$opens" -p "$long" true)" "/end"
done
t_done
