# tap.awk: judge what one suite printed.
#
# Input: TAP.  -v suite=NAME -v status=EXIT -v faults=FILE (one fault of the
# suite itself a line, may be missing).  Output, for tests/run:
#	COUNT passed failed skipped
#	FAIL text	a failed case, and as many of its diagnostic lines as follow it
#	SKIP text	a skipped case and why
# Lines that are neither cases, plan nor diagnostics belong to the case before them.

function fault(text) {
	failed++
	print "FAIL not ok - " suite ": " text
}

/^(not )?ok([ \t]|$)/ {
	seen++
	show = 0
	name = $0
	sub(/^(not )?ok[ \t]*[0-9]*[ \t]*(- )?/, "", name)
	if (/^not ok/) {
		failed++
		show = 1
		print "FAIL " $0
	} else if (match(name, /#[ \t]*[Ss][Kk][Ii][Pp][a-zA-Z]*/)) {
		why = substr(name, RSTART + RLENGTH)
		gsub(/^[ \t:]+|[ \t]+$/, "", why)
		if (why == "") {
			fault("skipped without a reason: " substr(name, 1, RSTART - 1))
		} else {
			skipped++
			print "SKIP " suite ": " substr(name, 1, RSTART - 1) "(" why ")"
		}
	} else {
		passed++
	}
	next
}

/^1\.\.[0-9]+/ {
	plans++
	show = 0
	planned = substr($1, 4) + 0
	if (planned == 0 && match($0, /#[ \t]*[Ss][Kk][Ii][Pp][a-zA-Z]*[ \t]+/)) {
		skipped++
		whole = 1
		print "SKIP " suite ": all (" substr($0, RSTART + RLENGTH) ")"
	}
	next
}

/^Bail out!/ {
	fault($0)
	next
}

show { print "FAIL   " $0 }

END {
	if (plans != 1)
		fault(plans + 0 " plans, expected one")
	else if (planned != seen)
		fault("planned " planned " cases, saw " seen + 0)
	else if (seen == 0 && !whole)
		fault("no case at all")
	else if (passed + failed == 0 && skipped > 1)
		fault("nothing but skips")
	while (faults != "" && (getline line < faults) > 0)
		fault(line)
	if (status != 0 && !failed)
		fault("exit status " status ", though no case failed")
	print "COUNT " passed + 0, failed + 0, skipped + 0
}
