#!/bin/bash
# nbdkit: a disk that a script makes, and a client that it starts
# packages: nbdkit libnbd-bin
# version: nbdkit --version
# says: ^size: 1024$
. "$(dirname "$0")/lib.bash"

cat >disk <<'S'
#!/bin/sh
case $1 in
get_size) echo 1024 ;;
pread) head -c "$3" /dev/zero | tr '\0' x ;;
*) exit 2 ;;
esac
S
chmod 755 disk
nbdkit -U - sh ./disk --run 'echo "size: $(nbdinfo --size "$uri")"; nbdcopy "$uri" - | head -c 3; echo'
nbdkit -U - eval get_size='echo 2048' pread='head -c $3 /dev/zero' --run 'nbdinfo --size "$uri"'
