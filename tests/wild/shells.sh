#!/bin/bash
# tcsh, fish, rc, ksh93, mksh, yash, zsh: pipes, substitution, scripts
# packages: tcsh fish rc ksh93u+m mksh yash zsh
# version: fish --version
# says: ^fish: 42$
. "$(dirname "$0")/lib.bash"

for shell in tcsh fish rc ksh93 mksh yash zsh; do
	echo "echo $shell: \`expr 40 + 2\`" >script
	[ $shell = fish ] && echo 'echo fish: (expr 40 + 2)' >script
	[ $shell = rc ] && echo 'echo rc: `{expr 40 + 2}' >script
	$shell script
	$shell -c 'echo one | sed s/one/two/'
done
