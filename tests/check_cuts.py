#!/usr/bin/env python3
"""A capture that breaks off anywhere: no crash, and nothing that was not there.

    check_cuts.py OCSIGHT RENDER-SAMPLE [--long] [--form NAME] [SAMPLE…]

Each sample is cut after every length (without --long after some two hundred of
them, the first and last ones and all of a middle stretch included). The exit
status must be 0, 1 or 3, and what `messages` says must be the beginning of what
it says of the whole, since none of the forms used here has a gap before the cut.
`audit` runs on the same cuts and must not crash either.
"""
import argparse
import os
import sys
import tempfile

from sampling import CALM, Failures, render, run, sample_names, suffix_of

# Forms whose file ends with a packet, not with a table.
CLOSED_AT_END = ("plain", "pcapng-mixed")

FEW = 120
STRETCH = 40


def cut_lengths(size, long):
    if long:
        return range(size)
    lengths = set(range(0, size, max(1, size // FEW)))
    lengths.update(range(min(STRETCH, size)))
    lengths.update(range(size // 2, min(size // 2 + STRETCH, size)))
    lengths.update(range(max(0, size - STRETCH), size))
    return sorted(lengths)


def message_lines(out):
    """The whole lines of a run."""
    lines = out.split(b"\n")
    return lines[:-1]


def cut_check(ocsight, whole, path, length, failures):
    """Runs both commands on one cut; returns how many messages it gave."""
    for command in ("audit", "messages"):
        status, out, problem = run([ocsight, command, path, "--format", "json"], timeout=60)
        if status not in CALM:
            failures.add(f"{command}, cut after {length} bytes: exit status {status}: "
                         f"{problem.strip()[-300:]}")
        elif command == "messages":
            lines = message_lines(out)
            if lines != whole[:len(lines)]:
                wrong = next(line for line, right in zip(lines, whole + [b""] * len(lines))
                             if line != right)
                failures.add(f"cut after {length} bytes: not the beginning of the whole: {wrong!r}")
            return len(lines)
    return 0


def sample_check(ocsight, program, name, form, long, failures):
    failures.where = f"{name} {form}"
    with tempfile.TemporaryDirectory() as folder:
        # The same name for the whole and for its cuts, as the output names its input.
        path = os.path.join(folder, f"capture.{suffix_of(form)}")
        render(program, name, path, "--form", form)
        with open(path, "rb") as file:
            content = file.read()
        status, out, problem = run([ocsight, "messages", path, "--format", "json"])
        if status not in (0, 1):
            failures.add(f"messages: exit status {status}: {problem.strip()[-300:]}")
            return
        whole = message_lines(out)
        if not whole:
            failures.add("messages: the whole capture gives none")
        count = 0
        for length in cut_lengths(len(content), long):
            with open(path, "wb") as file:
                file.write(content[:length])
            count = cut_check(ocsight, whole, path, length, failures)
        # The last cut misses one byte of the last packet, which closes a connection.
        if form in CLOSED_AT_END and count != len(whole):
            failures.add(f"without the last byte: {count} messages of {len(whole)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("ocsight")
    parser.add_argument("render")
    parser.add_argument("--long", action="store_true", help="after every byte: takes long")
    parser.add_argument("--form", action="append", help="default: plain, pcapng-mixed and netmon")
    parser.add_argument("samples", nargs="*")
    arguments = parser.parse_intermixed_args()
    failures = Failures()
    names = arguments.samples or (sample_names() if arguments.long else ["third-party-publish"])
    for name in names:
        for form in arguments.form or ["plain", "pcapng-mixed", "netmon"]:
            sample_check(arguments.ocsight, arguments.render, name, form, arguments.long, failures)
    return failures.finish("no cut crashes, every cut says the beginning of the whole")


if __name__ == "__main__":
    sys.exit(main())
