# Records of a fleet: `make bench-scale` writes docs/scale.md; `make bench-store` prints how long it takes to
# load STORE_RECORDS of them into PostgreSQL, in STORE_SECONDS at most.
STORE_RECORDS ?= 10000000
STORE_SECONDS ?= 900
.PHONY: bench-scale bench-store
bench-scale: $(COMMAND) $(SHIM)
	@tests/bench/fleet/scale -c 'make bench-scale' -o docs/scale.md $(COMMAND)
	@echo 'written: docs/scale.md'

bench-store: $(COMMAND) $(SHIM)
	@FDF_BUILD='$(abspath $(B))' tests/bench/fleet/store $(STORE_RECORDS) 10000 $(STORE_SECONDS)
