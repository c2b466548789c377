#23567
# Each way in which Perl starts programs; the first line is what they read.
use IPC::Open3; use Fcntl; $| = 1;
# Up to $^F nothing is marked close-on-exec.
{ local $^F = 99; open F, '<', $0; }
system 'sh', '-c', 'head -n 1 <&'.fileno(F).' | cut -c1-3';
open G, '<', $0;
fcntl G, F_SETFD, 0;
system 'sh', '-c', 'head -n 1 <&'.fileno(G).' | cut -c5-7';
open H, '<', $0;
print 'closed by perl: ', 0 != system('sh -c ": <&'.fileno(H).'" 2>/dev/null'), "\n";
my $pid = open3(my $in, my $out, undef, 'tr', 'a-z', 'A-Z');
print $in "open3\n"; close $in; print <$out>; waitpid $pid, 0;
open P, '-|', 'env', 'sh', '-c', 'echo list open'; print <P>;
print `echo backticks`;
close P;
exec {'sh'} 'sh', '-c', 'echo exec' if !($pid = fork); waitpid $pid, 0;
print "status ", system('/nonexistent'), "\n";
