# The kernel side of the tracer, built where clang, bpftool and libbpf are there.
