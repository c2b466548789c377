// Started by ipc.js.
process.on('message', (m) => {
	require('fs').writeSync(4, 'on 4 ' + m.n);
	process.send({ twice: 2 * m.n }, () => process.disconnect());
});
