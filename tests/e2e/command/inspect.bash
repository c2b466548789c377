# inspect.bash: what the scripts about `fdfence inspect` share.
# shellcheck shell=bash
F=$B/fdfence
held=()

# Run a program in the background until the end of the script; $pid is the number that it prints
# first.
hold() { # [options of spawn] command...
	local out=$T/held.${#held[@]} _
	spawn -t 300 "$@" >"$out" 2>&1 &
	t_until test -s "$out"
	pid=$(grep -m 1 -oE '^[0-9]+$' "$out")
	[ -n "$pid" ] || t_diag "not started: $*: $(cat "$out")"
	held+=("${pid:-0}")
}

# sleep, with descriptors of `spawn -l`.
sleeper() { # [options of spawn]
	hold "$@" sh -c 'echo $$; exec sleep 300'
}

release() {
	local p
	for p in "${held[@]}"; do
		[ "$p" = 0 ] || kill -KILL "$p" 2>/dev/null
	done
	wait
	held=()
}
# shellcheck disable=SC2034 # lib.sh reads it
t_last=release

# Rows without their header, blanks folded.
rows() { # options...
	"$F" inspect -q "$@" 2>&1 | awk 'NR > 1 { $1 = $1; print }'
}

# What it says and the status.
said() { # options...
	"$F" inspect "$@" 2>&1
	echo "status $?"
}
