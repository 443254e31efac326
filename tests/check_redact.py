#!/usr/bin/env python3
"""With --redact no output holds an original name, and the analysis is the same.

    check_redact.py OCSIGHT RENDER-SAMPLE SOURCE-TREE [--allow-skip]

Names (users, hosts, addresses, display names, texts, rooms, files, Call-IDs) are collected from the
samples' sources and looked for in every format of every command, run on all samples at once, and
in a store of them, byte by byte. Then each sample by itself: findings, dialogs, flows, presence
and chat must be those of the run with names, apart from names; a redacted store must say what the
redacted capture says; one key gives one output, whatever the number of threads, another key other
names. A format is added by adding a row to OUTPUTS.
"""
import argparse
import concurrent.futures
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

from sampling import SAMPLES, Failures, render, run, sample_names

# What is run on all samples at once: arguments, and how its output becomes text.
OUTPUTS = [
    ("audit", "text"), ("audit", "json"), ("audit", "csv"), ("audit --hash", "json"),
    ("ladder", "text"), ("ladder", "svg"), ("ladder", "pdf"),
    ("presence", "text"), ("presence", "json"), ("presence", "csv"),
    ("presence --timeline --explain", "text"), ("presence --timeline --explain", "json"),
    ("presence --timeline", "svg"), ("presence --timeline", "pdf"),
    ("presence --as sip:ann@contoso.example", "text"),
    ("presence --as ann@contoso.example", "json"),
    ("chat", "text"), ("chat", "json"), ("chat", "csv"), ("chat --session", "text"),
    ("chat --session", "json"), ("chat --unknown", "text"), ("chat --unknown", "json"),
    ("chat --unknown --show-secrets", "json"),
    ("chat --transcript ROOM", "text"), ("chat --transcript ROOM", "json"),
    ("chat --compliance", "xml"), ("chat --compliance", "json"), ("chat --compliance", "csv"),
    ("flows", "text"), ("flows", "json"), ("flows", "csv"),
    ("dialogs", "text"), ("dialogs", "json"), ("dialogs", "csv"),
    ("messages", "text"), ("messages", "json"), ("messages", "csv"),
    ("containers", "text"), ("containers", "json"),
    ("audit --user ann@contoso.example --call-id messages-ann-chat-3A55gC8D2b13", "json"),
    ("messages --room ROOM", "json"),
]
ROOM = "Ops Bridge"

# What is compared sample by sample, with names and without.
SAME = ["audit", "dialogs", "flows", "presence --timeline", "chat", "chat --session"]
# The texts of JSON that name nobody.
PLAIN = {"rule", "severity", "time", "step", "outcome", "flow", "generation", "basis", "kind",
         "mode", "state", "start", "end", "event", "service", "band", "activity", "since", "source",
         "verdict", "first", "last", "method", "type", "visibility", "id"}
UNLIKE = {"sha256", "size", "options", "length", "offset", "stream_offset"}


# ---- names ----

def plain_text(text):
    """A text of a sample's source as a report shows it; "" when it has variables."""
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"),
                         ("&amp;", "&")):
        text = text.replace(entity, sign)
    return "" if "{" in text else text.strip()


PATTERNS = {
    "user": r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.(?:example|invalid|com|net)\b",
    "host": r"\b(?:[\w-]+\.)+example\b",
    "address": r"\b(?:\d{1,3}\.){3}\d{1,3}\b",
    "display": r'"([^"<>{}]+)"\s*<sip:',
    "attribute": r'(?:displayName|topic|description|disname|uname|criteria)="([^"{}]+)"',
    "room": r'<chanib[^>]*\bname="([^"{}]+)"',
    "chat": r"<chat>([^<]*)</chat>",
    "note": r"<(?:body|note|custom|meetingSubject|meetingLocation|displayName|display-name|"
            r"ci:display-name|location|timeZoneName|rtf)\b[^>]*>([^<>{}]+)<",
    "file": r'fileUrl="([^"{}]+)"',
    "call": r"(?im)^(?:call-id|i):\s*(\S+)",
    "epid": r"epid=([0-9a-f]{8,})",
    "agent": r"\b[A-Z][A-Z0-9]+-PC\b",
    "phone": r"tel:(\+[\d-]{6,})",
}
# What stands in samples and is no name: words of protocols, and what pseudonyms may be like.
HARMLESS = re.compile(r"(?i)^(?:[\d\s.:,-]*|true|false|null|online|busy|available|away|offline|"
                      r"0\.0\.0\.0|on-the-phone|.{0,3})$")


def names_of(texts):
    found = set()
    for text in texts:
        for kind, pattern in PATTERNS.items():
            for hit in re.findall(pattern, text):
                name = plain_text(hit)
                keep = kind == "address" or not HARMLESS.match(name)
                if name and keep and not name.endswith(".invalid"):
                    found.add(name)
    # Versions of user agents look like addresses.
    versions = {v for text in texts for v in re.findall(r"/((?:\d+\.){3}\d+)\b", text)
                if not re.search(r"(?m)^party\s+\S+\s+" + re.escape(v), text)}
    return found - versions - {"0.0.0.0", "1.0.0.0"}


def sources():
    texts = []
    for name in sorted(os.listdir(SAMPLES)):
        if name.endswith(".talk"):
            with open(os.path.join(SAMPLES, name), encoding="utf-8") as file:
                texts.append(file.read())
    return texts


def leaks(names, text):
    """Names that stand in the text, whole words of it."""
    lower = text.casefold()
    return sorted(name for name in names
                  if name.casefold() in lower and re.search(
                      r"(?<![\w.])" + re.escape(name.casefold()) + r"(?![\w])", lower))


# ---- running ----

class Runner:
    def __init__(self, ocsight, failures, folder):
        self.ocsight, self.failures, self.folder = ocsight, failures, folder
        self.keys = []
        for number in range(2):
            path = os.path.join(folder, f"key{number}")
            with open(path, "wb") as file:
                file.write(bytes([65 + number]) * 32)
            self.keys.append(path)

    def said(self, words, files, key=0, form=None, threads=2):
        """The output of a command, redacted with one of the keys, or with names (None)."""
        command = [ROOM if word == "ROOM" else word for word in words.split()]
        if form:
            command += ["--format", form]
        if key is not None:
            command += ["--redact-key", self.keys[key]]
        output = []
        if form in ("pdf", "png"):
            output = ["-o", os.path.join(self.folder, f"{abs(hash(words))}.{form}")]
        status, out, problem = run([self.ocsight, *command, "--threads", str(threads), *files,
                                    *output])
        if status not in (0, 1) or "Sanitizer" in problem:
            self.failures.add(f"{words} --format {form}: exit status {status}: {problem[-600:]}")
        if form == "pdf":
            return subprocess.run(["pdftotext", "-layout", output[1], "-"], check=True,
                                  stdout=subprocess.PIPE).stdout
        return out


# ---- the same analysis ----

def shape(value, key=""):
    """What is left of JSON without names: the order of lists of people may differ."""
    if key in ("user_agents", "servers", "requests"):
        return sorted(value.values())
    if isinstance(value, dict):
        return {name: shape(inner, name) for name, inner in value.items()
                if name not in UNLIKE and name != "redacted"}
    if isinstance(value, list):
        return sorted((shape(inner, key) for inner in value),
                      key=lambda inner: json.dumps(inner, sort_keys=True))
    if isinstance(value, str) and (key not in PLAIN or "@" in value):
        return "text" if value else ""
    return value


def differences(a, b, path=""):
    if type(a) is not type(b):
        return [f"{path}: {str(a)[:80]} and {str(b)[:80]}"]
    if isinstance(a, dict):
        found = [f"{path}: keys {sorted(set(a) ^ set(b))}"] if set(a) != set(b) else []
        return found + [d for name in a if name in b
                        for d in differences(a[name], b[name], f"{path}/{name}")]
    if isinstance(a, list):
        if len(a) != len(b):
            return [f"{path}: {len(a)} and {len(b)} entries"]
        return [d for i, (x, y) in enumerate(zip(a, b)) for d in differences(x, y, f"{path}[{i}]")]
    return [] if a == b else [f"{path}: {a} and {b}"]


def compare_sample(runner, name, path):
    for words in SAME:
        before = runner.said(words, [path], None, "json")
        after = runner.said(words, [path], 0, "json")
        try:
            found = differences(shape(json.loads(before)), shape(json.loads(after)))
        except ValueError as problem:
            found = [str(problem)]
        if found:
            runner.failures.add(f"{name}: {words}: not the same without names: {found[:4]}")


# ---- the checks ----

def check_leaks(runner, names, files):
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        jobs = {pool.submit(runner.said, words, files, 0, form): (words, form)
                for words, form in OUTPUTS}
        for job, (words, form) in jobs.items():
            text = job.result().decode("utf-8", "replace")
            found = leaks(names, text)
            if found:
                runner.failures.add(f"{words} --format {form}: {len(found)} names: {found[:8]}")
            if len(text) < 20:
                runner.failures.add(f"{words} --format {form}: nothing was written")


def check_test(runner, names, files):
    """The search itself: without --redact it must find names."""
    text = runner.said("audit", files, None, "text").decode()
    if len(leaks(names, text)) < 5:
        runner.failures.add("no names are found where they stand")


def check_store(runner, names, files, folder):
    store = os.path.join(folder, "all.db")
    run([runner.ocsight, "store", "--redact-key", runner.keys[0], *files, "-o", store])
    with open(store, "rb") as file:
        found = leaks(names, file.read().decode("utf-8", "replace"))
    if found:
        runner.failures.add(f"store: {len(found)} names: {found[:8]}")
    one = os.path.join(folder, "one.db")
    run([runner.ocsight, "store", "--redact-key", runner.keys[0], files[0], "-o", one])
    for words in ("audit", "chat", "dialogs", "flows"):
        captured = json.loads(runner.said(words, [files[0]], 0, "json"))
        kept = json.loads(runner.said(words, [one], None, "json"))
        for said in (captured, kept):
            for key in ("redacted", "options"):
                said.pop(key, None)
            for row in said.get("inputs", []):
                row.pop("name", None)
        found = differences(captured, kept)
        if found:
            runner.failures.add(f"{words} of a redacted store: {found[:4]}")


def check_keys(runner, path):
    first = runner.said("audit", [path], 0, "json", 1)
    for threads in (2, 4):
        again = runner.said("audit", [path], 0, "json", threads)
        if re.sub(rb'"threads": "\d"', b"", first) != re.sub(rb'"threads": "\d"', b"", again):
            runner.failures.add(f"{threads} threads give other pseudonyms")
    other = runner.said("audit", [path], 1, "json", 1)
    pattern = rb"user-[0-9a-z]{10}@dom-[0-9a-z]{10}"
    before, after = set(re.findall(pattern, first)), set(re.findall(pattern, other))
    if not before or before & after:
        runner.failures.add(f"two keys: {len(before)} and {len(after)} users, "
                            f"{len(before & after)} of them the same")
    status, once, _ = run([runner.ocsight, "audit", "--redact", path])
    _, twice, _ = run([runner.ocsight, "audit", "--redact", path])
    if status not in (0, 1) or once == twice:
        runner.failures.add("two runs without a key file have the same pseudonyms")


def check_selection(runner, path):
    """What is selected by its name is found by its name."""
    _, out, _ = run([runner.ocsight, "messages", "--format", "json", "--user",
                     "ann@contoso.example", path])
    redacted = runner.said("messages --user ann@contoso.example", [path], 0, "json")
    if not out or len(out.splitlines()) != len(redacted.splitlines()):
        runner.failures.add("--user finds something else with --redact")


def check_refusals(runner, path, folder):
    short = os.path.join(folder, "short")
    with open(short, "wb") as file:
        file.write(b"too short")
    for words, reason in ((["audit", "--redact", "--user", "a*", path], "pattern"),
                          (["audit", "--redact-key", short, path], "16"),
                          (["audit", "--redact-key", "/nowhere", path], "No such file"),
                          (["store", "--redact", "--append", "-o", short + ".db", path], "anew")):
        status, _, problem = run([runner.ocsight, *words])
        if status != 2 or reason not in problem:
            runner.failures.add(f"{' '.join(words)}: exit status {status}: {problem}")


def check_captures(runner, tree):
    """Public captures, where they are: what their own reports name must be gone."""
    folder = os.path.join(tree, "..", "shared", "captures")
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
        if not name.endswith((".pcap", ".pcapng")):
            continue
        path = os.path.join(folder, name)
        names = set()
        for line in runner.said("messages", [path], None, "json").decode().splitlines():
            row = json.loads(line)
            names |= {row["from"], row["to"], row["call_id"]}
            names |= {re.sub(r":\d+$", "", row[side]) for side in ("src", "dst")}
        names = {n for n in names if n and len(n) > 3}
        for words, form in (("audit", "json"), ("messages", "json"), ("ladder", "text"),
                            ("dialogs", "json")):
            found = leaks(names, runner.said(words, [path], 0, form).decode("utf-8", "replace"))
            if found:
                runner.failures.add(f"{name}: {words} --format {form}: {found[:8]}")
        compare_sample(runner, name, path)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("ocsight")
    parser.add_argument("render")
    parser.add_argument("tree")
    arguments = parser.parse_args()
    if not shutil.which("pdftotext"):
        sys.exit("pdftotext is missing (package poppler-utils)")
    failures = Failures()
    names = names_of(sources())
    with tempfile.TemporaryDirectory() as folder:
        runner = Runner(arguments.ocsight, failures, folder)
        paths = {name: render(arguments.render, name, os.path.join(folder, name + ".pcap"))
                 for name in sample_names()}
        files = [paths[name] for name in sorted(paths)]
        check_test(runner, names, files)
        check_leaks(runner, names, files)
        check_store(runner, names, files, folder)
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda name: compare_sample(runner, name, paths[name]), sorted(paths)))
        check_keys(runner, paths["chat-messages"])
        check_selection(runner, paths["chat-messages"])
        check_refusals(runner, paths["chat-messages"], folder)
        check_captures(runner, arguments.tree)
    sys.exit(failures.finish(f"{len(names)} names are gone from {len(OUTPUTS)} outputs, and the "
                             f"analysis of {len(paths)} samples is the same"))


if __name__ == "__main__":
    main()
