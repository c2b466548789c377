#!/bin/bash
# QEMU: a machine without a disk whose BIOS says so, a TPM of swtpm, a helper on a character device
# packages: qemu-system-x86 swtpm seabios
# version: qemu-system-x86_64 --version
# says: SeaBIOS
# limit: 120
. "$(dirname "$0")/lib.bash"

mkdir tpm
swtpm socket --tpmstate dir="$PWD/tpm" --ctrl type=unixio,path=/tmp/tpm.sock --tpm2 --terminate &
wait_for test -S /tmp/tpm.sock
timeout 60 qemu-system-x86_64 -M pc,accel=tcg -m 32 -display none -net none -no-reboot -boot reboot-timeout=1 \
	-chardev socket,id=t,path=/tmp/tpm.sock -tpmdev emulator,id=tpm0,chardev=t -device tpm-tis,tpmdev=tpm0 \
	-chardev stdio,id=c,mux=off -device isa-debugcon,iobase=0x402,chardev=c </dev/null 2>/dev/null | grep -ao 'SeaBIOS' | head -n 1
wait
