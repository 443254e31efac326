#!/usr/bin/env python3
"""A story without one of its steps: that step is reported, and nothing else.

    check_flows.py OCSIGHT RENDER-SAMPLE

From the talks of the two sign-in flows and the two join-and-post flows each step
is taken out in turn, with all that answers it, and the rest is rendered anew:

    a mandatory step    exactly one finding that names it; the flow says `missing`
    an optional step    no finding; the flow says `optional-absent`
    the opening         no finding; the flow was joined in progress
    two steps swapped   exactly one finding; the flow says `misplaced`

Each run that must report is repeated with the rules switched off, and must then
report nothing: the check can fail.
"""
import argparse
import os
import re
import sys
import tempfile

from sampling import Failures, read_json, run, talk_path

ACTION = re.compile(r"[+@]\S+ +(\S+) -> (\S+)(.*)")


class Action:
    """One message of a talk: its first line, its body, which request it answers."""

    def __init__(self, line):
        match = ACTION.match(line)
        self.lines = [line]
        self.source, self.target, self.rest = match.group(1), match.group(2), match.group(3).strip()
        self.response = bool(re.match(r"\d{3}\b", self.rest))
        self.has_body = not self.response or re.search(r"\b(with|use)\b", self.rest)
        self.request = None

    def text(self):
        return "\n".join(self.lines)

    def label(self):
        found = re.search(r"\bas (\S+)", self.rest)
        return found.group(1) if found else None


def read_talk(name):
    """Chapters as (title, items); an item is an Action or a line that is none."""
    chapters, items, action, block = [], [], None, False
    chapters.append(("", items))
    with open(talk_path(name), encoding="utf-8") as file:
        for line in file.read().split("\n"):
            if action:
                action.lines.append(line)
                action = None if line == "---" else action
            elif block:
                items.append(line)
                block = line != "---"
            elif line.startswith("# ===="):
                items = [line]
                chapters.append((line, items))
            elif ACTION.match(line):
                items.append(Action(line))
                action = items[-1] if items[-1].has_body else None
            else:
                items.append(line)
                block = line.startswith("text ")
    return chapters


def pair_up(items):
    """Each response finds its request: the one it names, else the latest unanswered one."""
    open_requests = []
    for item in items:
        if not isinstance(item, Action):
            continue
        if not item.response:
            open_requests.append(item)
            continue
        named = re.search(r"\bto (\S+)", item.rest)
        for request in reversed(open_requests):
            if (request.source, request.target) == (item.target, item.source) and \
                    (not named or request.label() == named.group(1)):
                item.request = request
                if not item.rest.startswith("1"):
                    open_requests.remove(request)
                break


def story(name, chapters):
    """The items of the chapters whose titles hold one of the words, and of what precedes all."""
    items = []
    for title, part in read_talk(name):
        if not title or any(word in title for word in chapters):
            items += part
    pair_up(items)
    return items


class Step:
    """A step: who sends it or gets its reply, and what marks its messages, the nth of them."""

    def __init__(self, name, user, *marks, nth=None, to=None):
        self.name, self.user, self.marks, self.nth, self.to = name, user, marks, nth, to

    def takes(self, item):
        if not isinstance(item, Action) or item.response:
            return False
        if self.user not in (item.source, item.target) or (self.to and item.target != self.to):
            return False
        return any(mark in item.text() for mark in self.marks)


def messages_of(items, step):
    """The requests of a step and their responses; other replies in an envelope stay behind."""
    requests = [item for item in items if step.takes(item)]
    if step.nth is not None:
        count = len(requests) // 2
        requests = requests[step.nth * count:(step.nth + 1) * count]
    return requests


def without(items, step):
    requests = messages_of(items, step)
    kept = []
    for item in items:
        if isinstance(item, Action) and (item in requests or item.request in requests):
            reply = item in requests and cut_reply(item, step)
            if not reply and not (item.request and item.request in kept):
                continue
        kept.append(item)
    return kept


def cut_reply(item, step):
    """An envelope with several replies loses only the step's own."""
    names = [mark[4:].strip('"') for mark in step.marks if mark.startswith("rpl:")]
    text = item.text()
    if text.count("<rpl ") < 2 or not names:
        return False
    for name in names:
        text = re.sub(r'<rpl id="rpl:%s".*?</rpl>' % name, "", text, flags=re.S)
    item.lines = text.split("\n")
    return True


def swapped(items, first, second):
    """The second step before the first: it goes up, or the first down where it uses names that are
    given in between."""
    groups = []
    for step in (first, second):
        requests = messages_of(items, step)
        groups.append([item for item in items if isinstance(item, Action)
                       and (item in requests or item.request in requests)])
    early, late = groups
    between = items[items.index(early[0]):items.index(late[0])]
    if any(isinstance(item, str) and item.startswith("let ") for item in between):
        rest = [item for item in items if item not in early]
        at = rest.index(late[-1]) + 1
        return rest[:at] + early + rest[at:]
    at = items.index(early[0])
    rest = [item for item in items if item not in late]
    return rest[:at] + late + rest[at:]


def write_talk(items, path):
    with open(path, "w", encoding="utf-8") as file:
        for item in items:
            file.write((item.text() if isinstance(item, Action) else item) + "\n")


def command(name, user, nth=None, step=None):
    return Step(step or name, user, "cmd:" + name + '"', "rpl:" + name + '"', nth=nth)


# Flow: sample, chapters, user, opening, mandatory and optional steps, pairs whose order is fixed.
# The two getassociations look alike: without either of them the second is the one that is missing.
ANN_INVITE = Step("invite", "ann", "INVITE sip:{channel}", "ACK sip:{channel}")
REQURI = command("requri", "ann")
GROUP = {name: command(name, "ann") for name in ("getserverinfo", "getpref", "bjoin", "getinv")}
PERSISTENT = {name: command(name, "ada") for name in ("getserverinfo", "bjoin", "getinv")}
PERSISTENT_HISTORY = command("bccontext", "ada")
FLOWS = {
    "group-chat-sign-in": dict(
        sample="group-chat", chapters=("Ben signs in", "Ann signs in", "signs out"), user="ann",
        opening=Step("register", "ann", "REGISTER sip:"),
        mandatory=[Step("subscribe", "ann", "SUBSCRIBE sip:"), Step("service", "ann", "SERVICE sip:"),
                   Step("invite-lookup", "ann", "INVITE sip:{lookup}", "ACK sip:{lookup}"),
                   REQURI, ANN_INVITE, *GROUP.values()],
        optional=[Step("bye-lookup", "ann", "BYE sip:{lookup}"),
                  command("bccontext", "ann", step="history")],
        swaps=[(REQURI, ANN_INVITE, "invite"), (GROUP["getpref"], GROUP["bjoin"], "bjoin"),
               (GROUP["getserverinfo"], GROUP["getpref"], "getpref")]),
    "group-chat-join-post": dict(
        sample="group-chat", chapters=("",), user="ann", opening=command("chansrch", "ann"),
        mandatory=[Step("join", "ann", "cmd:join", "rpl:join"),
                   Step("post", "ann", "<grpchat", to="fe01"),
                   Step("copy", "ben", "{srv}<grpchat")],
        optional=[Step("bccontext", "ann", 'cmd:bccontext" seqid="1"><data><chanib uri="{plans}"',
                       '{to.ann}<data><chanib uri="{plans}"><msg'),
                  Step("getfutok", "ann", "cmd:getfutok", "rpl:getftok")],
        swaps=[]),
    "persistent-chat-sign-in": dict(
        sample="persistent-chat", chapters=("Ada signs in", "refreshed", "Ada signs out"),
        user="ada", opening=Step("provisioning", "ada", "Event: vnd-microsoft-provisioning-v2"),
        mandatory=[Step("invite", "ada", "INVITE sip:{pool}", "ACK sip:{pool}"),
                   command("getassociations", "ada", nth=0, step="getassociations-again"),
                   command("getassociations", "ada", nth=1, step="getassociations-again"),
                   *PERSISTENT.values()],
        optional=[command("join", "ada"), PERSISTENT_HISTORY],
        swaps=[(PERSISTENT["bjoin"], PERSISTENT_HISTORY, "bccontext"),
               (PERSISTENT["getserverinfo"], PERSISTENT["bjoin"], "bjoin")]),
    "persistent-chat-join-post": dict(
        sample="persistent-chat", chapters=("",), user="bo", opening=command("chansrch", "bo"),
        mandatory=[Step("join", "bo", "cmd:join", "rpl:join"),
                   Step("post", "bo", "{by.bo}<grpchat"),
                   Step("copy", "ada", 'author="sip:bo@contoso.example" ts="2014-05-06T07:14:20.012"')],
        optional=[Step("bccontext", "bo", 'cmd:bccontext" seqid="1"><data><chanib uri="{ops}"',
                       '{to.bo}<data><chanib uri="{ops}"><msg')],
        swaps=[]),
}
RULES = ("flow-step-missing", "flow-step-out-of-order")
# Where another rule speaks of the same cause it does so alone, and names the step.
ALSO = {"join": "chat-post-not-joined", "copy": "chat-message-not-delivered"}


class Bench:
    def __init__(self, ocsight, renderer, folder, failures):
        self.ocsight, self.renderer, self.folder, self.failures = ocsight, renderer, folder, failures
        self.count = 0

    def capture(self, items):
        talk = os.path.join(self.folder, "story.talk")
        path = os.path.join(self.folder, "story.pcap")
        write_talk(items, talk)
        status, _, problem = run([self.renderer, talk, path])
        if status != 0:
            self.failures.add(f"render-sample: {problem.strip()}")
            return None
        self.count += 1
        return path

    def findings(self, path, *options):
        """What an error, a warning or one of the flow rules says."""
        audit = read_json(self.ocsight, self.failures, "audit", path, *options) or {}
        return sorted((found["rule"], found["flow"], found["step"])
                      for found in audit.get("findings", [])
                      if found["severity"] != "note" or found["rule"] in RULES)

    def outcome(self, path, flow, user, step):
        flows = (read_json(self.ocsight, self.failures, "flows", path) or {}).get("flows", [])
        mine = [row for row in flows if row["flow"] == flow and row["user"].startswith(user + "@")]
        if len(mine) != 1:
            self.failures.add(f"{len(mine)} flows {flow} of {user}")
            return None, None
        steps = {row["step"]: row["outcome"] for row in mine[0]["steps"]}
        return mine[0]["outcome"], steps.get(step)

    def expect(self, items, flow, user, step, findings, outcome, whole):
        path = self.capture(items)
        if not path:
            return
        got = self.findings(path)
        self.failures.same("findings", findings, got)
        self.failures.same("flow and step", (whole, outcome), self.outcome(path, flow, user, step))
        if findings and findings[0][0] in RULES:
            off = [option for rule in RULES for option in ("--no-rule", rule)]
            self.failures.same("findings with the rules switched off", [],
                               self.findings(path, *off))


def flow_check(bench, flow, spec):
    failures = bench.failures
    user = spec["user"]
    failures.where = f"{flow}: whole"
    bench.expect(story(spec["sample"], spec["chapters"]), flow, user, spec["opening"].name, [],
                 "seen", "complete")
    for step in spec["mandatory"]:
        failures.where = f"{flow}: without {step.name}"
        rule = ALSO.get(step.name, "flow-step-missing")
        bench.expect(without(story(spec["sample"], spec["chapters"]), step), flow, user, step.name,
                     [(rule, flow, step.name)], "missing", "incomplete")
    for step in spec["optional"]:
        failures.where = f"{flow}: without optional {step.name}"
        bench.expect(without(story(spec["sample"], spec["chapters"]), step), flow, user, step.name,
                     [], "optional-absent", "complete")
    step = spec["opening"]
    failures.where = f"{flow}: without its opening {step.name}"
    bench.expect(without(story(spec["sample"], spec["chapters"]), step), flow, user, step.name, [],
                 "not-observable", "joined-in-progress")
    for first, second, early in spec["swaps"]:
        failures.where = f"{flow}: {second.name} before {first.name}"
        bench.expect(swapped(story(spec["sample"], spec["chapters"]), first, second), flow, user,
                     early, [("flow-step-out-of-order", flow, early)], "misplaced", "incomplete")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("ocsight")
    parser.add_argument("render")
    arguments = parser.parse_args()
    failures = Failures()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(arguments.ocsight, arguments.render, folder, failures)
        for flow, spec in FLOWS.items():
            flow_check(bench, flow, spec)
        failures.where = ""
    return failures.finish(f"{bench.count} stories with a step changed, each told as it is")


if __name__ == "__main__":
    sys.exit(main())
