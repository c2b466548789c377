# What --origins costs, beside valgrind and strace: `make bench-origins` writes docs/origins-cost.md.
.PHONY: bench-origins run-bench-origins
bench-origins: deps-bench
	+@$(MAKE) --no-print-directory run-bench-origins

$(BENCH)/opens: tests/bench/origins/opens.c
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) -std=gnu11 -O2 -g $(WARN) -o $@ $<

run-bench-origins: $(COMMAND) $(ORIGINS) $(BENCH)/opens
	@tests/bench/origins/run -r $(BENCH_ROUNDS) -c 'make bench-origins BENCH_ROUNDS=$(BENCH_ROUNDS)' \
		-o docs/origins-cost.md $(COMMAND) $(BENCH)/opens
	@echo 'written: docs/origins-cost.md'
