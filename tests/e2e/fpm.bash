# fpm.bash: php-fpm of this machine; source it behind lib.sh.
# shellcheck shell=bash disable=SC2034 # used in the scripts
fpm= # empty: there is none
for program in /usr/sbin/php-fpm[0-9]* /usr/sbin/php-fpm; do
	[ ! -x "$program" ] || fpm=$program
done

# Prints a configuration: one pool, with its files in DIR; the log goes to a file, so that stderr is
# no question.
fpm_conf() { # dir listen children [line of the pool...]
	printf '%s\n' '[global]' "pid = $1/fpm.pid" "error_log = $1/fpm.log" 'daemonize = no' '[pool]' \
		"listen = $2" 'pm = static' "pm.max_children = $3" "${@:4}"
}
