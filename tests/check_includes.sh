#!/bin/sh
# Include directions and the one wrapper of each library (style: the include lines are the architecture).
#
#   tests/check_includes.sh SOURCE-TREE
set -eu
cd "$1"
bad=0

complain() {
    echo "$1"
    bad=1
}

# allow FOLDER PREFIX...: files of FOLDER include our headers only from the PREFIXes.
allow() {
    folder=$1
    shift
    pattern=$(printf '%s\n' "$@" | sed 's/.*/^&/' | paste -sd'|')
    for file in $(find "$folder" -maxdepth 1 -name '*.[ch]'); do
        sed -n 's/^#include "\(.*\)".*/\1/p' "$file" | grep -Ev "$pattern" | while read -r header; do
            echo "$file includes $header"
        done
    done
}

directions=$(
    allow analyzer/engine analyzer/engine/
    allow analyzer/audit analyzer/audit/ analyzer/engine/
    allow decoders decoders/ analyzer/engine/
    allow reports reports/ analyzer/engine/
    allow sql sql/ analyzer/engine/
)
[ -z "$directions" ] || complain "$directions"

# The pure libraries know only these system headers.
pure=$(grep -n '^#include <' analyzer/engine/*.[ch] analyzer/audit/*.[ch] |
    grep -Ev '<(string|stdint|stddef|stdbool|stdlib|assert|limits|inttypes|stdalign)\.h>' || true)
[ -z "$pure" ] || complain "$pure"

# Each library is included by the one file that wraps it.
wrapped() {
    header=$1
    owner=$2
    found=$(grep -ln "^#include <$header" $(find analyzer decoders reports sql -name '*.[ch]') |
        grep -Ev "^($owner)\$" || true)
    [ -z "$found" ] || complain "<$header...> is wrapped by $owner, but included by: $found"
}
wrapped pcap 'decoders/pcap\.c'
wrapped libxml 'decoders/xml\.c'
wrapped zlib 'decoders/codec\.c'
wrapped zstd 'decoders/codec\.c'
wrapped cairo 'reports/canvas_cairo\.c'
wrapped pango 'reports/canvas_cairo\.c'
wrapped glib 'reports/text\.c'
wrapped openssl 'decoders/digest\.c'
wrapped jansson 'analyzer/audit_document\.c'
wrapped sqlite3 'sql/lite\.c'
wrapped sybdb 'sql/tds\.c'
wrapped sybfront 'sql/tds\.c'

exit $bad
