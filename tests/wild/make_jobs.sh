#!/bin/bash
# GNU make: a jobserver over three levels, $(shell), output in order
# packages: make
# version: make --version
# says: ^third level$
# quick
. "$(dirname "$0")/lib.bash"

cat >Makefile <<'M'
$(info $(shell echo from the shell))
all: a b
a b:
	@+$(MAKE) -s -f sub $@
M
cat >sub <<'M'
%:
	@+env nice $(MAKE) -s -f third $@.x
M
cat >third <<'M'
%.x:
	@sleep 0.1; echo third level
M
make -s -j3 -O 2>&1
