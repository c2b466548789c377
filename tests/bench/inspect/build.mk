# Looking at all processes, beside who else does: `make bench-inspect` writes docs/inspecting.md.
.PHONY: bench-inspect run-bench-inspect
bench-inspect: deps-bench
	+@$(MAKE) --no-print-directory run-bench-inspect

run-bench-inspect: $(COMMAND)
	@tests/bench/inspect/run -r $(BENCH_ROUNDS) -c 'make bench-inspect BENCH_ROUNDS=$(BENCH_ROUNDS)' \
		-o docs/inspecting.md $(COMMAND)
	@echo 'written: docs/inspecting.md'
