#!/usr/bin/env python3
"""Time and memory on a large capture: ocsight, a bare libpcap loop, tshark.

    bench.py OCSIGHT RENDER-SAMPLE PCAP-LOOP [--size MIB] [--sample NAME]…
             [--capture FILE] [--day USERS,CHANGES] [--no-tshark]

The capture is made from a sample, its copies renamed and overlapping in time, is a
day of presence (presence-day, beside RENDER-SAMPLE), or is one that exists. "decoding"
is decode_loop (beside PCAP-LOOP): everything up to the parsed message and its place
among the others on one thread, no engine, no rules and no output; "one thread" is the
audit with --threads 1, and the two give the ratio of audit to plain decoding. All
programs run in this order on the same file, after it was read once, each --rounds
times; the round with the least processor time counts. Prints what it measured and
the ratios. Never passes or fails on a time.
"""
import argparse
import os
import subprocess
import sys
import tempfile
import time

from pathlib import Path

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
MIB = 1 << 20


def measure(command):
    """(seconds, peak resident bytes, processor seconds, exit status); no output is kept."""
    begin = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return (time.monotonic() - begin, usage.ru_maxrss * 1024, usage.ru_utime + usage.ru_stime,
            process.returncode)


def capture_make(program, sample, size, path):
    """As many copies as give about `size` bytes; returns their number."""
    talk = str(SAMPLES / (sample + ".talk"))
    subprocess.run([program, "--repeat", "2", talk, path], check=True)
    copies = max(1, round(size / (os.path.getsize(path) / 2)))
    # Two copies start every second, so that a minute of them lives at the same time.
    subprocess.run([program, "--repeat", str(copies), "--every", "0.5", talk, path], check=True)
    return copies


def rounds_run(name, command, rounds):
    best = None
    for _ in range(rounds):
        result = measure(command)
        if best is None or result[2] < best[2]:
            best = result
    print(f"  {name:<12} {best[0]:9.2f} s {best[2]:9.2f} s of processor {best[1] / MIB:9.1f} MiB"
          f"   exit status {best[3]}", flush=True)
    return best


def capture_bench(arguments, capture):
    size = os.path.getsize(capture)
    print(f"{capture}: {size / MIB:.1f} MiB", flush=True)
    measure([arguments.pcap_loop, capture])
    results = {"pcap loop": rounds_run("pcap loop", [arguments.pcap_loop, capture],
                                       arguments.rounds)}
    results["ocsight"] = rounds_run("ocsight", [arguments.ocsight, "audit", "--format", "json",
                                                capture], arguments.rounds)
    results["one thread"] = rounds_run("one thread", [arguments.ocsight, "audit", "--threads", "1",
                                                      "--format", "json", capture],
                                       arguments.rounds)
    decode_loop = str(Path(arguments.pcap_loop).with_name("decode_loop"))
    results["decoding"] = rounds_run("decoding", [decode_loop, capture], arguments.rounds)
    if not arguments.no_tshark:
        results["tshark"] = rounds_run("tshark", ["tshark", "-n", "-q", "-z", "sip,stat",
                                                  "-d", "tcp.port==5061,sip", "-r", capture],
                                       arguments.rounds)
    own = results["ocsight"]
    print(f"  ocsight reads {size / own[0] / MIB:.0f} MiB/s")
    audit, decoding = results["one thread"], results["decoding"]
    if decoding[2] > 0:
        print(f"  audit takes {audit[2] / decoding[2]:.2f} times the processor time of decoding")
    for name, other in results.items():
        if name != "ocsight" and own[0] > 0 and own[1] > 0:
            print(f"  {name} takes {other[0] / own[0]:.2f} times the time of ocsight "
                  f"and {other[1] / own[1]:.2f} times its memory")


def day_make(program, day, path):
    """A day of presence for "USERS,CHANGES"."""
    users, changes = day.split(",")
    generator = str(Path(program).with_name("presence-day"))
    begin = time.monotonic()
    subprocess.run([generator, "--users", users, "--changes", changes, os.devnull, path], check=True)
    print(f"{users} users, {changes} changes made in {time.monotonic() - begin:.1f} s")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("ocsight")
    parser.add_argument("render")
    parser.add_argument("pcap_loop")
    parser.add_argument("--size", type=float, default=200, metavar="MIB")
    parser.add_argument("--sample", action="append")
    parser.add_argument("--capture", action="append", default=[])
    parser.add_argument("--day", metavar="USERS,CHANGES")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--no-tshark", action="store_true")
    arguments = parser.parse_intermixed_args()
    for capture in arguments.capture:
        capture_bench(arguments, capture)
    given = arguments.capture or arguments.day
    samples = arguments.sample or ([] if given else ["persistent-chat"])
    with tempfile.TemporaryDirectory() as folder:
        if arguments.day:
            path = os.path.join(folder, "day.pcap")
            day_make(arguments.render, arguments.day, path)
            capture_bench(arguments, path)
            os.unlink(path)
        for sample in samples:
            path = os.path.join(folder, sample + ".pcap")
            begin = time.monotonic()
            copies = capture_make(arguments.render, sample, arguments.size * MIB, path)
            print(f"{copies} copies of {sample} made in {time.monotonic() - begin:.1f} s")
            capture_bench(arguments, path)
            os.unlink(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
