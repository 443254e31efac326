#!/bin/sh
# The engine and the audit are pure: their archives need nothing but memory and strings.
#
#   tests/check_pure.sh SOURCE-TREE COMPILER
set -eu
cd "$1"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for file in analyzer/engine/*.c analyzer/audit/*.c; do
    "$2" -std=c17 -D_GNU_SOURCE -O1 -U_FORTIFY_SOURCE -I. -c "$file" \
        -o "$work/$(echo "$file" | tr / _).o"
done
nm -u "$work"/*.o | awk 'NF == 2 { print $2 }' | sort -u >"$work/needs"
nm --defined-only "$work"/*.o | awk 'NF == 3 { print $3 }' | sort -u >"$work/has"
allowed='^(malloc|calloc|realloc|free|abort|mem(cpy|cmp|move|set|chr)|strlen|strcmp|qsort|bsearch|__stack_chk_fail|__assert_fail|_GLOBAL_OFFSET_TABLE_)$'
impure=$(comm -23 "$work/needs" "$work/has" | grep -Ev "$allowed" || true)
if [ -n "$impure" ]; then
    echo "the pure libraries need:"
    echo "$impure"
    exit 1
fi
