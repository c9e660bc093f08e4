"""A command is killed: at each rename, before it and after it, at other points of the file system, and at any moment."""

from __future__ import annotations

import io
import os
import random
import shutil
import signal
import time
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from tests.attack.campaign import Verdict
from tests.attack.faults import Faults
from tests.attack.judging import NEW, NONE, OLD, next_action, state_of
from tests.attack.scenes import plays
from xlbangfu.cli.main import main

_OTHER_POINTS, _MOMENTS = 6, 3  # of each command
_PATIENCE = 600  # seconds; a busy machine is no fault
_LOADED = ("polars", "xlbangfu.book.closed.closed_book", "xlbangfu.actions.checked_school", __name__)


@dataclass(frozen=True)
class Case:
    """The scene, and the number of the point and whether its call was made; else ``moment``, a share of the time it takes."""

    scene: str
    point: int = 0
    kind: str = ""
    after: bool = False
    moment: float = 0.0

    @property
    def name(self) -> str:
        where = f"{self.kind} {self.point}{' after' * self.after}" if self.point else f"moment {self.moment:.3f}"
        return f"{self.scene} {where}"


def cases(seed: int) -> list[Case]:
    chance = random.Random(seed)
    found = []
    for name, played in plays().items():
        points = list(enumerate(played.points, start=1))
        renames = [one for one in points if one[1] == "replace"]
        others = chance.sample([one for one in points if one[1] != "replace"], k=_OTHER_POINTS)
        found += [Case(name, *one, after) for one in renames for after in (False, True)]
        found += [Case(name, *one, chance.random() < 0.5) for one in others]
        found += [Case(name, moment=chance.uniform(0.2, 1.1)) for _ in range(_MOMENTS)]
    chance.shuffle(found)
    return found


def attack(case: Case, folder: Path) -> Verdict:
    played, school = plays()[case.scene], folder / "学校"
    shutil.copytree(played.before, school)
    context = get_context("forkserver")
    context.set_forkserver_preload(list(_LOADED))
    child = context.Process(target=_command, args=(played.scene.arguments(school), school, case.point, case.after))
    child.start()
    if not case.point:
        time.sleep(case.moment * played.seconds)
        child.kill()
    child.join(_PATIENCE)
    if child.exitcode is None:
        child.kill()
        return Verdict("hung", (f"still running after {_PATIENCE} s",))
    state = state_of(played, school)
    allowed = (OLD, NEW) if (played.before / played.scene.writes).exists() else (NONE, NEW)
    faults = [] if state in allowed else [f"the workbook is {state}"]
    return Verdict(f"{state} ({child.exitcode})", (*faults, *next_action(played, school)))


def _command(arguments: list[str], school: Path, point: int, after: bool) -> None:
    """The command in a process of its own, which ends itself at the point."""
    os.environ["HOME"] = str(school.parent)
    nobody = io.StringIO()
    with redirect_stdout(nobody), redirect_stderr(nobody), Faults(school, at=point, act=_die, after=after):
        main(arguments)


def _die(_: str) -> None:
    os.kill(os.getpid(), signal.SIGKILL)
