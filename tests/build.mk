# The tests.  `make check` installs what is missing, builds everything and runs all suites.
#
# tests/unit/ROOM/test_NAME.c  Criterion, becomes build/tests/unit/ROOM/NAME
# tests/e2e/ROOM/NAME.sh   prints TAP (tests/e2e/lib.sh)
# tests/helpers/NAME.c     becomes build/tests/helpers/NAME; those named below also static/NAME,
#                          musl/NAME, m32/NAME, where the compiler for it is there
# tests/fuzz/fuzz_NAME.c   libFuzzer, becomes build/tests/fuzz/NAME
#
# Nothing here is asked of a tool while make reads this file: `make check` has to start where
# not even a compiler is installed.

MUSL_CC       ?= musl-gcc
FUZZ_SECONDS  ?= 60

BT            := $(B)/tests
E2E           := $(sort $(wildcard tests/e2e/*/*.sh))
UNIT_SRC      := $(sort $(wildcard tests/unit/*/test_*.c))
UNIT_BIN      := $(patsubst tests/unit/%.c,$(BT)/unit/%,$(subst /test_,/,$(UNIT_SRC)))

# T= names suites: by their name (policy, host), their room (e2e/shim) or both; none is an error.
ALL_SUITES    := $(UNIT_BIN) $(E2E)
named          = $(or $(filter %/$(1) %/$(1).sh,$(ALL_SUITES)),$(strip $(foreach s,$(ALL_SUITES),$(if $(findstring /$(1)/,$(s)),$(s)))),\
	$(error no suite is named $(1): `make list` names them))
SUITES        ?= $(if $(T),$(sort $(foreach t,$(patsubst %.sh,%,$(T)),$(call named,$(t)))),$(ALL_SUITES))
FUZZ          ?= $(patsubst tests/fuzz/fuzz_%.c,%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
FUZZ_BIN      := $(FUZZ:%=$(BT)/fuzz/%)
HELPERS       := $(patsubst tests/helpers/%.c,%,$(wildcard tests/helpers/*.c tests/helpers/*/*.c))
HELPERS_STATIC := fdlist count pairs lib/library supervise/ways
HELPERS_MUSL   := leaker supervise/ways fdlist witness entry race host/corners host/words lib/library $(addprefix parity/,spawn actions exec shell) \
	$(addprefix host/,tied shared surprise locks openmax crowded)
HELPERS_M32    := pairs failed_exec lib/library supervise/ways fdlist witness entry host/openmax $(addprefix parity/,spawn actions exec shell)
HELPER_BIN    := $(HELPERS:%=$(BT)/helpers/%) $(HELPERS_STATIC:%=$(BT)/helpers/static/%) \
	$(HELPERS_MUSL:%=$(BT)/helpers/musl/%) $(HELPERS_M32:%=$(BT)/helpers/m32/%)

# ROOM/NAME is made of ROOM/test_NAME.o.
.SECONDEXPANSION:
$(BT)/unit/%: $(B)/obj/tests/unit/$$(*D)/test_$$(*F).o $(TOOLS_LIB) $(CORE_LIB)
	@mkdir -p $(@D)
	$(call say,LD)
	$(Q)$(CC) $(SANFLAGS) $(LDFLAGS) -o $@ $^ -lcriterion $(TOOLS_LIBS) $(LDLIBS_$*)

# Helpers are what the shim is loaded into: never with sanitizers.
HELPER_CFLAGS := -std=gnu11 -O1 -g -I. -D_GNU_SOURCE $(WARN) -pthread
helper_cc      = $(HELPER_CFLAGS) $(DEPFLAGS) -o $@ $<

# Objects to preload.
LDLIBS_starve := -shared -fPIC
LDLIBS_host/preload := -shared -fPIC
LDLIBS_host/audit := -shared -fPIC
LDLIBS_stopwatch := -shared -fPIC
LDLIBS_origins/raises := -shared -fPIC
LDLIBS_origins/stacks := -rdynamic

$(BT)/helpers/%: tests/helpers/%.c $(KNOBS)
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(helper_cc) $(LDLIBS_$*)

# This one is the core, made to speak.
$(BT)/helpers/encode_records: $(CORE_LIB)
LDLIBS_encode_records = $(CORE_LIB) $(SANFLAGS)

# What is linked with the library: as a shared object, or within.
LDLIBS_lib/library = -I$(B)/include -L$(B)/lib -lfdfence-seal -Wl,-rpath,'$(abspath $(B))'/lib
STATIC_lib/library = -I$(B)/include $(SEAL_STATIC)
# No object of it is made for i386: there its sources are.
M32_lib/library = -I$(B)/include $(SEAL_SRC)
$(BT)/helpers/m32/lib/library: $(SEAL_SRC)
$(addprefix $(BT)/helpers/,lib/library m32/lib/library static/lib/library musl/lib/library): $(SEAL_LIB) $(SEAL_STATIC) $(SEAL_HEADER)

$(BT)/helpers/static/%: tests/helpers/%.c $(KNOBS)
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) -static $(helper_cc) $(STATIC_$*)

$(BT)/helpers/musl/%: tests/helpers/%.c
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)if command -v $(MUSL_CC) >/dev/null; then $(MUSL_CC) $(helper_cc) \
		-idirafter $(PORT_ROOT)/usr/include -idirafter $(PORT_ROOT)/usr/include/$$($(CC) -print-multiarch) $(STATIC_$*); \
	else echo "no $(MUSL_CC): tests for musl will be skipped"; fi

$(BT)/helpers/m32/%: tests/helpers/%.c $(KNOBS)
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)if echo 'int main(void) { return 0; }' | $(CC) -m32 -xc -o $@ - 2>/dev/null; \
	then $(CC) -m32 $(helper_cc) $(M32_$*); \
	else echo "no 32-bit C library: tests for i386 will be skipped"; fi

# Fuzzers link the core and all of the command but the tracer, compiled for them.
FUZZ_FLAGS := -std=gnu11 -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all
FUZZ_SRC   := $(CORE_SRC) $(filter-out $(TOOLS_TRACE_SRC) tools/commands/%,$(TOOLS_SRC))
FUZZ_LIB   := $(BT)/fuzz/libfuzzed.a
# ... and of the shim what the one is about.
FUZZ_handover := preload/fence/handover.c

$(BT)/fuzz/obj/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CLANG)
	$(Q)$(CLANG) $(FUZZ_FLAGS) -Wno-gnu-variable-sized-type-not-at-end -fsanitize=fuzzer-no-link $(CPPFLAGS) -DMULTIARCH='"$(MULTIARCH)"' \
		$(patsubst -I%,-isystem %,$(shell pkg-config --cflags libxml-2.0)) $(DEPFLAGS) -c -o $@ $<

$(FUZZ_LIB): $(FUZZ_SRC:%.c=$(BT)/fuzz/obj/%.o) $(patsubst %.S,$(B)/obj/%_stub.o,$(wildcard tools/*/arch/$(ARCH).S))
	$(call say,AR)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(BT)/fuzz/%: tests/fuzz/fuzz_%.c $(FUZZ_LIB)
	@mkdir -p $(@D)
	$(call say,CLANG)
	$(Q)$(CLANG) $(FUZZ_FLAGS) -fsanitize=fuzzer $(CPPFLAGS) -MMD -MP -MF $@.d -o $@ $< $(FUZZ_$*) $(FUZZ_LIB) $(TOOLS_LIBS)

.PHONY: build-tests run-tests list run-fuzz unit try-shim32 run-demo deps-demo deps-fuzz deps-bench deps-kernels deps-cross deps-bare deps-ports
.PHONY: build-helpers build-units
build-helpers: $(HELPER_BIN)
build-units: $(UNIT_BIN)
build-tests: all try-shim32 build-units build-helpers

# Not a prerequisite: where there is no 32-bit C library its tests are skipped.
try-shim32:
	+@if echo 'int main(void) { return 0; }' | $(CC) -m32 -xc -o /dev/null - 2>/dev/null; \
	then $(MAKE) -s shim32; fi

unit: $(UNIT_BIN)
	@FDF_BUILD='$(abspath $(B))' tests/run $(UNIT_BIN)

# The packages first: only then is there a compiler, so the build is a make of its own.
check: deps
	+@$(MAKE) --no-print-directory run-tests WERROR=1

run-tests: build-tests
	@FDF_BUILD='$(abspath $(B))' tests/run $(if $(K),-k '$(K)') $(SUITES)

# What T= may name.
list:
	@printf '%s\n' $(patsubst $(BT)/%,%,$(UNIT_BIN)) $(patsubst tests/%.sh,%,$(E2E))

deps:
	@DEPS='$(DEPS)' tests/deps

deps-demo deps-fuzz deps-bench deps-kernels deps-tidy deps-bare deps-ports deps-container: deps-%:
	@DEPS='$(DEPS)' tests/deps $*

# Compilers for other processors, below build/cross.
deps-cross:
	@DEPS='$(DEPS)' tests/deps cross
	@FDF_BUILD='$(abspath $(B))' tests/cross aarch64
	@FDF_BUILD='$(abspath $(B))' tests/cross riscv64

# Where this machine's kernel runs no 32-bit programs, one that does is booted.
.PHONY: check-i386
check-i386: build-tests
	@FDF_BUILD='$(abspath $(B))' FDF_KERNEL_RUN=-i386 FDF_KERNEL_TESTS='shim/failed_exec:i386 command/supervise_i386 shim/entry_points shim/parity' \
		FDF_KERNEL_PROGRAMS='unshare jq python3' tests/kernels $(KERNELS)

# Each shape of a caller, and what became of it below a supervisor.
.PHONY: supervise-matrix
SUPERVISE_SUITES := supervise supervise_hard supervise_odd supervise_own
supervise-matrix: build-tests
	@FDF_BUILD='$(abspath $(B))' tests/run $(SUPERVISE_SUITES:%=tests/e2e/command/%.sh) >$(BT)/matrix.run; r=$$?; \
	for s in $(SUPERVISE_SUITES); do \
		sed -n "s/^\(not ok\|ok\) [0-9]* *- /\1  $$s: /p; s/^\(not ok\|ok\) - /\1  $$s: /p" $(BT)/log/e2e-command-$$s.tap; \
	done; tail -n 1 $(BT)/matrix.run; exit $$r

# As another processor, or (amd64) under the kernel of Debian 12, emulated: half an hour each; fetches a
# Debian for it.  FDF_PORT_SUITES= FDF_PORT_ONLY=
.PHONY: check-amd64 check-arm64 check-riscv64
check-amd64 check-arm64 check-riscv64: check-%: deps-ports
	@FDF_BUILD='$(abspath $(B))' tests/ports $*

# What ran as x86-64, i386, arm64 and riscv64, and what was skipped: some hours; AS='arm64': as that
# alone; AS=-n: of the runs before.
.PHONY: matrix
matrix: build-tests deps-kernels deps-ports
	$(PARTAKES)@FDF_BUILD='$(abspath $(B))' tests/matrix $(AS)

.PHONY: wild
# Programs that others wrote; installs them (NAMES='nginx redis': only these), writes docs/wild.md.
wild: all
	@FDF_BUILD='$(abspath $(B))' tests/wild/run -i -u $(NAMES)

.PHONY: check-suites
# What others wrote: an hour and a half; fetches source packages of Debian.
check-suites: build-tests
	@FDF_BUILD='$(abspath $(B))' tests/suites/run

.PHONY: mutants
# An hour; each in a copy of the tree below build/mutants/.  MUTANTS='bpf/*' SLICE=2/5; RESULTS=FILE:
# those that were red are not run again.
mutants:
	$(PARTAKES)@tests/mutate $(if $(RESULTS),-r '$(RESULTS)') $(if $(SLICE),-s $(SLICE)) $(if $(MUTANTS),'$(MUTANTS)')

# The README's commands on a bare system, which debootstrap lays below build/bare/: an hour, as root.
.PHONY: check-bare
check-bare: deps-bare
	@tests/bare $(DIST)

# The image of packaging/Containerfile, built and run: a quarter of an hour, as root.
.PHONY: check-container
check-container: deps-container all
	@FDF_BUILD='$(abspath $(B))' tests/run tests/container/image.sh

# Packages are built, installed, used and purged on a bare Debian of their own: a quarter of an hour.
.PHONY: check-packages
check-packages: deps-bare
	@STEPS=tests/package-steps tests/bare $(DIST)

# Packages of Debian with the library in the place of their own closefrom(): a quarter of an hour.
.PHONY: check-compat
check-compat: library
	@FDF_BUILD='$(abspath $(B))' tests/compat/run

demo: deps-demo
	+@$(MAKE) --no-print-directory run-demo

run-demo: all
	@FDF_BUILD='$(abspath $(B))' tests/demo.sh

stress: build-tests
	@FDF_BUILD='$(abspath $(B))' tests/stress

# The packages first, as for check.  FUZZ='list proc': these.
fuzz: deps-fuzz
	+@$(MAKE) --no-print-directory run-fuzz

run-fuzz: $(FUZZ_BIN)
	@tests/fuzz/run $(FUZZ_SECONDS) $(FUZZ_BIN)

-include tests/bench/build.mk
-include tests/torture/build.mk
