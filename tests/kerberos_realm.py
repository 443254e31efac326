"""A Kerberos realm of one machine: MIT's KDC on the loopback, in a folder of its own.

    with Realm(folder, users={"reader": "secret"}) as realm:
        realm.add_service("MSSQLSvc/localhost:1433")    # its key goes to realm.keytab
        realm.sign_in("reader", "secret")
        subprocess.run(..., env=realm.environment)

Needs krb5-kdc, krb5-admin-server and krb5-user; no privileges, nothing outside the folder.
"""
import os
import shutil
import socket
import subprocess
import time

NAME = "CONTOSO.EXAMPLE"

KRB5_CONF = """[libdefaults]
    default_realm = {name}
    dns_lookup_kdc = false
    dns_lookup_realm = false
    dns_canonicalize_hostname = false
    rdns = false
    udp_preference_limit = 1
[realms]
    {name} = {{
        kdc = 127.0.0.1:{port}
    }}
[domain_realm]
    localhost = {name}
    .contoso.example = {name}
"""

KDC_CONF = """[kdcdefaults]
    kdc_listen = ""
    kdc_tcp_listen = 127.0.0.1:{port}
[realms]
    {name} = {{
        database_name = {folder}/principal
        key_stash_file = {folder}/stash
        acl_file = {folder}/acl
        max_life = 1h
    }}
[logging]
    kdc = FILE:{folder}/kdc.log
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def program(name):
    """MIT's servers lie where only root looks."""
    return shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")


class Realm:
    def __init__(self, folder, users):
        self.folder = folder
        self.port = free_port()
        self.keytab = os.path.join(folder, "keytab")
        self.environment = {
            **os.environ, "KRB5_CONFIG": os.path.join(folder, "krb5.conf"),
            "KRB5_KDC_PROFILE": os.path.join(folder, "kdc.conf"),
            "KRB5CCNAME": "FILE:" + os.path.join(folder, "tickets"),
            "KRB5_KTNAME": self.keytab}
        for name, text in (("krb5.conf", KRB5_CONF), ("kdc.conf", KDC_CONF)):
            with open(os.path.join(folder, name), "w", encoding="ascii") as file:
                file.write(text.format(name=NAME, port=self.port, folder=folder))
        self.run("kdb5_util", "create", "-s", "-r", NAME, "-P", "master")
        for user, password in users.items():
            self.admin(f"addprinc -pw {password} {user}")
        self.kdc = subprocess.Popen([program("krb5kdc"), "-n"], env=self.environment,
                                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.wait()

    def wait(self):
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError("the KDC does not listen")

    def run(self, name, *arguments, **options):
        subprocess.run([program(name), *arguments], env=self.environment, check=True,
                       capture_output=True, text=True, timeout=60, **options)

    def admin(self, query):
        self.run("kadmin.local", "-r", NAME, "-q", query)

    def add_service(self, principal):
        self.admin(f"addprinc -randkey {principal}")
        self.admin(f"ktadd -k {self.keytab} {principal}")

    def sign_in(self, user, password):
        self.run("kinit", user, input=password + "\n")

    def sign_out(self):
        self.run("kdestroy")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kdc.terminate()
        self.kdc.wait()
