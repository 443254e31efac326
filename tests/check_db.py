#!/usr/bin/env python3
"""Every report of `ocsight db`, from a live server and from a snapshot, and what goes wrong.

    check_db.py OCSIGHT TDS-SERVER

ROWS are written by hand from the story of the sample rows (tests/tds/data): ann with two
endpoints, bob busy, carol signed out with a stale row, dave who never published, eve federated,
zoe with a note and no registration, one endpoint that expired and one registration without owner.
"""
import csv
import io
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile

from sampling import Failures
from sheet_rows import Server, write_snapshot
from tds_peer import FRONT_END_2, PASSWORD, Peer

AT = ["--at", "2015-06-01T09:00:00Z"]
ANN, BOB, CAROL, DAVE, EVE, ZOE = (f"{name}@{host}.example" for name, host in (
    ("ann", "contoso"), ("bob", "contoso"), ("carol", "contoso"), ("dave", "contoso"),
    ("eve", "fabrikam"), ("zoe", "contoso")))
GUID = "00000000-0000-5000-8000-0000000000"


def time(text):
    return text.replace(" ", "T") + ".000000Z"


def rows_of(keys, *rows):
    return [dict(zip(keys.split(), row)) for row in rows]


# report -> (options, rows); None stands for null.
ROWS = {
    "online": ([], rows_of(
        "user endpoint version agent address front_end server_source expires",
        (ANN, GUID + "01", "UCCAPI/15.0.4420.1017", "OC/15.0.4420.1017 (Microsoft Lync)",
         "192.0.2.11", "fe01.contoso.example", True, time("2015-06-01 09:10:00")),
        (ANN, GUID + "02", "UCWA/5.0.0.0", "(iPhoneLync)", None, "fe01.contoso.example", True,
         time("2015-06-01 09:12:00")),
        (BOB, GUID + "03", "PolycomVVX", None, "192.0.2.21", "fe02.contoso.example", True,
         time("2015-06-01 09:11:00")))),
    "clients": ([], rows_of(
        "version agent endpoints users",
        ("PolycomVVX", None, 1, 1), ("RTCC/5.0.0.0", None, 1, 1),
        ("UCCAPI/15.0.4420.1017", "OC/15.0.4420.1017 (Microsoft Lync)", 1, 1),
        ("UCWA/5.0.0.0", "(iPhoneLync)", 1, 1))),
    "documents": ([], rows_of(
        "user container category kind instance endpoint version published expires availability "
        "band bytes",
        (ANN, 2, "state", "aggregateState", 1, None, 12, time("2015-06-01 08:30:00"), None, 3500,
         "available", 208),
        (ANN, 2, "state", "machineState", 805306369, GUID + "01", 12,
         time("2015-06-01 08:30:00"), None, 3500, "available", 221),
        (ANN, 200, "state", "aggregateState", 1, None, 12, time("2015-06-01 08:30:00"), None, 3500,
         "available", 183),
        (BOB, 2, "state", "aggregateState", 1, None, 5, time("2015-06-01 08:55:00"), None, 6500,
         "busy", 261),
        (CAROL, 2, "state", "aggregateState", 1, None, 2, time("2015-05-28 16:00:00"), None, 15500,
         "away", 184),
        (ZOE, 2, "note", None, 0, None, 1, time("2015-06-01 08:40:00"), None, None, None, 17))),
    "static": ([], rows_of(
        "user category category_id container instance version published kind availability band "
        "bytes",
        (ANN, "routing", 8, 0, 0, 4, time("2015-04-01 10:00:00"), None, None, None, 97),
        (ANN, "state", 1, 2, 536870912, 9, time("2015-06-01 07:59:00"), "userState", 3500,
         "available", 192),
        (ANN, "userInformation", 23, 1, 0, 7, time("2015-05-20 10:00:00"), None, None, None, 91),
        (CAROL, "state", 1, 200, 0, 3, time("2015-05-28 16:00:00"), "aggregateState", 18500,
         "offline", 184))),
    "watchers": ([], rows_of(
        "user watcher subscribes",
        (ANN, BOB, True), (ANN, CAROL, True), (ANN, ZOE, True), (BOB, ANN, True),
        (CAROL, ANN, True), (EVE, BOB, True))),
    "popularity": ([], rows_of(
        "user watchers over_default",
        (ANN, 3, False), (BOB, 1, False), (CAROL, 1, False), (EVE, 1, False))),
    "subscriptions": (["--unproven"], rows_of(
        "user watcher category category_id expires",
        (ANN, BOB, "contactCard", 2, time("2015-06-01 16:00:00")),
        (ANN, BOB, "state", 1, time("2015-06-01 16:00:00")),
        (ANN, CAROL, "state", 1, time("2015-05-28 23:00:00")))),
    "containers": (["--unproven"], rows_of(
        "user container member_type member",
        (ANN, 200, "sameEnterprise", None), (ANN, 300, "user", BOB),
        (ANN, 32000, "domain", "fabrikam.example"))),
    "stale": (AT, rows_of(
        "user container published no_registration old",
        (CAROL, 2, time("2015-05-28 16:00:00"), True, True),
        (ZOE, 2, time("2015-06-01 08:40:00"), True, False))),
    "orphans": (AT, rows_of(
        "endpoint owner_id user expires finding finding_name",
        (GUID + "08", 99, None, None, 6, "owner and endpoint row missing"),
        (GUID + "09", None, None, time("2015-05-31 20:00:00"), 3, "expired, no registration"))),
    "frontends": ([], rows_of(
        "user front_end routing_group routing_group_id disagree",
        *((user, f"fe0{number}.contoso.example", GUID + f"a{number}", 10 + number, False)
          for user, number in ((ANN, 1), (BOB, 2), (CAROL, 1), (DAVE, 2), (ZOE, 1))))),
    "conferences": ([], rows_of(
        "conference external_id organizer locked admission admission_name presenters "
        "presenters_name pstn_lobby_bypass large last_leave participant joined enterprise_id",
        (1, "AAAA1111", ANN, False, 2, "organisation", 0, "scheduled presenters", True, False,
         time("2015-06-01 08:20:00"), ANN, time("2015-06-01 08:10:00"), 1),
        (1, "AAAA1111", ANN, False, 2, "organisation", 0, "scheduled presenters", True, False,
         time("2015-06-01 08:20:00"), EVE, time("2015-06-01 08:12:00"), None))),
    "duplicate-numbers": ([], rows_of(
        "number user", ("+15555550102", BOB), ("+15555550102", DAVE))),
    "rooms": ([], rows_of(
        "room node category disabled behavior behavior_name visibility visibility_name messages "
        "last_message",
        ("Incident bridge", 300, "Operations", False, 4, "normal", 3, "scoped", 2,
         time("2015-06-01 08:42:00")),
        ("Town hall", 301, "Operations", True, 5, "auditorium", 2, "private", 0, None))),
    "members": ([], rows_of(
        "room node role granted_to granted_type granted_type_name user state state_name",
        ("Incident bridge", 300, "Manager", f"sip:{ANN}", 5, "user", f"sip:{ANN}", 0, "active"),
        ("Incident bridge", 300, "Member", "ma-grp://contoso.example/9", 9, "group",
         f"sip:{BOB}", 0, "active"),
        ("Town hall", 301, "Member", f"sip:{CAROL}", 5, "user", f"sip:{CAROL}", 1,
         "SIP disabled"))),
    "compliance": ([], rows_of(
        "event type type_name time entered room user servers_done",
        (1001, 1, "chat", time("2015-06-01 08:40:00"), time("2015-06-01 08:40:00"),
         "ma-chan://contoso.example/300", f"sip:{ANN}", 1),
        (1002, 1, "chat", time("2015-06-01 08:42:00"), time("2015-06-01 08:42:00"),
         "ma-chan://contoso.example/300", f"sip:{BOB}", 0),
        (1003, 9, "provisional transfer", time("2015-06-01 08:43:00"),
         time("2078-01-01 00:00:00"), "ma-chan://contoso.example/300", f"sip:{BOB}", 0))),
    "compliance-lag": ([], rows_of(
        "last_processed newest behind lock lock_name lock_expires",
        (1001, 1003, 2, -1, "nobody", time("2015-06-01 08:30:00")))),
    "participants": ([], rows_of(
        "room user joined server_id session",
        ("ma-chan://contoso.example/300", f"sip:{CAROL}", time("2015-05-23 17:46:40"), 3, 12))),
    "silent-servers": (AT, rows_of(
        "server_id address last_ping",
        (2, "net.tcp://pc02.contoso.example:8011/", time("2015-05-30 01:00:00")))),
}


class Runs:
    """Runs of ocsight in a folder, with the password of the test servers."""

    def __init__(self, ocsight, failures):
        self.ocsight = ocsight
        self.failures = failures
        self.environment = dict(os.environ, OCSIGHT_PASSWORD=PASSWORD)

    def run(self, *arguments):
        done = subprocess.run([self.ocsight, "db", *arguments], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, env=self.environment, timeout=120)
        return done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8", "replace")

    def json(self, *arguments, status=0):
        """The document, or None with a failure."""
        got, out, problem = self.run(*arguments, "--format", "json")
        what = " ".join(arguments)
        if got != status:
            self.failures.add(f"{what}: exit status {got}: {problem.strip()}")
        try:
            return json.loads(out)
        except ValueError:
            self.failures.add(f"{what}: no JSON: {out[:200]!r} {problem.strip()}")
            return None


def live(*peers):
    """Options that reach these servers."""
    options = ["--login", peers[0].user, "--encrypt", "off", "--allow-plaintext-login"]
    for peer in peers:
        options += ["--server", peer.name]
    return options


def without_server(document):
    return [{key: value for key, value in row.items() if key != "server"}
            for row in document["rows"]] if document else None


def check_rows(runs, source, where, failures):
    """Each report from one source against what the story says."""
    for report, (options, expected) in ROWS.items():
        failures.where = f"{report} from {where}"
        document = runs.json(report, *source, *options)
        if document:
            failures.same("rows", expected, without_server(document))
            failures.same("partial", False, document["partial"])
            failures.same("absent", [[]], [server["absent"] for server in document["servers"]])


def check_formats(runs, source, failures):
    """Text fits the width and holds the words; CSV has the same rows."""
    for report, (options, expected) in ROWS.items():
        failures.where = f"{report}: formats"
        _, text, _ = runs.run(report, *source, *options)
        wide = [line for line in text.splitlines() if len(line) > 80]
        failures.same("lines over 80 columns", [], wide)
        failures.same("rows in the text", True, f"\n{len(expected)} row" in text)
        _, narrow, _ = runs.run(report, *source, *options, "--width", "40")
        joined = re.sub(r"\s", "", text), re.sub(r"\s", "", narrow)
        failures.same("characters lost at 40 columns", len(joined[0]), len(joined[1]))
        _, comma, _ = runs.run(report, *source, *options, "--format", "csv")
        lines = list(csv.DictReader(io.StringIO(comma)))
        failures.same("rows of the CSV", len(expected), len(lines))
        for line, row in zip(lines, expected):
            words = {key[:-5]: value for key, value in row.items() if key.endswith("_name")}
            for key in (key for key in row if not key.endswith("_name")):
                value = words.get(key, row[key])
                shown = "" if value is None else str(value).lower() if isinstance(value, bool) \
                    else str(value)
                failures.same(f"CSV {key}", shown, line[key].lstrip("'"))


def check_users(runs, source, failures):
    """Patterns, several users, and what would be an injection."""
    everybody = {row["user"] for row in ROWS["documents"][1]}
    cases = [
        (["--user", ANN], {ANN}), (["--user", "sip:ANN@Contoso.example"], {ANN}),
        (["--user", "*@contoso.example"], everybody), (["--user", "c*"], {CAROL}),
        (["--user", "*o*"], everybody), (["--user", ANN, "--user", "a*", "--user", BOB], {ANN, BOB}),
        (["--user", "a_n@contoso.example"], set()), (["--user", "%"], set()),
        (["--user", "[a-z]nn@contoso.example"], set()), (["--user", "ann\\@contoso.example"], set()),
        (["--user", "x' or 1=1--"], set()), (["--user", "x' OR '%'='"], set()),
        (["--user", "'; DELETE FROM [rtc].[dbo].[Resource]; --"], set()),
        (["--user", "*' UNION SELECT [UserAtHost] FROM [rtc].[dbo].[Resource]--"], set()),
        (["--user", "@user"], set()), (["--user", "{table rtc.Resource}"], set()),
    ]
    for options, expected in cases:
        failures.where = "documents " + " ".join(options)
        document = runs.json("documents", *source, *options)
        if document:
            failures.same("users", expected, {row["user"] for row in document["rows"]})
            if ANN in expected:
                failures.same("ann's rows", 3,
                              sum(row["user"] == ANN for row in document["rows"]))


def check_rooms(runs, source, failures):
    cases = [("Town hall", {301}), ("TOWN*", {301}), ("*", {300, 301}), ("300", {300}),
             ("ma-chan://contoso.example/300", {300}), ("T_wn hall", set()), ("-1", set()),
             ("' or 1=1--", set()), ("300 or 1=1", set()), ("*' or '1'='1", set())]
    for report in ("rooms", "members"):
        for room, expected in cases:
            failures.where = f"{report} --room {room}"
            document = runs.json(report, *source, f"--room={room}")
            if document:
                failures.same("rooms", expected, {row["node"] for row in document["rows"]})
    failures.where = "compliance --room"
    for room, count in (("ma-chan://contoso.example/300", 3), ("*/30?", 0), ("*/301", 0)):
        document = runs.json("compliance", *source, "--room", room)
        failures.same(room, count, len(document["rows"]) if document else None)


def check_limits(runs, source, failures):
    """--limit and --at move what is stale, --max-rows bounds and says so."""
    failures.where = "stale, at another time"
    at = ["--at", "2015-06-02T08:45:00Z"]
    for options, old in ((at, 5), (at + ["--limit", "stale=90000"], 1),
                         (at + ["--limit", "stale=60"], 6)):
        document = runs.json("stale", *source, *options)
        failures.same(f"old with {options}", old,
                      sum(row["old"] for row in document["rows"]) if document else None)
    failures.where = "silent-servers --limit"
    document = runs.json("silent-servers", *source, *AT, "--limit", "silent-servers=5")
    failures.same("rows", [1, 2], [row["server_id"] for row in document["rows"]])
    failures.where = "--max-rows"
    document = runs.json("documents", *source, "--max-rows", "2")
    failures.same("rows", 2, len(document["rows"]))
    failures.same("remark", True, any("only the first 2 rows" in text and "--max-rows" in text
                                      for text in document["remarks"]))
    document = runs.json("documents", *source, "--max-rows", "6")
    failures.same("no remark on exactly six", False,
                  any("only the first" in text for text in document["remarks"]))


def check_usage(runs, source, failures):
    cases = [
        ([], 2, "which report"), (["nothing", *source], 2, "no report 'nothing'"),
        (["online"], 2, "--server"), (["containers", *source], 2, "--unproven"),
        (["subscriptions", *source], 2, "--unproven"),
        (["rooms", "--user", ANN, *source], 2, "takes no --user"),
        (["online", "--room", "x", *source], 2, "takes no --room"),
        (["online", *AT, *source], 2, "takes no --at"),
        (["stale", "--limit", "orphans=5", *source], 2, "--limit"),
        (["online", "--format", "pdf", *source], 2, "format"),
        (["list", *source], 2, "no server"),
        (["online", "/no/such/file.db"], 3, "/no/such/file.db"),
        (["online", __file__], 3, "check_db.py"),
        (["online", *source, "-o", "/no/such/folder/x"], 4, "cannot write"),
    ]
    for arguments, expected, words in cases:
        failures.where = "db " + " ".join(arguments)
        status, out, problem = runs.run(*arguments)
        failures.same("exit status", expected, status)
        failures.same("standard output", "", out)
        if words not in problem:
            failures.add(f"says {problem!r}, not {words!r}")
        if expected != 2:
            failures.same("lines on standard error", 1, len(problem.splitlines()))


def check_list(runs, failures):
    failures.where = "list"
    document = runs.json("list")
    listed = {row["report"]: row for row in document["rows"]}
    failures.same("reports", set(ROWS), set(listed))
    failures.same("unproven", {"subscriptions", "containers"},
                  {name for name, row in listed.items() if row["grade"] == "C"})
    failures.same("needs", "mgccomp, mgc", listed["participants"]["needs"])


def check_schema(runs, peer, work, failures):
    failures.where = "schema"
    path = os.path.join(work, "schema.csv")
    status, _, problem = runs.run("schema", *live(peer), "-o", path)
    failures.same("exit status", 0, status)
    with open(path, encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found = {(row["database"], row["table"], row["column"]): row for row in rows}
    data = found.get(("rtcdyn", "PublishedInstance", "Data"), {})
    failures.same("type of Data", ("varbinary", "-1"), (data.get("type"), data.get("length")))
    failures.same("nullable", "false", found[("rtc", "Resource", "ResourceId")]["nullable"])
    failures.same("standard error", "", problem)


# What the server lacks -> reports that still work, with what they name; reports that do not.
LACKING = [
    ("rtcdyn.PublishedInstance.InstanceNum", ["documents"], {}),
    ("rtcdyn.PublishedInstance.CategoryId", ["documents"], {}),
    ("rtcdyn.PublishedInstance.Version", ["documents", "stale"], {}),
    ("rtc.CategoryDef", ["documents", "static"], {}),
    ("rtc.Contact.SubscribePresence", ["watchers", "popularity"], {}),
    ("rtcdyn.Registrar", ["online"], {}),
    ("rtcdyn.RegistrarEndpoint.SipCallId", ["online", "clients"], {}),
    ("rtc.Conference", ["conferences"], {}),
    ("rtcdyn.Endpoint", ["online", "stale"], {"orphans": "rtcdyn.Endpoint"}),
    ("rtcdyn.PublishedInstance", ["online"], {"documents": "rtcdyn.PublishedInstance"}),
    ("mgc.tblServerIdentity", ["rooms"], {"silent-servers": "mgc.tblServerIdentity",
                                          "participants": "mgc.tblServerIdentity"}),
]


def check_lacking(runs, program, work, failures):
    for path, working, failing in LACKING:
        snapshot = write_snapshot(os.path.join(work, "lacking.db"), [Server("fe", without=[path])])
        with Peer(program, "--without", path) as peer:
            for source, where in ((live(peer), "live"), ([snapshot], "snapshot")):
                for report in working:
                    failures.where = f"{report} without {path}, {where}"
                    options, expected = ROWS[report]
                    document = runs.json(report, *source, *options)
                    failures.same("number of rows", len(expected),
                                  len(document["rows"]) if document else None)
                for report, named in failing.items():
                    failures.where = f"{report} without {path}, {where}"
                    status, out, problem = runs.run(report, *source, *ROWS[report][0])
                    failures.same("exit status and output", (5, ""), (status, out))
                    if named not in problem or problem.count("\n") != 1:
                        failures.add(f"says {problem!r}")
    failures.where = "what is absent"
    snapshot = write_snapshot(os.path.join(work, "lacking.db"), [
        Server("fe", without=["rtcdyn.PublishedInstance.Version", "rtc.CategoryDef"])])
    document = runs.json("documents", snapshot)
    failures.same("named", ["rtc.CategoryDef.Name", "rtcdyn.PublishedInstance.Version"],
                  sorted(document["servers"][0]["absent"]))
    failures.same("category by the root element", ["state"] * 5 + ["note"],
                  [row["category"] for row in document["rows"]])
    _, text, _ = runs.run("documents", snapshot)
    failures.same("in the text", True, "fe has no rtc.CategoryDef.Name" in text)


def check_front_ends(runs, program, work, failures):
    """Two front ends: fe02 holds newer and older copies, and has lost ann's registrations."""
    snapshot = write_snapshot(os.path.join(work, "pool.db"),
                              [Server("fe01"), Server("fe02", second=True)])
    with Peer(program) as first, Peer(program, "--sql", FRONT_END_2) as second:
        for source, names in ((live(first, second), [first.name, second.name]),
                              ([snapshot], ["fe01", "fe02"])):
            failures.where = f"two front ends {names}"
            check_pool(runs, source, names, failures)
    failures.where = "stale on the second alone"
    alone = write_snapshot(os.path.join(work, "alone.db"), [Server("fe02", second=True)])
    document = runs.json("stale", alone)
    failures.same("users", [ANN, ANN, ANN, ZOE], sorted(row["user"] for row in document["rows"]))


def check_pool(runs, source, names, failures):
    first, second = names
    document = runs.json("static", *source)
    newest = {(row["user"], row["category"]): (row["server"], row["version"], row["band"])
              for row in document["rows"]}
    failures.same("newest versions", {(ANN, "routing"): (first, 4, None),
                                      (ANN, "state"): (second, 10, "busy"),
                                      (ANN, "userInformation"): (first, 7, None),
                                      (CAROL, "state"): (first, 3, "offline")}, newest)
    document = runs.json("stale", *source, *AT)
    failures.same("stale", sorted([(CAROL, first), (ZOE, first), (ZOE, second)]),
                  sorted((row["user"], row["server"]) for row in document["rows"]))
    document = runs.json("online", *source)
    failures.same("online", sorted([(ANN, first), (ANN, first), (BOB, first), (BOB, second)]),
                  sorted((row["user"], row["server"]) for row in document["rows"]))
    document = runs.json("clients", *source)
    failures.same("bob's telephone, twice", [(2, 1)],
                  [(row["endpoints"], row["users"]) for row in document["rows"]
                   if row["version"] == "PolycomVVX"])
    document = runs.json("popularity", *source)
    failures.same("watchers, each once", [(row["user"], row["watchers"])
                                          for row in ROWS["popularity"][1]],
                  [(row["user"], row["watchers"]) for row in document["rows"]])
    for report in ("watchers", "duplicate-numbers"):
        document = runs.json(report, *source)
        failures.same(report, ROWS[report][1], without_server(document))
    document = runs.json("frontends", *source)
    failures.same("front ends", ROWS["frontends"][1], without_server(document))
    failures.same("said by both", {f"{first}, {second}"},
                  {row["server"] for row in document["rows"]})
    _, text, _ = runs.run("online", *source)
    heading = text.splitlines()[2].split() if text.count("\n") > 2 else [text]
    failures.same("the text names the servers", "server", heading[0])


def check_disagreement(runs, program, work, failures):
    failures.where = "front ends that disagree"
    path = os.path.join(work, "moved.sql")
    with open(path, "w", encoding="ascii") as file:
        file.write("UPDATE rtc.dbo.RoutingGroupAssignment SET FrontEndId = 12041 "
                   "WHERE RoutingGroupId = 11;\n")
    with Peer(program) as first, Peer(program, "--sql", path) as second:
        document = runs.json("frontends", *live(first, second))
        said = sorted((row["user"], row["front_end"][:4], row["server"])
                      for row in document["rows"] if row["disagree"])
        failures.same("disputed", sorted((user, front_end, peer.name)
                                         for user in (ANN, CAROL, ZOE)
                                         for front_end, peer in (("fe01", first), ("fe02", second))),
                      said)


def check_apart(runs, work, failures):
    """mgc and mgccomp on two instances: joined here."""
    failures.where = "participants of two instances"
    mgc = Server("chat", without=["rtc", "rtcdyn", "mgccomp"])
    archive = Server("archive", without=["rtc", "rtcdyn", "mgc"])
    both = write_snapshot(os.path.join(work, "apart.db"), [mgc, archive])
    document = runs.json("participants", both)
    failures.same("rows", ROWS["participants"][1], without_server(document))
    failures.same("of", ["archive"], [row["server"] for row in document["rows"]])
    alone = write_snapshot(os.path.join(work, "archive.db"), [archive])
    status, out, problem = runs.run("participants", alone)
    failures.same("without the list of servers", (5, ""), (status, out))
    failures.same("it names the table", True, "mgc.tblServerIdentity" in problem)
    failures.where = "one server of two has the rooms"
    document = runs.json("rooms", both)
    failures.same("rows", ROWS["rooms"][1], without_server(document))
    failures.same("answered", [True, False], [row["answered"] for row in document["servers"]])


def check_faults(runs, program, failures):
    """Exit status 5, one line that names what to do, and nothing that looks whole."""
    with Peer(program, "--deny", "rtcdyn.PublishedInstance") as peer:
        failures.where = "permission denied"
        status, out, problem = runs.run("documents", *live(peer))
        failures.same("exit status and output", (5, ""), (status, out))
        failures.same("the table is named", True, "PublishedInstance" in problem)
    with Peer(program) as peer, Peer(program) as other:
        for fault, words in (("error=208@PublishedInstance", ""), ("cut-row=2@PublishedInstance", ""),
                             ("garbage=1@PublishedInstance", "")):
            failures.where = f"fault {fault}"
            peer.fault(fault)
            document = runs.json("documents", *live(other, peer), status=5)
            peer.clear()
            if document:
                failures.same("partial", True, document["partial"])
                failures.same("problems", [True, False],
                              [server["problem"] is None for server in document["servers"]])
        failures.where = "deadlock once"
        peer.fault("deadlock*1@PublishedInstance")
        document = runs.json("documents", *live(peer))
        failures.same("rows", ROWS["documents"][1], without_server(document))
        for report in ("online", "clients", "documents", "static", "watchers", "compliance"):
            failures.where = f"{report}: each row comes twice"
            peer.fault("double-row")
            document = runs.json(report, *live(peer))
            peer.clear()
            failures.same("rows", ROWS[report][1], without_server(document))
        failures.where = "one of two cannot be reached"
        document = runs.json("online", *live(peer), "--server", "127.0.0.1:1", status=5)
        failures.same("rows", 3, len(document["rows"]))
        failures.same("servers", [(peer.name, True), ("127.0.0.1:1", False)],
                      [(row["server"], row["answered"]) for row in document["servers"]])
        failures.same("partial", True, document["partial"])
        failures.where = "nothing that writes was sent"
        failures.same("violations", [], peer.violations() + other.violations())


def check_connections(runs, program, failures):
    """A server that cannot be reached: status 5, one line that says what to do, no output."""
    cases = [("close", "closed"), ("silent-prelogin", "said nothing"), ("garbage-prelogin", "SQL Server"),
             ("silent-login", "did not answer the login"), ("garbage-login", "login"),
             ("refuse-login", "check name and password")]
    for fault, words in cases:
        failures.where = f"connection: {fault}"
        with Peer(program, "--fault", fault) as peer:
            status, out, problem = runs.run("online", *live(peer), "--timeout", "2")
            failures.same("exit status and output", (5, ""), (status, out))
            failures.same("lines", 1, problem.count("\n"))
            failures.same(f"names server and cause in {problem!r}", True,
                          peer.name in problem and words in problem)
    for server, words in (("127.0.0.1:1", "nobody listens"), ("no-such-host.invalid", "cannot be found"),
                          ("a b", "no name of a host"), ("127.0.0.1\\NONE", "SQL Server Browser")):
        failures.where = f"connection: {server}"
        status, out, problem = runs.run("online", "--server", server, "--login", "reader",
                                        "--timeout", "2")
        failures.same("exit status and output", (5, ""), (status, out))
        failures.same(f"the cause in {problem!r}", True, words in problem)


def check_denied(runs, program, failures):
    """A database that the login may not enter is there all the same: why is said."""
    for database, report in (("rtcdyn", "online"), ("rtc", "watchers"), ("mgc", "rooms")):
        failures.where = f"{report} without permission in {database}"
        with Peer(program, "--deny", database) as peer:
            status, out, problem = runs.run(report, *live(peer))
            failures.same("exit status and output", (5, ""), (status, out))
            failures.same(f"the cause in {problem!r}", True,
                          "(error 916): the login needs a user in that database" in problem)
    failures.where = "a database that is not there"
    with Peer(program, "--without", "mgc") as peer:
        _, _, problem = runs.run("rooms", *live(peer))
        failures.same(f"no cause in {problem!r}", False, "error" in problem)


def check_far_times(runs, program, work, failures):
    """9999-12-31 stands for "never"; what ns since 1970 cannot hold is told all the same."""
    failures.where = "far times"
    path = os.path.join(work, "far.sql")
    with open(path, "w", encoding="ascii") as file:
        file.write("UPDATE rtcdyn.dbo.Endpoint SET ExpiresAt = '9999-12-31 23:59:59' "
                   f"WHERE EndpointId = '{GUID}01';\n"
                   "UPDATE rtcdyn.dbo.PublishedInstance SET LastPubTime = '1753-01-01 00:00:00' "
                   "WHERE PublisherId = 6;\n")
    with Peer(program, "--sql", path) as peer:
        rows = runs.json("online", *live(peer))["rows"]
        failures.same("never", "9999-12-31T23:59:59", rows[0]["expires"])
        failures.same("beside it", time("2015-06-01 09:12:00"), rows[1]["expires"])
        rows = runs.json("documents", *live(peer))["rows"]
        failures.same("long ago", time("1753-01-01 00:00:00"), rows[-1]["published"])


def check_terminal(runs, program, work, failures):
    """What a row holds never reaches the terminal or a spreadsheet as more than text."""
    failures.where = "hostile texts"
    path = os.path.join(work, "hostile.sql")
    with open(path, "w", encoding="utf-8") as file:
        file.write("UPDATE rtc.dbo.ResourcePhone SET PhoneNum = N'=cmd|''/C calc''!A0' "
                   "WHERE ResourceId > 1;\n"
                   "UPDATE rtc.dbo.Resource SET UserAtHost = N'b\x1b[31mob\u202e@contoso.example' "
                   "WHERE ResourceId = 2;\n"
                   "UPDATE rtcdyn.dbo.RegistrarEndpoint SET ClientApp = 0x41FF0A42 "
                   "WHERE OwnerId = 2;\n")
    with Peer(program, "--sql", path) as peer:
        for report in ("duplicate-numbers", "online"):
            _, text, _ = runs.run(report, *live(peer))
            failures.same(f"{report}: escapes", False, "\x1b" in text or "\u202e" in text)
        _, comma, _ = runs.run("duplicate-numbers", *live(peer), "--format", "csv")
        failures.same("formula", True, ",\"'=cmd|'/C calc'!A0\"" in comma)
        document = runs.json("online", *live(peer))
        bob = [row for row in document["rows"] if row["address"] == "192.0.2.21"]
        failures.same("bytes that are no text", ["A\ufffd\nB"], [row["version"] for row in bob])


def check_hostile_files(runs, work, failures):
    """What a snapshot file calls its servers and tables is text on standard error too."""
    path = os.path.join(work, "names.db")
    write_snapshot(path, [Server("fe\x1b[31m\u202e01", without=["mgc"])])
    failures.where = "a hostile server's name"
    status, out, problem = runs.run("rooms", path)
    failures.same("exit status and output", (5, ""), (status, out))
    failures.same(f"plain in {problem!r}", True, "fe [31m 01: mgc.tblChat" in problem)
    failures.where = "a hostile schema"
    file = sqlite3.connect(path)
    file.execute("PRAGMA writable_schema = ON")
    file.execute("UPDATE sqlite_schema SET sql = 'CREATE TABLE x(' WHERE rowid = 1")
    file.execute("UPDATE sqlite_schema SET name = char(27) || '[31mred' WHERE rowid = 1")
    file.commit()
    file.close()
    status, out, problem = runs.run("rooms", path)
    failures.same("exit status and output", (3, ""), (status, out))
    failures.same(f"plain in {problem!r}", True, "\x1b" not in problem and path in problem)


def main():
    ocsight, program = (os.path.abspath(path) for path in sys.argv[1:3])
    failures = Failures()
    runs = Runs(ocsight, failures)
    with tempfile.TemporaryDirectory() as work:
        snapshot = write_snapshot(os.path.join(work, "rows.db"), [Server("fe01")])
        with Peer(program) as peer, \
                Peer(program, "--type", "rtcdyn.PublishedInstance.Data=image") as image:
            check_rows(runs, live(peer), "a server", failures)
            check_rows(runs, [snapshot], "a snapshot", failures)
            check_formats(runs, [snapshot], failures)
            for source in (live(peer), [snapshot]):
                check_users(runs, source, failures)
                check_rooms(runs, source, failures)
                check_limits(runs, source, failures)
                check_usage(runs, source, failures)
            failures.where = "Data as image"
            failures.same("rows", ROWS["documents"][1],
                          without_server(runs.json("documents", *live(image))))
            check_list(runs, failures)
            check_schema(runs, peer, work, failures)
            failures.where = "what was sent"
            failures.same("violations", [], peer.violations())
        check_lacking(runs, program, work, failures)
        check_front_ends(runs, program, work, failures)
        check_disagreement(runs, program, work, failures)
        check_apart(runs, work, failures)
        check_faults(runs, program, failures)
        check_connections(runs, program, failures)
        check_denied(runs, program, failures)
        check_far_times(runs, program, work, failures)
        check_terminal(runs, program, work, failures)
        check_hostile_files(runs, work, failures)
    failures.where = ""
    return failures.finish(f"{len(ROWS)} reports say what the rows say")


if __name__ == "__main__":
    sys.exit(main())
