#!/bin/bash
# limit: 400
# The quick scenarios of tests/wild/, one case each; what must turn the runner red does.
. "$(dirname "$0")/../lib.sh"
[ "$(id -u)" -eq 0 ] || t_skip_all 'the sandbox of tests/wild needs root'
"$root/tests/wild/sandbox" "$T" true 2>/dev/null || t_skip_all 'this machine gives no namespaces, or no overlayfs'

fakes=$T/wild
mkdir "$fakes" && cp "$root/tests/wild/lib.bash" "$fakes/"
fake() { # name; the body on stdin
	{ printf '%s\n' '#!/bin/bash' '# packages: dpkg' '# version: echo 1.0' '# says: ^it works$' \
		"$2" '. "$(dirname "$0")/lib.bash"' 'echo it works'; cat; } >"$fakes/$1.sh"
}
run() { # name; sets out, status
	out=$(FDF_WILD=$fakes "$root/tests/wild/run" "$@" 2>&1)
	status=$?
}
cp "$H/fdlist" "$H/leaker" "$fakes/" 2>/dev/null
fake same '' <<<'sh -c "echo hello"'
run same
t_like 'the same, without leaks' "$status $out" $'^0 ok +same +1.0: same, 0 leaks\n1 passed'
fake differs '' <<<"mawk 'BEGIN { getline <\"/etc/passwd\"; system(\"cd /proc/self/fd; test -e 3; echo \$?\") }'"
run differs
t_like 'what the fence changes' "$status $out" '^1 FAILED differs .*fenced differs'
fake leaks '' <<<"mawk 'BEGIN { getline <\"/etc/passwd\"; system(\"true\") }'"
run leaks
t_like 'a leak that nobody has looked at' "$status $out" $'^1 FAILED leaks .*same, 1 leaks\n +nobody has looked at: mawk > (dash|sh): file r, low .world-readable.\n'
fake known '# leak: ^mawk > .*: file -- what it reads' <<<"mawk 'BEGIN { getline <\"/etc/passwd\"; system(\"true\") }'"
run known
t_like 'one that somebody has' "$status $out" '^0 ok +known .*same, 1 leaks'
fake unseen '' <<'S'
[ -z "${FDFENCE_LOG:-}" ] || echo "${FDFENCE_LOG_KEY}no record" | socat -u - "ABSTRACT-SENDTO:${FDFENCE_LOG#@}"
S
run unseen
t_like 'a report that says that it lacks something' "$status $out" $'^1 FAILED unseen .*\n +nobody has looked at: check: datagrams_refused 1'
sed -i 's/^echo it works$/echo it does not/' "$fakes/same.sh"
run same
t_like 'a program that does not work plain' "$status $out" '^1 FAILED same .*does not work plain'

while read -r word name text; do
	case $word in
	ok) t_pass "$name" ;;
	skip) t_skip "$name" "$text" ;;
	FAILED) t_fail "$name" "$text" ;;
	*) [[ $word =~ ^[0-9]+$ ]] || t_diag "$word $name $text" ;;
	esac
done < <("$root/tests/wild/run" -q 2>&1)
t_done
