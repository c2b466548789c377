#!/bin/bash
# libvirt: its daemon starts QEMU, which gets sockets and files by number
# packages: libvirt-daemon libvirt-clients libvirt-daemon-driver-qemu libvirt-daemon-system qemu-system-x86 seabios
# version: libvirtd --version
# says: ^running$
# limit: 180
. "$(dirname "$0")/lib.bash"

cat >/etc/libvirt/qemu.conf <<'C'
security_driver = "none"
user = "root"
group = "root"
cgroup_controllers = [ ]
namespaces = [ ]
C
cat >it.xml <<'C'
<domain type='qemu'><name>it</name><memory unit='MiB'>32</memory>
<os><type arch='x86_64' machine='pc'>hvm</type></os>
<devices><emulator>/usr/bin/qemu-system-x86_64</emulator>
<serial type='file'><source path='/tmp/serial'/></serial>
</devices></domain>
C
mkdir -p /run/libvirt
virtlogd -d
libvirtd >log 2>&1 &
export LIBVIRT_DEFAULT_URI=qemu:///system
wait_for virsh version
virsh -q create it.xml 2>&1 | sed 's/ from .*//'
virsh -q domstate it
virsh -q qemu-monitor-command it --hmp info version
virsh -q destroy it
kill %1
wait
