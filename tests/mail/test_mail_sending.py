"""What becomes of mails when servers are busy, rude, or gone; and when the program is killed."""

from __future__ import annotations

import os
import random
import signal
import ssl
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.support.mail_school import free_port
from tests.support.mail_server import CODE, TAKE, USER, ScriptedServer, as_usual, certificates
from xlbangfu.errors import Stopped
from xlbangfu.mail.ledger import FAILED, SENT, UNKNOWN, WAITING, Entry, Ledger, read_ledger
from xlbangfu.mail.ledger_file import ledger_path
from xlbangfu.mail.message import PAGE, Attachment, Message, Sender
from xlbangfu.mail.outbox import read_eml, write_eml
from xlbangfu.mail.outlet import CannotSend
from xlbangfu.mail.presets import Server
from xlbangfu.mail.sending import Clock, Sent, send_all
from xlbangfu.mail.smtp import Mailbox, SmtpOutlet

NOW = datetime(2026, 6, 30, 10)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return certificates(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def server(keys: tuple[Path, Path]) -> Iterator[ScriptedServer]:
    started = ScriptedServer(keys[1])
    yield started
    started.close()


def mails(count: int) -> list[Message]:
    return [
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
        for number in range(1, count + 1)
    ]


def planned(workbook: Path, count: int) -> list[Entry]:
    entries = write_eml(mails(count), workbook.parent, sender=Sender(address=USER, name="示范学校"), now=NOW)
    with Ledger.opened(workbook) as ledger:
        ledger.plan(entries, NOW)
    return entries


def mailbox(server: ScriptedServer, code: str = CODE) -> Mailbox:
    return Mailbox(address=USER, auth_code=code, server=Server(name="测试", host="127.0.0.1", port=server.port))


def go(workbook: Path, server: ScriptedServer, keys: tuple[Path, Path], **more: object) -> Sent:
    """One run over all that waits, as the action does it; nothing is waited for."""
    outlet = SmtpOutlet(mailbox(server), timeout=0.5, context=ssl.create_default_context(cafile=keys[0]))
    with Ledger.opened(workbook) as ledger:
        ledger.recover(NOW)
        waiting = [entry for entry in ledger.entries() if entry.state == WAITING]
        clock = Clock(now=lambda: NOW, sleep=lambda _: None)
        return send_all(
            ledger,
            outlet,
            waiting,
            lambda entry: read_eml(entry, workbook.parent),
            clock=clock,
            **more,  # type: ignore[arg-type]  # a test's options
        )


def states(workbook: Path) -> dict[str, str]:
    return {entry.class_name: entry.state for entry in read_ledger(workbook)}


def at(verb: str, *answers: str) -> Callable[[str], str]:
    """A script that gives these answers when that verb comes, one after the other, and then behaves."""
    left = list(answers)
    return lambda asked: left.pop(0) if asked == verb and left else ""


def test_every_mail_arrives_once_at_its_address_after_one_login(
    tmp_path: Path, server: ScriptedServer, keys: tuple[Path, Path]
) -> None:
    planned(tmp_path / "总表.xlsm", 5)

    sent = go(tmp_path / "总表.xlsm", server, keys)

    assert sent.states == {SENT: 5}
    assert [to for to, _ in server.taken] == [f"t{number}@school.example.cn" for number in range(1, 6)]
    assert server.logins == 1
    assert {entry.answer for entry in read_ledger(tmp_path / "总表.xlsm")} == {"250 queued as 42"}


def test_what_arrives_is_what_was_previewed_but_for_its_date(
    tmp_path: Path, server: ScriptedServer, keys: tuple[Path, Path]
) -> None:
    (entry,) = planned(tmp_path / "总表.xlsm", 1)

    go(tmp_path / "总表.xlsm", server, keys)

    def undated(mail: bytes) -> list[bytes]:
        return [line for line in mail.splitlines() if not line.startswith(b"Date:")]

    assert undated(server.taken[0][1]) == undated((tmp_path / entry.file).read_bytes())


BEFORE_THE_DOT = ("connect", "ehlo", "auth", "mail", "rcpt", "data")
TEMPORARY = [
    *((verb, "drop") for verb in BEFORE_THE_DOT),
    *((verb, "hang") for verb in ("mail", "rcpt", "data")),
    *((verb, "421 closing") for verb in ("connect", "mail", "rcpt", "data", "dot")),
    *((verb, "451 too many, try later") for verb in ("mail", "rcpt", "data", "dot")),
    ("auth", "454 temporary authentication failure"),
    ("rcpt", "450 greylisted"),
]


@pytest.mark.parametrize(("verb", "answer"), TEMPORARY)
def test_a_temporary_trouble_at_any_verb_delays_and_loses_nothing(
    verb: str, answer: str, tmp_path: Path, server: ScriptedServer, keys: tuple[Path, Path]
) -> None:
    planned(tmp_path / "总表.xlsm", 3)
    server.script = at(verb, answer, answer)

    sent = go(tmp_path / "总表.xlsm", server, keys)

    assert sent.states == {SENT: 3}
    assert sorted(to for to, _ in server.taken) == [f"t{number}@school.example.cn" for number in (1, 2, 3)]


def test_a_drop_while_the_mail_is_on_its_way_sends_none_twice(
    tmp_path: Path, server: ScriptedServer, keys: tuple[Path, Path]
) -> None:
    """A short mail may be on the wire to its last byte before the drop is noticed: then nobody can know."""
    planned(tmp_path / "总表.xlsm", 3)
    server.script = at("mail text", "drop", "drop")

    go(tmp_path / "总表.xlsm", server, keys)

    _is_true(read_ledger(tmp_path / "总表.xlsm"), server)


@pytest.mark.parametrize("answer", ["drop", "take and drop", "hang"])
def test_silence_after_the_mails_end_is_left_to_a_person(
    answer: str, tmp_path: Path, server: ScriptedServer, keys: tuple[Path, Path]
) -> None:
    planned(tmp_path / "总表.xlsm", 3)
    server.script = at("dot", answer)

    go(tmp_path / "总表.xlsm", server, keys)
    go(tmp_path / "总表.xlsm", server, keys)

    assert states(tmp_path / "总表.xlsm") == {"1班": UNKNOWN, "2班": SENT, "3班": SENT}
    arrived = Counter(to for to, _ in server.taken)
    assert arrived["t1@school.example.cn"] == (answer == "take and drop")
    assert arrived["t2@school.example.cn"] == arrived["t3@school.example.cn"] == 1


@pytest.mark.parametrize(
    "answer", ["299 hm", "199 hm", "354 go on", "600 what", "25 ok", "ok", "250-fine\r\n550 or not", "endless"]
)
def test_an_answer_to_the_dot_that_says_neither_yes_nor_no_is_left_to_a_person(
    answer: str, tmp_path: Path, server: ScriptedServer, keys: tuple[Path, Path]
) -> None:
    planned(tmp_path / "总表.xlsm", 2)
    server.script = at("dot", f"{TAKE}{answer}")

    go(tmp_path / "总表.xlsm", server, keys)
    go(tmp_path / "总表.xlsm", server, keys)

    assert states(tmp_path / "总表.xlsm") == {"1班": UNKNOWN, "2班": SENT}
    assert Counter(to for to, _ in server.taken) == {"t1@school.example.cn": 1, "t2@school.example.cn": 1}


@pytest.mark.parametrize("verb", ["connect", "ehlo", "auth", "mail", "rcpt"])
def test_a_reply_without_an_end_is_not_read_to_it(
    verb: str, tmp_path: Path, server: ScriptedServer, keys: tuple[Path, Path]
) -> None:
    planned(tmp_path / "总表.xlsm", 2)
    server.script = at(verb, "endless")

    sent = go(tmp_path / "总表.xlsm", server, keys)

    assert sent.states == {SENT: 2}
    assert len(server.taken) == 2
    assert server.chatter < 2_000  # what the network holds, beyond the 64 KB that are read


NONSENSE = [(verb, answer) for verb in ("mail", "rcpt", "data") for answer in ("299 hm", "what", "600 no")]
TOO_EARLY = [("data", f"354 go on\r\n{answer}") for answer in ("250 taken", "550 no", "451 busy")]


@pytest.mark.parametrize(("verb", "answer"), [*NONSENSE, *TOO_EARLY, ("auth", "334 abc")])
def test_a_reply_that_makes_no_sense_before_the_mail_delays_and_loses_nothing(
    verb: str, answer: str, tmp_path: Path, server: ScriptedServer, keys: tuple[Path, Path]
) -> None:
    planned(tmp_path / "总表.xlsm", 2)
    server.script = at(verb, answer)

    sent = go(tmp_path / "总表.xlsm", server, keys)

    assert sent.states == {SENT: 2}
    assert len(server.taken) == 2


@pytest.mark.parametrize(
    ("verb", "answer", "said"),
    [
        ("rcpt", "550 no such user", "核对邮箱"),
        ("rcpt", "553 mailbox name not allowed", "核对邮箱"),
        ("data", "554 spam", "垃圾邮件"),
        ("dot", "552 message too large", "太大"),
        ("dot", "554 DT:SPM", "垃圾邮件"),
    ],
)
def test_a_refusal_for_good_is_that_mails_alone_and_says_why(
    verb: str, answer: str, said: str, tmp_path: Path, server: ScriptedServer, keys: tuple[Path, Path]
) -> None:
    planned(tmp_path / "总表.xlsm", 3)
    server.script = at(verb, answer)

    go(tmp_path / "总表.xlsm", server, keys)

    first, *others = read_ledger(tmp_path / "总表.xlsm")
    assert first.state == FAILED
    assert said in first.answer
    assert answer in first.answer
    assert {entry.state for entry in others} == {SENT}
    assert len(server.taken) == 2


@pytest.mark.parametrize(
    ("verb", "answer", "said"),
    [
        ("auth", "535 Error: authentication failed", "授权码"),
        ("mail", "535 login first", "授权码"),
        ("mail", "550 user suspended", "限制"),
        ("connect", "554 no service", "不接受连接"),
    ],
)
def test_what_no_mail_would_get_past_stops_the_batch_at_once_with_a_sentence(
    verb: str, answer: str, said: str, tmp_path: Path, server: ScriptedServer, keys: tuple[Path, Path]
) -> None:
    planned(tmp_path / "总表.xlsm", 3)
    server.script = lambda asked: answer if asked == verb else ""

    sent = go(tmp_path / "总表.xlsm", server, keys)

    assert said in sent.stopped
    assert sent.states == {WAITING: 3}
    assert set(states(tmp_path / "总表.xlsm").values()) == {WAITING}
    assert server.logins <= 2  # PLAIN and LOGIN, once each


def test_a_wrong_code_is_said_and_never_repeated(
    tmp_path: Path, server: ScriptedServer, keys: tuple[Path, Path]
) -> None:
    outlet = SmtpOutlet(mailbox(server, "my-password"), context=ssl.create_default_context(cafile=keys[0]))

    with pytest.raises(CannotSend, match="授权码") as said:
        outlet.check()

    assert "my-password" not in str(said.value) + repr(mailbox(server, "my-password"))


def test_a_code_with_signs_that_no_code_has_is_said_before_anything_is_sent(
    server: ScriptedServer, keys: tuple[Path, Path]
) -> None:
    """Pasted from a page, it may have brought signs that nobody sees."""
    for code in ("授权码", f"{CODE}\u200b", "ａｂｃｄ"):
        outlet = SmtpOutlet(mailbox(server, code), context=ssl.create_default_context(cafile=keys[0]))
        with pytest.raises(CannotSend, match="重新复制"):
            outlet.check()

    assert server.logins == 0


@pytest.mark.parametrize("size", ["9" * 5000, "-5", "no"])
def test_a_limit_that_is_no_number_is_none(
    size: str, tmp_path: Path, server: ScriptedServer, keys: tuple[Path, Path]
) -> None:
    planned(tmp_path / "总表.xlsm", 1)
    server.script = at("ehlo", f"250-here\r\n250-SIZE {size}\r\n250 AUTH PLAIN LOGIN")

    assert go(tmp_path / "总表.xlsm", server, keys).states == {SENT: 1}


def test_a_certificate_that_nobody_vouches_for_stops_before_the_code_is_sent(
    tmp_path: Path, server: ScriptedServer
) -> None:
    with pytest.raises(CannotSend, match="证书"):
        SmtpOutlet(mailbox(server)).check()

    assert server.logins == 0


def test_a_server_that_stays_busy_is_left_in_peace_and_the_batch_can_be_resumed(
    tmp_path: Path, server: ScriptedServer, keys: tuple[Path, Path]
) -> None:
    planned(tmp_path / "总表.xlsm", 3)
    asked: list[str] = []
    server.script = lambda verb: asked.append(verb) or ("451 busy" if verb == "mail" else "")  # type: ignore[func-returns-value]  # append is None

    sent = go(tmp_path / "总表.xlsm", server, keys)

    assert asked.count("mail") == 5
    assert "451 busy" in sent.stopped
    assert sent.states == {WAITING: 3}
    server.script = as_usual
    assert go(tmp_path / "总表.xlsm", server, keys).states == {SENT: 3}
    assert len(server.taken) == 3


def test_a_server_that_nobody_ever_reached_is_not_waited_for_long(
    tmp_path: Path, server: ScriptedServer, keys: tuple[Path, Path]
) -> None:
    planned(tmp_path / "总表.xlsm", 3)
    server.port = free_port()
    said: list[str] = []

    sent = go(tmp_path / "总表.xlsm", server, keys, progress=lambda text, _: said.append(text))

    assert sent.states == {WAITING: 3}
    assert "连不上" in sent.stopped
    assert [text.rpartition("；")[2] for text in dict.fromkeys(said) if "再试" in text] == ["5 秒后再试", "20 秒后再试"]


def test_mails_keep_their_pace_and_pauses_grow(tmp_path: Path, server: ScriptedServer, keys: tuple[Path, Path]) -> None:
    planned(tmp_path / "总表.xlsm", 3)
    server.script = at("mail", "451 busy", "451 busy")
    elapsed, handed_over = [0.0], list[float]()

    def sleep(seconds: float) -> None:
        elapsed[0] += seconds

    def read(one: Entry) -> bytes | None:
        handed_over.append(round(elapsed[0], 3))
        return read_eml(one, tmp_path)

    clock = Clock(now=lambda: NOW, seconds=lambda: elapsed[0], sleep=sleep)
    outlet = SmtpOutlet(mailbox(server), context=ssl.create_default_context(cafile=keys[0]))
    with Ledger.opened(tmp_path / "总表.xlsm") as ledger:
        send_all(
            ledger,
            outlet,
            ledger.entries(),
            read,
            per_minute=30,
            pauses=(10, 20),
            clock=clock,
        )

    assert handed_over == [0, 10, 30, 32, 34]


def test_a_mail_changed_after_the_preview_is_not_sent(
    tmp_path: Path, server: ScriptedServer, keys: tuple[Path, Path]
) -> None:
    first, _ = planned(tmp_path / "总表.xlsm", 2)
    (tmp_path / first.file).write_bytes(b"To: someone@else.example\r\n\r\n")

    go(tmp_path / "总表.xlsm", server, keys)

    assert states(tmp_path / "总表.xlsm") == {"1班": FAILED, "2班": SENT}
    assert len(server.taken) == 1


def test_no_code_is_in_the_mail_or_the_ledger(tmp_path: Path, server: ScriptedServer, keys: tuple[Path, Path]) -> None:
    planned(tmp_path / "总表.xlsm", 2)

    go(tmp_path / "总表.xlsm", server, keys)

    for data in (ledger_path(tmp_path / "总表.xlsm").read_bytes(), *(mail for _, mail in server.taken)):
        assert CODE.encode() not in data


def test_staff_who_stop_a_batch_are_told_truly_what_went(
    tmp_path: Path, server: ScriptedServer, keys: tuple[Path, Path]
) -> None:
    planned(tmp_path / "总表.xlsm", 3)
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 2:
            raise KeyboardInterrupt

    outlet = SmtpOutlet(mailbox(server), context=ssl.create_default_context(cafile=keys[0]))
    with Ledger.opened(tmp_path / "总表.xlsm") as ledger:
        clock = Clock(now=lambda: NOW, sleep=sleep)
        sent = send_all(ledger, outlet, ledger.entries(), lambda one: read_eml(one, tmp_path), clock=clock)

    assert sent.states == {SENT: 1, WAITING: 2}
    assert "停下" in sent.stopped
    assert go(tmp_path / "总表.xlsm", server, keys).states == {SENT: 2}


@pytest.mark.parametrize(("stop_at", "gone"), [(1, 0), (2, 1), (3, 2)])
def test_a_batch_that_is_stopped_between_two_mails_says_how_many_have_left(
    stop_at: int, gone: int, tmp_path: Path, server: ScriptedServer, keys: tuple[Path, Path]
) -> None:
    planned(tmp_path / "总表.xlsm", 3)
    said: list[str] = []

    def progress(text: str, _: float) -> None:
        said.append(text)
        if sum(text.startswith("寄给") for text in set(said)) == stop_at:
            raise Stopped("已停止，总表没有改动。")

    sent = go(tmp_path / "总表.xlsm", server, keys, progress=progress)

    assert sent.states == {state: count for state, count in ((SENT, gone), (WAITING, 3 - gone)) if count}
    assert "停下" in sent.stopped
    assert len(server.taken) == gone


def test_a_long_pause_is_stopped_within_moments(
    tmp_path: Path, server: ScriptedServer, keys: tuple[Path, Path]
) -> None:
    planned(tmp_path / "总表.xlsm", 2)
    server.script = lambda asked: "451 busy" if asked == "mail" else ""
    waited: list[float] = []

    def progress(text: str, _: float) -> None:
        if "再试" in text and waited[-1:] == [2.0]:
            raise Stopped("已停止，总表没有改动。")

    outlet = SmtpOutlet(mailbox(server), context=ssl.create_default_context(cafile=keys[0]))
    with Ledger.opened(tmp_path / "总表.xlsm") as ledger:
        clock = Clock(now=lambda: NOW, sleep=waited.append)
        sent = send_all(ledger, outlet, ledger.entries(), lambda _: b"", pauses=(180,), clock=clock, progress=progress)

    assert "停下" in sent.stopped
    assert sum(waited) < 10


def test_a_mail_stopped_while_it_is_handed_over_is_left_to_a_person(
    tmp_path: Path, server: ScriptedServer, keys: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    planned(tmp_path / "总表.xlsm", 2)

    def stop(_: SmtpOutlet, __: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(SmtpOutlet, "_end", stop)
        sent = go(tmp_path / "总表.xlsm", server, keys)

    assert sent.states == {UNKNOWN: 1, WAITING: 1}
    assert server.taken == []


CHILD = """
import ssl, sys
from datetime import datetime
from pathlib import Path
from xlbangfu.mail.ledger import Ledger, WAITING
from xlbangfu.mail.outbox import read_eml
from xlbangfu.mail.presets import Server
from xlbangfu.mail.sending import send_all
from xlbangfu.mail.smtp import Mailbox, SmtpOutlet
workbook, port, trusted, user, code = Path(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:6]
box = Mailbox(address=user, auth_code=code, server=Server(name="测试", host="127.0.0.1", port=port))
outlet = SmtpOutlet(box, timeout=2, context=ssl.create_default_context(cafile=trusted))
with Ledger.opened(workbook) as ledger:
    ledger.recover(datetime.now())
    waiting = [entry for entry in ledger.entries() if entry.state == WAITING]
    print("sending", flush=True)
    send_all(ledger, outlet, waiting, lambda e: read_eml(e, workbook.parent), per_minute=10**6, pauses=(0,) * 50)
"""


def run_and_kill(folder: Path, keys: tuple[Path, Path], chance: random.Random, count: int = 8) -> Counter[str]:
    """One batch, killed up to three times at a random moment under a server with moods, then resumed to the end."""
    folder.mkdir()
    workbook = folder / "总表.xlsm"
    planned(workbook, count)
    moods = ["drop", "421 closing", "451 busy", "take and drop"]
    server = ScriptedServer(keys[1], lambda verb: _mood(verb, moods, chance))
    command = [sys.executable, "-c", CHILD, str(workbook), str(server.port), str(keys[0]), USER, CODE]
    try:
        for _ in range(chance.randint(1, 3)):
            with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
                assert child.stdout is not None
                assert child.stdout.readline() == b"sending\n"
                try:
                    child.wait(chance.uniform(0, 0.12))
                except subprocess.TimeoutExpired:
                    os.kill(child.pid, signal.SIGKILL)
        server.script = as_usual
        go(workbook, server, keys)
    finally:
        server.close()
    return _is_true(read_ledger(workbook), server)


def _mood(verb: str, moods: list[str], chance: random.Random) -> str:
    if chance.random() > 0.02:
        return ""
    mood = chance.choice(moods)
    return mood if mood != "take and drop" or verb == "dot" else "drop"


def _is_true(entries: list[Entry], server: ScriptedServer) -> Counter[str]:
    """Nothing twice, nothing lost: what the ledger calls 已发 arrived once, what it calls 待确认 at most once, and nothing
    is in between."""
    arrived = Counter(to for to, _ in server.taken)
    assert all(count == 1 for count in arrived.values()), arrived
    for entry in entries:
        assert entry.state in (SENT, UNKNOWN), entry
        assert entry.state == UNKNOWN or arrived[entry.address] == 1, entry
    assert set(arrived) <= {entry.address for entry in entries}
    return Counter(entry.state for entry in entries)


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
@pytest.mark.parametrize("seed", range(4))
def test_killed_at_any_moment_nothing_is_sent_twice_and_nothing_lost(
    seed: int, tmp_path: Path, keys: tuple[Path, Path]
) -> None:
    run_and_kill(tmp_path / "batch", keys, random.Random(seed))


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_many_killed_batches_leave_a_true_ledger(tmp_path: Path, keys: tuple[Path, Path]) -> None:
    """XLBANGFU_KILLS=200 for the long run."""
    kills, seen = int(os.environ.get("XLBANGFU_KILLS", "25")), Counter[str]()
    for seed in range(kills):
        seen += run_and_kill(tmp_path / str(seed), keys, random.Random(1000 + seed))

    assert seen[UNKNOWN] > 0  # some were killed between handing over and the answer
    assert seen[SENT] > 5 * kills


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_a_batch_killed_between_the_dot_and_the_answer_is_left_to_a_person(
    tmp_path: Path, keys: tuple[Path, Path]
) -> None:
    workbook = tmp_path / "总表.xlsm"
    planned(workbook, 2)
    handed_over = threading.Event()

    def hang_at_the_dot(verb: str) -> str:
        if verb == "dot":
            handed_over.set()
        return "hang" if verb == "dot" else ""

    server = ScriptedServer(keys[1], hang_at_the_dot)
    command = [sys.executable, "-c", CHILD, str(workbook), str(server.port), str(keys[0]), USER, CODE]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
        assert handed_over.wait(30)
        child.kill()

    server.script = as_usual
    go(workbook, server, keys)

    assert states(workbook) == {"1班": UNKNOWN, "2班": SENT}
    server.close()
