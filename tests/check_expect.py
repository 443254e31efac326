#!/usr/bin/env python3
"""Compares what ocsight says of a capture with the facts that its story states.

    check_expect.py OCSIGHT CAPTURE EXPECT
    check_expect.py OCSIGHT --render RENDER-SAMPLE     all samples, form plain

An .expect file holds one fact a line, written from the story before any output
existed. Words are separated by blanks and quoted as in a shell; lines that start
with # are comments. USER is user@host.

    summary.PATH = VALUE      a value of `audit`'s summary; the methods and codes
                              given are all there are; an oddity that was not met
                              (summary.diagnostics.CODE) is 0
    dialogs N                 rows of `dialogs`
    dialog CALL-ID KEY=VALUE…  one row of it has that Call-ID and these values
    finding RULE KEY=VALUE…   exactly one finding of that rule, or one a line of it; `severity` and
                              `call_id` must be equal, `who` is its user or its
                              peer, `room` a part of its room, `at` the seconds in
                              which its evidence was sent, all of them
    no-other-findings         no error and no warning that is not listed above it
                              or below; notes are free
    presence USER at TIME BAND [activity=TOKEN] [availability=N]
                              the last change of the timeline not after TIME
    presence USER end BAND [source=NAME]
                              a user whom ocsight does not mention is `unknown`
    chat-room URI name=NAME
    chat-messages N           messages of all rooms, history included
    chat-message room=R author=USER state=S [deliveries=USER,…] text=TEXT
                              R is a name or a URI; deliveries are compared as a
                              set with repetitions; \\r \\n in TEXT are line ends
    chat-session USER call_id=ID state=S rooms=URI,…
    flows N                   call flows of `flows`
    flow NAME user=U outcome=O [at=HH:MM:SS] step STEP=OUTCOME…
                              one flow of that user (begun at that second): exactly these
                              steps, in the order of the table
    tshark-misses NAME N      for check_tshark.py: tshark reads N fewer of them
"""
import argparse
import os
import sys
import tempfile

from sampling import (Failures, expect_counts, expect_path, options_of, read_expect, read_json,
                      render, sample_names)


def summary_check(entries, audit, failures):
    summary = audit.get("summary", {})
    for _, words in entries:
        if not words[0].startswith("summary."):
            continue
        value = summary
        for key in words[0].split(".")[1:]:
            value = value.get(key) if isinstance(value, dict) else None
        if value is None and words[0].startswith("summary.diagnostics."):
            value = 0
        expected = words[2]
        if isinstance(value, bool) or not isinstance(value, int):
            failures.same(words[0], expected, value)
        else:
            failures.same(words[0], int(expected), value)
    for name, expected in zip(("requests", "responses"), expect_counts(entries)):
        extra = {key: count for key, count in summary.get(name, {}).items()
                 if count and key not in expected}
        if extra:
            failures.add(f"summary.{name}: not expected: {extra}")


def finding_matches(finding, wanted):
    for key, value in wanted.items():
        if key == "who":
            if value not in (finding.get("user"), finding.get("peer")):
                return False
        elif key == "room":
            if value not in (finding.get("room") or ""):
                return False
        elif key == "at":
            sent = sorted({origin["time"][11:19] for origin in finding.get("evidence", [])})
            if sent != value.split(","):
                return False
        elif finding.get(key) != value:
            return False
    return True


def findings_check(entries, audit, failures):
    findings = audit.get("findings", [])
    listed = set()
    for _, words in entries:
        if words[0] != "finding":
            continue
        listed.add(words[1])
        wanted = options_of(words[2:])
        of_rule = [finding for finding in findings if finding.get("rule") == words[1]]
        matching = [finding for finding in of_rule if finding_matches(finding, wanted)]
        lines = sum(1 for _, other in entries if other[:2] == words[:2])
        if len(of_rule) != lines or len(matching) != 1:
            failures.add(f"finding {words[1]}: expected one with {wanted}, got "
                         f"{[brief(finding) for finding in of_rule]}")
    if any(words[0] == "no-other-findings" for _, words in entries):
        for finding in findings:
            if finding.get("severity") != "note" and finding.get("rule") not in listed:
                failures.add(f"finding not expected: {brief(finding)}")
    bare = [finding for finding in findings if not finding.get("evidence")
               and not finding.get("rule", "").startswith("coverage-")]
    for finding in bare:
        failures.add(f"finding without evidence: {brief(finding)}")


def brief(finding):
    keys = ("rule", "severity", "time", "user", "peer", "room", "call_id", "message")
    return {key: finding[key] for key in keys if finding.get(key) is not None}


def presence_check(entries, presence, failures):
    users = {user["user"]: user for user in presence.get("users", [])}
    for _, words in entries:
        if words[0] != "presence":
            continue
        user = users.get(words[1], {"band": "unknown", "timeline": []})
        if words[2] == "end":
            failures.same(f"presence {words[1]} end", words[3], user.get("band"))
            rest, state = words[4:], user
        else:
            state = {"band": "unknown"}
            for change in user.get("timeline", []):
                if change["time"] <= words[3]:
                    state = change
            failures.same(f"presence {words[1]} at {words[3]}", words[4], state.get("band"))
            rest = words[5:]
        for key, value in options_of(rest).items():
            actual = state.get(key)
            failures.same(f"presence {words[1]} {' '.join(words[2:4])} {key}", value,
                          None if actual is None else str(actual))


def text_plain(text):
    return text.replace("\r\n", "\n").replace("\r", "\n")


def message_matches(room, message, wanted):
    text = text_plain(wanted["text"].replace("\\r", "\r").replace("\\n", "\n"))
    if wanted["room"] not in (room.get("uri"), room.get("name")):
        return False
    if text_plain(message.get("text") or "") != text or message.get("author") != wanted["author"]:
        return False
    if message.get("state") != wanted["state"]:
        return False
    if "deliveries" not in wanted:
        return True
    got = sorted(delivery["user"] for delivery in message.get("deliveries", []))
    return got == sorted(user for user in wanted["deliveries"].split(",") if user)


def rooms_check(entries, chat, failures):
    messages = [(room, message) for room in chat.get("rooms", [])
                for message in room.get("messages", [])]
    names = {room.get("uri"): room.get("name") for room in chat.get("rooms", [])}
    for _, words in entries:
        if words[0] == "chat-room":
            failures.same(f"room {words[1]}", options_of(words[2:])["name"], names.get(words[1]))
        elif words[0] == "chat-messages":
            failures.same("chat messages", int(words[1]), len(messages))
        elif words[0] == "chat-message":
            wanted = options_of(words[1:])
            count = sum(message_matches(room, message, wanted) for room, message in messages)
            if count != 1:
                near = [message for _, message in messages
                        if text_plain(wanted["text"]) == text_plain(message.get("text") or "")]
                failures.add(f"chat message {wanted}: found {count} times; that text: {near}")


def sessions_check(entries, chat, failures):
    for _, words in entries:
        if words[0] != "chat-session":
            continue
        wanted = options_of(words[2:])
        found = [session for session in chat.get("sessions", [])
                 if session.get("user") == words[1] and session.get("call_id") == wanted["call_id"]]
        if len(found) != 1:
            failures.add(f"chat session {words[1:]}: found {len(found)} times")
            continue
        failures.same(f"session of {words[1]}: state", wanted["state"], found[0].get("state"))
        failures.same(f"session of {words[1]}: rooms",
                      sorted(room for room in wanted["rooms"].split(",") if room),
                      sorted(found[0].get("rooms", [])))


def dialogs_check(entries, dialogs, failures):
    rows = dialogs.get("dialogs", [])
    for _, words in entries:
        if words[0] == "dialogs":
            failures.same("dialogs", int(words[1]), len(rows))
        elif words[0] == "dialog":
            of_call = [row for row in rows if row.get("call_id") == words[1]]
            wanted = options_of(words[2:])
            if not any(all(str(row.get(key)) == value for key, value in wanted.items())
                       for row in of_call):
                failures.add(f"dialog {words[1]}: expected {wanted}, got {of_call}")


def flow_begin(flow):
    times = [step["time"] for step in flow["steps"] if step["time"]]
    return min(times)[11:19] if times else None


def flows_check(entries, flows, failures):
    rows = flows.get("flows", [])
    for _, words in entries:
        if words[0] == "flows":
            failures.same("flows", int(words[1]), len(rows))
        elif words[0] == "flow":
            wanted = options_of(words[2:words.index("step")])
            steps = [tuple(word.split("=", 1)) for word in words[words.index("step") + 1:]]
            found = [row for row in rows if row["flow"] == words[1] and row["user"] == wanted["user"]
                     and wanted.get("at") in (None, flow_begin(row))]
            if len(found) != 1:
                failures.add(f"flow {words[1]} {wanted}: found {len(found)} times")
                continue
            failures.same(f"flow {words[1]} of {wanted['user']}: outcome", wanted["outcome"],
                          found[0]["outcome"])
            failures.same(f"flow {words[1]} of {wanted['user']}: steps", steps,
                          [(step["step"], step["outcome"]) for step in found[0]["steps"]])


def messages_check(entries, messages, failures):
    requests, responses = expect_counts(entries)
    for row in messages:
        target, key = (responses, str(row["status"])) if row.get("status") else \
                      (requests, row.get("method"))
        target[key] = target.get(key, 0) - 1
    for name, left in list(requests.items()) + list(responses.items()):
        if left:
            failures.add(f"messages: {name}: {-left:+d} against the story")


def capture_check(ocsight, capture, path, failures):
    """All facts of one .expect file against one capture."""
    entries = read_expect(path)
    failures.where = os.path.basename(path)
    commands = (("audit", summary_check), ("audit", findings_check), ("dialogs", dialogs_check),
                ("presence", presence_check), ("chat", rooms_check), ("chat", sessions_check),
                ("flows", flows_check))
    outputs = {}
    for command, check in commands:
        if command not in outputs:
            arguments = [command, capture] + (["--timeline"] if command == "presence" else [])
            outputs[command] = read_json(ocsight, failures, *arguments)
        if outputs[command] is not None:
            check(entries, outputs[command], failures)
    messages = read_json(ocsight, failures, "messages", capture, lines=True)
    if messages is not None:
        messages_check(entries, messages, failures)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("ocsight")
    parser.add_argument("capture", nargs="?")
    parser.add_argument("expect", nargs="?")
    parser.add_argument("--render", metavar="RENDER-SAMPLE")
    arguments = parser.parse_intermixed_args()
    failures = Failures()
    if arguments.capture:
        capture_check(arguments.ocsight, arguments.capture, arguments.expect, failures)
    else:
        with tempfile.TemporaryDirectory() as folder:
            for name in sample_names():
                capture = render(arguments.render, name, os.path.join(folder, name + ".pcap"))
                capture_check(arguments.ocsight, capture, expect_path(name), failures)
    return failures.finish("every sample says what its story states")


if __name__ == "__main__":
    sys.exit(main())
