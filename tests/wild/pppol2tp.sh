#!/bin/bash
# pppd's plug-in for L2TP, told its socket by number as xl2tpd does: it says what it got
# packages: ppp gcc
# version: pppd --version
# says: ^Socket of not a PPPoX socket
. "$(dirname "$0")/lib.bash"

# pppd looks for /dev/ppp first.  The null device stands for it where the kernel has none: the socket is looked
# at before it is used.
mkdir /tmp/dev
cp -a /dev/{null,zero,urandom,tty,fd} /tmp/dev/
cp -a /dev/null /tmp/dev/ppp
mount --bind /tmp/dev /dev
# xl2tpd passes a socket only to a kernel that has L2TP; these are its calls (start_pppd).
cat >xl2tpd.c <<'C'
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
	char number[12];
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	snprintf(number, sizeof number, "%d", fd);
	if (!fork())
		execl("/usr/sbin/pppd", "/usr/sbin/pppd", "nodetach", "noauth", "plugin", "pppol2tp.so", "pppol2tp", number, (char *)0);
	wait(0);
}
C
gcc -o xl2tpd xl2tpd.c
./xl2tpd >out 2>&1
grep -oE 'Given FD.*|Socket of not.*|Couldn.*' out
true
