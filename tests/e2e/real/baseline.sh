#!/bin/bash
# limit: 300
# check --baseline over a test suite of others: GLib's of D-Bus, as CI runs what needs a display.
# Each run has servers at names and ports of its own, temporary folders and other processes.
. "$(dirname "$0")/../lib.sh"

PATH=/usr/sbin:/usr/bin:/sbin:/bin
tests=/usr/libexec/installed-tests/glib
for need in xvfb-run Xvfb dbus-daemon "$tests/gdbus-connection"; do
	command -v "$need" >/dev/null || t_skip_all "no $need here"
done

cat >"$T/suite" <<EOF2
status=0
for test in spawn-singlethread gdbus-connection gdbus-names gapplication gdbus-server-auth; do
	timeout 60 $tests/\$test --tap || status=1
done
exit \$status
EOF2

# suite DISPLAY OPTIONS...: prints the status, and how many causes are new and how many lines gone.
suite() {
	local display=$1
	shift
	rm -f "$T/json"
	spawn "$B/fdfence" check --baseline "$T/leaks" "$@" --format=json -o "$T/json" -- \
		xvfb-run -a -n "$display" sh "$T/suite" >"$T/out" 2>&1
	echo "$? $(jq '"\(.causes | length) \(.gone | length)"' -r "$T/json")"
}
used() { grep -ahoE '/tmp/\.X11-unix/X[0-9]+' "$T/json" | head -n 1; }

t_is "the suite passes, and what it leaks is written down" "$(suite 200 --update-baseline)" \
	"0 $(grep -c ^report "$T/leaks") 0"
display=$(used)
cp "$T/leaks" "$T/first"
t_is "a server's names of one run, and pipes" \
	"$(grep -oE 'type=(pipe|listener.*/X\*)' "$T/leaks" | sort -u | xargs)" \
	'type=listener addr=/tmp/.X*-unix/X* type=listener addr=@/tmp/.X*-unix/X* type=pipe'

new=''
for n in 1 2 3 4 5 6 7 8 9 10; do
	new+="$(suite $((200 + 10 * n))); "
done
t_is "ten runs, each with another display, have nothing new and nothing gone" "$new" \
	"$(printf '0 0 0; %.0s' {1..10})"

sed -i '/type=listener addr=@/d' "$T/leaks"
t_is "a line that is taken out is new" "$(suite 310)" '99 1 0'
t_like "... with the name of that run" "$(used)" "^/tmp/\.X11-unix/X"
t_ok "... which is another one" test "$(used)" != "$display"
suite 320 --update-baseline >/dev/null
t_ok "written anew the file is the same, to the byte" cmp "$T/first" "$T/leaks"
t_done
