#!/bin/sh
# Installs what is missing, builds ocsight and runs the main job on the samples.
#
#   samples/try.sh
#
# Leaves build/try/flow.pdf and build/try/day.pdf to open. Running it again does only what is left to do.
set -eu

cd "$(dirname "$0")/.."

step() {
    printf '\n== %s\n' "$*"
}

# Shows a command line and runs it; audit's exit status 1 means that it found something.
show() {
    printf '\n$ %s\n' "$*"
    status=0
    "$@" || status=$?
    [ "$status" -le 1 ] || exit "$status"
}

step "packages"
sh samples/install.sh build run

step "build"
cmake -S . -B build -G Ninja -DCMAKE_BUILD_TYPE=Release -DOCSIGHT_TESTS=OFF >build-configure.log 2>&1 || {
    cat build-configure.log
    exit 1
}
rm -f build-configure.log
ninja -C build

step "the main job on the samples (captures rendered into build/samples)"
mkdir -p build/try
PATH=$PWD/build/analyzer:$PATH
cd build/samples
show ocsight audit faults.pcap
show ocsight ladder group-chat.pcap -o ../try/flow.pdf
show ocsight presence gateway-presence.pcap --timeline
show ocsight presence endpoints.pcap --timeline -o ../try/day.pdf
show ocsight chat persistent-chat.pcap

step "done"
echo "The ladder is in build/try/flow.pdf, the presence in build/try/day.pdf; the program is build/analyzer/ocsight."
