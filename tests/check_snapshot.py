#!/usr/bin/env python3
"""Snapshots of servers: what is kept, that nothing more is needed offline, and what is refused.

    check_snapshot.py OCSIGHT TDS-SERVER

Every report of `ocsight db`, and presence, say the same of a snapshot as of the server it was
taken of.
"""
import json
import os
import signal
import sqlite3
import sys
import tempfile
import time

from tds_client import Client
from tds_peer import FRONT_END_2, USER, Peer

NOW = "2015-06-01T09:00:00Z"
LOGIN = ["--login", USER, "--allow-plaintext-login"]
INPUT, OUTPUT, DATABASE, INTERRUPTED = 3, 4, 5, 130
# What a snapshot of the sample rows has (tests/tds/data/rows.sql).
ROWS = {"rtc.Resource": 6, "rtcdyn.PublishedInstance": 6, "rtcdyn.RegistrarEndpoint": 4,
        "mgc.tblChat": 2, "mgccomp.tblComplianceData": 3}
TOKEN = "9d2f6a1b-token-of-a-file"
SECRETS = f"""
INSERT INTO mgc.dbo.tblFileToken (fileToken,fileTokenUserID,fileTokenChannelID,fileTokenExpireDate,fileTokenCompliancePinned)
 VALUES (N'{TOKEN}',5,'00000000-0000-5000-8000-0000000000f0','2015-06-02 00:00:00',0);
INSERT INTO mgc.dbo.tblConfig (configLabel,configContent,configPoolID)
 VALUES (N'mail',N'password={TOKEN}','00000000-0000-5000-8000-0000000000f0');
"""

# What happens between two snapshots.
LATER = """
DELETE FROM rtcdyn.dbo.RegistrarEndpoint WHERE OwnerId = 1;
INSERT INTO rtcdyn.dbo.Endpoint VALUES ('00000000-0000-5000-8000-00000000000d',1,'2078-06-01 09:10:00');
INSERT INTO rtcdyn.dbo.RegistrarEndpoint (EndpointId,OwnerId) VALUES ('00000000-0000-5000-8000-00000000000d',4);
UPDATE rtcdyn.dbo.PublishedInstance SET [Version] = 6, Data = CAST('<state xsi:type="aggregateState" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns="http://schemas.microsoft.com/2006/09/sip/state"><availability>9500</availability></state>' AS varbinary(max)) WHERE PublisherId = 2;
UPDATE mgc.dbo.tblNode SET nodeName = N'War room' WHERE nodeID = 300;
DELETE FROM mgc.dbo.tblPrincipalRole WHERE prinRoleNodeID = 301;
DELETE FROM mgccomp.dbo.tblComplianceData WHERE cmplEventID = 1001;
INSERT INTO rtc.dbo.ResourcePhone VALUES (1,N'+15555550103');
"""
ENDS = "UPDATE rtcdyn.dbo.Endpoint SET ExpiresAt = '2078-01-01 00:00:00';\n"
# (of, change, key, before, after); what follows from them is there, too.
CHANGES = [
    ("sign-in", "signed out", "ann@contoso.example", None, None),
    ("sign-in", "signed in", "dave@contoso.example", None, None),
    ("presence", "changed", "bob@contoso.example", "Busy (6500)", "Do not disturb (9500)"),
    ("room", "changed", "300", "nodeName=Incident bridge", "nodeName=War room"),
    ("member", "gone", "301, Member, sip:carol@contoso.example, sip:carol@contoso.example",
     "nodeName=Town hall, prinDisabled=1", None),
    ("compliance", "processed", "1001", "cmplType=1, cmplChannelUri=ma-chan://contoso.example/300, "
     "cmplUserUri=sip:ann@contoso.example, ServersDone=1", None),
    ("rtc.ResourcePhone", "added", "ResourceId=1, PhoneNum=+15555550103", None, None),
    ("mgc.tblPrincipalRole", "removed", "prinRoleNodeID=301, prinRolePrinID=7, prinRoleTypeID=1",
     "prinRoleUpdatedBy=5", None),
]


class Check(Client):
    def __init__(self, ocsight, server, folder):
        super().__init__(ocsight)
        self.server = server
        self.folder = folder

    def path(self, name):
        return os.path.join(self.folder, name)

    def take(self, path, *servers, more=()):
        named = [word for server in servers for word in ("--server", server)]
        return self.run("store", "snapshot", *named, *LOGIN, "-o", path, *more)

    # ---- what is kept ----

    def check_rows(self):
        secrets = self.path("secrets.sql")
        with open(secrets, "w", encoding="utf-8") as file:
            file.write(SECRETS)
        path = self.path("rows.db")
        with Peer(self.server, "--sql", secrets) as peer:
            status, out, err = self.take(path, peer.name)
            self.expect("taken", status == 0, f"{status} {err}")
            self.expect("taken", "complete" in out, out)
            self.expect("nothing is written there", peer.violations() == [], peer.violations())
            texts = [line["statement"] for line in peer.statements()]
            self.expect("no column is fetched unnamed", not any("*" in text for text in texts))
            self.expect("tokens are not fetched", not any("[fileToken]" in text for text in texts))
        file = sqlite3.connect(path)
        for table, count in ROWS.items():
            found = file.execute(f"SELECT count(*) FROM [{table}]").fetchone()[0]
            self.expect(table, found == count, f"{found} rows, not {count}")
        names = dict(file.execute("SELECT [database] || '.' || [table], state FROM snapshot_table"))
        self.expect("what is left out is listed", names.get("mgc.tblConfig") == "omitted", names)
        identity = [file.execute(f"PRAGMA {name}").fetchone()[0]
                    for name in ("application_id", "user_version")]
        self.expect("identity", identity == [0x4F43534E, 1], identity)
        self.expect("times", file.execute("SELECT LastPubTime FROM [rtcdyn.PublishedInstance] "
                                          "WHERE PublisherId = 2").fetchall()
                    == [("2015-06-01T08:55:00.000",)])
        self.expect("GUIDs", file.execute("SELECT EndpointId FROM [rtcdyn.Endpoint] ORDER BY 1")
                    .fetchone() == ("00000000-0000-5000-8000-000000000001",))
        data = file.execute("SELECT Data FROM [rtcdyn.PublishedInstance] WHERE PublisherId = 6")
        self.expect("bytes", data.fetchone()[0] == "<note>Zo\u00eb</note>".encode())
        file.close()
        with open(path, "rb") as stream:
            self.expect("no secret in the file", TOKEN.encode() not in stream.read())

    def check_dirty_read(self):
        path = self.path("dirty.db")
        with Peer(self.server) as peer:
            peer.fault("double-row@PublishedInstance")
            status, out, err = self.take(path, peer.name)
        self.expect("dirty read", status == 0 and "came twice" in out, f"{status} {out} {err}")
        file = sqlite3.connect(path)
        found = file.execute("SELECT count(*) FROM [rtcdyn.PublishedInstance]").fetchone()[0]
        self.expect("dirty read", found == ROWS["rtcdyn.PublishedInstance"], found)
        file.close()

    def check_bounds(self):
        path = self.path("cut.db")
        with Peer(self.server, "--deny", "mgc.tblNode") as peer:
            status, out, _ = self.take(path, peer.name, more=["--max-rows", 3])
        self.expect("--max-rows", "rtc.Resource: cut by --max-rows: 3 rows kept" in out, out)
        self.expect("no permission", "mgc.tblNode: not kept" in out and status == DATABASE,
                    f"{status} {out}")
        status, out, _ = self.run("db", "online", path)
        self.expect("offline, too", status == 0 and "cut by --max-rows" in out, f"{status} {out}")

    # ---- offline as live ----

    def reports(self):
        _, out, _ = self.run("db", "list", "--format", "json")
        return json.loads(out)["rows"]

    def check_offline(self):
        path = self.path("two.db")
        compared = 0
        with Peer(self.server) as first, Peer(self.server, "--sql", FRONT_END_2) as second:
            status, _, err = self.take(path, first.name, second.name)
            self.expect("two servers", status == 0, err)
            named = ["--server", first.name, "--server", second.name, *LOGIN]
            for row in self.reports():
                report = row["report"]
                more = self.needed(row)
                live = self.run("db", report, *more, "--format", "csv", *named)
                offline = self.run("db", report, path, *more, "--format", "csv")
                self.expect(f"db {report}", live[0] == 0 and live[0] == offline[0],
                            f"{live[0]} {live[2]} {offline[0]} {offline[2]}")
                rows = [sorted(out.splitlines()) for out in (live[1], offline[1])]
                self.expect(f"db {report}: offline as live", rows[0] == rows[1],
                            f"\n{live[1]}\n{offline[1]}")
                compared += len(rows[0]) > 1
        self.expect("reports with rows", compared >= 15, compared)

    def check_presence(self):
        """Presence of everybody, and by pattern: offline as live, but for what is said of connections."""
        path = self.path("presence.db")
        with Peer(self.server) as first, Peer(self.server, "--sql", FRONT_END_2) as second:
            self.take(path, first.name, second.name)
            named = ["--server", first.name, "--server", second.name, *LOGIN]
            for users in ([], ["*@contoso.example"], ["bob@contoso.example"], ["nobody@nowhere"]):
                asked = ["presence", *users, "--at", NOW, "--format", "json"]
                live, offline = self.run(*asked, *named), self.run(*asked, path)
                self.expect(f"{users}", live[0] == 0 and offline[0] == 0, live[2] + offline[2])
                told = [json.loads(out) for _, out, _ in (live, offline)]
                connections = [remark for remark in told[0]["remarks"]
                               if "without encryption" not in remark]
                self.expect(f"{users}: remarks", connections == told[1]["remarks"], told)
                told[0]["remarks"] = told[1]["remarks"]
                self.expect(f"{users}: offline as live", told[0] == told[1], f"\n{told}")
                if users in ([], ["*@contoso.example"]):
                    self.expect(f"{users}: users", len(told[0]["users"]) >= 4, told[0])

    @staticmethod
    def needed(row):
        """What makes a report say something: all that it takes."""
        values = {"--at": [NOW], "--unproven": [], "--room": ["*"]}
        taken = [word for word in str(row["options"]).split() if word in values]
        return [word for name in taken for word in [name] + values[name]]

    # ---- two of them ----

    def check_diff(self):
        before, after = self.path("before.db"), self.path("after.db")
        early, late = self.path("early.sql"), self.path("late.sql")
        for path, text in ((early, ENDS), (late, ENDS + LATER)):
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        with Peer(self.server, "--sql", early) as peer:
            self.take(before, peer.name)
        with Peer(self.server, "--sql", late) as peer:
            self.take(after, peer.name)
        status, out, err = self.run("db", "diff", before, after, "--format", "json")
        self.expect("diff", status == 0, err)
        rows = [tuple(row[name] for name in ("of", "change", "key", "before", "after"))
                for row in json.loads(out)["rows"]]
        for change in CHANGES:
            self.expect("diff", change in rows, f"{change} is not in {rows}")
        self.expect("no table is blamed twice", len(rows) == len(set(rows)), rows)
        self.expect("nothing else", not any(row[0] in ("rtc.Resource", "mgc.tblChat")
                                            for row in rows), rows)
        for files in ((before, before), (after, after)):
            status, out, err = self.run("db", "diff", *files, "--format", "json")
            self.expect("nothing changed", status == 0 and json.loads(out)["rows"] == [], out + err)
        forth = len(rows)
        status, out, err = self.run("db", "diff", after, before, "--format", "json")
        self.expect("the other way round", len(json.loads(out)["rows"]) == forth, out)
        for words in (["db", "diff", before], ["db", "diff", before, after, before]):
            status, _, err = self.run(*words)
            self.expect("wrong usage", status == 2, f"{status} {err}")
        status, _, err = self.run("db", "diff", before, self.path("absent.db"))
        self.expect("no such file", status == INPUT and "absent.db" in err, f"{status} {err}")

    def check_diff_blind(self):
        """What one side could not see is no change."""
        whole = self.path("whole.db")
        with Peer(self.server) as peer:
            self.take(whole, peer.name)
        for denied, reason in (("rtcdyn", True), ("mgc", True), ("rtcdyn.RegistrarEndpoint", False),
                               ("rtc.PublishedStaticInstance", False)):
            blind = self.path(denied + ".db")
            with Peer(self.server, "--deny", denied) as peer:
                status, out, err = self.take(blind, peer.name)
            self.expect(f"{denied}: why", not reason or f"nothing of {denied}: " in out and
                        "(error 916)" in out, out + err)
            for files in ((whole, blind), (blind, whole)):
                status, out, err = self.run("db", "diff", *files, "--format", "json")
                document = json.loads(out)
                self.expect(f"{denied}: nothing changed", status == 0 and document["rows"] == [],
                            document["rows"])
                self.expect(f"{denied}: said", any("compared" in text for text in
                                                   document["remarks"]), document["remarks"])

    # ---- files that several runs write ----

    def check_killed(self):
        path = self.path("killed.db")
        with Peer(self.server) as peer:
            peer.fault("slow-row=300@tblPrincipal]")
            process = self.start("store", "snapshot", "--server", peer.name, *LOGIN, "-o", path)
            self.wait_for(path)
            process.send_signal(signal.SIGKILL)
            process.communicate()
            peer.clear()
            status, out, err = self.run("db", "online", path)
            self.expect("a killed run says so", "unfinished" in out + err, f"{status} {out} {err}")
            status, out, err = self.take(path, peer.name, more=["--append"])
            self.expect("resumed", status == 0 and "complete" in out, f"{status} {out} {err}")
            status, out, err = self.run("db", "online", path)
            self.expect("whole now", status == 0 and "unfinished" not in out + err, out + err)
            status, _, err = self.take(path, peer.name, more=["--append"])
            self.expect("taken already", status == 0 and "already" in err, f"{status} {err}")
        file = sqlite3.connect(path)
        found = file.execute("SELECT count(*) FROM [rtc.Resource]").fetchone()[0]
        self.expect("no row twice", found == ROWS["rtc.Resource"], found)
        file.close()

    @staticmethod
    def wait_for(path):
        """Until some tables are in the file and the slow one is being read."""
        for _ in range(200):
            time.sleep(0.05)
            if os.path.exists(path):
                try:
                    file = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
                    count = file.execute("SELECT count(*) FROM snapshot_table").fetchone()[0]
                    file.close()
                    if count >= 20:
                        return
                except sqlite3.Error:
                    pass

    def check_interrupted(self):
        path = self.path("interrupted.db")
        with Peer(self.server) as peer:
            peer.fault("slow-row=1000@tblPrincipal]")
            process = self.start("store", "snapshot", "--server", peer.name, *LOGIN, "-o", path)
            self.wait_for(path)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=30)
        self.expect("Ctrl-C", process.returncode == INTERRUPTED and b"unfinished" in out,
                    f"{process.returncode} {out} {err}")

    def check_broken(self):
        path = self.path("broken.db")
        with Peer(self.server) as peer:
            peer.fault("cut-row=1@tblNode]")
            status, out, err = self.take(path, peer.name)
        self.expect("a broken connection", status == DATABASE and "unfinished" in out,
                    f"{status} {out} {err}")
        self.expect("a broken connection", "tblNode" in err, err)

    # ---- what is refused ----

    def check_refusals(self):
        path = self.path("later.db")
        with Peer(self.server) as peer:
            self.take(path, peer.name)
            status, _, err = self.take(path, peer.name)
            self.expect("a file that is there", status == OUTPUT and "--append" in err, err)
            text = self.path("text.db")
            with open(text, "w", encoding="utf-8") as file:
                file.write("no database\n" * 20)
            status, _, err = self.take(text, peer.name, more=["--append"])
            self.expect("a foreign file", status == OUTPUT and "no SQLite" in err, err)
            status, _, err = self.take(self.path("no/such/folder.db"), peer.name)
            self.expect("no folder", status == OUTPUT, err)
        status, _, err = self.run("dialogs", path)
        self.expect("messages of a snapshot", status == 3 and "presence, audit and db" in err, err)
        file = sqlite3.connect(path)
        file.execute("PRAGMA user_version = 2")
        file.close()
        status, _, err = self.run("db", "online", path)
        self.expect("a later version", status != 0 and "later version" in err, f"{status} {err}")
        none = self.path("none.db")
        status, _, err = self.take(none, "127.0.0.1:1")
        self.expect("nobody there", status == DATABASE and not os.path.exists(none), err)
        for words in (["store", "snapshot", "-o", none], ["store", "snapshot", "--server", "x"],
                      ["store", "snapshot", "x.pcap", "--server", "x", "-o", none]):
            status, _, err = self.run(*words)
            self.expect("wrong usage", status == 2, f"{words} {status} {err}")


def main():
    with tempfile.TemporaryDirectory() as folder:
        check = Check(sys.argv[1], sys.argv[2], folder)
        for name in sorted(dir(check)):
            if name.startswith("check_"):
                check.failures.where = name
                getattr(check, name)()
        return check.failures.finish("snapshots: as the servers")


if __name__ == "__main__":
    sys.exit(main())
