#!/bin/sh
# Installs what is missing, builds ocsight and runs the main job on the samples.
#
#   samples/try.sh
#
# Leaves in build/try: flow.pdf, day.pdf, flow.html (a page of findings and ladder), faults.pcapng (a capture with comments),
# case.db (a store) and pool.db (a snapshot of servers). Running it again does only what is left to do.
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
show ocsight audit faults.pcap -o ../try/flow.html
show ocsight annotate faults.pcap -o ../try/faults.pcapng
show ocsight presence gateway-presence.pcap --timeline
show ocsight presence endpoints.pcap --timeline -o ../try/day.pdf
show ocsight chat persistent-chat.pcap

step "a store: everything that was found, in SQLite, and read like the capture"
rm -f ../try/case.db ../try/pool.db
show ocsight store persistent-chat.pcap -o ../try/case.db
show ocsight chat --transcript 'Ops Bridge' ../try/case.db

step "live databases, on the SQL Server of the tests (tests/tds)"
# It serves until its input ends: with this script, however that ends.
rm -f ../try/hold
mkfifo ../try/hold
../tests/tds/tds-server --data ../../tests/tds/data --user reader --password secret \
    <../try/hold >../try/server.txt &
exec 3>../try/hold
port=
while [ -z "$port" ]; do
    sleep 0.1
    kill -0 $! # or it did not start
    port=$(sed -n 's/^port //p' ../try/server.txt)
done
server=127.0.0.1:$port
login="--login reader --allow-plaintext-login"
at=2015-06-01T09:00:00Z # when the rows of the sample were true
export OCSIGHT_PASSWORD=secret
# shellcheck disable=SC2086 # options are words
{
    show ocsight presence --server "$server" $login --at $at
    show ocsight db online --server "$server" $login
    show ocsight audit --server "$server" $login --at $at
    show ocsight store snapshot --server "$server" $login -o ../try/pool.db
}
show ocsight presence bob@contoso.example ../try/pool.db --explain --at $at
exec 3>&-
wait
rm -f ../try/hold

step "done"
echo "In build/try:
  flow.pdf       a ladder
  day.pdf        presence over a day
  flow.html      the findings of an audit with the ladder behind them, for a browser
  faults.pcapng  the same capture with comments, for Wireshark
  case.db        a store of a capture
  pool.db        a snapshot of the servers
The program is build/analyzer/ocsight."
