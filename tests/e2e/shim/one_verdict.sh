#!/bin/bash
# limit: 120
# One descriptor, one verdict: however a path is written, whether there is a log, whatever became
# of the file that runs.
. "$(dirname "$0")/../lib.sh"

# --- the same image again ---
cp "$H/leaker" "$T/same"
ln -s same "$T/link"
for log in '' "$T/log"; do
	for path in "$T/same" "$T/link" ./same ./link; do
		# The leaker starts itself anew in a child, which lists what it got.
		got=$(cd "$T" && spawn -d "$T" -e LD_PRELOAD="$SHIM" ${log:+-e FDFENCE_LOG="$log"} \
			./same -w "$T/db" "$path" "$H/fdlist" 2>&1)
		t_is "a child of the same program gets nothing for free: $path${log:+, with a log}" "$got" ''
	done
done

# --- a rule goes on holding when the running program's file was replaced ---
cp "$H/leaker" "$T/server"
printf '#!/bin/sh\ncp %s %s.new && mv %s.new %s\nexec %s\n' "$H/leaker" "$T/server" "$T/server" "$T/server" \
	"$H/fdlist" >"$T/upgrade"
chmod 755 "$T/upgrade"
rule() { # rule
	cp "$H/leaker" "$T/server"
	spawn -e LD_PRELOAD="$SHIM" -e FDFENCE_RULES="$1" "$T/server" -w "$T/db" -n 2 "$T/upgrade" 2>&1
}
t_is 'exe= of a file that is replaced between two execs' "$(rule "keep exe=$T/server path=$T/db")" \
	"3 open $T/db"$'\n'"3 open $T/db"

t_done
