#!/bin/bash
# PowerDNS: answers come from a script at its pipes
# packages: pdns-server pdns-backend-pipe dnsutils
# version: dpkg-query -W -f '${Version}' pdns-server
# says: ^192\.0\.2\.8$
# leak: ^pdns_server > answer: pipe -- the pipes between its own threads
. "$(dirname "$0")/lib.bash"

cat >answer <<'S'
#!/bin/sh
read -r hello
printf 'OK\tready\n'
while IFS="	" read -r kind name class type rest; do
	case $type in
	SOA|ANY) printf 'DATA\texample\tIN\tSOA\t1\t-1\ta.example a.example 1 1 1 1 1\n' ;;
	esac
	case $name,$type in
	a.example,A|a.example,ANY) printf 'DATA\t%s\tIN\tA\t1\t-1\t192.0.2.8\n' "$name" ;;
	esac
	echo END
done
S
chmod 755 answer
pdns_server --config-dir="$PWD" --daemon=no --guardian=no --launch=pipe --pipe-command="$PWD/answer" \
	--zone-cache-refresh-interval=0 --socket-dir=/run --local-address=127.0.0.1 --local-port=5353 --setuid= --setgid= --disable-syslog >log 2>&1 &
try dig -p 5353 +short @127.0.0.1 a.example
kill %1
wait
