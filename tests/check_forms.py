#!/usr/bin/env python3
"""One conversation in many network forms must give one and the same result.

    check_forms.py OCSIGHT RENDER-SAMPLE [--short] [SAMPLE…]

Lossless forms: the JSON of all commands is identical after removing origins,
times, addresses of the network and the counters of packets, retransmissions and
skips. Form `lost`: every fact that the lost segment does not touch. Coverage
verdict: full, partial (half-tls, one-sided, lost) or none (nosip). Form `midstream`:
only the first message of each direction is gone.
"""
import argparse
import json
import os
import re
import sys
import tempfile

from sampling import Failures, read_json, render, sample_names, suffix_of

LOSSLESS = ["udp", "ipv6-vlan", "sll-tiny", "qinq-dup", "sll2", "raw-frag", "gre", "erspan",
            "ipip", "pppoe", "null", "pcapng-mixed", "nano-big", "netmon", "keepalive"]
SHORT = ["udp", "ipv6-vlan", "sll-tiny", "qinq-dup", "raw-frag", "pcapng-mixed", "keepalive"]

# Junk in front of a message belongs to a stream; in a datagram it is another matter.
NOT_FOR = {("quirks", "udp")}

# Datagrams only: there is no stream to lose a segment of, to enter late or to encrypt.
DATAGRAMS = {"gateway-presence-literal"}

# Whoever is silent over UDP without being asked again, or tells by BENOTIFY, may only have been
# missed: in that form these findings are not made.
NOT_OVER_UDP = {"sip-request-unanswered", "publish-expired", "presence-watcher-stale",
                "subscription-not-terminated", "publish-doubled", "chat-reply-unmatched",
                "chat-reply-misplaced", "chat-reply-after-refusal", "chat-info-outside-dialog",
                "flow-step-missing"}

# Cut at every byte, and a little coarser.
SPLITS = [1, 2, 3, 7, 61]

REMOVED = {"origin", "evidence", "time", "since", "start", "end", "first", "last", "inputs",
           "input", "record", "offset", "stream", "stream_offset", "packets", "decoded", "skipped",
           "retransmissions", "retransmission", "src", "dst", "transport", "size", "options",
           "tool", "version", "interval", "entered", "left", "entered_by", "left_by", "origins"}
TIMINGS = re.compile(r"response_time|post_to_copy|percentile")
TIME = re.compile(r"(\d{4}-\d\d-\d\d[T ])?\d\d:\d\d:\d\d(\.\d+)?Z?")
ADDRESS = re.compile(r"\[?(2001:db8:[0-9a-f:.]+|\d+\.\d+\.\d+\.\d+)\]?(:\d+)?")
OFFSET = re.compile(r"\d+ s from the time of capture")
PACKET = re.compile(r"\b(packet|record|frame)s? \d+")


def plain_text(text):
    """Words of a finding without times, addresses and packet numbers."""
    return OFFSET.sub("OFFSET", PACKET.sub("PACKET", ADDRESS.sub("ADDRESS", TIME.sub("TIME", text))))


def normal(value, parent=""):
    if isinstance(value, dict):
        return {key: normal(item, key) for key, item in value.items()
                if key not in REMOVED and not TIMINGS.search(key)}
    if isinstance(value, list):
        return [normal(item, parent) for item in value]
    if isinstance(value, str) and parent in ("message", "reason", "cause"):
        return plain_text(value)
    return value


def facts(ocsight, capture, failures):
    """Everything that ocsight says of a capture, without what a form may change."""
    audit = read_json(ocsight, failures, "audit", capture)
    result = {"audit": audit, "chat": read_json(ocsight, failures, "chat", capture),
              "presence": read_json(ocsight, failures, "presence", capture, "--timeline"),
              "dialogs": read_json(ocsight, failures, "dialogs", capture),
              "messages": read_json(ocsight, failures, "messages", capture, lines=True)}
    if any(value is None for value in result.values()):
        return None
    summary = audit.get("summary", {})
    streams = summary.get("coverage", {}).get("streams")
    summary["coverage"] = {"verdict": summary.get("coverage", {}).get("verdict")}
    summary.pop("findings", None)
    audit["findings"] = [finding for finding in audit.get("findings", [])
                         if not finding["rule"].startswith("coverage-")]
    result = normal(result)
    # Findings of the same moment may change places with the microseconds of a form.
    findings = result["audit"]["findings"]
    findings.sort(key=lambda finding: (finding["rule"], finding["message"]))
    for number, finding in enumerate(findings, 1):
        finding["id"] = number
    result["streams"] = streams
    return result


def first_difference(left, right, path=""):
    if type(left) is not type(right):
        return f"{path}: {left!r} / {right!r}"
    if isinstance(left, dict):
        for key in sorted(set(left) | set(right)):
            if left.get(key) != right.get(key):
                return first_difference(left.get(key), right.get(key), f"{path}.{key}")
    if isinstance(left, list):
        for number, (one, other) in enumerate(zip(left, right)):
            if one != other:
                return first_difference(one, other, f"{path}[{number}]")
        return f"{path}: {len(left)} / {len(right)} entries"
    return f"{path}: {left!r} / {right!r}"


def verdict_check(what, expected, result, failures):
    failures.same(f"{what}: coverage verdict", expected,
                  result["audit"]["summary"]["coverage"]["verdict"])


def message_key(row):
    return (row.get("method"), row.get("status"), row.get("call_id"), row.get("cseq"),
            row.get("from"), row.get("to"))


def missing(whole, part):
    """Rows of `whole` that are not in `part`, and rows of `part` that are not in `whole`."""
    left, extra = list(whole), []
    for row in part:
        if row in left:
            left.remove(row)
        else:
            extra.append(row)
    return left, extra


def post_rows(result):
    return [(room["uri"], message["author"], message["text"], delivery["user"])
            for room in result["chat"]["rooms"] for message in room["messages"]
            for delivery in message.get("deliveries", [])]


def band_rows(result):
    return [(user["user"], change["band"], change.get("availability"))
            for user in result["presence"]["users"] for change in user.get("timeline", [])]


def lost_check(whole, result, failures):
    """One segment carries a part of one message only: nothing else may be gone, and that message
    only if the part was not the end of its body."""
    gone, extra = missing(map(message_key, whole["messages"]), map(message_key, result["messages"]))
    if len(gone) > 1 or extra:
        failures.add(f"lost: messages gone: {gone}, messages not in the whole: {extra}")
    for what, rows in (("deliveries", post_rows), ("presence changes", band_rows)):
        rows_gone, rows_extra = missing(rows(whole), rows(result))
        if len(rows_gone) > 1 or (rows_extra and what == "deliveries"):
            failures.add(f"lost: {what} gone: {rows_gone}, not in the whole: {rows_extra}")
    verdict_check("lost", "partial", result, failures)


def midstream_check(whole, result, failures):
    gone, extra = missing(map(message_key, whole["messages"]), map(message_key, result["messages"]))
    if extra:
        failures.add(f"midstream: messages not in the whole: {extra[:3]}")
    streams = whole["streams"]
    if not gone or (streams and len(gone) > 2 * streams):
        failures.add(f"midstream: {len(gone)} messages are gone on {streams} streams: {gone[:3]}")


def part_check(form, whole, result, failures):
    """Forms that show a part: only messages of the whole, and the verdict says it."""
    _, extra = missing(map(message_key, whole["messages"]), map(message_key, result["messages"]))
    if extra:
        failures.add(f"{form}: messages not in the whole: {extra[:3]}")
    if len(result["messages"]) >= len(whole["messages"]):
        failures.add(f"{form}: nothing is missing")
    verdict_check(form, "partial", result, failures)


def over_udp(result):
    """The facts without the findings that datagrams cannot prove."""
    audit = result["audit"]
    left = [{**finding, "id": 0} for finding in audit["findings"]
            if finding["rule"] not in NOT_OVER_UDP]
    return {**result, "audit": {**audit, "findings": left}}


def same_check(what, whole, result, failures):
    if result is None:
        return
    # How many streams there are is a matter of the form.
    same = {**result, "streams": whole["streams"]}
    if same != whole:
        failures.add(f"{what}: differs from plain at {first_difference(whole, same)}")


def sample_check(ocsight, program, name, forms, folder, failures):
    def result_of(form, *options):
        path = os.path.join(folder, f"{name}.{form}.{suffix_of(form)}")
        if form in ("gz", "zst"):
            path = os.path.join(folder, f"{name}.pcap.{form}")
            return facts(ocsight, render(program, name, path), failures)
        named = ("--form", form) if not options else ()
        return facts(ocsight, render(program, name, path, *named, *options), failures)

    failures.where = name
    whole = result_of("plain")
    if whole is None:
        return
    verdict_check("plain", "full", whole, failures)
    for form in forms + ["gz", "zst"]:
        if (name, form) not in NOT_FOR:
            result = result_of(form)
            if form == "udp" and result is not None:
                same_check(form, over_udp(whole), over_udp(result), failures)
            else:
                same_check(form, whole, result, failures)
    for size in SPLITS:
        same_check(f"mss {size}", whole, result_of(f"mss{size}", "--mss", str(size)), failures)
    if name not in DATAGRAMS:
        lost = result_of("lost")
        if lost is not None:
            lost_check(whole, lost, failures)
        midstream = result_of("midstream")
        if midstream is not None:
            midstream_check(whole, midstream, failures)
    for form in ("one-sided",) if name in DATAGRAMS else ("half-tls", "one-sided"):
        result = result_of(form)
        # One TLS link only: there is no second one to encrypt.
        if result is not None and not (name == "quirks" and form == "half-tls"):
            part_check(form, whole, result, failures)
    nosip = result_of("nosip")
    if nosip is not None:
        verdict_check("nosip", "none", nosip, failures)
        failures.same("nosip: messages", [], nosip["messages"])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("ocsight")
    parser.add_argument("render")
    parser.add_argument("--short", action="store_true", help="fewer forms")
    parser.add_argument("--dump", metavar="FILE", help="only print the compared facts of a capture")
    parser.add_argument("samples", nargs="*")
    arguments = parser.parse_intermixed_args()
    failures = Failures()
    if arguments.dump:
        json.dump(facts(arguments.ocsight, arguments.dump, failures), sys.stdout, indent=1,
                  ensure_ascii=False)
        return 0
    for name in arguments.samples or sample_names():
        with tempfile.TemporaryDirectory() as folder:
            sample_check(arguments.ocsight, arguments.render, name,
                         SHORT if arguments.short else LOSSLESS, folder, failures)
    return failures.finish("every form says the same")


if __name__ == "__main__":
    sys.exit(main())
