"""A Postfix of the test's own: its settings, queue and mailboxes in one folder, the system's left alone.

Needs root (Postfix changes users) and ``apt-get install postfix``. Logins are checked by a thread of the test that speaks
Dovecot's authentication protocol.
"""

from __future__ import annotations

import base64
import shutil
import socketserver
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from tests.support.mail_school import Taken, free_port, parsed
from tests.support.mail_server import CODE, USER

_NOBODY = 65534
_MAIN = """
compatibility_level = 3.6
queue_directory = {home}/queue
data_directory = {home}/data
mail_owner = postfix
setgid_group = postdrop
maillog_file = {home}/log
maillog_file_prefixes = {home}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = localhost
mydestination =
mynetworks =
relayhost =
default_transport = error:nothing leaves this machine
virtual_transport = virtual
virtual_mailbox_domains = static:all
virtual_mailbox_base = {home}/mail
virtual_mailbox_maps = static:all/
virtual_uid_maps = static:{nobody}
virtual_gid_maps = static:{nobody}
message_size_limit = 20000000
smtpd_tls_cert_file = {served}
smtpd_tls_key_file = {served}
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = {home}/logins
smtpd_recipient_restrictions = permit_sasl_authenticated, reject
smtpd_relay_restrictions = permit_sasl_authenticated, reject
"""
_MASTER = """
127.0.0.1:{port} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""


@contextmanager
def postfix(served: Path) -> Iterator[tuple[int, Path]]:
    """The port that it listens on, over TLS with a login, and the folder in which it works."""
    home, port = Path(mkdtemp(prefix="xlbangfu-postfix-")), free_port()
    home.chmod(0o755)
    try:
        _lay_out(home, served, port)
        with _logins(home / "logins"):
            _postfix(home, "start")
            try:
                yield port, home
            finally:
                _postfix(home, "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)


def delivered(home: Path, count: int, *, patience: float = 30) -> Taken:
    """What lies in the mailbox once there are so many mails, or after so many seconds what there is."""
    box, until = home / "mail" / "all" / "new", time.monotonic() + patience
    while time.monotonic() < until and (not box.is_dir() or len(list(box.iterdir())) < count):
        time.sleep(0.1)
    mails = [path.read_bytes() for path in sorted(box.iterdir())]
    return [(str(parsed(mail)["Delivered-To"]), mail) for mail in mails]


def _lay_out(home: Path, served: Path, port: int) -> None:
    for name in ("conf", "queue", "data", "mail"):
        (home / name).mkdir()
    shutil.chown(home / "data", "postfix")
    shutil.chown(home / "mail", _NOBODY, _NOBODY)
    own = home / "server.pem"
    own.write_bytes(served.read_bytes())
    settings = {"home": home, "served": own, "nobody": _NOBODY}
    (home / "conf" / "main.cf").write_text(_MAIN.format(**settings))
    (home / "conf" / "master.cf").write_text(_MASTER.format(port=port))


@contextmanager
def _logins(path: Path) -> Iterator[None]:
    """A socket at which Postfix asks whether a login is right."""
    right = base64.b64encode(f"\0{USER}\0{CODE}".encode()).decode()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"VERSION\t1\t1\nMECH\tPLAIN\tplaintext\nSPID\t1\nCUID\t1\nCOOKIE\t00\nDONE\n")
            for line in self.rfile:
                verb, *fields = line.decode().rstrip("\n").split("\t")
                if verb == "AUTH":
                    answer = f"OK\t{fields[0]}\tuser={USER}" if f"resp={right}" in fields else f"FAIL\t{fields[0]}"
                    self.wfile.write(answer.encode() + b"\n")

    with socketserver.ThreadingUnixStreamServer(str(path), Handler) as server:
        server.daemon_threads = True
        path.chmod(0o666)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield
        server.shutdown()


def _postfix(home: Path, verb: str) -> None:
    subprocess.run(["postfix", "-c", str(home / "conf"), verb], check=True, capture_output=True, timeout=60)
