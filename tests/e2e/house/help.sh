#!/bin/bash
# make help names every target that is meant for people, and none that is not there.
. "$(dirname "$0")/../lib.sh"

help=$(make -s -C "$root" help)
# Those that others are made of begin with what they do.
targets=$(make -s -C "$root" -pn -q 2>/dev/null | sed -n 's/^\.PHONY: *//p' | tr ' ' '\n' |
	grep -vE '^$|^FORCE$|^(run|deps|build|try)-|^(un)?install-|^(all|help)$' | sort -u)
listed=$(grep -oE '\bmake [a-z]([a-z0-9_ -]*[a-z0-9_])?' <<<"$help" | sed 's/  .*//; s/^make //' |
	tr ' ' '\n' | grep -vx compile_commands | sort -u)

t_is "each target that is meant for people is in make help" "$listed" "$targets"
knobs=$(sed -n '/^Knobs/,$p' <<<"$help" | grep -oE '[A-Z0-9_]+=' | tr -d = | sort)
t_is "each knob is one" "$(for knob in $knobs; do
	grep -qE "[({]${knob}[)},]|(^| )${knob} +\?=" "$root"/Makefile "$root"/*/build.mk "$root"/tests/*.mk ||
		echo "$knob"
done)" ""
t_ok "help fits a screen of 100 columns" bash -c '! grep -E ".{101}" <<<"$1"' _ "$help"

dry() { make -n --no-print-directory -C "$root" "$@" 2>&1 | tail -n 1 | xargs; }
t_is "make -n starts no faults" "$(dry mutants MUTANTS=none)" "tests/mutate none"
t_like "make -n starts no matrix" "$(dry matrix AS=none)" "^FDF_BUILD=[^ ]* tests/matrix none$"
before=$(stat -c %y "$root/compile_commands.json" 2>&1)
t_like "make -n writes no compile_commands.json" "$(dry compile_commands.json)" "tests/compile-commands >compile_commands.json$"
t_is "... indeed" "$(stat -c %y "$root/compile_commands.json" 2>&1)" "$before"
make -s -C "$root" compile_commands.json >/dev/null
t_is "compile_commands.json has each file of the command once" \
	"$(cd "$root" && /usr/bin/python3 -c 'import json; print(*sorted(e["file"] for e in
		json.load(open("compile_commands.json")) if e["file"].startswith("tools/")), sep="\n")')" \
	"$(make -s -C "$root" --eval='sources: ; @printf "%s\n" tools/main.c tools/rescue.c $(TOOLS_SRC)' sources | sort)"
t_done
