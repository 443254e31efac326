#!/bin/sh
# The layout of the code is what .clang-format says, as clang-format 14 writes it.
#
#   tests/check_format.sh SOURCE-TREE
set -eu
cd "$1"
files=$(find analyzer decoders reports samples sql tests -name '*.[ch]' | sort)
test -n "$files"
# shellcheck disable=SC2086 # the list is meant to be split
clang-format-14 --dry-run -Werror $files
