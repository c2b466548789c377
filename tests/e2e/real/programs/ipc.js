// fork() with an IPC channel and a pipe above it; spawnSync() with a file and a pipe above 2.
const { fork, spawnSync } = require('child_process');
const c = fork(__dirname + '/child.js', [], { stdio: ['inherit', 'inherit', 'inherit', 'ipc', 'pipe'] });
c.stdio[4].on('data', (d) => console.log(String(d)));
c.on('message', (m) => console.log('answer', m.twice));
c.on('exit', (code) => console.log('exit', code));
c.send({ n: 21 });
process.on('exit', () => {
	const r = spawnSync('sh', ['-c', 'cat <&3 >&5; echo done'],
		{ stdio: ['ignore', 'pipe', 'inherit', require('fs').openSync(__filename), 'ignore', 'pipe'] });
	console.log(r.output[1] + r.output[5].length, r.status);
});
