#!/usr/bin/env python3
"""With --redact no output holds an original name, and the analysis is the same.

    check_redact.py OCSIGHT RENDER-SAMPLE SOURCE-TREE [--allow-skip]

Names (users, hosts, addresses, display names, texts, rooms, files, Call-IDs) are collected from the
samples' sources and looked for in every format of every command, run on all samples at once, and
in a store of them: as they are, as parts of words, and in whatever an output may pack them (Base64,
URLs, references of HTML and JSON, UTF-16, the streams and the metadata of a PDF). Then each sample by itself: findings, dialogs, flows, presence
and chat must be those of the run with names, apart from names; a redacted store must say what the
redacted capture says; one key gives one output, whatever the number of threads, another key other
names. A format is added by adding a row to OUTPUTS.
"""
import argparse
import base64
import binascii
import concurrent.futures
import html
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.parse
import zlib

from sampling import SAMPLES, Failures, render, run, sample_names

# What is run on all samples at once: arguments, and how its output becomes text.
OUTPUTS = [
    ("audit", "text"), ("audit", "json"), ("audit", "csv"), ("audit --hash", "json"),
    ("audit", "html"), ("audit", "markdown"),
    ("ladder", "text"), ("ladder", "svg"), ("ladder", "html"), ("ladder --scale 0.25", "png"),
    ("ladder --appendix --paper long", "pdf"),
    ("ladder --finding 1 --collapse --name 192.0.2.10=Registrar", "text"),
    ("ladder --dialog CALL --related", "html"), ("ladder --flow group-chat-join-post", "text"),
    ("chat --timeline", "text"), ("chat --timeline", "json"), ("chat --timeline", "csv"),
    ("chat --timeline", "svg"), ("chat --timeline", "pdf"),
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
CALL = "messages-ann-chat-3A55gC8D2b13"

# What is compared sample by sample, with names and without: in which samples, or in all of them.
SAME = {
    "audit": None,
    "dialogs": ("faults", "front-end", "quirks"),
    "flows": ("chat-messages", "group-chat", "presence-change"),
    "presence --timeline": ("endpoints", "legacy", "presence-change", "watching-faults"),
    "chat": ("chat-envelopes", "chat-files", "chat-rosters", "persistent-chat"),
    "chat --session": ("chat-sessions", "group-chat"),
}
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


LONG = 8  # from this length on a name is found within a word, too


def leaks(names, text):
    """Names that stand in the text: short ones as words, long ones anywhere."""
    lower = text.casefold()
    return sorted(name for name in names
                  if name.casefold() in lower and (len(name) >= LONG or re.search(
                      r"(?<![\w.])" + re.escape(name.casefold()) + r"(?![\w])", lower)))


def unpacked(data, written=""):
    """All that a reader could make of an output; `written`: its form."""
    text = data.decode("utf-8", "replace")
    found = [text]
    if "%" in text:
        found.append(urllib.parse.unquote(text))
    if "&" in text:
        found.append(html.unescape(text))
    if "\\u" in text:
        found.append(re.sub(r"\\u([0-9a-fA-F]{4})", lambda hit: chr(int(hit[1], 16)), text))
    for run_of in re.findall(rb"[A-Za-z0-9+/_-]{12,}={0,2}", data):
        try:
            plain = base64.b64decode(run_of[:len(run_of) // 4 * 4].translate(
                bytes.maketrans(b"-_", b"+/")))
        except (binascii.Error, ValueError):
            continue
        found.append(plain.decode("utf-8", "ignore"))
        if b"\0" in plain:
            found.append(plain.decode("utf-16-le", "ignore"))
    for code in ("utf-16-le", "utf-16-be"):
        if data.count(b"\0") > len(data) // 20:
            found += [data.decode(code, "ignore"), data[1:].decode(code, "ignore")]
    if written == "pdf":
        for hexed in re.findall(rb"<([0-9A-Fa-f\s]{8,})>", data):
            digits = re.sub(rb"\s", b"", hexed)
            found.append(bytes.fromhex(digits[:len(digits) // 2 * 2].decode()).decode(
                "utf-16-be", "ignore"))
        for stream in re.findall(rb"stream\r?\n(.*?)endstream", data, re.DOTALL):
            try:
                found.append(zlib.decompressobj().decompress(stream).decode("latin-1"))
            except zlib.error:
                pass
    return "\n".join(found)


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
        command = [{"ROOM": ROOM, "CALL": CALL}.get(word, word) for word in words.split()]
        if form:
            command += ["--format", form]
        if key is not None:
            command += ["--redact-key", self.keys[key]]
        output = []
        if form in ("pdf", "png", "html", "svg"):
            output = ["-o", os.path.join(self.folder, f"{abs(hash(words))}.{form}")]
        status, out, problem = run([self.ocsight, *command, "--threads", str(threads), *files,
                                    *output])
        if status not in (0, 1) or "Sanitizer" in problem:
            self.failures.add(f"{words} --format {form}: exit status {status}: {problem[-600:]}")
        if not output or not os.path.exists(output[1]):
            return out
        with open(output[1], "rb") as file:
            out = file.read()
        for tool in (["pdftotext", "-layout", output[1], "-"], ["pdfinfo", output[1]]):
            if form == "pdf":
                out += subprocess.run(tool, check=True, stdout=subprocess.PIPE).stdout
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
    for words in (each for each, some in SAME.items() if some is None or name in some):
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
            data = job.result()
            found = leaks(names, unpacked(data, form))
            if found:
                runner.failures.add(f"{words} --format {form}: {len(found)} names: {found[:8]}")
            if len(data) < 20:
                runner.failures.add(f"{words} --format {form}: nothing was written")


def check_test(runner, names, files):
    """The search itself: without --redact it must find names."""
    text = runner.said("audit", files, None, "text").decode()
    if len(leaks(names, text)) < 5:
        runner.failures.add("no names are found where they stand")
    name = "ann@contoso.example"
    for packed in (base64.b64encode(b"to " + name.encode()), urllib.parse.quote(name).encode(),
                   name.encode("utf-16-le"), b"x" + name.encode("utf-16-be"),
                   b"ann&#64;contoso.example", name.replace("@", "\\u0040").encode()):
        if not leaks({name}, unpacked(packed)):
            runner.failures.add(f"a name is not found in {packed}")
    for form, words in (("html", "ladder"), ("pdf", "ladder --appendix")):
        if len(leaks(names, unpacked(runner.said(words, files[:1], None, form), form))) < 5:
            runner.failures.add(f"no names are found in {form}")


def check_baseline(runner, names, path):
    """Two audits under one key are compared by their pseudonyms."""
    old = os.path.join(runner.folder, "of-ann-lee.json")
    with open(old, "wb") as file:
        file.write(runner.said("audit", [path], 0, "json"))
    for form in ("json", "text", "markdown", "html"):
        data = runner.said(f"audit --baseline {old}", [path], 0, form)
        found = leaks(names | {os.path.basename(old)}, unpacked(data))
        if found:
            runner.failures.add(f"--baseline --format {form}: {found[:8]}")
        if form == "json":
            marks = {finding["baseline"] for finding in json.loads(data)["findings"]}
            if marks != {"same"}:
                runner.failures.add(f"an audit is not the same as itself: {marks}")


def check_store(runner, names, files, folder):
    store = os.path.join(folder, "all.db")
    run([runner.ocsight, "store", "--redact-key", runner.keys[0], *files, "-o", store])
    with open(store, "rb") as file:
        found = leaks(names, unpacked(file.read()))
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
    for words, expected, reason in (
            (["audit", "--redact", "--user", "a*", path], 2, "pattern"),
            (["audit", "--redact-key", short, path], 2, "16"),
            (["audit", "--redact-key", "/nowhere", path], 3, "No such file"),
            (["store", "--redact", "--append", "-o", short + ".db", path], 2, "anew")):
        status, _, problem = run([runner.ocsight, *words])
        if status != expected or reason not in problem:
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
        check_baseline(runner, names, paths["chat-messages"])
        check_keys(runner, paths["chat-messages"])
        check_selection(runner, paths["chat-messages"])
        check_refusals(runner, paths["chat-messages"], folder)
        check_captures(runner, arguments.tree)
    sys.exit(failures.finish(f"{len(names)} names are gone from {len(OUTPUTS)} outputs, and the "
                             f"analysis of {len(paths)} samples is the same"))


if __name__ == "__main__":
    main()
