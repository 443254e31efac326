#!/bin/sh
# Fuzzes every target for a while, beginning with its corpus.
#
#   tests/fuzz.sh [--seed NUMBER] [SECONDS] [TARGET]...
#
# SECONDS is the time for each target, default 10; without TARGET all are run. They
# are built with clang in build/fuzz. What is found interesting is kept in
# build/fuzz/corpus for the next time; an input that fails stays in
# build/fuzz/findings, and ends the run. With a NUMBER the inputs are the same each
# time, as far as a run gets: they begin with the corpus alone. Not wholly so where
# XML is read: libxml2 takes the time into its tables.
set -eu

cd "$(dirname "$0")/.."

usage() {
    echo "usage: tests/fuzz.sh [--seed NUMBER] [SECONDS] [TARGET]..." >&2
    exit 2
}

# number TEXT: is it one?
number() {
    case $1 in
    '' | *[!0-9]*) return 1 ;;
    esac
}

seed=
if [ "${1:-}" = --seed ]; then
    number "${2:-}" || usage
    seed=$2
    shift 2
fi
seconds=${1:-10}
number "$seconds" || usage
[ $# -eq 0 ] || shift

build=build/fuzz
if [ ! -f $build/build.ninja ]; then
    cmake -S . -B $build -G Ninja -DCMAKE_C_COMPILER=clang -DOCSIGHT_FUZZ=ON -DOCSIGHT_WERROR=ON \
        -DCMAKE_BUILD_TYPE=RelWithDebInfo >/dev/null
fi
if [ $# -eq 0 ]; then
    for source in tests/fuzz/fuzz_*.c; do
        set -- "$@" "$(basename "$source" .c)"
    done
fi

# Nothing else: the other tests are built and run with gcc's sanitizers.
ninja -C $build "$@" >/dev/null

# Where things are in memory is an input too: libFuzzer tries what was compared, and that may be a
# pointer. Not every container lets a process have its addresses fixed; the rest is the same then.
fixed=
if [ -n "$seed" ] && setarch -R true 2>/dev/null; then
    fixed="env -i setarch -R"
fi

# fuzz TARGET: prints one line, or what libFuzzer says at the end.
fuzz() {
    kept=$build/corpus/$1
    if [ -n "$seed" ]; then
        kept=$build/seeded/$1
        rm -rf "$kept"
    fi
    findings=$build/findings/$1
    log=$build/$1.log
    mkdir -p "$kept" "$findings"
    set -- "$1" -max_total_time="$seconds" -max_len=65536 -timeout=20 -rss_limit_mb=3000 \
        -close_fd_mask=3 -print_final_stats=1 -artifact_prefix="$findings/"
    [ -z "$seed" ] || set -- "$@" -seed="$seed" -reload=0
    [ ! -f "tests/fuzz/$1.dict" ] || set -- "$@" -dict="tests/fuzz/$1.dict"
    target=$1
    shift
    # shellcheck disable=SC2086 # a command and its options, or nothing
    if ! $fixed "$build/tests/$target" "$@" "$kept" "tests/fuzz/corpus/$target" >"$log" 2>&1; then
        tail -n 60 "$log"
        echo "$target: failed; the input is in $findings"
        return 1
    fi
    executed=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    [ "${executed:-0}" -gt 0 ] || {
        echo "$target: nothing was run"
        return 1
    }
    printf '%-20s %9d runs in %d s\n' "$target" "$executed" "$seconds"
}

# One for each processor side by side; a failure ends the run behind those that run with it.
pids=
running=0
finish() {
    failed=
    for pid in $pids; do
        wait "$pid" || failed=yes
    done
    pids=
    running=0
    [ -z "$failed" ] || exit 1
}
for name in "$@"; do
    fuzz "$name" &
    pids="$pids $!"
    running=$((running + 1))
    [ "$running" -lt "$(nproc)" ] || finish
done
finish
