# What the calls around an exec take, one by one: `make bench-exec` writes docs/exec-cost.md.
$(BENCH)/bench_exec: tests/bench/exec/bench_exec.c tests/bench/exec/text.c tests/bench/exec/text.h $(BENCH)/noop
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) -std=gnu11 -O2 $(WARN) -D_GNU_SOURCE -I. -o $@ $(filter %.c,$^)

.PHONY: bench-exec
bench-exec: $(BENCH)/bench_exec
	@$(BENCH)/bench_exec -c 'make bench-exec' -o docs/exec-cost.md
	@echo 'written: docs/exec-cost.md'

build-bench: $(BENCH)/bench_exec
