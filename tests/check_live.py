#!/usr/bin/env python3
"""Live presence against the test server: what the rows say, and what a server's faults do.

    check_live.py OCSIGHT TDS-SERVER RENDER-SAMPLE

The seed is the query that ocsight was asked for from; its mapping stands here as data, and every
row where ours differs is named with the reason.
"""
import datetime
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import time

from sampling import SAMPLES
from tds_client import Client
from tds_peer import DATA, FRONT_END_2, PASSWORD, USER, Peer

NOW = "2015-06-01T09:00:00Z"
LOGIN = ["--login", USER, "--allow-plaintext-login"]
USAGE, INPUT, DATABASE = 2, 3, 5

# ---- the seed's query, as data ----

SEED_CUT = 255  # characters of CAST(... AS varchar(256)) that hold the number
SEED_STATES = [
    (0, 2999, "Not defined"), (3000, 4499, "Available"), (4500, 5999, "Available - Idle"),
    (6000, 7499, "Busy"), (7500, 8999, "Busy - Idle"), (9000, 11999, "Do not Disturb"),
    (12000, 14999, "Be right back"), (15000, 17999, "Away"), (18001, None, "Offline"),
]
SEED_ELSE = "Offline-Not Registered Here"
# Its words and ours.
WORDS = {
    "Not defined": "undefined", "Available": "available", "Available - Idle": "available-idle",
    "Busy": "busy", "Busy - Idle": "busy-idle", "Do not Disturb": "do-not-disturb",
    "Be right back": "be-right-back", "Away": "away", "Offline": "offline", SEED_ELSE: "offline",
}

STATE = ('<state xsi:type="{kind}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
         'xmlns="http://schemas.microsoft.com/2006/09/sip/state">{inner}</state>')
LONG = STATE.replace(" xmlns=", ' xmlns:long="urn:' + "x" * 300 + '" xmlns=')


def document(number, inner="", kind="aggregateState", frame=STATE):
    return frame.format(kind=kind, inner=f"<availability>{number}</availability>{inner}")


# Users beside those of the sample rows: id, name, document in container 2, why the seed differs.
EXTRA = [
    (20, "edge@contoso.example", document(18000), "exactly 18000 has no branch in the seed"),
    (21, "long@contoso.example", document(6500, frame=LONG),
     "the number stands behind the first 255 bytes"),
    (22, "sujin@contoso.example",
     document(9500, "<endpointLocation>서울 본사</endpointLocation>"), None),
    (23, "below@contoso.example", document(2999), None),
    (24, "off@contoso.example", document(18001), None),
    (25, "Upper@Contoso.example", document(12000), None),
]


def extra_rows():
    for number, user, text, _ in EXTRA:
        data = text.encode("utf-8").hex()
        yield f"INSERT INTO rtc.dbo.Resource VALUES ({number},N'{user}');"
        yield ("INSERT INTO rtc.dbo.ResourceDirectory (ResourceId,UserPrincipalName,Enabled) "
               f"VALUES ({number},N'{user}',1);")
        yield ("INSERT INTO rtcdyn.dbo.PublishedInstance (PublisherId,ContainerNum,CategoryId,"
               "InstanceNum,EndpointId,[Version],LastPubTime,ExpiresAt,Data) VALUES "
               f"({number},2,1,1,NULL,1,'2015-06-01 08:00:00',NULL,0x{data});")


def sample_facts():
    """(users by id, [(id, container, document)]) of the sample rows."""
    with open(os.path.join(DATA, "rows.sql"), encoding="utf-8") as file:
        text = file.read()
    resources = text.partition("INSERT INTO rtc.dbo.Resource VALUES")[2].partition(";")[0]
    users = {int(number): user for number, user in re.findall(r"\((\d+),N'([^']+)'\)", resources)}
    rows = text.partition("INSERT INTO rtcdyn.dbo.PublishedInstance")[2].partition(";")[0]
    published = [(int(number), int(container), xml) for number, container, xml in re.findall(
        r"\((\d+),(\d+),[^()]*?,CAST\('(.*?)' AS varbinary", rows)]
    return users, published


def seed_states(users, published):
    """What the seed's query prints: MIN(Status) of each user."""
    said = {user: [SEED_ELSE] for user in users.values()}
    for number, container, xml in published:
        text = xml.encode("utf-8").decode("latin-1")[:SEED_CUT]
        found = re.search(r"<availability>(\d+)</availability>", text)
        if container == 2 and "aggregateState" in text and found:
            level = int(found.group(1))
            said[users[number]] += [state for low, high, state in SEED_STATES
                                    if level >= low and (high is None or level <= high)]
    return {user.lower(): min(states) for user, states in said.items()}


class Check(Client):
    def __init__(self, ocsight, server, render, folder):
        super().__init__(ocsight)
        self.server, self.render, self.folder = server, render, folder

    def path(self, name, text=None):
        path = os.path.join(self.folder, name)
        if text is not None:
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        return path

    def live(self, peers, *words, at=NOW, status=0):
        servers = [word for peer in peers for word in ("--server", peer.name)]
        when = ["--at", at] if at else []
        code, out, err = self.run("presence", *words, *servers, *LOGIN, *when, "--format", "json")
        self.expect(f"presence {' '.join(words)}: exit status", code == status, f"{code} {err}")
        return json.loads(out) if out else None

    def users(self, *arguments, **options):
        report = self.live(*arguments, **options)
        return {user["user"]: user for user in report["users"]} if report else {}

    def same(self, what, expected, got):
        self.expect(what, expected == got, f"{got!r}, not {expected!r}")

    # ---- what rows say ----

    def check_seed(self):
        users, published = sample_facts()
        self.same("sample rows read", (6, 5), (len(users), len(published)))
        users.update({number: user for number, user, _, _ in EXTRA})
        published += [(number, 2, xml) for number, _, xml, _ in EXTRA]
        seed = seed_states(users, published)
        differs = {user.lower(): why for _, user, _, why in EXTRA if why}
        differs["eve@fabrikam.example"] = "a federated contact is no user of these servers"
        with Peer(self.server, "--sql", self.path("extra.sql", "\n".join(extra_rows()))) as peer:
            ours = self.users([peer])
            one = self.users([peer], "eve@fabrikam.example")
            self.same("violations", [], peer.violations())
        for user, state in seed.items():
            if user == "eve@fabrikam.example":
                self.expect("federated users are not listed", user not in ours)
                continue
            band = ours[user]["band"]
            if user in differs and user != "edge@contoso.example":
                self.expect(f"{user}: {differs[user]}", band != WORDS[state], band)
            else:
                self.same(f"{user}: the seed's {state}", WORDS[state], band)
        # Where the seed is wrong, what is right.
        self.same("exactly 18000", ("Offline-Not Registered Here", "offline", 18000, "database"),
                  (seed["edge@contoso.example"], ours["edge@contoso.example"]["band"],
                   ours["edge@contoso.example"]["availability"],
                   ours["edge@contoso.example"]["source"]))
        self.same("behind 255 bytes", (SEED_ELSE, "busy"),
                  (seed["long@contoso.example"], ours["long@contoso.example"]["band"]))
        self.same("a federated user, asked for", ("unknown", None),
                  (one["eve@fabrikam.example"]["band"], one["eve@fabrikam.example"]["source"]))
        note = ours["zoe@contoso.example"]["publications"][0]
        self.same("a text beyond ASCII", ("note", "Zoë"), (note["category"], note["text"]))
        self.same("a name in capitals", "be-right-back", ours["upper@contoso.example"]["band"])

    def check_sample(self):
        with Peer(self.server) as peer:
            users = self.users([peer])
        ann, carol, dave = (users[f"{name}@contoso.example"] for name in ("ann", "carol", "dave"))
        self.same("ann's evidence", [{
            "server": peer.name, "database": "rtcdyn", "table": "PublishedInstance",
            "key": {"PublisherId": 1, "CategoryId": 1, "ContainerNum": 2, "InstanceNum": 1},
            "time": "2015-06-01T08:30:00.000000Z"}], ann["evidence"])
        self.same("ann's endpoints", [("fe01.contoso.example", False)] * 2,
                  [(end["front_end"], end["over"]) for end in ann["endpoints"]])
        self.same("ann's containers", [0, 1, 2, 2, 2, 200],
                  sorted(one["container"] for one in ann["publications"]))
        self.same("carol is stale", (True, False), (carol["stale"], carol["registered"]))
        self.same("carol's static state", ["static"], [note["note"] for note in carol["notes"]])
        self.same("dave", ("offline", "database", None, "not registered here"),
                  tuple(dave[key] for key in ("band", "source", "since", "cause")))
        self.same("dave's evidence", "ResourceDirectory", dave["evidence"][0]["table"])

    def check_readme(self):
        """What the README shows is what comes out, but for the name of the server."""
        with open(os.path.join(os.path.dirname(SAMPLES), "README.md"), encoding="utf-8") as file:
            blocks = re.findall(r"```\n\$ ocsight (presence .*--server.*)\n([^`]*)```", file.read())
        self.same("blocks of the README", 1, len(blocks))
        for line, expected in blocks:
            with Peer(self.server) as peer:
                words = [peer.name if "RTCLOCAL" in word else word for word in shlex.split(line)]
                _, out, _ = self.run(*words, *LOGIN)
            shown = "\n".join(row for row in out.splitlines() if not row.startswith("Remarks"))
            shown = shown.replace(peer.name, "fe01\\RTCLOCAL")
            self.same("README", expected.split(), shown.split())

    def check_merge(self):
        with Peer(self.server) as one, Peer(self.server, "--sql", FRONT_END_2) as two:
            for peers in ([one, two], [two, one]):
                users = self.users(peers)
                ann = users["ann@contoso.example"]
                bob = users["bob@contoso.example"]
                self.same("the higher version counts", ("available", "do-not-disturb"),
                          (ann["band"], bob["band"]))
                self.same("whose row it is", (one.name, two.name),
                          (ann["evidence"][0]["server"], bob["evidence"][0]["server"]))
                choice = [state["availability"] for state in ann["publications"]
                          if state["kind"] == "userState"]
                self.same("static rows are merged too", [6500], choice)
                older = [note["origin"]["server"] for note in ann["notes"]
                         if note["note"] == "older" and note["origin"]["table"] ==
                         "PublishedInstance"]
                self.same("the other row is named", [two.name], older)
                self.same("carol is on one of them only", "away",
                          users["carol@contoso.example"]["band"])

    def check_lookups(self):
        everybody = ["ann", "bob", "carol", "dave", "zoe"]
        cases = [
            (["ann*"], ["ann"]), (["*@contoso.example"], everybody), (["sip:ANN@contoso.example"],
                                                                      ["ann"]),
            (["*", "ann*"], everybody), (["*o*@contoso.example"], ["bob", "carol", "zoe"]),
            (["a_n@*"], []), (["%@*"], []), (["[ab]*@*"], []), (["b*@*", "*b@*"], ["bob"]),
            (["x' or 1=1--@*"], []), (["*' union select 1--@*"], []), (["\\*@*"], []),
        ]
        with Peer(self.server) as peer:
            for words, names in cases:
                found = self.users([peer], *words)
                self.same(f"users of {words}", [f"{name}@contoso.example" for name in names],
                          list(found))
            for name in ("x' or '1'='1@contoso.example", "%@contoso.example",
                         "nobody@contoso.example"):
                found = self.users([peer], name)
                self.same(f"{name} is unknown", {name.lower(): "unknown"},
                          {user: row["band"] for user, row in found.items()})
            self.same("no statement was refused", [], peer.violations())

    def check_expiry(self):
        sql = self.path("expiry.sql", f"""
INSERT INTO rtcdyn.dbo.PublishedInstance (PublisherId,ContainerNum,CategoryId,InstanceNum,EndpointId,[Version],LastPubTime,ExpiresAt,Data) VALUES
 (4,2,1,603979776,NULL,1,'2015-06-01 08:00:00','2015-06-01 09:30:00',CAST('{document(9500, kind="userState")}' AS varbinary(max))),
 (4,2,1,805306370,'00000000-0000-5000-8000-00000000dead',1,'2015-06-01 07:00:00',NULL,CAST('{document(3500, kind="machineState")}' AS varbinary(max))),
 (4,2,1,805306371,NULL,1,'2015-06-01 07:00:00',NULL,CAST('<state' AS varbinary(max))),
 (4,2,1,805306372,NULL,1,'2015-06-01 07:00:00',NULL,NULL);
""")
        with Peer(self.server, "--sql", sql) as peer:
            before = self.users([peer], "dave@contoso.example")["dave@contoso.example"]
            after = self.users([peer], "dave@contoso.example", at="2015-06-01T09:30:00Z")
            after = after["dave@contoso.example"]
        self.same("before it runs out", ("do-not-disturb", "computed"),
                  (before["band"], before["source"]))
        self.same("after", ("available", "computed"), (after["band"], after["source"]))
        self.same("notes before", ["empty", "endpoint-not-registered", "unreadable"],
                  sorted(note["note"] for note in before["notes"]))
        self.same("notes after", ["empty", "endpoint-not-registered", "expired", "unreadable"],
                  sorted(note["note"] for note in after["notes"]))

    def check_missing_columns(self):
        inferred = ["CategoryId", "InstanceNum", "EndpointId", "Version", "ExpiresAt"]
        lacks = [[f"rtcdyn.PublishedInstance.{name}"] for name in inferred]
        lacks += [[path for row in lacks for path in row],
                  ["rtc.PublishedStaticInstance.InstanceNum", "rtc.PublishedStaticInstance.Version",
                   "rtc.PublishedStaticInstance.LastPubTime"],
                  ["rtc.CategoryDef"], ["rtcdyn.Registrar"], ["rtcdyn.Endpoint"],
                  ["rtcdyn.HomedResourceDynamic"], ["rtc.PublishedStaticInstance"]]
        with Peer(self.server) as peer:
            whole = {user: (row["band"], row["availability"])
                     for user, row in self.users([peer]).items()}
        for paths in lacks:
            options = [word for path in paths for word in ("--without", path)]
            with Peer(self.server, *options) as peer:
                report = self.live([peer])
                got = {row["user"]: (row["band"], row["availability"]) for row in report["users"]}
                self.same(f"bands without {paths}", whole, got)
                absent = " ".join(report["absent"])
                self.expect(f"{paths} are named", all(path in absent for path in paths), absent)
                self.same("nothing is partial", False, report["partial"])
        with Peer(self.server, "--without", "rtcdyn.RegistrarEndpoint") as peer:
            dave = self.users([peer])["dave@contoso.example"]
            self.same("without registrations nobody is known to be offline", ("unknown", None),
                      (dave["band"], dave["registered"]))

    def check_types(self):
        with Peer(self.server, "--type", "rtcdyn.PublishedInstance.Data=image") as peer:
            self.same("an image column", "available",
                      self.users([peer])["ann@contoso.example"]["band"])
        size = 10 << 20
        with Peer(self.server, "--large-row", size) as peer:
            ann = self.users([peer], "ann@contoso.example")["ann@contoso.example"]
            self.same("beside a row of 10 MB", "available", ann["band"])
            notes = [one for one in ann["publications"] if one["category"] == "note"]
            self.same("the row of 10 MB is read", ["personal: " + "x" * 1014],
                      [one["text"] for one in notes])
            self.same("and nothing is noted of it", [], ann["notes"])
        with Peer(self.server, "--large-row", 17 << 20) as peer:
            ann = self.users([peer], "ann@contoso.example")["ann@contoso.example"]
            self.same("a row of 17 MB is left out and said", ("available", ["too-big"]),
                      (ann["band"], [note["note"] for note in ann["notes"]]))

    # ---- what goes wrong ----

    def check_faults(self):
        cases = [("cut-row=3@PublishedInstance", DATABASE), ("garbage=1@PublishedInstance", DATABASE),
                 ("mute=1@PublishedInstance", DATABASE), ("deadlock@PublishedInstance", DATABASE),
                 ("locked@PublishedInstance", DATABASE), ("error=229@PublishedInstance", DATABASE),
                 ("close", DATABASE), ("refuse-login", DATABASE)]
        for fault, status in cases:
            with Peer(self.server, "--fault", fault) as peer:
                code, out, err = self.run("presence", "--server", peer.name, *LOGIN, "--at", NOW,
                                          "--timeout", 2)
                self.same(f"{fault}: exit status and output", (status, ""), (code, out))
                self.same(f"{fault}: one line says why", 1, len(err.strip().splitlines()))
            with Peer(self.server) as good, Peer(self.server, "--fault", fault) as bad:
                code, out, err = self.run("presence", "--server", good.name, "--server", bad.name,
                                          *LOGIN, "--at", NOW, "--timeout", 2, "--format", "json")
                self.same(f"{fault}: exit status beside a good server", status, code)
                report = json.loads(out)
                self.same(f"{fault}: it is partial", (True, "partial"),
                          (report["partial"], report["coverage"]))
                self.expect(f"{fault}: the server is named",
                            any(bad.name in line for line in report["remarks"]), report["remarks"])
        with Peer(self.server, "--fault", "deadlock*1@PublishedInstance") as peer:
            self.same("after one deadlock", "available",
                      self.users([peer])["ann@contoso.example"]["band"])
        with Peer(self.server, "--fault", "double-row") as peer:
            ann = self.users([peer], "ann@contoso.example")["ann@contoso.example"]
            self.same("rows that come twice count once", ("available", 2, 6),
                      (ann["band"], len(ann["endpoints"]), len(ann["publications"])))
            self.expect("and are noted", "doubled" in [note["note"] for note in ann["notes"]])
        for missing in (["--without", "rtc.Resource"],
                        ["--without", "rtcdyn.PublishedInstance", "--without",
                         "rtc.PublishedStaticInstance"], ["--without", "rtc"]):
            with Peer(self.server, *missing) as peer:
                code, out, err = self.run("presence", "--server", peer.name, *LOGIN)
                self.same(f"{missing}: exit status and output", (DATABASE, ""), (code, out))

    def check_usage(self):
        capture = self.path("capture.pcap")
        subprocess.run([self.render, os.path.join(SAMPLES, "presence-change.talk"), capture],
                       check=True)
        host = "127.0.0.1:9"
        for words in (["--server", host, capture], ["--server", host, "--timeline"],
                      ["--server", host, "--as", "bo@contoso.example"],
                      ["--server", host, "--watch", "1", "--explain"],
                      ["--server", host, "--filter", "tcp"],
                      ["--server", host, "--format", "pdf", "-o", self.path("x.pdf")]):
            code, out, err = self.run("presence", *words, *LOGIN)
            self.same(f"{words}: exit status", (USAGE, ""), (code, out))
        self.expect("two sources are two engines", "two engines" in
                    self.run("presence", "--server", host, capture, *LOGIN)[2])

    # ---- offline, and over time ----

    def check_snapshot(self):
        with Peer(self.server) as one, Peer(self.server, "--sql", FRONT_END_2) as two:
            path = self.path("snap.db")
            servers = [word for peer in (one, two) for word in ("--server", peer.name)]
            code, _, err = self.run("store", "snapshot", *servers, *LOGIN, "-o", path)
            self.same("store snapshot", 0, code)
            live = self.live([one, two], "--explain")
        code, out, err = self.run("presence", path, "--at", NOW, "--format", "json", "--explain")
        self.same("of a snapshot", 0, code)
        kept = json.loads(out)
        self.same("a snapshot says what its servers said", live["users"], kept["users"])
        code, out, _ = self.run("presence", "ann@contoso.example", path, "--format", "json")
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d")
        self.expect("its own time is now", json.loads(out)["at"].startswith(now), out[:300])
        code, _, _ = self.run("presence", path, self.path("capture.pcap"))
        self.same("a snapshot and a capture", USAGE, code)

    def read_line(self, process, seconds=30):
        """A line of its output; "" when it ends or says nothing."""
        import select
        ready, _, _ = select.select([process.stdout], [], [], seconds)
        return process.stdout.readline().decode("utf-8") if ready else ""

    def check_watch(self):
        soon = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=4)
        soon = soon.strftime("%Y-%m-%d %H:%M:%S")
        sql = self.path("watch.sql", f"""
INSERT INTO rtcdyn.dbo.PublishedInstance (PublisherId,ContainerNum,CategoryId,InstanceNum,EndpointId,[Version],LastPubTime,ExpiresAt,Data) VALUES
 (4,2,1,603979776,NULL,1,'2015-06-01 08:00:00','{soon}',CAST('{document(9500, kind="userState")}' AS varbinary(max))),
 (4,2,1,805306370,NULL,1,'2015-06-01 07:00:00',NULL,CAST('{document(3500, kind="machineState")}' AS varbinary(max)));
""")
        with Peer(self.server, "--sql", sql) as peer:
            process = self.start("presence", "d*", "--server", peer.name, *LOGIN, "--watch", 1,
                                 "--format", "json")
            first = json.loads(self.read_line(process) or "{}")
            second = json.loads(self.read_line(process) or "{}")
            self.same("watched", [("dave@contoso.example", "do-not-disturb"),
                                  ("dave@contoso.example", "available")],
                      [(row.get("user"), row.get("band")) for row in (first, second)])
            logins = len(peer.lines("login"))
            self.same("one connection for all looks", 1, logins)
            peer.fault("cut-row=1*1@PublishedInstance")
            time.sleep(4)
            self.expect("after a dead connection a new one", len(peer.lines("login")) >= 2,
                        len(peer.lines("login")))
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=20)
            self.same("Ctrl-C ends it", (0, b""), (process.returncode, out))
            self.expect("and it says so", b"connecting again" in err, err)
            self.same("violations", [], peer.violations())

    def check_interrupt(self):
        with Peer(self.server, "--fault", "slow-row=1500@PublishedInstance") as peer:
            process = self.start("presence", "--server", peer.name, *LOGIN, "--format", "json")
            time.sleep(2)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=20)
            self.same("Ctrl-C in a look: nothing is half told", (130, b""),
                      (process.returncode, out))
            self.expect("the server was told", peer.lines("attention"), peer.lines()[-3:])

    # ---- the same facts through a capture ----

    def check_same_facts(self):
        capture = self.path("capture.pcap")
        code, out, _ = self.run("presence", capture, "--explain", "--format", "json")
        facts = [user for user in json.loads(out)["users"]
                 if any(part["server"] for part in self.parts(user))]
        self.expect("the capture shows aggregates", len(facts) > 0)
        lines = []
        for number, user in enumerate(facts, 50):
            lines.append(f"INSERT INTO rtc.dbo.Resource VALUES ({number},N'{user['user']}');")
            lines += [row for part in self.parts(user) for row in self.rows_of(number, part)]
        with Peer(self.server, "--sql", self.path("facts.sql", "\n".join(lines))) as peer:
            live = self.users([peer], "--explain", *[user["user"] for user in facts],
                              at="2030-01-01T00:00:00Z")
        for user in facts:
            got = live[user["user"]]
            self.same(f"{user['user']}: band and number",
                      (user["band"], user["availability"], user["activity"]),
                      (got["band"], got["availability"], got["activity"]))
            self.same(f"{user['user']}: aggregates and inputs",
                      [self.essence(part) for part in self.parts(user)],
                      [self.essence(part) for part in self.parts(got)])

    @staticmethod
    def parts(user):
        """What is said of each container that states are aggregated in."""
        return user.get("explain", {}).get("containers", [])

    @staticmethod
    def rows_of(number, part):
        """The state that one container has at the end of the capture, as rows."""
        def row(instance, kind, availability, activity, published):
            inner = "" if availability is None else f"<availability>{availability}</availability>"
            if activity:
                inner += f'<activity token="{activity}"/>'
            time_text = published.replace("T", " ").rstrip("Z")[:23]
            text = STATE.format(kind=kind, inner=inner).encode("utf-8").hex()
            return ("INSERT INTO rtcdyn.dbo.PublishedInstance (PublisherId,ContainerNum,CategoryId,"
                    "InstanceNum,[Version],LastPubTime,Data) VALUES "
                    f"({number},{part['container']},1,{instance},1,'{time_text}',0x{text});")
        for one in part["inputs"]:
            yield row(one["instance"], one["kind"], one["availability"], one["activity"],
                      one["published"])
        server = part["server"]
        if server:
            yield row(1, "aggregateState", server["availability"], server["activity"],
                      server["origin"]["time"])
        machine = part["machine"]
        if machine.get("server") is not None:
            yield row(0x10000000, "aggregateMachineState", machine["server"], None,
                      machine["origin"]["time"])

    @staticmethod
    def essence(part):
        inputs = sorted((one["kind"], one["instance"], one["availability"], one["activity"] or "",
                         one["verdict"]) for one in part["inputs"])
        return (part["container"], part["computed"], part["step"], part["activity"],
                part["server"] and (part["server"]["availability"], part["server"]["agrees"]),
                inputs)

    # ---- size ----

    def check_many(self, count, seconds):
        sizes = {}
        for users in (count // 10, count):
            with Peer(self.server, "--users", users) as peer:
                environment = dict(os.environ, OCSIGHT_PASSWORD=PASSWORD)
                begin = time.monotonic()
                process = subprocess.Popen(
                    [self.ocsight, "presence", "--server", peer.name, *LOGIN, "--at", NOW,
                     "--format", "csv", "-o", self.path("many.csv")], env=environment)
                _, status, usage = os.wait4(process.pid, 0)
                took = time.monotonic() - begin
            with open(self.path("many.csv"), encoding="utf-8") as file:
                rows = sum(1 for _ in file) - 1
            self.same(f"{users} users: status and rows", (0, users + 5), (status, rows))
            sizes[users] = usage.ru_maxrss
            print(f"{users} users: {took:.1f} s, {usage.ru_maxrss} KB")
        self.expect(f"{count} users in {seconds} s", took < seconds, f"{took:.1f} s")
        small, large = sizes[count // 10], sizes[count]
        self.expect("memory is flat", large < small * 1.3 + 8192, f"{small} KB, then {large} KB")


def main():
    ocsight, server, render = (os.path.abspath(path) for path in sys.argv[1:4])
    with tempfile.TemporaryDirectory() as folder:
        check = Check(ocsight, server, render, folder)
        if "--many" in sys.argv:
            check.check_many(100000, 30)
            return check.failures.finish("100,000 users")
        check.check_usage()
        for name in sorted(dir(check)):
            if name.startswith("check_") and name not in ("check_usage", "check_many"):
                getattr(check, name)()
        return check.failures.finish("live presence is as the rows say")


if __name__ == "__main__":
    sys.exit(main())
