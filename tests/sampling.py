"""What the checks of the samples share: running programs, reading .expect files.

Standard library only. A check collects what differs and says all of it; it never
stops at the first difference.
"""
import json
import os
import re
import shlex
import struct
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SAMPLES = os.path.join(ROOT, "samples")

# Exit statuses of ocsight that are no failure of the run: done, findings, unreadable.
CALM = (0, 1, 3)


def sample_names():
    return sorted(name[:-5] for name in os.listdir(SAMPLES) if name.endswith(".talk"))


def talk_path(name):
    return os.path.join(SAMPLES, name + ".talk")


def expect_path(name):
    return os.path.join(SAMPLES, name + ".expect")


class Failures:
    """Differences, printed as they come, counted for the exit status."""

    def __init__(self):
        self.count = 0
        self.where = ""

    def add(self, text):
        self.count += 1
        print(f"{self.where}: {text}" if self.where else text)

    def same(self, what, expected, actual):
        if expected != actual:
            self.add(f"{what}: expected {expected!r}, got {actual!r}")

    def finish(self, done):
        if self.count == 0:
            print(done)
        else:
            print(f"{self.count} difference(s)")
        return 1 if self.count else 0


def run(command, timeout=600):
    """Runs a program and returns (exit status, standard output, standard error)."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=timeout)
    return done.returncode, done.stdout, done.stderr.decode("utf-8", "replace")


def render(program, name, out, *options):
    """Renders a sample; the renderer failing is a fault of the repository."""
    status, _, problem = run([program, *options, talk_path(name), out])
    if status != 0:
        sys.exit(f"render-sample {name} {' '.join(options)}: exit status {status}\n{problem}")
    return out


def suffix_of(form):
    return {"pcapng-mixed": "pcapng", "netmon": "cap"}.get(form, "pcap")


def read_json(ocsight, failures, *arguments, lines=False):
    """The JSON of one ocsight command; None, and a failure, if it cannot be had."""
    status, out, problem = run([ocsight, *arguments, "--format", "json"])
    what = "ocsight " + " ".join(arguments)
    if status not in (0, 1):
        failures.add(f"{what}: exit status {status}: {problem.strip()[-300:]}")
        return None
    try:
        text = out.decode("utf-8")
        if lines:
            return [json.loads(line) for line in text.splitlines() if line.strip()]
        return json.loads(text)
    except (UnicodeDecodeError, ValueError) as problem_found:
        failures.add(f"{what}: no valid JSON: {problem_found}")
        return None


def read_expect(path):
    """The lines of an .expect file as lists of words; see check_expect.py for their meaning."""
    entries = []
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            words = shlex.split(line, comments=False, posix=True) if line[0] != "#" else []
            if words:
                entries.append((number, words))
    return entries


def expect_counts(entries):
    """(requests, responses) by name as the story states them."""
    requests, responses = {}, {}
    for _, words in entries:
        match = re.fullmatch(r"summary\.(requests|responses)\.(\S+)", words[0])
        if match:
            target = requests if match.group(1) == "requests" else responses
            target[match.group(2)] = int(words[2])
    return requests, responses


def options_of(words):
    """key=value words as a dictionary."""
    return dict(word.split("=", 1) for word in words if "=" in word)


PCAP_HEADER = 24


def read_packets(path):
    """The header of a classic pcap file and its records."""
    with open(path, "rb") as file:
        content = file.read()
    records, at = [], PCAP_HEADER
    while at < len(content):
        size = 16 + struct.unpack_from("<I", content, at + 8)[0]
        records.append(content[at:at + size])
        at += size
    return content[:PCAP_HEADER], records


def faults(ocsight, capture):
    """Errors and warnings, without what a loss may rightly change: times, packets, words."""
    done = subprocess.run([ocsight, "audit", "-", "--format", "json", "--fail-on", "never",
                           "--threads", "1"], input=capture, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=120)
    if done.returncode != 0:
        return {(f"exit status {done.returncode}", done.stderr.decode("utf-8", "replace"), "")}
    return {(finding["rule"], finding["user"], finding["call_id"])
            for finding in json.loads(done.stdout)["findings"] if finding["severity"] != "note"}
