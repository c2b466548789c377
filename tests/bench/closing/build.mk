# Closing from a number, beside who else does: `make bench-closing` writes docs/closing.md.
CLOSING := $(B)/tests/bench/closing

$(CLOSING)/bench_closing: tests/bench/closing/bench_closing.c $(SEAL_LIB) $(SEAL_HEADER)
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) -std=gnu11 -O2 $(WARN) -I. -I$(B)/include -D_GNU_SOURCE $(DEPFLAGS) -o $@ $< -pthread \
		-L$(B)/lib -lfdfence-seal -Wl,-rpath,'$(abspath $(B))/lib'

# What openssh and sudo bring for it, from their sources; left out where these cannot be had.
.PHONY: build-closing-peers bench-closing
build-closing-peers:
	@FDF_BUILD='$(abspath $(B))' tests/bench/closing/peers $(CLOSING)

bench-closing: deps-bench
	+@$(MAKE) --no-print-directory run-bench-closing

.PHONY: run-bench-closing
run-bench-closing: $(CLOSING)/bench_closing build-closing-peers
	@$(CLOSING)/bench_closing -d $(CLOSING) -r $(BENCH_ROUNDS) -c 'make bench-closing BENCH_ROUNDS=$(BENCH_ROUNDS)' -o docs/closing.md
	@echo 'written: docs/closing.md'

# What --clamp-open-max saves programs that close up to their limit: the table of
# docs/instead-of-a-loop.md.
.PHONY: bench-clamp
bench-clamp: all
	@FDF_BUILD='$(abspath $(B))' tests/bench/clamp.sh

build-bench: $(CLOSING)/bench_closing
