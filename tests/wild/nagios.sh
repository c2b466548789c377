#!/bin/bash
# Nagios: a check by its workers, a handler of an event, a notification
# packages: nagios4-core
# version: nagios4 --version
# says: ^checked
# limit: 120
. "$(dirname "$0")/lib.bash"

printf '#!/bin/sh\necho checked >>/mnt/home/checks\necho it is bad\nexit 2\n' >check && chmod 755 check
mkdir -p var spool/checkresults
cat >nagios.cfg <<C
log_file=$PWD/log
cfg_file=$PWD/objects.cfg
status_file=$PWD/status
check_result_path=$PWD/spool/checkresults
command_file=$PWD/var/rw
lock_file=$PWD/lock
temp_file=$PWD/temp
object_cache_file=$PWD/cache
state_retention_file=$PWD/retention
query_socket=$PWD/query
nagios_user=root
nagios_group=root
interval_length=1
enable_event_handlers=1
C
cat >objects.cfg <<C
define timeperiod {
	timeperiod_name always
	alias always
	monday 00:00-24:00
	tuesday 00:00-24:00
	wednesday 00:00-24:00
	thursday 00:00-24:00
	friday 00:00-24:00
	saturday 00:00-24:00
	sunday 00:00-24:00
}
define command {
	command_name check
	command_line $PWD/check
}
define command {
	command_name handle
	command_line /bin/sh -c 'echo handled \$HOSTSTATE\$ >/mnt/home/handled'
}
define contact {
	contact_name nobody
	host_notifications_enabled 0
	service_notifications_enabled 0
	host_notification_period always
	service_notification_period always
	host_notification_options n
	service_notification_options n
	host_notification_commands check
	service_notification_commands check
}
define service {
	host_name it
	service_description of
	check_command check
	check_period always
	max_check_attempts 1
	check_interval 100
	contacts nobody
}
define host {
	contacts nobody
	check_period always
	host_name it
	address 127.0.0.1
	check_command check
	event_handler handle
	event_handler_enabled 1
	max_check_attempts 1
	check_interval 1
	notifications_enabled 0
}
C
nagios4 "$PWD/nagios.cfg" >out 2>&1 &
wait_for test -s handled
head -n 1 checks
cat handled
kill %1
wait
