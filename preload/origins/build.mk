# The library of --origins.  Hosted, unlike the shim: it is loaded where somebody asks for it, and only
# under glibc; but musl has to find all that it takes, or the program does not start.  So nothing of glibc's
# loader, which holds the stack protector's word on some processors, and no atomics that libgcc chooses by a call
# that musl does not have.  The unwinder is linked in, so that no program has another libgcc for it.
ORIGINS_CFLAGS_aarch64 := -mno-outline-atomics
ORIGINS     := $(B)/libfdfence-origins.so
ORIGINS_OBJ := $(patsubst %.c,$(B)/pic/%.o,$(wildcard preload/origins/*.c) $(CORE_SRC))

$(B)/pic/%.o: %.c $(KNOBS)
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) -std=gnu11 -O2 -g $(HARDEN) -fno-stack-protector $(ORIGINS_CFLAGS_$(ARCH)) -fPIC -fvisibility=hidden -fno-plt \
		-U_FORTIFY_SOURCE $(WARN) -Wno-missing-prototypes -ffunction-sections -fdata-sections $(CPPFLAGS) $(DEPFLAGS) -c -o $@ $<

$(ORIGINS): $(ORIGINS_OBJ)
	$(call say,LD)
	$(Q)$(CC) -shared -static-libgcc -Wl,-soname,libfdfence-origins.so $(HARDEN_LD) -Wl,--gc-sections \
		-Wl,--wrap=_dl_find_object -Wl,--exclude-libs,ALL -o $@ $(ORIGINS_OBJ)

.PHONY: install-origins uninstall-origins
all: $(ORIGINS)
install: install-origins
install-origins: $(ORIGINS) install-tools
	$(call put,644,$(ORIGINS),"$$DESTDIR$$LIBDIR/fdfence/libfdfence-origins.so")

uninstall: uninstall-origins
uninstall-origins:
	rm -f "$$DESTDIR$$LIBDIR/fdfence/libfdfence-origins.so"
uninstall-tools: uninstall-origins
