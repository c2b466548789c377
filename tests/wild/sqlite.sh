#!/bin/bash
# SQLite's shell: .shell, .import from a program, .output to one
# packages: sqlite3
# version: sqlite3 --version
# says: ^from a program$
# quick
. "$(dirname "$0")/lib.bash"

sqlite3 base <<'S'
create table t (a);
.import "|echo from a program" t
select * from t;
.shell echo from the shell
.output '|tr a-z A-Z'
select * from t;
S
