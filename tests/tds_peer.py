"""The SQL Server of the tests (tests/tds/): started with options, stopped, its log read.

    with Peer(SERVER, "--cert", cert, "--key", key) as peer:
        ... 127.0.0.1:{peer.port}, USER, PASSWORD
        peer.fault("deadlock*1@PublishedInstance")
        peer.clear()
        peer.statements()

Standard library only. `python3 tds_peer.py SERVER [option]...` serves until interrupted.
"""
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.path.join(HERE, "tds", "data")
FRONT_END_2 = os.path.join(DATA, "front_end_2.sql")
USER = "reader"
PASSWORD = "Trust-no-1!"


class Peer:
    """A server that runs. `port` is the one it listens on."""

    def __init__(self, program, *options, user=USER, password=PASSWORD, env=None):
        self.log = tempfile.NamedTemporaryFile(prefix="tds-", suffix=".log", delete=False).name
        self.user = user
        self.password = password
        self.process = subprocess.Popen(
            [program, "--data", DATA, "--user", user, "--password", password, "--log", self.log,
             *map(str, options)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env)
        self.browser = None  # the UDP port of the browser service, when it was asked for
        self.port = None
        while self.port is None:
            line = self.process.stdout.readline().split()
            if not line:
                self.process.wait()
                raise RuntimeError(f"{program} did not start: status {self.process.returncode}")
            setattr(self, line[0], int(line[1]))

    @property
    def name(self):
        """As ocsight takes it: --server."""
        return f"127.0.0.1:{self.port}"

    def command(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().strip()
        if answer != "ok":
            raise ValueError(f"{line}: {answer}")

    def fault(self, spec):
        """NAME[=NUMBER][*TIMES][@TEXT]: tests/tds/faults.h."""
        self.command(f"fault {spec}")

    def clear(self):
        """No faults from now on."""
        self.command("clear")

    def lines(self, kind=None):
        """What it logged: dictionaries with "connection", "kind" and more."""
        with open(self.log, encoding="utf-8", errors="replace") as file:
            lines = [json.loads(line) for line in file]
        return [line for line in lines if kind in (None, line["kind"])]

    def statements(self):
        return [line for line in self.lines() if line["kind"] in ("batch", "rpc")]

    def violations(self):
        """What no client may do: breaches of the protocol, and statements that would write."""
        return [line for line in self.lines() if line["kind"] in ("violation", "refused")]

    def forget(self):
        """Empties the log."""
        os.truncate(self.log, 0)

    def stop(self):
        """Ends it; returns its status, which a sanitizer makes another one than 0."""
        self.process.stdin.close()
        try:
            status = self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = self.process.wait()
        self.process.stdout.close()
        if os.path.exists(self.log):
            os.unlink(self.log)
        return status

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        status = self.stop()
        if status != 0 and kind is None:
            raise RuntimeError(f"the test server ended with status {status}")


def make_certificate(folder, name="localhost", days=30, own=False):
    """A CA (ca.pem) and a server's certificate for `name` and 127.0.0.1, signed by it or by itself.

    Returns (ca, certificate, key) as paths. `days` < 0: it has run out already.
    """
    paths = [os.path.join(folder, file) for file in ("ca.pem", "cert.pem", "key.pem", "ca.key")]
    ca, certificate, key, ca_key = paths
    request = os.path.join(folder, "request.pem")
    extensions = os.path.join(folder, "extensions")
    with open(extensions, "w", encoding="ascii") as file:
        file.write(f"subjectAltName=DNS:{name},IP:127.0.0.1\n" if name == "localhost"
                   else f"subjectAltName=DNS:{name}\n")

    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)

    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", ca_key, "-out", ca,
            "-subj", "/CN=Test CA", "-days", "30")
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", request,
            "-subj", f"/CN={name}")
    signer = ["-key", key] if own else ["-CA", ca, "-CAkey", ca_key, "-CAcreateserial"]
    if own:
        signer = ["-signkey", key]
    openssl("x509", "-req", "-in", request, "-out", certificate, "-days", str(days),
            "-extfile", extensions, *signer)
    return ca, certificate, key


def main():
    with Peer(*sys.argv[1:]) as peer:
        print(f"{peer.name} user {peer.user} password {peer.password}", flush=True)
        try:
            peer.process.wait()
        except KeyboardInterrupt:
            pass


if __name__ == "__main__":
    main()
