# bash completion for fdfence(1).  The command itself knows what may follow.
_fdfence() {
	local words=() at=() line cur front='' i
	for ((i = 1; i <= COMP_CWORD; i++)); do
		# bash has split --mode=seal into three words.
		if ((${#words[@]})) && [[ ${words[-1]} == --* ]] &&
			[[ ${COMP_WORDS[i]} == = && ${words[-1]} != *=* || ${COMP_WORDS[i - 1]} == = && ${words[-1]} == *= ]]; then
			words[-1]+=${COMP_WORDS[i]}
		else
			words+=("${COMP_WORDS[i]}")
			at+=("$i")
		fi
	done
	cur=${words[-1]}
	[[ $cur == --*=* ]] && front=${cur%%=*}=
	COMPREPLY=()
	while IFS= read -r line; do
		case $line in
		:files)
			compopt -o filenames 2>/dev/null
			mapfile -t COMPREPLY < <(compgen -f -- "${cur#"$front"}")
			;;
		:users) mapfile -t COMPREPLY < <(compgen -u -- "${cur#"$front"}") ;;
		:command*)
			if declare -F _command_offset >/dev/null; then
				_command_offset "${at[${line#:command }]}"
			elif ((${at[${line#:command }]} == COMP_CWORD)); then
				mapfile -t COMPREPLY < <(compgen -c -- "$cur")
			else
				compopt -o default 2>/dev/null
			fi
			;;
		*)
			line=${line%%$'\t'*}
			COMPREPLY+=("${line#"$front"}")
			;;
		esac
	done < <("${COMP_WORDS[0]}" --complete "${words[@]}" 2>/dev/null)
}
complete -F _fdfence fdfence
