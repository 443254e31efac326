#!/usr/bin/env python3
"""Public captures that others counted: ../shared/captures beside the source tree.

    check_captures.py OCSIGHT SOURCE-TREE

The table in their README.md states packets, SIP messages, requests by method,
responses by code and Call-IDs; `ocsight audit` must say the same, and `ocsight
messages` must agree with tshark message by message. Exits with 77 (skipped)
where the captures are not there: they are not ours to copy.
"""
import os
import re
import sys

import check_tshark
from sampling import Failures, read_json


def table_rows(readme):
    """name -> the numbers of its row."""
    rows = {}
    with open(readme, encoding="utf-8") as file:
        for line in file:
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if len(cells) == 7 and re.search(r"\.pcap(ng)?\b", cells[0]):
                rows[cells[0].split()[0]] = {
                    "packets": int(cells[2]), "sip_messages": int(cells[3]),
                    "requests": counts(cells[4]), "responses": counts(cells[5]),
                    "call_ids": int(cells[6])}
    return rows


def counts(cell):
    """'INVITE 1, ACK 1' -> {'INVITE': 1, 'ACK': 1}"""
    pairs = (item.split() for item in cell.split(",") if item.strip() not in ("", "-"))
    return {name: int(number) for name, number in pairs}


def main():
    ocsight, tree = sys.argv[1:3]
    folder = os.path.join(tree, "..", "shared", "captures")
    if not os.path.isdir(folder):
        print(f"skipped: there is no {folder}")
        sys.exit(77)
    failures = Failures()
    rows = table_rows(os.path.join(folder, "README.md"))
    if not rows:
        sys.exit("the README of the captures has no table that can be read")
    for name, expected in sorted(rows.items()):
        path = os.path.join(folder, name)
        failures.where = ""
        audit = read_json(ocsight, failures, "audit", path)
        if audit is None:
            continue
        summary = audit["summary"]
        for key, value in expected.items():
            failures.same(f"{name}: {key}", value, summary[key])
        total = summary["decoded"] + sum(summary["skipped"].values())
        failures.same(f"{name}: decoded + skipped", summary["packets"], total)
        check_tshark.messages_check(ocsight, path, [], failures)
    failures.where = ""
    sys.exit(failures.finish(f"{len(rows)} public captures give the counts of their README"))


if __name__ == "__main__":
    main()
