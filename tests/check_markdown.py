#!/usr/bin/env python3
"""`audit --format markdown` as it is rendered: by GitHub's renderer and by CommonMark's own.

    check_markdown.py OCSIGHT FOLDER-OF-RENDERED-SAMPLES

Whatever a capture, a file name or an earlier audit holds, it becomes no markup, link, mention or
reference, and is still there to read. Both renderers (cmark-gfm, cmark) must be installed.
"""
import html.parser
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

from sampling import Failures, run

RENDERERS = {
    "GitHub": ["cmark-gfm", "--unsafe", "-e", "table", "-e", "strikethrough", "-e", "autolink",
               "-e", "tasklist", "-e", "footnotes"],
    "CommonMark": ["cmark", "--unsafe"],
}

# Elements of a summary; in CommonMark the table is a paragraph.
ELEMENTS = {"h2", "h3", "p", "strong", "ul", "li", "code", "br", "table", "thead", "tbody", "tr",
            "th", "td"}

HOSTILE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "&lt;b&gt; &#64;ann",
    "[text](http://evil.example)", "![x](http://evil.example/x.png)", "[ref]: http://evil.example",
    "http://evil.example www.evil.example <mailto:eve@evil.example>", "eve@evil.example",
    "@ann cc @contoso/admins", "#12 GH-12 owner/repo#12 deadbeefcafe 1234567", ":smile: $x$ ~~y~~",
    "a | b | c", "| --- | --- |", "*a* **b** _c_ __d__ \\*e\\*", "`a` ``b`` ```c", "```", "~~~",
    "# title", "- item", "1. item", "1) item", "> quote", "* * *", "===", "---", "    code",
    "- [x] done", "[^1]: note", "a\\", "end`", "`", "``", "한국어 이름, عربي ‏", "\u001b[31m\u202e\u2028x",
    "a\nb\r\n\r\n# c", "\t\ttabs", "<!-- comment", "]]> --> </ul></li>", "x" * 4000,
]


class Page(html.parser.HTMLParser):
    """The elements of a page, its text, and the text outside of code."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements, self.text, self.outside, self.codes = [], "", "", 0
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.elements.append(tag)
        self.codes += tag == "code"
        if [name for name, _ in attributes if name not in ("align", "style")]:
            self.elements.append(f"{tag} {attributes}")

    def handle_endtag(self, tag):
        self.codes -= tag == "code"

    def handle_data(self, data):
        self.text += data
        self.outside += " " if self.codes else data

    def handle_comment(self, data):
        self.elements.append("comment")

    def handle_decl(self, decl):
        self.elements.append("declaration")


def shown(text):
    """As safe text, its blanks as one: what a reader must still find."""
    text = re.sub("[\0-\x08\x0e-\x1f\x7f-\x9f]", lambda match: f"\\x{ord(match[0]):02x}", text)
    text = re.sub("[\u061c\u200e\u200f\u202a-\u202e\u2028\u2029]",
                  lambda match: f"\\u{ord(match[0]):04x}", text)
    return " ".join(text.split())


def check_page(name, text, hostile, failures):
    for renderer, command in RENDERERS.items():
        failures.where = f"{name}, {renderer}"
        page = Page(subprocess.run(command, input=text.encode(), stdout=subprocess.PIPE,
                                   check=True).stdout.decode())
        odd = sorted(set(page.elements) - ELEMENTS)
        if odd:
            failures.add(f"becomes markup: {odd}")
        if ("table" in page.elements) != (renderer == "GitHub"):
            failures.add("the totals are no table")
        for mark in re.findall(r"\S*(?:[@#<>\[\]`*_]|www\.|://|[0-9a-f]{7})\S*", page.outside):
            failures.add(f"stands outside of code: {mark!r}")
        words = " ".join(page.text.split())
        for part in hostile:
            if shown(part)[:60] not in words:
                failures.add(f"is not there to read: {shown(part)[:60]!r}")


def audit(ocsight, failures, *arguments):
    status, out, err = run([ocsight, "audit", "--fail-on", "never", *arguments])
    if status != 0:
        failures.add(f"{arguments}: exit status {status}: {err}")
    return out.decode("utf-8")


def check_samples(ocsight, samples, failures):
    for name in sorted(os.listdir(samples)):
        if name.endswith(".pcap"):
            text = audit(ocsight, failures, "--format", "markdown", os.path.join(samples, name))
            document = json.loads(audit(ocsight, failures, "--format", "json", "--hash",
                                        os.path.join(samples, name)))
            said = [document["inputs"][0]["sha256"], name,
                    *(found["message"][:250] for found in document["findings"])]
            check_page(name, text, said, failures)


def check_hostile(ocsight, samples, folder, failures):
    """Names of inputs, options, and all that an earlier audit can hold."""
    capture = os.path.join(samples, "faults.pcap")
    for start in range(0, len(HOSTILE), 16):
        names = HOSTILE[start:start + 16]
        keys = ("rule", "message", "user", "peer", "room")
        findings = [{"severity": "error", "time": None, **{key: name for key in keys}}
                    for name in names]
        baseline = os.path.join(folder, f"`@old` <b>|*{start}*.json")
        with open(baseline, "w", encoding="utf-8") as file:
            json.dump({"schema": "ocsight.audit/1", "findings": findings}, file)
        text = audit(ocsight, failures, capture, "--format", "markdown", "--baseline", baseline)
        check_page(f"hostile {start}", text, names, failures)
        places = [name.replace("/", "%").replace("\0", "")[:100] + ".pcap" for name in names]
        for place in places:
            shutil.copy(capture, os.path.join(folder, place))
        for options in (["--rule", "register-refused"], ["--room", "r " + names[0]]):
            text = audit(ocsight, failures, *(os.path.join(folder, place) for place in places),
                         "--format", "markdown", *options)
            check_page(f"files {start}", text, [place[-30:] for place in places], failures)


def main():
    ocsight, samples = sys.argv[1:3]
    failures = Failures()
    for command in RENDERERS.values():
        if not shutil.which(command[0]):
            failures.add(f"{command[0]} is not installed (samples/packages.txt)")
    if failures.count == 0:
        check_samples(ocsight, samples, failures)
        with tempfile.TemporaryDirectory() as folder:
            check_hostile(ocsight, samples, folder, failures)
        failures.where = ""
    return failures.finish("Markdown shows what was found and nothing else")


if __name__ == "__main__":
    sys.exit(main())
