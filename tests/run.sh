#!/bin/sh
# Installs what is missing, builds and runs every test.
#
#   tests/run.sh [--long] [--allow-skip NAME]...
#
# --long runs the same tests with the size variable turned up: growth to 2 GB,
# every cut and split, long fuzzing. NAME is a peer tool (tshark, poppler) that
# may be missing on this machine; without --allow-skip a missing one fails.
set -eu

cd "$(dirname "$0")/.."

size=short
skip=
while [ $# -gt 0 ]; do
    case $1 in
    --long) size=long ;;
    --allow-skip)
        skip="$skip $2"
        shift
        ;;
    *)
        echo "usage: tests/run.sh [--long] [--allow-skip NAME]..." >&2
        exit 2
        ;;
    esac
    shift
done
export OCSIGHT_TEST_SIZE="$size"
export OCSIGHT_ALLOW_SKIP="$skip"
export TZ=UTC LC_ALL=C.UTF-8

started=$(date +%s)
step() {
    printf '\n== %s (%s s so far)\n' "$*" "$(($(date +%s) - started))"
}

# configure DIRECTORY OPTION...
configure() {
    directory=$1
    shift
    cmake -S . -B "$directory" -G Ninja -DOCSIGHT_WERROR=ON "$@" >/dev/null
}

step "packages"
sh samples/install.sh build run test

step "build with clang: warnings are errors"
configure build/clang -DCMAKE_C_COMPILER=clang -DCMAKE_BUILD_TYPE=Release
ninja -C build/clang

step "fuzz targets with libFuzzer"
configure build/fuzz -DCMAKE_C_COMPILER=clang -DOCSIGHT_FUZZ=ON -DCMAKE_BUILD_TYPE=RelWithDebInfo
if [ $size = long ]; then
    tests/fuzz.sh 600
else
    # Two runs of the same sources try the same inputs, so that a failure tells of the sources;
    # other sources try others.
    tree=$(git rev-parse --short=7 'HEAD^{tree}' 2>/dev/null || echo 1)
    tests/fuzz.sh --seed "$(printf %d "0x$tree")"
fi

step "build with gcc and the sanitizers, and test"
configure build/sanitize -DOCSIGHT_SANITIZE=ON -DCMAKE_BUILD_TYPE=RelWithDebInfo
ninja -C build/sanitize
ctest --test-dir build/sanitize --output-on-failure -j 2 -LE release

step "build with gcc as users do, and test"
configure build/release -DCMAKE_BUILD_TYPE=Release
ninja -C build/release
ctest --test-dir build/release --output-on-failure -j 2 -LE sanitized

step "done"
