#!/bin/bash
# OCaml: Unix.open_process, system
# packages: ocaml-nox
# version: ocaml -version
# says: ^from OCaml: 42$
# limit: 120
. "$(dirname "$0")/lib.bash"

cat >it.ml <<'M'
let () =
  let f = open_in "/etc/passwd" in
  print_endline (input_line (Unix.open_process_in "echo from OCaml: $((40 + 2))"));
  ignore (Unix.system "echo system"); close_in f
M
ocaml -I +unix unix.cma it.ml 2>/dev/null || ocaml unix.cma it.ml
