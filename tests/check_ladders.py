#!/usr/bin/env python3
"""Compares the ladder of each sample, drawn in characters, with the one that was reviewed.

    check_ladders.py OCSIGHT RENDER-SAMPLE              all samples
    check_ladders.py OCSIGHT RENDER-SAMPLE --show NAME…    what differs, nothing else
    check_ladders.py OCSIGHT RENDER-SAMPLE --accept NAME…  what differs, and takes it over

The reviewed ladders are tests/ladders/NAME.txt, 80 columns wide. Whoever accepts one has read it
against the story in samples/NAME.talk; without --accept nothing is ever written.

VARIANTS are read likewise, for what no sample holds when it is captured whole and drawn whole; they
are compared, and nothing else.

Beside that no line is wider than asked for, the last lane is in one column whatever is written on
the way there, and with --ascii what we draw with is ASCII.
"""
import argparse
import difflib
import os
import sys
import tempfile
import unicodedata

from sampling import ROOT, Failures, render, run, sample_names

LADDERS = os.path.join(ROOT, "tests", "ladders")

# Name: sample, options of the renderer for each input, options of the ladder.
VARIANTS = {
    "endpoints-between": ("endpoints", [[]], ["--from", "08:15:00", "--to", "08:17:00"]),
    "presence-change-gap": ("presence-change", [["--lose", "12"]], []),
    "endpoints-collapsed": ("endpoints", [[]], ["--collapse"]),
    "quirks-two-inputs": ("quirks", [[], []], []),
    "publishing-faults-finding": ("publishing-faults", [[]], ["--finding", "3"]),
}

# What we draw with and a sample's own names do not hold.
OURS = "│┆─╌░▒▓█·…"


def ladder_path(name):
    return os.path.join(LADDERS, name + ".txt")


def columns(line):
    wide = sum(2 for c in line if unicodedata.east_asian_width(c) in "WF")
    rest = sum(1 for c in line if unicodedata.east_asian_width(c) not in "WF"
               and not unicodedata.combining(c) and unicodedata.category(c) not in ("Mn", "Cf"))
    return wide + rest


def draw(ocsight, captures, *options):
    status, drawn, problem = run([ocsight, "ladder", *captures, "--tz", "UTC", *options])
    if status != 0:
        sys.exit(f"ladder {' '.join(captures)} {' '.join(options)}: exit status {status}\n{problem}")
    return drawn.decode("utf-8")


def reviewed(name):
    if not os.path.exists(ladder_path(name)):
        return ""
    with open(ladder_path(name), encoding="utf-8") as file:
        return file.read()


def difference(name, drawn):
    return "".join(difflib.unified_diff(
        reviewed(name).splitlines(keepends=True), drawn.splitlines(keepends=True),
        f"tests/ladders/{name}.txt", f"ladder {name}"))


def check_golden(name, drawn, failures):
    if not os.path.exists(ladder_path(name)):
        failures.add(f"there is no tests/ladders/{name}.txt")
    elif drawn != reviewed(name):
        failures.add("is drawn otherwise than reviewed:\n" + difference(name, drawn))


def check_narrow(ocsight, capture, failures):
    for line in draw(ocsight, [capture], "--ascii", "--width", "50").splitlines():
        if columns(line) > 50:
            failures.add(f"--width 50: {columns(line)} columns: {line}")
        if any(c in OURS for c in line):
            failures.add(f"--ascii: {line}")


def accept(options, name, drawn):
    sys.stdout.write(difference(name, drawn))
    if name in options.accept:
        with open(ladder_path(name), "w", encoding="utf-8") as file:
            file.write(drawn)


def check_variant(options, name, folder, failures):
    sample, renderings, how = VARIANTS[name]
    captures = []
    for rendering in renderings:
        captures.append(os.path.join(folder, f"{sample}-{len(captures) + 1}.pcap"))
        render(options.render, sample, captures[-1], *rendering)
    drawn = draw(options.ocsight, captures, "--width", "80", *how)
    if options.show or options.accept:
        accept(options, name, drawn)
    else:
        check_golden(name, drawn, failures)


def check_sample(options, name, folder, failures):
    capture = os.path.join(folder, name + ".pcap")
    render(options.render, name, capture)
    drawn = draw(options.ocsight, [capture], "--width", "80")
    if options.show or options.accept:
        accept(options, name, drawn)
        return
    check_golden(name, drawn, failures)
    for line in drawn.splitlines():
        if columns(line) > 80:
            failures.add(f"{columns(line)} columns: {line}")
    ends = {columns(line) for line in drawn.splitlines() if line.endswith(("│", "┆"))}
    failures.same("columns of the last lane", 1, len(ends))
    check_narrow(options.ocsight, capture, failures)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("ocsight")
    parser.add_argument("render")
    parser.add_argument("--show", nargs="+", default=[])
    parser.add_argument("--accept", nargs="+", default=[])
    options = parser.parse_args()
    names = options.show + options.accept or sample_names() + list(VARIANTS)
    failures = Failures()
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            failures.where = name
            check = check_variant if name in VARIANTS else check_sample
            check(options, name, folder, failures)
    stale = {name[:-4] for name in os.listdir(LADDERS)} - set(sample_names()) - set(VARIANTS)
    failures.where = "tests/ladders"
    if stale:
        failures.add(f"of no sample: {', '.join(sorted(stale))}")
    return failures.finish(f"{len(names)} ladders")


if __name__ == "__main__":
    sys.exit(main())
