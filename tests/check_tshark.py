#!/usr/bin/env python3
"""The samples against tshark, an independent reader.

    check_tshark.py --render RENDER-SAMPLE [--forms all|plain]
    check_tshark.py --ocsight OCSIGHT [--heuristic] CAPTURE…

The first way: every sample, in every form, is dissected without malformed frames,
wrong checksums or errors, its XML bodies are well-formed, and where the form loses
nothing the SIP messages by method and code are those of its .expect file. The
second way: `ocsight messages` agrees with tshark message by message; tshark then has
its default preferences, or with --heuristic finds SIP on any port.
"""
import argparse
import collections
import os
import re
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

from sampling import (Failures, expect_counts, expect_path, read_expect, read_json, render, run,
                      sample_names, suffix_of)

# Finds SIP by content, puts late segments in their place, checks what was rendered.
PREFERENCES = ["tcp.try_heuristic_first:TRUE", "tcp.reassemble_out_of_order:TRUE",
               "ip.check_checksum:TRUE", "tcp.check_checksum:TRUE", "udp.check_checksum:TRUE"]

PLAIN = ["plain"]
LOSSLESS = ["plain", "udp", "ipv6-vlan", "sll-tiny", "qinq-dup", "sll2", "raw-frag", "gre",
            "erspan", "ipip", "pppoe", "null", "pcapng-mixed", "nano-big", "netmon", "half-tls"]
# Of these tshark reads only a part, so only the faults count.
LOSSY = ["ws", "keepalive", "lost", "midstream", "one-sided", "nosip"]

# What a manual prints, without the empty line before the body: tshark takes the body for headers.
MALFORMED = {"gateway-presence-literal"}

# Bodies that a story breaks on purpose.
BROKEN_BODIES = {"chat-envelopes": 1}

WRONG = ("_ws.malformed || _ws.expert.severity == error || ip.checksum.status == 0 || "
         "tcp.checksum.status == 0 || udp.checksum.status == 0")


def tshark(capture, *arguments, preferences=PREFERENCES, display=None):
    """What tshark prints of a capture."""
    command = ["tshark", "-n", "-r", capture]
    for preference in preferences:
        command += ["-o", preference]
    if os.path.exists(capture + ".keys"):
        command += ["-o", "tls.keylog_file:" + capture + ".keys"]
    if display:
        command += ["-Y", display]
    status, out, problem = run(command + list(arguments))
    if status != 0:
        sys.exit(f"tshark {capture}: exit status {status}\n{problem}")
    return out


def tshark_fields(capture, display, *names):
    """One list of values for each frame that matches."""
    arguments = ["-T", "fields"]
    for name in names:
        arguments += ["-e", name]
    out = tshark(capture, *arguments, display=display)
    return [line.split("\t") for line in out.decode("utf-8", "replace").splitlines()]


def tshark_messages(capture, preferences=PREFERENCES):
    """(frame, method or status, Call-ID, CSeq) of each SIP message, in tshark's order."""
    messages = []
    document = tshark(capture, "-T", "pdml", "-J", "sip", display="sip", preferences=preferences)
    for packet in ElementTree.fromstring(document).iter("packet"):
        frame = packet.find("proto[@name='geninfo']/field[@name='num']").get("show")
        for layer in packet.iter("proto"):
            if layer.get("name") != "sip":
                continue
            found = {field.get("name"): field.get("show") for field in layer.iter("field")}
            line = found.get("sip.Request-Line") or found.get("sip.Status-Line") or ""
            kind = line.split(" ")[1 if line.startswith("SIP/") else 0]
            messages.append((int(frame), kind, found.get("sip.Call-ID"), found.get("sip.CSeq")))
    return messages


def faults_check(capture, failures):
    for frame, what in tshark_fields(capture, WRONG, "frame.number", "_ws.expert.message"):
        failures.add(f"frame {frame}: {what}")


def counts_check(name, capture, failures):
    entries = read_expect(expect_path(name))
    requests, responses = expect_counts(entries)
    expected = collections.Counter(requests)
    expected.update(responses)
    for _, words in entries:
        if words[0] == "tshark-misses" and not capture.endswith(".udp.pcap"):
            expected[words[1]] -= int(words[2])
    actual = collections.Counter(kind for _, kind, _, _ in tshark_messages(capture))
    for kind in sorted(set(expected) | set(actual)):
        if expected[kind] != actual[kind]:
            failures.add(f"{kind}: the story says {expected[kind]}, tshark {actual[kind]}")


def bodies_of(message):
    """The parts of a message that look like XML, of a multipart too."""
    head, _, body = message.partition(b"\r\n\r\n")
    boundary = re.search(rb'(?mi)^Content-Type: *multipart/.*boundary="?([^"\r;]+)', head)
    if boundary is None:
        return [body] if body.lstrip().startswith(b"<") else []
    parts = body.split(b"--" + boundary.group(1))
    return [part.partition(b"\r\n\r\n")[2] for part in parts if b"\r\n\r\n" in part]


def xml_check(name, capture, failures):
    """Takes the SIP text from datagrams, one message each, and parses every XML body."""
    checked = 0
    broken = []
    for (payload,) in tshark_fields(capture, "udp.payload", "udp.payload"):
        for body in bodies_of(bytes.fromhex(payload.replace(":", ""))):
            checked += 1
            try:
                ElementTree.fromstring(body)
            except ElementTree.ParseError as problem:
                broken.append(f"{problem}: {body[:80]!r}")
    if len(broken) != BROKEN_BODIES.get(name, 0):
        failures.add(f"{name}: {len(broken)} bodies are not well-formed: {broken}")
    if checked == 0:
        failures.add(f"{name}: no XML body was found")


def samples_check(program, forms, failures):
    with tempfile.TemporaryDirectory() as folder:
        for name in sample_names():
            for form in forms:
                failures.where = f"{name} {form}"
                path = os.path.join(folder, f"{name}.{form}.{suffix_of(form)}")
                capture = render(program, name, path, "--form", form)
                if name not in MALFORMED:
                    faults_check(capture, failures)
                if form in LOSSLESS and not (name == "quirks" and form == "udp"):
                    counts_check(name, capture, failures)
            if name in MALFORMED:
                continue
            failures.where = f"{name} bodies"
            path = os.path.join(folder, f"{name}.bodies.pcap")
            xml_check(name, render(program, name, path, "--form", "udp", "--fragment", "65528"),
                      failures)


def messages_check(ocsight, capture, preferences, failures):
    failures.where = os.path.basename(capture)
    rows = read_json(ocsight, failures, "messages", capture, lines=True)
    if rows is None:
        return
    theirs = tshark_messages(capture, preferences)
    ours = []
    for row in rows:
        kind = str(row["status"]) if row.get("status") else row["method"]
        cseq = str(row.get("cseq") or "")
        if not cseq.count(" "):
            cseq = f"{cseq} {row['method']}"
        ours.append((row["record"], kind, row["call_id"], cseq))
    failures.same("number of messages", len(theirs), len(ours))
    for their, our in zip(theirs, ours):
        if their != our:
            failures.add(f"tshark reads {their}, ocsight {our}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--render", metavar="RENDER-SAMPLE")
    parser.add_argument("--forms", choices=("all", "plain"), default="plain")
    parser.add_argument("--ocsight", metavar="OCSIGHT")
    parser.add_argument("--heuristic", action="store_true")
    parser.add_argument("captures", nargs="*")
    arguments = parser.parse_intermixed_args()
    failures = Failures()
    if arguments.render:
        forms = LOSSLESS + LOSSY if arguments.forms == "all" else PLAIN
        samples_check(arguments.render, forms, failures)
    for capture in arguments.captures:
        messages_check(arguments.ocsight, capture, PREFERENCES if arguments.heuristic else [],
                       failures)
    return failures.finish("tshark agrees")


if __name__ == "__main__":
    sys.exit(main())
