#!/bin/bash
# limit: 600
# docs/ci.md: each launcher on a tiny project that leaks once and is clean once; the files for CI
# are what those who read them can read.
. "$(dirname "$0")/../lib.sh"
page=$root/docs/ci.md
export PATH=$B:/usr/bin:/bin HOME=$T
unset MAKEFLAGS MAKELEVEL LD_PRELOAD

block() { # file or run, name: the fenced block behind that mark
	awk -v mark="<!-- $1: $2 -->" '$0 == mark { found = 1; next } found && /^```/ { if (open) exit; open = 1; next } found && open' "$page"
}

# The project: prog opens a file, for good or for itself alone, and starts another program.
project() { # directory flags
	mkdir -p "$1"
	cat >"$1/prog.c" <<-C
		#define _GNU_SOURCE
		#include <fcntl.h>
		#include <stdlib.h>
		int main(void)
		{
			return open("/etc/passwd", O_RDONLY | $2) < 0 || system("true");
		}
	C
}

# Both ways; the tool's files are made by prepare_NAME in the current directory.
try() { # name tool
	local name=$1 kind flags out status
	t_wants "$name" || return 0
	if ! type -P "$2" >/dev/null; then
		t_skip "$name: a leak fails it, with the report" "no $2"
		return
	fi
	for kind in leak clean; do
		flags=0
		[ "$kind" = leak ] || flags=O_CLOEXEC
		project "$T/$name.$kind" "$flags"
		out=$(cd "$T/$name.$kind" && { "prepare_$name" "$flags" && eval "$(run_"$name")"; } 2>&1 </dev/null)
		status=$?
		if [ "$kind" = leak ]; then
			if [ "$status" -ne 0 ] && grep -q 'fdfence: 1 leak' <<<"$out" && grep -q '/etc/passwd' <<<"$out"; then
				t_pass "$name: a leak fails it, with the report"
			else
				t_fail "$name: a leak fails it, with the report" "exit status $status"$'\n'"$(tail -c 3000 <<<"$out")"
			fi
		elif [ "$status" -eq 0 ] && ! grep -q 'fdfence: 1 leak' <<<"$out"; then
			t_pass "$name: without one it passes"
		else
			t_fail "$name: without one it passes" "exit status $status"$'\n'"$(tail -c 3000 <<<"$out")"
		fi
	done
}

prepare_ctest() {
	printf '%s\n' 'cmake_minimum_required(VERSION 3.20)' 'project(prog C)' 'enable_testing()' \
		'add_executable(prog prog.c)' 'add_test(NAME prog COMMAND prog)' >CMakeLists.txt
}
run_ctest() { block run ctest; }
try ctest ctest
run_ctest_origins() { block run ctest | sed 's/check;-q;/check;-q;--origins;/g; s/-B build/& -DCMAKE_BUILD_TYPE=Debug/'; }
if type -P ctest >/dev/null; then
	project "$T/origins" 0
	t_like "ctest: with --origins the report has the line of the source" \
		"$(cd "$T/origins" && prepare_ctest && eval "$(run_ctest_origins)" 2>&1 </dev/null)" \
		"/etc/passwd +1 +$T/origins/prog.c:$(grep -n 'open(' "$T/origins/prog.c" | cut -d: -f1) \\(main\\)"
fi

prepare_meson() {
	printf '%s\n' "project('prog', 'c')" "test('prog', executable('prog', 'prog.c'))" >meson.build
}
run_meson() { block run meson; }
try meson meson

prepare_automake() {
	printf '%s\n' 'AC_INIT([prog], [1])' 'AM_INIT_AUTOMAKE([foreign])' 'AC_PROG_CC' 'AC_CONFIG_FILES([Makefile])' \
		AC_OUTPUT >configure.ac
	printf '%s\n' 'check_PROGRAMS = prog' 'TESTS = prog' >Makefile.am
	autoreconf -i
}
run_automake() { block run automake; }
try automake automake

prepare_pytest() {
	cc -o prog prog.c
	# shellcheck disable=SC2094 # the name of a block
	block file conftest.py >conftest.py
	printf '%s\n' 'def test_prog(checked):' '    assert checked("./prog").returncode == 0' >test_prog.py
}
run_pytest() { echo '/usr/bin/python3 -B -m pytest -q -p no:cacheprovider'; }
if /usr/bin/python3 -c 'import pytest' 2>/dev/null; then
	try pytest /usr/bin/python3
else
	t_skip "pytest: a leak fails it, with the report" "no python3-pytest"
fi

prepare_bats() {
	cc -o prog prog.c
	# shellcheck disable=SC2094 # the name of a block
	block file prog.bats >prog.bats
}
run_bats() { echo 'bats prog.bats'; }
try bats bats

prepare_cargo() {
	mkdir -p src
	printf '%s\n' '[package]' 'name = "prog"' 'version = "0.1.0"' 'edition = "2021"' >Cargo.toml
	cat >src/lib.rs <<-RUST
		extern "C" { fn open(path: *const u8, flags: i32) -> i32; }
		#[test]
		fn starts_another() {
		    assert!(unsafe { open(b"/etc/passwd\\0".as_ptr(), $([ "$1" = 0 ] && echo 0 || echo 0o2000000)) } >= 0);
		    assert!(std::process::Command::new("true").status().unwrap().success());
		}
	RUST
}
run_cargo() { block run cargo; }
try cargo cargo

prepare_go() {
	rm prog.c # of cgo
	printf '%s\n' 'module prog' 'go 1.18' >go.mod
	cat >prog_test.go <<-GO
		package prog
		import ("os/exec"; "syscall"; "testing")
		func TestStartsAnother(t *testing.T) {
			if _, err := syscall.Open("/etc/passwd", $([ "$1" = 0 ] && echo 0 || echo syscall.O_CLOEXEC), 0); err != nil { t.Fatal(err) }
			if err := exec.Command("true").Run(); err != nil { t.Fatal(err) }
		}
	GO
}
run_go() { echo 'export GOCACHE=$HOME/go-cache GOFLAGS=-mod=mod GOPROXY=off'; block run go; }
try go go

prepare_npm() {
	cc -o prog prog.c
	# shellcheck disable=SC2094 # the name of a block
	block file package.json >package.json
}
run_npm() { echo 'npm test --offline --no-update-notifier'; }
try npm npm

# --- the files of CI ---
if /usr/bin/python3 -c 'import yaml' 2>/dev/null; then
	for file in github gitlab; do
		block file "$file.yml" >"$T/$file.yml"
		t_ok "$file.yml is YAML, with a job" /usr/bin/python3 -c 'import sys, yaml
text = yaml.safe_load(open(sys.argv[1]))
assert "leaks" in text.get("jobs", text)' "$T/$file.yml"
	done
else
	t_skip "github.yml and gitlab.yml are YAML, with a job" "no yaml module in python3"
fi
# Each command line of them, with another command behind it.
while read -r line; do
	dir=$(mktemp -d "$T/job.XXXXXX")
	mkdir "$dir/tests"
	: >"$dir/tests/leaks.baseline"
	line=${line/ -- make test/ -- true}
	t_ok "runs: $line" bash -c 'cd "$1" && eval "$2"' _ "$dir" "$line"
done < <(grep -oE 'fdfence check --baseline tests/leaks.baseline --format.* -- make test' "$page")
t_done
