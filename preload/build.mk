# The shim: one raw object.  No libc is linked, so that it loads under glibc and
# musl alike; two load segments and no lazy binding keep the start of each child cheap.

CORE_SRC  := $(wildcard preload/core/*.c)
SHIM_SRC  := $(wildcard preload/*/*.c)
SHIM      := $(B)/libfdfence.so
SHIM32    := $(B)/lib32/libfdfence.so
SHIM_OBJ  := $(SHIM_SRC:%.c=$(B)/shim/%.o)
SHIM32_OBJ := $(SHIM_SRC:%.c=$(B)/shim32/%.o)
CORE_LIB  := $(B)/libcore.a

SHIM_ARCH   := -mno-red-zone
SHIM_CFLAGS := -std=gnu11 -Oz -g -ffreestanding -fPIC $(SHIM_ARCH) -fvisibility=hidden -fno-stack-protector -U_FORTIFY_SOURCE \
	-fno-tree-loop-distribute-patterns -fno-plt -fcf-protection=none -fno-common -fno-optimize-sibling-calls \
	-ffunction-sections -fdata-sections -Wframe-larger-than=3072 $(WARN) -Wno-missing-prototypes
SHIM_LDFLAGS := -shared -nostdlib -Wl,-soname,libfdfence.so -Wl,-z,now -Wl,-z,norelro -Wl,-z,noseparate-code \
	-Wl,-z,noexecstack -Wl,--hash-style=gnu -Wl,-Bsymbolic -Wl,--gc-sections -Wl,--build-id=none -Wl,-O1

$(B)/shim/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(SHIM_CFLAGS) $(CPPFLAGS) $(DEPFLAGS) -c -o $@ $<

$(B)/shim32/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) -m32 $(SHIM_CFLAGS) $(CPPFLAGS) $(DEPFLAGS) -c -o $@ $<

# What runs in every start is made for speed.
$(B)/shim/preload/raw/resolve.o $(B)/shim32/preload/raw/resolve.o: SHIM_CFLAGS += -O2

$(SHIM): $(SHIM_OBJ) preload/exports.map preload/page.lds
	$(call say,LD)
	$(Q)$(CC) $(SHIM_LDFLAGS) -Wl,-T,preload/page.lds -Wl,--version-script=preload/exports.map -o $@ $(SHIM_OBJ)

$(SHIM32): $(SHIM32_OBJ) preload/exports32.map preload/page.lds
	@mkdir -p $(@D)
	$(call say,LD)
	$(Q)$(CC) -m32 $(SHIM_LDFLAGS) -Wl,-T,preload/page.lds -Wl,--version-script=preload/exports32.map -o $@ $(SHIM32_OBJ) -lgcc

.PHONY: shim shim32
shim: $(SHIM)
shim32: $(SHIM32)

# The pure core once more, hosted, for the command and the tests.
$(CORE_LIB): $(CORE_SRC:%.c=$(B)/obj/%.o)
	$(call say,AR)
	$(Q)rm -f $@ && $(AR) rcs $@ $^
