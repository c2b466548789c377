#!/bin/bash
# tests/bare as far as it goes without a system to lay down: what it refuses to remove.
. "$(dirname "$0")/../lib.sh"
[ "$(id -u)" -eq 0 ] || t_skip_all 'tests/bare is for root'

mkdir -p "$T/tree/tests" "$T/tree/build/bare/bookworm/etc"
cp "$root/tests/bare" "$T/tree/tests"
bare() {
	"$T/tree/tests/bare" "$@" 2>&1
	echo "status $?"
}
dir=$T/tree/build/bare/bookworm
for name in ../bookworm /etc '' -x; do
	t_like "a release is not named '$name'" "$(bare "$name ")" 'expected the name of a release.*status 1'
done
t_is 'a folder that it did not make is not removed' "$(bare) $(ls "$dir")" \
	"tests/bare: $dir: not made by tests/bare; move it away
status 1 etc"

touch "$dir.made"
name='... nor one in which something is mounted'
if ! unshare -m true 2>/dev/null; then
	t_skip "$name" 'cannot mount here'
	t_done
fi
t_is "$name" \
	"$(export dir T; export -f bare; unshare -m bash -c 'mount -t tmpfs none "$dir/etc" && touch "$dir/etc/mine" &&
		bare && ls "$dir/etc"')" \
	"tests/bare: $dir: something is mounted there; umount it
status 1
mine"
t_done
