# The command.
COMMAND :=
