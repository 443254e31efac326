#!/bin/sh
# Each header compiles alone, under strict flags.
#
#   tests/check_headers.sh SOURCE-TREE COMPILER
set -eu
cd "$1"
bad=0
headers=$(find analyzer decoders reports sql -name '*.h' | sort)
test -n "$headers"
for header in $headers; do
    echo "#include \"$header\"" |
        "$2" -std=c17 -D_GNU_SOURCE -Wall -Wextra -Werror -I. -x c -fsyntax-only - || {
        echo "$header does not compile alone"
        bad=1
    }
done
exit $bad
