#!/usr/bin/env python3
"""The command line as users meet it: exit statuses, messages, bad input, options.

    check_cli.py OCSIGHT FOLDER-OF-RENDERED-SAMPLES

Each row of CASES: what it shows, the arguments, the exit status, words that standard
output must hold and words that standard error must hold. {samples} and {work} are
folders; the files in {work} are made by make_inputs().
"""
import ctypes
import json
import os
import shutil
import re
import struct
import subprocess
import sys
import tempfile
import xml.etree.ElementTree
import zlib

from sampling import Failures

CASES = [
    ("no command", [], 2, [], ["no command", "ocsight help"]),
    ("unknown command", ["frobnicate"], 2, [], ["no command 'frobnicate'"]),
    ("unknown option", ["audit", "--frob", "{samples}/faults.pcap"], 2, [], ["no option '--frob'"]),
    ("option of another command", ["bands", "--timeline"], 2, [], ["takes no option --timeline"]),
    ("option without its value", ["audit", "--format"], 2, [], ["--format needs FORMAT"]),
    ("unknown format", ["audit", "--format", "pdf", "{samples}/faults.pcap"], 2, [],
     ["written as text, json, csv, html or markdown"]),
    ("an appendix of text", ["ladder", "--appendix", "{samples}/faults.pcap"], 2, [],
     ["--appendix is for a PDF"]),
    ("a PDF to scale", ["ladder", "--scale", "2", "{samples}/faults.pcap", "-o", "{work}/a.pdf"], 2,
     [], ["--scale is for an SVG or PNG"]),
    ("paper for a page", ["ladder", "--paper", "a4", "{samples}/faults.pcap", "-o",
                          "{work}/a.html"], 2, [], ["--paper is for a drawing"]),
    ("no input", ["audit"], 2, [], ["no input"]),
    ("neither file nor user", ["presence", "nobody"], 2, [], ["neither a file", "nor a user"]),
    ("unknown rule", ["audit", "--rule", "no-such-rule", "{samples}/faults.pcap"], 2, [],
     ["no rule 'no-such-rule'"]),
    ("bad filter", ["audit", "--filter", "host (", "{samples}/faults.pcap"], 2, [], ["host ("]),
    ("bad time", ["audit", "--from", "yesterday", "{samples}/faults.pcap"], 2, [], ["--from"]),
    ("unknown zone", ["audit", "--tz", "Mars/Olympus", "{samples}/faults.pcap"], 2, [],
     ["no time zone"]),
    ("missing file", ["audit", "{work}/missing.pcap"], 3, [], ["missing.pcap", "No such file"]),
    ("directory", ["audit", "{work}"], 3, [], ["directory"]),
    ("empty file", ["audit", "{work}/empty.pcap"], 3, [], ["empty"]),
    ("text file", ["audit", "{work}/text.pcap"], 3, [], ["text.pcap"]),
    ("event trace", ["audit", "{work}/trace.cab"], 3, [], ["trace.cab"]),
    ("no SIP", ["audit", "{work}/nosip.pcap"], 0, ["coverage-no-sip", "nothing can be said"], []),
    ("only a header", ["audit", "{work}/header.pcap"], 0, ["coverage-no-sip"], []),
    ("breaks off", ["audit", "--fail-on", "never", "{work}/cut.pcap"], 0, ["coverage-truncated"],
     ["cut.pcap", "record"]),
    ("coverage fails", ["audit", "--fail-on", "never,coverage", "{work}/cut.pcap"], 1, [], []),
    ("findings", ["audit", "{samples}/faults.pcap"], 1, ["chat-message-not-delivered"], []),
    ("never fails", ["audit", "--fail-on", "never", "{samples}/faults.pcap"], 0, [], []),
    ("warnings fail", ["audit", "--fail-on", "warning", "--rule", "publish-expired",
                       "{samples}/faults.pcap"], 1, ["publish-expired"], []),
    ("clean", ["audit", "--fail-on", "warning", "{samples}/group-chat.pcap"], 0,
     ["0 errors, 0 warnings"], []),
    ("one of two is missing", ["audit", "--fail-on", "never", "{samples}/group-chat.pcap",
                               "{work}/missing.pcap"], 3, ["chat room"], ["missing.pcap"]),
    ("output that cannot be written", ["audit", "{samples}/group-chat.pcap", "-o",
                                       "{work}/no/such/folder.txt"], 4, [], ["cannot write"]),
    ("full disk", ["messages", "{samples}/group-chat.pcap", "-o", "/dev/full"], 4, [],
     ["cannot write", "No space"]),
    ("nobody", ["presence", "nobody@contoso.example", "{samples}/presence-change.pcap"], 0,
     ["Unknown"], []),
    ("wildcard", ["presence", "wes@*", "{samples}/faults.pcap"], 0, ["wes@contoso.example"], []),
    ("before anything", ["presence", "--at", "2000-01-01T00:00:00Z", "fay@contoso.example",
                         "{samples}/faults.pcap"], 0, ["Unknown"], []),
    ("the range turned round", ["presence", "--from", "10:00:00", "--to", "09:00:00",
                                "{samples}/faults.pcap"], 2, [],
     ["--from 10:00:00 is later than --to 09:00:00"]),
    ("explained", ["presence", "--explain", "ada@contoso.example",
                   "{samples}/presence-change.pcap"], 0, ["ada@contoso.example", "source:"], []),
    ("explained as a table", ["presence", "--explain", "--format", "csv",
                              "{samples}/presence-change.pcap"], 2, [], ["--explain is text or JSON"]),
    ("a watcher", ["presence", "--as", "sip:BO@contoso.example", "{samples}/presence-change.pcap"], 0,
     ["bo@contoso.example was told", "as it was (#56)"], []),
    ("a watcher told at once", ["presence", "--as", "bo@contoso.example",
                                "{samples}/presence-change.pcap"], 0,
     ["    stale      2 times for less than a second\n", "from any container but 32000"], []),
    ("a blocked watcher", ["presence", "--as", "mal@contoso.example",
                           "{samples}/watching-faults.pcap"], 0,
     ["a blocked watcher may be shown Offline only", "from container 32000 by the owner's"], []),
    ("mentioned only", ["presence", "{samples}/watching-faults.pcap"], 0,
     ["\nUnknown: the input says nothing about the presence of\n  bo@contoso.example, cy@"], []),
    ("what else is possible", ["presence", "--explain", "{samples}/endpoints.pcap"], 0,
     ["no endpoint is registered; possible:\n", "3500 or 18000 and up"], []),
    ("a watcher of nobody", ["presence", "--as", "zoe@contoso.example",
                             "{samples}/presence-change.pcap"], 0,
     ["zoe@contoso.example was told nothing in this input"], []),
    ("several watchers", ["presence", "--as", "b*", "{samples}/presence-change.pcap"], 2, [],
     ["--as takes one watcher"]),
    ("a watcher drawn", ["presence", "--as", "bo@contoso.example", "-o", "{work}/as.pdf",
                         "{samples}/presence-change.pcap"], 2, [], ["a drawing shows the timeline"]),
    ("from a moment on", ["presence", "--timeline", "--from", "08:02:00", "ada@contoso.example",
                          "{samples}/presence-change.pcap"], 0,
     ["08:02:00.000  Busy 6500", "since 08:01:22"], []),
    ("containers", ["containers"], 0, ["32000  Blocked", "fed from"], []),
    ("containers as JSON", ["containers", "--format", "json"], 0, ["ocsight.containers/1"], []),
    ("members", ["containers", "{samples}/faults.pcap"], 0, ["Coverage"], []),
    ("user", ["messages", "--user", "HAL@contoso.example", "{samples}/faults.pcap"], 0,
     ["hal@contoso.example"], []),
    ("call id", ["dialogs", "--call-id", "faults-options-01", "{samples}/faults.pcap"], 0,
     ["1 dialogs"], []),
    ("room by name", ["messages", "--room", "ops bridge", "{samples}/faults.pcap"], 0, ["INFO"], []),
    ("time of day", ["messages", "--from", "13:12:00", "{samples}/faults.pcap"], 0, ["13:12:30.000"], []),
    ("zone", ["messages", "--tz", "Asia/Seoul", "{samples}/faults.pcap"], 0, ["22:00:00"], []),
    ("hash", ["audit", "--hash", "--fail-on", "never", "{samples}/faults.pcap"], 0, ["SHA-256"], []),
    ("for a ticket", ["audit", "--format", "markdown", "--fail-on", "never", "{samples}/faults.pcap"],
     0, ["## Audit of `", "SHA-256", "### Errors (7)"], []),
    ("for a ticket, by suffix", ["audit", "{samples}/faults.pcap", "-o", "{work}/ticket.md"], 1, [], []),
    ("a baseline that is none", ["audit", "--baseline", "{work}/text.pcap", "{samples}/faults.pcap"],
     3, [], ["text.pcap: no JSON: line 1"]),
    ("no baseline", ["audit", "--baseline", "{work}/none", "{samples}/faults.pcap"], 3, [],
     ["No such file"]),
    ("a baseline for nothing else", ["dialogs", "--baseline", "x", "{samples}/faults.pcap"], 2, [],
     ["takes no option --baseline"]),
    ("rule off", ["audit", "--no-rule", "publish-expired", "{samples}/faults.pcap"], 1,
     ["7 errors, 4 warnings"], []),
    ("rule waits longer", ["audit", "--rule", "chat-message-not-delivered", "--limit",
                           "chat-message-not-delivered=100000", "{samples}/faults.pcap"], 0,
     ["0 errors"], []),
    ("transcript", ["chat", "--transcript", "Ops Bridge", "{samples}/persistent-chat.pcap"], 0,
     ["점심 뭐 먹죠?", "got it:"], []),
    ("named parties", ["ladder", "--names", "{work}/names.txt", "--name", "192.0.2.5=Pool 1",
                       "{samples}/presence-change.pcap"], 0,
     [" Ada L.", " Pool 1\n", " 보 탄 "], ["--names: '10.0.0.9' is nobody in this drawing"]),
    ("a name without address", ["ladder", "--name", "FE01", "{samples}/faults.pcap"], 2, [],
     ["--name takes ADDR=NAME, not 'FE01'"]),
    ("a wrong line of names", ["ladder", "--names", "{work}/wrong.txt", "{samples}/faults.pcap"], 2,
     [], ["wrong.txt:2: a line is ADDR=NAME"]),
    ("names that are not there", ["ladder", "--names", "{work}/missing.txt",
                                  "{samples}/faults.pcap"], 3, [], ["missing.txt: No such file"]),
    ("annotated and redacted", ["annotate", "--redact", "{samples}/faults.pcap", "-o", "{work}/a.pcapng"],
     2, [], ["the packets stay as they are"]),
    ("annotated with a key", ["annotate", "--redact-key", "{work}/text.pcap", "{samples}/faults.pcap"],
     2, [], ["the packets stay as they are"]),
    ("annotated with a key that is not there", ["annotate", "--redact-key", "{work}/none",
                                                "{samples}/faults.pcap"], 2, [],
     ["the packets stay as they are"]),
    ("a key that is not there", ["audit", "--redact-key", "{work}/none", "{samples}/faults.pcap"], 3,
     [], ["--redact-key", "No such file"]),
    ("a key that is a folder", ["ladder", "--redact-key", "{work}", "{samples}/faults.pcap"], 3, [],
     ["Is a directory"]),
    ("an empty key", ["messages", "--redact-key", "{work}/empty.pcap", "{samples}/faults.pcap"], 2,
     [], ["a key has 16 to 4096 bytes"]),
    ("two inputs annotated", ["annotate", "{samples}/faults.pcap", "{samples}/quirks.pcap", "-o",
                              "{work}/a.pcapng"], 2, [], ["annotate takes one INPUT"]),
    ("only a user without one", ["annotate", "--only", "user", "{samples}/faults.pcap", "-o",
                                 "{work}/a.pcapng"], 2, [], ["--only user needs --user"]),
    ("only a dialog without one", ["annotate", "--only", "dialog", "{samples}/faults.pcap", "-o",
                                   "{work}/a.pcapng"], 2, [], ["--only dialog needs --dialog"]),
    ("only a finding that is none", ["annotate", "--only", "finding", "--finding", "99",
                                     "{samples}/faults.pcap", "-o", "{work}/a.pcapng"], 2, [],
     ["no finding 99"]),
    ("related to nothing", ["annotate", "--related", "{samples}/faults.pcap", "-o",
                            "{work}/a.pcapng"], 2, [], ["--related goes with --dialog"]),
    ("related to a Call-ID", ["annotate", "--related", "--call-id", "faults-options-01",
                              "{samples}/faults.pcap", "-o", "{work}/a.pcapng"], 2, [],
     ["--related goes with --dialog"]),
    ("no call flow to annotate", ["annotate", "--flow", "no-such", "{samples}/faults.pcap", "-o",
                                  "{work}/a.pcapng"], 2, [], ["--flow is one of"]),
    ("annotated text", ["annotate", "{work}/text.pcap", "-o", "{work}/a.pcapng"], 3, [],
     ["is text, not a capture"]),
    ("annotated and cut", ["annotate", "{work}/cut.pcap", "-o", "{work}/cut.pcapng"], 0, [],
     ["cut.pcap", "record"]),
    ("annotated on a full disk", ["annotate", "{samples}/faults.pcap", "-o", "/dev/full"], 4, [],
     ["No space"]),
    ("annotated onto itself", ["annotate", "{work}/cut.pcap", "-o", "{work}/./cut.pcap"], 2, [],
     ["cut.pcap is what is read"]),
    ("drawn onto its names", ["ladder", "--names", "{work}/names.txt", "{samples}/faults.pcap", "-o",
                              "{work}/names.txt"], 2, [], ["names.txt is what is read"]),
    ("not overwritten", ["audit", "--fail-on", "never", "{work}/cut.pcap"], 0, [], ["record"]),
    ("rules", ["rules"], 0, ["sip-request-unanswered", "coverage-cap"], []),
    ("rules as a table", ["rules", "--format", "csv"], 2, [], ["written as text or json"]),
    ("bands as a table", ["bands", "-o", "{work}/bands.csv"], 2, [], ["written as text or json"]),
    ("containers as a table", ["containers", "--format", "csv"], 2, [],
     ["written as text or json"]),
    ("one rule", ["rules", "chat-message-not-delivered"], 0, ["waits", "basis"], []),
    ("no such rule", ["rules", "frob"], 2, [], ["no rule 'frob'"]),
    ("bands", ["bands"], 0, ["18000 and up", "15000 - 17999", "undefined"], []),
    ("version", ["--version"], 0, ["ocsight "], []),
    ("help", ["help"], 0, ["Commands:"], []),
    ("help of a command", ["audit", "--help"], 0, ["--fail-on", "Examples:"], []),
    ("manual", ["help", "--man"], 0, [".TH OCSIGHT 1"], []),
]


def make_inputs(samples, work, render):
    with open(os.path.join(samples, "faults.pcap"), "rb") as file:
        capture = file.read()
    contents = {"empty.pcap": b"", "text.pcap": b"Dear diary, this is no capture.\n" * 20,
                "trace.cab": b"MSCF\0\0\0\0" + b"\0" * 100, "header.pcap": capture[:24],
                "cut.pcap": capture[:len(capture) // 2 + 5],
                "names.txt": "# desks\n192.0.2.21 = Ada L.\nsip:bo@contoso.example=보 탄\n"
                             "192.0.2.5=FE01\n10.0.0.9=Nobody\n".encode(),
                "wrong.txt": b"192.0.2.5=FE01\n192.0.2.6\n"}
    for name, content in contents.items():
        with open(os.path.join(work, name), "wb") as file:
            file.write(content)
    talk = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "samples",
                        "faults.talk")
    subprocess.run([render, "--form", "nosip", talk, os.path.join(work, "nosip.pcap")], check=True)


def run(command, **more):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120,
                          **more)
    return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8",
                                                                                       "replace")


def case_check(ocsight, places, case, failures):
    what, arguments, status, out_words, err_words = case
    arguments = [argument.format(**places) for argument in arguments]
    got, out, err = run([ocsight, *arguments])
    failures.where = f"{what}: ocsight {' '.join(arguments)}"
    failures.same("exit status", status, got)
    for word in out_words:
        if word not in out:
            failures.add(f"standard output lacks {word!r}:\n{out[:600]}")
    for word in err_words:
        if word not in err:
            failures.add(f"standard error lacks {word!r}:\n{err[:600]}")
    if status == 2 and out:
        failures.add(f"wrong usage prints on standard output: {out[:200]}")
    if len(err.splitlines()) > 4:
        failures.add(f"many lines on standard error:\n{err[:600]}")


def wide(line):
    import unicodedata
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
               for c in line)


def width_check(ocsight, samples, failures):
    """Text for people fits 80 columns on every sample."""
    for name in sorted(os.listdir(samples)):
        if not name.endswith(".pcap"):
            continue
        path = os.path.join(samples, name)
        for arguments in (["audit", "--fail-on", "never"], ["presence", "--timeline"],
                          ["presence", "--explain"], ["containers"], ["chat"],
                          ["presence", "--timeline", "--as", "bo@contoso.example"],
                          ["presence", "--timeline", "--as", "wes@contoso.example"],
                          ["chat", "--session"], ["dialogs"], ["messages"], ["ladder"]):
            _, out, _ = run([ocsight, arguments[0], path, *arguments[1:]])
            failures.where = f"{name} {arguments[0]}"
            if not out:
                failures.add("no output")
            for line in out.splitlines():
                if wide(line) > 80:
                    failures.add(f"{wide(line)} columns: {line}")


def rules_check(ocsight, work, failures):
    """The list of rules: names stand apart from severities; a suffix of -o chooses the format."""
    failures.where = "rules"
    name = os.path.join(work, "rules.json")
    run([ocsight, "rules", "-o", name])
    with open(name, encoding="utf-8") as file:
        names = [rule["rule"] for rule in json.load(file)["rules"]]
    listed = re.findall(r"^([a-z0-9-]+)\s+(?:error|warning|note) ", run([ocsight, "rules"])[1], re.M)
    failures.same("names", names, listed)


def help_check(ocsight, failures):
    """Help is read in short paragraphs on 80 columns, and the manual page has the same ones."""
    manual = run([ocsight, "help", "--man"])[1]
    for roff, text in (("\\-", "-"), ("\\&", ""), ("\\e", "\\")):
        manual = manual.replace(roff, text)
    names = re.findall(r"^  ([a-z]+) +\S", run([ocsight, "help"])[1].partition("Commands:")[2], re.M)
    if len(names) < 14:
        failures.add(f"only {len(names)} commands")
    for name in names:
        failures.where = f"help {name}"
        out = run([ocsight, "help", name])[1]
        if any(len(line) > 80 for line in out.splitlines()):
            failures.add("a line is too long")
        section = manual.partition(f"\n.SS ocsight {name} ")[2].partition("\n.TP\n")[0]
        written = [" ".join(part.split()) for part in section.partition("\n")[2].split("\n.PP\n")]
        paragraphs = out.partition("\n\n")[2].partition("\n\nOptions:")[0].split("\n\n")
        failures.same("paragraphs", written, [" ".join(part.split()) for part in paragraphs])
        for part in paragraphs:
            if len(part.splitlines()) > 8:
                failures.add(f"a long paragraph:\n{part}")


def formats_check(ocsight, samples, failures):
    """The help of --format names what a command takes, and nothing else."""
    capture = os.path.join(samples, "persistent-chat.pcap")
    runs = [["audit", capture], ["ladder", capture], ["presence", capture], ["chat", capture],
            ["chat", "--timeline", capture], ["chat", "--compliance", capture], ["db", "list"],
            ["dialogs", capture], ["flows", capture], ["messages", capture], ["rules"], ["bands"],
            ["containers"], ["containers", capture]]
    formats = {"text", "json", "csv", "xml", "html", "markdown", "pdf", "svg", "png"}
    taken = {}
    for command, *rest in runs:
        problem = run([ocsight, command, *rest, "--format",
                       "xml" if command == "audit" else "markdown"])[2]
        words = re.search("this is written as (.*)", problem)
        taken.setdefault(command, set()).update(
            re.findall("[a-z]+", words.group(1)) if words else [])
    names = re.findall(r"^  ([a-z]+) +\S", run([ocsight, "help"])[1].partition("Commands:")[2], re.M)
    for name in names:
        failures.where = f"--format of {name}"
        out = run([ocsight, "help", name])[1]
        _, option, rest = out.partition("--format FORMAT")
        told = set(re.findall(r"(?<![-.])\b[a-z]+", rest.partition("\n      --")[0])) & formats
        failures.same("an option", name in taken, bool(option))
        failures.same("formats", sorted(taken.get(name, {"or"}) - {"or"}), sorted(told))


def png_problem(data):
    """What is wrong with a PNG: each chunk's checksum, and as many pixels as it says."""
    if data[:8] != b"\x89PNG\r\n\x1a\n":
        return "no PNG"
    at, pixels, width, height = 8, b"", 0, 0
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at:at + 8])
        chunk = data[at + 8:at + 8 + size]
        if zlib.crc32(kind + chunk) != struct.unpack(">I", data[at + 8 + size:at + 12 + size])[0]:
            return f"checksum of {kind}"
        if kind == b"IHDR":
            width, height = struct.unpack(">II", chunk[:8])
        pixels += chunk if kind == b"IDAT" else b""
        at += 12 + size
    return None if len(zlib.decompress(pixels)) == height * (1 + 3 * width) else "pixels"


def drawing_check(ocsight, samples, work, failures):
    """The drawings of presence, by suffix and by --format: whole, and the same each time."""
    capture = os.path.join(samples, "presence-change.pcap")
    drawn = {}
    for suffix in ("pdf", "svg", "png"):
        for turn in (1, 2):
            name = os.path.join(work, f"day.{turn}.{suffix}")
            failures.where = f"presence -o day.{suffix}"
            status, out, err = run([ocsight, "presence", capture, "-o", name])
            failures.same("exit status", 0, status)
            if out or err:
                failures.add(f"prints {out or err}")
            with open(name, "rb") as file:
                drawn[suffix, turn] = file.read()
        if drawn[suffix, 1] != drawn[suffix, 2]:
            failures.add("two runs differ")
    failures.where = "presence drawn"
    if drawn["pdf", 1][:5] != b"%PDF-":
        failures.add("no PDF")
    problem = png_problem(drawn["png", 1])
    if problem:
        failures.add(f"PNG: {problem}")
    root = xml.etree.ElementTree.fromstring(drawn["svg", 1])
    failures.same("root of the SVG", "{http://www.w3.org/2000/svg}svg", root.tag)
    name = os.path.join(work, "by-format")
    run([ocsight, "presence", capture, "--timeline", "--format", "svg", "-o", name])
    with open(name, "rb") as file:
        failures.same("--format svg", drawn["svg", 1], file.read())


def stream_check(ocsight, samples, work, failures):
    """Standard input, compression by content, several inputs, a pipe that closes, whole output files."""
    path = os.path.join(samples, "faults.pcap")
    _, whole, _ = run([ocsight, "messages", path])
    with open(path, "rb") as file:
        status, out, _ = run([ocsight, "messages", "-"], stdin=file)
    failures.where = "standard input"
    failures.same("exit status", 0, status)
    failures.same("messages", whole, out)
    for tool, suffix in (("gzip", "gz"), ("zstd", "zst")):
        packed = os.path.join(work, "packed-" + suffix)
        with open(packed, "wb") as file:
            subprocess.run([tool, "-c", path], stdout=file, check=True)
        failures.where = tool
        failures.same("messages", whole, run([ocsight, "messages", packed])[1])
    # Nobody may look into a pipe before it is read: what was looked at is gone.
    for command in ("audit", "presence", "chat", "dialogs"):
        failures.where = f"{command} of a pipe that has a name"
        words = f"'{ocsight}' {command} --format csv"
        _, piped, _ = run(["/bin/bash", "-c", f"{words} <(cat '{path}')"])
        failures.same("output", run(["/bin/bash", "-c", f"{words} '{path}'"])[1], piped)
    failures.where = "two inputs"
    two = run([ocsight, "messages", path, os.path.join(samples, "group-chat.pcap")])[1]
    one = run([ocsight, "messages", os.path.join(samples, "group-chat.pcap")])[1]
    failures.same("lines", len(whole.splitlines()) + len(one.splitlines()) - 2,
                  len(two.splitlines()))
    failures.where = "closed pipe"
    reader = subprocess.Popen(f"'{ocsight}' messages '{path}' | head -1; exit ${{PIPESTATUS[0]}}",
                              shell=True, executable="/bin/bash", stdout=subprocess.DEVNULL)
    failures.same("exit status", 0, reader.wait(60))
    failures.where = "output file"
    target = os.path.join(work, "out.json")
    run([ocsight, "audit", path, "-o", target])
    with open(target, encoding="utf-8") as file:
        failures.same("schema", "ocsight.audit/1", json.load(file)["schema"])
    left = [name for name in os.listdir(work) if re.match(r"out\.json\..+", name)]
    failures.same("temporary files left", [], left)


def openings(path, command):
    """How often the file is opened while a command runs: exit status, count."""
    opened, accessed = 0x20, 1  # the latter parts two openings, which would be told as one
    library = ctypes.CDLL(None, use_errno=True)
    handle = library.inotify_init1(os.O_NONBLOCK)
    if handle < 0 or library.inotify_add_watch(handle, path.encode(), opened | accessed) < 0:
        raise OSError(ctypes.get_errno(), "inotify")
    try:
        status = run(command)[0]
        masks = [event[1] for event in struct.iter_unpack("iIII", os.read(handle, 1 << 20))]
    finally:
        os.close(handle)
    return status, sum(mask & opened != 0 for mask in masks)


# An input is read once more for its SHA-256, and only where that is printed.
DIGESTS = [
    (["ladder", "-o", "{work}/digest.txt"], 0), (["ladder", "-o", "{work}/digest.pdf"], 1),
    (["ladder", "-o", "{work}/digest.svg"], 1), (["ladder", "-o", "{work}/digest.png"], 1),
    (["ladder", "-o", "{work}/digest.html"], 1),
    (["ladder", "--redact", "-o", "{work}/digest.pdf"], 0),
    (["ladder", "--redact", "-o", "{work}/digest.html"], 0),
    (["audit", "--format", "json"], 0), (["audit", "--format", "json", "--hash"], 1),
    (["audit", "-o", "{work}/digest.md"], 1), (["audit", "-o", "{work}/digest.html"], 1),
    (["audit", "--redact", "-o", "{work}/digest.md"], 0),
    (["audit", "--redact", "--hash", "-o", "{work}/digest.md"], 1),
    (["presence", "--timeline", "-o", "{work}/digest.pdf"], 0),
    (["presence", "--timeline", "-o", "{work}/digest.svg"], 0),
    (["chat", "--timeline", "-o", "{work}/digest.pdf"], 0),
    (["chat", "--timeline", "-o", "{work}/digest.png"], 0),
]


def digest_check(ocsight, places, failures):
    """The input is not read for a digest that nobody sees."""
    capture = os.path.join(places["work"], "digest.pcap")
    shutil.copy(os.path.join(places["samples"], "faults.pcap"), capture)
    usual = {command: openings(capture, [ocsight, command, capture])[1]
             for command in ("ladder", "audit", "presence", "chat")}
    for arguments, more in DIGESTS:
        command, *rest = [argument.format(**places) for argument in arguments]
        status, count = openings(capture, [ocsight, command, capture, *rest])
        failures.where = f"the digest of {' '.join(arguments)}"
        failures.same("exit status", 1 if command == "audit" else 0, status)
        failures.same("openings for a digest", more, count - usual[command])


def hostile_check(ocsight, samples, work, render, failures):
    """Escape sequences and direction overrides of a capture are shown, never obeyed."""
    failures.where = "hostile text"
    talk = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "samples",
                        "persistent-chat.talk")
    with open(talk, encoding="utf-8") as file:
        text = file.read()
    evil = "\u202eevil\u0085=cmd"
    altered = os.path.join(work, "hostile.talk")
    with open(altered, "w", encoding="utf-8") as file:
        file.write(text.replace("점심 뭐 먹죠?", evil))
    capture = os.path.join(work, "hostile.pcap")
    subprocess.run([render, altered, capture], check=True)
    for command in ("chat", "ladder", "messages", "audit"):
        _, out, _ = run([ocsight, command, capture])
        for bad in ("\u202e", "\u0085", "\x1b"):
            if bad in out:
                failures.add(f"{command} prints {bad!r} as it is")
    _, out, _ = run([ocsight, "chat", capture])
    if "\\u202eevil" not in out:
        failures.add("chat does not show the override escaped")


def main():
    ocsight, samples, render = (os.path.abspath(path) for path in sys.argv[1:4])
    failures = Failures()
    with tempfile.TemporaryDirectory() as work:
        make_inputs(samples, work, render)
        places = {"samples": samples, "work": work}
        for case in CASES:
            case_check(ocsight, places, case, failures)
        rules_check(ocsight, work, failures)
        help_check(ocsight, failures)
        formats_check(ocsight, samples, failures)
        width_check(ocsight, samples, failures)
        drawing_check(ocsight, samples, work, failures)
        stream_check(ocsight, samples, work, failures)
        digest_check(ocsight, places, failures)
        hostile_check(ocsight, samples, work, render, failures)
    failures.where = ""
    return failures.finish(f"{len(CASES)} command lines, text widths, streams and hostile text")


if __name__ == "__main__":
    sys.exit(main())
