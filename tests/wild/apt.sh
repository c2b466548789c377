#!/bin/bash
# dpkg and apt: a package made, installed with its scripts, removed; a status descriptor
# packages: dpkg apt
# version: apt --version
# says: ^postinst of wild-test$
# leak: ^apt-get > dpkg: chr -- copies of /dev/null
# leak: ^dpkg-deb > tar: file -- the archive that is being written stays open in tar, and so does a temporary file
. "$(dirname "$0")/lib.bash"

mkdir -p p/DEBIAN p/usr/share/doc
printf 'Package: wild-test\nVersion: 1\nArchitecture: all\nMaintainer: a <a@b>\nDescription: x\n' >p/DEBIAN/control
printf '#!/bin/sh\necho postinst of wild-test\n' >p/DEBIAN/postinst
chmod 755 p/DEBIAN/postinst
dpkg-deb -b p it.deb
dpkg -i --status-fd 9 it.deb 9>status | grep -v Reading
grep -c status status
mkdir -p /tmp/no && echo 'DPkg::Pre-Install-Pkgs { "cat >/dev/null; echo hook"; };' >/etc/apt/apt.conf.d/99wild
apt-get -qq -o Dpkg::Use-Pty=0 remove -y wild-test 2>&1 | grep -v Reading
