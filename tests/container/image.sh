#!/bin/bash
# limit: 3000
# The image of packaging/Containerfile, built by podman, and what is said of it there and in
# packaging/fleet/daemonset.yaml: which capabilities `fdfence trace` needs, and that its records tell
# container and pod.  No registry is asked: the image that it is built from is made by debootstrap.
. "$(dirname "$0")/../e2e/lib.sh"
[ "$(id -u)" -eq 0 ] || t_skip_all 'only root runs containers that see the machine'
for program in podman runc debootstrap jq; do
	command -v "$program" >/dev/null || t_skip_all "no $program: make deps-container"
done
file=$root/packaging/Containerfile
MIRROR=${MIRROR:-http://deb.debian.org/debian}
store=$T/store
pod=7c2f1f6e-1f3c-4a55-9d2e-0123456789ab

# With a store of its own.  Limits are lowered for who may not raise them (RLIMIT_NPROC is 2^20 otherwise).
limits=(--ulimit nofile=1024:1024 --ulimit nproc=4096:4096)
podman=(podman --root "$store" --runroot "$T/run" --tmpdir "$T/tmp" --events-backend=none --cgroup-manager=cgroupfs --runtime=runc)
container() { timeout 120 "${podman[@]}" run --rm --pull=never --network=none "${limits[@]}" "$@"; }
end_containers() {
	"${podman[@]}" rm --all --force --time 1
	"${podman[@]}" rmi --all --force
	umount "$store/overlay" "$store"
	find /sys/fs/cgroup -depth -type d -path "*/fdfence-test-$$*" -exec rmdir {} +
} >/dev/null 2>&1
t_last=end_containers

from=$(sed -n 's/^FROM \([^ ]*\).*/\1/p' "$file" | sort -u)
t_is 'it is built from one image' "$(wc -w <<<"$from")" 1
debootstrap --variant=minbase bookworm "$T/base" "$MIRROR" >"$T/debootstrap.log" 2>&1 ||
	t_skip_all "no Debian to build from: $(tail -n 1 "$T/debootstrap.log")"
tar -C "$T/base" -c . | "${podman[@]}" import -q - "$from" >"$T/import.log" 2>&1 || t_skip_all "podman imports nothing here: $(tail -n 1 "$T/import.log")"
rm -rf --one-file-system "$T/base"
why=$(container "$from" true 2>&1) || t_skip_all "podman runs nothing here: $why"

# What is committed; a tree of which others build a part meanwhile is none to build from.
git clone -q "$root" "$T/source" 2>/dev/null || t_skip_all 'no checkout of git to build from'
version=$(sed -n 's/^VERSION *:= *//p' "$root/Makefile")
image=fdfence:$version
t_ok 'the image is built' "${podman[@]}" build -q --pull=never --network=host "${limits[@]}" -f "$T/source/packaging/Containerfile" -t "$image" "$T/source"
[ "$t_failed" -eq 0 ] || t_done
rm -rf "$T/source"
t_is 'it is of its version' "$(container "$image" --version)" "$("$B/fdfence" --version)"
t_is 'who runs it is not root' "$(container --entrypoint=id "$image" -u)" 65534

# ---- check ----
leak=(mawk 'BEGIN { print > "/tmp/leaked"; system("true") }')
said=$(container "$image" check -- "${leak[@]}" 2>&1; echo "= $?")
t_like 'check finds what leaks in the image' "$said" 'medium +/usr/bin/mawk +/usr/bin/dash .*/tmp/leaked.*= 99$'
t_like 'the line of the Containerfile' "$(container "$image" check -- sh -c 'exec 7</etc/passwd; exec ls' 2>&1; echo "= $?")" 'no leaks in 2 execs.*= 0$'
t_like 'run seals it' "$(container "$image" run -- bash -c 'exec 7</etc/passwd; exec mawk "BEGIN { getline < \"/etc/shells\"; system(\"ls /proc/self/fd\") }"' 2>&1)" '^0.1.2.[37]'

# ---- enabled in an image, where the library is cut: docs/system.md ----
lib=/usr/lib/fdfence
container --name broken --rm=false --user 0 --entrypoint=/bin/sh "$image" -c "fdfence system enable && head -c 65536 $lib/libfdfence.so >/cut && cat /cut >$lib/libfdfence.so" >"$T/enabled" 2>&1
t_like 'enable works in a container' "$(cat "$T/enabled")" "enabled: $lib/libfdfence.so"
"${podman[@]}" commit -q broken broken >/dev/null 2>&1
t_is '... and where the library is cut nothing starts' "$(container --entrypoint=/bin/true broken >/dev/null 2>&1; echo $?)" 135
t_is '... but the helper' "$(container --user 0 --entrypoint=$lib/fdfence-rescue broken 2>&1)" "disabled: $lib/libfdfence.so is no longer in /etc/ld.so.preload"
dir=$("${podman[@]}" mount broken)
t_is '... which mends one that is stopped, too' "$("$B/fdfence-rescue" "$dir")" "disabled: $lib/libfdfence.so is no longer in /etc/ld.so.preload"
t_ok '... for good' test ! -e "$dir/etc/ld.so.preload"
"${podman[@]}" umount broken >/dev/null

# ---- trace ----
# Of the filter that podman has here, with bpf(2) and perf_event_open(2) for who has the capabilities: those
# of Debian 12 know CAP_SYS_ADMIN alone.
words=$(sed -n "s/^#.*jq '\(.*\)' \/usr.*/\1/p" "$file")
jq "$words" /usr/share/containers/seccomp.json >"$T/seccomp.json"
t_ok 'the filter that the Containerfile tells of' test -s "$T/seccomp.json"
with=(--security-opt "seccomp=$T/seccomp.json" --pid=host --cap-drop=all)
added=$(sed -n 's/^#.*--cap-add=\([^ ]*\) .*trace.*/\1/p' "$file")
t_is 'it asks for two capabilities' "$added" bpf,perfmon
tracing=$("$B/fdfence" trace -q -- true 2>&1) || tracing=${tracing:-no}
if [ -n "$tracing" ]; then
	t_skip 'trace in a container' "no tracing here: $tracing"
	t_done
fi
traces() { # capabilities
	container "${with[@]}" ${1:+--cap-add="$1"} "$image" trace -q --summary --duration 1 -o /dev/null 2>&1
	echo "= $?"
}
t_is 'trace runs with both' "$(traces bpf,perfmon)" '= 0'
t_like '... not without perfmon' "$(traces bpf)" 'missing here: CAP_PERFMON\..*= 125'
t_like '... not without bpf' "$(traces perfmon)" 'missing here: CAP_BPF\..*= 125'
t_like '... nor without either' "$(traces '')" 'missing here: CAP_BPF and CAP_PERFMON\..*= 125'

# ---- the container of Kubernetes ----
daemonset() { # what
	/usr/bin/python3 - "$root/packaging/fleet/daemonset.yaml" "$1" <<-'END'
	import sys, yaml
	pod = yaml.safe_load(open(sys.argv[1]))["spec"]["template"]["spec"]
	[container] = pod["containers"]
	context = container["securityContext"]
	if sys.argv[2] == "args":
	    print(*container["args"])
	else:
	    host = {volume["name"]: volume["hostPath"]["path"] for volume in pod["volumes"]}
	    assert pod["hostPID"] and context["readOnlyRootFilesystem"] and not context["privileged"] and not context["allowPrivilegeEscalation"]
	    print("--pid=host --read-only --security-opt no-new-privileges --user", context["runAsUser"], "--memory", container["resources"]["limits"]["memory"].rstrip("i"),
	        *("--cap-drop=" + name.lower() for name in context["capabilities"]["drop"]), *("--cap-add=" + name.lower() for name in context["capabilities"]["add"]),
	        *("-v NODE" + host[mount["name"]] + ":" + mount["mountPath"] for mount in container["volumeMounts"]))
	END
}
if ! /usr/bin/python3 -c 'import yaml' 2>/dev/null; then
	t_skip 'the container of daemonset.yaml' 'no python3-yaml on this machine'
	t_done
fi
mkdir -p "$T/node/var/log/fdfence-trace"
read -r -a options < <(daemonset options | sed "s|NODE|$T/node|g")
read -r -a args < <(daemonset args)
t_diag "podman run ${options[*]} $image ${args[*]}"
log=$T/node/var/log/fdfence-trace/trace.jsonl
container --name tracer --security-opt "seccomp=$T/seccomp.json" "${options[@]}" "$image" "${args[@]}" >"$T/tracer" 2>&1 &
leaks() { # tells its number
	rm -f "$T/id"
	container --cidfile "$T/id" --cgroup-parent="/fdfence-test-$$/pod$pod" --entrypoint="${leak[0]}" "$image" "${leak[@]:1}" >/dev/null 2>&1
	[ -n "$(told .exe)" ]
}
told() { # jq
	jq -r "select(.container == \"$(cat "$T/id")\") | $1" "$log" 2>/dev/null
}
t_ok 'the container of daemonset.yaml tells what leaks in another' t_until leaks
t_diag "$(cat "$T/tracer")"
t_is '... which program, into which, and what' "$(told '"\(.exe) \(.into) \(.fds[].target)"')" '/usr/bin/mawk /usr/bin/dash /tmp/leaked'
t_is '... and in which pod' "$(told .pod)" "$pod"
t_ok '... and ends when it is told to' "${podman[@]}" stop -t 20 tracer
t_done
