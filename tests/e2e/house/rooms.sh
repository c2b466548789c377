#!/bin/bash
# The table of rooms: the sources keep to it, and whatever does not is named.
. "$(dirname "$0")/../lib.sh"

if ! command -v /usr/bin/python3 >/dev/null; then
	t_skip_all "no python3"
fi

# A small tree that keeps to its table: one above, two beside each other, one below.
tree() {
	rm -rf "$T/tree"
	mkdir -p "$T"/tree/tools/{top,left,right} "$T"/tree/preload/core "$T"/tree/tests/unit/left
	cd "$T/tree" || exit 1
	cat >tests/rooms.txt <<-'END'
		# comment
		3 tools/top:      tools/left tools/right
		2 tools/left:     preload/core
		2 tools/right:    preload/core
		1 preload/core:
		4 tests/unit:     tools
		<jansson.h> in    tools/right
	END
	printf '#include <stdio.h>\n#include "tools/left/a.h"\n' >tools/top/top.c
	printf '#include "preload/core/core.h"\nint a(void);\n' >tools/left/a.h
	printf '#include "tools/left/a.h"\nint a(void)\n{\n\treturn core(1);\n}\n' >tools/left/a.c
	printf '#include <jansson.h>\nint b(void);\n' >tools/right/b.h
	printf '#include <stdbool.h>\nint core(int);\n' >preload/core/core.h
	printf '#include "tools/left/a.h"\n' >tests/unit/left/test_a.c
}

refuses() { # name line file what-is-said
	tree
	printf '%s\n' "$2" >>"$3"
	t_like "$1" "$("$root/tests/rooms" check "$T/tree"; echo "exit $?")" "$4.*exit 1\$"
}

t_is "the sources keep to their rooms" "$("$root/tests/rooms" check)" ""
tree
t_is "so does a small tree" "$("$root/tests/rooms" check "$T/tree")" ""

refuses "an include upwards" '#include "tools/top/top.c"' tools/left/a.c \
	'^tools/left/a.c:6: includes tools/top/top.c: tools/left \(floor 2\) may not use tools/top \(floor 3\)'
refuses "a room of the same floor" '#include "tools/right/b.h"' tools/left/a.c \
	'^tools/left/a.c:6: includes tools/right/b.h: .*may not use tools/right'
refuses "a room below that the table does not name" '#include "preload/core/core.h"' tools/top/top.c \
	'^tools/top/top.c:3: .*may not use preload/core'
refuses "a name that is no whole path" '#include "a.h"' tools/left/a.c 'a.h: no such file from the root'
for odd in '# include "tools/top/top.c"' '#/* x */include /* y */ "tools/top/top.c"' $'#inc\\\nlude "tools/top/top.c"' \
	'%:include "tools/top/top.c"'; do
	refuses "an include upwards, written ${odd//[$'\n']/ }" "$odd" tools/left/a.c \
		'^tools/left/a.c:6: includes tools/top/top.c: .*may not use tools/top'
done
for odd in '#include_next "tools/top/top.c"' '#import "tools/top/top.c"' '#include TOP' '#import <stdio.h>'; do
	refuses "$odd" "$odd" tools/left/a.c '^tools/left/a.c:6: .*an include is #include and a name'
done
for odd in '"tools/left/../top/top.c"' '"./tools/top/top.c"' '</usr/include/jansson.h>' '<../include/jansson.h>'; do
	refuses "#include $odd" "#include $odd" tools/left/a.c '^tools/left/a.c:6: .*includes are whole paths'
done
refuses "a file of ours in <>" '#include <tools/top/top.c>' tools/left/a.c 'a file of ours stands in quotes'
refuses "a library's header in quotes" '#include "jansson.h"' tools/left/a.c 'jansson.h: no such file from the root'
refuses "a file of another ending" '#include "tools/top/top.c"' tools/left/x.inc '^tools/left/x.inc:1: .*may not use tools/top'
refuses "data of another file by extern" 'extern int above;' tools/left/a.c '^tools/left/a.c:6: extern in a .c file'
tree
printf '/*\n#include "tools/top/top.c"\n*/\nconst char *s = "/*";\n' >>tools/left/a.c
t_is "an include in a comment is none" "$("$root/tests/rooms" check "$T/tree")" ""
refuses "libc in the core" '#include <stdio.h>' preload/core/core.h '<stdio.h>: the core is freestanding'
refuses "a library's header elsewhere" '#include <jansson.h>' tools/left/a.c \
	'<jansson.h>: only tools/right may'
refuses "a call upwards, whatever header declares it" \
	$'int b(void)\n{\n\treturn a();\n}' tools/right/b.c \
	'^tools/right/b.c: calls a\(\) of tools/left/a.c: .*may not use tools/left'
refuses "a file in no room" 'int x;' tools/x.c '^tools/x.c: in no room'
refuses "a table with an arrow upwards" '1 tools/base: tools/top' tests/rooms.txt \
	'tools/base \(floor 1\) may not include tools/top \(floor 3\)'
refuses "a room that is not there" '1 tools/base:' tests/rooms.txt 'tools/base: no such room'

tree
printf '#include "tools/left/b.h"\n' >>tools/left/a.h
printf '#include "tools/left/a.h"\n' >tools/left/b.h
t_like "a circle of files in one room" "$("$root/tests/rooms" check "$T/tree")" \
	'^a circle: tools/left/a.h tools/left/b.h$'
tree
mkdir tests/unit/nowhere
t_like "unit tests of a room that is not there" "$("$root/tests/rooms" check "$T/tree")" \
	'^tests/unit/nowhere: neither'

# What `make rooms` prints is counted, not written down.
tree
t_like "rooms, floors, includes, none upwards" "$("$root/tests/rooms" count "$T/tree")" \
	'tools +a line +3 +2 +1 +0 +0'
printf '#include "tools/top/top.h"\n' >>tools/left/a.c
: >tools/top/top.h
t_like "an include upwards is counted, and the circle" "$("$root/tests/rooms" count "$T/tree")" \
	'tools +a line +3 +2 +2 +1 +1'
rm tests/rooms.txt
t_like "a tree without a table is counted by files" "$("$root/tests/rooms" count "$T/tree")" \
	'tools +NAME.c\+.h +3 +2 +2 +1 +1'
# The picture has them all, and is drawn from its source.
names() { sort -u | tr '\n' ' '; }
t_is 'docs/rooms.svg has the rooms of tests/rooms.txt' \
	"$(sed -n 's|^<title>\([a-z]*[/.a-z]*\)</title>$|\1|p' "$root/docs/rooms.svg" | grep -vE '^(cluster|fdfence$)' | names)" \
	"$(sed -n 's/^[0-9] \([^:]*\):.*/\1/p' "$root/tests/rooms.txt" | grep -v '^tests/' | names)"
t_like '... as docs/rooms.dot has them (make docs/rooms.svg)' "$(tail -n 1 "$root/docs/rooms.svg")" \
	"cksum $(cksum <"$root/docs/rooms.dot") "
t_done
