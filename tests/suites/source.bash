# source.bash: source packages of Debian, for suites that no binary package brings.
# shellcheck shell=bash disable=SC2154 # cache: set by tests/suites/run

# Prints the directory that holds the unpacked upstream source, as Debian ships it, or why there
# is none (and fails).  Fetched once, by apt-get from the machine's own mirror; nothing is built.
source_of() { # package
	local dir=$cache/src/$1 key=/usr/share/keyrings/debian-archive-keyring.gpg suite file
	if [ ! -e "$dir/done" ]; then
		command -v apt-get >/dev/null || { echo "no apt-get to fetch the source of $1"; return 1; }
		suite=$(. /etc/os-release && echo "${VERSION_CODENAME:-stable}")
		mkdir -p "$cache/apt/partial" "$dir/unpacked"
		echo "deb-src [signed-by=$key] http://deb.debian.org/debian $suite main" >"$cache/apt.list"
		set -- "$1" -q -o Dir::Etc::sourcelist="$cache/apt.list" -o Dir::Etc::sourceparts=/nonexistent \
			-o Dir::State::lists="$cache/apt" -o APT::Sandbox::User=root
		[ -e "$cache/apt.updated" ] || { apt-get "${@:2}" update && : >"$cache/apt.updated"; } >&2
		(cd "$dir" && apt-get "${@:2}" source --download-only "$1") >&2
		for file in "$dir"/*.orig.tar.*; do
			case $file in
			*.asc) ;;
			*) tar xf "$file" -C "$dir/unpacked" --strip-components=1 >&2 && : >"$dir/done" ;;
			esac
		done
	fi
	[ -e "$dir/done" ] || { echo "the source of $1 cannot be fetched"; return 1; }
	echo "$dir/unpacked"
}

# TAP to "RESULT FILE: NUMBER TEST".
from_tap() { # file
	awk -v file="$1" '/^(not )?ok / {
		word = /^not/ ? (/# TODO/ ? "todo" : "fail") : (/# *[Ss][Kk][Ii][Pp]/ ? "skip" : "pass")
		sub(/^not /, "")
		sub(/^ok /, "")
		print word, file ": " $0
	}'
}
need() { # program...
	local program
	for program; do
		command -v "$program" >/dev/null || { echo "no $program on this machine"; return 1; }
	done
}
