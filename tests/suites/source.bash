# source.bash: source packages of Debian, for suites that no binary package brings, and programs of
# Debian that the machine has in another form.
# shellcheck shell=bash disable=SC2154 # cache: set by tests/suites/run

# apt-get with lists of its own, from the machine's mirror; nothing is installed.
own_apt() {
	local key=/usr/share/keyrings/debian-archive-keyring.gpg suite
	local how=(-q -o Dir::Etc::sourcelist="$cache/apt.list" -o Dir::Etc::sourceparts=/nonexistent
		-o Dir::State::lists="$cache/apt" -o Dir::State::status=/dev/null -o APT::Sandbox::User=root)
	if [ ! -e "$cache/apt.updated" ]; then
		suite=$(. /etc/os-release && echo "${VERSION_CODENAME:-stable}")
		mkdir -p "$cache/apt/partial"
		printf "%s [signed-by=$key] http://deb.debian.org/debian $suite main\n" deb deb-src >"$cache/apt.list"
		apt-get "${how[@]}" update && : >"$cache/apt.updated"
	fi >&2
	apt-get "${how[@]}" "$@" >&2
}
# Prints the directory that holds the unpacked upstream source, as Debian ships it, or why there
# is none (and fails).  Fetched once; nothing is built.
source_of() { # package
	local dir=$cache/src/$1 file
	if [ ! -e "$dir/done" ]; then
		command -v apt-get >/dev/null || { echo "no apt-get to fetch the source of $1"; return 1; }
		mkdir -p "$dir/unpacked"
		(cd "$dir" && own_apt source --download-only "$1")
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
# The same for what packages install, together below one directory named for the first.
unpacked() { # package...
	local dir=$cache/bin-of/$1 file
	if [ ! -e "$dir/done" ]; then
		mkdir -p "$dir/debs" "$dir/unpacked"
		(cd "$dir/debs" && own_apt download "$@") &&
			for file in "$dir"/debs/*.deb; do
				dpkg -x "$file" "$dir/unpacked" >&2 || break
			done && : >"$dir/done"
	fi
	[ -e "$dir/done" ] || { echo "the package $1 cannot be fetched"; return 1; }
	echo "$dir/unpacked"
}

# TAP to "RESULT FILE: NUMBER TEST".
from_tap() { # file
	awk -v file="$1" '/^(not )?ok / {
		word = /^not/ ? (/# TODO/ ? "todo" : "fail") : (/# *[Ss][Kk][Ii][Pp]/ ? "skip" : "pass")
		sub(/^not /, "")
		sub(/^ok /, "")
		sub(/^[0-9]+ \//, "/") # the number is another one in the next version
		print word, file ": " $0
	}'
}
need() { # program...
	local program
	for program; do
		command -v "$program" >/dev/null || { echo "no $program on this machine"; return 1; }
	done
}
