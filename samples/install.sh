#!/bin/sh
# Installs the packages of the named groups (samples/packages.txt) that are missing.
#
#   samples/install.sh build run [test]
#
# Works without root when nothing is missing. Prints what it does.
set -eu

list=$(dirname "$0")/packages.txt

# Names of the packages of all groups given as arguments.
wanted() {
    for group in "$@"; do
        awk -v group="$group" '$1 == group { print $2 }' "$list"
    done
}

is_installed() {
    dpkg-query -W -f='${db:Status-Status}\n' "$1" 2>/dev/null | grep -qx installed
}

# Of "a|b" the name that is installed, else the first that apt knows, else the first.
name_of() {
    names=$(echo "$1" | tr '|' ' ')
    for name in $names; do
        is_installed "$name" && echo "$name" && return
    done
    for name in $names; do
        apt-cache show "$name" >/dev/null 2>&1 && echo "$name" && return
    done
    echo "${1%%|*}"
}

missing=
for package in $(wanted "$@"); do
    name=$(name_of "$package")
    is_installed "$name" || missing="$missing $name"
done
if [ -z "$missing" ]; then
    echo "packages: all there"
    exit 0
fi

echo "packages: installing$missing"
run=
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "packages: not root and no sudo; as root run: apt-get install$missing" >&2
        exit 1
    fi
    run=sudo
fi
export DEBIAN_FRONTEND=noninteractive
$run apt-get update -q
# shellcheck disable=SC2086 # the list is meant to be split
$run apt-get install -q -y --no-install-recommends $missing
