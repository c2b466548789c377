# The benchmark.  `make bench` measures and writes docs/performance.md.  BENCH_ROUNDS= is how
# often each peer has its turn in a row, BENCH_SECONDS= after how many seconds a row ends early,
# BENCH_BEFORE= a revision of this project whose shim every row is held against.  Not while a tracer
# of the whole system runs (a test of `fdfence trace`): it walks what an exec inherits, which makes the
# rows without the fence dear.

BENCH_ROUNDS  ?= 60
BENCH_SECONDS ?= 8
BENCH     := $(B)/tests/bench
BENCH_OBJ := $(patsubst %,$(B)/obj/tests/bench/%.o,bench calls closing count measure peers report rows worker)
BENCH_BIN := $(addprefix $(BENCH)/,bench noop empty-raw.so empty-default.so conventional.so)

$(BENCH)/bench: $(BENCH_OBJ)
	@mkdir -p $(@D)
	$(call say,LD)
	$(Q)$(CC) $(SANFLAGS) -o $@ $^

$(BENCH)/noop: tests/bench/noop.c
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) -O2 -static -nostdlib -Wl,--build-id=none -o $@ $<

$(BENCH)/empty-raw.so: tests/bench/empty.c
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(SHIM_CFLAGS) -fvisibility=default $(SHIM_LDFLAGS) -o $@ $<

$(BENCH)/empty-default.so: tests/bench/empty.c
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) -fPIC -shared -o $@ $<

$(BENCH)/conventional.so: tests/bench/conventional.c
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) -O2 -D_GNU_SOURCE -fPIC -shared -o $@ $<

# Unpacked, not installed: the package would add itself to /etc/ld.so.preload.
$(BENCH)/snoopy.so:
	@mkdir -p $(@D)
	@rm -rf $(BENCH)/snoopy && mkdir $(BENCH)/snoopy && cd $(BENCH)/snoopy && \
	{ apt-get -q -o APT::Sandbox::User=root download snoopy && dpkg -x snoopy_*.deb . && \
	cp lib/*/libsnoopy.so.0.0.0 ../snoopy.so; } >log 2>&1 || \
	echo 'bench: snoopy could not be had (apt-get download): it is left out'

# The shim of another revision.
$(BENCH)/before-%.so:
	@rm -rf $(BENCH)/before-$* && mkdir -p $(BENCH)/before-$*
	@git archive '$*' | tar -xC $(BENCH)/before-$*
	@$(MAKE_BELOW) -s -C $(BENCH)/before-$* MAKEFLAGS= MAKEOVERRIDES= build/libfdfence.so
	@cp $(BENCH)/before-$*/build/libfdfence.so $@

.PHONY: build-bench run-bench
build-bench: $(BENCH_BIN) $(SHIM)
build-tests: build-bench

# The packages first, as for check.
bench: deps-bench
	+@$(MAKE) --no-print-directory run-bench

run-bench: build-bench $(BENCH)/snoopy.so $(BENCH_BEFORE:%=$(BENCH)/before-%.so)
	@$(BENCH)/bench --shim '$(abspath $(SHIM))' --snoopy '$(abspath $(BENCH)/snoopy.so)' \
		$(BENCH_BEFORE:%=--before '$(abspath $(BENCH))/before-%.so') \
		--rounds $(BENCH_ROUNDS) --row-seconds $(BENCH_SECONDS) \
		--command 'make bench BENCH_ROUNDS=$(BENCH_ROUNDS) BENCH_SECONDS=$(BENCH_SECONDS)$(BENCH_BEFORE:%= BENCH_BEFORE=%)' \
		-o docs/performance.md
	@echo 'written: docs/performance.md'

include tests/bench/intent/build.mk
include tests/bench/closing/build.mk
include tests/bench/exec/build.mk
include tests/bench/inspect/build.mk
include tests/bench/origins/build.mk
include tests/bench/report/build.mk
include tests/bench/fleet/build.mk
include tests/bench/supervise/build.mk
