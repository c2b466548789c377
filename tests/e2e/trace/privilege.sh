#!/bin/bash
# fdfence trace: two capabilities are enough, they are given up after loading,
# and what is missing is named.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/e2e/trace/lib.bash
. "$(dirname "$0")/lib.bash"

trace_or_skip
[ "$(id -u)" = 0 ] || t_skip_all "not root"
# Another user has to reach them.
cp "$B/fdfence" "$H/trace/opens" "$T/" && chmod 755 "$T" "$T/fdfence" "$T/opens"

as() { # capabilities command...
	local caps=$1
	shift
	setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps="-all$caps" \
		--ambient-caps="-all$caps" "$@" </dev/null 2>&1
}

t_like "CAP_BPF and CAP_PERFMON are enough" \
	"$(as ,+bpf,+perfmon "$T/fdfence" trace -q -- "$T/opens" true)" 'true +leaked +low +3 +file r +/etc/passwd'
t_like "... for sealed ones too" \
	"$(as ,+bpf,+perfmon "$T/fdfence" trace -q --show would -- "$T/opens" -r 4 true)" \
	'true +would +low[+] +3 +file r +/etc/passwd'
t_like "... with RLIMIT_MEMLOCK=0" \
	"$(as ,+bpf,+perfmon prlimit --memlock=0 "$T/fdfence" trace -q -- "$T/opens" true)" \
	'true +leaked +low +3 +file r +/etc/passwd'
# Two processes of that user, fdfence and CMD: the third task would be the thread that reads.
t_is "without a thread to read with CMD does not run" "$(setpriv --reuid=64321 --regid=65534 --clear-groups \
	--inh-caps=-all,+bpf,+perfmon --ambient-caps=-all,+bpf,+perfmon prlimit --nproc=2 \
	"$T/fdfence" trace -q -- echo ran </dev/null 2>&1; echo "= $?")" \
	$'fdfence: trace: cannot start a thread: Resource temporarily unavailable\n= 125'
t_like "without CAP_PERFMON the message names it" \
	"$(as ,+bpf "$T/fdfence" trace -- true)" 'missing here: CAP_PERFMON\.'
t_like "without CAP_BPF the message names it" \
	"$(as ,+perfmon "$T/fdfence" trace -- true)" 'missing here: CAP_BPF\.'
t_like "without any the message names both" \
	"$(as "" "$T/fdfence" trace -- true)" 'missing here: CAP_BPF and CAP_PERFMON\.'
t_like "with both, where bpf(2) is denied, the message says by whom" \
	"$(spawn "$H/supervise/filters" bpf EPERM "$T/fdfence" trace -- true 2>&1)" \
	'although the capabilities are there: a seccomp filter or an LSM forbids it'
as "" "$T/fdfence" trace -- true >/dev/null
t_is "... and the status is 125" "$?" 125
if unshare -Ur true 2>/dev/null; then
	t_like "root of a user namespace is told why not" \
		"$(setpriv --reuid=65534 --regid=65534 --clear-groups unshare -Ur "$T/fdfence" trace -- true 2>&1)" \
		'capabilities of a user namespace do not count'
	cat >"$T/identity.py" <<-'END'
	import ctypes, os, sys
	ready, go = os.pipe(), os.pipe()
	pid = os.fork()
	if not pid:
	    ctypes.CDLL(None).unshare(0x10000000) # CLONE_NEWUSER
	    os.write(ready[1], b"x")
	    os.read(go[0], 1)
	    os.execvp(sys.argv[1], sys.argv[1:])
	os.read(ready[0], 1)
	for name in "uid_map", "gid_map":
	    open(f"/proc/{pid}/{name}", "w").write("0 0 4294967295")
	os.write(go[1], b"x")
	sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
	END
	t_like "... and of one in which each number is its own" \
		"$(spawn /usr/bin/python3 "$T/identity.py" "$T/fdfence" trace -- true 2>&1)" \
		'capabilities of a user namespace do not count'
else
	t_skip "root of a user namespace is told why not" "no user namespaces here"
fi

# There a process has another number than the one that the kernel side looks for.
for what in "-- true" "--pid 1"; do
	# shellcheck disable=SC2086 # words
	t_like "trace $what from another pid namespace is refused" \
		"$(unshare -pf --mount-proc "$B/fdfence" trace $what 2>&1; echo "= $?")" \
		"by the kernel's own process numbers, .*"$'\n= 125$'
done
t_like "... the whole system is traced from there" \
	"$(unshare -pf --mount-proc "$B/fdfence" trace --duration 1 2>&1; echo "= $?")" $'= [03]$'

"$B/fdfence" trace -q --pid $$ --duration 200 >/dev/null 2>&1 &
tracer=$!
attached "$tracer"
t_is "after loading no capability is left" \
	"$(sed -n 's/^Cap\(Prm\|Eff\|Inh\):\t//p' "/proc/$tracer/status" | sort -u)" 0000000000000000
kill -INT "$tracer"
wait "$tracer"
t_is "... and the command still ends well" "$?" 0
# shellcheck disable=SC2016 # for the traced shell
t_is "the traced command keeps its own" \
	"$(spawn "$B/fdfence" trace -q -- sh -c 'grep CapEff /proc/$$/status')" \
	"$(spawn sh -c 'grep CapEff /proc/$$/status')"
t_done
