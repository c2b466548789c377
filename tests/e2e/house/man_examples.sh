#!/bin/bash
# The command lines under EXAMPLES in the manual pages do something: each "fdfence ..." is run, with
# `true` for CMD and a scratch directory for /var.
. "$(dirname "$0")/../lib.sh"
F=$B/fdfence
mkdir "$T/bin" "$T/var" "$T/var/log" && ln -s "$F" "$T/bin/fdfence"
: >"$T/leaks.rules"

examples() { # page
	sed -n '/^\.Sh EXAMPLES/,/^\.Sh SEE/s/^\(\.Dl \)\{0,1\}\(\$ \)\{0,1\}\(fdfence.*\)/\3/p' "$1"
}

for page in "$root"/docs/fdfence*.1; do
	n=0
	while read -r line; do
		n=$((n + 1))
		name="${page##*/}: $line"
		line=${line//\/var\//$T/var/}
		[[ $line != *' -- '* ]] || line="${line%% -- *} -- true"
		case $line in
		fdfence\ trace*) # one that ends, if it may run at all
			line=${line//--duration 3600/}
			[[ $line = *' -- '* ]] || line+=' --duration 0.2'
			t_like "$name" "$(spawn -t 60 -e PATH="$T/bin:/usr/bin:/bin" -d "$T" bash -c "$line >/dev/null" 2>&1
				echo "status $?")" 'status (0|3)$|CAP_BPF'
			;;
		*' -- '*)
			t_like "$name" "$(spawn -t 60 -e PATH="$T/bin:/usr/bin:/bin" -d "$T" bash -c "$line" 2>&1
				echo "status $?")" 'status 0$'
			;;
		*) # of processes and records that this machine does not have: its options are known
			t_fails "$name" grep 'no such option\|expected\|usage' <<<"$(spawn -t 60 -e PATH="$T/bin:/usr/bin:/bin" -d "$T" \
				timeout 10 bash -c "$line >/dev/null" 2>&1)"
			;;
		esac
	done < <(examples "$page")
	grep -q '^\.Sh EXAMPLES' "$page" || continue
	t_ok "${page##*/}: an example can be run" test "$n" -gt 0
done
t_done
