#!/usr/bin/env python3
"""A store as INPUT must say what the captures say that were kept in it.

    check_store_same.py OCSIGHT RENDER-SAMPLE [--all | --short]

Every command's output is compared byte for byte, with 1, 2 and 4 threads. For several captures
(in one store, in two, in a store and beside it) only the numbers of connections may differ: they
are compared by their order of appearance. Then what cannot be read: foreign, newer, unfinished
and damaged files, and files in which bytes or values were changed at random, which must never
crash anything. --all: every sample in every form. --short: three samples, two commands, for a
program with the sanitizers.
"""
import argparse
import gzip
import os
import random
import re
import shutil
import sqlite3
import struct
import subprocess
import sys
import tempfile

from sampling import SAMPLES, Failures, render, run, sample_names, suffix_of

FORMS = ["udp", "half-tls", "lost", "pcapng-mixed", "qinq-dup"]
FORMS_OF = ["group-chat", "persistent-chat", "chat-files", "faults"]
SHORT = ["chat-files", "front-end", "persistent-chat"]

COMMANDS = [
    ["audit", "--format", "json"],
    ["audit", "--hash"],
    ["presence", "--timeline", "--explain", "--format", "json"],
    ["chat", "--format", "json"],
    ["flows", "--format", "json"],
    ["dialogs", "--format", "json"],
    ["messages", "--format", "json"],
    ["ladder", "--format", "text"],
]
USER = "ada@contoso.example"
CHOSEN = [
    ["audit", "--format", "json", "--user", USER],
    ["ladder", "--format", "text", "--user", USER],
    ["messages", "--format", "json", "--from", "00:00:05", "--to", "12:00:30"],
    ["audit", "--format", "json", "--from", "00:00:05", "--to", "12:00:30"],
]
THREADS = re.compile(rb'"threads": "\d+"')
SECRET = re.compile(rb'(?:response|gssapi-data|rspauth|opaque)="([0-9A-Za-z+/=]{8,})"|'
                    rb'token="([0-9a-f]{8}-[0-9a-f-]{27})"')
STREAM = re.compile(rb'"stream":\s*(\d+)')
CALM = (0, 1, 3)


def said(failures, ocsight, command, inputs, threads=2):
    status, out, problem = run([ocsight, *command, "--threads", str(threads), *inputs])
    if status not in CALM or "Sanitizer" in problem:
        failures.add(f"{' '.join(command)} {inputs}: exit status {status}: {problem[-600:]}")
    return status, THREADS.sub(b"", out), problem


def keep(failures, ocsight, store, *captures, more=()):
    status, _, problem = run([ocsight, "store", *captures, "-o", store, *more])
    if status not in CALM:
        failures.add(f"store {captures}: exit status {status}: {problem[-600:]}")


def by_appearance(text):
    """Numbers of connections, each replaced by how many were named before it."""
    seen = {}
    return STREAM.sub(lambda hit: b'"stream": %d' % seen.setdefault(hit[1], len(seen)), text)


def first_difference(left, right):
    for number, (one, other) in enumerate(zip(left.split(b"\n"), right.split(b"\n")), 1):
        if one != other:
            at = next((i for i, pair in enumerate(zip(one, other)) if pair[0] != pair[1]), 0)
            return f"line {number}: {one[max(0, at - 60):at + 90]!r} / {other[max(0, at - 60):at + 90]!r}"
    return f"{len(left)} / {len(right)} bytes"


def compare(failures, ocsight, command, captures, stores, threads=(2,), normal=lambda text: text):
    status, expected, told = said(failures, ocsight, command, captures)
    if not expected and command not in CHOSEN:
        failures.add(f"{command} says nothing of {captures}")
    for count in threads:
        other, actual, remarks = said(failures, ocsight, command, stores, count)
        if other != status:
            failures.add(f"{' '.join(command)}: exit status {status} / {other}")
        if normal(expected) != normal(actual):
            failures.add(f"{' '.join(command)}, {count} thread(s): "
                         f"{first_difference(normal(expected), normal(actual))}")
        if bool(told.strip()) != bool(remarks.strip()) and command[0] != "ladder":
            failures.add(f"{' '.join(command)}: told {told!r} / {remarks!r}")


def check_secrets(failures, capture, store):
    """None of the values that are secret in the capture stands in the store. True if any is."""
    found = SECRET.findall(open(capture, "rb").read())
    secrets = {value or token for value, token in found}
    content = open(store, "rb").read()
    for secret in sorted(secrets):
        if secret in content:
            failures.add(f"{secret!r} is in the store")
    return len(secrets) > 0


def check_samples(failures, ocsight, renderer, folder, everything):
    for name in sample_names():
        forms = ["plain"] + (FORMS if everything or name in FORMS_OF else [])
        for form in forms:
            failures.where = f"{name}, {form}"
            capture = os.path.join(folder, f"{name}-{form}.{suffix_of(form)}")
            store = os.path.join(folder, f"{name}-{form}.db")
            render(renderer, name, capture, "--form", form)
            keep(failures, ocsight, store, capture)
            secret = check_secrets(failures, capture, store)
            if name == "chat-files" and form == "plain" and not secret:
                failures.add("has no secrets; this test tests nothing")
            some = COMMANDS if everything or name in FORMS_OF else COMMANDS[:4]
            for command in some:
                many = command is COMMANDS[0] and form == "plain"
                compare(failures, ocsight, command, [capture], [store], (1, 2, 4) if many else (2,))
            if form == "plain" and name in FORMS_OF:
                for command in CHOSEN:
                    compare(failures, ocsight, command, [capture], [store])
            if os.path.exists(os.path.join(SAMPLES, name + ".compliance.xml")) and form == "plain":
                export = os.path.join(SAMPLES, name + ".compliance.xml")
                compare(failures, ocsight, ["audit", "--format", "json", "--compliance-export",
                                            export], [capture], [store])


# ---- several captures ----

def packets(content):
    at = 24
    while at < len(content):
        size = struct.unpack_from("<I", content, at + 8)[0]
        yield content[at:at + 16 + size]
        at += 16 + size


def divide(capture, one, other):
    """The connections of a classic Ethernet capture, in turns, in two captures."""
    content = open(capture, "rb").read()
    parts = [content[:24], content[:24]]
    seen = {}
    for packet in packets(content):
        ports = packet[16 + 34:16 + 38]
        pair = tuple(sorted([ports[:2], ports[2:]]))
        parts[seen.setdefault(pair, len(seen)) % 2] += packet
    for path, part in zip([one, other], parts):
        open(path, "wb").write(part)
    return len(seen) > 1


def check_short(failures, ocsight, renderer, folder):
    """A capture in one go, and its connections in two runs of one store."""
    for name in SHORT:
        failures.where = name
        capture, a, b = (os.path.join(folder, f"{name}-{part}.pcap") for part in ("plain", "a", "b"))
        store, appended = (os.path.join(folder, f"{name}-{part}.db") for part in ("plain", "ab"))
        render(renderer, name, capture)
        keep(failures, ocsight, store, capture)
        check_secrets(failures, capture, store)
        divide(capture, a, b)
        keep(failures, ocsight, appended, a)
        keep(failures, ocsight, appended, b, more=["--append"])
        for command in [COMMANDS[0], COMMANDS[3]]:
            compare(failures, ocsight, command, [capture], [store])
            compare(failures, ocsight, command, [a, b], [appended], normal=by_appearance)


def check_several(failures, ocsight, renderer, folder):
    for name in ["group-chat", "two-pools", "chat-files", "watching-faults"]:
        failures.where = f"{name}, divided"
        whole, a, b = (os.path.join(folder, f"{name}-{part}.pcap") for part in "wab")
        stores = [os.path.join(folder, f"{name}-{part}.db") for part in ("a", "b", "ab", "both")]
        render(renderer, name, whole)
        if not divide(whole, a, b):
            failures.add("has one connection only")
        keep(failures, ocsight, stores[0], a)
        keep(failures, ocsight, stores[1], b)
        keep(failures, ocsight, stores[3], a, b)
        shutil.copy(stores[0], stores[2])
        keep(failures, ocsight, stores[2], b, more=["--append"])
        for command in COMMANDS[:1] + COMMANDS[2:5] if name != "group-chat" else COMMANDS:
            compare(failures, ocsight, command, [a, b], [stores[3]], (1, 4))
            for kept in ([stores[2]], stores[:2], [stores[0], b], [a, stores[1]]):
                compare(failures, ocsight, command, [a, b], kept, normal=by_appearance)


# ---- what cannot be read, or not to its end ----

def change(store, copy, *statements):
    shutil.copy(store, copy)
    database = sqlite3.connect(copy)
    for statement in statements:
        database.execute(statement)
    database.commit()
    database.close()
    return copy


def expect(failures, ocsight, arguments, status, words, stdin=None):
    done = subprocess.run([ocsight, *arguments], stdin=stdin, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=600)
    problem = done.stderr.decode("utf-8", "replace")
    if done.returncode != status or words not in problem:
        failures.add(f"{arguments}: exit status {done.returncode}: {problem.strip()[-400:]!r}, "
                     f"expected {status} and {words!r}")
    return done.stdout


def check_refusals(failures, ocsight, folder, capture, store):
    failures.where = "refused"
    other = os.path.join(folder, "other.db")
    expect(failures, ocsight, ["audit", "--filter", "tcp", store], 2, "--filter looks at packets")
    sqlite3.connect(other).execute("CREATE TABLE t (a)").connection.close()
    expect(failures, ocsight, ["audit", other], 3, "none that ocsight wrote")
    expect(failures, ocsight, ["store", store, "-o", other + ".copy"], 2, "is a store itself")
    newer = change(store, os.path.join(folder, "newer.db"), "PRAGMA user_version = 99")
    expect(failures, ocsight, ["audit", newer], 3, "newer version of ocsight (schema 99")
    with open(store, "rb") as content:
        expect(failures, ocsight, ["audit", "-"], 3, "give a store as an uncompressed file", content)
    packed = os.path.join(folder, "packed.db.gz")
    with open(store, "rb") as content, gzip.open(packed, "wb") as out:
        out.write(content.read())
    expect(failures, ocsight, ["audit", packed], 3, "give a store as an uncompressed file")
    empty = change(store, os.path.join(folder, "empty.db"), "DELETE FROM run", "DELETE FROM input")
    expect(failures, ocsight, ["audit", empty], 3, "nothing was kept")
    name = os.path.join(folder, "named.pcap")
    shutil.copy(store, name)
    compare(failures, ocsight, COMMANDS[0], [capture], [name])
    # other inputs are still analyzed
    out = expect(failures, ocsight, ["messages", other, capture], 3, "none that ocsight wrote")
    if not out:
        failures.add("the capture beside a foreign database was not read")


def check_unfinished(failures, ocsight, folder, capture, store):
    failures.where = "unfinished"
    cut = change(store, os.path.join(folder, "cut.db"),
                 "UPDATE run SET complete = 0, packets = NULL, decoded = NULL, streams = NULL, "
                 "streams_read = NULL, verdict = NULL",
                 "UPDATE input SET kind = NULL, records = NULL, first_time = NULL, last_time = NULL")
    out = expect(failures, ocsight, ["audit", "--fail-on", "never", "--format", "json", cut], 0,
                 "never finished")
    if b"coverage-truncated" not in out or b'"verdict":"partial"' not in out.replace(b" ", b""):
        failures.add("an unfinished store does not say so")
    command = ["messages", "--format", "json"]
    if said(failures, ocsight, command, [capture])[1] != said(failures, ocsight, command, [cut])[1]:
        failures.add("an unfinished store holds other messages")


KILLED = """
import os, sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("PRAGMA cache_size = 1")
database.execute("BEGIN")
database.execute("DELETE FROM message")
for number in range(200):
    database.execute("INSERT INTO body (digest, content) VALUES (?, ?)",
                     (b"%d" % number, "x" * 40000))
os._exit(0)
"""


def check_journal(failures, ocsight, folder, capture, store):
    """A writer was killed inside a transaction, and one is at work."""
    failures.where = "killed"
    killed = os.path.join(folder, "killed.db")
    shutil.copy(store, killed)
    subprocess.run([sys.executable, "-c", KILLED, killed], check=True)
    if not os.path.exists(killed + "-journal"):
        failures.add("no journal was left; this test tests nothing")
    compare(failures, ocsight, COMMANDS[0], [capture], [killed])
    writer = sqlite3.connect(killed, isolation_level=None)
    writer.execute("BEGIN EXCLUSIVE")
    expect(failures, ocsight, ["audit", killed], 3, "another process is using it")
    writer.close()


def check_damaged(failures, ocsight, folder, store):
    failures.where = "damaged"
    odd = change(store, os.path.join(folder, "odd.db"),
                 "UPDATE message SET time = -5 WHERE sequence % 3 = 1",
                 "UPDATE hop SET transport = 'pigeon' WHERE id = 1")
    expect(failures, ocsight, ["messages", odd], 0, "rows make no sense and are left out")
    cut = os.path.join(folder, "short.db")
    content = open(store, "rb").read()
    open(cut, "wb").write(content[:len(content) // 2 // 16384 * 16384])
    status, _, problem = run([ocsight, "audit", cut])
    if status not in CALM or not problem.strip():
        failures.add(f"half a store: exit status {status}: {problem[-300:]!r}")


VALUES = [0, 1, -1, 7, 2**31, 2**32, 2**63 - 1, -2**63, "", "x", "\u202e\x01", b"", b"\0\xff", None]


def hostile_bytes(chance, content):
    changed = bytearray(content)
    for _ in range(chance.choice([1, 3, 20, 200])):
        changed[chance.randrange(100, len(changed))] = chance.choice([0, 1, 0x7f, 0xff,
                                                                       chance.randrange(256)])
    return bytes(changed)


def hostile_values(chance, store, copy):
    shutil.copy(store, copy)
    database = sqlite3.connect(copy)
    tables = ["run", "input", "message", "hop", "body", "http", "dns", "coverage", "skipped"]
    for _ in range(chance.choice([1, 2, 5, 20])):
        table = chance.choice(tables)
        columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
        try:
            database.execute(f"UPDATE {table} SET {chance.choice(columns)} = ? "
                             f"WHERE abs(random()) % ? = 0",
                             (chance.choice(VALUES), chance.choice([1, 2, 10])))
        except (sqlite3.Error, OverflowError):
            pass
    database.commit()
    database.close()


def check_hostile(failures, ocsight, folder, store, count):
    content = open(store, "rb").read()
    copy = os.path.join(folder, "hostile.db")
    for seed in range(count):
        failures.where = f"hostile, seed {seed}"
        chance = random.Random(seed)
        if seed % 2 == 0:
            open(copy, "wb").write(hostile_bytes(chance, content))
        else:
            hostile_values(chance, store, copy)
        said(failures, ocsight, COMMANDS[seed // 2 % len(COMMANDS)], [copy])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("ocsight")
    parser.add_argument("renderer")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--hostile", type=int, default=80)
    given = parser.parse_args()
    failures = Failures()
    with tempfile.TemporaryDirectory() as folder:
        if given.short:
            check_short(failures, given.ocsight, given.renderer, folder)
        else:
            check_samples(failures, given.ocsight, given.renderer, folder, given.all)
            check_several(failures, given.ocsight, given.renderer, folder)
        capture = os.path.join(folder, "chat-files-plain.pcap")
        store = os.path.join(folder, "chat-files-plain.db")
        check_refusals(failures, given.ocsight, folder, capture, store)
        check_unfinished(failures, given.ocsight, folder, capture, store)
        check_journal(failures, given.ocsight, folder, capture, store)
        check_damaged(failures, given.ocsight, folder, store)
        check_hostile(failures, given.ocsight, folder, store, given.hostile)
    failures.where = ""
    return failures.finish("a store says what its captures say")


if __name__ == "__main__":
    sys.exit(main())
