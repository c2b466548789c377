#!/bin/bash
# limit: 240
# check --origins: each leak with the place that opened it.
. "$(dirname "$0")/../lib.sh"
F=$B/fdfence

cat >"$T/leak.c" <<'C'
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
static __attribute__((noinline)) int open_here(void)
{
	int fd = open("/etc/passwd", O_RDONLY); /* HERE */

	return fd;
}
static __attribute__((noinline)) int open_there(void)
{
	int fd = open("/etc/hosts", O_RDONLY); /* THERE */

	return fd;
}
static void handler(int sig) { (void)sig; open_here(); }
static void *thread(void *arg) { (void)arg; open_here(); return NULL; }
static void start(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		execl("/bin/true", "true", (char *)NULL);
		_exit(127);
	}
	waitpid(pid, NULL, 0);
}
int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	int fd = -1;
	pthread_t t;

	if (!strcmp(what, "open")) fd = open_here();
	if (!strcmp(what, "fopen")) fopen("/etc/passwd", "r"); /* FOPEN */
	if (!strcmp(what, "epoll")) epoll_create1(0); /* EPOLL */
	if (!strcmp(what, "dup")) { fd = open_here(); fcntl(fd, F_SETFD, FD_CLOEXEC); fd = dup(fd); /* DUP */ dup2(fd, 50); close(fd); }
	if (!strcmp(what, "signal")) { signal(SIGUSR1, handler); raise(SIGUSR1); }
	if (!strcmp(what, "thread")) { pthread_create(&t, NULL, thread, NULL); pthread_join(t, NULL); }
	if (!strcmp(what, "vfork")) { fd = open_here(); pid_t p = vfork(); if (!p) { execl("/bin/true", "true", (char *)NULL); _exit(127); } waitpid(p, NULL, 0); return 0; }
	if (!strcmp(what, "vfork-opens")) { pid_t p = vfork(); if (!p) { open_here(); execl("/bin/true", "true", (char *)NULL); _exit(127); } waitpid(p, NULL, 0); return 0; }
	if (!strcmp(what, "fork")) { fd = open_here(); if (fork()) { wait(NULL); return 0; } }
	if (!strcmp(what, "reused")) { close(open_here()); FILE *f = fopen("/etc/hosts", "r"); (void)f; /* ITS OWN */ }
	if (!strcmp(what, "behind")) { fd = open_here(); syscall(SYS_close, fd); syscall(SYS_openat, AT_FDCWD, "/etc/hosts", O_RDONLY); }
	if (!strcmp(what, "far")) { fd = open_here(); dup2(fd, fd + 4096); }
	if (!strcmp(what, "turns")) {
		for (int i = 0; i < 4; i++)
			if (i % 2)
				open_here();
			else
				open_there();
	}
	errno = 0;
	if (open("/nowhere", O_RDONLY) >= 0 || errno != ENOENT)
		return 3;
	if (close(-1) != -1 || errno != EBADF)
		return 4;
	start();
	return 0;
}
C
line() { grep -n "$1" "$T/leak.c" | head -n 1 | cut -d: -f1; }
build() { gcc -pthread -w "${@:2}" -o "$T/$1" "$T/leak.c" || exit 1; }
build leak -g -O1
build pie -g -O1 -pie -fPIE
build fixed -g -O1 -no-pie
build stripped -O1 -s
build symbols -O1

how=()
leaks() { # program words...
	"$F" check --origins "${how[@]}" --error-exitcode 0 --format=json -o "$T/json" -- "$@" >"$T/out" 2>&1
	jq -r '.causes[] | .opened_at // "not seen"' "$T/json"
}
here="leak.c:$(line HERE) (open_here)"
short() { sed "s,$T/,,g"; }

for program in leak pie fixed; do
	t_is "$program: file, line and function" "$(leaks "$T/$program" open | short)" "$here"
done
t_like "stripped: module and offset" "$(leaks "$T/stripped" open)" '^stripped\+0x[0-9a-f]+$'
t_like "symbols alone: function and offset" "$(leaks "$T/symbols" open)" '^open_here\+0x[0-9a-f]+$'
t_is "fopen" "$(leaks "$T/leak" fopen | short)" "leak.c:$(line FOPEN) (main)"
t_is "epoll" "$(leaks "$T/leak" epoll | short)" "leak.c:$(line EPOLL) (main)"
t_is "a copy of a copy names both ends" "$(leaks "$T/leak" dup | short)" "$here, dup2 at leak.c:$(line 'DUP \*/') (main)"
t_is "... and how often" "$(jq -r '.causes[0].origin | "\(.relay) \(.hops)"' "$T/json")" "dup2 2"
t_is "in a signal handler" "$(leaks "$T/leak" signal | short)" "$here"
t_is "in a thread" "$(leaks "$T/leak" thread | short)" "$here"
t_is "... which is another than the first" "$(jq '.causes[0].origin | .pid != .tid' "$T/json")" true
t_is "a child of vfork hands on what its parent opened" "$(leaks "$T/leak" vfork | short)" "$here"
t_is "what a child of vfork opens is not seen" "$(leaks "$T/leak" vfork-opens | short)" "not seen"
t_is "a child of fork, too" "$(leaks "$T/leak" fork | short)" "$here"
t_is "... and it was the parent" "$(jq '.causes[0] | .origin.pid != .first.pid' "$T/json")" true
t_is "a number that was used again is the later one" "$(leaks "$T/leak" reused | short)" "leak.c:$(line 'ITS OWN') (main)"
t_is "... and is not seen where nobody saw it" "$(leaks "$T/leak" behind | short)" "not seen"
t_is "two callers by turns, at one place of the stack" "$(leaks "$T/leak" turns | short | sort)" \
	"$(printf '%s\n' "$here" "leak.c:$(line THERE) (open_there)")"
t_is "... each of them twice" "$(jq -c '[.causes[].times]' "$T/json")" "[2,2]"
if ulimit -n 5000 2>/dev/null; then
	t_like "what was evicted is said" "$(leaks "$T/leak" far | sort)" "forgotten for a later one"
else
	t_skip "what was evicted is said" "fewer than 5000 files may be open here"
fi
if command -v musl-gcc >/dev/null; then
	musl-gcc -w -pthread -o "$T/musl" "$T/leak.c" || exit 1
	t_is "musl: the program runs, and the call is told" "$(leaks "$T/musl" fopen) $(jq .status "$T/json")" "fopen 0"
	t_is "... below a program with glibc, too" "$(leaks sh -c "'$T/musl' thread; exit 5") $(jq .status "$T/json")" "open 5"
else
	t_skip "musl: the program runs, and the call is told" "no musl-gcc"
fi
leaks "$T/leak" open >/dev/null
t_is "the stack goes up to main" "$(jq -r '.causes[0].origin.opened[1]' "$T/json" | sed 's/.*(\(.*\))/\1/')" main
t_is "errno is as libc left it" "$(jq .status "$T/json")" 0

"$F" check --origins --format=sarif -o "$T/sarif" -- "$T/leak" open >/dev/null 2>&1
t_is "sarif: the result lies in the source" \
	"$(jq -r '.runs[0].results[0].locations[0].physicalLocation | "\(.artifactLocation.uri) \(.region.startLine)"' "$T/sarif" | short)" \
	"file://leak.c $(line HERE)"
(cd "$T" && "$F" check --origins --format=sarif -o s --format=github -o h --format=gitlab -o l --format=junit -o j --format=markdown -o m -- ./leak open) >/dev/null 2>&1
t_is "... from where the job runs, if it lies there: sarif" \
	"$(jq -r '.runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri' "$T/s")" leak.c
t_like "... github" "$(<"$T/h")" "^::[a-z]+ file=leak\.c,line=$(line HERE),title="
t_is "... gitlab" "$(jq -r '.[0].location | "\(.path) \(.lines.begin)"' "$T/l")" "leak.c $(line HERE)"
t_like "... junit" "$(<"$T/j")" "opened at [^ ]*leak\.c:$(line HERE) \(open_here\)"
t_like "... markdown" "$(<"$T/m")" "leak\.c&#58;$(line HERE) &#40;open&#95;here&#41;"
"$F" check --format=json -o "$T/json" -- "$T/leak" open >/dev/null 2>&1
t_like "explain says it under the verdict" "$("$F" explain --origins -- "$T/leak" open 2>&1 | short)" \
	"opened at leak\\.c:$(line HERE) \\(open_here\\)"
"$F" run --origins --log "$T/log" -- "$T/leak" open
t_is "run: the record in the log has it" "$(jq -r '.fds[] | .origin.call // empty' "$T/log" | sort -u)" open
told() { "$F" report --format=json "$T/log" | jq -r '.causes[].opened_at // "not seen"' | short | sort -u; }
t_is "report: file, line and function" "$(told)" "$here"
cp "$T/leak" "$T/as_it_was"
sed '1i\/* another version */' "$T/leak.c" | gcc -pthread -w -g -O1 -xc -o "$T/leak" - || exit 1
t_like "... and none once the program is another one" "$(told)" '^leak\+0x[0-9a-f]+$'
mv "$T/as_it_was" "$T/leak"
t_is "without --origins there is none" "$(jq '.causes[0] | has("origin")' "$T/json")" false
"$F" check --origins --supervise -- true >"$T/out" 2>&1
t_is "--supervise alone has no library to ask" "$? $(cat "$T/out")" \
	"125 fdfence: --origins needs the library in the programs: --supervise=auto, or without"

# --- debug information of another machine ---
if command -v debuginfod >/dev/null; then
	mkdir "$T/debug"
	cp "$T/leak" "$T/bare"
	objcopy --only-keep-debug "$T/leak" "$T/debug/leak.debug"
	strip -s "$T/bare"
	t_like "without debug information: module and offset" "$(leaks "$T/bare" open)" '^bare\+0x'
	port=$(/usr/bin/python3 "$root/tests/helpers/free_port.py")
	debuginfod -d "$T/debug.sqlite" -p "$port" -F "$T/debug" >"$T/debuginfod" 2>&1 &
	server=$!
	build=$(readelf -n "$T/bare" | sed -n 's/.*Build ID: //p')
	t_until curl -sf -o /dev/null "http://127.0.0.1:$port/buildid/$build/debuginfo"
	t_is "debuginfod: file, line and function" \
		"$(DEBUGINFOD_URLS=http://127.0.0.1:$port DEBUGINFOD_CACHE_PATH=$T/cache leaks "$T/bare" open | short)" "$here"
	kill "$server"
	wait "$server"
else
	t_skip "debuginfod: file, line and function" "no debuginfod"
fi

if command -v php >/dev/null; then
	printf '<?php\n\n$f = fopen("/etc/passwd", "r");\nsystem("true");\n' >"$T/job.php"
	t_is "PHP: file and line" "$(leaks php "$T/job.php" | short | grep "^job.php")" "job.php:3"
else
	t_skip "PHP: file and line" "no php"
fi
# The listener of a worker was opened by its master.
. "$root/tests/e2e/fpm.bash"
if [ -n "$fpm" ] && [ "$(id -u)" = 0 ] && command -v cgi-fcgi >/dev/null; then
	chmod 711 "$T"
	fpm_conf "$T" "$T/fpm.sock" 1 'user = nobody' >"$T/fpm.conf"
	chmod 644 "$T/job.php"
	"$F" check --origins --error-exitcode 0 --format=json -o "$T/json" -- \
		timeout 60 "$fpm" -n -F -y "$T/fpm.conf" >"$T/out" 2>&1 &
	check=$!
	t_until test -S "$T/fpm.sock" -a -s "$T/fpm.pid"
	master=$(cat "$T/fpm.pid")
	listener=$(awk -v path="$T/fpm.sock" '$NF == path { print "socket:[" $7 "]"; exit }' /proc/net/unix)
	flags=0
	worker=$(awk '{ print $1 }' "/proc/$master/task/$master/children")
	for fd in "/proc/$worker/fd"/*; do
		[ "${fd##*/}" -le 2 ] || [ "$(readlink "$fd")" != "$listener" ] ||
			flags=$(awk '/^flags:/ { print $2 }' "/proc/$worker/fdinfo/${fd##*/}")
	done
	SCRIPT_FILENAME=$T/job.php REQUEST_METHOD=GET QUERY_STRING='' \
		timeout 20 cgi-fcgi -bind -connect "$T/fpm.sock" </dev/null >"$T/answer" 2>&1
	kill -TERM "$master"
	wait "$check"
	t_like "php-fpm: the script's file and line" "$(jq -r '.causes[].opened_at' "$T/json" | short)" "job.php:3"
	if ((8#$flags & 8#2000000)); then
		t_skip "php-fpm: the listener is its master's" 'this one has it close-on-exec, as from PHP 8.4 on'
	else
		t_is "php-fpm: the listener is its master's" \
			"$(jq '.causes[] | select(.type == "listener") | .origin.pid' "$T/json")" "$master"
	fi
else
	t_skip "php-fpm: file and line, and whose the listener is" "no php-fpm, no cgi-fcgi, or not root"
fi
# Ruby and Perl open close-on-exec; who clears that means it, unless that counts for nothing.
how=(--intent=-act)
if command -v ruby >/dev/null; then
	printf '\ndef opens\n  File.open("/etc/passwd")\nend\nf = opens\nf.close_on_exec = false\nsystem("true")\n' >"$T/job.rb"
	t_is "Ruby: file and line" "$(leaks ruby "$T/job.rb" | short | sort -u)" "job.rb:3"
else
	t_skip "Ruby: file and line" "no ruby"
fi
# A number above $^F is close-on-exec.
printf '$^F = 99;\nwhile (<STDIN>) { last }\n\nopen(my $f, "<", "/etc/passwd"); my $n = do { 1 };\nsystem("true");\n' >"$T/job.pl"
t_is "Perl: file and line, whatever was read last" "$(leaks perl "$T/job.pl" </etc/hosts | short | sort -u)" "job.pl:4"
handler=$'sub {\n open(my $f, "<", "/etc/passwd");\n system("true") }'
printf '$^F = 99;\n$SIG{USR1} = %s;\nkill USR1 => $$;\n' "$handler" >"$T/later.pl"
printf '$^F = 99; use POSIX;\nsigaction(SIGUSR1, POSIX::SigAction->new(%s));\nkill USR1 => $$;\n' "$handler" >"$T/at_once.pl"
t_is "Perl: in a handler that it has put off" "$(leaks perl "$T/later.pl" | short | sort -u)" "later.pl:3"
t_like "Perl: not in one that interrupts it" "$(leaks perl "$T/at_once.pl" | short | sort -u)" '^PerlIOUnix_open\+0x|^perl\+0x'
how=()
python=/usr/bin/python3
if [ -x $python ]; then
	printf 'import os\n\nf = os.open("/etc/passwd", os.O_RDONLY)\nos.dup2(f, 9)\nos.system("true")\n' >"$T/job.py"
	t_like "Python: file and line" "$(leaks $python "$T/job.py" | short)" "^job.py:3, dup2 at "
else
	t_skip "Python: file and line" "no $python"
fi
t_done
