#!/usr/bin/env python3
"""The audit of database rows: each rule fires on its data and is silent where a guard says so.

    check_db_audit.py OCSIGHT TDS-SERVER RENDER-SAMPLE

Each case is T-SQL that is run after the sample rows, which are first made clean: what is left of
them gives no finding. The rules that a state without history allows are those of RULES.
"""
import csv
import datetime
import io
import json
import os
import subprocess
import sys
import tempfile

from tds_client import Client
from tds_peer import USER, Peer

NOW = "2015-06-01T09:00:00Z"
LOGIN = ["--login", USER, "--allow-plaintext-login"]
FINDINGS, USAGE, INPUT, DATABASE = 1, 2, 3, 5
STALE = "database-publication-stale"
EXPIRED = "database-publication-expired"
DOUBLED = "database-publication-doubled"
ORPHANED = "database-endpoint-orphaned"
AGGREGATE = "database-aggregate-unexpected"
RULES = (STALE, EXPIRED, DOUBLED, ORPHANED, AGGREGATE)
GAP = "coverage-database"

# One front end; carol's and zoe's old rows and the broken endpoints are gone.
CLEAN = """
DELETE FROM rtc.dbo.FrontEnd WHERE FrontEndId = 12041;
DELETE FROM rtcdyn.dbo.PublishedInstance WHERE PublisherId IN (3, 6);
DELETE FROM rtcdyn.dbo.Endpoint WHERE ExpiresAt < '2015-06-01 00:00:00';
DELETE FROM rtcdyn.dbo.RegistrarEndpoint WHERE OwnerId = 99;
"""
STATE = ('<state xmlns="http://schemas.microsoft.com/2006/09/sip/state" '
         'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" {more}xsi:type="{kind}">'
         '<availability>{availability}</availability></state>')
COLUMNS = ("(PublisherId,ContainerNum,CategoryId,InstanceNum,EndpointId,[Version],LastPubTime,"
           "ExpiresAt,Data)")


def published(user, instance, kind, availability, time="2015-06-01 08:30:00", version=12,
              expires=None, more="", container=2):
    """A row of rtcdyn.PublishedInstance with a state."""
    document = STATE.format(kind=kind, availability=availability, more=more)
    until = f"'{expires}'" if expires else "NULL"
    return (f"INSERT INTO rtcdyn.dbo.PublishedInstance {COLUMNS} VALUES ({user},{container},1,"
            f"{instance},NULL,{version},'{time}',{until},CAST('{document}' AS varbinary(max)));\n")


def aggregate(user, availability):
    """What the server makes of a user's rows in container 2."""
    document = STATE.format(kind="aggregateState", availability=availability, more="")
    return (f"UPDATE rtcdyn.dbo.PublishedInstance SET Data = CAST('{document}' AS varbinary(max)) "
            f"WHERE PublisherId = {user} AND ContainerNum = 2 AND InstanceNum = 1;\n")


CAROL = published(3, 1, "aggregateState", 15500, "2015-05-28 16:00:00")
PHONE = 'manual="false" '
RAN_OUT = published(1, 0x70000001, "phoneState", 6500, "2015-06-01 07:00:00",
                    expires="2015-06-01 08:00:00", more=PHONE)
TWICE = published(1, 805306369, "machineState", 3500, "2015-06-01 08:20:00", version=11,
                  more=PHONE)
LONE = ("INSERT INTO rtcdyn.dbo.Endpoint VALUES "
        "('00000000-0000-5000-8000-00000000000a',1,'2015-06-01 09:30:00');\n")
GONE = ("INSERT INTO rtcdyn.dbo.Endpoint VALUES "
        "('00000000-0000-5000-8000-00000000000b',1,'{}');\n"
        "INSERT INTO rtcdyn.dbo.RegistrarEndpoint (EndpointId,OwnerId) VALUES "
        "('00000000-0000-5000-8000-00000000000b',1);\n")
NOBODY = ("INSERT INTO rtcdyn.dbo.RegistrarEndpoint (EndpointId,OwnerId) VALUES "
          "('00000000-0000-5000-8000-000000000001',99);\n")
ALL_RUN_OUT = "UPDATE rtcdyn.dbo.Endpoint SET ExpiresAt = '2015-06-01 05:00:00';\n"
YOUNG = "UPDATE rtcdyn.dbo.PublishedInstance SET LastPubTime = '2015-06-01 08:59:30';\n"

# (what, SQL, options of the server, rules that speak)
CASES = [
    ("clean rows", "", [], []),
    # stale
    ("a user who is registered nowhere", CAROL, [], [STALE]),
    ("published a moment ago", published(3, 1, "aggregateState", 15500, "2015-06-01 08:58:00"), [],
     []),
    ("with an end of its own", published(3, 0x24000000, "userState", 6500, "2015-06-01 07:00:00",
                                         expires="2015-06-01 12:00:00"), [], []),
    ("a partner", published(5, 1, "aggregateState", 15500, "2015-05-28 16:00:00"), [], []),
    ("another front end was not asked",
     CAROL + "INSERT INTO rtc.dbo.FrontEnd VALUES (12041,N'fe02.contoso.example');\n", [], [GAP]),
    ("no registrations to be read", CAROL, ["--without", "rtcdyn.RegistrarEndpoint"], [GAP]),
    # expired
    ("a publication that ran out", RAN_OUT, [], [EXPIRED]),
    ("ran out a moment ago", RAN_OUT.replace("08:00:00", "08:57:00"), [], []),
    ("without the column", RAN_OUT, ["--without", "rtcdyn.PublishedInstance.ExpiresAt"], None),
    ("times of another zone", RAN_OUT + ALL_RUN_OUT, [], [GAP]),
    # doubled
    ("an instance twice", TWICE, [], [DOUBLED]),
    ("an exact copy", "INSERT INTO rtcdyn.dbo.PublishedInstance SELECT * FROM rtcdyn.dbo.PublishedInstance "
     "WHERE PublisherId = 2;\n", [], []),
    ("changed while it was read", TWICE.replace("08:20:00", "08:59:30"), [], []),
    # orphaned
    ("an endpoint without a registration", LONE, [], [ORPHANED]),
    ("an endpoint that ran out", GONE.format("2015-06-01 08:00:00"), [], [ORPHANED]),
    ("an endpoint that ran out a moment ago", GONE.format("2015-06-01 08:57:00"), [], []),
    ("a registration of nobody", NOBODY, [], [ORPHANED]),
    ("a registration without an endpoint", NOBODY.replace(",99)", ",2)").replace("01',", "0c',"),
     [], [ORPHANED]),
    ("orphans and times of another zone", LONE + ALL_RUN_OUT, [], [GAP]),
    # aggregates
    ("an aggregate that nothing explains", aggregate(1, 9500), [], [AGGREGATE]),
    ("its inputs are young", aggregate(1, 9500) + YOUNG, [], []),
    ("no input at all", aggregate(2, 9500), [], []),
    ("a gateway's call", aggregate(1, 6500).replace(
        "</availability>", '</availability><activity token="on-the-phone"/>'), [], []),
    ("an old row explains it", aggregate(1, 9500) + RAN_OUT, [], [EXPIRED]),
]

# ---- a trace and rows ----

DIFFERS = "database-presence-differs"
MISSING = "database-post-missing"
ADA = "INSERT INTO rtc.dbo.Resource VALUES (50,N'ada@contoso.example'),(51,N'eve@contoso.example');\n"


def ada(availability, time, user=50):
    return ADA + published(user, 1, "aggregateState", availability, time)


# samples/presence-change.talk: ada's aggregate is 3500 from 08:08:00.046 on; of eve a watcher's
# copy alone is seen.
PRESENCE = [
    ("another band", ada(6500, "2013-05-14 08:01:22"), [DIFFERS]),
    ("the same band", ada(3700, "2013-05-14 08:01:22"), []),
    ("published since", ada(6500, "2013-05-14 08:30:00"), []),
    ("nothing published there", ADA, []),
    ("only a watcher's copy in the trace", ada(3500, "2013-05-14 08:00:00", 51), []),
]


def ticks(text):
    moment = datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.timezone.utc)
    return 621355968000000000 + int(moment.timestamp()) * 10000000


def room(name="Ops Bridge", guid="0b6f5a52-3f0e-4f0b-9a43-6d2c1f7e8a11"):
    return ("INSERT INTO mgc.dbo.tblNode (nodeID,nodeGuid,parentID,nodeType,nodeName,nodeDesc,"
            "disabled,behavior,visibility,nodeAddedBy,nodeAddedOn,nodeUpdatedBy,nodeUpdatedOn) "
            f"VALUES (400,'{guid}',10,0,N'{name}',N'',0,4,3,5,0,5,0);\n"
            "INSERT INTO mgc.dbo.tblPrincipal (prinID,prinGuid,prinUri,prinDisabled,prinTypeID,"
            "prinAddedOn,prinUpdatedOn,prinVerifiedOn) VALUES "
            "(40,'00000000-0000-5000-8000-000000000040',N'sip:bo@contoso.example',0,5,0,0,"
            "'2014-01-01'),(41,'00000000-0000-5000-8000-000000000041',"
            "N'sip:ada@contoso.example',0,5,0,0,'2014-01-01');\n")


def said(number, time, user, text):
    return (f"INSERT INTO mgc.dbo.tblChat VALUES (400,{number},{ticks(time)},{user},0,N'{text}',"
            "NULL);\n")


OLD = said(1, "2014-05-06 06:59:01", 40, "link to rack 7 is back")
BO = said(2, "2014-05-06 07:14:20", 40, "\uc810\uc2ec \ubb50 \uba39\uc8e0? \U0001f35c")
ADAS = said(3, "2014-05-06 07:14:41", 41, "if a < b && c\r\nthen \uad6d\uc218!")
# samples/persistent-chat.talk: bo and ada post one message each in the first room.
POSTS = [
    ("both are there", room() + OLD + BO + ADAS, []),
    ("one is not there", room() + OLD + ADAS, [MISSING]),
    ("another text", room() + OLD + ADAS + BO.replace("?", "!"), [MISSING]),
    ("another author", room() + OLD + ADAS + BO.replace(",40,0,", ",41,0,"), [MISSING]),
    ("purged", room() + said(9, "2014-05-06 08:00:00", 40, "later"), []),
    ("the room has another name", room("Other"), [GAP]),
    ("the room is not there", "", [GAP]),
]


# ---- the compliance database: steps 3 and 5 of the flow compliance-archive ----

ROW_MISSING = "compliance-row-missing"
EVENT = "mgccomp.dbo.tblComplianceData"
FIRST = 2001  # cmplEventID of the first message
GONE_TEXT = "Dee is"


def event_row(number, message, text=None, kind=1):
    """A row of a message as `chat --compliance --format csv` tells it."""
    words = (text if text is not None else message["content"]).replace("'", "''")
    return (f"INSERT INTO {EVENT} VALUES ({number},'2014-05-08 10:30:00',{kind},{message['ticks']},"
            f"N'{message['room']}',NULL,5,N'sip:{message['user']}',N'{words}');\n")


def without(number):
    return f"DELETE FROM {EVENT} WHERE cmplEventID = {number};\n"


def progress(last, holder=-1):
    return (f"UPDATE mgccomp.dbo.tblComplianceState SET lastProcessedEntryID = {last}, "
            f"activeServerID = {holder};\n")


# (what, SQL when GONE_TEXT has no row, options of the server, of the audit, does the rule fire?).
# {id} is the number that its row had, {later} that of the one after it.
LOST = [
    ("between two that wait", "", [], [], True),
    ("processed so far", progress(2900), [], [], False),
    ("none before it waits", progress("{before}"), [], [], False),
    ("being processed", progress(1001, 2), [], [], False),
    ("it was the last", f"DELETE FROM {EVENT} WHERE cmplEventID > {{id}};\n", [], [], False),
    ("numbers that fall", f"UPDATE {EVENT} SET cmplEventID = 1500 WHERE cmplEventID = {{later}};\n",
     [], [], False),
    ("another text", "{other}", [], [], False),
    ("messages were purged", "{purged}", [], [], False),
    ("no state", "", ["--without", "mgccomp.tblComplianceState"], [], False),
    ("not all rows", "", [], ["--max-rows", "5"], False),
    ("the others are too near", "", [], ["--limit", f"{ROW_MISSING}=900"], False),
    ("switched off", "", [], ["--no-rule", ROW_MISSING], False),
]


class Check(Client):
    def __init__(self, ocsight, server, folder):
        super().__init__(ocsight)
        self.server = server
        self.folder = folder

    def sql(self, text):
        path = os.path.join(self.folder, "more.sql")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def audit(self, *arguments):
        """The findings of an audit, without what is said of the connection."""
        status, out, err = self.run("audit", "--format", "json", "--at", NOW, "--fail-on",
                                    "never", *arguments)
        if status != 0:
            self.failures.add(f"{arguments}: {status} {err}")
            return []
        findings = json.loads(out)["findings"]
        return [found for found in findings if "without encryption" not in found["message"]]

    def check_cases(self):
        for what, text, options, expected in CASES:
            with Peer(self.server, "--sql", self.sql(CLEAN + text), *options) as peer:
                findings = self.audit("--server", peer.name, *LOGIN)
                rules = sorted({found["rule"] for found in findings})
                if expected is None:
                    self.expect(what, not set(rules) & {EXPIRED}, rules)
                    self.expect(what, GAP in rules, rules)
                else:
                    self.expect(what, rules == sorted(expected),
                                [(found["rule"], found["message"]) for found in findings])
                self.check_evidence(what, findings)
                for rule in set(rules) & set(RULES):
                    rest = self.audit("--server", peer.name, *LOGIN, "--no-rule", rule)
                    self.expect(f"{what}: without {rule}",
                                not any(found["rule"] == rule for found in rest), rest)
                self.expect(f"{what}: nothing is written", peer.violations() == [])

    def check_evidence(self, what, findings):
        for found in findings:
            if found["rule"] in RULES:
                origins = found["evidence"]
                self.expect(f"{what}: evidence", origins and all(
                    set(origin) == {"server", "database", "table", "key", "time"} and
                    isinstance(origin["key"], dict) and origin["key"] for origin in origins),
                            origins)

    def check_offline(self):
        """A snapshot says what the servers say."""
        text = CLEAN + CAROL + RAN_OUT + TWICE + LONE
        path = os.path.join(self.folder, "offline.db")
        with Peer(self.server, "--sql", self.sql(text)) as peer:
            self.run("store", "snapshot", "--server", peer.name, *LOGIN, "-o", path)
            live = self.audit("--server", peer.name, *LOGIN)
        offline = self.audit(path)
        for found in live + offline:
            found["id"] = None
        self.expect("offline as live", live == offline and len(live) >= 4, f"\n{live}\n{offline}")

    def check_odd_keys(self):
        """What is no GUID is in no key, and the finding stays: the key is JSON as it stands."""
        odd = self.sql(CLEAN + "UPDATE rtcdyn.dbo.RegistrarEndpoint SET EndpointId = N'a\n\"\\b' "
                       "WHERE OwnerId = 2;\n")
        with Peer(self.server, "--sql", odd, "--type",
                  "rtcdyn.RegistrarEndpoint.EndpointId=nvarchar(50)") as peer:
            findings = [found for found in self.audit("--server", peer.name, *LOGIN)
                        if found["rule"] == ORPHANED]
            keys = [found["evidence"][0]["key"] for found in findings
                    if found["evidence"][0]["table"] == "RegistrarEndpoint"]
            self.expect("found without its key", keys == [{}], findings)

    def check_two_servers(self):
        """A user who is registered on one of them is stale on none."""
        front_end = "INSERT INTO rtc.dbo.FrontEnd VALUES (12041,N'fe02.contoso.example');\n"
        elsewhere = front_end + ("DELETE FROM rtcdyn.dbo.RegistrarEndpoint;\n"
                                 "DELETE FROM rtcdyn.dbo.Endpoint;\n")
        with Peer(self.server, "--sql", self.sql(CLEAN + front_end)) as first:
            with Peer(self.server, "--sql", self.sql(CLEAN + elsewhere)) as second:
                both = self.audit("--server", first.name, "--server", second.name, *LOGIN)
        self.expect("registered on another front end", not any(
            found["rule"] == STALE for found in both), both)

    def check_trace(self, render):
        """What a trace ends with, against rows: two engines, compared and never merged."""
        here = os.path.dirname(os.path.abspath(__file__))
        for sample, cases, now in (("presence-change", PRESENCE, "2013-05-14T09:00:00Z"),
                                   ("persistent-chat", POSTS, "2014-05-06T12:00:00Z")):
            trace = os.path.join(self.folder, sample + ".pcap")
            talk = os.path.join(here, "..", "samples", sample + ".talk")
            subprocess.run([render, talk, trace], check=True)
            alone = self.audit(trace)
            for what, text, expected in cases:
                with Peer(self.server, "--sql", self.sql(CLEAN + text)) as peer:
                    asked = [trace, "--at", now, "--server", peer.name, *LOGIN]
                    found = [entry for entry in self.audit(*asked)
                             if entry["rule"] in (DIFFERS, MISSING, GAP)]
                    rules = sorted({entry["rule"] for entry in found})
                    self.expect(f"{sample}: {what}", rules == expected,
                                [(entry["rule"], entry["message"]) for entry in found])
                    for rule in set(rules) & {DIFFERS, MISSING}:
                        rest = self.audit(*asked, "--no-rule", rule)
                        self.expect(f"{what}: without {rule}",
                                    not any(entry["rule"] == rule for entry in rest), rest)
                    kept = [entry["message"] for entry in self.audit(*asked)]
                    self.expect(f"{sample}: {what}: the trace's own findings stay",
                                all(entry["message"] in kept for entry in alone), kept)

    def compliance_trace(self, render):
        """A trace and its messages in one room, in their order."""
        here = os.path.dirname(os.path.abspath(__file__))
        trace = os.path.join(self.folder, "chat-messages.pcap")
        talk = os.path.join(here, "..", "samples", "chat-messages.talk")
        subprocess.run([render, talk, trace], check=True)
        _, out, _ = self.run("chat", "--compliance", "--format", "csv", trace)
        rows = [row for row in csv.DictReader(io.StringIO(out)) if row["type"] == "CHAT"]
        return trace, [row for row in rows if row["room"] == rows[0]["room"]]

    def steps(self, *arguments):
        """Outcomes of the steps store and deleted, by time of the post."""
        status, out, err = self.run("flows", "--format", "json", *arguments)
        self.expect(f"flows {arguments}", status == 0, f"{status} {err}")
        flows = [flow["steps"] for flow in json.loads(out)["flows"]
                 if flow["flow"] == "compliance-archive"]
        return {steps[0]["time"]: (steps[2], steps[4]) for steps in flows}

    def check_lost_row(self, render):
        """A message without a row: a finding only where the rows around it prove it."""
        trace, messages = self.compliance_trace(render)
        at = next(i for i, row in enumerate(messages) if row["content"] == GONE_TEXT)
        number = FIRST + at
        rows = "".join(event_row(FIRST + i, row) for i, row in enumerate(messages))
        words = {"id": number, "later": number + 1, "before": number - 1,
                 "other": event_row(number, messages[at], "<chat/>"),
                 "purged": event_row(2950, messages[-1], "", 11)}
        alone = self.audit(trace)
        with Peer(self.server, "--sql", self.sql(CLEAN + rows)) as peer:
            found = self.audit(trace, "--server", peer.name, *LOGIN)
            self.expect("all are there", ROW_MISSING not in [each["rule"] for each in found], found)
            self.expect("nothing is written", peer.violations() == [], peer.violations())
        for what, text, options, asked, fires in LOST:
            more = without(number) + text.format(**words)
            with Peer(self.server, "--sql", self.sql(CLEAN + rows + more), *options) as peer:
                given = [trace, "--server", peer.name, *LOGIN, *asked]
                kept = self.audit(*given)
                found = [each for each in kept if each["rule"] == ROW_MISSING]
                self.expect(what, len(found) == fires, [each["message"] for each in kept])
                self.expect(f"{what}: the trace's own findings stay", asked or
                            {each["message"] for each in alone} <=
                            {each["message"] for each in kept}, kept)
                for each in found:
                    self.expect(what, (each["flow"], each["step"]) == ("compliance-archive", "store"),
                                each)
                    keys = [origin.get("key", {}).get("cmplEventID") for origin in each["evidence"]]
                    self.expect(f"{what}: evidence",
                                keys == [FIRST, None, FIRST + len(messages) - 1], each["evidence"])
                if not asked:
                    stored = [step["outcome"] for step, _ in
                              self.steps(trace, "--server", peer.name, *LOGIN).values()]
                    self.expect(f"{what}: flow", ("missing" in stored) == fires, stored)

    def check_looks(self, render):
        """Two looks tell whether a row was processed; one does not."""
        trace, messages = self.compliance_trace(render)
        rows = "".join(event_row(FIRST + i, row) for i, row in enumerate(messages))
        gone = without(FIRST) + without(FIRST + 1)
        path = [os.path.join(self.folder, f"look-{i}.db") for i in range(3)]
        port = 0
        for i, text in enumerate(("", gone + progress(FIRST + 1), gone)):
            with Peer(self.server, "--sql", self.sql(CLEAN + rows + text), "--port", port) as peer:
                port = peer.port
                self.run("store", "snapshot", "--server", peer.name, *LOGIN, "-o", path[i])
                if i == 1:
                    live = self.steps(trace, path[0], "--server", peer.name, *LOGIN)
        none = self.steps(trace)
        self.expect("no look", {step["outcome"] for pair in none.values() for step in pair} ==
                    {"not-observable"}, none)
        one = self.steps(trace, path[0])
        self.expect("one look", ("seen", "not-observable") in
                    [tuple(step["outcome"] for step in pair) for pair in one.values()], one)
        self.expect("one look tells of no removal", {pair[1]["outcome"] for pair in one.values()} ==
                    {"not-observable"}, one)
        for what, both in (("two looks", self.steps(trace, path[0], path[1])),
                           ("in any order", self.steps(trace, path[1], path[0])),
                           ("a snapshot and its server", live)):
            for step, removal in both.values():
                if step["outcome"] != "seen":
                    continue
                key = step["origin"]["key"]["cmplEventID"]
                expected = "seen" if key <= FIRST + 1 else "pending"
                self.expect(what, removal["outcome"] == expected, removal)
            outcomes = {removal["outcome"] for _, removal in both.values()}
            self.expect(what, {"seen", "pending"} <= outcomes, outcomes)
        odd = self.steps(trace, path[0], path[2])
        outcomes = {removal["outcome"] for step, removal in odd.values()
                    if step["outcome"] == "seen" and
                    step["origin"]["key"]["cmplEventID"] <= FIRST + 1}
        self.expect("gone, and not processed", outcomes == {"not-observable"}, odd)
        self.check_looks_written(trace, path)

    def check_looks_written(self, trace, path):
        _, out, _ = self.run("flows", trace, path[0], path[1])
        self.expect("text", "row mgccomp.tblComplianceData cmplEventID 2001 on 127.0.0.1" in
                    out and "deleted                pending" in out, out[:3000])
        _, out, _ = self.run("flows", "--format", "csv", trace, path[0], path[1])
        lines = [row for row in csv.DictReader(io.StringIO(out)) if row["step"] == "store" and
                 row["outcome"] == "seen"]
        self.expect("csv", lines and all(row["input"].startswith("127.0.0.1:") and
                                         row["record"] == "" for row in lines), lines)
        status, _, err = self.run("flows", path[0])
        self.expect("no trace", status == USAGE and "no input" in err, f"{status} {err}")

    def check_baseline(self, name):
        """Of rows, too: only what is new fails."""
        path = os.path.join(self.folder, "baseline.json")
        server = ("audit", "--at", NOW, "--server", name, *LOGIN, "--fail-on", "warning")
        self.run(*server, "--format", "json", "-o", path)
        status, out, err = self.run(*server, "--baseline", path)
        self.expect("same rows", status == 0 and ": 0 new, " in out, f"{status} {out} {err}")
        self.run(*server, "--format", "json", "-o", path, "--no-rule", STALE)
        status, out, err = self.run(*server, "--baseline", path)
        self.expect("new rows", status == FINDINGS and f"{STALE}  new" in out,
                    f"{status} {out} {err}")

    def check_failures(self):
        with Peer(self.server, "--sql", self.sql(CLEAN + CAROL)) as peer:
            status, out, err = self.run("audit", "--at", NOW, "--server", peer.name, *LOGIN,
                                        "--fail-on", "warning")
            self.expect("--fail-on", status == FINDINGS and STALE in out, f"{status} {err}")
            self.check_baseline(peer.name)
            status, out, err = self.run("audit", "--at", NOW, "--server", peer.name, "--server",
                                        "127.0.0.1:1", *LOGIN)
            self.expect("one cannot be reached", status == DATABASE and "not reached" in out,
                        f"{status} {out} {err}")
            peer.fault("cut-row=1@PublishedInstance")
            status, out, err = self.run("audit", "--at", NOW, "--server", peer.name, *LOGIN)
            self.expect("a broken connection", status == DATABASE and "nothing can be said" in out,
                        f"{status} {out} {err}")
            status, _, err = self.run("audit", "--server", peer.name, *LOGIN, "--no-rule", "none")
            self.expect("no such rule", status == USAGE and "no rule" in err, f"{status} {err}")


def main():
    with tempfile.TemporaryDirectory() as folder:
        check = Check(sys.argv[1], sys.argv[2], folder)
        for name in ("check_cases", "check_odd_keys", "check_offline", "check_two_servers", "check_failures"):
            check.failures.where = name
            getattr(check, name)()
        check.failures.where = "check_trace"
        check.check_trace(sys.argv[3])
        for name in ("check_lost_row", "check_looks"):
            check.failures.where = name
            getattr(check, name)(sys.argv[3])
        return check.failures.finish(f"{len(CASES) + len(PRESENCE) + len(POSTS) + len(LOST)} cases of rows: as expected")


if __name__ == "__main__":
    sys.exit(main())
