# `make check-kernels`: the tracer's tests under other kernels, booted in qemu.  Too slow
# for `make check` where there is no hardware virtualisation.  Included from bpf/build.mk.

KERNELS ?= linux-image-cloud-amd64

.PHONY: run-kernels bench-trace run-bench-trace

# The packages first, as for check.
check-kernels: deps-kernels
	+@$(MAKE) --no-print-directory run-kernels

run-kernels: build-tests
	@FDF_BUILD='$(abspath $(B))' tests/kernels $(KERNELS)

# The figures of docs/tracer.md; ROUNDS=, TOGGLES=, EXECS=, CHAIN= say how many (tests/bench/trace).
bench-trace: deps-bench
	+@$(MAKE) --no-print-directory run-bench-trace

run-bench-trace: build-tests
	@FDF_BUILD='$(abspath $(B))' tests/bench/trace -o docs/tracer.md $(ROUNDS)
