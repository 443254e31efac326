#!/usr/bin/env python3
"""The compliance view: exports as the stories say, and the comparison with exports.

    check_compliance.py OCSIGHT RENDER-SAMPLE

1. `chat --compliance` of a sample is what samples/NAME.compliance.xml says, which was
   written from the story: same elements, same order, same attributes.
2. The export of every sample is well-formed (xmllint where there is one), its events
   are those of JSON and CSV, its three forms of each time agree, and comparing a
   capture with its own export finds nothing.
3. Each event of an export taken away, added or changed gives exactly one finding, of
   the rule and about the user and room that it must be; and what the guards forgive
   gives none. The flow compliance-archive tells the same of its step 4.
4. A packet lost from the capture is nobody's fault.
"""
import copy
import csv
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml
from concurrent.futures import ThreadPoolExecutor

from check_losses import read_packets
from sampling import SAMPLES, Failures, render, run, sample_names

RULES = ("compliance-not-archived", "compliance-not-captured", "compliance-differs")
EPOCH = 621355968000000000


def export_of(ocsight, capture, *options):
    status, out, problem = run([ocsight, "chat", "--compliance", *options, capture])
    if status != 0:
        raise SystemExit(f"chat --compliance {capture}: exit status {status}: {problem}")
    return out


def findings_of(ocsight, capture, exports, *options, content=None):
    command = [ocsight, "audit", "--format", "json", "--fail-on", "never", *options]
    for export in exports:
        command += ["--compliance-export", export]
    done = subprocess.run([*command, "-" if content else capture], input=content,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)}: {done.returncode}: {done.stderr.decode()}")
    report = json.loads(done.stdout)
    return [finding for finding in report["findings"] if finding["rule"] in RULES], report


def shape(element):
    """An element as nested tuples: names, attributes in order, children in order."""
    return element.tag, list(element.attrib.items()), [shape(child) for child in element]


def events_of(tree):
    """(room, name, type, content, id, user, ticks) of each Message."""
    for conversation in tree.iter("Conversation"):
        channel = conversation.find("Channel").attrib
        for message in conversation.find("Messages"):
            yield (channel["uri"], channel["name"], message.get("type"), message.get("content"),
                   int(message.get("id")), message.find("Sender").get("uri"),
                   int(message.find("DateTimeUTC").get("long")))


# ---- 1 and 2: exports ----

def check_schema(tree, failures):
    for conversation in tree.iter("Conversation"):
        names = [child.tag for child in conversation]
        failures.same("order", ["Channel", "FirstMessage", "Messages", "StartTimeUTC",
                                "EndTimeUTC"], names)
        first = shape(conversation.find("FirstMessage"))[1:]
        failures.same("first message", first, shape(conversation.find("Messages")[0])[1:])
    for time in tree.iter():
        if "since1970" in time.attrib:
            ticks = int(time.get("long"))
            failures.same("milliseconds", (ticks - EPOCH) // 10000, int(time.get("since1970")))
            day, clock = time.get("string").rstrip("Z").split("T")
            fraction = (clock.split(".") + ["0"])[1].ljust(7, "0")
            failures.same("fraction", ticks % 10000000, int(fraction))
            hours, minutes, seconds = map(int, clock.split(".")[0].split(":"))
            failures.same("time of day", ticks // 10000000 % 86400,
                          hours * 3600 + minutes * 60 + seconds)


def check_formats(ocsight, capture, tree, failures):
    expected = list(events_of(tree))
    report = json.loads(export_of(ocsight, capture, "--format", "json"))
    told = [(room["uri"], room["name"] or "", row["type"], row["content"], row["id"],
             row["user"] or "", row["time"]["long"])
            for room in report["conversations"] for row in room["messages"]]
    failures.same("json", expected, told)
    for room in report["conversations"]:
        for row in room["messages"]:
            if row["origin"]["record"] < 1:
                failures.add(f"no packet for {row}")
    rows = list(csv.reader(io.StringIO(export_of(ocsight, capture, "--format", "csv").decode(),
                                       newline="")))[1:]
    told = [(row[0], row[1], row[2], row[3], int(row[4]), row[5], int(row[7])) for row in rows]
    failures.same("csv", expected, [tuple(row) for row in told])


def check_export(ocsight, name, capture, folder, failures):
    failures.where = name
    path = os.path.join(folder, name + ".xml")
    with open(path, "wb") as file:
        file.write(export_of(ocsight, capture))
    if shutil.which("xmllint"):
        status, _, problem = run(["xmllint", "--noout", path])
        failures.same("xmllint", (0, ""), (status, problem))
    tree = xml.parse(path).getroot()
    check_schema(tree, failures)
    check_formats(ocsight, capture, tree, failures)
    story = os.path.join(SAMPLES, name + ".compliance.xml")
    if os.path.exists(story):
        failures.same("export", shape(xml.parse(story).getroot()), shape(tree))
    found, _ = findings_of(ocsight, capture, [path])
    failures.same("findings of its own export", [], [finding["message"] for finding in found])
    return tree


def check_selection(ocsight, capture, failures):
    """--room, --user, --from and --to of the persistent-chat sample."""
    failures.where = "selection"
    cases = [
        (("--room", "Ops Bridge"), 8), (("--room", "OPS bridge", "--user", "bo@*"), 4),
        (("--user", "sip:bo@contoso.example", "--user", "ada@contoso.example"), 17),
        (("--from", "07:14:30"), 6), (("--to", "07:12:00"), 6), (("--room", "no such room"), 0),
        (("--from", "07:14:00", "--to", "07:14:30"), 3),
    ]
    for options, count in cases:
        tree = xml.fromstring(export_of(ocsight, capture, *options))
        failures.same(" ".join(options), count, len(list(events_of(tree))))
        check_schema(tree, failures)


# ---- 3: changed exports ----

def messages_of(tree):
    return [(room.find("Channel"), room.find("Messages"), message)
            for room in tree.iter("Conversation") for message in room.find("Messages")]


def set_time(message, ticks):
    from datetime import datetime, timedelta
    time = message.find("DateTimeUTC")
    moment = datetime(1, 1, 1) + timedelta(microseconds=ticks // 10)
    time.set("long", str(ticks))
    time.set("since1970", str((ticks - EPOCH) // 10000))
    time.set("string", moment.strftime("%Y-%m-%dT%H:%M:%S.%f") + f"{ticks % 10}Z")


def shift_time(message, seconds):
    ticks = int(message.find("DateTimeUTC").get("long")) + int(seconds * 10000000)
    set_time(message, ticks)


class Cases:
    """Each case is a changed tree and what must come of it: (rule, user, room) or None."""

    def __init__(self, tree):
        self.tree = tree
        self.cases = []

    def add(self, title, change, expected):
        tree = copy.deepcopy(self.tree)
        change(tree)
        self.cases.append((title, tree, expected))

    def each(self, title, pick, change, expected):
        for index, (channel, _, message) in enumerate(messages_of(self.tree)):
            if pick(message):
                user = message.find("Sender").get("uri")

                def one(tree, index=index):
                    change(tree, *messages_of(tree)[index])
                self.add(f"{title} {index} {message.get('type')} of {user} in "
                         f"{channel.get('name')}", one,
                         expected(user, channel.get("uri")) if expected else None)


def remove(_, __, messages, message):
    messages.remove(message)


def change_user(_, __, ___, message):
    message.find("Sender").set("uri", "mallory@contoso.example")


def change_text(_, __, ___, message):
    message.set("content", message.get("content") + "!")


def change_kind(_, __, ___, message):
    message.set("type", "BACKCHAT" if message.get("type") != "BACKCHAT" else "JOIN")


def make_file(_, __, ___, message):
    message.set("type", "FILEUPLOAD")


def move_far(_, __, ___, message):
    shift_time(message, 200)


def nudge(_, __, ___, message):
    shift_time(message, 0.75)


def repeat(tree, _, messages, message, text):
    more = copy.deepcopy(message)
    more.set("content", text)
    messages.append(more)


def is_chat(message):
    return message.get("type") == "CHAT"


def is_plain(message):
    return is_chat(message) and "ma-filelink" not in message.get("content")


def everything(_):
    return True


def lower_names(tree, *_):
    for sender in tree.iter("Sender"):
        for name, value in list(sender.attrib.items()):
            del sender.attrib[name]
            sender.set(name[0].swapcase() + name[1:], value)
    for channel in tree.iter("Channel"):
        channel.set("islogged", "true")
        channel.set("colour", "red")


def flatten_lines(tree, *_):
    for message in tree.iter("Message"):
        message.set("content", message.get("content").replace("\r\n", "\n"))


def mark_links(tree, *_):
    for message in tree.iter("Message"):
        if is_chat(message):
            message.set("content", f'<a href="x">{message.get("content")}</a>')


def move_room(tree, channel, messages, message):
    for room in tree.iter("Conversation"):
        if room.find("Channel") is not channel:
            messages.remove(message)
            room.find("Messages").append(message)
            return


def add_stranger(kind):
    def change(tree):
        room = tree.find("Conversation")
        more = copy.deepcopy(room.find("Messages")[0])
        more.set("type", kind)
        more.set("content", "who is this" if kind == "CHAT" else "")
        more.find("Sender").set("uri", "zed@contoso.example")
        middle = [int(room.find(end).get("long")) for end in ("StartTimeUTC", "EndTimeUTC")]
        set_time(more, sum(middle) // 2)
        room.find("Messages").append(more)
    return change


def drop_room(tree):
    tree.remove(tree.findall("Conversation")[-1])


def only_first_room(tree):
    for room in tree.findall("Conversation")[1:]:
        tree.remove(room)


def unlogged(tree):
    for room in tree.iter("Conversation"):
        room.find("Channel").set("islogged", "False")
        for message in list(room.find("Messages"))[1:]:
            room.find("Messages").remove(message)


def end_early(tree):
    """As if the adapter had run in the middle of it all."""
    for room in tree.findall("Conversation"):
        last = sorted(int(time.get("long")) for time in tree.iter("DateTimeUTC"))
        limit = (last[0] + last[-1]) // 2
        for message in list(room.find("Messages")):
            if int(message.find("DateTimeUTC").get("long")) > limit:
                room.find("Messages").remove(message)
        for end in ("StartTimeUTC", "EndTimeUTC"):
            room.remove(room.find(end))


def shift_all(tree):
    for time in tree.iter():
        if time.tag in ("Message", "FirstMessage"):
            shift_time(time, 21.5)
    for room in tree.iter("Conversation"):
        for end in ("StartTimeUTC", "EndTimeUTC"):
            room.remove(room.find(end))


def cases_of(tree):
    cases = Cases(tree)

    def missing(user, room):
        return ("compliance-not-archived", user, room)

    def different(user, room):
        return ("compliance-differs", user, room)
    cases.each("removed", everything, remove, missing)
    cases.each("another user", everything, change_user, different)
    cases.each("another kind", lambda message: not is_chat(message), change_kind, different)
    cases.each("a file instead", is_plain, make_file, different)
    cases.each("a read instead", is_chat, change_kind, missing)
    cases.each("far away", everything, move_far, different)
    cases.each("a little later", everything, nudge, None)
    cases.each("another text", is_plain, change_text, different)
    cases.each("another room", is_chat, move_room, different)
    first = tree.find("Conversation/Channel").get("uri")
    for kind in ("CHAT", "JOIN", "PART"):
        cases.add(f"added {kind}", add_stranger(kind),
                  ("compliance-not-captured", "zed@contoso.example", first))
    for kind in ("BACKCHAT", "FILEUPLOAD", "FILEDOWNLOAD"):
        cases.add(f"added {kind}", add_stranger(kind), None)
    for title, change in (("other spelling", lower_names), ("line ends", flatten_lines),
                          ("links", mark_links), ("one room of many", only_first_room),
                          ("not logged", unlogged), ("ends early", end_early),
                          ("another clock", shift_all)):
        cases.add(title, change, None)
    if len(tree.findall("Conversation")) > 2:
        last = tree.findall("Conversation/Channel")[-1].get("uri")
        cases.add("room missing", drop_room, ("compliance-not-archived", None, last))
    return cases.cases


def check_case(ocsight, capture, folder, number, case):
    title, tree, expected = case
    path = os.path.join(folder, f"case-{number}.xml")
    xml.ElementTree(tree).write(path, encoding="utf-8", xml_declaration=True)
    found, report = findings_of(ocsight, capture, [path])
    told = [(finding["rule"], finding["user"], finding["room"]) for finding in found]
    problems = []
    wanted = [expected] if expected else []
    if expected and expected[1] is None and len(told) == 1:
        wanted = [(expected[0], told[0][1], expected[2])]
    if told != wanted:
        problems.append(f"{title}: expected {wanted}, got {[f['message'] for f in found]}")
    for finding in found:
        names = [origin["input"] for origin in finding["evidence"]]
        from_export = path in names
        if from_export != (finding["rule"] != "compliance-not-archived"):
            problems.append(f"{title}: evidence {names}")
        for origin in finding["evidence"]:
            if origin["input"] == path and not points_at_message(path, origin):
                problems.append(f"{title}: {origin} is no Message")
        if finding["severity"] != ("note" if "captured" in finding["rule"] else "warning"):
            problems.append(f"{title}: severity {finding['severity']}")
    if len(report["inputs"]) != 2 or report["inputs"][1]["name"] != path:
        problems.append(f"{title}: inputs {report['inputs']}")
    return problems


def points_at_message(path, origin):
    with open(path, "rb") as file:
        content = file.read()
    line = content[:origin["offset"]].count(b"\n") + 1
    return content[origin["offset"]:].startswith(b"<Message ") and line == origin["record"]


def check_cases(ocsight, capture, name, folder, tree, failures):
    failures.where = f"{name}, changed export"
    cases = cases_of(tree)
    with ThreadPoolExecutor(max_workers=2) as pool:
        for problems in pool.map(lambda item: check_case(ocsight, capture, folder, *item),
                                 enumerate(cases)):
            for problem in problems:
                failures.add(problem)
    return len(cases)


def check_files(ocsight, capture, folder, tree, failures):
    """One room a file; a file that breaks off; one that cannot be read."""
    failures.where = "several files"
    paths = []
    for number, room in enumerate(tree.findall("Conversation")):
        single = xml.Element("Conversations")
        single.append(room)
        paths.append(os.path.join(folder, f"room-{number}.xml"))
        xml.ElementTree(single).write(paths[-1], encoding="utf-8")
    failures.same("all", [], findings_of(ocsight, capture, paths)[0])
    failures.same("one", [], findings_of(ocsight, capture, paths[:1])[0])
    torn = os.path.join(folder, "torn.xml")
    with open(paths[0], "rb") as file:
        content = file.read()
    with open(torn, "wb") as file:
        file.write(content[:len(content) // 2])
    found, report = findings_of(ocsight, capture, [torn])
    failures.same("torn", [], found)
    failures.same("torn input", True, report["inputs"][1]["truncated"])
    failures.same("torn oddity", 1, report["summary"]["diagnostics"].get("xml-not-well-formed"))
    with open(os.path.join(folder, "words.xml"), "w", encoding="utf-8") as file:
        file.write("Dear diary, this is no export.\n")
    for name, reason in (("nothing.xml", "No such file"), ("words.xml", "nothing of it can be read")):
        status, out, problem = run([ocsight, "audit", "--format", "json", capture,
                                    "--compliance-export", os.path.join(folder, name)])
        failures.same(name, (3, True), (status, json.loads(out)["inputs"][1]["failed"]))
        if f"{name}: {reason}" not in problem:
            failures.add(f"{name}: {problem!r}")


def archived_steps(ocsight, capture, path):
    status, out, problem = run([ocsight, "flows", "--format", "json", "--compliance-export", path,
                                capture])
    if status != 0:
        raise SystemExit(f"flows {capture}: exit status {status}: {problem}")
    return [(step["outcome"], step["origin"] and step["origin"]["input"])
            for flow in json.loads(out)["flows"] if flow["flow"] == "compliance-archive"
            for step in flow["steps"] if step["step"] == "export"]


def check_flow(ocsight, capture, name, folder, tree, failures):
    """Step 4 of compliance-archive: in its own export, and in one without messages."""
    failures.where = f"{name}, flow"
    whole = os.path.join(folder, name + ".xml")
    steps = archived_steps(ocsight, capture, whole)
    failures.same("own export", [("seen", whole)] * max(len(steps), 1), steps)
    silent = copy.deepcopy(tree)
    for messages in silent.iter("Messages"):
        for message in [each for each in messages if is_chat(each)]:
            messages.remove(message)
    path = os.path.join(folder, name + "-silent.xml")
    xml.ElementTree(silent).write(path, encoding="utf-8", xml_declaration=True)
    failures.same("without messages", [("missing", None)] * len(steps),
                  archived_steps(ocsight, capture, path))
    found, report = findings_of(ocsight, capture, [path])
    failures.same("their findings", {("compliance-not-archived", "compliance-archive", "export")},
                  {(finding["rule"], finding["flow"], finding["step"]) for finding in found})
    failures.same("no other finding", len(found),
                  sum(finding["severity"] != "note" for finding in report["findings"]))


# ---- 4: losses ----

def check_losses(ocsight, capture, export, failures):
    failures.where = "a packet lost"
    header, records = read_packets(capture)

    def lost(index):
        content = header + b"".join(records[:index] + records[index + 1:])
        return index, findings_of(ocsight, "-", [export], content=content)[0]
    with ThreadPoolExecutor(max_workers=2) as pool:
        for index, found in pool.map(lost, range(0, len(records), 3)):
            for finding in found:
                failures.add(f"packet {index + 1}: {finding['message']}")


def main(ocsight, render_sample):
    failures = Failures()
    trees, captures, cases = {}, {}, 0
    with tempfile.TemporaryDirectory() as folder:
        for name in sample_names():
            captures[name] = render(render_sample, name, os.path.join(folder, name + ".pcap"))
            trees[name] = check_export(ocsight, name, captures[name], folder, failures)
        check_selection(ocsight, captures["persistent-chat"], failures)
        for name in ("group-chat", "persistent-chat"):
            cases += check_cases(ocsight, captures[name], name, folder, trees[name], failures)
            check_flow(ocsight, captures[name], name, folder, trees[name], failures)
        check_files(ocsight, captures["persistent-chat"], folder, trees["persistent-chat"],
                    failures)
        for name in ("group-chat", "persistent-chat"):
            check_losses(ocsight, captures[name], os.path.join(folder, name + ".xml"), failures)
    return failures.finish(f"{len(trees)} samples, {cases} changed exports")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
