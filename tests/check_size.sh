#!/bin/sh
# Budgets: no file over 900 lines, no function over 100, 95 % of them at most 60.
#
#   tests/check_size.sh SOURCE-TREE
set -eu
cd "$1"
files=$(find analyzer decoders reports samples sql -name '*.c' | sort)
test -n "$files"
long=$(wc -l $files | awk '$2 != "total" && $1 > 900 { print $2 " has " $1 " lines" }')
functions=$(ctags -x --c-kinds=f --_xformat='%{line} %{end} %N %F' $files |
    awk '{ print $2 - $1 + 1, $3, $4 }' | sort -n)
too_long=$(echo "$functions" | awk '$1 > 100 { print $3 ": " $2 " has " $1 " lines" }')
echo "$functions" | awk '{ size[NR] = $1 } END {
    p95 = size[int(NR * 0.95)]
    printf "%d functions: median %d, p95 %d, longest %d lines\n", NR, size[int(NR / 2)], p95, size[NR]
    exit p95 > 60
}' || { echo "p95 is over 60"; exit 1; }
echo "$functions" | tail -5
if [ -n "$long$too_long" ]; then
    echo "$long$too_long"
    exit 1
fi
