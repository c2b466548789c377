# `make check-kernels`: the tracer's tests under other kernels, booted in qemu.  Too slow
# for `make check` where there is no hardware virtualisation.  Included from bpf/build.mk.

KERNELS ?= linux-image-cloud-amd64

check-kernels: build-tests
	@FDF_BUILD=$(abspath $(B)) tests/kernels $(KERNELS)
