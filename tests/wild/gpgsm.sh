#!/bin/bash
# GPGME with S/MIME: gpgsm as a server; and OpenPGP
# packages: gpgsm gpg gpg-agent python3-gpg
# version: gpgsm --version
# says: ^S/MIME keys: 0$
. "$(dirname "$0")/lib.bash"

export GNUPGHOME=$PWD/gnupg
mkdir -m 700 gnupg
cat >ask.py <<'P'
import gpg
for protocol, name in (gpg.constants.PROTOCOL_CMS, 'S/MIME'), (gpg.constants.PROTOCOL_OpenPGP, 'OpenPGP'):
    try:
        print(name, 'keys:', len(list(gpg.Context(protocol=protocol).keylist())))
    except Exception as e:
        print(name, e)
P
python3 ask.py
gpgconf --kill all
