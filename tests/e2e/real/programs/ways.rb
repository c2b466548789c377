# Each way in which Ruby starts programs, with redirections above 2.
f = File.open($0)
puts system("sh", "-c", "head -n 1 <&7", 7 => f)
r, w = IO.pipe
puts Process.wait2(spawn("echo inherited >&#{w.fileno}", w => w))[1].exitstatus
w.close
print r.read
f.close_on_exec = false
puts system("head -n 1 <&#{f.fileno}", close_others: false)
f.rewind
exec("env", "sh", "-c", "head -n 1 <&5", 5 => f) if !fork
Process.wait
puts IO.popen(["tr", "a-z", "A-Z"], "r+") { |p| p.puts "popen"; p.close_write; p.read }
puts(begin; spawn("/nonexistent"); rescue Errno::ENOENT; "as it should be"; end)
