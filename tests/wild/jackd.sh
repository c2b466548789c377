#!/bin/bash
# JACK: its server with a dummy device, and a client
# packages: jackd2
# version: jackd --version
# says: ^system:capture_1$
. "$(dirname "$0")/lib.bash"

jackd --no-realtime -d dummy >log 2>&1 &
wait_for sh -c "jack_lsp | grep -q system:capture_2"
jack_lsp 2>/dev/null | sort | head -n 2
kill %1
wait
