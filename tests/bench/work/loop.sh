#!/bin/sh
# Forty short commands.
i=0
while [ "$i" -lt 40 ]; do
	/bin/true
	i=$((i + 1))
done
