#!/usr/bin/env python3
"""A generated day of presence: everybody ends as the story says, however the work is divided.

    check_day.py OCSIGHT PRESENCE-DAY [--keep FOLDER]

presence-day writes a capture and, from its own story, what is shown of each user at the end and
how often that changed. `ocsight presence` must say the same of every user, `audit` must find
nothing wrong, both must say it byte for byte with 1, 2 and 4 threads, and a day of twice the
changes of the same users must not need much more memory. OCSIGHT_TEST_SIZE=long plays 5,000
users and a million changes.
"""
import argparse
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile

from sampling import Failures

SIZES = {"short": (200, 10000), "long": (5000, 1000000)}
GROWTH = 1.25  # times the memory for twice the changes

BANDS = {3500: "available", 5000: "available-idle", 6500: "busy", 9500: "do-not-disturb",
         12500: "be-right-back", 15500: "away", 18500: "offline"}

THREADS = re.compile(rb'"threads": "\d+"')  # the option itself, in the head of a report
FIELD = re.compile(r' *"(user|band|availability|activity|timeline|not_listed)": "?([^",\n]*)')


def day_make(program, folder, name, users, changes):
    """(path of the capture, the story as a dictionary of users)"""
    path = os.path.join(folder, name)
    subprocess.run([program, "--users", str(users), "--changes", str(changes), path + ".jsonl",
                    path + ".pcap"], check=True)
    with open(path + ".jsonl", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    print(f"{users} users, {changes} changes: {os.path.getsize(path + '.pcap') >> 20} MiB")
    return path + ".pcap", {row["user"]: row for row in rows}


class Said:
    """What ocsight says of one user: the end, and the different things shown before it."""

    def __init__(self):
        self.end = {}
        self.shown = []

    def show(self, entry):
        # Nobody sees the number of one who is offline.
        number = None if entry["band"] == "offline" else entry["availability"]
        seen = (entry["band"], number, entry["activity"])
        if not self.shown or self.shown[-1] != seen:
            self.shown.append(seen)


def presence_read(lines):
    """The users of `presence --timeline`, and how many changes found no room in it.

    Line by line: a long day does not fit into memory twice. The order of the keys is that of the output: band, availability, activity."""
    users, said, entry, inside, not_listed = {}, None, {}, False, 0
    for line in lines:
        match = FIELD.match(line)
        if match is None:
            continue
        key, value = match.groups()
        if key == "user":
            said, inside = users.setdefault(value, Said()), False
        elif key == "timeline":
            inside = True
        elif key == "not_listed":
            not_listed = int(value)
        else:
            entry[key] = value
            if key == "activity" and inside:
                said.show(entry)
            elif key == "activity":
                said.end = dict(entry)
    return users, not_listed


def presence_run(ocsight, capture):
    process = subprocess.Popen([ocsight, "presence", "--timeline", "--format", "json", capture],
                               stdout=subprocess.PIPE, text=True, encoding="utf-8")
    users, not_listed = presence_read(process.stdout)
    if process.wait() != 0:
        sys.exit(f"ocsight presence ended with status {process.returncode}")
    return users, not_listed


def story_check(story, users, not_listed, failures):
    """The end of every user, and the number of changes where the timeline holds them all."""
    if not_listed:
        print(f"the timeline leaves out {not_listed} changes: they are not counted here")
    failures.same("users", sorted(story), sorted(users))
    for name, row in story.items():
        said = users.get(name, Said())
        band = BANDS[row["number"]]
        failures.same(f"{name}: band", band, said.end.get("band"))
        if band != "offline":
            failures.same(f"{name}: number", str(row["number"]), said.end.get("availability"))
            failures.same(f"{name}: activity", row["token"] or "null", said.end.get("activity"))
        if not not_listed:
            failures.same(f"{name}: changes", row["changes"], len(said.shown))


def output_digest(ocsight, capture, *arguments):
    """Of what a command writes; it must end well."""
    process = subprocess.Popen([ocsight, *arguments, "--format", "json", capture],
                               stdout=subprocess.PIPE)
    digest = hashlib.sha256()
    for block in iter(lambda: process.stdout.read(1 << 20), b""):
        digest.update(THREADS.sub(b"", block))
    return digest.hexdigest(), process.wait()


def threads_check(ocsight, capture, failures):
    for command in (["audit", "--fail-on", "warning"], ["presence", "--timeline"]):
        whole = None
        for threads in ("1", "2", "4"):
            digest, status = output_digest(ocsight, capture, *command, "--threads", threads)
            failures.same(f"{command[0]}: exit status with {threads} threads", 0, status)
            whole = whole or digest
            if digest != whole:
                failures.add(f"{command[0]}: another result with {threads} threads")


def peak_memory(ocsight, capture):
    """KiB of `ocsight audit`; what a sanitizer keeps of freed memory is kept small."""
    process = subprocess.Popen([ocsight, "audit", "--threads", "1", capture],
                               stdout=subprocess.DEVNULL,
                               env={**os.environ, "ASAN_OPTIONS": "quarantine_size_mb=1"})
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"ocsight audit ended with status {status}")
    return usage.ru_maxrss


def growth_check(arguments, folder, capture, size, failures):
    users, changes = size
    longer, _ = day_make(arguments.program, folder, "longer", users, 2 * changes)
    peaks = [peak_memory(arguments.ocsight, path) for path in (capture, longer)]
    print(f"peak memory {peaks[0] >> 10} MiB, with twice the changes {peaks[1] >> 10} MiB")
    if peaks[1] > GROWTH * peaks[0]:
        failures.add(f"twice the changes take {peaks[1] / peaks[0]:.2f} times the memory")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("ocsight")
    parser.add_argument("program", metavar="presence-day")
    parser.add_argument("--keep", metavar="FOLDER", help="leave the captures there")
    arguments = parser.parse_intermixed_args()
    size = SIZES[os.environ.get("OCSIGHT_TEST_SIZE", "short")]
    failures = Failures()
    with tempfile.TemporaryDirectory() as work:
        folder = arguments.keep or work
        capture, story = day_make(arguments.program, folder, "day", *size)
        story_check(story, *presence_run(arguments.ocsight, capture), failures)
        threads_check(arguments.ocsight, capture, failures)
        growth_check(arguments, folder, capture, size, failures)
    return failures.finish("every user ends as the story says")


if __name__ == "__main__":
    sys.exit(main())
