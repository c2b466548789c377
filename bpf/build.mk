# The kernel side of the tracer, built where clang, bpftool, libbpf and libcap-ng are
# there; without them everything else is built, and `fdfence trace` says so.  No tool is
# run to find out: make may start before any of them is installed.

BPF_HEADERS := bpf/libbpf.h cap-ng.h
BPF_FOUND   := $(foreach h,$(BPF_HEADERS),$(firstword $(wildcard $(addsuffix /$(h),/usr/include /usr/local/include))))
BPF_TOOLS   := $(shell command -v $(CLANG) 2>/dev/null) $(wildcard $(BPFTOOL))
HAVE_BPF    ?= $(if $(and $(filter 2,$(words $(BPF_FOUND))),$(filter 2,$(words $(BPF_TOOLS)))),1,0)
# Of another processor: tests/ports, which says PORT_ROOT, too, below which its system lies.
BPF_CPU     ?= $(shell uname -m)
BPF_ARCH    := $(patsubst aarch64,arm64,$(patsubst x86_64,x86,$(BPF_CPU)))
BPF_OBJ     := $(B)/bpf/trace.bpf.o
BPF_SKEL    := $(B)/bpf/trace.skel.h
BPF_LIBS    := -lbpf -lcap-ng -lsmartcols -lelf -lz


$(BPF_OBJ): bpf/trace.bpf.c $(KNOBS)
	@mkdir -p $(@D)
	$(call say,BPF)
	$(Q)$(CLANG) -O2 -g -target bpf -mcpu=v3 -D__TARGET_ARCH_$(BPF_ARCH) -Wall -Wno-parentheses -I. '-ffile-prefix-map=$(CURDIR)=.' \
		-I$(PORT_ROOT)/usr/include/$(BPF_CPU)-linux-gnu $(DEPFLAGS) -MF $(@:.o=.d) -c -o $@ $<

$(BPF_SKEL): $(BPF_OBJ)
	$(call say,SKEL)
	$(Q)$(BPFTOOL) gen skeleton $< name trace > $@

$(B)/obj/tools/kernel/bpf.o $(B)/obj/tools/kernel/kill.o: $(BPF_SKEL)

-include tests/kernels.mk

# The factory of descriptors tells what it was given with the command's own look at them.
$(B)/tests/helpers/trace/factory: LDLIBS_trace/factory = $(SANFLAGS) $(B)/libtools.a $(B)/libcore.a -lrt
$(B)/tests/helpers/trace/factory: $(B)/libtools.a $(B)/libcore.a

# The benchmark attaches and detaches with the tracer's own code.
ifeq ($(HAVE_BPF),1)
TRACE_TOGGLE := $(B)/tests/bench/trace-toggle
$(TRACE_TOGGLE): tests/bench/tracer/toggle.c $(B)/libtools.a $(B)/libcore.a
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) -std=gnu11 -O2 $(WARN) $(CPPFLAGS) $(SANFLAGS) -o $@ $^ $(TOOLS_LIBS)

# Near the stack and of one segment: the fewer page tables, the more execs a second.
TRACE_CHAIN := $(B)/tests/bench/trace-chain
$(TRACE_CHAIN): tests/bench/tracer/chain.c
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) -std=gnu11 -O2 $(WARN) -fPIE -static-pie -nostdlib -ffreestanding -fno-stack-protector \
		-fno-asynchronous-unwind-tables -Wl,--build-id=none,-z,norelro,-z,noseparate-code -o $@ $<

$(TRACE_CHAIN)-2: $(TRACE_CHAIN)
	$(Q)cp $< $@

build-tests: $(TRACE_TOGGLE) $(if $(filter x86 arm64,$(BPF_ARCH)),$(TRACE_CHAIN) $(TRACE_CHAIN)-2)
endif

build-tests: $(addprefix $(B)/tests/helpers/static/trace/,opens execs nothing)
