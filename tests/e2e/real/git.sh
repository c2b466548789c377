#!/bin/bash
# git with its hooks, filters, helpers and transports: nothing changes behind the fence.
. "$(dirname "$0")/lib.bash"
need git

ids=(-e HOME=/nonexistent -e GIT_CONFIG_NOSYSTEM=1 -e GIT_AUTHOR_NAME=n -e GIT_AUTHOR_EMAIL=n@example.org
	-e GIT_COMMITTER_NAME=n -e GIT_COMMITTER_EMAIL=n@example.org
	-e GIT_AUTHOR_DATE='2000-01-01 00:00:00 +0000' -e GIT_COMMITTER_DATE='2000-01-01 00:00:00 +0000')
git_() {
	spawn "${ids[@]}" -d "${repo:-$W}" "${how[@]}" git "$@"
}
repository() {
	repo=$W/repo
	git init -q -b main "$repo"
	echo one >"$repo/a.txt"
}
hook() { # name; body on stdin
	{ echo '#!/bin/sh'; cat; } >"$repo/.git/hooks/$1"
	chmod +x "$repo/.git/hooks/$1"
}

hooks() {
	local repo
	repository
	hook pre-commit <<<'echo pre-commit >&2; git diff --cached --name-only >&2'
	hook prepare-commit-msg <<<'echo prepared >>"$1"'
	hook commit-msg <<<'sed -i s/prepared/checked/ "$1"'
	hook post-commit <<<'git log -1 --format=%s,%b >&2'
	hook pre-push <<<'read -r local _ remote _; echo "push $local to $remote" >&2'
	git_ add a.txt
	git_ commit -q -m subject
	git init -q --bare "$W/bare"
	printf '#!/bin/sh\nwhile read -r _ new ref; do echo "received $ref"; done\n' >"$W/bare/hooks/post-receive"
	chmod +x "$W/bare/hooks/post-receive"
	git_ push -q "$W/bare" main 2>&1 | sed 's/ *$//'
	hook pre-commit <<<'exit 1'
	git_ commit -q --allow-empty -m refused || echo refused
}
both 'hooks' $'pre-commit\na.txt\nsubject checked,\npush refs/heads/main to refs/heads/main\n.*: received refs/heads/main\nrefused\nexit 0$' hooks

filters() {
	local repo
	repository
	git -C "$repo" config filter.case.clean 'tr a-z A-Z'
	git -C "$repo" config filter.case.smudge 'tr A-Z a-z | sed s/^/smudged-/'
	git -C "$repo" config diff.words.textconv 'sed s/^/text:/'
	printf '*.txt filter=case diff=words\n' >"$repo/.gitattributes"
	git_ add a.txt .gitattributes
	git_ commit -q -m first
	git -C "$repo" cat-file blob HEAD:a.txt
	rm "$repo/a.txt"
	git_ checkout -q a.txt
	cat "$repo/a.txt"
	git_ show --format= HEAD -- a.txt | tail -n 1
}
both 'clean, smudge and textconv' $'^ONE\nsmudged-one\n\\+text:smudged-one\nexit 0$' filters

# One process for all files, which talks in packets over pipes.
long_running() {
	local repo
	repository
	cp "$root/tests/e2e/real/programs/filter.py" "$repo/"
	git -C "$repo" config filter.rot.process "/usr/bin/python3 filter.py"
	git -C "$repo" config filter.rot.required true
	echo '*.txt filter=rot' >"$repo/.gitattributes"
	echo two >"$repo/b.txt"
	git_ add .
	git_ commit -q -m first
	git -C "$repo" cat-file blob HEAD:a.txt
	git -C "$repo" cat-file blob HEAD:b.txt
	rm "$repo"/*.txt
	git_ checkout -q .
	cat "$repo"/*.txt
}
if [ -x /usr/bin/python3 ]; then
	both 'a long-running filter process' $'^bar\ngjb\none\ntwo\nexit 0$' long_running
else
	t_skip 'a long-running filter process' 'no /usr/bin/python3 on this machine'
fi

transports() {
	local repo
	repository
	git_ add a.txt
	git_ commit -q -m first
	repo=$W
	git_ clone -q --no-local "$W/repo" clone
	git_ clone -q "ext::git %s $W/repo" by-ext -c protocol.ext.allow=always 2>&1
	git_ -c protocol.file.allow=always clone -q --depth 1 "file://$W/repo" shallow
	cat clone/a.txt by-ext/a.txt shallow/a.txt
	repo=$W/clone
	git_ -c protocol.file.allow=always submodule --quiet add "$W/repo" sub
	git_ commit -q -m submodule
	git_ submodule --quiet foreach 'cat a.txt'
	git_ fetch -q --all && git_ gc -q && git_ fsck 2>&1
	git_ -c alias.sh='!sh -c "cat a.txt"' sh
	git_ bundle create -q "$W/bundle" HEAD && git_ bundle verify -q "$W/bundle" >/dev/null && echo bundled
	git_ archive --format=tar.gz HEAD | tar tzf -
	git_ log --format=%s
	git_ rebase -q --root --exec 'cat a.txt' 2>&1
	git_ bisect start HEAD HEAD~1 | grep -c 'first bad commit'
}
both 'transports, submodules, aliases, gc' $'^one\none\none\none\n.*bundled\n.*submodule\nfirst\n.*exit 0$' transports

# GIT_TRACE may name a descriptor, which goes through all of git's programs.
trace() {
	local repo
	repository
	git_ add a.txt
	git_ commit -q -m first
	spawn "${ids[@]}" -d "$repo" "${how[@]}" bash -c \
		'exec 5>../trace; GIT_TRACE=5 git -c alias.x="!env git log --format=%s" x'
	grep -o 'git log --format=%s' trace | sort | uniq -c
}
both 'GIT_TRACE=5' $'first\n +[1-9] git log --format=%s\nexit 0$' trace

t_done
