#!/bin/bash
# w3m: a page from a local CGI and through an external filter
# packages: w3m
# version: w3m -version
# says: ^hello$
# quick
. "$(dirname "$0")/lib.bash"

echo '<p>hello' >page.html
w3m -dump page.html
mkdir cgi-bin && printf '#!/bin/sh\necho "Content-Type: text/plain"; echo; echo from a local CGI\n' >cgi-bin/it
chmod 755 cgi-bin/it
w3m -o cgi_bin="$PWD/cgi-bin" -dump file:///cgi-bin/it
