#!/bin/sh
# The layout of the code is what .clang-format says, as clang-format 14 writes it.
#
#   tests/check_format.sh SOURCE-TREE
set -eu
cd "$1"
clang-format-14 --dry-run -Werror $(git ls-files '*.c' '*.h')
