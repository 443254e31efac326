#!/usr/bin/env python3
"""Chat that is captured in part, twice, or in two files: no other word about it.

    check_chat_cuts.py OCSIGHT RENDER-SAMPLE CHAT-DAY [--long] [SAMPLE…]

Every sample with chat in it, and a small generated day:

  - without its first N packets, and without its last N: `audit` finds no error and no warning
    that it does not find in the whole; without --long for a spread of N
  - divided over two inputs by connection, by time and packet by packet: `audit` and `chat` say
    the same of it, and so does the same with the inputs named the other way round
  - seen a second time behind a device that changes the addresses, a little later: the same again
"""
import argparse
import json
import os
import struct
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

from sampling import Failures, faults, read_packets, render, run, sample_names, talk_path

RUNS = 40  # cuts of one sample on each side, without --long
LATER = 300  # microseconds until the second capture point sees a packet

# Ethernet and IPv4 as form plain has them.
ADDRESSES = slice(16 + 14 + 12, 16 + 14 + 20)
PORTS = slice(16 + 14 + 20, 16 + 14 + 24)


def chat_samples():
    names = []
    for name in sample_names():
        with open(talk_path(name), encoding="utf-8") as file:
            if "urn:parlano:xml:ns:xccos" in file.read():
                names.append(name)
    return names


# ---- cuts ----

def cuts_check(ocsight, header, records, long, failures):
    """Returns how many cuts were tried."""
    whole = faults(ocsight, header + b"".join(records))
    step = 1 if long else max(1, len(records) // RUNS)
    cuts = []
    for at in range(len(records) % step, len(records), step):
        cuts.append((f"without its first {at + 1} packets", records[at + 1:]))
        cuts.append((f"without its last {len(records) - at} packets", records[:at]))

    def cut_faults(cut):
        return cut[0], faults(ocsight, header + b"".join(cut[1])) - whole

    with ThreadPoolExecutor(2) as pool:
        for what, wrong in pool.map(cut_faults, cuts):
            for fault in sorted(wrong, key=str):
                failures.add(f"{what}: {fault}")
    return len(cuts)


# ---- the same in two files ----

def stamp_of(record):
    return struct.unpack_from("<II", record)


def later(record):
    seconds, fraction = stamp_of(record)
    fraction += LATER
    return struct.pack("<II", seconds + fraction // 1000000, fraction % 1000000) + record[8:]


def elsewhere(record):
    """The packet behind a device that gives both sides another address of its own network."""
    changed = bytearray(later(record))
    source, target = changed[ADDRESSES][:4], changed[ADDRESSES][4:]
    changed[ADDRESSES] = bytes([172, 16]) + source[2:] + bytes([172, 16]) + target[2:]
    return bytes(changed)


def connection_of(record):
    """A number that is the same for both directions."""
    return sum(record[ADDRESSES]) + sum(record[PORTS])


def strip_origin(value):
    """A report without what differs rightly: where it was read, and how often it was seen."""
    if isinstance(value, list):
        return [strip_origin(item) for item in value]
    if isinstance(value, dict) and "record" in value:
        return None
    if isinstance(value, dict):
        return {key: strip_origin(item) for key, item in value.items()
                if key not in ("evidence", "evidence_more", "id", "origins")}
    return value


def said(ocsight, paths, failures):
    """What audit and chat say of the chat in these inputs; notes are free."""
    results = []
    for command in ("audit", "chat"):
        status, out, problem = run([ocsight, command, *paths, "--format", "json"])
        if status not in (0, 1):
            failures.add(f"{command}: exit status {status}: {problem.strip()[-300:]}")
            return None
        results.append(json.loads(out))
    audit, chat = results
    findings = [finding for finding in strip_origin(audit["findings"])
                if finding["severity"] != "note" and finding["rule"].startswith(("chat-", "sip-"))]
    summary = {key: audit["summary"][key]
               for key in ("call_ids", "dialogs", "users", "rooms", "chat_messages")}
    return {"findings": findings, "summary": summary, "chat": strip_origin(chat)}


def same(whole, other, failures):
    for key in whole:
        if other is not None and whole[key] != other[key]:
            mine, theirs = json.dumps(whole[key]), json.dumps(other[key])
            at = next((i for i, pair in enumerate(zip(mine, theirs)) if pair[0] != pair[1]),
                      min(len(mine), len(theirs)))
            start = max(0, at - 120)
            failures.add(f"{key}: …{mine[start:at + 120]} became …{theirs[start:at + 120]}")


def fewer(whole, other, failures):
    """Over a border between files silence may not be judged: findings may be fewer, never others."""
    if other is not None:
        for finding in other["findings"]:
            if finding not in whole["findings"]:
                failures.add(f"only where it is divided: {json.dumps(finding)[:240]}")
        same({key: whole[key] for key in ("summary", "chat")}, other, failures)


def divisions(records):
    half = len(records) // 2
    return {
        "by connection": ([record for record in records if connection_of(record) % 2 == 0],
                          [record for record in records if connection_of(record) % 2 == 1]),
        "by time": (records[:half], records[half:]),
        "packet by packet": (records[0::2], records[1::2]),
        "seen twice": (records, [elsewhere(record) for record in records]),
    }


def divisions_check(ocsight, folder, header, records, failures):
    paths = [os.path.join(folder, name) for name in ("one.pcap", "other.pcap")]
    where = failures.where

    def write(path, part):
        with open(path, "wb") as file:
            file.write(header + b"".join(part))

    write(paths[0], records)
    whole = said(ocsight, paths[:1], failures)
    for name, parts in divisions(records).items():
        for path, part in zip(paths, parts):
            write(path, part)
        for order in (paths, paths[::-1]):
            failures.where = f"{where}, {name}{'' if order == paths else ', turned'}"
            compare = fewer if name == "by time" else same
            compare(whole, said(ocsight, order, failures), failures)
    failures.where = where


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("ocsight")
    parser.add_argument("render")
    parser.add_argument("chat_day", metavar="CHAT-DAY")
    parser.add_argument("--long", action="store_true", help="every packet")
    parser.add_argument("samples", nargs="*")
    arguments = parser.parse_intermixed_args()
    failures = Failures()
    count = 0
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "capture.pcap")
        for name in arguments.samples or [*chat_samples(), "day"]:
            failures.where = name
            if name == "day":
                subprocess.run([arguments.chat_day, "--users", "10", "--rooms", "4", "--posts",
                                "200", "--lost", "3", "--hours", "1", os.devnull, path], check=True)
            else:
                render(arguments.render, name, path)
            header, records = read_packets(path)
            count += cuts_check(arguments.ocsight, header, records, arguments.long, failures)
            divisions_check(arguments.ocsight, folder, header, records, failures)
    failures.where = ""
    return failures.finish(f"{count} cuts, and nothing was said of them that the whole does not say")


if __name__ == "__main__":
    sys.exit(main())
