#!/bin/bash
# What leaks on a host as metrics: the line of packaging/fleet/fdfence-metrics.service writes a file,
# node_exporter shows it, Prometheus scrapes that, and an alert fires and clears.
. "$(dirname "$0")/lib.bash"
need prometheus promtool prometheus-node-exporter curl jq php logrotate
files=$root/packaging/fleet
log=$T/log/fdfence.jsonl
mkdir "$T/log" "$T/prom" "$T/data"

metrics() { # the line of the unit
	local line
	line=$(sed -n "s|/usr/bin/fdfence|$T/bin/fdfence|; s|/var/lib/prometheus/node-exporter|$T/prom|; s|/var/log/fdfence|$T/log|
		s/^ExecStart=//p" "$files/fdfence-metrics.service")
	eval "$line"
}
leak() { # into how many programs a listener leaks
	spawn "${fence[@]:0:2}" --mode report --log "$log" --log-what all -- php -n -r "$(sed 1d "$root/tests/helpers/leak.php")" listener "$1"
}

leak 0
t_ok 'the line of the unit writes metrics' metrics
t_ok '... that promtool has nothing against' promtool check metrics <"$T/prom/fdfence.prom"
t_is '... where nothing leaks, 0' "$(grep 'outcome="leaked",severity="high"' "$T/prom/fdfence.prom")" \
	'fdfence_severity_leaks{outcome="leaked",severity="high"} 0'
t_ok 'promtool takes the rules' promtool check rules "$files/prometheus-rules.yml"

# A host whose metrics grow old, and one that is gone after ten minutes, exporter and all.
cat >"$T/silent.yml" <<END
rule_files: [$files/prometheus-rules.yml]
evaluation_interval: 1m
tests:
  - interval: 1m
    input_series:
      - {series: 'node_textfile_mtime_seconds{instance="old", file="/p/fdfence.prom"}', values: '0x700'}
      - {series: 'node_textfile_mtime_seconds{instance="gone", file="/p/fdfence.prom"}', values: '0x10 _x690'}
      - {series: 'node_textfile_mtime_seconds{instance="well", file="/p/fdfence.prom"}', values: '0+60x700'}
    alert_rule_test:
      - {eval_time: 170m, alertname: FdfenceSilent}
      - eval_time: 10h
        alertname: FdfenceSilent
        exp_alerts:
          - exp_labels: {instance: old, file: /p/fdfence.prom}
            exp_annotations: {summary: "old: nothing from fdfence for 10h 0m 0s"}
          - exp_labels: {instance: gone, file: /p/fdfence.prom}
            exp_annotations: {summary: "gone: nothing from fdfence for 10h 0m 0s"}
END
t_ok 'a host that says nothing is told, one that is gone, too' promtool test rules "$T/silent.yml"

# Minutes become a second.
exporter=127.0.0.1:$(free_port)
server=127.0.0.1:$(free_port)
sed -e 's/for: 1m/for: 1s/' "$files/prometheus-rules.yml" >"$T/rules.yml"
sed -e 's/interval: 1m/interval: 1s/' -e "s|/etc/prometheus/rules/fdfence.yml|$T/rules.yml|; s|localhost:9100|$exporter|" \
	"$files/prometheus.yml" >"$T/prometheus.yml"
t_ok 'promtool takes the configuration' promtool check config "$T/prometheus.yml"
prometheus-node-exporter --collector.disable-defaults --collector.textfile --collector.textfile.directory="$T/prom" \
	--web.listen-address="$exporter" >"$T/exporter.log" 2>&1 &
pids=($!)
prometheus --config.file="$T/prometheus.yml" --storage.tsdb.path="$T/data" --web.listen-address="$server" \
	>"$T/prometheus.log" 2>&1 &
pids+=($!)
end_metrics() {
	kill "${pids[@]}" && wait "${pids[@]}"
} 2>/dev/null
t_last=end_metrics

asks() { # query: its values
	curl -s --get "http://$server/api/v1/query" --data-urlencode "query=$1" | jq -r '.data.result[].value[1]'
}
scraped() { [ "$(asks 'fdfence_severity_leaks{outcome="leaked",severity="high"}')" = "$1" ]; }
alerts() { curl -s "http://$server/api/v1/alerts" | jq -r '.status, (.data.alerts[] | .state + " " + .labels.alertname)'; }
fires() { [ "$(alerts)" = $'success\nfiring FdfenceLeak' ]; }
is_calm() { [ "$(alerts)" = success ]; }
t_ok 'Prometheus has what the exporter shows' wait_for 60 scraped 0
t_is '... and no alert' "$(alerts)" success

leak 3
t_ok 'three leaks' metrics
t_ok '... are there' wait_for 60 scraped 3
t_ok '... and the alert fires' wait_for 60 fires
t_like '... with the program that leaks' \
	"$(curl -s --get "http://$server/api/v1/query" --data-urlencode 'query=fdfence_leaks' | jq -r '.data.result[].metric.exe')" '/php'

# Whatever a machine's logrotate.conf says for all.
mkdir "$T/old"
{
	printf 'dateext\nstart 0\ncopytruncate\nolddir %s\n' "$T/old"
	sed "s|/var/log/fdfence|$T/log|; s/root root/$(id -un) $(id -gn)/" "$files/logrotate.conf"
} >"$T/logrotate.conf"
rotate() { logrotate -f -s "$T/logrotate.state" "$T/logrotate.conf"; }
file=$(stat -c %i "$log")
t_ok 'the log is rotated' rotate
t_is '... by a rename, and lies beside the new one' "$(stat -c %i "$log.1")" "$file"
leak 0
t_ok 'mended' metrics
t_is '... what leaked before is still told' "$(grep '^fdfence_severity_leaks{outcome="leaked",severity="high"' "$T/prom/fdfence.prom")" \
	'fdfence_severity_leaks{outcome="leaked",severity="high"} 3'
rotate
leak 0
t_ok '... and rotated once more' metrics
t_ok '... the alert clears' wait_for 60 is_calm
t_done
