# lib.bash: what the scripts on real programs share.  Source it; then
#
#	both NAME REGEX FUNCTION    run FUNCTION without and with the fence, each in a scratch
#	                            directory of its own ($W, which is also the working
#	                            directory).  Its output and exit status without the fence
#	                            must match REGEX, and those with the fence be the same.
#	leaks NAME REGEX LIST FUNCTION
#	                            as `both`, and what FUNCTION's program starts runs
#	                            `$probe` (into $W/list): without the fence what it holds must
#	                            match LIST (else there is nothing to show here), with the
#	                            fence it must hold nothing above 2.
#	mended_from NAME HAS FROM   versions of NAME from FROM on leak no more; HAS is what is here.  Until
#	                            the next call that is why `leaks` and `unless_mended`, which is
#	                            t_like else, skip what cannot be shown
#	need PROGRAM...             skip the whole script when one is missing
#	wait_for SECONDS COMMAND... until COMMAND succeeds; fails when the time is over
#	comes_up NAME PID FILE COMMAND...
#	                            until COMMAND succeeds; the script ends where it does not: with a
#	                            skip if PID has ended by itself, as a failure after a minute
#
# FUNCTION starts its program as  spawn "${how[@]}" PROGRAM...  : $how is empty, or the fence.
# Everything that is run lies in $T/bin, since a server under another user must reach it
# wherever the checkout is.
# shellcheck shell=bash disable=SC2034 # read by the scripts

. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

chmod 755 "$T"
# fdlist looks at each number up to the limit.
ulimit -n 4096
mkdir "$T/bin"
cp "$B/fdfence" "$SHIM" "$H/fdlist" "$T/bin/" || exit 1
# A list that was not finished differs from one that is empty.
cat >"$T/bin/probe" <<E
#!/bin/sh
umask 0
{ "$T/bin/fdlist" && echo end; } >>"\${1:-list}"
E
chmod 755 "$T"/bin/*
probe=$T/bin/probe
fence=("$T/bin/fdfence" run --)
how=()
W=

need() {
	local program
	for program; do
		command -v "$program" >/dev/null || t_skip_all "no $program on this machine"
	done
}

# Who runs a server: it is not root's where that can be had.
nobody=()
[ "$(id -u)" -ne 0 ] || nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
free_port() {
	/usr/bin/python3 "$root/tests/helpers/free_port.py"
}

# What ends by itself cannot run here, and the reason is what it said; what does not come to it in time fails.
comes_up() { # name pid file it says it in, command...
	local name=$1 pid=$2 says=$3
	shift 3
	up_or_over() { "$@" || ! kill -0 "$pid" 2>/dev/null; }
	wait_for 60 up_or_over "$@"
	"$@" && return
	if kill -0 "$pid" 2>/dev/null; then
		t_fail "$name" "not within a minute: $(tail -n 3 "$says")"
	else
		t_skip "$name" "it does not run here: $(tail -n 3 "$says" | paste -sd ' ')"
	fi
	t_done
}

wait_for() { # seconds command...
	local end=$((SECONDS + $1))
	shift
	until "$@"; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep 0.05
	done
}

# Sets answer[plain] and answer[fenced].
declare -A answer
run_both() { # name function
	local side
	for side in plain fenced; do
		how=()
		[ "$side" = plain ] || how=("${fence[@]}")
		W=$T/${1//[^A-Za-z0-9]/_}.$side
		mkdir "$W" && chmod 777 "$W" || exit 1
		(cd "$W" && "$2") >"$W/answer" 2>&1
		printf 'exit %d\n' $? >>"$W/answer"
		answer[$side]=$(sed "s|$W|DIR|g" "$W/answer")
	done
}

both() { # name regex function
	run_both "$1" "$3"
	t_like "$1: works" "${answer[plain]}" "$2"
	t_is "$1: the fence changes nothing" "${answer[fenced]}" "${answer[plain]}"
}

mended=
mended_from() { # name version first
	mended=
	[ "$(printf '%s\n' "$2" "$3" | sort -V | head -n 1)" != "$3" ] || mended="$1 $2 opens it close-on-exec, as from $3 on"
}
unless_mended() { # name got regex
	if [ -n "$mended" ] && ! [[ $2 =~ $3 ]]; then t_skip "$1" "$mended"; else t_like "$@"; fi
}

leaks() { # name regex list function
	local dir=$T/${1//[^A-Za-z0-9]/_}
	both "$1" "$2" "$4"
	unless_mended "$1: leaks without the fence" "$(cat "$dir.plain/list" 2>&1)" "$3"
	t_is "$1: nothing crosses the fence" "$(cat "$dir.fenced/list" 2>&1)" \
		"$(sed -n '/^end$/p' "$dir.plain/list" 2>&1)"
}
