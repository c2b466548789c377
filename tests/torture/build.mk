# The random tester.  `make torture N=100000` runs so many shapes; SEED= and JOBS= as told in torture.c.

N             ?= 100000
JOBS          ?= 2
TORTURE       := $(BT)/torture
TORTURE_FLAGS := $(HELPER_CFLAGS) -Wno-unused-function
TORTURE_HOST  := $(patsubst %,tests/torture/%.c,host attempt contexts look ring shape surroundings)
TORTURE_BIN   := $(addprefix $(TORTURE)/,torture host target host-musl fault.so)

$(TORTURE)/torture: $(patsubst %,tests/torture/%.c,torture run shape)
$(TORTURE)/target: $(patsubst %,tests/torture/%.c,target shape)
$(TORTURE)/host $(TORTURE)/host-musl: $(TORTURE_HOST)
$(TORTURE_BIN): $(wildcard tests/torture/*.h tests/helpers/*.h)

$(TORTURE)/fault.so: tests/torture/fault.c
$(TORTURE)/target: LDFLAGS += -static
$(TORTURE)/fault.so: LDFLAGS += -shared -fPIC

$(TORTURE)/%:
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(TORTURE_FLAGS) -o $@ $(filter %.c,$^) $(LDFLAGS)

$(TORTURE)/host-musl:
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)if command -v $(MUSL_CC) >/dev/null; then \
		$(MUSL_CC) $(TORTURE_FLAGS) -o $@ $(filter %.c,$^); \
	else echo "no $(MUSL_CC): tests for musl will be skipped"; fi

.PHONY: torture build-torture
build-torture: $(TORTURE_BIN) $(SHIM)
build-tests: build-torture

torture: build-torture
	@$(TORTURE)/torture -n $(N) -j $(JOBS) $(if $(SEED),-s $(SEED))
