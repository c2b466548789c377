#!/bin/bash
# R: system, pipe(), parallel processes
# packages: r-base-core
# version: R --version
# says: ^42$
# limit: 120
# leak: ^R > dash:  -- files of a script; and the pipes of mclapply: a worker's command holds its parent's
. "$(dirname "$0")/lib.bash"

cat >it.R <<'R'
f <- file('/etc/passwd', 'r')
cat(system('echo $((40 + 2))', intern = TRUE), sep = '\n')
cat(readLines(pipe('echo piped')), sep = '\n')
cat(unlist(parallel::mclapply(1:2, function(i) system(paste('echo worker', i), intern = TRUE), mc.cores = 2)), sep = '\n')
R
Rscript --vanilla it.R
