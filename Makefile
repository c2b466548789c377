# fdfence.  `make help` lists what there is to make.
#
# Everything that is built lies under build/.

PREFIX   ?= /usr/local
LIBDIR   ?= $(PREFIX)/lib
BINDIR   ?= $(PREFIX)/bin
INCLUDEDIR ?= $(PREFIX)/include
DATADIR  ?= $(PREFIX)/share
MANDIR   ?= $(DATADIR)/man
CLANG    ?= clang
BPFTOOL  ?= $(firstword $(shell command -v bpftool 2>/dev/null) /usr/sbin/bpftool)
VERSION  := 0.1.0
comma    := ,
# What is built another way lies in a folder of its own.
B        := build$(if $(SAN),/san-$(subst $(comma),-,$(SAN)))$(if $(COVERAGE),/coverage)
$(if $(word 2,$(B)),$(error B=$(B): make cannot build in a folder with a blank in its name))
KNOBS    := $(B)/knobs
Q        := $(if $(V),,@)
say       = $(if $(V),,@printf '  %-7s %s\n' '$(1)' '$@')

WARN     := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition \
	-Wconversion -Wno-sign-conversion -Wno-float-conversion -Wundef -Wpointer-arith -Wformat-security \
	$(if $(findstring clang,$(CC)),-Wno-gnu-variable-sized-type-not-at-end) $(if $(WERROR),-Werror)
CFLAGS   ?= $(if $(COVERAGE),-Og -fno-inline,-O2) -g
CPPFLAGS += -I. -D_GNU_SOURCE -DFDFENCE_VERSION='"$(VERSION)"'
# What hardens the command, whatever CFLAGS are.  Checked sizes need an optimizer, and a sanitizer sees more.
HARDEN_x86_64  := -fcf-protection=full
HARDEN_i386    := -fcf-protection=full
HARDEN_aarch64 := -mbranch-protection=standard
HARDEN    = -fPIE -fstack-protector-strong -fstack-clash-protection $(HARDEN_$(ARCH))
FORTIFY  := -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3
HARDEN_LD := -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -Wl,-z,separate-code
SANFLAGS := $(if $(SAN),-fsanitize=$(SAN) -fno-omit-frame-pointer) $(if $(COVERAGE),--coverage)
DEPFLAGS  = -MMD -MP

# In front of what starts a make of its own below a script: it has a part in -j, and with -n does not run.
PARTAKES  = $(if $(findstring n,$(filter-out --%,$(firstword -$(MAKEFLAGS)))),,+)

# What writes a file by a make below it: where $(MAKE) itself stands in a line, -n runs the line.
MAKE_BELOW = $(MAKE)

.DELETE_ON_ERROR:
.SUFFIXES:
.SECONDARY:
.PHONY: all help clean install uninstall deps deps-build check demo bench stress fuzz check-kernels

all:

BUILT_BY := $(addsuffix build.mk,preload/ preload/lib/ preload/origins/ bpf/ tools/)
include $(BUILT_BY)
include tests/build.mk
include docs/build.mk
include tests/quality.mk

all: $(SHIM) $(COMMAND) library

# $(call put,MODE,FILE,TO): by rename, once all of it is on the disk.  Whoever starts meanwhile has the
# old file or the new one; a part of a library that is preloaded ends every program with a bus error.
put = install -m $(1) $(2) $(3).new && cmp $(2) $(3).new && sync $(3).new && mv -f $(3).new $(3)

# To the shell the places go in the environment: make takes a blank for the end of a name.
INSTALLS := install-where $(foreach what,tools origins library docs,install-$(what) uninstall-$(what))
$(foreach place,DESTDIR PREFIX BINDIR LIBDIR INCLUDEDIR DATADIR MANDIR,\
	$(eval $$(INSTALLS): export $(place) := $$($(place))))

# Other knobs or other lines that say how to build, other objects: this file changes when they do.
$(KNOBS): export KNOBS_NOW = $(CC) $(CLANG) $(CFLAGS) $(HARDEN) $(CPPFLAGS) $(LDFLAGS) HAVE_BPF=$(HAVE_BPF)
$(KNOBS): FORCE
	@mkdir -p $(@D)
	@{ printf '%s\n' "$$KNOBS_NOW" && grep -hv '^#' Makefile $(BUILT_BY); } >$@.$$$$ && \
	if cmp -s $@.$$$$ $@; then rm $@.$$$$; else mv $@.$$$$ $@; fi
.PHONY: FORCE
FORCE:

# One rule for every hosted object; what is special lies in the room's build.mk.
OBJ_HARDEN = $(HARDEN) $(if $(SAN)$(COVERAGE),,$(if $(filter-out -O0,$(filter -O%,$(CFLAGS))),$(FORTIFY)))
$(B)/obj/%.o: %.c $(KNOBS)
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) -std=gnu11 $(CPPFLAGS) $(CFLAGS) $(OBJ_HARDEN) $(WARN) $(SANFLAGS) $(CPPFLAGS_$(firstword $(subst /, ,$*))) $(DEPFLAGS) -c -o $@ $<

help:
	@sed -n 's/^#: \{0,1\}//p' $(firstword $(MAKEFILE_LIST))
#: Build
#:   make                   the shim and the command, under build/
#:   make shim shim32       the shim alone; the one for i386 programs
#:   make library           libfdfence-seal, for programs that can be changed
#:   make dist              the sources that are committed, as build/fdfence-VERSION.tar.gz
#:   make install           into $(DESTDIR)$(PREFIX)
#:   make uninstall         the other way round
#:   make clean             removes build/
#: Try
#:   make demo              a program that leaks, without and with the fence
#: Test
#:   make check             all tests; the last line sums them up
#:   make check T=policy    one suite, by its name, its room (T=e2e/shim) or both
#:   make check K=vfork     the cases that have this in their name
#:   make list              the suites
#:   make unit              the unit tests
#:   make check-san         unit and command tests with sanitizers
#:   make check-tsan        threads of collector, tracer and supervisor alone
#:   make check-builds      builds with clang, without BPF, with other flags
#:   make fuzz              the fuzzers
#:   make mutants           faults put in on purpose: does a test notice?  MUTANTS= SLICE=2/5
#:   make stress            the long races
#:   make torture           random program shapes, without and with the fence; N= of them
#:   make check-suites      test suites of other software, without and with the fence
#:   make wild              a hundred programs of others, plain and fenced: docs/wild.md; NAMES=
#:   make check-compat      openssh, sudo, libbsd with the library for their own closefrom
#:   make check-bare        demo and check on a bare Debian, in a root of its own; DIST=trixie
#:   make check-packages    packages of Debian: built twice, linted, installed, used, purged
#:   make check-container   the image: built by podman, and what it may and tells
#:   make check-i386        as i386, under a kernel that runs it
#:   make supervise-matrix  callers of all shapes below a supervisor, a line each
#:   make check-arm64 check-riscv64   as one of them, emulated, under Debian's kernel
#:   make check-amd64       the shim's suites under Debian 12's kernel, emulated
#:   make matrix            what passed and was skipped as each of these; AS=-n: so far
#:   make check-kernels     the tracer under other kernels
#: Measure
#:   make bench             the figures of docs/performance.md; BENCH_BEFORE=REVISION beside that one
#:   make bench-exec        an exec, call by call: docs/exec-cost.md
#:   make bench-intent      what reading intent costs
#:   make bench-closing     closing from a number, beside who else does: docs/closing.md
#:   make bench-inspect     looking at all processes, beside lsof and lsfd: docs/inspecting.md
#:   make bench-origins     what --origins costs, beside valgrind and strace: docs/origins-cost.md
#:   make bench-report      records of earlier runs, beside jq: docs/reporting.md
#:   make bench-supervise   what a supervisor costs: docs/supervise.md
#:   make bench-supervise-memory   the memory of one, by numbers that are open
#:   make bench-clamp       what --clamp-open-max saves programs that close up to their limit
#:   make bench-scale       what the records of 10,000 hosts come to: docs/scale.md
#:   make bench-store       how long it takes to load them into PostgreSQL
#:   make bench-trace       the figures of docs/tracer.md
#:   make coverage          lines that the tests reach, by room: 90 % at least; T= some suites
#:   make rooms             rooms, floors, includes upwards and circles; TREE= of another checkout
#: Change
#:   make format            clang-format over all sources
#:   make check-style       clang-format, shellcheck, lengths, rooms, names
#:   make tidy              clang-tidy
#:   make compile_commands.json  for editors and clangd
#:   make deps              installs what building and testing needs (Debian, as root)
#: Knobs
#:   V=1                    show commands        WERROR=1   warnings are errors
#:   SAN=address,undefined  sanitizers           COVERAGE=1 count lines
#:   DEPS=no                install nothing      HAVE_BPF=0 build without the tracer
#:   CC= CLANG= PREFIX= DESTDIR= FUZZ_SECONDS= KERNELS=linux-image-...

.PHONY: dist
dist:
	@packaging/dist $(VERSION) $(B)

clean:
	$(Q)rm -rf $(B)

# Not those of other trees, which lie in these folders.
-include $(shell find $(B) \( -path $(B)/tests/suites -o -path $(B)/mutants -o -path $(B)/bare -o -path $(B)/ports -o -path $(B)/cross \) -prune \
	-o -type f -name '*.d' -print 2>/dev/null)
