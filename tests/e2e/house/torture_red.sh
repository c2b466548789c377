#!/bin/bash
# limit: 900
# The random tester can find what it is for: with each fault of tests/torture/fault.c, one at a
# time before the shim, it sees a difference within so many shapes; without one, none in the same
# shapes.
. "$(dirname "$0")/../lib.sh"

torture=$B/tests/torture
shapes=120

# The faults are made at execve alone, in a process that is alone, where the fence has no others.
search() { # fault
	"$torture/torture" -n "$shapes" -s 7 -f -l "$SHIM" -t "$torture/target" -h "$torture/host" \
		-b "$torture/fault.so" -e "FAULT=$1" -k entry=execve -k context=main -k ring=none \
		-k tracer=none -k pending=process -k children=none -k count=20 -k blocked=some \
		-k kinds=file -k deny=none 2>/dev/null | tail -n 1
}

if [ "$(ulimit -Hn)" -lt 20000 ] || [ "$(id -u)" -ne 0 ]; then
	t_skip_all 'needs root and a hard limit of 20000 descriptors'
fi
t_like 'no fault' "$(search 0)" "^$shapes shapes, 0 differences"
for fault in {1..12}; do
	found=$(search "$fault")
	t_like "fault $fault" "$found" '^[0-9]+ shapes, [1-9]'
	t_diag "$found"
done

hosts() { # how many copies of the host run
	pgrep -cf "^$T/host "
}

# The next text of hosts() that is as asked, within 20 seconds.
hosts_become() { # regex
	local i n=
	for ((i = 0; i < 1000; i++)); do
		n=$(hosts) # once: between two shapes there is none
		[[ $n =~ ^($1)$ ]] && break
		sleep 0.02
	done
	echo "$n"
}

# Whatever ends the tester ends its shapes too.
cp "$torture/host" "$T/host"
for signal in TERM KILL; do
	"$torture/torture" -n 100000 -j 2 -l "$SHIM" -t "$torture/target" -h "$T/host" \
		>"$T/out" 2>&1 &
	tester=$!
	t_like "SIG$signal: shapes run" "$(hosts_become '[1-9].*')" '^[1-9]'
	kill -s "$signal" "$tester"
	wait "$tester" 2>/dev/null
	t_is "SIG$signal: and none is left" "$(hosts_become 0)" 0
done
t_done
