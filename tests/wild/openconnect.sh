#!/bin/bash
# openconnect: a VPN to ocserv without a device: ocproxy gets its socket as VPNFD, curl goes through it
# packages: openconnect ocserv ocproxy openssl curl python3-minimal
# version: openconnect --version
# says: ^through the tunnel$
# limit: 120
# leak: ^ocserv > connected: file rw -- the two copies of its configuration, open for writing and removed, in the connect script: it can change what the next workers read
# leak: ^openconnect > dash: pipe -- both ends of the pipe by which it is told to stop: the script can stop it, and holds its end open
. "$(dirname "$0")/lib.bash"

openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -days 30 -keyout key -out cert 2>/dev/null
echo secret | ocpasswd -c "$PWD/passwords" wild >/dev/null 2>&1 || { echo secret; echo secret; } | ocpasswd -c "$PWD/passwords" wild >/dev/null
cat >conf <<C
auth = "plain[passwd=$PWD/passwords]"
tcp-port = 4433
run-as-user = root
run-as-group = root
socket-file = /run/ocserv.socket
server-cert = $PWD/cert
server-key = $PWD/key
isolate-workers = false
max-clients = 4
device = vpns
ipv4-network = 10.9.0.0
ipv4-netmask = 255.255.255.0
connect-script = $PWD/connected
C
printf '#!/bin/sh\necho "script of the server: $REASON" >>/mnt/home/said\n' >connected && chmod 755 connected
ocserv -f -d 1 -c "$PWD/conf" >server.log 2>&1 &
wait_for listens 4433
pin=$(openssl x509 -in cert -pubkey -noout | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | base64)
echo secret | openconnect --passwd-on-stdin --user=wild --servercert "pin-sha256:$pin" --no-dtls \
	--script-tun --script 'ocproxy -D 11080' https://127.0.0.1:4433 >client.log 2>&1 &
wait_for listens 11080
mkdir www && echo through the tunnel >www/index.html
python3 -m http.server -d www 8000 >/dev/null 2>&1 &
wait_for listens 8000
try curl -s --socks5 127.0.0.1:11080 http://10.9.0.1:8000/
cat said
kill %2 %1
