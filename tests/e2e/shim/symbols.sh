#!/bin/bash
# The shim as an object: what it exports and imports is held to tests/exports.txt and
# tests/imports.txt; it links no libc, has two load segments and no lazy or text relocation,
# and loads under glibc and musl.
. "$(dirname "$0")/../lib.sh"

# Without its tools an empty answer would look like a good one.
for tool in nm readelf comm; do
	command -v "$tool" >/dev/null || t_skip_all "no $tool (make deps)"
done

listed() {
	grep -v '^#' "$1" | sort
}

exports() {
	nm -D --defined-only "$1" | awk '$2 != "A" { print $NF }' | sort
}

imports() {
	nm -D --undefined-only "$1" | awk '{ print $1, $2 }' | sort
}

# Functions that a libc exports, without versions.
libc_exports() {
	nm -D --defined-only "$1" 2>/dev/null | awk '{ print $NF }' | sed 's/@.*//' | sort -u
}

check_object() { # name shim
	local name=$1 shim=$2
	t_is "$name links no library" "$(readelf -Wd "$shim" | grep NEEDED)" ''
	t_is "$name has two load segments" "$(readelf -Wl "$shim" | grep -c '^  LOAD')" 2
	t_is "$name has no executable stack" \
		"$(readelf -Wl "$shim" | awk '$1 == "GNU_STACK" && /E/')" ''
	t_is "$name has no segment that is writable and executable" \
		"$(readelf -Wl "$shim" | awk '$1 == "LOAD" && /W/ && /E/')" ''
	t_is "$name has no text relocation" "$(readelf -Wd "$shim" | grep TEXTREL)" ''
	t_is "$name binds at load" "$(readelf -Wd "$shim" | grep -c 'BIND_NOW')" 1
	t_is "$name has no procedure linkage table" "$(readelf -Wd "$shim" | grep PLTREL)" ''
	t_is "$name has its data at the begin of a page" \
		"$(readelf -Wl "$shim" | awk '$1 == "LOAD" && /RW/ { print substr($3, length($3) - 2) }')" 000
}

t_is 'exports are those of tests/exports.txt' "$(exports "$SHIM")" "$(listed "$root/tests/exports.txt")"
t_is 'imports are those of tests/imports.txt' "$(imports "$SHIM")" "$(listed "$root/tests/imports.txt")"
check_object 'the shim' "$SHIM"
# Each costs a look-up in every process that starts.
n=$(readelf -Wr "$SHIM" | grep -c ' R_')
t_ok "few relocations: $n, 20 at most" test "$n" -le 20

# What LD_DEBUG tells of a start: a name that is looked up with dlsym() would stand there too.
# fdfence_origin is there with --origins alone.
t_is 'a start asks the loader for the imports alone' \
	"$(fenced -e LD_DEBUG=bindings /bin/true 2>&1 |
		sed -n "s/.*binding file [^ ]*libfdfence.so .* symbol [\`']\([^']*\)'.*/\1/p" | sort)" \
	"$(awk '!/^#/ && $2 != "fdfence_origin" { print $2 }' "$root/tests/imports.txt" | sort)"

needed=$(awk '$1 == "U" { print $2 }' "$root/tests/imports.txt")
for libc in glibc:/lib/x86_64-linux-gnu/libc.so.6 musl:/usr/lib/x86_64-linux-musl/libc.so; do
	file=${libc#*:}
	if ! [ -e "$file" ]; then
		t_skip "${libc%%:*} has what is needed" "no $file"
		continue
	fi
	t_is "${libc%%:*} has what is needed" "$(comm -23 <(sort <<<"$needed") <(libc_exports "$file"))" ''
done

# What a loader says against an object goes to stderr; a hook that is called shows the rest.
t_is 'loads under glibc' "$(fenced "$H/fdlist" 2>&1)" ''
t_ok 'loads where all is bound at once' fenced -e LD_BIND_NOW=1 "$H/fdlist"
if [ -x "$H/musl/fdlist" ]; then
	t_is 'loads under musl' "$(fenced "$H/musl/fdlist" 2>&1)" ''
else
	t_skip 'loads under musl' 'no compiler for it here'
fi
t_is 'does not disturb a static program' "$(fenced "$H/static/fdlist" 2>&1)" ''

if [ -e "$SHIM32" ]; then
	check_object 'the shim for i386' "$SHIM32"
	t_is 'i386 exports the same' "$(exports "$SHIM32" | sed 's/@.*//' | sort -u)" \
		"$(listed "$root/tests/exports.txt" | sed 's/@.*//' | sort -u)"
else
	t_skip 'the shim for i386' 'no 32-bit compiler here'
fi
t_done
