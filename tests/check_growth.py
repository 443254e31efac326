#!/usr/bin/env python3
"""Memory follows what is live, not the length of the capture.

    check_growth.py OCSIGHT RENDER-SAMPLE

The same conversation, renamed, over and over: four times as many copies may not take
much more memory. OCSIGHT_TEST_SIZE=long grows the larger capture to about 2 GB.
"""
import os
import subprocess
import sys
import tempfile

from sampling import Failures, talk_path

COPIES = {"short": (150, 600), "long": (7000, 28000)}
SHARE = 2.0      # what each copy may leave behind: its users, whom the engine still follows
FIXED = 16 << 10  # KiB


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
    if peaks[1] > peaks[0] * SHARE + FIXED:
        failures.add(f"memory grows with the capture: {peaks[0]} KiB, then {peaks[1]} KiB")
    return failures.finish("memory follows what is live")


if __name__ == "__main__":
    sys.exit(main())
