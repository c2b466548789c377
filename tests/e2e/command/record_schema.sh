#!/bin/bash
# The record format: the encoder still writes version 1 byte for byte; what it writes, and what
# the documentation shows, is what docs/record.schema.json says; and the schema says something.
. "$(dirname "$0")/../lib.sh"

encode=$H/encode_records
schema=$root/docs/record.schema.json
golden=$root/tests/golden/record-v1.jsonl

/usr/bin/python3 -c 'import jsonschema' 2>/dev/null || t_skip_all "no python3-jsonschema"

# For each line of stdin "ok", or where and why it is no record.  Strict: members that the schema
# does not name are refused, which the published schema does not do.
judge() {
	/usr/bin/python3 -W ignore -c '
import json, sys
import jsonschema

def strict(node):
    if isinstance(node, dict):
        if "properties" in node and node.get("type") == "object":
            node["additionalProperties"] = False
        for child in node.values():
            strict(child)

schema = json.load(open(sys.argv[1]))
jsonschema.Draft202012Validator.check_schema(schema)
strict(schema)
check = jsonschema.Draft202012Validator(schema)
for line in sys.stdin.buffer:
    error = next(check.iter_errors(json.loads(line.decode("utf-8"))), None)
    print("%s: %s" % (list(error.path), error.message[:300]) if error else "ok")
' "$schema"
}

# Exit 0 if stdin is records and nothing else, and at least one.
valid() {
	judge | awk '$0 != "ok" { print NR ": " $0; bad = 1 } END { exit bad || !NR }'
}

t_ok "the encoder writes version 1 byte for byte" cmp "$golden" <("$encode" golden)
t_ok "golden records fit the schema" valid <"$golden"

"$encode" hostile 1 2000 >"$T/hostile"
t_ok "2,000 records of random bytes fit the schema" valid <"$T/hostile"
t_is "each of them is one line" "$(wc -l <"$T/hostile")" 2000
t_fails "none holds a control byte" grep -qP '[\x00-\x1f\x7f]' "$T/hostile"
t_is "a record's first bytes stand only where a record starts" \
	"$(grep -o '{"fdfence":' "$T/hostile" | wc -l)" 2000

sed -n '/^```json$/,/^```$/{/^```/d;p}' "$root/docs/record-format.md" | jq -c . >"$T/shown"
t_ok "the example of the documentation fits the schema" valid <"$T/shown"
t_is "it is what the encoder writes" "$(cat "$T/shown")" "$(head -n 1 "$golden" | jq -c .)"

programs=('del(.fdfence)' '.fdfence = 2' '.event = "exit"' 'del(.time)'
	'.time = "2026-11-24T11:03:34Z"' '.pid = "1"' '.pid = -1' '.host = "a\u001bb"'
	'.host = "a\\b"' '.host = ""' '.comm = "\u202e"' '.error = 2' '.event = "failed"'
	'.unknown = 1' '.argv_more = 0' '.more = 0' 'del(.fds)' 'del(.fds[0].verdict)'
	'.fds[0].verdict = "none"' '.fds[0].reason = "luck"' '.fds[0].type = "door"'
	'.fds[0].flags = []' '.fds[0].flags = ["append"]' '.fds[0].flags += ["nonblock"]'
	'.fds[0].fd = -1' '.fds[0].mode = "100888"' 'del(.fds[0].dev)' '.fds[0].dev = "8"'
	'del(.fds[0].socket.family)' '.fds[0].socket.port = 1' '.fds[0].cloexec = 0')
mapfile -t judged < <(for program in "${programs[@]}"; do
	head -n 1 "$golden" | jq -c "$program"
done | judge)
for i in "${!programs[@]}"; do
	t_like "the schema refuses ${programs[i]}" "${judged[i]:-nothing}" '^\['
done
# tests/run holds what all suites leave against the schema with this program.
printf '%s\n' '{"fdfence":1,"event":"start"}' '{"fdfence":1,"torn' >"$T/hostile.jsonl"
t_like "a record that does not fit is told, with an example" "$("$root/tests/records" "$T/hostile.jsonl"; echo $?)" \
	"1 times record: required: 'source' is a required property.*such as \{\"fdfence\".*1\$"
t_ok "golden records are taken" "$root/tests/records" "$golden"
# Each event of the shim and of the command, so that there is something to hold in a run of this alone.
spawn "$B/fdfence" run --mode deny --log "$T/all.jsonl" --log-what all -- "$H/leaker" -w "$T/x" -l -p true 2>/dev/null
t_is "there is a record of each event" "$(jq -r .event "$T/all.jsonl" | sort -u | tr '\n' ' ')" "exec failed start "
t_done
