# fish completion for fdfence(1).  The command itself knows what may follow.
function __fdfence_complete
	set -l words (commandline -opc) (commandline -ct)
	for line in ($words[1] --complete $words[2..-1] 2>/dev/null)
		switch $line
			case ':files'
				__fish_complete_path (string replace -r '^--[^=]*=' '' -- $words[-1])
			case ':users'
				__fish_complete_users
			case ':command*'
				__fish_complete_subcommand --fcs-skip=(math (string replace ':command ' '' -- $line) + 1)
			case '*'
				echo $line
		end
	end
end
complete -c fdfence -f -a '(__fdfence_complete)'
