# supervise.bash: what the scripts on --supervise share; source it behind lib.sh.
# shellcheck shell=bash disable=SC2154,SC2034 # set in lib.sh, used in the scripts
F=$B/fdfence
W=$H/static/supervise/ways
N=$H/static/count # exits with the number of descriptors above 2

sup() { spawn -t 120 "$F" run -q --supervise "$@"; }
sup -- true || t_skip_all "no supervision here: $(sup -- true 2>&1)"

status_of() {
	"$@" >/dev/null 2>&1
	echo $?
}
