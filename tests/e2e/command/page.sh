#!/bin/bash
# limit: 240
# fdfence report --html in a browser: what is in the page, that it does what it says, and that no
# name that somebody chose becomes a part of it.
. "$(dirname "$0")/../lib.sh"
F=$B/fdfence
cd "$T" || exit 1
command -v chromium >/dev/null || t_skip_all "no chromium"

line() { # EXE INTO TYPE TARGET SEVERITY DANGER [VERDICT]: a record with one leak, of a process of its own
	pid=$((${pid:-100} + 1))
	printf '{"fdfence":1,"event":"exec","source":"shim","time":"2026-11-26T01:00:00.000000000Z","host":"h","boot_id":"b","pid":%d,"exe":"%s","into":"%s","entry":"execve","argv":["x","%s"],"fds":[{"fd":5,"type":"%s","target":"%s","flags":["rdwr"],"cloexec":false,"verdict":"%s","reason":"default","severity":"%s","danger":"%s"}]}\n' \
		$pid "$1" "$2" "$4" "$3" "$4" "${7:-report}" "$5" "$6"
}
{
	line /usr/bin/make /usr/bin/sh file /srv/a.db medium writable
	line /usr/bin/make /usr/bin/sh file /srv/a.db medium writable
	line /usr/bin/sh /usr/bin/cc dir /srv/jail critical outside-root seal
	line /usr/bin/cc /usr/bin/cc chr /dev/kvm high device
	line /usr/bin/cc /usr/bin/make chr /dev/null low harmless
} >hostile_few.jsonl
# In the page itself, at its end: what a person would do.  What comes of it goes into #result.
drive() { # PAGE SCRIPT
	/usr/bin/python3 - "$1" "$2" <<-'END'
	import sys
	page = open(sys.argv[1]).read()
	head, sep, tail = page.rpartition("</body>")
	open(sys.argv[1] + ".driven.html", "w").write(head + """<pre id=result></pre><script>
	const out = (...x) => document.getElementById("result").append(x.join(" ") + "\\n");
	const key = (k, at) => (at || document.activeElement).dispatchEvent(new KeyboardEvent("keydown", { key: k, bubbles: true }));
	const type = s => { $("filter").value = s; $("filter").dispatchEvent(new Event("input")); };
	const rows = () => [...document.querySelectorAll("tr.finding")];
	const whats = () => rows().map(r => r.querySelector(".what").textContent).join(" ");
	""" + sys.argv[2] + "</script>" + sep + tail)
	END
}
dom() { # URL
	timeout 100 chromium --headless --no-sandbox --disable-gpu --user-data-dir="$T/chromium" \
		--allow-file-access-from-files --virtual-time-budget=5000 --dump-dom "$1" 2>/dev/null
}
result() { /usr/bin/python3 -c '
import html, re, sys
print(html.unescape(re.search(r"<pre id=\"result\">(.*?)</pre>", sys.stdin.read(), re.S).group(1)), end="")'; }

# --- one file, and nothing else ---
"$F" report -q --html few.html hostile_few.jsonl >/dev/null
t_is "the page is written" "$?" 0
t_is "it names no other place" "$(grep -oE '(https?:)?//[a-z][^ "]*|@import|url\(|src=' few.html | grep -v w3.org/2000/svg)" ""
t_like "and may load nothing" "$(cat few.html)" "Content-Security-Policy\" content=\"default-src 'none'"

# --- what is in it, and what it does ---
drive few.html '
out($("headline").textContent);
out(document.title);
out(whats());
out([...document.querySelectorAll("#graph .edge[role]")].map(e => e.getAttribute("class") + ":" + e.getAttribute("aria-label").replace(/\/usr\/bin\//g, "")).sort().join("; "));
const widths = Object.fromEntries([...document.querySelectorAll("#graph .edge[role]")].map(e => [e.getAttribute("aria-label"), e.querySelector("path").getAttribute("stroke-width")]));
out("two are wider than one", Number(widths["/usr/bin/make into /usr/bin/sh: 2 leaks, medium"]) > Number(widths["/usr/bin/sh into /usr/bin/cc: 1 leak, critical, stopped"]));
type("JAIL"); out("typed:", whats(), "|", $("count").textContent, location.hash);
type("from:cc -null"); out("fields:", whats());
type("severity:low,medium"); out("severities:", whats());
type("outcome:sealed"); out("sealed:", whats());
type("nothing of it"); out("none:", $("count").textContent);
type("");
document.querySelector("th[data-key=what] button").click(); out("by what:", whats(), location.hash);
document.querySelector("th[data-key=what] button").click(); out("down:", whats(), location.hash);
document.querySelector("th[data-key=severity] button").click(); out("again:", whats(), location.hash);
document.activeElement.blur();
key("/"); out("/", document.activeElement.id);
type("kvm"); key("Escape"); out("Escape:", rows().length, document.activeElement === document.body);
key("j", document.body); key("j"); out("j j:", document.activeElement.querySelector(".what").textContent);
key("k"); out("k:", document.activeElement.querySelector(".what").textContent);
const id = document.activeElement.id;
key("Enter"); out("Enter:", document.activeElement.getAttribute("aria-expanded"), location.hash === "#open=" + id);
out([...document.querySelectorAll("tr.more dd")].map(d => d.textContent).join("|"));
key("Enter"); out("Enter:", document.querySelectorAll("tr.more").length, location.hash);
document.querySelector(".chips button.high").click(); out("chip:", whats(), $("filter").value);
document.querySelector(".chips button.high").click(); out("chip:", rows().length);
document.querySelector("#graph .edge.critical").dispatchEvent(new MouseEvent("click", { bubbles: true })); out("arrow:", whats());
location.hash = "#q=dev&sort=-what&open=" + rows()[0].id;
setTimeout(() => out("link:", whats(), document.querySelectorAll("tr.more").length, $("filter").value), 50);
'
dom "file://$T/few.html.driven.html" | result >few.result
t_is "headline, findings, graph, filter, order, keys, links" "$(cat few.result)" '4 leaked, 1 sealed, with 4 causes in 5 execs
fdfence: 4 leaked, 1 sealed, with 4 causes in 5 execs
/srv/jail /dev/kvm /srv/a.db /dev/null
edge critical:sh into cc: 1 leak, critical, stopped; edge high:cc into cc: 1 leak, high; edge low:cc into make: 1 leak, low; edge medium:make into sh: 2 leaks, medium
two are wider than one true
typed: /srv/jail | 1 of 4 findings #q=JAIL
fields: /dev/kvm
severities: /srv/a.db /dev/null
sealed: /srv/jail
none: None of 4 findings
by what: /dev/kvm /dev/null /srv/a.db /srv/jail #sort=what
down: /srv/jail /srv/a.db /dev/null /dev/kvm #sort=-what
again: /srv/jail /dev/kvm /srv/a.db /dev/null 
/ filter
Escape: 4 true
j j: /dev/kvm
k: /srv/jail
Enter: true true
it lies outside the root or the mount namespace of the new program|nobody meant it|the fence closed it: the new program did not get it|2026-11-26T01:00:00.000000000Z, process 103, execve|x /srv/jail|in sh: open(…, O_DIRECTORY | O_CLOEXEC); opendir() has it already; a program that cannot be changed: fdfence run|keep exe=/usr/bin/sh into=/usr/bin/cc type=dir path=/srv/jailCopy
Enter: 0 
chip: /dev/kvm severity:high
chip: 4
arrow: /srv/jail
link: /dev/null /dev/kvm 0 dev'

# --- names that somebody chose ---
evil='</script><script>document.title=1</script><img src=x onerror=document.title=2>'
{
	line "/x/$evil" "/y/<!--<script>" file "/z/'&quot;&#39;\${document.title=3}\`" high device
	line '/x/a\\x00b\\xe2\\x80\\xaec' '/y/\\xe2\\x80\\xa8d' file '/z/אב.txt' medium writable
	line '/x/constructor' '/y/__proto__' file '/z/toString' low readable
	printf '{"fdfence":1,"event":"exec","source":"shim","pid":9,"exe":"/raw\xe2\x80\xaebidi","into":"/y","fds":[]}\n'
} >hostile.jsonl
"$F" report -q --html hostile.html hostile.jsonl >/dev/null 2>hostile.err
t_like "raw bidi is no record" "$(cat hostile.err)" "hostile.jsonl:4: control bytes in text; skipped"
t_is "nothing but the template opens or closes a script" "$(grep -oi '</\?script' hostile.html | tr '\n' ' ')" "<script </script <script </script "
t_is "what is put in is ASCII" "$(grep -a 'type="application/json"' hostile.html | LC_ALL=C grep -ac '[^ -~]')" 0
drive hostile.html 'out(document.title); out(document.images.length, document.scripts.length);
rows().forEach(r => r.click()); out(rows().map(r => [...r.cells].map(c => c.textContent).join("  ")).join("\n")); out(document.title, document.images.length);
out(document.querySelectorAll("#graph .edge[role]").length); type("constructor"); out(rows().length); type("\"" + rows()[0].cells[1].textContent + "\""); out(rows().length);'
dom "file://$T/hostile.html.driven.html" | result >hostile.result
t_is "hostile names are text" "$(cat hostile.result)" "fdfence: 3 leaks with 3 causes in 3 execs
0 3
▲ high  /x/$evil  /y/<!--<script>  5  file rw  /z/'&quot;&#39;\${document.title=3}\`  1
● medium  /x/a\\x00b\\xe2\\x80\\xaec  /y/\\xe2\\x80\\xa8d  5  file rw  /z/אב.txt  1
○ low  /x/constructor  /y/__proto__  5  file rw  /z/toString  1
fdfence: 3 leaks with 3 causes in 3 execs 0
3
1
1"

# --- where it was opened; a module that somebody named is not waited for ---
mkfifo "$T/fifo"
line /usr/bin/php /usr/bin/sh file /srv/a.db medium writable |
	sed "s|\"reason\"|\"origin\":{\"call\":\"open\",\"script\":\"/srv/job.php\",\"line\":12,\"stack\":[\"0+1f\"],\"modules\":[\"$T/fifo\"],\"builds\":[\"\"]},&|" >hostile_origin.jsonl
timeout 20 "$F" report -q --html origin.html hostile_origin.jsonl >/dev/null
t_is "a FIFO in the place of a module is not waited for" "$?" 0
drive origin.html 'type("job.php:12"); rows().forEach(r => r.click());
out([...document.querySelectorAll("tr.more dt")].find(d => d.textContent === "Opened at").nextSibling.textContent);'
t_is "where it was opened" "$(dom "file://$T/origin.html.driven.html" | result)" $'/srv/job.php:12\n    fifo+0x1f'

# --- 10,000 findings: as many rows as are looked at, all for the printer ---
for ((i = 0; i < 10000; i++)); do
	echo "{\"fdfence\":1,\"event\":\"exec\",\"source\":\"shim\",\"pid\":$((i + 2)),\"exe\":\"/p$((i % 97))/x\",\"into\":\"/q$((i % 89))/y\",\"fds\":[{\"fd\":5,\"type\":\"dir\",\"target\":\"/d$i\",\"verdict\":\"seal\",\"reason\":\"default\",\"severity\":\"medium\",\"danger\":\"directory\"}]}"
done >hostile_many.jsonl
"$F" report -q --html many.html hostile_many.jsonl >/dev/null
drive many.html 'out($("count").textContent, rows().length <= 1000); out($("graphnote").textContent);
type("/d9999"); out(whats()); type(""); dispatchEvent(new Event("beforeprint")); out(rows().length);'
dom "file://$T/many.html.driven.html" | result >many.result
t_is "10,000 findings" "$(cat many.result)" "10000 findings true
Who leaks into whom: the worst 40 of 8633 arrows; filter to see others. Dashed: sealed or refused, nothing got through.
/d9999
10000"

# --- nothing leaks ---
: >none.jsonl
"$F" report -q --html none.html none.jsonl >/dev/null
drive none.html 'out($("headline").textContent); out(rows().length, $("graph").children.length);'
t_is "no findings" "$(dom "file://$T/none.html.driven.html" | result)" $'No leaks in 0 execs\n0 0'

# --- what was left out as asked ---
"$F" report -q --exe /nothing --html left.html hostile_few.jsonl >/dev/null
"$F" report -q --min-severity high --html below.html --diff <(head -1 hostile_few.jsonl) hostile_few.jsonl >/dev/null
for page in left below; do
	drive $page.html '[...document.querySelectorAll("#notes p")].forEach(p => out(p.textContent));'
	dom "file://$T/$page.html.driven.html" | result
done >left.result
t_is "what was left out as asked" "$(cat left.result)" 'Left out, as asked: only what was asked for counts: --exe /nothing.
Left out, as asked: 1 leak below high not counted.
Left out, as asked: known: 1 cause with 2 leaks.'
t_done
