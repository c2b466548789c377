#!/bin/bash
# Ruby: system, backquotes, spawn with redirections, IO.popen, PTY, Open3
# packages: ruby
# version: ruby -v
# says: ^Open3: 42$
# quick
. "$(dirname "$0")/lib.bash"

cat >it.rb <<'R'
require 'open3'
require 'pty'
$stdout.sync = true
f = File.open('/etc/passwd'); r, w = IO.pipe
system 'echo system'; print `echo backquotes`
Process.wait spawn('echo three >&3', 3 => $stdout)
IO.popen('cat', 'r+') { |p| p.puts 'popen'; p.close_write; print p.read }
puts "Open3: #{Open3.capture2('expr 40 + 2')[0]}"
PTY.spawn('echo terminal') { |o, _, _| puts o.gets.chomp }
Process.wait fork { exec 'echo exec' }
R
ruby it.rb
