#!/usr/bin/env python3
"""What was not captured is nobody's fault: losses raise no error and no warning.

    check_losses.py OCSIGHT RENDER-SAMPLE [--long] [SAMPLE…]

From each sample, in forms where a packet is a small part of a message or a whole
one, are taken: its first N packets, and each single packet. `audit` must find no
error and no warning that it does not find in the whole capture; notes are free.
With --long after every packet; without it after a spread of them that differs
from form to form, so that all places of a message are met somewhere, and each of
the first ones, on which most of what follows depends.
"""
import argparse
import os
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

from sampling import Failures, faults, read_packets, render, sample_names

FORMS = ("plain", "udp", "sll-tiny")
LONG_FORMS = FORMS + ("ws", "keepalive", "raw-frag", "qinq-dup", "lost")
RUNS = 20  # of one sample in one form and of one kind of loss, without --long
FIRST = 16  # packets of which each is lost once, in the first form

def loss_check(ocsight, path, long, first, failures):
    header, records = read_packets(path)
    whole = faults(ocsight, header + b"".join(records))
    step = 1 if long else max(1, len(records) // RUNS)
    losses = []
    spread = set(range(len(records) % step, len(records), step))
    for at in sorted(spread):
        losses.append((f"without its first {at + 1} packets", records[at + 1:]))
    for at in sorted(spread | set(range(min(first, len(records))))):
        losses.append((f"without packet {at + 1}", records[:at] + records[at + 1:]))

    def run(loss):
        return loss[0], faults(ocsight, header + b"".join(loss[1])) - whole

    with ThreadPoolExecutor() as pool:
        for what, wrong in pool.map(run, losses):
            for fault in sorted(wrong, key=str):
                failures.add(f"{what}: {fault}")
    return len(losses)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("ocsight")
    parser.add_argument("render")
    parser.add_argument("--long", action="store_true", help="every packet, in more forms")
    parser.add_argument("samples", nargs="*")
    arguments = parser.parse_intermixed_args()
    failures = Failures()
    count = 0
    with tempfile.TemporaryDirectory() as folder:
        for name in arguments.samples or sample_names():
            for form in LONG_FORMS if arguments.long else FORMS:
                failures.where = f"{name} {form}"
                path = os.path.join(folder, "capture.pcap")
                render(arguments.render, name, path, "--form", form)
                first = FIRST if form == FORMS[0] else 0
                count += loss_check(arguments.ocsight, path, arguments.long, first, failures)
    failures.where = ""
    return failures.finish(f"{count} losses, none of them blamed on anybody")


if __name__ == "__main__":
    sys.exit(main())
