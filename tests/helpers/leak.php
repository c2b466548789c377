<?php
// php -r "$(sed 1d leak.php)": a script that is a file is open, too.  listener N: a listener leaks into N programs;
// file PATH: a file for writing leaks into one.
$leaked = $argv[1] == 'file' ? fopen($argv[2], 'a') : stream_socket_server('tcp://127.0.0.1:0');
for ($i = $argv[1] == 'file' ? 1 : $argv[2]; $i > 0; $i--)
	exec('true');
