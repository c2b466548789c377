#!/bin/bash
# Perl: system, backquotes, pipes both ways, exec after fork, IPC::Open3
# packages: perl
# version: perl -e 'print $^V'
# says: ^open3: 42$
# quick
. "$(dirname "$0")/lib.bash"

cat >it.pl <<'P'
use IPC::Open3;
$| = 1;
open my $f, '<', '/etc/passwd'; opendir my $d, '/'; pipe my $r, my $w;
system 'echo', 'system'; print `echo backquotes`;
open my $p, '-|', 'echo from a pipe'; print <$p>; close $p;
open $p, '|-', 'cat'; print $p "to a pipe\n"; close $p;
my $pid = open3(my $in, my $out, undef, 'echo "open3: $((40 + 2))"'); print <$out>; waitpid $pid, 0;
exec 'echo', 'exec' unless fork; wait;
P
perl it.pl
