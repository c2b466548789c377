# The shim: one raw object.  No libc is linked, so that it loads under glibc and
# musl alike; two load segments and no lazy binding keep the start of each child cheap.

# What depends on the processor lies in a room's arch/NAME/, assembler and exports; its C chooses
# by itself (raw/arch/arch.h).
shim_src   = $(filter-out preload/lib/% preload/origins/%,$(wildcard preload/*/*.c preload/*/arch/$(1)/*.S))
ARCH      := $(patsubst i%86,i386,$(firstword $(subst -, ,$(shell $(CC) -dumpmachine 2>/dev/null))))
ARCH32    := i386

CORE_SRC  := $(wildcard preload/core/*.c)
SHIM      := $(B)/libfdfence.so
SHIM32    := $(B)/lib32/libfdfence.so
SHIM_OBJ  := $(patsubst %,$(B)/shim/%.o,$(basename $(call shim_src,$(ARCH))))
SHIM32_OBJ := $(patsubst %,$(B)/shim32/%.o,$(basename $(call shim_src,$(ARCH32))))
CORE_LIB  := $(B)/libcore.a

# The caller's half of a task on its own stack uses nothing below the stack pointer (raw/task.h).
SHIM_CFLAGS_x86_64 := -mno-red-zone -fcf-protection=none
SHIM_CFLAGS_i386   := -fcf-protection=none
# What libgcc would have to choose at the start of a program.
SHIM_CFLAGS_aarch64 := -mno-outline-atomics
# Counting zeros takes a function there.
SHIM_LIBS_riscv64 := -lgcc
SHIM_CFLAGS := -std=gnu11 -Oz -g -ffreestanding -fPIC -fvisibility=hidden -fno-stack-protector -U_FORTIFY_SOURCE \
	$(if $(findstring clang,$(CC)),,-fno-tree-loop-distribute-patterns) -fno-plt -fno-common -fno-optimize-sibling-calls \
	-ffunction-sections -fdata-sections -Wframe-larger-than=3072 $(WARN) -Wno-missing-prototypes
SHIM_LDFLAGS := -shared -nostdlib -Wl,-soname,libfdfence.so -Wl,-z,now -Wl,-z,initfirst -Wl,-z,norelro -Wl,-z,noseparate-code \
	-Wl,-z,noexecstack -Wl,--hash-style=gnu -Wl,-Bsymbolic -Wl,--gc-sections -Wl,--build-id=none -Wl,-O1

shim_cc     = $(CC) $(SHIM_CFLAGS) $(SHIM_CFLAGS_$(ARCH)) $(CPPFLAGS) $(DEPFLAGS) -c -o $@ $<
shim32_cc   = $(CC) -m32 $(SHIM_CFLAGS) $(SHIM_CFLAGS_$(ARCH32)) $(CPPFLAGS) $(DEPFLAGS) -c -o $@ $<

$(B)/shim/%.o: %.c $(KNOBS)
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(shim_cc)

$(B)/shim/%.o: %.S $(KNOBS)
	@mkdir -p $(@D)
	$(call say,AS)
	$(Q)$(shim_cc)

$(B)/shim32/%.o: %.c $(KNOBS)
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(shim32_cc)

$(B)/shim32/%.o: %.S $(KNOBS)
	@mkdir -p $(@D)
	$(call say,AS)
	$(Q)$(shim32_cc)

# What runs in every start, and at every close, is made for speed.  Behind a system call the
# processor no longer knows where a return leads: a hook that only passes on jumps there.
FAST_OBJ := preload/raw/resolve.o preload/entry/meant.o preload/judge/meant.o preload/judge/pair.o preload/fence/given.o preload/core/conventions.o
$(FAST_OBJ:%=$(B)/shim/%) $(FAST_OBJ:%=$(B)/shim32/%): SHIM_CFLAGS += -O2 -foptimize-sibling-calls

shim_scripts = -Wl,-T,preload/entry/page.lds -Wl,--version-script=preload/entry/arch/$(1)/exports.map

$(SHIM): $(SHIM_OBJ) preload/entry/arch/$(ARCH)/exports.map preload/entry/page.lds
	$(call say,LD)
	$(Q)$(CC) $(SHIM_LDFLAGS) $(call shim_scripts,$(ARCH)) -o $@ $(SHIM_OBJ) $(SHIM_LIBS_$(ARCH))

$(SHIM32): $(SHIM32_OBJ) preload/entry/arch/$(ARCH32)/exports.map preload/entry/page.lds
	@mkdir -p $(@D)
	$(call say,LD)
	$(Q)$(CC) -m32 $(SHIM_LDFLAGS) $(call shim_scripts,$(ARCH32)) -o $@ $(SHIM32_OBJ) -lgcc

.PHONY: shim shim32
shim: $(SHIM)
shim32: $(SHIM32)

# The pure core once more, hosted, for the command and the tests.
$(CORE_LIB): $(CORE_SRC:%.c=$(B)/obj/%.o)
	$(call say,AR)
	$(Q)rm -f $@ && $(AR) rcs $@ $^
