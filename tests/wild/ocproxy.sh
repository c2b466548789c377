#!/bin/bash
# ocproxy, started as openconnect's --script-tun does: VPNFD names one end of a socket pair
# packages: ocproxy gcc
# version: dpkg-query -W -f '${Version}' ocproxy
# says: ^the proxy listens$
. "$(dirname "$0")/lib.bash"

# openconnect itself needs a server that speaks its protocol; these are its calls (openconnect_setup_tun_script).
cat >openconnect.c <<'C'
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
int main(void)
{
	int fds[2];
	char number[12];

	socketpair(AF_UNIX, SOCK_DGRAM, 0, fds);
	if (!fork()) {
		close(fds[0]);
		snprintf(number, sizeof number, "%d", fds[1]);
		setenv("VPNFD", number, 1);
		setenv("INTERNAL_IP4_ADDRESS", "10.0.0.2", 1);
		setenv("INTERNAL_IP4_MTU", "1400", 1);
		execl("/bin/sh", "/bin/sh", "-c", "ocproxy -D 11080", (char *)0);
	}
	close(fds[1]);
	sleep(20);
}
C
gcc -o openconnect openconnect.c
./openconnect >out 2>&1 &
wait_for listens 11080 && echo 'the proxy listens'
grep -o 'VPNFD.*' out
kill %1
