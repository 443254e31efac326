#!/usr/bin/env python3
"""Chat bodies that nobody should send: survived, counted, and only their own sender suffers.

    check_chat_hostile.py OCSIGHT [NAME…]

A conversation of Ann, Bob and Eve; one of Ann's posts never reaches Bob. Between its messages
stand those of one bad kind, in Eve's dialog. With them and without them `audit` must find the
lost copy, and blame nothing whose packets are not the bad ones; `chat` must tell the same of the
rooms of the others; every message is counted.

Then there is much of something. Four times as much may take TIME_RATIO times the processor time at
most, and one byte of input MEMORY_RATIO bytes of memory. OCSIGHT_TEST_SIZE=long takes more of it.
"""
import collections
import json
import os
import sys
import tempfile
import subprocess

import chat_wire
from chat_wire import CLIENT_ENVELOPE, Capture, Client, room_id, room_uri
from sampling import Failures, run

LOST = "chat-message-not-delivered"
CAP = "coverage-cap"
LIMIT = 1 << 16  # that most things have; none is smaller (analyzer/engine/limits.c)
QUIET = 45  # seconds of capture behind the last message: every waiting time is over

# Of four times as much: so many times the time, and so many bytes for one byte of input.
TIME_RATIO = 9
TIME_FLOOR = 0.5  # seconds that are not compared
MEMORY_RATIO = 48
MEMORY_FLOOR = 48 << 10  # KiB


# ---- bad ones ----

def nested(depth):
    return "<a>" * depth + "</a>" * depth


COMMAND = '<cmd id="cmd:getinv" seqid="1"><data/></cmd>'
REPLY = ('<rpl id="rpl:getinv" seqid="1"><commandid seqid="1" envid="1"/>'
         '<resp code="200">SUCCESS_OK</resp><data/></rpl>')
DOCTYPE = '<!DOCTYPE xccos [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'

# name -> INFO bodies of Eve, upward or (False) from the service
BAD = {
    "not well-formed": [(True, "<xccos ver=\"1\" envid=\"1\" xmlns=\"urn:parlano:xml:ns:xccos\"><cmd"),
                        (True, CLIENT_ENVELOPE % (2, "<cmd id='cmd:getinv'></data></cmd>"))],
    "DOCTYPE": [(True, DOCTYPE + CLIENT_ENVELOPE % (3, COMMAND))],
    "several envelopes in one body": [(True, CLIENT_ENVELOPE % (4, COMMAND) * 3)],
    "another root": [(True, "<html><body>hello</body></html>"), (True, "just a text")],
    "another namespace": [(True, "<xccos ver='2' envid='5' xmlns='urn:example:other'><cmd/></xccos>")],
    "no envid": [(False, "<xccos ver='1' xmlns='urn:parlano:xml:ns:xccos'>%s</xccos>" % REPLY)],
    "envid over 64 bits": [(False, chat_wire.SERVER_ENVELOPE % ("9" * 40, REPLY)),
                           (False, chat_wire.SERVER_ENVELOPE % ("-1", REPLY))],
    "wrong direction": [(False, chat_wire.SERVER_ENVELOPE % (6, COMMAND)),
                        (True, CLIENT_ENVELOPE % (7, REPLY))],
    "no ids": [(True, CLIENT_ENVELOPE % (8, "<cmd seqid='1'><data/></cmd>")),
               (False, chat_wire.SERVER_ENVELOPE % (9, "<rpl/><ntc/><grpchat/>"))],
    "references to nobody": [(False, chat_wire.SERVER_ENVELOPE % (10, (
        '<rpl id="rpl:bjoin" seqid="1"><commandid seqid="1" envid="4711"/>'
        '<resp code="200">SUCCESS_OK</resp><data><chanib uri="ma-chan://contoso.example/eve" '
        'name="E"><aib key="-5" value="9,,x,99999999999999999999"/></chanib></data></rpl>')))],
    "invalid UTF-8": [(True, (CLIENT_ENVELOPE % (11, COMMAND)).encode() + b"\xff\xfe"),
                      (True, b"<xccos ver='1' envid='12' xmlns='urn:parlano:xml:ns:xccos'><grpchat "
                             b"id='grpchat'><chat>\xc3\x28\xed\xa0\x80</chat></grpchat></xccos>")],
    "NUL bytes": [(True, (CLIENT_ENVELOPE % (13, COMMAND)).encode().replace(b"getinv", b"get\0inv")),
                  (True, b"\0" * 4096)],
    "deep nesting": [(True, CLIENT_ENVELOPE % (14, nested(20000)))],
    "no body": [(True, ""), (False, "")],
    "another type": [(True, CLIENT_ENVELOPE % (15, COMMAND), "application/octet-stream")],
    "UTF-16": [(True, (CLIENT_ENVELOPE % (16, COMMAND)).encode("utf-16"))],
}


def envids_reused(eve):
    """One number for a join, a search and a part, all of them answered."""
    for name in ("join", "chansrch", "part"):
        eve.envelope = 90000
        eve.command(name, '<chanid key="0" domain="contoso.example" value="x"/>', "")


def conversation(bad):
    """(capture, the records of Eve's bad messages, how many messages they are)"""
    capture = Capture()
    ann, bob, eve = (Client(capture, number) for number in (1, 2, 3))
    for client in (ann, bob):
        client.join(1, 2)
    ann.post(1, "before", (bob,))
    first = len(capture.packets)
    bad(eve)
    last = len(capture.packets)
    capture.wait(1)
    ann.post(1, "that one is lost")
    bob.post(2, "after", (ann,))
    capture.wait(QUIET)
    ann.post(2, "at last", (bob,))
    bob.command("getinv", "", "")
    return capture, range(first, last)


def all_of(rows):
    def bad(eve):
        for upward, body, *kind in rows:
            eve.info(upward, body, kind=kind[0] if kind else "text/plain")
    return bad


# ---- what is said of it ----

def read(ocsight, path, command, failures, *options):
    status, out, problem = run([ocsight, command, *options, "--format", "json", path])
    if status not in (0, 1):
        failures.add(f"{command}: exit status {status}: {problem.strip()[-300:]}")
        return None
    return json.loads(out)


def bystanders(chat):
    """What is said of the rooms and sessions of the others."""
    rooms = {room["uri"]: [(message["author"], message["text"], message["state"],
                            [copy["user"] for copy in message["deliveries"]])
                           for message in room["messages"]]
             for room in chat["rooms"] if room["uri"] in (room_uri(1), room_uri(2))}
    people = {room["uri"]: room["participants"] for room in chat["rooms"] if room["uri"] in rooms}
    sessions = [(row["user"], row["state"], row["rooms"]) for row in chat["sessions"]
                if row["user"] != "u00003@contoso.example"]
    return rooms, people, sessions


def serious(audit):
    return [(finding["rule"], finding["message"],
             tuple(origin["record"] for origin in finding["evidence"]))
            for finding in audit["findings"] if finding["severity"] != "note"]


def bad_check(ocsight, folder, name, bad, failures):
    path = os.path.join(folder, "bad.pcap")
    failures.where = name
    capture, _ = conversation(lambda eve: None)
    capture.write(path)
    quiet = read(ocsight, path, "audit", failures), read(ocsight, path, "chat", failures)
    capture, records = conversation(bad)
    capture.write(path)
    audit, chat = read(ocsight, path, "audit", failures), read(ocsight, path, "chat", failures)
    if audit is None or chat is None:
        return
    lost = [row for row in serious(audit) if row[0] == LOST]
    failures.same("lost copies", 1, len(lost))
    for rule, message, evidence in serious(audit):
        if (rule, message) not in [row[:2] for row in serious(quiet[0])] and not all(
                record in records for record in evidence):
            failures.add(f"{rule}: {message} {evidence}")
    failures.same("messages", quiet[0]["summary"]["sip_messages"] + requests_of(records, capture),
                  audit["summary"]["sip_messages"])
    failures.same("packets", len(capture.packets) - 1, audit["summary"]["decoded"])
    failures.same("what is said of the others", bystanders(quiet[1]), bystanders(chat))
    failures.where = ""


def requests_of(records, capture):
    """SIP messages among the bad packets: each begins a packet."""
    return sum(capture.packets[record][70:].split(b" ", 1)[0] in (b"INFO", b"SIP/2.0")
               for record in records)


# ---- much of it ----

def one_text(eve, size):
    eve.join(7)
    eve.post(7, "x" * size)


def one_text_of_entities(eve, size):
    eve.join(7)
    eve.post(7, "&lt;" * (size // 4))


def one_roster(eve, count):
    users = "".join('<uib id="%d" uri="sip:r%06d@contoso.example"/>' % (i, i) for i in range(count))
    listed = ",".join(str(i) for i in range(count))
    eve.command("bjoin", '<chanid key="0" domain="contoso.example" value="%s"/>' % room_id(7),
                '%s<chanib uri="%s" name="Big"><aib key="3984" value="%s"/></chanib>' % (
                    users, room_uri(7), listed))


def one_roster_backwards(eve, count):
    """The last number first, and each in a roster group of its own."""
    users = "".join('<uib id="%d" uri="sip:r%06d@contoso.example"/>' % (i, i) for i in range(count))
    groups = "".join('<aib key="3984" value="%d"/>' % i for i in range(count - 1, -1, -1))
    eve.command("bjoin", '<chanid key="0" domain="contoso.example" value="%s"/>' % room_id(7),
                '%s<chanib uri="%s" name="Big">%s</chanib>' % (users, room_uri(7), groups))


def many_rooms_in_one(eve, count):
    eve.join(*range(100, 100 + count))


def many_rooms_refused(eve, count):
    asked = "".join('<chanid key="%d" domain="contoso.example" value="%s"/>' % (i, room_id(100 + i))
                    for i in range(count))
    failed = "".join('<fib key="OPERATION_FAILED" value="%s" domain="contoso.example"/>' % (
        room_id(100 + i)) for i in range(count - 1, -1, -1))
    eve.command("bjoin", asked, failed)


def many_rooms_one_by_one(eve, count):
    for i in range(count):
        eve.told(eve.grpchat(100 + i, "hello", "u00009@contoso.example"))


def many_equal_commands(eve, count):
    """Never answered, all with the same number."""
    for _ in range(count):
        eve.envelope = 5
        eve.command("getinv")


def many_equal_posts(eve, count):
    eve.join(7)
    for _ in range(count):
        eve.post(7, "heartbeat")


def many_equal_copies(eve, count):
    for _ in range(count):
        eve.told(eve.grpchat(7, "heartbeat", "u00009@contoso.example"))


def one_history(eve, count):
    items = "".join('<msg id="grpchat" chanUri="%s" author="sip:u00009@contoso.example" '
                    'ts="2013-05-13T%02d:%02d:%02d"><chat>again</chat></msg>' % (
                        room_uri(7), i // 3600 % 24, i // 60 % 60, i % 60) for i in range(count))
    eve.command("bccontext", '<chanib uri="%s"/><bcq><last cnt="25"/></bcq>' % room_uri(7),
                '<chanib uri="%s">%s</chanib>' % (room_uri(7), items))


def one_envelope(eve, count):
    eve.told('<rpl id="rpl:getinv" seqid="1"><commandid seqid="1" envid="1"/>'
             '<resp code="200">SUCCESS_OK</resp><data/></rpl>' * count)


def many_names(eve, count):
    for i in range(count):
        eve.command("secret%d" % i, "", "")


def many_notices(eve, count):
    eve.join(7)
    for i in range(count):
        eve.told('<ntc id="ntc:join" seqid="1"><data><uib uri="sip:n%06d@contoso.example">'
                 '<aib key="3984" domain="contoso.example" value="%s"/></uib></data></ntc>' % (
                     i, room_id(7)))


def deep(eve, count):
    eve.info(True, CLIENT_ENVELOPE % (1, nested(count)))


def wide(eve, count):
    attributes = "".join(' a%d="1"' % i for i in range(count))
    eve.info(True, CLIENT_ENVELOPE % (1, "<cmd id='cmd:getinv'%s><data/></cmd>" % attributes))


# Each at a quarter of this number and at this number; the second is that of OCSIGHT_TEST_SIZE=long.
Much = collections.namedtuple("Much", "make short long")
MUCH = [
    Much(one_text, 4 << 20, 12 << 20),
    Much(one_text_of_entities, 4 << 20, 12 << 20),
    Much(one_roster, 20000, 80000),
    Much(one_roster_backwards, 20000, 80000),
    Much(many_rooms_in_one, 20000, 60000),
    Much(many_rooms_refused, 20000, 60000),
    Much(many_rooms_one_by_one, 4000, 100000),
    Much(many_equal_commands, 4000, 100000),
    Much(many_equal_posts, 4000, 100000),
    Much(many_equal_copies, 4000, 100000),
    Much(one_history, 20000, 60000),
    Much(one_envelope, 20000, 60000),
    Much(many_names, 4000, 100000),
    Much(many_notices, 4000, 100000),
    Much(deep, 200000, 2000000),
    Much(wide, 100000, 1000000),
]


def costs(ocsight, path, failures):
    """(seconds of processor, KiB) of audit and of chat, the larger of each."""
    seconds, memory = 0, 0
    for command in ("audit", "chat"):
        process = subprocess.Popen([ocsight, command, "--threads", "1", path],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   env={**os.environ, "ASAN_OPTIONS": "quarantine_size_mb=1"})
        _, status, usage = os.wait4(process.pid, 0)
        if os.waitstatus_to_exitcode(status) not in (0, 1):
            failures.add(f"{command}: exit status {os.waitstatus_to_exitcode(status)}")
        seconds = max(seconds, usage.ru_utime + usage.ru_stime)
        memory = max(memory, usage.ru_maxrss)
    return seconds, memory


def much_write(much, number, path):
    """In a process of its own: what this one has ever needed counts for those that it starts."""
    child = os.fork()
    if child == 0:
        try:
            conversation(lambda eve: much.make(eve, number))[0].write(path)
            os._exit(0)
        finally:
            os._exit(1)
    if os.waitpid(child, 0)[1] != 0:
        sys.exit(f"{much.make.__name__}: the capture could not be written")


def much_check(ocsight, folder, much, count, failures):
    path = os.path.join(folder, "much.pcap")
    failures.where = much.make.__name__
    rows = []
    for number in (count // 4, count):
        much_write(much, number, path)
        rows.append((*costs(ocsight, path, failures), os.path.getsize(path)))
    audit = read(ocsight, path, "audit", failures, "--rule", LOST, "--rule", CAP)
    if audit is None:
        return
    if audit:
        # A limit that is reached is told, and what could lie behind it need not be judged.
        if not any(finding["rule"] == CAP for finding in audit["findings"]):
            failures.same("lost copies", 1, len(serious(audit)))
        elif count <= LIMIT:
            failures.add("a limit was reached")
    (less, few, small), (more, many, large) = rows
    print(f"{much.make.__name__:<24} {count:>9} {large / 1048576:8.1f} MiB "
          f"{less:7.2f} s {more:7.2f} s {few >> 10:6} MiB {many >> 10:6} MiB")
    if more > TIME_FLOOR + TIME_RATIO * less:
        failures.add(f"four times as much takes {more:.2f} s instead of {less:.2f} s")
    if (many - few) * 1024 > MEMORY_RATIO * (large - small) + MEMORY_FLOOR * 1024:
        failures.add(f"{large - small} more bytes take {many - few} more KiB")
    failures.where = ""


def main():
    ocsight, names = sys.argv[1], sys.argv[2:]
    long = os.environ.get("OCSIGHT_TEST_SIZE", "short") == "long"
    failures = Failures()
    with tempfile.TemporaryDirectory() as folder:
        bad = {name: all_of(rows) for name, rows in BAD.items()} | {"envids reused": envids_reused}
        for name in bad:
            if not names or name in names:
                bad_check(ocsight, folder, name, bad[name], failures)
        for much in MUCH:
            if not names or much.make.__name__ in names:
                much_check(ocsight, folder, much, much.long if long else much.short, failures)
    return failures.finish("nobody else suffers, and nothing takes longer than it is long")


if __name__ == "__main__":
    sys.exit(main())
