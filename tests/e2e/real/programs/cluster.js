// A listening socket travels to a worker over the IPC channel.
const cluster = require('cluster'), net = require('net');
if (cluster.isPrimary) {
	const w = cluster.fork();
	w.on('listening', (a) => net.connect(a.port, '127.0.0.1').on('data', (d) => {
		console.log(String(d));
		w.kill();
	}));
	w.on('exit', () => console.log('worker gone'));
} else {
	net.createServer((s) => s.end('hello from ' + (process.pid !== process.ppid))).listen(0, '127.0.0.1');
}
