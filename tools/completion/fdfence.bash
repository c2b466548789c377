# bash completion for fdfence(1).  Options are asked from --help, which is made
# from the table that the parser reads.
_fdfence() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} sub=${COMP_WORDS[1]} i
	COMPREPLY=()
	if ((COMP_CWORD == 1)); then
		mapfile -t COMPREPLY < <(compgen -W "$("${COMP_WORDS[0]}" --help 2>/dev/null | awk '/^  [a-z]/ { print $1 }') --help --version" -- "$cur")
		return
	fi
	for ((i = 2; i < COMP_CWORD; i++)); do # behind -- stands another command
		if [[ ${COMP_WORDS[i]} == -- ]]; then
			if declare -F _command_offset >/dev/null; then
				_command_offset $((i + 1))
			else
				mapfile -t COMPREPLY < <(compgen -c -- "$cur")
			fi
			return
		fi
	done
	case $prev in
	--mode) mapfile -t COMPREPLY < <(compgen -W 'seal report deny abort off' -- "$cur") ;;
	--profile) mapfile -t COMPREPLY < <(compgen -W 'strict default ci server' -- "$cur") ;;
	--intent) mapfile -t COMPREPLY < <(compgen -W 'all none given image act precise generic dup2' -- "$cur") ;;
	--format) mapfile -t COMPREPLY < <(compgen -W 'text json' -- "$cur") ;;
	--color) mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$cur") ;;
	--log-what) mapfile -t COMPREPLY < <(compgen -W 'leaks all' -- "$cur") ;;
	--on-error) mapfile -t COMPREPLY < <(compgen -W 'allow deny' -- "$cur") ;;
	--rules | --log | -o | --output) mapfile -t COMPREPLY < <(compgen -f -- "$cur") ;;
	*) mapfile -t COMPREPLY < <(compgen -W "-- $("${COMP_WORDS[0]}" "$sub" --help 2>/dev/null | sed -n 's/^ *\(-[a-z], \)\{0,1\}\(--[a-z-]*\).*/\2/p')" -- "$cur") ;;
	esac
}
complete -F _fdfence fdfence
