#!/bin/bash
# Graphviz and gnuplot: a graph, a plot of a program's output, output into a program
# packages: graphviz gnuplot-nox
# version: gnuplot --version
# says: svg
# leak: ^gnuplot-nox > dash: pipe -- the pipe to the program of its output stays open in others
. "$(dirname "$0")/lib.bash"

echo 'digraph { a -> b }' | dot -Tsvg | grep -o '</svg>'
gnuplot -e 'set terminal dumb 40 10; set output "|wc -l"; plot "< seq 3"; print system("echo from gnuplot")' 2>&1
