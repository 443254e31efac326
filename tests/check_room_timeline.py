#!/usr/bin/env python3
"""Room activity as text, JSON, CSV and drawings: `chat --timeline` of whole samples.

    check_room_timeline.py OCSIGHT RENDER-SAMPLE

The text of two samples is what their stories tell; JSON and CSV tell the same; a PDF is read by
poppler, an SVG by an XML parser; each form is the same, byte for byte, when it is made again.
"""
import csv
import io
import json
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml

from sampling import Failures, render, run

TEXTS = {
    "group-chat": """\
2009-07-13
15:20:00.000  도면 Plans  ben posts (history): who has the plan of rack 7?  #167

2009-07-14
08:59:01.387  Ops Bridge  ben posts (history): 어젯밤 조용했어요  #139
09:30:00.293  Ops Bridge  ben entered  #50
09:30:00.293  도면 Plans  ben entered  #50
09:32:00.464  Ops Bridge  ann entered  #123
09:32:00.511  Ops Bridge  ann fetches 1 message of the history  #139
09:35:06.018  도면 Plans  ann entered  #155
09:35:06.056  도면 Plans  ann fetches 1 message of the history  #167
09:35:31.522  도면 Plans  ann posts a file (accepted, 2 copies): ma-filel…  #179
09:40:00.000  Ops Bridge  ann left (bye by client)  #191
09:40:00.000  도면 Plans  ann left (bye by client)  #191
""",
    "persistent-chat": """\
2014-05-06
06:59:01.387  Ops Bridge          bo posts (history): link to rack 7 is ba…  #79
07:01:44.020  Ops Bridge          ada posts (history): thanks <3  #79
07:08:00.409  Ops Bridge          ada entered  #55
07:08:00.409  커피방 ☕           ada entered  #55
07:08:00.442  Night shift hand-…  ada entered  #63
07:08:00.478  Ops Bridge          ada fetches 2 messages of the history  #79
07:12:00.300  커피방 ☕           bo entered  #140
07:14:05.022  Ops Bridge          bo entered  #176
07:14:05.057  Ops Bridge          bo fetches 2 messages of the history  #188
07:14:20.000  Ops Bridge          bo posts (accepted, 2 copies): 점심 뭐 …  #192
07:14:41.000  Ops Bridge          ada posts (accepted, 2 copies): if a < …  #204
07:18:00.016  Ops Bridge          bo left  #220
07:19:00.000  커피방 ☕           bo left (bye by client)  #228
07:25:00.000  Ops Bridge          ada left (bye by client)  #240
07:25:00.000  커피방 ☕           ada left (bye by client)  #240
07:25:00.000  Night shift hand-…  ada left (bye by client)  #240
""",
}

# What a PDF of persistent-chat says, in the order of the page.
WORDS = ("persistent-chat.pcap", "2014-05-06 07:08:00.000 to 07:25:00.011 UTC (17 min 0 s)",
         "3 rooms, 2 messages (2 accepted), 0 findings; 2 older messages", "coverage full",
         "07:10", "Ops Bridge", "커피방", "Night shift hand-over", "07:10", "people in the room",
         "post accepted", "history fetched", "page 1 of 1")


def made(ocsight, capture, *options):
    status, out, problem = run([ocsight, "chat", "--timeline", *options, capture])
    if status != 0:
        sys.exit(f"chat --timeline {' '.join(options)}: exit status {status}: {problem}")
    return out


def check_text(ocsight, capture, expected, failures):
    text = made(ocsight, capture, "--width", "80").decode()
    failures.same("text", expected, text.partition("\n\n")[2])


def check_tables(ocsight, capture, failures):
    document = json.loads(made(ocsight, capture, "--format", "json"))
    rows = list(csv.DictReader(io.StringIO(made(ocsight, capture, "--format", "csv").decode())))
    told = [(row["time"], row["room"], row["user"] or None, row["what"], int(row["people"]),
             row["packet"]) for row in rows]
    same = [(row["time"], row["room"], row["user"], row["what"], row["people"],
             str(row["origin"]["record"])) for row in document["timeline"]]
    failures.same("CSV and JSON", told, same)
    failures.same("rooms beside the timeline", True, len(document["rooms"]) > 1)
    room = document["rooms"][0]["uri"]
    one = json.loads(made(ocsight, capture, "--format", "json", "--room", room))["timeline"]
    failures.same("one room", [row for row in document["timeline"] if row["room"] == room], one)


def check_range(ocsight, capture, failures):
    """--from and --to cut the timeline; who was there before still counts."""
    whole = json.loads(made(ocsight, capture, "--format", "json"))["timeline"]
    first, last = "2014-05-06T07:14:00", "2014-05-06T07:15:00"
    part = json.loads(made(ocsight, capture, "--format", "json", "--from", first, "--to",
                           "07:15:00"))["timeline"]
    failures.same("--from and --to", [row for row in whole if first <= row["time"] < last], part)
    failures.same("rows of that minute", 4, len(part))


def in_order(text, words):
    at = 0
    for word in words:
        at = text.find(word, at)
        if at < 0:
            return word
        at += len(word)
    return None


def check_drawings(ocsight, capture, folder, failures):
    for suffix in ("pdf", "svg", "png"):
        for options in ([], ["--room", "Ops Bridge"]):
            paths = [os.path.join(folder, f"{name}.{suffix}") for name in ("first", "second")]
            for path in paths:
                made(ocsight, capture, *options, "-o", path)
            first, second = (open(path, "rb").read() for path in paths)
            failures.same(f"the same bytes of {suffix}", True, first == second)
    sizes = []
    for scale in ("0.5", "1", "2"):
        path = os.path.join(folder, "scaled.png")
        made(ocsight, capture, "--scale", scale, "-o", path)
        sizes.append(int.from_bytes(open(path, "rb").read(20)[16:20], "big"))
    failures.same("widths", [960, 1920, 3840], sizes)
    path = os.path.join(folder, "rooms.svg")
    made(ocsight, capture, "-o", path)
    failures.same("svg", "{http://www.w3.org/2000/svg}svg", xml.parse(path).getroot().tag)
    path = os.path.join(folder, "rooms.pdf")
    made(ocsight, capture, "-o", path)
    text = subprocess.run(["pdftotext", "-layout", path, "-"], check=True,
                          stdout=subprocess.PIPE).stdout.decode()
    failures.same("words that are missing in the PDF", None, in_order(text, WORDS))
    fonts = subprocess.run(["pdffonts", path], check=True, stdout=subprocess.PIPE).stdout.decode()
    failures.same("fonts that are not embedded", [],
                  [line for line in fonts.splitlines()[2:] if " no " in line.partition("Id")[0]
                   and not line.startswith("[none]")])


def check_usage(ocsight, capture, failures):
    for options in (["--timeline", "--session"], ["--timeline", "--compliance"],
                    ["--from", "10:00:00"], ["-o", "/dev/null", "--format", "pdf"]):
        status, _, _ = run([ocsight, "chat", *options, capture])
        failures.same(" ".join(options), 2, status)


def main():
    ocsight, program = sys.argv[1:]
    failures = Failures()
    with tempfile.TemporaryDirectory() as folder:
        for name, expected in TEXTS.items():
            failures.where = name
            capture = render(program, name, os.path.join(folder, name + ".pcap"))
            check_text(ocsight, capture, expected, failures)
            check_tables(ocsight, capture, failures)
        check_range(ocsight, capture, failures)
        check_drawings(ocsight, capture, folder, failures)
        check_usage(ocsight, capture, failures)
    return failures.finish("room activity is told and drawn as it happened")


if __name__ == "__main__":
    sys.exit(main())
