#!/usr/bin/env python3
"""A generated day of chat: every lost copy is found, and nothing else, however it is read.

    check_chat_day.py OCSIGHT CHAT-DAY

chat-day pipes a capture into ocsight and writes the truth from its own story. `audit` must find
each copy that was not delivered, with the packets of its post, its room and its user, and no
other error or warning; the same byte for byte with 1, 2 and 4 threads. `chat` must tell the
rooms, messages, deliveries and sessions of the story. A day of four times the posts must not need
much more memory: what is kept follows users, live sessions and rooms.

OCSIGHT_TEST_SIZE=long plays 2,000 users, 200 rooms and 500,000 posts. Reports keep
limits.report_rows rows and count the rest: what `chat` says is compared with a day that fits.
"""
import collections
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile

from sampling import Failures

Size = collections.namedtuple("Size", "users rooms posts lost hours")

SIZES = {"short": Size(100, 16, 3000, 12, 4), "long": Size(2000, 200, 500000, 100, 12)}
TOLD = SIZES["short"]  # whose whole story `chat` has room for
GROWTH = 1.25  # times the memory for four times the posts, as many an hour
MARGIN = 8192  # KiB: what the allocator may keep, whatever the size

# What is said of each dialog that a crashed client left behind.
DISOWNED = "chat-dialog-disowned"

THREADS = re.compile(rb'"threads": "\d+"')  # the option itself, in the head of a report


class Day:
    """One capture, made anew for each run and never stored, and its truth."""

    def __init__(self, program, folder, size, *options):
        self.truth_path = os.path.join(folder, f"{size.posts}.jsonl")
        self.command = [program, *options]
        for name, value in size._asdict().items():
            self.command += [f"--{name}", str(value)]
        self.command += [self.truth_path, "-"]

    def read(self, ocsight, *arguments):
        """(exit status, digest of the output, the output, peak KiB) of one run."""
        maker = subprocess.Popen(self.command, stdout=subprocess.PIPE)
        reader = subprocess.Popen([ocsight, *arguments, "--format", "json", "-"],
                                  stdin=maker.stdout, stdout=subprocess.PIPE)
        maker.stdout.close()
        out = THREADS.sub(b'"threads": ""', reader.stdout.read())
        _, status, usage = os.wait4(reader.pid, 0)
        if maker.wait() != 0:
            sys.exit(f"chat-day ended with status {maker.returncode}")
        return os.waitstatus_to_exitcode(status), hashlib.sha256(out).digest(), out, usage.ru_maxrss

    def truth(self):
        """Rows by their kind."""
        rows = collections.defaultdict(list)
        with open(self.truth_path, encoding="utf-8") as file:
            for line in file:
                row = json.loads(line)
                rows[row["kind"]].append(row)
        return rows


# ---- audit ----

def lost_key(row):
    return (row["time"], row["author"], row["user"], row["room"], row["call_id"],
            (row["post"], row["answer"]))


def finding_key(finding):
    return (finding["time"], finding["user"], finding["peer"], finding["room"],
            finding["call_id"], tuple(origin["record"] for origin in finding["evidence"]))


def findings_check(audit, truth, failures):
    """Each lost copy once, and nothing that was in order."""
    lost = {lost_key(row) for row in truth["lost"]}
    left = collections.Counter((row["user"], row["call_id"], row["record"])
                               for row in truth["stale"])
    disowned = collections.Counter()
    found = collections.Counter()
    for finding in audit["findings"]:
        if finding["severity"] == "note":
            continue
        if finding["rule"] == DISOWNED:
            disowned[finding["user"], finding["call_id"], finding["evidence"][-1]["record"]] += 1
            continue
        key = finding_key(finding)
        if finding["rule"] != "chat-message-not-delivered" or key not in lost:
            failures.add(f"nothing was wrong: {finding['rule']}: {finding['message']} {key}")
        found[key] += 1
    failures.same("dialogs disowned", sorted(left.items()), sorted(disowned.items()))
    for key in sorted(lost):
        failures.same(f"findings of the lost copy {key}", 1, found[key])


def summary_check(summary, truth, failures):
    counts = truth["counts"][0]
    expected = {
        "packets": counts["packets"], "decoded": counts["packets"],
        "chat_messages": counts["posts"], "rooms": len(truth["room"]),
        "users": len({row["user"] for row in truth["session"]}), "retransmissions": 0,
    }
    for name, value in expected.items():
        failures.same(f"summary: {name}", value, summary[name])
    responses = summary["responses"]
    failures.same("responses 503", counts["refused"], responses.get("503", 0))
    failures.same("responses 487", counts["stale"], responses.get("487", 0))
    failures.same("coverage", "full", summary["coverage"]["verdict"])


def audit_check(ocsight, day, size, failures):
    """Returns the peak memory of one thread."""
    arguments = ("audit", "--fail-on", "never", "--threads")
    status, whole, out, peak = day.read(ocsight, *arguments, "1")
    failures.same("audit: exit status", 0, status)
    truth = day.truth()
    audit = json.loads(out)
    failures.same("lost copies of the story", size.lost, len(truth["lost"]))
    findings_check(audit, truth, failures)
    summary_check(audit["summary"], truth, failures)
    counts = truth["counts"][0]
    print(f"{counts['posts']} posts, {counts['copies']} copies, {counts['packets']} packets, "
          f"{audit['inputs'][0]['size'] >> 20} MiB piped: {counts['lost']} lost, "
          f"{counts['stale']} dialogs disowned, {counts['dropped']} forgotten, "
          f"{counts['refused']} posts refused and sent again; peak {peak >> 10} MiB")
    for threads in ("2", "4"):
        _, digest, _, _ = day.read(ocsight, *arguments, threads)
        if digest != whole:
            failures.add(f"audit: another result with {threads} threads")
    return peak


# ---- chat ----

def differ(failures, what, told, said):
    """Says only the parts of two rows that differ."""
    if told != said:
        parts = [pair for pair in zip(told, said) if pair[0] != pair[1]]
        failures.add(f"{what} {told[:2]}: {str(parts)[:300]}")


def text_lines(text):
    return text.replace("\r\n", "\n")


def said_message(row):
    """A message of `chat` in the form of the story."""
    got = sorted((copy["user"], copy["call_id"]) for copy in row["deliveries"])
    return (row["time"], row["author"], text_lines(row["text"]), row["state"],
            row["origin"]["record"], tuple(got))


def told_message(row):
    got = sorted(tuple(pair) for pair in row["deliveries"])
    return (row["time"], row["author"], row["text"], "accepted", row["post"], tuple(got))


def rooms_check(chat, truth, failures):
    messages = collections.defaultdict(list)
    for row in truth["message"]:
        messages[row["room"]].append(told_message(row))
    rooms = {room["uri"]: room for room in chat["rooms"]}
    failures.same("rooms", sorted(row["room"] for row in truth["room"]), sorted(rooms))
    for row in truth["room"]:
        room = rooms.get(row["room"])
        if room is None:
            continue
        failures.where = row["name"]
        failures.same("name", row["name"], room["name"])
        failures.same("participants", row["users"], sorted(room["participants"]))
        failures.same("messages", row["messages"], len(room["messages"]))
        for told, said in zip(sorted(messages[row["room"]]),
                              sorted(said_message(message) for message in room["messages"])):
            differ(failures, "message", told, said)
    failures.where = ""


def said_session(row):
    return (row["user"], row["epid"], row["state"], row["call_id"], row["start"], row["end"],
            tuple(sorted(row["rooms"])))


def chat_check(ocsight, day, failures):
    status, _, out, _ = day.read(ocsight, "chat")
    failures.same("chat: exit status", 0, status)
    chat, truth = json.loads(out), day.truth()
    failures.same("rows beyond the report", 0, chat["not_listed"])
    rooms_check(chat, truth, failures)
    told = sorted(said_session(row) for row in truth["session"])
    said = sorted(said_session(row) for row in chat["sessions"])
    failures.same("number of sessions", len(told), len(said))
    for one, other in zip(told, said):
        differ(failures, "session", one, other)


def main():
    ocsight, program = sys.argv[1:3]
    size = SIZES[os.environ.get("OCSIGHT_TEST_SIZE", "short")]
    failures = Failures()
    with tempfile.TemporaryDirectory() as folder:
        peak = audit_check(ocsight, Day(program, folder, size), size, failures)
        quarter = Day(program, folder, size._replace(posts=size.posts // 4, hours=size.hours // 4))
        _, _, _, least = quarter.read(ocsight, "audit", "--fail-on", "never", "--threads", "1")
        print(f"peak memory of a quarter of the posts {least >> 10} MiB, of all {peak >> 10} MiB")
        if peak > GROWTH * least + MARGIN:
            failures.add(f"four times the posts take {peak / least:.2f} times the memory")
        chat_check(ocsight, Day(program, folder, TOLD, "--messages"), failures)
    return failures.finish("every lost copy is found, and nothing else")


if __name__ == "__main__":
    sys.exit(main())
