#!/usr/bin/env python3
"""Memory follows what is live, not the length of the capture.

    check_growth.py OCSIGHT RENDER-SAMPLE

The same conversation over and over, each time with two other users in another room, some of
whom never sign out. They stay known, so each copy may leave a few KiB behind, and nothing
that goes with its 70 KiB of packets. OCSIGHT_TEST_SIZE=long grows the capture to 2 GB.
"""
import os
import subprocess
import sys
import tempfile

from sampling import Failures, talk_path

COPIES = {"short": (150, 600), "long": (7000, 28000)}
# KiB that one copy may leave behind: users, a room, and of the session that stays open what some
# thirty chat rules still wait for; no single one of them keeps more than 1.5 KiB.
KEPT = 32


def peak_memory(ocsight, capture):
    """KiB of `ocsight audit`; the process must end well."""
    process = subprocess.Popen([ocsight, "audit", "--threads", "1", "--fail-on", "never", capture],
                               stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"ocsight audit ended with status {status}")
    return usage.ru_maxrss


def main():
    ocsight, render = sys.argv[1:3]
    copies = COPIES[os.environ.get("OCSIGHT_TEST_SIZE", "short")]
    failures = Failures()
    peaks = []
    for count in copies:
        with tempfile.TemporaryDirectory() as work:
            capture = os.path.join(work, "grown.pcap")
            subprocess.run([render, "--repeat", str(count), talk_path("group-chat"), capture],
                           check=True)
            peaks.append(peak_memory(ocsight, capture))
            print(f"{count} copies, {os.path.getsize(capture) >> 20} MiB: {peaks[-1] >> 10} MiB")
    kept = (peaks[1] - peaks[0]) / (copies[1] - copies[0])
    if kept > KEPT:
        failures.add(f"each copy leaves {kept:.1f} KiB behind")
    return failures.finish("memory follows what is live")


if __name__ == "__main__":
    sys.exit(main())
