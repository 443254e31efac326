#!/usr/bin/env python3
"""`ocsight store`: a file that is right, whatever happens while it is written.

    check_store.py OCSIGHT RENDER-SAMPLE PRESENCE-DAY

1. Every table, view and column of a store has a comment; a foreign key never dangles.
2. Every sample is stored: as many messages as the capture has, the derived tables as the audit
   says, no secret of it anywhere in the file, no file left beside it.
3. One capture after the other is as good as both at once; a capture given again is left out.
4. Killed at any moment, the file is valid, and --append ends where an undisturbed run does.
5. Ctrl-C, a full disk, no permission, two processes, another's file, another version, a
   damaged file: one line, the right exit status, and what was there is still there.
6. The questions of views.sql have the answers that the program gives.
"""
import json
import os
import random
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing

from sampling import ROOT, Failures, render, run, sample_names

SECRET_HEADER = re.compile(
    rb"(?im)^(?:proxy-)?auth(?:orization|enticate|entication-info):[^\r\n]*|"
    rb"^www-authenticate:[^\r\n]*")
SECRET_VALUE = re.compile(
    rb'(?:response|gssapi-data|opaque|crand|srand|nonce|cnonce|rspauth)="?([^",\s]{6,})')
TOKEN = re.compile(rb'(?:<token[^>]*token="|<token>)([0-9A-Fa-f-]{36})')
PLACE = "sequence merge_time input time record offset place stream stream_offset".split()


def store(ocsight, *arguments, expected=0, failures=None, timeout=300):
    status, _, problem = run([ocsight, "store", *arguments], timeout)
    if failures is not None and status != expected:
        failures.add(f"store {' '.join(arguments)}: exit status {status}, expected {expected}: "
                     f"{problem.strip()[-400:]}")
    return problem


def one_line(failures, what, problem, *words):
    lines = problem.strip().splitlines()
    if len(lines) != 1 or not all(word in problem for word in words):
        failures.add(f"{what}: expected one line with {words}, got {problem.strip()[-400:]!r}")


def rows(path, statement):
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        database.text_factory = bytes
        return database.execute(statement).fetchall()


def change(path, statement):
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        return database.execute(statement).fetchall()


def names_of(path, kind):
    return [name.decode() for (name,) in rows(
        path, f"SELECT name FROM sqlite_schema WHERE type = '{kind}' ORDER BY name")]


def dump(path):
    """Everything in a store, but what its file is called."""
    return {name: sorted(rows(path, f"SELECT * FROM {name}"), key=repr)
            for name in names_of(path, "table")}


def differing(one, other):
    return [name for name in sorted(one.keys() | other.keys())
            if one.get(name) != other.get(name)]


# ---- 1 ----

def check_comments(failures):
    """The files are one column a line, each behind its comment."""
    counted = 0
    for name in ("truth", "derived", "views"):
        lines = open(os.path.join(ROOT, "sql", "store", name + ".sql"), encoding="utf-8").readlines()
        inside = False
        for number, line in enumerate(lines):
            behind_comment = number > 0 and lines[number - 1].lstrip().startswith("--")
            if re.match(r"CREATE (TABLE|VIEW) ", line):
                inside = True
                if not behind_comment:
                    failures.add(f"{name}.sql:{number + 1}: no comment before {line.strip()}")
            elif line.startswith(")"):
                inside = False
            elif inside and re.match(r"    [a-z]\w*\b", line):
                counted += 1
                if not behind_comment:
                    failures.add(f"{name}.sql:{number + 1}: no comment before {line.strip()}")
    return counted


def check_schema(failures, path):
    columns = sum(len(rows(path, f"SELECT 1 FROM pragma_table_info('{name}')"))
                  for kind in ("table", "view") for name in names_of(path, kind))
    failures.same("columns with a comment", columns, check_comments(failures))
    failures.same("dangling references", [], rows(path, "PRAGMA foreign_key_check"))
    failures.same("integrity", [(b"ok",)], rows(path, "PRAGMA integrity_check"))


# ---- 2 ----

def secrets_of(capture):
    content = open(capture, "rb").read()
    found = set(TOKEN.findall(content))
    for header in SECRET_HEADER.findall(content):
        found.update(SECRET_VALUE.findall(header))
    return {secret for secret in found if secret.strip(b"0~") != b""}


def check_sample(failures, ocsight, capture, folder):
    path = os.path.join(folder, "sample.db")
    store(ocsight, capture, "-o", path, failures=failures)
    status, out, _ = run([ocsight, "audit", "--format", "json", "--fail-on", "never", capture])
    report = json.loads(out)
    summary = report["summary"]
    failures.same("messages", summary["sip_messages"], rows(path, "SELECT count(*) FROM message")[0][0])
    failures.same("understood", summary["sip_messages"], rows(path, "SELECT count(*) FROM sip")[0][0])
    failures.same("dialogs", summary["dialogs"], rows(path, "SELECT count(*) FROM dialog")[0][0])
    failures.same("findings",
                  [(f["id"], f["rule"], f["severity"], f["message"], len(f["evidence"]))
                   for f in report["findings"]],
                  [(i, r.decode(), s.decode(), m.decode(), n) for i, r, s, m, n in rows(
                      path, "SELECT id, rule, severity, message, (SELECT count(*) FROM evidence "
                      "WHERE finding = finding.id) FROM finding ORDER BY id")])
    failures.same("coverage of the run", summary["coverage"]["verdict"].encode(),
                  rows(path, "SELECT verdict FROM run")[0][0])
    content = open(path, "rb").read()
    secrets = secrets_of(capture)
    for secret in secrets:
        if secret in content:
            failures.add(f"the store holds the secret {secret!r}")
    failures.same("files", ["sample.db"], sorted(os.listdir(folder)))
    check_schema(failures, path)
    os.unlink(path)
    return len(secrets)


def check_samples(failures, ocsight, captures, folder):
    secrets = 0
    for name, capture in captures.items():
        failures.where = name
        secrets += check_sample(failures, ocsight, capture, folder)
    failures.where = ""
    if secrets < 20:
        failures.add(f"only {secrets} secrets were looked for")


# ---- 3 ----

def check_append(failures, ocsight, captures, folder):
    failures.where = "append"
    one, both = os.path.join(folder, "one.db"), os.path.join(folder, "both.db")
    names = ["group-chat", "presence-change", "faults"]  # in the order of their time
    parts = [captures[name] for name in names]
    store(ocsight, *parts, "-o", both, failures=failures)
    store(ocsight, parts[0], "-o", one, failures=failures)
    for part in parts[1:]:
        store(ocsight, "--append", part, "-o", one, failures=failures)
    apart, together = dump(one), dump(both)
    for table in ("run", "skipped", "derivation"):
        del apart[table], together[table]
    # Which input of several a row belongs to is a matter of the command line.
    failures.same("tables that differ", ["input"], differing(apart, together))
    before = dump(one)
    problem = store(ocsight, "--append", parts[1], "-o", one, failures=failures)
    one_line(failures, "a capture given again", problem, "already", os.path.basename(parts[1]))
    failures.same("tables changed by a capture given again", [], differing(before, dump(one)))
    problem = store(ocsight, parts[1], "-o", one, expected=4, failures=failures)
    one_line(failures, "an existing file", problem, "--append")
    failures.same("tables changed without --append", [], differing(before, dump(one)))
    store(ocsight, "--append", "-o", one, "--no-rule", "register-refused", failures=failures)
    failures.same("findings of a rule that was left out", 0, rows(
        one, "SELECT count(*) FROM finding WHERE rule = 'register-refused'")[0][0])
    store(ocsight, "--append", "-o", one, failures=failures)
    failures.same("tables after the rules came back", [], differing(before, dump(one)))
    problem = store(ocsight, parts[0], parts[0], "-o", os.path.join(folder, "twice.db"),
                    failures=failures)
    one_line(failures, "a capture named twice", problem, "twice")
    empty = os.path.join(folder, "unreadable.db")
    store(ocsight, os.path.join(folder, "absent.pcap"), "-o", empty, expected=3, failures=failures)
    failures.same("a store of nothing", False, os.path.exists(empty))
    failures.where = ""


# ---- 4 ----

def start(ocsight, *arguments):
    return subprocess.Popen([ocsight, "store", *arguments], stdout=subprocess.DEVNULL,
                            stderr=subprocess.PIPE)


def kill_and_resume(failures, ocsight, day, whole, folder, moment):
    path = os.path.join(folder, "killed.db")
    process = start(ocsight, day, "-o", path)
    time.sleep(moment)
    process.kill()
    process.communicate()
    if os.path.exists(path):
        # Looking at it for writing puts a hot journal back.
        failures.same("integrity", [("ok",)], change(path, "PRAGMA integrity_check"))
    store(ocsight, "--append", "-q", day, "-o", path, failures=failures)
    failures.same("tables that differ from an undisturbed run", [],
                  differing(whole, dump(path)))
    for name in os.listdir(folder):
        if name.startswith("killed.db"):
            os.unlink(os.path.join(folder, name))


def check_kills(failures, ocsight, day, folder):
    path = os.path.join(folder, "whole.db")
    begun = time.monotonic()
    store(ocsight, day, "-o", path, failures=failures)
    took = time.monotonic() - begun
    whole = dump(path)
    moments = [took * part / 8 for part in range(8)] + [0.01, 0.03]
    for moment in moments:
        failures.where = f"killed after {moment:.2f} s of {took:.2f} s"
        kill_and_resume(failures, ocsight, day, whole, folder, moment)
    failures.where = ""
    return path, took


def check_interrupt(failures, ocsight, day, whole, took, folder):
    failures.where = "Ctrl-C"
    path = os.path.join(folder, "partial.db")
    for share in (0.4, 0.2, 0.1):
        process = start(ocsight, day, "-o", path)
        time.sleep(took * share)
        process.send_signal(signal.SIGINT)
        process.communicate()
        if process.returncode == 130:
            break
        os.unlink(path)
    failures.same("exit status", 130, process.returncode)
    failures.same("run", [(1, 1)], rows(path, "SELECT complete, partial FROM run"))
    kept = rows(path, "SELECT count(*) FROM message")[0][0]
    if kept >= rows(whole, "SELECT count(*) FROM message")[0][0]:
        failures.add("nothing was left to read")
    problem = store(ocsight, "--append", day, "-o", path, failures=failures)
    one_line(failures, "read again", problem, "interrupted", "dropped")
    failures.same("tables that differ from an undisturbed run", [],
                  differing(dump(whole), dump(path)))
    os.unlink(path)
    failures.where = ""


# ---- 5 ----

def limit_file_size():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2 << 20, 2 << 20))


def check_full_disk(failures, ocsight, captures, day, folder):
    failures.where = "full disk"
    disk = os.path.join(folder, "disk")
    os.mkdir(disk)
    mounted = os.geteuid() == 0 and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk],
        stderr=subprocess.DEVNULL).returncode == 0
    try:
        path = os.path.join(disk, "full.db")
        store(ocsight, captures["group-chat"], "-o", path, failures=failures)
        before = dump(path)
        done = subprocess.run([ocsight, "store", "--append", day, "-o", path],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              preexec_fn=None if mounted else limit_file_size)
        failures.same("exit status", 4, done.returncode)
        one_line(failures, "message", done.stderr.decode(), "full" if mounted else "full.db")
        after = dump(path)
        failures.same("messages that were there", before["message"], after["message"])
        failures.same("runs that are complete", 1,
                      rows(path, "SELECT count(*) FROM run WHERE complete = 1")[0][0])
        store(ocsight, "--append", "-q", "-o", path, failures=failures)
        failures.same("tables after the cut run was dropped", [], differing(before, dump(path)))
    finally:
        if mounted:
            subprocess.run(["umount", disk], check=True)
    failures.where = ""


HOLD = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("BEGIN EXCLUSIVE")
print(flush=True)
sys.stdin.read()
"""


def hold_lock(path):
    """A process that has locked the file; it lets go when its input ends."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, path], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE)
    process.stdout.readline()
    return process


def check_refusals(failures, ocsight, captures, folder):
    failures.where = "refusals"
    capture = captures["group-chat"]
    path = os.path.join(folder, "refused.db")
    store(ocsight, captures["faults"], "-o", path, failures=failures)

    def refused(what, target, *words):
        content = open(target, "rb").read() if os.path.isfile(target) else None
        problem = store(ocsight, "--append", capture, "-o", target, expected=4, failures=failures)
        one_line(failures, what, problem, *words)
        if content is not None:
            failures.same(f"{what}: its bytes", True, content == open(target, "rb").read())

    other = hold_lock(path)
    refused("two processes", path, "another process")
    other.communicate()
    refused("a text", os.path.join(ROOT, "README.md"), "no SQLite database")
    refused("a capture", captures["faults"], "no SQLite database")
    refused("a folder", folder, "folder")
    refused("no folder", os.path.join(folder, "none", "x.db"), "x.db")
    foreign = os.path.join(folder, "foreign.db")
    change(foreign, "CREATE TABLE run (id)")
    refused("another program's database", foreign, "no store")
    for version, word in ((0, "older"), (2, "newer")):
        changed = os.path.join(folder, f"version{version}.db")
        shutil.copy(path, changed)
        change(changed, f"PRAGMA user_version = {version}")
        refused(f"a store of version {version}", changed, word)
    damaged = os.path.join(folder, "damaged.db")
    content = bytearray(open(path, "rb").read())
    content[16384:16384 * 3] = random.Random(1).randbytes(16384 * 2)
    with open(damaged, "wb") as file:
        file.write(content)
    problem = store(ocsight, "--append", capture, "-o", damaged, expected=4, failures=failures)
    one_line(failures, "a damaged store", problem, "damaged")
    if os.geteuid() != 0:  # root may write anywhere
        os.chmod(path, 0o444)
        refused("a read-only store", path, "ermission")
    status, _, problem = run([ocsight, "store", capture])
    failures.same("without -o", 2, status)
    failures.where = ""


def check_two(failures, ocsight, day, captures, folder):
    """The second of two real processes, while the first writes."""
    failures.where = "two processes"
    path = os.path.join(folder, "shared.db")
    first = start(ocsight, day, "-o", path)
    while not os.path.exists(path) or os.path.getsize(path) == 0:
        if first.poll() is not None:
            break
        time.sleep(0.01)
    time.sleep(0.05)
    problem = store(ocsight, "--append", captures["faults"], "-o", path, expected=4,
                    failures=failures)
    one_line(failures, "the second", problem, "another process")
    first.communicate()
    failures.same("the first", 0, first.returncode)
    failures.same("runs", [(1,)], rows(path, "SELECT count(*) FROM run"))
    failures.where = ""


# ---- 6 ----

def check_views(failures, ocsight, captures, folder):
    failures.where = "views"
    path = os.path.join(folder, "views.db")
    store(ocsight, captures["presence-change"], captures["faults"], "-o", path, failures=failures)
    _, out, _ = run([ocsight, "presence", "--format", "json", captures["presence-change"],
                     captures["faults"]])
    expected = sorted((u["user"], u["band"], u["availability"], u["since"])
                      for u in json.loads(out)["users"] if u["band"] != "unknown")
    found = sorted((user.decode(), band.decode(), availability, since.decode())
                   for user, band, availability, since in rows(
                       path, "SELECT user, band, availability, max(since) FROM availability "
                       "WHERE until IS NULL GROUP BY user"))
    failures.same("users at the end", [row[:3] for row in expected], [row[:3] for row in found])
    _, out, _ = run([ocsight, "chat", "--format", "json", captures["faults"],
                     captures["presence-change"]])
    posts = sorted((message["author"], message["text"], message["state"])
                   for room in json.loads(out)["rooms"] for message in room["messages"])
    failures.same("posts", posts, sorted(
        tuple(cell.decode() for cell in row)
        for row in rows(path, "SELECT author, text, state FROM transcript")))
    for view in names_of(path, "view"):
        if not rows(path, f"SELECT * FROM {view}") and view != "unread":
            failures.add(f"{view} has no rows")
    failures.where = ""


def main():
    ocsight, renderer, generator = sys.argv[1:]
    failures = Failures()
    with tempfile.TemporaryDirectory() as base:
        captures = {name: render(renderer, name, os.path.join(base, name + ".pcap"))
                    for name in sample_names()}
        day = os.path.join(base, "day.pcap")
        subprocess.run([generator, "--users", "60", "--changes", "4000",
                        os.path.join(base, "story"), day], check=True)

        def folder(name):
            path = os.path.join(base, "in-" + name)
            os.mkdir(path)
            return path

        check_samples(failures, ocsight, captures, folder("samples"))
        check_append(failures, ocsight, captures, folder("append"))
        check_views(failures, ocsight, captures, folder("views"))
        check_refusals(failures, ocsight, captures, folder("refusals"))
        killed = folder("killed")
        whole, took = check_kills(failures, ocsight, day, killed)
        check_interrupt(failures, ocsight, day, whole, took, killed)
        check_two(failures, ocsight, day, captures, folder("two"))
        check_full_disk(failures, ocsight, captures, day, folder("full"))
    return failures.finish("stores are right, whatever happens while they are written")


if __name__ == "__main__":
    sys.exit(main())
