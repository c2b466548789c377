# fdfence.  `make help` lists what there is to make.
#
# Knobs: V=1 shows commands; SAN=address,undefined builds command and tests with
# sanitizers; CC=, CLANG=, DESTDIR=, PREFIX= as usual.  Everything that is built lies under build/.

PREFIX   ?= /usr/local
LIBDIR   ?= $(PREFIX)/lib
BINDIR   ?= $(PREFIX)/bin
DATADIR  ?= $(PREFIX)/share
MANDIR   ?= $(DATADIR)/man
CLANG    ?= clang
BPFTOOL  ?= $(firstword $(shell command -v bpftool 2>/dev/null) /usr/sbin/bpftool)
VERSION  := 0.1.0
B        := build$(if $(SAN),/san)
Q        := $(if $(V),,@)
say       = $(if $(V),,@printf '  %-7s %s\n' '$(1)' '$@')

WARN     := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes
CFLAGS   ?= -O2 -g
CPPFLAGS += -I. -D_GNU_SOURCE -DFDFENCE_VERSION='"$(VERSION)"' -DFDFENCE_LIBDIR='"$(LIBDIR)"' -DFDFENCE_DATADIR='"$(DATADIR)"'
SANFLAGS := $(if $(SAN),-fsanitize=$(SAN) -fno-omit-frame-pointer)
DEPFLAGS  = -MMD -MP

.DELETE_ON_ERROR:
.SUFFIXES:
.SECONDARY:
.PHONY: all help clean install uninstall deps deps-build check demo bench stress fuzz check-style check-kernels format

all:

include preload/build.mk
include bpf/build.mk
include tools/build.mk
include tests/build.mk
include docs/build.mk

all: $(SHIM) $(COMMAND)

# One rule for every hosted object; what is special lies in the room's build.mk.
$(B)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) -std=gnu11 $(CPPFLAGS) $(CFLAGS) $(WARN) $(SANFLAGS) $(CPPFLAGS_$(firstword $(subst /, ,$*))) $(DEPFLAGS) -c -o $@ $<

help:
	@printf '%s\n' \
	'make              the shim and the command, under build/' \
	'make deps         install what building and testing needs (Debian, as root)' \
	'make demo         a program that leaks, without and with the fence' \
	'make check        all tests; the last line sums them up' \
	'make check-suites test suites of other software, with and without the fence' \
	'make install      into $$(DESTDIR)$$(PREFIX)' \
	'make bench        the figures of docs/performance.md' \
	'make stress       the long races' \
	'make torture      random program shapes without and with the fence, N= of them' \
	'make check-i386   entry points and parity as i386, under a kernel that runs it' \
	'make fuzz         the fuzzers, FUZZ_SECONDS each' \
	'make check-style  clang-format, shellcheck, the dependency rule'

clean:
	$(Q)rm -rf $(B)

-include $(shell find $(B) -name '*.d' 2>/dev/null)
