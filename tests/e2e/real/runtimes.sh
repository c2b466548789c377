#!/bin/bash
# limit: 240
# Language runtimes pass descriptors on purpose, each in its own way: all of it goes on working.
# A runtime that this machine lacks is skipped by name.
. "$(dirname "$0")/lib.bash"

programs=$root/tests/e2e/real/programs

have() { # program test-name
	command -v "$1" >/dev/null || {
		t_skip "$2" "no $1 on this machine"
		return 1
	}
}

node_ipc() {
	spawn "${how[@]}" node "$programs/ipc.js" | sort
}
have node 'node fork() with IPC and extra stdio' &&
	both 'node fork() with IPC and extra stdio' $'^[0-9]+ 0\nanswer 42\ndone\nexit 0\non 4 21\nexit 0$' node_ipc

# A listening socket travels over the IPC channel; the workers answer from it.
node_cluster() {
	spawn "${how[@]}" node "$programs/cluster.js"
}
have node 'node cluster' && both 'node cluster' $'^hello from true\nworker gone\nexit 0$' node_cluster

python=/usr/bin/python3
python_pass_fds() {
	spawn "${how[@]}" "$python" "$programs/pass_fds.py"
}
have $python 'python pass_fds, set_inheritable, posix_spawn, exec' &&
	both 'python pass_fds, set_inheritable, posix_spawn, exec' \
		'passed.*inheritable.*0 .*spawned.*0 .*exec.*No such file.*exit 0$' python_pass_fds

python_multiprocessing() {
	spawn "${how[@]}" "$python" "$programs/processes.py" "$start_method" 2>&1
}
for start_method in spawn forkserver; do
	have $python "python multiprocessing, $start_method" &&
		both "python multiprocessing, $start_method" \
			$'0, 1, 4, 9]\n\\[0, 1, 4]\nsentinel: True\nqueued sent\n0 42\nexit 0$' python_multiprocessing
done

java_builder() {
	[ -e "$T/java/Builder.class" ] || javac -d "$T/java" "$programs/Builder.java" || return
	echo content >input
	spawn "${how[@]}" java -XX:TieredStopAtLevel=1 \
		-Djdk.lang.Process.launchMechanism="$mechanism" -cp "$T/java" Builder
	cat output
}
for mechanism in POSIX_SPAWN VFORK FORK; do
	have javac "java ProcessBuilder, $mechanism" &&
		both "java ProcessBuilder, $mechanism" \
			$'^TEXT\nerr\n3\n0\ntrue\ncontent\nexit 0$' java_builder
done

# Erlang's virtual machine starts through erl_child_setup, which gets descriptor 3 unnamed.
erlang_ports() {
	erlc "$programs/ports.erl"
	spawn -e HOME="$W" "${how[@]}" erl +S 1 -noshell -s ports main
}
have erl 'erlang start and ports' &&
	both 'erlang start and ports' $'^cmd\nthrough\n."line..",5.\nexit 0$' erlang_ports

# Statically linked: the fence does not reach into it, but must not harm what it starts.
go_extra_files() {
	[ -x "$T/go.main" ] || CGO_ENABLED=0 GOCACHE=$T/gocache HOME=$T \
		go build -o "$T/go.main" "$programs/extra_files.go" || return
	spawn "${how[@]}" env "$T/go.main" "$programs/extra_files.go"
}
# limits: go
have go 'go os/exec with ExtraFiles' &&
	both 'go os/exec with ExtraFiles' $'^<nil>\n//\n.*no such file or directory\nexit 0$' go_extra_files

perl_ways() {
	spawn "${how[@]}" perl "$programs/ways.pl"
}
have perl 'perl fcntl, open3, exec' &&
	both 'perl fcntl, open3, exec' \
		$'^#23\n67\nclosed by perl: 1\nOPEN3\nlist open\nbackticks\nexec\nstatus -1\nexit 0$' perl_ways

ruby_spawn() {
	spawn "${how[@]}" ruby "$programs/ways.rb"
}
have ruby 'ruby spawn and exec with redirections' &&
	both 'ruby spawn and exec with redirections' \
		$'^# Each.*\ntrue\n0\ninherited\n.*true\n.*POPEN\nas it should be\nexit 0$' ruby_spawn

tcl_exec() {
	spawn "${how[@]}" tclsh "$programs/ways.tcl"
}
have tclsh 'tcl exec and pipelines' &&
	both 'tcl exec and pipelines' $'^TEXTerr\npiped\n\nb\n1\nexit 0$' tcl_exec

t_done
