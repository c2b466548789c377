# python.bash: what the suites of CPython share; they set module, limit and quick.
# shellcheck shell=bash disable=SC2034,SC2154 # read by tests/suites/run, set there
python=/usr/bin/python3

ready() {
	"$python" -c "import test.$module" && return
	echo "Debian's python3 has no test.$module here"
	return 1
}
results() {
	"${how[@]}" "$python" "$root/tests/suites/unittest_results.py" "$module" results >&2
	cat results
}
