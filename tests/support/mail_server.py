"""An SMTP server that does as its script says, over TLS with a certificate of a test CA, and remembers what it took."""

from __future__ import annotations

import base64
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

USER, CODE = "office@school.example.cn", "abcd-efgh-ijkl"
TAKE = "take and "
# A verb → "" (as usual), "drop", "hang", "endless", or an answer such as "451 busy"; at the dot with TAKE before it.
Script = Callable[[str], str]


def certificates(folder: Path) -> tuple[Path, Path]:
    """A CA's certificate, and a server's certificate with its key, for localhost and 127.0.0.1."""
    from ipaddress import ip_address

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    now = datetime.now(UTC)

    def named(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    def begun(subject: str, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(named(subject))
            .issuer_name(named("test CA"))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=30))
        )

    ca_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    ca = begun("test CA", ca_key).add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    own = begun("localhost", key).add_extension(names, critical=False).sign(ca_key, hashes.SHA256())
    trusted, served = folder / "ca.pem", folder / "server.pem"
    trusted.write_bytes(ca.sign(ca_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    served.write_bytes(own.public_bytes(serialization.Encoding.PEM) + private)
    return trusted, served


def as_usual(verb: str) -> str:
    """No surprise."""
    return ""


class ScriptedServer:
    """SMTP over TLS on a free port of 127.0.0.1; ``taken`` holds (recipient, mail) in the order of acceptance."""

    def __init__(self, served: Path, script: Script = as_usual) -> None:
        self.script = script
        self.taken: list[tuple[str, bytes]] = []
        self.logins = 0
        self.chatter = 0  # lines of endless replies that were sent
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(served)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._over = threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        self._over.set()
        self._listener.close()

    def _listen(self) -> None:
        while not self._over.is_set():
            try:
                raw, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(raw,), daemon=True).start()

    def _go_on(self, say: Callable[[str], None]) -> None:
        """A reply without an end, until the peer has had enough."""
        while not self._over.is_set():
            say("250-" + "and on " * 500)
            self.chatter += 1

    def _talk(self, raw: socket.socket) -> None:
        with suppress(OSError, ValueError), self._context.wrap_socket(raw, server_side=True) as peer:
            stream = peer.makefile("rb")
            to = ""

            def say(text: str) -> None:
                peer.sendall(text.encode() + b"\r\n")

            def happens(verb: str, usual: str) -> bool:
                """Answer; False when the conversation ends here."""
                wanted = self.script(verb)
                if wanted == "hang":
                    self._over.wait(20)
                if wanted in ("drop", "hang"):
                    return False
                if wanted == "endless":
                    self._go_on(say)
                say(wanted or usual)
                return not wanted.startswith("421")

            if not happens("connect", "220 ready"):
                return
            while line := stream.readline():
                verb, _, rest = line.decode().strip().partition(" ")
                verb = verb.lower()
                if verb in ("ehlo", "helo"):
                    if not happens("ehlo", "250-here\r\n250-8BITMIME\r\n250 AUTH PLAIN LOGIN"):
                        return
                elif verb == "auth":
                    right = base64.b64encode(f"\0{USER}\0{CODE}".encode()).decode()
                    self.logins += 1
                    if not happens(
                        "auth", "235 welcome" if rest == f"PLAIN {right}" else "535 Error: authentication failed"
                    ):
                        return
                elif verb == "rcpt":
                    to = rest[rest.index("<") + 1 : rest.index(">")]
                    if not happens("rcpt", "250 ok"):
                        return
                elif verb == "data":
                    wanted = self.script("data")
                    if wanted in ("drop", "hang"):
                        return
                    say(wanted or "354 go on")
                    if wanted:
                        continue
                    if self.script("mail text") == "drop":
                        stream.readline()
                        return
                    mail = b""
                    while (part := stream.readline()) not in (b".\r\n", b""):
                        mail += part[1:] if part.startswith(b".") else part
                    if part == b"":
                        return
                    wanted = self.script("dot")
                    if not wanted or wanted.startswith(TAKE):
                        self.taken.append((to, mail))
                    wanted = wanted.removeprefix(TAKE)
                    if wanted == "drop":
                        return
                    if wanted == "hang":
                        self._over.wait(20)
                        return
                    if wanted == "endless":
                        self._go_on(say)
                    say(wanted or "250 queued as 42")
                elif verb == "quit":
                    say("221 bye")
                    return
                elif not happens(verb, "250 ok"):
                    return
