"""A click is done by who stands by, and by itself where nobody does, whatever became of them; never twice, never not at all."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from tests.support.live_office import new_pipe, office_on
from tests.support.planted_modules import BESIDE, imported, plant
from xlbangfu import buttons
from xlbangfu.book import template
from xlbangfu.standby import hand_over as handing
from xlbangfu.standby.freshness import LoadedProgram
from xlbangfu.standby.hand_over import StoppedHalfWay, hand_over
from xlbangfu.standby.meeting import Meeting, send_fields
from xlbangfu.standby.start import start

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only the buttons in LibreOffice have it")

PIPE = "xlbangfutest"
# Who stands by, with a click that notes what it was asked; what the third word says is done instead of one.
WAITING = """
import os, sys, time
from pathlib import Path
from xlbangfu.standby import waiting
waiting.LOOK = 0.05

def run(action, pipe, book):
    with open(Path.home() / "done", "a") as done:
        done.write(f"{action} {pipe} {book} {os.environ.get('OF_THE_CLICK')}\\n")
    if action == "dies":
        os.kill(os.getpid(), 9)
    if action == "slow":
        time.sleep(1)
    return 7

sys.exit(waiting.stand_by(sys.argv[1], int(sys.argv[2]), prepare=lambda: None, run=run))
"""


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """One of a short name, as a socket asks for."""
    with TemporaryDirectory() as folder:
        monkeypatch.setenv("HOME", folder)
        monkeypatch.setattr(handing, "PATIENCE", 1.0)
        yield Path(folder)


@pytest.fixture
def office() -> Iterator[subprocess.Popen[bytes]]:
    """A process that could be LibreOffice."""
    process = subprocess.Popen(["sleep", "600"])
    yield process
    process.kill()
    process.wait()


@pytest.fixture
def book(home: Path) -> Path:
    """A workbook that is open, and known to be."""
    made = home / "总表.xlsm"
    lock_of(made).touch()
    meeting = Meeting(PIPE)
    meeting.make_private()
    meeting.books_file.write_bytes(os.fsencode(made) + b"\n")
    return made


Waiting = Callable[[], subprocess.Popen[bytes]]


@pytest.fixture
def waiting(book: Path, office: subprocess.Popen[bytes]) -> Iterator[Waiting]:
    """Makes one that stands by, and comes back when it does or has gone again."""
    made: list[subprocess.Popen[bytes]] = []

    def begin() -> subprocess.Popen[bytes]:
        made.append(subprocess.Popen([sys.executable, "-P", "-c", WAITING, PIPE, str(office.pid)]))
        wait(lambda: gone(made[-1]) or is_anyone_there())
        return made[-1]

    yield begin
    for process in made:
        process.kill()
        process.wait()


def lock_of(book: Path) -> Path:
    return book.with_name(f".~lock.{book.name}#")


def wait(until: Callable[[], Any], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.01)


def gone(process: subprocess.Popen[bytes]) -> bool:
    return process.poll() is not None


def is_anyone_there() -> bool:
    with socket.socket(socket.AF_UNIX) as connection:
        return connection.connect_ex(os.fspath(Meeting(PIPE).address)) == 0


def done(home: Path) -> list[str]:
    file = home / "done"
    return file.read_text(encoding="utf-8").splitlines() if file.exists() else []


def test_a_click_is_done_by_who_stands_by_with_the_clicks_own_environment(
    home: Path, book: Path, waiting: Waiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    process = waiting()
    monkeypatch.setenv("OF_THE_CLICK", "甲")

    assert hand_over("validate", PIPE, str(book)) == 7
    assert done(home) == [f"validate {PIPE} {book} 甲"]
    wait(lambda: gone(process))
    assert not Meeting(PIPE).address.exists()


def test_without_anyone_a_click_is_its_own(home: Path) -> None:
    assert hand_over("validate", PIPE, "") is None


def test_what_a_dead_one_left_behind_is_passed_over_and_replaced(home: Path, waiting: Waiting) -> None:
    process = waiting()
    process.kill()
    process.wait()
    assert Meeting(PIPE).address.exists()
    assert hand_over("validate", PIPE, "") is None

    waiting()
    assert hand_over("validate", PIPE, "") == 7


def test_one_that_hangs_is_not_waited_for_and_does_not_do_it_later(home: Path, waiting: Waiting) -> None:
    process = waiting()
    process.send_signal(signal.SIGSTOP)
    try:
        assert hand_over("validate", PIPE, "") is None
    finally:
        process.send_signal(signal.SIGCONT)

    assert hand_over("refresh", PIPE, "") == 7, "it is well again"
    assert [line.split()[0] for line in done(home)] == ["refresh"]


def test_of_one_that_dies_in_the_middle_staff_are_told_and_nothing_is_done_twice(
    home: Path, waiting: Waiting, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    waiting()
    with pytest.raises(StoppedHalfWay):
        hand_over("dies", PIPE, "")

    waiting()
    monkeypatch.setattr(buttons, "run", lambda *_, **__: pytest.fail("a second time"))
    monkeypatch.setattr("xlbangfu.errors.fallback_dialog._in_libreoffice", lambda *_: None)
    assert buttons.main(["dies", PIPE, ""]) == 2
    assert "中途停掉" in capsys.readouterr().err


def test_whoever_does_not_know_the_key_is_refused(home: Path, waiting: Waiting) -> None:
    process = waiting()
    meeting = Meeting(PIPE)
    right = meeting.key_file.read_bytes()
    meeting.key_file.write_bytes(b"0" * len(right))
    assert hand_over("validate", PIPE, "") is None

    meeting.key_file.write_bytes(right)
    assert hand_over("validate", PIPE, "") == 7
    wait(lambda: gone(process))


@pytest.mark.parametrize("words", [[], [b"x"], [b"\xff" * 2000]])
def test_nonsense_does_no_harm(home: Path, waiting: Waiting, words: list[bytes]) -> None:
    waiting()
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(os.fspath(Meeting(PIPE).address))
        send_fields(connection, words)

    assert hand_over("validate", PIPE, "") == 7


def test_what_lies_there_is_this_users_alone(home: Path, waiting: Waiting) -> None:
    waiting()
    folder = Meeting(PIPE).folder

    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o077 for path in folder.iterdir() if path.suffix != ".books"} == {0}


def test_a_folder_that_others_can_look_into_is_not_used(home: Path, waiting: Waiting) -> None:
    waiting()
    Meeting(PIPE).folder.chmod(0o755)

    assert hand_over("validate", PIPE, "") is None


def test_a_process_of_another_user_is_not_trusted(
    home: Path, waiting: Waiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting()
    monkeypatch.setattr(handing, "is_mine", lambda _: False)

    assert hand_over("validate", PIPE, "") is None


def test_a_home_whose_name_is_too_long_for_a_socket_does_without(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(home / ("长" * 40)))

    start(PIPE, os.getpid(), home / "总表.xlsm")
    assert hand_over("validate", PIPE, "") is None
    assert list(home.iterdir()) == []


def test_only_one_stands_by(home: Path, waiting: Waiting) -> None:
    first, second = waiting(), waiting()

    wait(lambda: gone(second))
    assert not gone(first)
    assert hand_over("validate", PIPE, "") == 7


def test_the_next_one_can_stand_by_while_a_click_is_being_done(home: Path, waiting: Waiting) -> None:
    waiting()
    slow = subprocess.Popen(
        [sys.executable, "-c", f"from xlbangfu.standby.hand_over import hand_over; hand_over('slow', {PIPE!r}, '')"]
    )
    wait(lambda: done(home))
    waiting()

    assert hand_over("validate", PIPE, "") == 7
    assert slow.wait(20) == 0
    assert [line.split()[0] for line in done(home)] == ["slow", "validate"]


def test_it_goes_with_libreoffice(home: Path, waiting: Waiting, office: subprocess.Popen[bytes]) -> None:
    process = waiting()
    office.kill()
    office.wait()

    wait(lambda: gone(process))
    assert not Meeting(PIPE).address.exists()


def test_it_goes_with_the_last_of_its_workbooks(home: Path, book: Path, waiting: Waiting) -> None:
    other = home / "另一本.xlsm"
    lock_of(other).touch()
    with Meeting(PIPE).books_file.open("ab") as file:
        file.write(os.fsencode(other) + b"\n")
    process = waiting()
    lock_of(book).unlink()
    time.sleep(0.5)
    assert not gone(process)

    lock_of(other).unlink()
    wait(lambda: gone(process))
    assert not Meeting(PIPE).books_file.exists()


def test_it_does_not_come_where_libreoffice_has_gone(home: Path, waiting: Waiting, office: Any) -> None:
    office.kill()
    office.wait()

    wait(lambda: gone(waiting()))


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "path", [str(tmp_path / "site-packages")])
    made = tmp_path / "site-packages" / "xlbangfu"
    (made / "rules").mkdir(parents=True)
    (made / "rules" / "ranking.py").write_text("1\n")
    return made


CHANGES: dict[str, Callable[[Path], object]] = {
    "a module changed": lambda program: (program / "rules" / "ranking.py").write_text("12\n"),
    "a module more": lambda program: (program / "new.py").touch(),
    "a module less": lambda program: (program / "rules" / "ranking.py").unlink(),
    "a library installed": lambda program: (program.parent / "polars").mkdir(),
    "all of it gone": lambda program: program.rename(program.with_name("old")),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_an_upgrade_is_noticed(program: Path, change: Callable[[Path], object]) -> None:
    loaded = LoadedProgram(program)
    assert loaded.is_current()
    sys.path.append("/")  # as the import of uno does
    assert loaded.is_current()

    change(program)
    assert not loaded.is_current()


def test_after_an_upgrade_it_goes_and_the_click_is_its_own(
    home: Path, book: Path, office: subprocess.Popen[bytes]
) -> None:
    site = home / "site"
    site.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", WAITING, PIPE, str(office.pid)], env={**os.environ, "PYTHONPATH": str(site)}
    )
    wait(Meeting(PIPE).address.exists)
    (site / "polars-99.dist-info").mkdir()

    assert hand_over("validate", PIPE, "") is None
    wait(lambda: gone(process))
    assert done(home) == []


def test_it_is_started_safely_and_knows_the_workbook(
    home: Path, office: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the folder of a workbook in which modules lie that should not be there."""
    folder = plant(home / "帮 扶", BESIDE)
    monkeypatch.chdir(folder)
    monkeypatch.delenv("PYTHONSAFEPATH", raising=False)
    lock_of(folder / "总表.xlsm").touch()
    start(PIPE, office.pid, folder / "总表.xlsm")
    meeting = Meeting(PIPE)
    wait(meeting.key_file.exists, 60)

    assert imported(folder) == []
    assert meeting.books_file.read_bytes() == os.fsencode(folder / "总表.xlsm") + b"\n"
    office.kill()
    wait(lambda: not meeting.key_file.exists())


@pytest.mark.office
@pytest.mark.slow
def test_the_first_click_on_an_open_workbook_makes_ready_for_the_second(home: Path) -> None:
    pipe, master = new_pipe()[-8:], home / "总表.xlsm"  # short, for the folder of a test is long
    template.build(master, host="libreoffice", created=datetime(2026, 9, 1))
    meeting = Meeting(pipe)
    keys: list[bytes] = []
    with office_on(pipe, home) as app:
        opened = app.books.open(str(master))
        for _ in range(2):
            click = [sys.executable, "-P", "-m", "xlbangfu.buttons", "validate", pipe, str(master)]
            assert subprocess.run(click, timeout=120, check=False).returncode == 0
            wait(lambda: meeting.key_file.exists() and meeting.key_file.read_bytes() not in [b"", *keys], 60)
            keys.append(meeting.key_file.read_bytes())
        labels = [row[1] for row in opened.sheets["运行记录"].range("A2:B4").value]

    assert labels == ["校验", "校验", None]
    wait(lambda: not meeting.key_file.exists())


def test_all_that_it_imports_ahead_can_be_imported() -> None:
    """In a process of its own, so that the other tests do not find it all there."""
    code = "from xlbangfu import buttons; buttons.import_ahead()"
    assert subprocess.run([sys.executable, "-P", "-c", code], check=False).returncode == 0
