# The command.  All but main.o is archived, so that the unit tests link it too.

# The rooms of the tracer; the decoder needs no BPF, and is tested without.
TOOLS_TRACE_SRC := $(filter-out tools/kernel/decode%,$(wildcard tools/kernel/*.c)) $(wildcard tools/trace/*.c) \
	tools/commands/trace.c
TOOLS_SRC := $(filter-out $(TOOLS_TRACE_SRC) tools/commands/untraced.c,$(wildcard tools/*/*.c)) \
	$(if $(filter 1,$(HAVE_BPF)),$(TOOLS_TRACE_SRC),tools/commands/untraced.c)
# What depends on the processor lies in files of its name.
TOOLS_SRC += $(wildcard tools/*/arch/$(ARCH).c)
TOOLS_OBJ := $(TOOLS_SRC:%.c=$(B)/obj/%.o) $(patsubst %.S,$(B)/obj/%_stub.o,$(wildcard tools/*/arch/$(ARCH).S))
TOOLS_LIB := $(B)/libtools.a
TOOLS_LIBS = -ldw -lelf -ljansson -lsmartcols -lxml2 -lz -lzstd -pthread $(if $(filter 1,$(HAVE_BPF)),$(BPF_LIBS))
COMMAND   := $(B)/fdfence
PROFILES  := $(wildcard tools/profiles/*.rules)
PROFILES_BUILT := $(PROFILES:tools/%=$(B)/%)

# Of the compiler, not of a prefix: no path of an installation is compiled in (tools/base/paths.c).
MULTIARCH = $(or $(shell $(CC) -print-multiarch 2>/dev/null),$(shell uname -m)-linux-gnu)
$(B)/obj/tools/base/paths.o $(B)/obj/tools/start/launch.o $(B)/obj/tools/system/library.o: CPPFLAGS += -DMULTIARCH='"$(MULTIARCH)"'

# Asked when it is compiled, not when this file is read: there may be no pkg-config yet.
$(B)/obj/tools/render/junit.o: CPPFLAGS += $(patsubst -I%,-isystem %,$(shell pkg-config --cflags libxml-2.0))

# The page is a part of it.
$(B)/obj/tools/render/html.o: tools/render/page.html

CPPFLAGS_tools := $(if $(filter 1,$(HAVE_BPF)),-DHAVE_BPF=1 -isystem $(B)/bpf)

$(B)/obj/%_stub.o: %.S $(KNOBS)
	@mkdir -p $(@D)
	$(call say,AS)
	$(Q)$(CC) $(HARDEN) $(CPPFLAGS) $(CFLAGS) $(DEPFLAGS) -c -o $@ $<

$(TOOLS_LIB): $(TOOLS_OBJ)
	$(call say,AR)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(COMMAND): $(B)/obj/tools/main.o $(TOOLS_LIB) $(CORE_LIB) | $(PROFILES_BUILT)
	$(call say,LD)
	$(Q)$(CC) $(CFLAGS) $(SANFLAGS) -pie $(HARDEN_LD) $(LDFLAGS) -o $@ $(filter %.o %.a,$^) $(TOOLS_LIBS)

# Where a library that is preloaded everywhere is broken, only a static program starts.
RESCUE     := $(B)/fdfence-rescue
RESCUE_SRC := tools/rescue.c $(addprefix tools/system/,place.c list.c names.c dropin.c forget.c) \
	tools/base/say.c tools/base/alloc.c tools/base/terminal.c preload/core/text.c
RESCUE_OBJ := $(RESCUE_SRC:%.c=$(B)/rescue/%.o)

# At no fixed address, but where glibc (2.36) has no start of such a static program: rcrt1.o.
RESCUE_STATIC_riscv64 := -static

# Neither with sanitizers nor with counters, which no static program has.
$(B)/rescue/%.o: %.c $(KNOBS)
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) -std=gnu11 $(CPPFLAGS) -Os -g $(HARDEN) $(FORTIFY) -ffunction-sections -fdata-sections $(WARN) $(DEPFLAGS) -c -o $@ $<

$(RESCUE): $(RESCUE_OBJ)
	$(call say,LD)
	$(Q)$(CC) $(or $(RESCUE_STATIC_$(ARCH)),-static-pie) $(HARDEN_LD) -Wl,--gc-sections -o $@ $^

all: $(RESCUE)

# Beside the command, where it looks first.
$(B)/profiles/%.rules: tools/profiles/%.rules
	@mkdir -p $(@D)
	$(Q)cp $< $@

all: $(PROFILES_BUILT)

# The command looks for library and profiles beside itself: elsewhere they would never be found.
.PHONY: install-where
install-tools install-library install-docs: install-where
install-where:
	@tools/install-where '$(MULTIARCH)'

# Where bash, zsh and fish look for completions, under DATADIR.
COMPLETIONS := bash-completion/completions/fdfence zsh/site-functions/_fdfence fish/vendor_completions.d/fdfence.fish

.PHONY: install-tools uninstall-tools
install: install-tools
install-tools: $(SHIM) $(COMMAND) $(RESCUE)
	install -d "$$DESTDIR$$BINDIR" "$$DESTDIR$$LIBDIR/fdfence" "$$DESTDIR$$DATADIR/fdfence/profiles"
	cd "$$DESTDIR$$DATADIR" && install -d $(dir $(COMPLETIONS))
	$(call put,755,$(COMMAND),"$$DESTDIR$$BINDIR/fdfence")
	$(call put,644,$(SHIM),"$$DESTDIR$$LIBDIR/fdfence/libfdfence.so")
	$(call put,755,$(RESCUE),"$$DESTDIR$$LIBDIR/fdfence/fdfence-rescue")
	install -m 644 $(PROFILES) "$$DESTDIR$$DATADIR/fdfence/profiles/"
	install -m 644 tools/completion/fdfence.bash "$$DESTDIR$$DATADIR/$(word 1,$(COMPLETIONS))"
	install -m 644 tools/completion/_fdfence "$$DESTDIR$$DATADIR/$(word 2,$(COMPLETIONS))"
	install -m 644 tools/completion/fdfence.fish "$$DESTDIR$$DATADIR/$(word 3,$(COMPLETIONS))"

# What was put there, and folders of our own that are empty then; nothing else.  First nothing of the system
# names the library any more.
uninstall: uninstall-tools
uninstall-tools:
	@cd "$$LIBDIR/fdfence" 2>/dev/null && [ -z "$$DESTDIR" ] && [ -e libfdfence.so -o -e fdfence-rescue ] || exit 0; \
		./fdfence-rescue --forget "$$LIBDIR/fdfence/libfdfence.so"
	rm -f "$$DESTDIR$$BINDIR/fdfence" "$$DESTDIR$$LIBDIR/fdfence/libfdfence.so" "$$DESTDIR$$LIBDIR/fdfence/fdfence-rescue"
	! cd "$$DESTDIR$$DATADIR" 2>/dev/null || rm -f $(COMPLETIONS) $(PROFILES:tools/%=fdfence/%)
	rmdir "$$DESTDIR$$LIBDIR/fdfence" "$$DESTDIR$$DATADIR/fdfence/profiles" "$$DESTDIR$$DATADIR/fdfence" 2>/dev/null || true
