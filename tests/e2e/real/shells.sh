#!/bin/bash
# limit: 240
# Every redirection form of every shell: what a script passes to a program by number arrives.
. "$(dirname "$0")/lib.bash"
programs=$root/tests/e2e/real/programs

redirections() {
	# Standard input is a file, so that a program that reads the wrong descriptor does not wait.
	# shellcheck disable=SC2086 # words
	spawn "${how[@]}" env $shell "$programs/redirections.$kind" "$T/bin/fdlist"
}

# busybox is mostly static, so that what it starts does not pass the fence: the one that is linked to
# libc runs the same forms in tests/suites/busybox.suite.
for kind in posix more; do
	for shell in dash bash 'bash --posix' zsh 'zsh --emulate sh' ksh93 mksh 'busybox sh' yash posh; do
		case $kind:$shell in
		more:bash | more:zsh | more:ksh93) ;;
		more:*) continue ;;
		esac
		name="$shell, $kind redirections"
		if command -v "${shell%% *}" >/dev/null; then
			both "$name" $'== end\nexit 0$' redirections
		else
			t_skip "$name" "no ${shell%% *} on this machine"
		fi
	done
done

coprocess() {
	spawn "${how[@]}" bash -c 'coproc tr a-z A-Z; echo text >&"${COPROC[1]}"
		exec {COPROC[1]}>&-; env cat <&"${COPROC[0]}"'
}
both 'bash coproc' $'^TEXT\nexit 0$' coprocess

zsh_only() {
	spawn "${how[@]}" zsh -fc 'zmodload zsh/system
		cat =(echo file); echo both >a >b; cat a b; sysopen -r -u 7 a && sh -c "cat <&7"'
}
if command -v zsh >/dev/null; then
	both 'zsh =( ), multios, sysopen' $'^file\nboth\nboth\n.*exit [01]$' zsh_only
else
	t_skip 'zsh =( ), multios, sysopen' 'no zsh'
fi

t_done
