#!/bin/bash
# make's jobserver keeps working through sub-makes and wrappers: the jobs really run side by side,
# and never more of them than were asked for.
. "$(dirname "$0")/lib.bash"
need make gcc

# A job waits until four jobs are in the same place at the same time, and notes how many it saw.
# So "alone" (after ten seconds) is what a sub-make without its jobserver says.
cat >"$T/bin/job" <<'E'
#!/bin/sh
: >"here.$1"
i=0
until [ -e four ]; do
	set -- "$1" here.*
	echo $(($# - 1)) >>counts
	[ $# -gt 4 ] && : >four
	i=$((i + 1))
	[ $i -lt 1000 ] || { echo "$1: alone"; exit 0; }
	sleep 0.01
done
rm "here.$1"
echo "$1: together"
E
chmod +x "$T/bin/job"

jobs() { # sub-make -- make's command line
	local sub=$1
	shift 2
	cat >Makefile <<-E
		.RECIPEPREFIX = >
		all: x y
		x y:
		>+@$sub -f sub.mk \$@1 \$@2 \$@3
	E
	printf '.RECIPEPREFIX = >\n%s:\n>@%s $@\n' 'x1 x2 x3 y1 y2 y3' "$T/bin/job" >sub.mk
	spawn -t 60 "${how[@]}" "$@" 2>&1 | sort
	[ "$(sort -n counts | tail -n 1)" -le 4 ] && echo 'never more than four'
}
together=$'^x1: together\nx2: together\nx3: together\ny1: together\ny2: together\ny3: together'
together+=$'\nnever more than four\nexit 0$'

# shellcheck disable=SC2016 # make's variables
sub='$(MAKE) --no-print-directory'

plain_make() {
	jobs "$sub" -- make -j4
}
both 'make -j4 over sub-makes' "$together" plain_make

wrapped_make() {
	jobs "$sub" -- timeout 50 nice env make -j4
}
both 'timeout nice env make -j4' "$together" wrapped_make

# shellcheck disable=SC2016 # make's and the recipe's variables
scripted_make() {
	printf '#!/bin/sh\n"$@"\n' >wrapper
	chmod +x wrapper
	jobs "env ./wrapper nice timeout 40 sh -c '\"\$\$@\"' - $sub" -- make -j4
}
both 'sub-makes behind wrappers and scripts' "$together" scripted_make

lto() {
	printf 'int g(void) { return 7; }\n' >a.c
	printf 'int g(void); int main(void) { return g(); }\n' >b.c
	cat >Makefile <<-'E'
		.RECIPEPREFIX = >
		all: a.o b.o
		>+gcc -flto=jobserver -O1 -o all a.o b.o
		%.o: %.c
		>gcc -flto -O1 -c $<
	E
	spawn -t 60 "${how[@]}" make -s -j3 2>&1
	./all
	echo "program: $?"
}
both 'gcc -flto=jobserver' $'^program: 7\nexit 0$' lto

t_done
