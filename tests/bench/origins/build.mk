# What --origins costs, beside valgrind and strace, and its walk of a stack beside libunwind's:
# `make bench-origins` writes docs/origins-cost.md.
.PHONY: bench-origins run-bench-origins
bench-origins: deps-bench
	+@$(MAKE) --no-print-directory run-bench-origins

$(BENCH)/opens: tests/bench/origins/opens.c
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) -std=gnu11 -O2 -g $(WARN) -o $@ $<

# Linked as the library is.
$(BENCH)/walkers.so: tests/bench/origins/walkers.c tests/bench/origins/walks.h $(B)/pic/preload/origins/stack.o
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) -std=gnu11 -O2 -g -fPIC -fvisibility=hidden -fno-plt $(WARN) -Wno-missing-prototypes $(CPPFLAGS) -shared \
		-static-libgcc -Wl,--wrap=_dl_find_object -Wl,--exclude-libs,ALL -o $@ $(filter %.c %.o,$^)

WALKS_SRC := $(addprefix tests/bench/origins/,walks.c stacks.c facts.c)
$(BENCH)/walks: $(WALKS_SRC) tests/bench/origins/walks.h $(BENCH)/walkers.so
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) -std=gnu11 -O2 -g -fno-omit-frame-pointer -pthread -rdynamic $(WARN) $(CPPFLAGS) -o $@ $(WALKS_SRC) \
		$(BENCH)/walkers.so -Wl,-rpath,'$$ORIGIN'

build-bench: $(BENCH)/opens $(BENCH)/walks

run-bench-origins: $(COMMAND) $(ORIGINS) $(BENCH)/opens $(BENCH)/walks
	@tests/bench/origins/run -r $(BENCH_ROUNDS) -c 'make bench-origins BENCH_ROUNDS=$(BENCH_ROUNDS)' \
		-o docs/origins-cost.md $(COMMAND) $(BENCH)/opens $(BENCH)/walks
	@echo 'written: docs/origins-cost.md'
