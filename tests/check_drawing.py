#!/usr/bin/env python3
"""Drawn ladders as others read them: poppler for PDF, librsvg for SVG, pixels for PNG.

    check_drawing.py OCSIGHT RENDER-SAMPLE

Of samples: the same bytes twice; pages, fonts, words in their order, digests of the inputs; each
link leads to a place that exists; each message of the appendix is there; Korean, Arabic, Hebrew
and emoji have glyphs; an SVG looks like the PNG of the same ladder.
"""
import hashlib
import os
import re
import struct
import subprocess
import sys
import tempfile
import zlib

from sampling import Failures

SAMPLES = os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "samples")
LETTERS = ["운영실", "مركز", "חדר", "é"]
EMOJI = "\U0001F309"  # a picture in a PDF, not a letter
TALK = """title  Letters of many scripts
start  2014-05-07T08:00:00Z

party  ann  192.0.2.31:49801
party  fe01 192.0.2.5:5061

link   ann -> fe01 tls
user   ann@contoso.example

+0 ann -> fe01
OPTIONS sip:ann@contoso.example SIP/2.0
Via: SIP/2.0/TLS 192.0.2.31:49801
From: "{letters}" <sip:ann@contoso.example>;tag=1;epid=5ad2c1b07e
To: <sip:ann@contoso.example>
Call-ID: letters
CSeq: 1 OPTIONS
Content-Length: *

---
+0.010 fe01 -> ann
SIP/2.0 200 OK
Via: SIP/2.0/TLS 192.0.2.31:49801
From: <sip:ann@contoso.example>;tag=1;epid=5ad2c1b07e
To: <sip:ann@contoso.example>;tag=2
Call-ID: letters
CSeq: 1 OPTIONS
Content-Length: *

---
"""


def run(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: {done.returncode} {done.stderr.decode()}")
    return done.stdout


def read(path):
    with open(path, "rb") as file:
        return file.read()


class Picture:
    """An 8-bit PNG without interlacing, as dark = True pixels in rows."""

    def __init__(self, data):
        self.rows = []
        packed, at = b"", 8
        while at < len(data):
            size, kind = struct.unpack(">I4s", data[at:at + 8])
            if kind == b"IHDR":
                self.width, self.height, depth, colour = struct.unpack(">IIBB", data[at + 8:at + 18])
                self.bytes = {2: 3, 6: 4}[colour] if depth == 8 else 0
            elif kind == b"IDAT":
                packed += data[at + 8:at + 8 + size]
            at += size + 12
        self.unfilter(zlib.decompress(packed))

    def unfilter(self, raw):
        step, line = self.bytes, self.width * self.bytes
        above = bytearray(line)
        for y in range(self.height):
            start = y * (line + 1)
            kind, row = raw[start], bytearray(raw[start + 1:start + 1 + line])
            for i in range(line if kind else 0):
                left = row[i - step] if i >= step else 0
                corner = above[i - step] if i >= step else 0
                row[i] = row[i] + self.guess(kind, left, above[i], corner) & 255
            above = row
            self.rows.append(row)

    @staticmethod
    def guess(kind, left, up, corner):
        if kind < 4:
            return (0, left, up, (left + up) // 2)[kind]
        near = left + up - corner
        return min((left, up, corner), key=lambda value: abs(near - value))

    def ink(self, parts):
        """How dark each field of a grid is, from 0 to 1."""
        dark = [[0] * parts for _ in range(parts)]
        for y, row in enumerate(self.rows):
            line = dark[y * parts // self.height]
            for x in range(self.width):
                line[x * parts // self.width] += 255 - row[x * self.bytes + 1]
        size = self.width * self.height * 255 / parts / parts
        return [value / size for line in dark for value in line]


def check_links(failures, name, pdf):
    """Each link has a place, and named places exist. Returns how many links there are."""
    links = re.findall(rb"/Subtype /Link\b.*?endobj", pdf, re.S)
    places = set(re.findall(rb"\n   \((\d+\.\d+)\) \[", pdf))
    for link in links:
        named = re.search(rb"/Dest \((.*?)\)", link)
        if not re.search(rb"/Dest \[\d+ 0 R /XYZ", link) and not (named and named[1] in places):
            failures.add(f"{name}: a link leads nowhere")
            break
    return len(links)


def check_fonts(failures, name, path):
    for line in run("pdffonts", path).decode().splitlines()[2:]:
        if line.split()[-5] != "yes":
            failures.add(f"{name}: a font is not embedded: {line}")


def check_words(failures, name, path, capture, shown):
    """Rows stand in their order, with the digest above and the page number below."""
    words = run("pdftotext", "-layout", path, "-").decode()
    pages = int(re.search(r"Pages: +(\d+)", run("pdfinfo", path).decode())[1])
    rows = [int(number) for number in re.findall(r"^ *\d\d:\d\d:\d\d\.\d{3} +(\d+) ", words, re.M)]
    if rows != sorted(rows) or len(rows) < shown * 0.9:
        failures.add(f"{name}: {len(rows)} rows of {shown} messages, or not in their order")
    if hashlib.sha256(read(capture)).hexdigest() not in words:
        failures.add(f"{name}: the digest of the input is missing")
    for page in range(1, pages + 1):
        if f"page {page} of {pages}" not in words:
            failures.add(f"{name}: page {page} has no number")
    if "\ufffd" in words:
        failures.add(f"{name}: a character has no glyph")
    return words, pages


def check_sample(failures, ocsight, folder, name, capture):
    path = os.path.join(folder, f"{name}.pdf")
    run(ocsight, "ladder", capture, "-o", path)
    plain = read(path)
    run(ocsight, "ladder", capture, "-o", path)
    if read(path) != plain:
        failures.add(f"{name}: not the same bytes twice")
    check_fonts(failures, name, path)
    shown = len(run(ocsight, "messages", capture).splitlines()) - 1
    _, pages = check_words(failures, name, path, capture, shown)
    links = check_links(failures, name, plain)

    run(ocsight, "ladder", "--appendix", capture, "-o", path)
    whole = read(path)
    words, all_pages = check_words(failures, name, path, capture, shown)
    arrows = check_links(failures, name, whole) - links
    if arrows < shown or arrows % 2 != 0 or all_pages <= pages:
        failures.add(f"{name}: {arrows} links of {shown} messages to and from the appendix")
    if len(re.findall(r"^ *CSeq: ", words, re.M)) < arrows / 2:
        failures.add(f"{name}: messages of the appendix are not whole")
    for title in ("Dialogs", "Messages"):
        if f"/Title ({title})".encode() not in whole:
            failures.add(f"{name}: no bookmark {title}")


def check_pictures(failures, ocsight, folder, capture):
    pictures = {}
    for scale in ("0.5", "1"):
        path = os.path.join(folder, "picture.png")
        run(ocsight, "ladder", "--scale", scale, capture, "-o", path)
        pictures[scale] = Picture(read(path))
    half, usual = pictures["0.5"], pictures["1"]
    if abs(half.width * 2 - usual.width) > 2 or abs(half.height * 2 - usual.height) > 2:
        failures.add(f"--scale: {half.width} x {half.height}, {usual.width} x {usual.height}")
    path = os.path.join(folder, "picture.svg")
    run(ocsight, "ladder", capture, "-o", path)
    other = Picture(run("rsvg-convert", "--width", str(half.width), "--height", str(half.height),
                        "--background-color", "white", path))
    worst = max(abs(a - b) for a, b in zip(half.ink(16), other.ink(16)))
    if worst > 0.03 or sum(half.ink(1)) < 0.01:
        failures.add(f"svg: differs from the PNG by {worst:.3f}")


def check_letters(failures, ocsight, render, folder):
    talk, capture, path = (os.path.join(folder, name) for name in ("l.talk", "l.pcap", "l.pdf"))
    with open(talk, "w", encoding="utf-8") as file:
        file.write(TALK.format(letters=" ".join([*LETTERS, EMOJI])))
    run(render, talk, capture)
    run(ocsight, "ladder", "--appendix", capture, "-o", path)
    check_fonts(failures, "letters", path)
    words = run("pdftotext", "-layout", path, "-").decode()
    for letters in LETTERS:
        if letters not in words and letters[::-1] not in words:
            failures.add(f"letters: no glyphs for {letters}")
    if b" image " not in run("pdfimages", "-list", path):
        failures.add("letters: the emoji is not drawn")


def check_paper(failures, ocsight, folder, capture):
    for paper, size in (("a4", "841.89 x 595.276"), ("letter", "792 x 612")):
        path = os.path.join(folder, "paper.pdf")
        run(ocsight, "ladder", "--paper", paper, capture, "-o", path)
        if size not in run("pdfinfo", path).decode():
            failures.add(f"--paper: {paper} is not {size}")
    run(ocsight, "ladder", "--paper", "long", capture, "-o", path)
    if not re.search(r"Pages: +1\n", run("pdfinfo", path).decode()):
        failures.add("--paper: long has several pages")


def main():
    ocsight, render = sys.argv[1:]
    failures = Failures()
    with tempfile.TemporaryDirectory() as folder:
        for name in ("group-chat", "presence-change", "faults", "gateway-failures"):
            capture = os.path.join(folder, f"{name}.pcap")
            run(render, os.path.join(SAMPLES, f"{name}.talk"), capture)
            check_sample(failures, ocsight, folder, name, capture)
        check_paper(failures, ocsight, folder, os.path.join(folder, "faults.pcap"))
        check_pictures(failures, ocsight, folder, os.path.join(folder, "presence-change.pcap"))
        check_letters(failures, ocsight, render, folder)
    return failures.finish("drawings: as they should be")


if __name__ == "__main__":
    sys.exit(main())
