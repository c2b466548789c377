#!/bin/bash
# Node: spawn, exec, fork with messages, a stream at 3, worker processes
# packages: nodejs
# version: node -v
# says: ^a message: 42$
. "$(dirname "$0")/lib.bash"

cat >it.js <<'J'
const c = require('child_process');
if (process.send) { process.send(40 + 2); process.disconnect(); } else {
	const f = require('fs').openSync('/etc/passwd');
	process.stdout.write(c.execSync('echo execSync'));
	const p = c.spawn('sh', ['-c', 'echo three >&3'], { stdio: ['ignore', 'inherit', 'inherit', 'pipe'] });
	p.stdio[3].on('data', d => process.stdout.write(d));
	p.on('close', () => c.fork(__filename).on('message', m => console.log('a message: ' + m)));
}
J
node it.js
