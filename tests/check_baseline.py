#!/usr/bin/env python3
"""`audit --baseline`: new, same and gone findings, exit statuses, damaged baselines.

    check_baseline.py OCSIGHT RENDER-SAMPLE FOLDER-OF-RENDERED-SAMPLES
"""
import csv
import io
import json
import os
import re
import subprocess
import sys
import tempfile

from sampling import Failures, run, talk_path

DONE, FINDINGS, USAGE, INPUT = 0, 1, 2, 3

# What a name can do to a terminal, a table or a page.
HOSTILE = "\u001b[31m한국 \u202eعربي <b>|`@x=\u0000\u2028"

KEYS = ("rule", "user", "peer", "room", "call_id", "flow", "step", "time", "message")


class Check:
    def __init__(self, ocsight, render, samples, folder):
        self.ocsight, self.render, self.samples, self.folder = ocsight, render, samples, folder
        self.failures = Failures()

    def path(self, name):
        return os.path.join(self.folder, name)

    def sample(self, name):
        return os.path.join(self.samples, name + ".pcap")

    def audit(self, *arguments, status=None):
        got, out, err = run([self.ocsight, "audit", *arguments])
        if status is not None and got != status:
            self.failures.add(f"{arguments}: exit status {got}, expected {status}: {err}")
        return out.decode("utf-8"), err

    def keep(self, name, *arguments):
        """The audit as JSON, in a file."""
        path = self.path(name)
        self.audit(*arguments, "--fail-on", "never", "--format", "json", "-o", path, status=DONE)
        return path

    def compare(self, baseline, *arguments, status=None):
        out, _ = self.audit(*arguments, "--baseline", baseline, "--format", "json", status=status)
        return json.loads(out)

    def expect(self, what, condition, detail=""):
        if not condition:
            self.failures.add(f"{what}: {detail}")

    def counts(self, what, document, new, same, gone):
        told = document["baseline"]
        self.failures.same(what, (new, same, gone),
                           (told["new"], told["same"], len(told["gone"])))
        marks = [finding["baseline"] for finding in document["findings"]]
        self.failures.same(what + ": marks", (new, same), (marks.count("new"), marks.count("same")))

    def check_same(self):
        """Each sample is the same as itself, and with nothing new nothing fails."""
        for name in sorted(os.listdir(self.samples)):
            if name.endswith(".pcap"):
                baseline = self.keep("same.json", self.sample(name[:-5]))
                document = self.compare(baseline, self.sample(name[:-5]), "--fail-on", "note",
                                        status=DONE)
                self.counts(name, document, 0, len(document["findings"]), 0)

    def check_rules(self):
        """A rule that was off is new, one that is off is gone."""
        faults = self.sample("faults")
        whole = self.keep("whole.json", faults)
        less = self.keep("less.json", faults, "--no-rule", "register-refused")
        count = len(json.load(open(whole, encoding="utf-8"))["findings"])
        document = self.compare(less, faults, status=FINDINGS)
        self.counts("rule on", document, 1, count - 1, 0)
        self.failures.same("new", ["register-refused"],
                           [found["rule"] for found in document["findings"]
                            if found["baseline"] == "new"])
        self.audit(faults, "--baseline", less, "--fail-on", "never", status=DONE)
        document = self.compare(whole, faults, "--no-rule", "register-refused", status=DONE)
        self.counts("rule off", document, 0, count - 1, 1)
        gone = document["baseline"]["gone"][0]
        old = [found for found in json.load(open(whole, encoding="utf-8"))["findings"]
               if found["rule"] == "register-refused"][0]
        self.failures.same("gone", {key: old[key] for key in KEYS},
                           {key: gone[key] for key in KEYS})
        # A new warning fails only where warnings do.
        less = self.keep("less.json", faults, "--no-rule", "publish-expired")
        self.audit(faults, "--baseline", less, status=DONE)
        self.audit(faults, "--baseline", less, "--fail-on", "warning", status=FINDINGS)
        # What was not read fails as before.
        cut = self.path("cut.pcap")
        with open(faults, "rb") as file, open(cut, "wb") as out:
            content = file.read()
            out.write(content[:len(content) // 2 + 5])
        self.audit(cut, "--baseline", whole, "--fail-on", "never,coverage", status=FINDINGS)

    def check_new_capture(self):
        """The same conversation on another day: every Call-ID and time is another one."""
        with open(talk_path("faults"), encoding="utf-8") as file:
            talk = file.read()
        ids = sorted(set(re.findall(r"^Call-ID: (\S+)", talk, re.M)), key=len, reverse=True)
        for found in ids:
            talk = talk.replace(found, "second-" + found[::-1])
        talk = talk.replace("2014-05-07T13", "2014-05-08T09")
        with open(self.path("second.talk"), "w", encoding="utf-8") as file:
            file.write(talk)
        subprocess.run([self.render, self.path("second.talk"), self.path("second.pcap")],
                       check=True)
        baseline = self.keep("first.json", self.sample("faults"))
        document = self.compare(baseline, self.path("second.pcap"), status=DONE)
        old = json.load(open(baseline, encoding="utf-8"))["findings"]
        self.expect("another day", ids and not {found["time"] for found in old} &
                    {found["time"] for found in document["findings"]}, "the times are the same")
        self.expect("other calls", not {found["call_id"] for found in old if found["call_id"]} &
                    {found["call_id"] for found in document["findings"]}, "the calls are the same")
        self.counts("a new capture", document, 0, len(document["findings"]), 0)

    def check_formats(self):
        faults = self.sample("faults")
        less = self.keep("less.json", faults, "--rule", "register-refused")
        document = json.load(open(less, encoding="utf-8"))
        document["findings"].append({"rule": HOSTILE, "severity": "error", "message": HOSTILE,
                                     "time": None, **{key: HOSTILE for key in KEYS[1:7]}})
        with open(less, "w", encoding="utf-8") as file:
            json.dump(document, file)
        marked = {found["id"]: found["baseline"]
                  for found in self.compare(less, faults)["findings"]}
        out, _ = self.audit(faults, "--baseline", less, "--format", "csv")
        rows = list(csv.DictReader(io.StringIO(out.replace("\0", "\\0"))))
        self.failures.same("csv", marked, {int(row["id"]): row["baseline"] for row in rows
                                           if row["id"]})
        self.failures.same("csv, gone", ["gone"], [row["baseline"] for row in rows
                                                   if not row["id"]])
        for form in ("text", "markdown"):
            out, _ = self.audit(faults, "--baseline", less, "--format", form)
            self.expect(form, f"less.json{'`' if form == 'markdown' else ''}: "
                        f"{len(marked) - 1} new, 1 same, 1 gone" in out, out[:1500])
            self.expect(form, "한국" in out and "عربي" in out, out[-1500:])
            self.expect(form, not re.search("[\0\x1b\u202e\u2028]", out), "is not escaped")
        out, _ = self.audit(faults, "--baseline", less)
        self.failures.same("marks in text", (len(marked) - 1, 1),
                           (len(re.findall("^(?:error|warning|note) .*  new$", out, re.M)),
                            len(re.findall("^(?:error|warning|note) .*  same$", out, re.M))))
        self.audit(faults, "--baseline", less, "--redact", status=USAGE)

    def refused(self, what, content, status, *words):
        path = self.path("bad\u001b[31m한.json")
        with open(path, "wb") as file:
            file.write(content)
        out, err = self.audit(self.sample("faults"), "--baseline", path, status=status)
        lines = err.splitlines()
        self.expect(what, out == "" and len(lines) == 1 and "\x1b" not in err and "한" in err,
                    f"{out!r} {err!r}")
        for word in words:
            self.expect(what, word in err, f"{word!r} is not in {err!r}")

    def check_damaged(self):
        with open(self.keep("whole.json", self.sample("faults")), "rb") as file:
            whole = file.read().rstrip()
        self.refused("empty", b"", INPUT, "empty")
        self.refused("no JSON", b"Coverage  full\n", INPUT, "no JSON: line 1")
        self.refused("a capture", open(self.sample("faults"), "rb").read(), INPUT, "line 1")
        self.refused("an escape", b"{\n\"a\": \x1b[31m", INPUT, "line 2")
        self.refused("another report", b'{"schema": "ocsight.chat/1", "rooms": []}', USAGE,
                     "ocsight audit --format json")
        self.refused("no findings", whole.replace(b'"findings": [', b'"finding": ['), USAGE)
        self.refused("no rule", whole.replace(b'"rule": "register-refused"', b'"rule": 7'), USAGE,
                     "finding 1 ")
        self.refused("too deep", b"[" * 100000, INPUT, "depth")
        for size in sorted({1, 2, len(whole) - 1, *range(7, len(whole), len(whole) // 15)}):
            self.refused(f"the first {size} bytes", whole[:size], INPUT, "no JSON: line ")
        for path, words in ((self.folder, "directory"), (self.path("none"), "No such file")):
            out, err = self.audit(self.sample("faults"), "--baseline", path, status=INPUT)
            self.expect(path, out == "" and words in err, err)
        # Nothing is written where the baseline cannot be read.
        self.audit(self.sample("faults"), "--baseline", self.path("none"), "-o",
                   self.path("out.txt"), status=INPUT)
        self.expect("output", not os.path.exists(self.path("out.txt")), "is written")

    def check_nothing_read(self):
        """What nobody could see is not fixed."""
        whole = self.keep("whole.json", self.sample("faults"))
        nosip = self.path("nosip.pcap")
        subprocess.run([self.render, "--form", "nosip", talk_path("faults"), nosip], check=True)
        for form in ("text", "markdown"):
            out, _ = self.audit(nosip, "--baseline", whole, "--format", form, status=DONE)
            self.expect(form, "nothing can be said" in out and "not have been seen" in
                        " ".join(out.split()), out)


def main():
    with tempfile.TemporaryDirectory() as folder:
        check = Check(*sys.argv[1:4], folder)
        for name in sorted(name for name in dir(Check) if name.startswith("check_")):
            check.failures.where = name
            getattr(check, name)()
        check.failures.where = ""
        return check.failures.finish("an earlier audit is compared with as it must be")


if __name__ == "__main__":
    sys.exit(main())
