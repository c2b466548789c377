#!/bin/bash
# Each header of bpf/ includes what it uses: it compiles alone.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/../lib.sh"

clang=${CLANG:-clang}
command -v "$clang" >/dev/null || t_skip_all "no clang"
[ -e /usr/include/bpf/bpf_helpers.h ] || t_skip_all "no libbpf"

cd "$root" || exit 1
case $(uname -m) in
x86_64) arch=x86 ;;
aarch64) arch=arm64 ;;
*) arch=$(uname -m) ;;
esac
for header in bpf/*.h; do
	echo "#include \"$header\"" >"$T/alone.c"
	t_ok "$header compiles alone" "$clang" -O2 -target bpf -mcpu=v3 -D__TARGET_ARCH_"$arch" -I. \
		-I"/usr/include/$(uname -m)-linux-gnu" -Wall -Wno-parentheses -Wno-unused-function -Werror \
		-fsyntax-only "$T/alone.c"
done
t_done
