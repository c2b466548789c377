# The kernel side of the tracer, built where clang, bpftool, libbpf, libcap-ng and
