#!/bin/bash
# limit: 240
# check --origins: interpreters are neither disturbed nor believed more than they say.
. "$(dirname "$0")/../lib.sh"
F=$B/fdfence

how=()
status() { # command...
	"$F" check -q --origins --error-exitcode 0 -- "$@" >"$T/out" 2>&1
	echo $?
}
leaks() { # command...
	"$F" check --origins "${how[@]}" --error-exitcode 0 --format=json -o "$T/json" -- "$@" >"$T/out" 2>&1
	jq -r '.causes[] | .opened_at // "not seen"' "$T/json" | sed "s,$T/,,g"
}

# --- Python ---
python=/usr/bin/python3
if [ -x $python ]; then
	t_is "Python with its debug allocator" "$(status $python -X dev -c 1)" 0
	printf 'import os\n\nf = os.open("/etc/passwd", os.O_RDONLY)\nos.set_inheritable(f, True)\nos.system("true")\n' >"$T/dev.py"
	t_is "... which says its lines, too" "$(how=(--intent=-act); leaks $python -X dev "$T/dev.py")" dev.py:3
	cat >"$T/stale.py" <<'PY'
import ctypes, os, socket, sys
libc = ctypes.CDLL(None)
a = socket.socket(); a.bind(("127.0.0.1", 0)); a.listen()
def failed():
    try: open("/nowhere")
    except OSError: pass
    libc.open(b"/etc/passwd", 0)
def accepted():
    c = socket.create_connection(a.getsockname()); s, _ = a.accept()
    libc.socket(2, 1, 0)
    return c, s
def given():
    s = socket.socket(fileno=os.dup(a.fileno()))
    libc.socket(2, 1, 0)
    return s
kept = globals()[sys.argv[1]]()
libc.system(b"true")
PY
	for way in failed accepted given; do
		t_like "Python, $way: no line of another call's" "$(leaks $python "$T/stale.py" $way)" '^[^ ]*(ffi|\?|0x|^not seen$)[^ :]*$'
	done
else
	t_skip "Python with its debug allocator" "no $python"
fi

# --- Ruby ---
# Its threads open without its lock, while another compacts.
if command -v ruby >/dev/null; then
	cat >"$T/compact.rb" <<'RB'
threads = 6.times.map do |i|
  Thread.new do
    2000.times do |k|
      eval("def m#{i}_#{k}; File.open('/etc/hostname') { |f| f.read }; end", binding, "/srv/a/long/name/of/script/#{i}/#{k}.rb", k + 1)
      send("m#{i}_#{k}")
      GC.compact if k % 100 == 0
    end
  end
end
threads.each(&:join)
RB
	name="Ruby: threads that open while its collector moves things do not crash"
	if ruby --disable-gems -e 'exit GC.respond_to?(:compact)'; then
		# Ruby alone ends with 1 now and then: a read into what has moved (EFAULT).
		t_is "$name" "$(for _ in 1 2; do status timeout 60 ruby --disable-gems "$T/compact.rb"; done | awk '$1 > 1')" ''
	else
		t_skip "$name" "this one does not move them"
	fi
	how=(--intent=-act)
	printf 'f = nil\nThread.new do\n  f = File.open("/etc/passwd")\nend.join\nf.close_on_exec = false\nsystem("true")\n' >"$T/thread.rb"
	t_like "... which have their native stack" "$(leaks ruby "$T/thread.rb" | sort -u)" '^rb_[a-z_]+\+0x|^libruby[^ ]*\+0x'
	how=()
else
	t_skip "Ruby: threads that open while its collector moves things" "no ruby"
fi

# --- Perl ---
how=(--intent=-act)
printf '$^F = 99;\nwhile (<STDIN>) { last }\n\nopen(my $f, "<", "/etc/passwd");\nsystem("true");\n' >"$T/foo line 7.pl"
t_is "Perl: a script whose name looks like a place" "$(leaks perl "$T/foo line 7.pl" </etc/hosts | sort -u)" "foo line 7.pl:4"
cp "$T/foo line 7.pl" "$T/b line 7, <X> line 2.pl"
t_is "... like a place and what was read last" "$(leaks perl "$T/b line 7, <X> line 2.pl" </etc/hosts | sort -u)" "b line 7, <X> line 2.pl:4"
t_done
