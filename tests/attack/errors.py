"""The file system fails once, at each open, write, rename, fsync, delete and new folder of each command, and at each step of
the mail ledger; a rename also in the way of network drives, which fail and have done it."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from errno import EACCES, EIO, ENOSPC, errorcode
from pathlib import Path

from tests.attack.campaign import Verdict
from tests.attack.faults import Faults, failing
from tests.attack.judging import next_action, objections, state_of
from tests.attack.scenes import command, plays

_ERRORS = (EIO, ENOSPC, EACCES)


@dataclass(frozen=True)
class Case:
    """The scene, the number of the point and its kind, the error, and whether the call was made all the same."""

    scene: str
    point: int
    kind: str
    error: int
    after: bool = False

    @property
    def name(self) -> str:
        return f"{self.scene} {self.kind} {self.point} {errorcode[self.error]}{' after' * self.after}"


def cases(seed: int) -> list[Case]:
    chance = random.Random(seed)
    found = [
        Case(name, number, kind, chance.choice(_ERRORS), after)
        for name, played in plays().items()
        for number, kind in enumerate(played.points, start=1)
        for after in ((False, True) if kind == "replace" else (False,))
    ]
    chance.shuffle(found)
    return found


def attack(case: Case, folder: Path) -> Verdict:
    played, school = plays()[case.scene], folder / "学校"
    shutil.copytree(played.before, school)
    with Faults(school, at=case.point, act=failing(case.error), after=case.after):
        said = command(played.scene.arguments(school))
    state = state_of(played, school)
    faults = [*objections(played, school, state, said), *next_action(played, school)]
    return Verdict(f"{state} ({said.code})", tuple(faults))


def sample(seed: int, most: int) -> Iterable[Case]:
    """So many cases, of each kind of point the same number."""
    kinds: dict[str, list[Case]] = {}
    for case in cases(seed):
        kinds.setdefault(case.kind + " after" * case.after, []).append(case)
    return [case for those in kinds.values() for case in those[: -(-most // len(kinds))]]
