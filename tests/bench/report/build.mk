# Records of earlier runs, beside jq: `make bench-report` writes docs/reporting.md.
.PHONY: bench-report run-bench-report
bench-report: deps-bench
	+@$(MAKE) --no-print-directory run-bench-report

run-bench-report: $(COMMAND)
	@tests/bench/report/run -r $(BENCH_ROUNDS) -c 'make bench-report BENCH_ROUNDS=$(BENCH_ROUNDS)' \
		-o docs/reporting.md $(COMMAND)
	@echo 'written: docs/reporting.md'
