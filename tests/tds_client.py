"""ocsight as a client of the SQL Server of the tests (tds_peer.py): run with its password.

    class Check(Client):
        ...
        status, out, problem = self.run("presence", "--server", peer.name, ...)
        self.expect("what holds", status == 0, problem)
"""
import os
import subprocess

from sampling import Failures
from tds_peer import PASSWORD


class Client:
    def __init__(self, ocsight):
        self.ocsight = ocsight
        self.failures = Failures()

    def start(self, *arguments):
        environment = dict(os.environ, OCSIGHT_PASSWORD=PASSWORD)
        return subprocess.Popen([self.ocsight, *map(str, arguments)], env=environment,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def run(self, *arguments):
        """Exit status, standard output and standard error."""
        process = self.start(*arguments)
        try:
            out, problem = process.communicate(timeout=300)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        return process.returncode, out.decode("utf-8"), problem.decode("utf-8", "replace")

    def expect(self, what, condition, detail=""):
        if not condition:
            self.failures.add(f"{what}: {detail}")
