#!/bin/bash
# Erlang: ports, os:cmd
# packages: erlang-base
# version: dpkg-query -W -f '${Version}' erlang-base
# says: ^from os:cmd: 42$
# leak: ^beam.smp > erl_child_setup:  -- the forker of ports gets what the machine opened before; it closes all from 3 on itself before it starts another
. "$(dirname "$0")/lib.bash"

erl -noinput -eval 'io:format("from os:cmd: ~s", [os:cmd("echo $((40 + 2))")]),
	P = open_port({spawn, "cat"}, [{line, 80}]), P ! {self(), {command, "through a port\n"}},
	receive {P, {data, {eol, L}}} -> io:format("~s~n", [L]) end, halt().'
