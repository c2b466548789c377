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

# --- a program that is many in one is the one that argv names ---
for libc in glibc musl; do
	leaker=$H/leaker
	[ $libc = glibc ] || leaker=$H/musl/leaker
	if [ ! -x "$leaker" ]; then
		t_skip "$libc: busybox by its applet" 'no musl-gcc'
		continue
	fi
	mkdir "$T/$libc"
	cp "$leaker" "$T/$libc/busybox"
	ln -s busybox "$T/$libc/ash"
	ln -s busybox "$T/$libc/crond"
	for how in "busybox sh" "busybox /bin/ash" ash; do
		# shellcheck disable=SC2086 # words
		t_is "$libc: $how keeps what it holds" \
			"$(spawn -e LD_PRELOAD="$SHIM" "$T/$libc/"$how -w "$T/db" "$H/fdlist" 2>&1)" "3 open $T/db"
	done
	for how in "busybox httpd" "busybox inetd" crond; do
		# shellcheck disable=SC2086 # words
		t_is "$libc: $how does not" \
			"$(spawn -e LD_PRELOAD="$SHIM" "$T/$libc/"$how -w "$T/db" "$H/fdlist" 2>&1)" ''
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

# --- given is the open file, not its number ---
shim=(-e LD_PRELOAD="$SHIM")
t_is 'what was given goes on' "$(spawn -l file "${shim[@]}" "$H/reuse" none "$H/fdlist" | cut -d' ' -f1)" 3
for how in close close_range closefrom dup2 fclose syscall_close syscall_close_range syscall_dup2 syscall_dup3; do
	t_is "what takes its number after $how is not given" \
		"$(spawn -l file "${shim[@]}" "$H/reuse" $how "$H/fdlist" 2>&1)" ''
done
for how in dup F_DUPFD dup2_away syscall_F_DUPFD syscall_dup; do
	t_is "what $how moves stays given" \
		"$(spawn -l file "${shim[@]}" "$H/reuse" $how "$H/fdlist" 2>&1 | cut -d' ' -f1)" 7
done
for how in dup3 F_DUPFD_CLOEXEC syscall_dup3 syscall_F_DUPFD_CLOEXEC; do
	for who in '' vfork_; do
		t_is "what ${who}$how saves and dup2 puts back stays given" \
			"$(spawn -l file "${shim[@]}" "$H/reuse" ${who}restored_$how "$H/fdlist" 2>&1 | cut -d' ' -f1)" 3
	done
done
# limits: moved-numbers
for to in 1024 16384; do
	t_is "... to $to" "$(prlimit --nofile=20000 -- "$H/spawn" -l file "${shim[@]}" "$H/reuse" F_DUPFD=$to "$H/fdlist" 2>&1 | cut -d' ' -f1)" $to
done
t_is 'what libc itself puts onto a number that was moved to is not' \
	"$(spawn -l file "${shim[@]}" "$H/reuse" stale "$H/fdlist" 2>&1)" ''
t_is 'what a vfork child closes its parent keeps' \
	"$(spawn -l file "${shim[@]}" "$H/reuse" vfork "$H/fdlist" 2>&1 | cut -d' ' -f1)" 3
t_is 'what a thread closes in a table of its own the process keeps' \
	"$(spawn -l file "${shim[@]}" "$H/reuse" thread "$H/fdlist" 2>&1 | cut -d' ' -f1)" 3
t_is '... and what it moves there says nothing of that number' \
	"$(spawn -l file "${shim[@]}" "$H/reuse" thread_dup "$H/fdlist" 2>&1 | cut -d' ' -f1)" 3
t_is 'what a vfork child moves stays given to it' \
	"$(spawn -l file "${shim[@]}" "$H/reuse" vfork_F_DUPFD "$H/fdlist" 2>&1 | cut -d' ' -f1)" 7
t_is '... for as long as it is there' \
	"$(spawn -l file "${shim[@]}" "$H/reuse" vfork_stale "$H/fdlist" 2>&1)" ''
t_is 'an eventfd that a vfork child closes is not the timerfd in its place' \
	"$(spawn -l eventfd "${shim[@]}" "$H/reuse" vfork_eventfd "$H/fdlist" 2>&1)" ''

# --- what a library's constructor opens is the program's own ---
cat >"$T/early.c" <<'END'
#include <fcntl.h>
__attribute__((constructor)) static void early(void) { open("/etc/passwd", O_RDONLY); }
END
if cc -shared -fPIC -o "$T/early.so" "$T/early.c" 2>"$T/err" &&
	echo 'int execv(const char *, char **); int main(int c, char **v) { return execv(v[1], v + 1) != 0 || c; }' |
	cc -w -o "$T/early" -xc - -xnone -Wl,--no-as-needed "$T/early.so" 2>>"$T/err"; then
	t_like "... without the fence" "$(spawn "$T/early" "$H/fdlist")" '^3 '
	t_is "what a library opened before main is not given" "$(spawn "${shim[@]}" "$T/early" "$H/fdlist")" ''
	t_like "... what came with it is" "$(spawn -l file "${shim[@]}" "$T/early" "$H/fdlist")" '^3 [^ ]* /etc/passwd$'
else
	t_skip "what a library opened before main is not given" "$(tail -n 1 "$T/err")"
fi

# --- its own image again: the image's own process, in the background too, and no child of it ---
line=$H/host/line
t_is 'a server in the background becomes its own image' "$(spawn "${shim[@]}" "$line" daemon)" '3 there'
for how in worker worker-twice worker-spawn worker-raw; do
	t_is "a child of it does not: $how" "$(spawn "$line" $how), $(spawn "${shim[@]}" "$line" $how)" \
		'3 there, 3 gone'
done
t_is 'what a child puts there by dup2 survives its own fork' \
	"$(spawn "${shim[@]}" "$line" placed-twice "$H/fdlist" | cut -d' ' -f1)" 9
control=$(spawn unshare -Upf --mount-proc -r "$line" namespace 2>&1)
case $control in
'3 there') t_is 'a child with its number, in a namespace below, does not' \
	"$(spawn "${shim[@]}" unshare -Upf --mount-proc -r "$line" namespace)" '3 gone' ;;
*) t_skip 'a child with its number, in a namespace below' "$control" ;;
esac

# --- what was addressed to one process is not given to its children ---
printf '#!/bin/sh\nLISTEN_PID=$$ exec "$@"\n' >"$T/for_me"
chmod 755 "$T/for_me"
# (given alone: the variable would keep it otherwise, whoever it is for)
activated() { # command...
	spawn -l listener -e LISTEN_FDS=1 -e FDFENCE_INTENT=given "${shim[@]}" "$T/for_me" "$@" 2>&1 | cut -d' ' -f1
}
t_is 'the process that LISTEN_PID names has it' "$(activated "$H/fdlist")" 3
t_is '... and what it becomes' "$(activated env nice "$H/fdlist")" 3
t_is 'a child of it does not' "$(activated "$H/leaker" "$H/fdlist")" ''
for how in dup F_DUPFD dup2_away; do
	t_is "... nor what $how has moved" "$(activated "$H/reuse" $how "$H/fdlist")" ''
done
t_is '... nor one that libc starts for it' "$(activated "$line" wordexp "$H/fdlist")" ''
t_is 'without an addressee it goes on' \
	"$(spawn -l listener -e LISTEN_FDS=1 -e FDFENCE_INTENT=given "${shim[@]}" "$H/leaker" "$H/fdlist" | cut -d' ' -f1)" 3

t_done
