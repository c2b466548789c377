# What a supervisor costs: `make bench-supervise` writes docs/supervise.md.
SUPERVISE := $(B)/tests/bench/supervise

$(SUPERVISE)/events: tests/bench/supervise/events.c
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) -std=gnu11 -O2 $(WARN) -I. -D_GNU_SOURCE $(DEPFLAGS) -o $@ $<

$(SUPERVISE)/bench_supervise: $(addprefix $(B)/obj/tests/bench/,supervise/bench_supervise.o supervise/parts.o)
	@mkdir -p $(@D)
	$(call say,LD)
	$(Q)$(CC) $(SANFLAGS) -o $@ $(filter %.o,$^)

.PHONY: bench-supervise run-bench-supervise bench-supervise-memory
bench-supervise: deps-bench
	+@$(MAKE) --no-print-directory run-bench-supervise

run-bench-supervise: build-bench all $(BT)/helpers/supervise/filters
	@FDF_BUILD='$(abspath $(B))' $(SUPERVISE)/bench_supervise -r $(BENCH_ROUNDS) \
		-c 'make bench-supervise BENCH_ROUNDS=$(BENCH_ROUNDS)' -o docs/supervise.md
	@echo 'written: docs/supervise.md'

# Is its memory flat?  EXECS= says after how many.
EXECS ?= 1000000
bench-supervise-memory: all build-tests
	@FDF_BUILD='$(abspath $(B))' tests/bench/supervise/memory $(EXECS)

build-bench: $(SUPERVISE)/bench_supervise $(SUPERVISE)/events
