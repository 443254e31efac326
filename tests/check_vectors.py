#!/usr/bin/env python3
"""The tables of tests/vectors, each row played as a conversation of its own user.

    check_vectors.py OCSIGHT RENDER-SAMPLE [--keep FOLDER]

bands.txt through the server's aggregateState, a watcher's copy of it and computed inputs,
aggregation.txt through SERVICE publications, pidf.txt through PUBLISH in both spellings, legacy.txt through
setPresence and msrtc.pidf. What
`ocsight presence --format json` says of each user at the end must be what the row says:
band, availability, activity, source, and what else the sources admit.
"""
import argparse
import os
import sys
import tempfile

from sampling import Failures, read_json, run
from vector_talk import Talk, User

VECTORS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "vectors")


def rows(name):
    """The rows of a table, without comments."""
    with open(os.path.join(VECTORS, name), encoding="utf-8") as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                yield line.strip()


class Expected:
    """What must be said of one user. None = not compared; a set of bands = any of them."""

    def __init__(self, what, bands, source, number=None, token=None, admits=None):
        self.what = what
        self.bands = bands
        self.source = source
        self.number = number
        self.token = token
        self.admits = admits


def bands_play(talk, expected):
    for row in rows("bands.txt"):
        number, band = row.split()
        value = None if number == "none" else int(number)
        told = User(talk, f"told-{number}")
        told.aggregate(value)
        expected[told.name] = Expected(f"aggregateState {number}", {band}, "aggregate", value, "")
        shown = User(talk, f"shown-{number}")
        shown.notified(value)
        expected[shown.name] = Expected(f"watcher's {number}", {band}, "notified", value, "")
        if value is not None:
            chose = User(talk, f"chose-{number}")
            chose.publish("user", value)
            expected[chose.name] = Expected(f"userState {number}", {band}, "computed", value)


def step_play(user, step):
    kind, *words = step.split()
    if kind == "leave":
        user.leave()
    elif kind == "wait":
        user.talk.pause(int(words[0]))
    elif kind == "oof":
        user.publish("oof", None, "out-of-office")
    elif kind == "timed":
        user.publish("timed", int(words[0]), expires=int(words[1]))
    else:
        user.publish(kind, int(words[0]), words[1] if len(words) > 1 else None)


def outcome_read(text):
    """(band, number, token, admitted ranges) of the right side of a row."""
    left, _, admits = text.partition(" admits ")
    words = left.split()
    number = int(words[1]) if len(words) > 1 else None
    token = words[2] if len(words) > 2 else ""
    if number is None:
        return words[0], None, None, None
    if not admits:
        return words[0], number, token, None
    ranges = [tuple(map(int, part.split("-"))) for part in admits.split() if part != "nothing"]
    return words[0], number, token, ranges


def aggregation_play(talk, expected):
    for row in rows("aggregation.txt"):
        name, _, rest = row.partition(":")
        steps, _, outcome = rest.partition("->")
        user = User(talk, "v-" + name.strip())
        for step in steps.split(","):
            step_play(user, step.strip())
        band, number, token, ranges = outcome_read(outcome.strip())
        expected[user.name] = Expected(f"vector {row}", {band}, "computed", number, token, ranges)


def pidf_play(talk, expected):
    for row in rows("pidf.txt"):
        basic, token, bands, *shown = row.split()
        for old in (True, False):
            user = User(talk, f"{basic}-{token.strip('-') or 'none'}-{'old' if old else 'new'}")
            user.pidf(basic, None if token == "-" else token, old)
            expected[user.name] = Expected(f"pidf {row}", set(bands.split(",")), "pidf", None,
                                           shown[0] if shown else "")


def legacy_play(talk, expected):
    for row in rows("legacy.txt"):
        availability, activity, chosen, band = row.split()
        for how in ("set", "told"):
            user = User(talk, f"{how}-{availability}-{activity}-{chosen.strip('-') or 'none'}")
            user.legacy(availability, activity, None if chosen == "-" else chosen, how == "set")
            expected[user.name] = Expected(f"legacy {how} {row}", {band}, "legacy")


def admitted_check(expected, user, failures):
    """A listed range must be admitted; with an empty list nothing but the number may be."""
    if "admitted" not in user:
        return
    actual = [(part["low"], part["high"]) for part in user["admitted"] or []]
    if not expected.admits:
        allowed = [part for part in actual if part != (expected.number, expected.number)]
        failures.same(f"{expected.what}: also admitted", [], allowed)
        return
    for low, high in expected.admits:
        if not any(part[0] <= low and high <= part[1] for part in actual):
            failures.add(f"{expected.what}: {low}-{high} is not admitted: {actual}")


def user_check(expected, user, failures):
    if user.get("band") not in expected.bands:
        failures.same(f"{expected.what}: band", sorted(expected.bands), user.get("band"))
    failures.same(f"{expected.what}: source", expected.source, user.get("source"))
    if expected.number is not None:
        failures.same(f"{expected.what}: availability", expected.number, user.get("availability"))
    if expected.token is not None:
        failures.same(f"{expected.what}: activity", expected.token, user.get("activity") or "")
    if expected.admits is not None:
        admitted_check(expected, user, failures)


def table_check(play, program, ocsight, folder, failures):
    """Plays one table as one capture and compares every user of it."""
    talk, expected = Talk(), {}
    play(talk, expected)
    talk.pause(10)
    path = os.path.join(folder, play.__name__)
    with open(path + ".talk", "w", encoding="utf-8") as file:
        file.write(talk.text())
    status, _, problem = run([program, path + ".talk", path + ".pcap"])
    if status != 0:
        sys.exit(f"render-sample {path}.talk: {problem}")
    document = read_json(ocsight, failures, "presence", path + ".pcap")
    users = {} if document is None else {user["user"]: user for user in document["users"]}
    for name, wanted in expected.items():
        user_check(wanted, users.get(f"{name}@contoso.example", {"band": "unknown"}), failures)
    return len(expected)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("ocsight")
    parser.add_argument("render")
    parser.add_argument("--keep", metavar="FOLDER", help="leave the talks and captures there")
    arguments = parser.parse_intermixed_args()
    failures = Failures()
    count = 0
    with tempfile.TemporaryDirectory() as folder:
        for play in (bands_play, aggregation_play, pidf_play, legacy_play):
            count += table_check(play, arguments.render, arguments.ocsight,
                                 arguments.keep or folder, failures)
    return failures.finish(f"{count} vectors, each as its row says")


if __name__ == "__main__":
    sys.exit(main())
