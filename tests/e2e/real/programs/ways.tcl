# exec and pipelines.
puts [exec sh -c {tr a-z A-Z; echo err >&2} << text 2>@1]
set p [open "|cat" r+]
puts $p piped; close $p write; puts [read $p]; close $p
puts [exec echo a | tr a b | cat]
puts [catch {exec /nonexistent}]
