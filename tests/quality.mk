# What looks at the sources, and at how well they are tested.

.PHONY: check-style rooms format tidy coverage run-coverage check-san run-san check-tsan run-tsan check-builds

check-style:
	@tests/check-style.sh

# TREE= another checkout.
rooms:
	@tests/rooms count $(TREE)

format:
	@git ls-files '*.c' '*.h' | xargs -r clang-format -i

# For clangd and clang-tidy: what make would run.
compile_commands.json: FORCE
	$(call say,JSON)
	$(Q)$(MAKE_BELOW) -Bnk V=1 all build-tests 2>/dev/null | tests/compile-commands >$@

tidy: deps-tidy compile_commands.json $(BPF_SKEL)
	@clang-tidy --quiet -p . $(wildcard tools/*/*.c tools/*.c preload/core/*.c)

# Unit tests and those of the command, with the lines counted that they reach; T= some of them.  Not
# those of other users, who could not write what is counted, nor the one that makes `make install`
# build all anew, without counting.
coverage: deps
	+@$(MAKE) --no-print-directory run-coverage COVERAGE=1

COVERAGE_LEAST  := 90
COVERAGE_SUITES  = $(filter-out %/namespaces.sh %/privilege.sh %/install.sh,$(if $(T),$(SUITES),\
	$(UNIT_BIN) $(wildcard tests/e2e/command/*.sh tests/e2e/trace/*.sh)))

ifdef COVERAGE
$(COMMAND) $(UNIT_BIN): LDFLAGS += -Wl,--wrap=_exit,--wrap=chroot $(B)/obj/tests/gcov_exit.o
$(COMMAND) $(UNIT_BIN): | $(B)/obj/tests/gcov_exit.o
endif

# Cases in which nothing may be written or started any more fail here by the counting; make check
# says whether they hold.
run-coverage: build-tests
	@find $(B) -name '*.gcda' -delete
	-@FDF_BUILD='$(abspath $(B))' tests/run $(COVERAGE_SUITES)
	@tests/coverage $(B) $(if $(T),,$(COVERAGE_LEAST))

# Address and undefined behaviour: unit tests and those of the command.
check-san: deps
	+@$(MAKE) --no-print-directory run-san SAN=address,undefined
	+@$(MAKE) --no-print-directory run-tsan SAN=thread

run-san: build-tests
	@FDF_BUILD='$(abspath $(B))' tests/run $(UNIT_BIN) $(wildcard tests/e2e/command/*.sh)

# Threads: the command itself, whose collector, tracer and supervisor have some (Criterion has its own).
# Reports count alone: its runtime starts the command once more, and has a thread, which some cases see.
TSAN_SUITES := $(patsubst %,tests/e2e/%.sh,command/check command/report command/supervise_hard \
	command/inspect_watch trace/trace)
check-tsan: deps
	+@$(MAKE) --no-print-directory run-tsan SAN=thread

run-tsan: build-tests
	-@FDF_BUILD='$(abspath $(B))' tests/run -o '$(abspath $(BT))/log-tsan' $(TSAN_SUITES)
	@if grep -l 'ThreadSanitizer:' $(BT)/log-tsan/*.san.* $(BT)/log-tsan/*.err 2>/dev/null; then exit 1; fi
	@for suite in $(subst /,-,$(TSAN_SUITES:tests/%.sh=%)); do \
		grep -q '^ok' $(BT)/log-tsan/$$suite.tap || { echo "$$suite: nothing ran"; exit 1; }; done
	@echo 'ThreadSanitizer: no report'

# What make check builds in two ways only, in all.
check-builds: deps
	@FDF_BUILD='$(abspath $(B))' FDF_BUILDS=all tests/run tests/e2e/house/builds.sh
