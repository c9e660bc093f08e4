"""Batches of mail over a server that answers anything at any verb, killed and resumed: the campaign ``mail``.

However rude the server and whenever the program is killed: no mail is taken twice; what the ledger calls 已发 was taken; 待确认 is
said only where nobody can know; and once the server behaves, nothing else is left. The server does not lie: it never says 250 to
a mail that it throws away, nor 4xx or 5xx to one that it keeps.
"""

from __future__ import annotations

import multiprocessing
import random
import ssl
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from tests.attack.campaign import Verdict
from tests.support.mail_server import CODE, TAKE, USER, ScriptedServer, as_usual, certificates
from xlbangfu.mail.ledger import FAILED, SENT, UNKNOWN, WAITING, Entry, Ledger, read_ledger
from xlbangfu.mail.ledger_file import ledger_path
from xlbangfu.mail.message import PAGE, Attachment, Message, Sender
from xlbangfu.mail.outbox import read_eml, write_eml
from xlbangfu.mail.presets import Server
from xlbangfu.mail.sending import Clock, send_all
from xlbangfu.mail.smtp import Mailbox, SmtpOutlet

BATCHES, MAILS = 60, 10
NOW = datetime(2026, 6, 30, 10)
_RUNS = 5
_PATIENCE, _LONGEST = 0.3, 90  # seconds: for one answer, for one run
_SECONDS_TO_LIVE = 0.6  # of a run that is killed, at most
_REFUSALS = (
    "421 closing",
    "450 greylisted",
    "451 busy",
    "452 full",
    "499",
    "500 what",
    "535 no",
    "550 no",
    "554 spam",
    "599 -",
)
_ODD = (
    *("299 who knows", "251 forwarded", "354 go on", "220 ready", "199", "000", "999 x", "250"),
    *("what", "", "2", "25", "250ok", "-250 x", " 250 x", "２５０ 好", "250-one\r\n251 two", "250-one\r\n250-two"),
    *("250 " + "x" * 600, "250 " + "x" * 70_000, "\0\0\0", "550-no\r\n250 yes", "220 ready\r\n250 ok"),
    *("drop", "drop", "hang", "endless"),
)
_BEFORE = ("connect", "ehlo", "auth", "mail", "rcpt", "data", "mail text", "rset", "noop", "starttls")


@dataclass(frozen=True)
class Batch:
    """One batch; ``number`` and ``seed`` make its chances, ``rude`` is how often the server is."""

    number: int
    seed: int
    rude: float

    @property
    def name(self) -> str:
        return f"{self.number:03d} of {MAILS} mails, rude {self.rude:.0%}"


def cases(seed: int) -> Iterator[Batch]:
    for number in range(BATCHES):
        yield Batch(number=number, seed=seed, rude=(0.02, 0.05, 0.1, 0.3)[number % 4])


def attack(case: Batch, folder: Path) -> Verdict:
    """One batch, to the end."""
    chance, workbook = random.Random(f"{case.seed} {case.number}"), folder / "总表.xlsm"
    _plan(workbook)
    server = ScriptedServer(keys()[1], _Rude(chance, case.rude))
    faults = []
    try:
        for _ in range(_RUNS):
            faults += _run(workbook, server.port, chance)
        server.script = as_usual
        faults += _run(workbook, server.port, None)
    finally:
        server.close()
    states, more = _outcome(workbook, server)
    seen = "、".join(f"{state} {count}" for state, count in sorted(states.items()))
    return Verdict(seen=seen, faults=(*faults, *more))


@cache
def keys() -> tuple[Path, Path]:
    return certificates(Path(mkdtemp(prefix="attack-keys-")))


@dataclass(frozen=True)
class _Rude:
    """A script that answers as it likes, and says of the dot only what is true."""

    chance: random.Random
    share: float

    def __call__(self, verb: str) -> str:
        if self.chance.random() > self.share:
            return ""
        if verb == "dot":
            return self.chance.choice((*_REFUSALS, *self._odd_at_the_dot()))
        answer = self.chance.choice((*_REFUSALS, *_ODD))
        if verb == "mail text":
            return "drop"
        return "drop" if verb == "data" and answer.startswith("354") else answer

    def _odd_at_the_dot(self) -> Iterator[str]:
        """Answers that leave it open, to mails that are kept and to mails that are not; 250 only to those kept."""
        for answer in _ODD:
            if _is_yes(answer) or self.chance.random() < 0.5:
                yield TAKE + answer
            elif not _is_no(answer):
                yield answer


def _is_yes(answer: str) -> bool:
    return answer.splitlines()[-1:] != [] and answer.splitlines()[-1].startswith("250")


def _is_no(answer: str) -> bool:
    return answer[:1] in ("4", "5")


def _plan(workbook: Path) -> None:
    messages = [
        Message(
            kind=PAGE,
            page=f"p{number}",
            class_name=f"{number}班",
            recipient=f"师{number}",
            address=f"t{number}@school.example.cn",
            subject=f"{number}班 班级页",
            text="请填好发回\r\n.\r\n..\r\n",
            html="<p>请填好发回</p>",
            attachments=(Attachment(name=f"{number}班.xlsx", data=bytes(300)),),
        )
        for number in range(1, MAILS + 1)
    ]
    entries = write_eml(messages, workbook.parent, sender=Sender(address=USER, name="示范学校"), now=NOW)
    with Ledger.opened(workbook) as ledger:
        ledger.plan(entries, NOW)


def _run(workbook: Path, port: int, chance: random.Random | None) -> list[str]:
    """One run over what waits, killed at some moment where there is a ``chance``; faults."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    process = context.Process(target=send, args=(str(workbook), port, str(keys()[0])))
    process.start()
    process.join(chance.uniform(0, _SECONDS_TO_LIVE) if chance and chance.random() < 0.7 else _LONGEST)
    if process.is_alive():
        process.kill()
        process.join()
        return [] if chance else ["a run over a server that behaves does not end"]
    return [] if process.exitcode == 0 else [f"a run ended with {process.exitcode}"]


def send(workbook: str, port: int, trusted: str) -> None:
    """All that waits, as the action does it."""
    server = Server(name="测试", host="127.0.0.1", port=port)
    mailbox = Mailbox(address=USER, auth_code=CODE, server=server)
    outlet = SmtpOutlet(mailbox, timeout=_PATIENCE, context=ssl.create_default_context(cafile=trusted))
    folder = Path(workbook).parent
    with Ledger.opened(Path(workbook)) as ledger:
        ledger.recover(NOW)
        waiting = [entry for entry in ledger.entries() if entry.state == WAITING]
        clock = Clock(now=lambda: NOW, sleep=lambda _: None)
        send_all(ledger, outlet, waiting, lambda entry: read_eml(entry, folder), clock=clock)


def _outcome(workbook: Path, server: ScriptedServer) -> tuple[Counter[str], Iterator[str]]:
    assert ledger_path(workbook).exists()
    entries = read_ledger(workbook)
    arrived = Counter(to for to, _ in server.taken)
    return Counter(entry.state for entry in entries), _lies(entries, arrived)


def _lies(entries: list[Entry], arrived: Counter[str]) -> Iterator[str]:
    if len(entries) != MAILS:
        yield f"{len(entries)} of {MAILS} mails are in the ledger"
    yield from (f"{to} was taken {count} times" for to, count in arrived.items() if count > 1)
    for entry in entries:
        if entry.state == SENT and not arrived[entry.address]:
            yield f"{entry.address} is 已发 and was never taken: {entry.answer}"
        if entry.state == FAILED and arrived[entry.address]:
            yield f"{entry.address} is 失败 and was taken: {entry.answer}"
        if entry.state not in (SENT, UNKNOWN, FAILED):
            yield f"{entry.address} is left {entry.state}: {entry.answer}"
