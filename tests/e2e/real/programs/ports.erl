% Ports with and without stdio.
-module(ports).
-export([main/0]).
get_all(P, Acc) -> receive {P, {data, D}} -> get_all(P, Acc ++ D);
	{P, {exit_status, S}} -> {Acc, S} after 20000 -> timeout end.
main() ->
	io:format("~s", [os:cmd("echo cmd")]),
	P = open_port({spawn, "cat"}, [stream]),
	port_command(P, "through\n"),
	receive {P, {data, D}} -> io:format("~s", [D]) after 20000 -> io:format("no answer~n") end,
	Q = open_port({spawn_executable, "/bin/sh"}, [{args, ["-c", "head -n 1 <&3 >&4; exit 5"]},
		nouse_stdio, exit_status, stream]),
	port_command(Q, "line\n"),
	io:format("~p~n", [get_all(Q, "")]),
	halt(0).
