#!/usr/bin/env python3
"""Annotated captures: every comment at its packet, and everything else as it was.

    check_annotate.py OCSIGHT RENDER-SAMPLE

What stands at a packet is compared with what the other commands say of it in JSON: messages,
findings with their evidence, steps of flows, changes of presence, deliveries. Packets, times,
interfaces and original comments are compared byte for byte by a block reader of our own, and
tshark must see the same comments at the same packets.
"""
import collections
import gzip
import os
import re
import struct
import subprocess
import sys
import tempfile

from sampling import Failures, PCAP_HEADER, read_json, read_packets, render, run, sample_names, \
    suffix_of, talk_path

SECTION, INTERFACE, OBSOLETE, SIMPLE, ENHANCED = 0x0a0d0d0a, 1, 2, 3, 6
NAMES, STATISTICS, SECRETS, CUSTOM, NO_COPY = 4, 5, 10, 0x0bad, 0x40000bad
COMMENT = 1

# Samples and forms that together have everything; each sample in its plain form besides.
FORMS = [("faults", "pcapng-mixed"), ("faults", "netmon"), ("faults", "nano-big"),
         ("front-end", "sll-tiny"), ("front-end", "raw-frag"), ("faults", "udp"),
         ("persistent-chat", "gre"), ("front-end", "lost"), ("faults", "half-tls"),
         ("quirks", "qinq-dup")]

# What tshark is asked of, which takes its time to start.
IN_TSHARK = ["faults", "front-end", "chat-files", "chat-messages", "quirks"]

# Samples with findings, each of which is cut out and found again.
CUT_OUT = ["faults", "publishing-faults", "chat-sessions"]

# Judged when the capture goes on, which only other connections show in time.
NEEDS_OTHERS = {"publish-call-state-left"}

Packet = collections.namedtuple("Packet", "data wire time link comments")


# ---- pcapng and pcap, read here ----

def read_blocks(content):
    """(type, byte order, whole block) of each block."""
    at, order = 0, "<"
    while at < len(content):
        if struct.unpack_from("<I", content, at)[0] == SECTION:
            order = "<" if struct.unpack_from("<I", content, at + 8)[0] == 0x1a2b3c4d else ">"
        kind, size = struct.unpack_from(order + "II", content, at)
        assert size >= 12 and size % 4 == 0, f"block of {size} bytes at {at}"
        block = content[at:at + size]
        assert len(block) == size and block[-4:] == block[4:8], f"block at {at} is not whole"
        yield kind, order, block
        at += size


def options_of(block, order, at):
    """(code, value) of each option; `at` is where they start in the block."""
    while at + 4 <= len(block) - 4:
        code, size = struct.unpack_from(order + "HH", block, at)
        if code == 0:
            return
        yield code, block[at + 4:at + 4 + size]
        at += 4 + (size + 3) // 4 * 4


def options_start(kind, order, block):
    """Where the options of a packet's block start."""
    captured = struct.unpack_from(order + "I", block, 20)[0]
    return 28 + (captured + 3) // 4 * 4


def clock_of(options):
    """Ticks in a second, and seconds added."""
    resolution = options.get(9, b"\x06")[0]
    ticks = 2 ** (resolution & 0x7f) if resolution & 0x80 else 10 ** resolution
    return ticks, options.get(14, 0)


def read_pcapng(content):
    packets, interfaces = [], []
    for kind, order, block in read_blocks(content):
        if kind == SECTION:
            interfaces = []
        elif kind == INTERFACE:
            options = dict(options_of(block, order, 16))
            if 14 in options:
                options[14] = struct.unpack(order + "q", options[14])[0]
            interfaces.append((struct.unpack_from(order + "HxxI", block, 8), clock_of(options)))
        elif kind in (ENHANCED, OBSOLETE):
            number = struct.unpack_from(order + ("I" if kind == ENHANCED else "H"), block, 8)[0]
            high, low, captured, wire = struct.unpack_from(order + "IIII", block, 12)
            (link, _), (ticks, offset) = interfaces[number]
            count = high << 32 | low
            time = (count // ticks + offset) * 10 ** 9 + count % ticks * 10 ** 9 // ticks
            comments = [value.decode("utf-8") for code, value
                        in options_of(block, order, options_start(kind, order, block))
                        if code == COMMENT]
            packets.append(Packet(block[28:28 + captured], wire, time, link, comments))
        elif kind == SIMPLE:
            wire = struct.unpack_from(order + "I", block, 8)[0]
            (link, snapshot), _ = interfaces[0]
            captured = min(wire, snapshot) if snapshot else wire
            time = packets[-1].time if packets else 0
            packets.append(Packet(block[12:12 + captured], wire, time, link, []))
    return packets


def read_pcap(content):
    orders = {b"\xd4\xc3\xb2\xa1": ("<", 1000, 16), b"\xa1\xb2\xc3\xd4": (">", 1000, 16),
              b"\x4d\x3c\xb2\xa1": ("<", 1, 16), b"\xa1\xb2\x3c\x4d": (">", 1, 16),
              b"\x34\xcd\xb2\xa1": ("<", 1000, 24)}
    order, unit, head = orders[content[:4]]
    link = struct.unpack_from(order + "I", content, 20)[0]
    packets, at = [], PCAP_HEADER
    while at + head <= len(content):
        seconds, part, captured, wire = struct.unpack_from(order + "IIII", content, at)
        at += head
        packets.append(Packet(content[at:at + captured], wire, seconds * 10 ** 9 + part * unit,
                              link, []))
        at += captured
    return packets


def read_capture(path):
    with open(path, "rb") as file:
        content = file.read()
    if content[:2] == b"\x1f\x8b":
        content = gzip.decompress(content)
    return read_pcapng(content) if content[:4] == b"\x0a\x0d\x0d\x0a" else read_pcap(content)


# ---- ocsight and tshark ----

def annotate(ocsight, failures, capture, out, *options):
    """The packets of the annotated capture; None, and a failure, if there is none."""
    status, _, problem = run([ocsight, "annotate", capture, "-o", out, *options])
    if status != 0:
        failures.add(f"annotate {' '.join(options)}: exit status {status}: {problem.strip()}")
        return None
    try:
        return read_capture(out)
    except (AssertionError, struct.error, IndexError, UnicodeDecodeError) as found:
        failures.add(f"annotate {' '.join(options)}: no valid pcapng: {found}")
        return None


def tshark(path, *arguments):
    status, out, problem = run(["tshark", "-r", path, *arguments])
    if status != 0:
        sys.exit(f"tshark -r {path} {' '.join(arguments)}: exit status {status}\n{problem}")
    return out.decode("utf-8").splitlines()


def tshark_packets(path):
    """(bytes' digest, captured, wire, time) of each packet, for formats not read here."""
    return tshark(path, "-o", "frame.generate_md5_hash:TRUE", "-T", "fields", "-e",
                  "frame.md5_hash", "-e", "frame.cap_len", "-e", "frame.len", "-e",
                  "frame.time_epoch", "-e", "frame.encap_type")


# ---- what must hold ----

def check_packets(failures, before, after):
    """Nothing but comments was added."""
    failures.same("number of packets", len(before), len(after))
    for number, (old, new) in enumerate(zip(before, after), 1):
        if old[:4] != new[:4]:
            failures.add(f"packet {number}: {old[1:4]} became {new[1:4]}, "
                         f"data {'same' if old.data == new.data else 'differ'}")
        if new.comments[:len(old.comments)] != old.comments:
            failures.add(f"packet {number}: comments {old.comments!r} became {new.comments!r}")


def kind_of(comment):
    return comment.split()[1]


def check_order(failures, packets):
    order = ["finding", "message", "flow", "presence", "delivery", "around", "coverage", "packet"]
    for number, packet in enumerate(packets, 1):
        places = [order.index(kind_of(text)) for text in packet.comments
                  if text.startswith("ocsight ")]
        if places != sorted(places):
            failures.add(f"packet {number}: comments out of order: {packet.comments!r}")


def comments_of(packets, kind):
    """(packet number, comment) of one kind, as often as they are there."""
    return collections.Counter(
        (number, text) for number, packet in enumerate(packets, 1) for text in packet.comments
        if text.startswith(f"ocsight {kind} "))


def check_messages(ocsight, failures, capture, packets):
    """Each message has one comment, which begins with its method or status."""
    expected = collections.Counter()
    for row in read_json(ocsight, failures, "messages", capture, lines=True) or []:
        title = row["method"] if row["status"] is None else str(row["status"])
        expected[row["record"], title] += 1
    seen = collections.Counter((number, re.split(r"[ :]", text.split(" ", 2)[2])[0])
                               for (number, text) in comments_of(packets, "message").elements())
    failures.same("messages", expected, seen)


def check_findings(ocsight, failures, capture, packets, *options):
    letters = {"error": "E", "warning": "W", "note": "N"}
    expected = set()
    for found in read_json(ocsight, failures, "audit", capture, *options)["findings"]:
        for origin in found["evidence"]:
            label = letters[found["severity"]] + str(found["id"])
            if origin["input"] != capture:
                continue
            expected.add((origin["record"], f"ocsight finding {label} {found['severity']} "
                                            f"{found['rule']}: {found['message']}"))
    failures.same("findings", expected, set(comments_of(packets, "finding")))
    return len(expected)


def check_flows(ocsight, failures, capture, packets):
    """Each step that was seen stands at its packet."""
    seen = comments_of(packets, "flow")
    count = 0
    for flow in read_json(ocsight, failures, "flows", capture)["flows"]:
        for step in flow["steps"]:
            if step["outcome"] not in ("seen", "misplaced") or not step["origin"]["record"]:
                continue
            pattern = re.compile(rf"ocsight flow {flow['flow']} \d+ {re.escape(step['step'])}\b")
            count += 1
            if not any(number == step["origin"]["record"] and pattern.match(text)
                       for number, text in seen):
                failures.add(f"step {flow['flow']} {step['step']} is not at packet "
                             f"{step['origin']['record']}")
    return count


def check_presence(ocsight, failures, capture, packets):
    """Each entry of a timeline that a message caused stands at its packet."""
    seen = comments_of(packets, "presence")
    carriers = {number for number, _ in comments_of(packets, "message")}
    count = 0
    for user in read_json(ocsight, failures, "presence", capture, "--timeline")["users"]:
        for entry in user["timeline"]:
            record = (entry["origin"] or {}).get("record")
            if record not in carriers or entry["origin"]["time"] != entry["time"]:
                continue
            count += 1
            number = "" if entry["availability"] is None else f" ({entry['availability']})"
            if not any(place == record and text.startswith(f"ocsight presence {user['user']}: ")
                       and number in text for place, text in seen):
                failures.add(f"{user['user']} {entry['band']}{number} is not at packet {record}")
    return count


def check_deliveries(ocsight, failures, capture, packets):
    """A post says whom it reached, and each copy whose it is."""
    seen = comments_of(packets, "delivery")
    count = 0
    for room in read_json(ocsight, failures, "chat", capture)["rooms"]:
        for post in room["messages"]:
            if post["state"] not in ("accepted", "refused") or not post["deliveries"]:
                continue
            record = post["origin"]["record"]
            users = sorted(row["user"] for row in post["deliveries"])
            said = [sorted(text[len("ocsight delivery delivered to "):].split(", "))
                    for number, text in seen if number == record and "delivered to" in text]
            copies = sorted(text.rsplit(" ", 1)[1] for _, text in seen.elements()
                            if f" copy of the post of packet {record} to " in text)
            failures.same(f"whom the post of packet {record} reached", [sorted(set(users))], said)
            failures.same(f"copies of the post of packet {record}", users, copies)
            count += 1
    return count


def check_tshark_words(failures, path, packets):
    """As check_tshark, where tshark counts custom blocks among the packets."""
    lines = tshark(path, "-Y", "eth", "-T", "fields", "-E", "aggregator=|", "-e", "frame.comment")
    failures.same("comments in tshark", ["|".join(packet.comments) for packet in packets], lines)


def check_tshark(failures, path, packets):
    """tshark sees the same comments at the same packets, and can filter on them."""
    lines = tshark(path, "-T", "fields", "-E", "aggregator=|", "-e", "frame.number", "-e",
                   "frame.comment")
    for number, (line, packet) in enumerate(zip(lines, packets), 1):
        failures.same(f"comments of packet {number} in tshark",
                      f"{number}\t{'|'.join(packet.comments)}", line)
    failures.same("packets in tshark", len(packets), len(lines))
    shown = tshark(path, "-Y", 'frame.comment contains "ocsight finding"', "-T", "fields", "-e",
                   "frame.number")
    failures.same("packets with findings in tshark",
                  sorted({number for number, _ in comments_of(packets, "finding")}),
                  [int(line) for line in shown])


def check_secrets(failures, name, packets):
    """Tickets and what proves a login stand in the packets, never in a comment."""
    with open(talk_path(name), encoding="utf-8") as file:
        story = file.read()
    secrets = set(re.findall(r'token="([0-9a-f-]{36})"|response="([0-9a-f]{8,})"', story))
    said = "\n".join(text for packet in packets for text in packet.comments)
    for secret in (word for words in secrets for word in words if word):
        if secret in said:
            failures.add(f"a comment holds {secret}")
    return len(secrets)


def check_comments(ocsight, failures, capture, packets, short=False):
    """What stands at the packets; how many comments of each kind were compared."""
    check_order(failures, packets)
    check_messages(ocsight, failures, capture, packets)
    checks = {"findings": check_findings}
    if not short:
        checks.update(steps=check_flows, changes=check_presence, posts=check_deliveries)
    return collections.Counter({what: check(ocsight, failures, capture, packets)
                                for what, check in checks.items()})


def check_again(ocsight, failures, annotated):
    """What was annotated says everything already: the same bytes come out again."""
    out = annotated + ".again.pcapng"
    status, _, problem = run([ocsight, "annotate", annotated, "-o", out, "--quiet"])
    failures.same("exit status of annotating again", 0, status)
    with open(annotated, "rb") as first, open(out, "rb") as second:
        if first.read() != second.read():
            failures.add(f"annotated again it differs: {problem.strip()}")


def check_sample(ocsight, program, failures, work, name, form=None):
    failures.where = f"{name} {form or 'plain'}"
    capture = os.path.join(work, f"{name}-{form}.{suffix_of(form)}")
    render(program, name, capture, *(["--form", form] if form else []))
    out = capture + ".annotated.pcapng"
    packets = annotate(ocsight, failures, capture, out)
    if packets is None:
        return collections.Counter()
    if form == "netmon":
        failures.same("packets in tshark", tshark_packets(capture), tshark_packets(out))
    else:
        check_packets(failures, read_capture(capture), packets)
    if form in (None, "netmon", "raw-frag") and name in IN_TSHARK:
        check_tshark(failures, out, packets)
    check_again(ocsight, failures, out)
    counts = check_comments(ocsight, failures, capture, packets, short=form is not None)
    counts["secrets"] = check_secrets(failures, name, packets)
    return counts


def check_selected(ocsight, failures, work, capture):
    """What is chosen without --only: other packets stay, without comments."""
    failures.where = "a part of it"
    before, out = read_capture(capture), os.path.join(work, "part.pcapng")
    for options in (["--user", "ann@contoso.example"], ["--from", "13:03:00", "--to", "13:05:00"],
                    ["--room", "Ops Bridge"]):
        failures.where = " ".join(options)
        packets = annotate(ocsight, failures, capture, out, *options)
        check_packets(failures, before, packets)
        rows = read_json(ocsight, failures, "messages", capture, *options, lines=True)
        messages = {row["record"] for row in rows}
        commented = {number for number, packet in enumerate(packets, 1)
                     if any(kind_of(text) != "finding" for text in packet.comments)}
        failures.same("packets with comments", messages, commented)
        if not 5 < len(messages) < 90:
            failures.add(f"{len(messages)} messages are chosen")
    packets = annotate(ocsight, failures, capture, out, "--finding", "6")
    failures.where = "--finding 6"
    labels = {text.split()[2] for _, text in comments_of(packets, "finding")}
    failures.same("findings", True, "E6" in labels)


def check_archive(ocsight, failures, work, capture):
    """Findings of a comparison with the archive: at packets, never at lines of the export."""
    failures.where = "an export that lacks posts"
    export, out = os.path.join(work, "export.xml"), os.path.join(work, "archive.pcapng")
    done = subprocess.run([ocsight, "chat", "--compliance", capture], stdout=subprocess.PIPE,
                          check=True, text=True)
    changed = re.sub(r'(type="CHAT" content=")', r"\1not ", done.stdout, count=3)
    with open(export, "w", encoding="utf-8") as file:
        file.write(changed)
    options = ["--compliance-export", export]
    packets = annotate(ocsight, failures, capture, out, *options)
    count = check_findings(ocsight, failures, capture, packets, *options)
    found = read_json(ocsight, failures, "audit", capture, *options)["findings"]
    elsewhere = [origin for row in found for origin in row["evidence"]
                 if origin["input"] != capture]
    if count < 2 or not elsewhere or len(found) == \
            len(read_json(ocsight, failures, "audit", capture)["findings"]):
        failures.add(f"{count} findings at packets, {len(elsewhere)} in the export")


# ---- a file with everything that pcapng has ----

def block(order, kind, body):
    body += b"\0" * (-len(body) % 4)
    size = struct.pack(order + "I", len(body) + 12)
    return struct.pack(order + "I", kind) + size + body + size


def option(order, code, value):
    return struct.pack(order + "HH", code, len(value)) + value + b"\0" * (-len(value) % 4)


def section(order, length):
    return block(order, SECTION, struct.pack(order + "IHHq", 0x1a2b3c4d, 1, 0, length)
                 + option(order, COMMENT, b"a section") + option(order, 0, b""))


def interface(order, link, options):
    return block(order, INTERFACE, struct.pack(order + "HHI", link, 0, 0) + options
                 + option(order, 0, b""))


def packet_block(order, number, record, unit):
    """The record of a classic file in a block of one kind or another."""
    seconds, part, captured, wire = struct.unpack_from("<IIII", record)
    data = record[16:] + b"\0" * (-captured % 4)
    ticks = (seconds * 10 ** 6 + part) * unit
    fixed = struct.pack(order + "IIII", ticks >> 32, ticks & 0xffffffff, captured, wire) + data
    flags = option(order, 2, struct.pack(order + "I", 1))
    said = option(order, COMMENT, "war schon da: 이미".encode())
    kinds = [
        lambda: block(order, ENHANCED, struct.pack(order + "I", 0) + fixed),
        lambda: block(order, ENHANCED, struct.pack(order + "I", 0) + fixed + said + flags
                      + option(order, 0, b"")),
        lambda: block(order, ENHANCED, struct.pack(order + "I", 0) + fixed + flags),
        lambda: block(order, OBSOLETE, struct.pack(order + "HH", 0, 7) + fixed + said
                      + option(order, 0, b"")),
        lambda: block(order, SIMPLE, struct.pack(order + "I", wire) + data),
        lambda: block(order, ENHANCED, struct.pack(order + "I", 0) + fixed
                      + option(order, 0, b"") + b"behind the end..")]
    return kinds[number % len(kinds)]()


def others(order):
    return (block(order, NAMES, struct.pack(order + "HH", 1, 9) + b"\xc0\x00\x02\x05fe01\0"
                  + b"\0" * 3 + option(order, 0, b""))
            + block(order, SECRETS, struct.pack(order + "II", 0x544c534b, 12) + b"CLIENT_RANDO")
            + block(order, CUSTOM, struct.pack(order + "I", 32473) + b"of our own")
            + block(order, NO_COPY, struct.pack(order + "I", 32473) + b"stays here")
            + block(order, 0x00000bbb, b"nobody knows this")
            + block(order, STATISTICS, struct.pack(order + "III", 0, 1, 2)
                    + option(order, 4, struct.pack(order + "Q", 238)) + option(order, 0, b"")))


def everything(records):
    """Two sections, one in each byte order, clocks of their own, all kinds of blocks."""
    half = len(records) // 2
    content = b""
    for order, part, resolution, unit in (("<", records[:half], 9, 1000),
                                          (">", records[half:], 7, 10)):
        blocks = interface(order, 1, option(order, 2, b"eth0")
                           + option(order, 9, bytes([resolution]))) + others(order)
        for number, record in enumerate(part):
            blocks += packet_block(order, number, record, unit)
            blocks += others(order) if number == 20 else b""
        content += section(order, len(blocks)) + blocks
    return content


def check_block(failures, number, old, new):
    """One block became the other by what must change, and no more."""
    kind, order, before = old
    if kind == SECTION:
        before = before[:16] + b"\xff" * 8 + before[24:]
    if new[2] == before:
        return False
    if kind == SIMPLE and new[0] == ENHANCED:
        wire = struct.unpack_from(order + "I", before, 8)[0]
        failures.same(f"block {number}: data of a simple packet", before[12:12 + wire],
                      new[2][28:28 + wire])
    elif kind not in (ENHANCED, OBSOLETE) or new[:2] != (kind, order):
        failures.add(f"block {number}: {before!r} became {new[2]!r}")
    else:
        start = options_start(kind, order, before)
        failures.same(f"block {number}: up to the options", before[8:start], new[2][8:start])
        kept = list(options_of(before, order, start))
        added = list(options_of(new[2], order, start))
        failures.same(f"block {number}: its options", kept, added[:len(kept)])
        failures.same(f"block {number}: options added", {COMMENT},
                      {code for code, _ in added[len(kept):]})
        if before.endswith(b"behind the end.." + before[-4:]):
            failures.same(f"block {number}: behind the options", before[-20:-4], new[2][-20:-4])
    return True


def check_everything(ocsight, failures, work, plain):
    """A pcapng file block by block; the packets' comments are those of the plain file."""
    failures.where = "all of pcapng"
    capture, out = os.path.join(work, "all.pcapng"), os.path.join(work, "all.annotated.pcapng")
    content = everything(read_packets(plain)[1])
    with open(capture, "wb") as file:
        file.write(content)
    packets = annotate(ocsight, failures, capture, out, "--quiet")
    check_packets(failures, read_pcapng(content), packets)
    with open(out, "rb") as file:
        written = file.read()
    old, new = list(read_blocks(content)), list(read_blocks(written))
    failures.same("number of blocks", len(old), len(new))
    changed = sum(check_block(failures, number, *pair) for number, pair in enumerate(zip(old, new)))
    if changed < 50:
        failures.add(f"only {changed} blocks have new comments")
    check_comments(ocsight, failures, capture, packets)
    check_tshark_words(failures, out, packets)
    check_again(ocsight, failures, out)
    check_rest(ocsight, failures, capture, out)


def check_rest(ocsight, failures, capture, annotated):
    """Of a file with some of its comments it gets the others; what it was told first stays first."""
    part, whole = capture + ".part.pcapng", capture + ".whole.pcapng"
    annotate(ocsight, failures, capture, part, "--quiet", "--user", "ann@contoso.example")
    packets = annotate(ocsight, failures, part, whole, "--quiet")
    before, expected = read_capture(part), read_capture(annotated)
    check_packets(failures, before, packets)
    failures.same("comments in all", [sorted(packet.comments) for packet in expected],
                  [sorted(packet.comments) for packet in packets])
    added = sum(len(packet.comments) - len(old.comments) for old, packet in zip(before, packets))
    if not 20 < added < sum(len(packet.comments) for packet in packets) - 20:
        failures.add(f"{added} comments were missing")


def check_containers(ocsight, failures, work, plain, annotated):
    """Compressed, through pipes, through both: the same bytes come out."""
    failures.where = "pipes and compression"
    with open(plain, "rb") as file:
        content = file.read()
    packed = os.path.join(work, "packed.pcap.gz")
    with open(packed, "wb") as file:
        file.write(gzip.compress(content))
    with open(annotated, "rb") as file:
        expected = file.read()
    for what, arguments, given in (("gzip", [packed], b""), ("a pipe", ["-"], content),
                                   ("gzip in a pipe", ["-"], gzip.compress(content))):
        done = subprocess.run([ocsight, "annotate", *arguments, "-o", "-"], input=given,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)
        failures.same(f"{what}: exit status", 0, done.returncode)
        if done.stdout != expected:
            failures.add(f"{what}: other bytes than from the file")


def check_cuts(ocsight, failures, work, plain, name):
    """What is left of a capture that breaks off is annotated; never half a packet."""
    with open(plain, "rb") as file:
        content = file.read()
    before = read_capture(plain)
    cut, out = os.path.join(work, "cut"), os.path.join(work, "cut.pcapng")
    for size in (len(content) - 1, len(content) // 2, len(content) // 3 + 5):
        failures.where = f"{name} cut at {size}"
        with open(cut, "wb") as file:
            file.write(content[:size])
        status, _, problem = run([ocsight, "annotate", cut, "-o", out])
        failures.same("exit status", 0, status)
        failures.same("where it breaks off", True, "got " in problem)
        packets = read_capture(out)
        if not 0 < len(packets) < len(before):
            failures.add(f"{len(packets)} packets of {len(before)}")
        check_packets(failures, before[:len(packets)], packets)


# ---- --only ----

def flows_of(path):
    """Packets of each pair of ends, TCP only."""
    fields = ["ip.src", "tcp.srcport", "ip.dst", "tcp.dstport"]
    lines = tshark(path, "-Y", "tcp", "-T", "fields", *(word for field in fields
                                                       for word in ("-e", field)))
    ends = (line.split("\t") for line in lines)
    return collections.Counter(frozenset([(a, b), (c, d)]) for a, b, c, d in ends)


def own_finding(found):
    return found["rule"], found["message"], found["user"], found["call_id"]


def check_only(ocsight, program, failures, work, name, form=None):
    """Each finding, cut out with its connections, is found again; all packets are the old ones."""
    capture = os.path.join(work, f"only-{name}.{suffix_of(form)}")
    render(program, name, capture, *(["--form", form] if form else []))
    out = os.path.join(work, "only.pcapng")
    before = read_capture(capture)
    count = 0
    for found in read_json(ocsight, failures, "audit", capture)["findings"]:
        if not any(origin["record"] for origin in found["evidence"]):
            continue
        failures.where = f"{name} {form or 'plain'}, finding {found['id']} ({found['rule']})"
        packets = annotate(ocsight, failures, capture, out, "--only", "finding", "--finding",
                           str(found["id"]))
        if packets is None:
            continue
        numbers = [int(packet.comments[-1].split()[2]) for packet in packets]
        failures.same("numbers ascend", sorted(set(numbers)), numbers)
        check_packets(failures, [before[number - 1] for number in numbers], packets)
        again = read_json(ocsight, failures, "audit", out)
        if found["rule"] not in NEEDS_OTHERS and \
                own_finding(found) not in [own_finding(row) for row in again["findings"]]:
            failures.add("it is not found again")
        count += 1
    return count


def check_whole_flows(ocsight, failures, work, capture):
    """TCP connections are whole; a user, a dialog and all findings are chosen."""
    whole = flows_of(capture)
    out = os.path.join(work, "flows.pcapng")
    dialog = read_json(ocsight, failures, "dialogs", capture)["dialogs"][0]
    for options in (["--only", "user", "--user", "cal@*"], ["--only", "finding"],
                    ["--only", "dialog", "--call-id", dialog["call_id"]],
                    ["--only", "dialog", "--dialog", "2"]):
        failures.where = " ".join(options)
        packets = annotate(ocsight, failures, capture, out, *options)
        part = flows_of(out)
        failures.same("connections that are not whole", [],
                      [ends for ends, count in part.items() if count != whole[ends]])
        if not 0 < len(part) < len(whole) and options != ["--only", "finding"]:
            failures.add(f"{len(part)} of {len(whole)} connections")
        failures.same("packets", len(packets), sum(part.values()))


def main():
    ocsight, program = sys.argv[1:3]
    failures = Failures()
    total = collections.Counter()
    with tempfile.TemporaryDirectory() as work:
        for name in sample_names():
            total += check_sample(ocsight, program, failures, work, name)
        for name, form in FORMS:
            check_sample(ocsight, program, failures, work, name, form)
        plain = os.path.join(work, "faults-None.pcap")
        mixed = os.path.join(work, "faults-pcapng-mixed.pcapng")
        check_everything(ocsight, failures, work, plain)
        check_containers(ocsight, failures, work, plain, plain + ".annotated.pcapng")
        check_cuts(ocsight, failures, work, plain, "faults")
        check_cuts(ocsight, failures, work, mixed, "faults pcapng-mixed")
        check_selected(ocsight, failures, work, plain)
        check_archive(ocsight, failures, work, os.path.join(work, "persistent-chat-None.pcap"))
        check_whole_flows(ocsight, failures, work, plain)
        for name in CUT_OUT:
            total["cut out"] += check_only(ocsight, program, failures, work, name)
        total["cut out"] += check_only(ocsight, program, failures, work, "faults", "raw-frag")
    failures.where = ""
    for what, least in (("findings", 200), ("steps", 150), ("changes", 60), ("posts", 20),
                        ("cut out", 30), ("secrets", 5)):
        if total[what] < least:
            failures.add(f"only {total[what]} {what} were compared")
    return failures.finish("comments stand at their packets, which are as they were: "
                           + ", ".join(f"{count} {what}" for what, count in total.items()))


if __name__ == "__main__":
    sys.exit(main())
