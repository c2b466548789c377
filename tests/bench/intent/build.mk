# What reading intent costs: `make bench-intent`.  The objects are those of the shim.
BENCH_INTENT_OBJ := $(filter $(B)/shim/preload/core/%,$(SHIM_OBJ))

$(B)/tests/bench/intent: tests/bench/intent/bench_intent.c $(BENCH_INTENT_OBJ)
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) -std=gnu11 -O2 $(WARN) $(CPPFLAGS) -o $@ $^

.PHONY: bench-intent
bench-intent: $(B)/tests/bench/intent
	@$<
