#!/usr/bin/env python3
"""Which part of a run a ladder shows: --dialog, --flow, --finding, --related, --collapse.

    check_choice.py OCSIGHT FOLDER-OF-RENDERED-SAMPLES

What the other commands say of each sample is compared with the rows of the ladder that was
asked for:

    each finding    all packets that prove it; other findings only if their packets are shown
    each flow       the packets of all its steps, with the answers to them
    dialogs         exactly their messages; all together are all messages, each once
    --related       more, but only of the same users and in that time
    --from, --to    no row of a page outside, not even of presence
    --collapse      the same numbers; no finding, failure or presence change is folded

and what is not there is wrong usage, with no output.
"""
import collections
import concurrent.futures
import json
import os
import re
import sys
import tempfile

from sampling import Failures, read_json, run, sample_names

ROW = re.compile(r"^\d\d:\d\d:\d\d\.\d{3} +(\d+)\b(.*)")
FOLDED = re.compile(r"(\d+) messages? folded: ([^|]*)")
HEADING = re.compile(r"^(\d+) messages?, \d+ [a-z]+,", re.M)
LABEL = re.compile(r"^[ENW](\d+)  (?:error|warning|note) ", re.M)
PRESENCE = re.compile(r"\[[^\[\]|]+: [A-Z][^\[\]|]*\]")
COUNTED = re.compile(r"^ ?(\d+) (polls?|keep-alives?|refresh(?:es)? of (?:register|subscription|"
                     r"session|presence)|repeated notifications?|provisional)\s*$")
WORKERS = 2
# Samples of which each dialog is drawn; of the others the longest.
WHOLE = ("faults", "front-end", "gateway-presence-literal", "group-chat", "quirks",
         "watching-faults")


class Ladder:
    """A ladder in text: packet numbers of its rows, findings, what was folded."""

    def __init__(self, text):
        self.text = text
        self.records, self.folded = collections.Counter(), []
        for line in text.splitlines():
            row, folded = ROW.match(line), FOLDED.search(line)
            if row and folded:
                self.folded.append((int(folded.group(1)), folded.group(2).split(",")))
            elif row:
                self.records[int(row.group(1))] += 1
        heading = HEADING.search(text)
        self.messages = int(heading.group(1)) if heading else None
        self.findings = {int(number) for number in LABEL.findall(text)}
        self.presence = len(PRESENCE.findall(text))


class Sample:
    """One capture and what the other commands say of it."""

    def __init__(self, ocsight, folder, name, failures):
        self.ocsight = ocsight
        self.path = os.path.join(folder, name + ".pcap")
        self.failures = failures
        self.messages = read_json(ocsight, failures, "messages", self.path, lines=True)
        self.dialogs = read_json(ocsight, failures, "dialogs", self.path)["dialogs"]
        self.flows = read_json(ocsight, failures, "flows", self.path)["flows"]
        self.findings = read_json(ocsight, failures, "audit", self.path)["findings"]
        self.of_record = collections.defaultdict(list)
        for message in self.messages:
            self.of_record[message["record"]].append(message)

    def ladder(self, *arguments):
        status, out, problem = run([self.ocsight, "ladder", self.path, "--ascii", "--width", "220",
                                    *arguments])
        if status != 0:
            self.failures.add(f"{' '.join(arguments)}: exit status {status}: {problem.strip()}")
            return None
        return Ladder(out.decode("utf-8"))

    def ladders(self, choices):
        """The ladders of several choices, a few at a time, in their order."""
        with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
            drawn = list(pool.map(lambda arguments: self.ladder(*arguments), choices))
        return [(choice, ladder) for choice, ladder in zip(choices, drawn) if ladder]

    def is_drawn(self, ladder, record):
        """A row of its own, or a retransmission, which is counted at the row it repeats."""
        again = self.of_record[record]
        return ladder.records[record] > 0 or (again and all(m["retransmission"] for m in again))


def evidence_of(finding):
    return [origin["record"] for origin in finding["evidence"] if origin.get("record")]


def check_findings(sample, whole):
    failures = sample.failures
    by_id = {finding["id"]: finding for finding in sample.findings}
    for choice, ladder in sample.ladders([("--finding", str(number)) for number in by_id]):
        what = " ".join(choice)
        finding = by_id[int(choice[1])]
        missing = [record for record in evidence_of(finding)
                   if whole.records[record] and not sample.is_drawn(ladder, record)]
        if missing:
            failures.add(f"{what}: packets {missing} of its evidence are not shown")
        if finding["id"] not in ladder.findings:
            failures.add(f"{what}: the finding itself is not shown")
        for other in ladder.findings - {finding["id"]}:
            if not any(sample.is_drawn(ladder, r) for r in evidence_of(by_id[other])):
                failures.add(f"{what}: finding {other} has nothing to do with it")
        for other in sample.findings:
            if other["id"] not in ladder.findings and \
                    any(ladder.records[record] for record in evidence_of(other)):
                failures.add(f"{what}: finding {other['id']} is hidden, its packets are not")
        if f"only finding {finding['id']} and its dialogs" not in ladder.text:
            failures.add(f"{what}: the heading does not say what was chosen")


def check_flows(sample):
    names = sorted({flow["flow"] for flow in sample.flows})
    for choice, ladder in sample.ladders([("--flow", name, "--collapse") for name in names]):
        for flow in sample.flows:
            steps = [step["origin"]["record"] for step in flow["steps"]
                     if step["outcome"] == "seen" and step["origin"]] \
                if flow["flow"] == choice[1] else []
            missing = [record for record in steps if not sample.is_drawn(ladder, record)]
            if missing:
                sample.failures.add(f"{' '.join(choice)}: steps in packets {missing} are not shown")
        check_answers(sample, choice, ladder)


def check_answers(sample, choice, ladder):
    """Answers of the requests that are shown are shown: by Call-ID and CSeq."""
    shown = {(m["call_id"], m["cseq"], m["method"], m["from"]) for record in ladder.records
             for m in sample.of_record[record] if not m["status"]}
    for message in sample.messages:
        key = (message["call_id"], message["cseq"], message["method"], message["from"])
        if message["status"] and message["status"] != 100 and key in shown and \
                not sample.is_drawn(ladder, message["record"]):
            sample.failures.add(f"{' '.join(choice)}: the answer in packet {message['record']} "
                                "is not shown")


def check_dialogs(sample, whole, every):
    """Every dialog, or the longest."""
    failures = sample.failures
    dialogs = {dialog["dialog"]: dialog
               for dialog in (sample.dialogs if every else [longest(sample)])}
    total, rows = 0, collections.Counter()
    for choice, ladder in sample.ladders([("--dialog", str(number)) for number in dialogs]):
        dialog = dialogs[int(choice[1])]
        failures.same(f"messages of {' '.join(choice)}", dialog["messages"], ladder.messages)
        total += ladder.messages or 0
        rows.update(ladder.records)
        strange = [record for record in ladder.records if sample.of_record[record] and
                   dialog["call_id"] not in {m["call_id"] for m in sample.of_record[record]}]
        if strange:
            failures.add(f"{' '.join(choice)}: packets {strange} are of other dialogs")
    if every:
        named = [m for m in sample.messages if m["call_id"]]
        failures.same("messages of all dialogs", len(named), total)
        failures.same("packets of all dialogs",
                      sorted({m["record"] for m in named} & set(whole.records)), sorted(rows))
        first = min(dialog["call_id"] for dialog in sample.dialogs)
        ladder = sample.ladder("--dialog", first)
        failures.same(f"messages of --dialog {first}",
                      sum(m["call_id"] == first for m in sample.messages), ladder.messages)


def longest(sample):
    return max(sample.dialogs, key=lambda dialog: dialog["messages"])


def users_of(messages):
    return {user for m in messages for user in (m["from"], m["to"]) if user}


def check_related(sample):
    """More than the dialog, only of its users, only while it lasted."""
    choices = [("--dialog", str(longest(sample)["dialog"]))]
    plain = dict(sample.ladders(choices))
    related = sample.ladders([(*choice, "--related") for choice in choices])
    grown = 0
    for choice, ladder in related:
        own = plain[choice[:2]]
        grown += len(ladder.records) > len(own.records)
        lost = set(own.records) - set(ladder.records)
        if lost:
            sample.failures.add(f"{' '.join(choice)}: packets {sorted(lost)} are gone")
        users = users_of(m for record in own.records for m in sample.of_record[record])
        for record in set(ladder.records) - set(own.records):
            if not users_of(sample.of_record[record]) & users:
                sample.failures.add(f"{' '.join(choice)}: packet {record} is of other users")
    return grown


def check_user(sample):
    """--finding and --user: both must hold, and numbers are the same."""
    for finding in [f for f in sample.findings if f["user"]][:1]:
        arguments = ("--finding", str(finding["id"]), "--user", finding["user"])
        ladder = sample.ladder(*arguments)
        strange = [record for record in (ladder.records if ladder else []) if not any(
            finding["user"] in users_of([m]) for m in sample.of_record[record])]
        if strange:
            sample.failures.add(f"{' '.join(arguments)}: packets {strange} are of others")
        alone = read_json(sample.ocsight, sample.failures, "audit", sample.path, "--user",
                          finding["user"])
        sample.failures.same(f"finding {finding['id']} of audit --user", [finding["message"]],
                             [f["message"] for f in alone["findings"]
                              if f["id"] == finding["id"]])


def check_collapse(sample, whole):
    failures = sample.failures
    ladder = sample.ladder("--collapse")
    if not ladder:
        return 0
    failures.same("--collapse: messages", whole.messages, ladder.messages)
    failures.same("--collapse: presence changes", whole.presence, ladder.presence)
    gone = whole.records - ladder.records
    failures.same("--collapse: rows that are new", {}, dict(ladder.records - whole.records))
    folded = sum(count for count, _ in ladder.folded)
    again = sum(m["retransmission"] for m in sample.messages)
    if not sum(gone.values()) <= folded <= sum(gone.values()) + again:
        failures.add(f"--collapse: {sum(gone.values())} rows are gone, {folded} messages folded")
    for finding in sample.findings:
        hidden = [record for record in evidence_of(finding) if gone[record]]
        if hidden:
            failures.add(f"--collapse: packets {hidden} of finding {finding['id']} are folded")
    for record in gone:
        for message in sample.of_record[record]:
            if (message["status"] or 0) >= 400 and message["status"] not in (401, 407):
                failures.add(f"--collapse: the failure in packet {record} is folded")
    for count, words in ladder.folded:
        kinds = [COUNTED.match(word) for word in words]
        if not all(kinds) or sum(int(kind.group(1)) for kind in kinds) > count:
            failures.add(f"--collapse: {count} messages are said to be {words}")
    return folded


REFUSED = [
    (["--dialog", "4711"], "no dialog '4711'"),
    (["--dialog", "no-such-call"], "no dialog 'no-such-call'"),
    (["--dialog", "a\x1b[31m\u202eb"], "no dialog 'a\\x1b[31m\\u202eb'"),
    (["--finding", "4711"], "no finding 4711 among"),
    (["--flow", "no-such-flow"], "--flow is one of presence-publish, presence-subscribe"),
    (["--flow", "presence-poll"], "no call flow 'presence-poll'"),
    (["--related"], "--related goes with"),
    (["--finding", "1", "--user", "nobody@contoso.example"], "no finding 1 among 0"),
    (["--finding", "1", "--dialog", "10"], "nothing is in all that was chosen"),
]


def page_times(path):
    """When the rows of a page are, of those that say it: the time of day in microseconds."""
    with open(path, encoding="utf-8") as file:
        page = file.read()
    data = json.loads(re.search(r'id="data">(.*?)</script>', page, re.S).group(1))
    columns = data["columns"]
    at = len(columns["words"]) + columns["values"].index("time")
    return sorted(row[at] for row in data["rows"] if row[at] is not None)


def check_span(ocsight, folder, failures):
    """--from and --to: no row of a page is outside, neither of a ladder nor behind an audit."""
    failures.where = "span"
    capture = os.path.join(folder, "endpoints.pcap")
    first, last = "08:15:00", "08:17:00"
    with tempfile.TemporaryDirectory() as work:
        for command in ("ladder", "audit"):
            target = os.path.join(work, "page.html")
            run([ocsight, command, capture, "--from", first, "--to", last, "-o", target])
            times = page_times(target)
            if len(times) < 10 or times[0] < first or times[-1] > f"{last}.000000":
                failures.add(f"{command}: {len(times)} rows, {times[:1]} to {times[-1:]}")


def check_refused(ocsight, folder, failures):
    """Wrong usage that shows only at the end: one line, and an old output stays as it was."""
    failures.where = "refused"
    capture = os.path.join(folder, "faults.pcap")
    with tempfile.TemporaryDirectory() as work:
        for arguments, words in REFUSED:
            for kept in (None, "old"):
                target = os.path.join(work, "flow.pdf")
                if kept:
                    with open(target, "w", encoding="utf-8") as file:
                        file.write(kept)
                status, out, problem = run([ocsight, "ladder", capture, *arguments, "-o", target])
                what = " ".join(arguments)
                failures.same(f"{what!r}: exit status", 2, status)
                failures.same(f"{what!r}: output", b"", out)
                if words not in problem or len(problem.strip().splitlines()) > 2:
                    failures.add(f"{what!r}: standard error is {problem!r}")
                failures.same(f"{what!r}: files", ["flow.pdf"] if kept else [], os.listdir(work))
                if kept:
                    with open(target, encoding="utf-8") as file:
                        failures.same(f"{what!r}: old output", kept, file.read())
                    os.remove(target)
        status, _, _ = run([ocsight, "ladder", os.path.join(work, "none.pcap"), "--finding", "1"])
        failures.same("an input that is not there: exit status", 3, status)


def main():
    ocsight, folder = sys.argv[1:3]
    failures = Failures()
    grown = folded = 0
    for name in sample_names():
        failures.where = name
        sample = Sample(ocsight, folder, name, failures)
        whole = sample.ladder()
        if whole:
            check_findings(sample, whole)
            check_flows(sample)
            check_dialogs(sample, whole, name in WHOLE)
            if name in WHOLE:
                check_user(sample)
                grown += check_related(sample)
            folded += check_collapse(sample, whole)
    check_span(ocsight, folder, failures)
    check_refused(ocsight, folder, failures)
    failures.where = "all samples"
    if grown < 4 or folded < 20:
        failures.add(f"only {grown} choices have related dialogs, {folded} messages are folded")
    return failures.finish("choices are as the other commands say")


if __name__ == "__main__":
    sys.exit(main())
