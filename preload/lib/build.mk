# libfdfence-seal, for programs that can be changed: what the shim is made of, linked as a library.
# Like the shim it links no libc, so that one object serves programs of glibc and of musl.

SEAL_ABI    := 0
SEAL_NAME   := libfdfence-seal.so
SEAL_LIB    := $(B)/lib/$(SEAL_NAME).$(VERSION)
SEAL_LINKS  := $(SEAL_NAME).$(SEAL_ABI) $(SEAL_NAME)
SEAL_STATIC := $(B)/lib/libfdfence-seal.a
SEAL_HEADER := $(B)/include/fdfence.h $(B)/include/fdfence/compat.h
# What it stands on: the table alone.
SEAL_SRC    := $(wildcard preload/lib/*.c) preload/raw/fdeach.c preload/raw/fdtab.c preload/core/text.c \
	preload/core/type.c
SEAL_OBJ    := $(SEAL_SRC:%.c=$(B)/seal/%.o)
SEAL_MAP    := preload/lib/exports.map

SEAL_CFLAGS  := $(filter-out -Oz -fcf-protection=% -fno-optimize-sibling-calls,$(SHIM_CFLAGS)) -O2
# ... without what libgcc of the program would have to choose or to count with.
SEAL_CFLAGS_aarch64 := $(SHIM_CFLAGS_aarch64)
SEAL_LDFLAGS := -shared -nostdlib -Wl,-soname,$(SEAL_NAME).$(SEAL_ABI) -Wl,--version-script=$(SEAL_MAP) \
	$(HARDEN_LD) -Wl,--hash-style=gnu -Wl,-Bsymbolic -Wl,--gc-sections -Wl,-O1

.PHONY: library
library: $(SEAL_LIB) $(SEAL_STATIC) $(SEAL_HEADER)

$(B)/seal/%.o: %.c $(KNOBS)
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(SEAL_CFLAGS) $(SEAL_CFLAGS_$(ARCH)) $(CPPFLAGS) $(DEPFLAGS) -c -o $@ $<

$(SEAL_LIB): $(SEAL_OBJ) $(SEAL_MAP)
	@mkdir -p $(@D)
	$(call say,LD)
	$(Q)$(CC) $(SEAL_LDFLAGS) -o $@ $(SEAL_OBJ) $(SHIM_LIBS_$(ARCH))
	$(Q)for link in $(SEAL_LINKS); do ln -sf $(@F) $(@D)/$$link; done

# One object whose inner names nobody sees: a program may have an fdf_each() of its own.
$(B)/seal/all.o: $(SEAL_OBJ)
	$(call say,LD)
	$(Q)$$($(CC) -print-prog-name=ld) -r -o $@ $^ && $$($(CC) -print-prog-name=objcopy) --localize-hidden $@

$(SEAL_STATIC): $(B)/seal/all.o
	@mkdir -p $(@D)
	$(call say,AR)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(B)/include/fdfence.h: preload/lib/fdfence.h
$(B)/include/fdfence/compat.h: preload/lib/compat.h
$(SEAL_HEADER):
	@mkdir -p $(@D)
	$(Q)cp $< $@

.PHONY: install-library uninstall-library
install: install-library
install-library: library
	install -d "$$DESTDIR$$LIBDIR/pkgconfig" "$$DESTDIR$$INCLUDEDIR/fdfence"
	$(call put,644,$(SEAL_LIB),"$$DESTDIR$$LIBDIR/$(notdir $(SEAL_LIB))")
	install -m 644 $(SEAL_STATIC) "$$DESTDIR$$LIBDIR/"
	for link in $(SEAL_LINKS); do ln -sf $(notdir $(SEAL_LIB)) "$$DESTDIR$$LIBDIR/$$link"; done
	install -m 644 preload/lib/fdfence.h "$$DESTDIR$$INCLUDEDIR/"
	install -m 644 preload/lib/compat.h "$$DESTDIR$$INCLUDEDIR/fdfence/"
	from_here() { realpath -m --relative-to="$$LIBDIR/pkgconfig" "$$1" | sed 's/ /\\ /g; s/[&|\\]/\\&/g'; }; \
	sed "s|@PREFIX@|$$(from_here "$$PREFIX")|; s|@INCLUDEDIR@|$$(from_here "$$INCLUDEDIR")|; \
		s|@VERSION@|$(VERSION)|" preload/lib/libfdfence-seal.pc.in >"$$DESTDIR$$LIBDIR/pkgconfig/libfdfence-seal.pc"
	chmod 644 "$$DESTDIR$$LIBDIR/pkgconfig/libfdfence-seal.pc"

uninstall: uninstall-library
uninstall-library:
	! cd "$$DESTDIR$$LIBDIR" 2>/dev/null || rm -f $(notdir $(SEAL_LIB) $(SEAL_STATIC)) $(SEAL_LINKS) pkgconfig/libfdfence-seal.pc
	! cd "$$DESTDIR$$INCLUDEDIR" 2>/dev/null || rm -f fdfence.h fdfence/compat.h
	rmdir "$$DESTDIR$$INCLUDEDIR/fdfence" 2>/dev/null || true
