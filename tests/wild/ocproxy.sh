#!/bin/bash
# ocproxy, started as openconnect's --script-tun does: VPNFD names one end of a socket pair
# packages: ocproxy
# version: dpkg-query -W -f '${Version}' ocproxy
# says: ^the proxy listens$
. "$(dirname "$0")/lib.bash"

# openconnect needs a server that speaks TLS and its protocol; perl makes the same calls.
cat >openconnect.pl <<'P'
use Socket;
$^F = 2;
socketpair(my $ours, my $theirs, AF_UNIX, SOCK_DGRAM, PF_UNSPEC) or die;
use Fcntl;
fcntl($_, F_SETFD, 0) for $ours, $theirs;
my $child = fork;
if (!$child) {
	close $ours;
	$ENV{VPNFD} = fileno $theirs;
	$ENV{INTERNAL_IP4_ADDRESS} = '10.0.0.2';
	$ENV{INTERNAL_IP4_MTU} = '1400';
	exec 'ocproxy -D 11080';
}
close $theirs;
sleep 20;
P
perl openconnect.pl >out 2>&1 &
wait_for listens 11080
echo 'the proxy listens'
grep -o 'VPNFD.*' out
kill %1
