"""What a campaign is, and how it is run: each case once, its verdict kept, so that a run that was cut short goes on."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol, cast

CAMPAIGNS: tuple[str, ...] = ("kills", "errors", "files", "mail")  # each a module of this package
SEED = 20261128


class Case(Protocol):
    """One attack; the name says all of it and is another for each case."""

    @property
    def name(self) -> str: ...


@dataclass(frozen=True)
class Verdict:
    """``seen`` is the kind of end that a case had, to be counted; ``faults`` are sentences, none where all was well."""

    seen: str
    faults: tuple[str, ...] = ()


class Campaign(Protocol):
    """A module of this package."""

    def cases(self, seed: int) -> Iterable[Case]: ...

    def attack(self, case: Case, folder: Path) -> Verdict: ...


def campaign(name: str) -> Campaign:
    """The campaign of that name."""
    return cast("Campaign", import_module(f"{__package__}.{name}"))


@dataclass(frozen=True)
class Log:
    """The verdicts that a file keeps, one JSON object a line."""

    path: Path

    def verdicts(self) -> dict[str, Verdict]:
        """By the case's name; of two the later one."""
        lines = self.path.read_text(encoding="utf-8").splitlines() if self.path.exists() else []
        kept = [json.loads(line) for line in lines if line.endswith("}")]  # a kill cuts the last line short
        return {one["case"]: Verdict(one["seen"], tuple(one["faults"])) for one in kept}

    def forget_faults(self) -> None:
        """Keep only the verdicts without faults."""
        fine = {name: verdict for name, verdict in self.verdicts().items() if not verdict.faults}
        self.path.unlink(missing_ok=True)
        for name, verdict in fine.items():
            self.keep(name, verdict)

    def keep(self, case: str, verdict: Verdict) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        is_cut = self.path.exists() and self.path.read_bytes()[-1:] not in (b"", b"\n")  # by a kill
        with self.path.open("a", encoding="utf-8") as file:
            file.write("\n" * is_cut + json.dumps({"case": case, **asdict(verdict)}, ensure_ascii=False) + "\n")


def run(found: Campaign, cases: Iterable[Case], log: Log, progress: Callable[[str], object]) -> None:
    """Do the cases that the log does not know."""
    known = log.verdicts()
    for case in cases:
        if case.name not in known:
            log.keep(case.name, verdict := attack_in_new_folder(found, case))
            progress(f"{case.name}: {verdict.seen}{''.join(f' !! {fault}' for fault in verdict.faults)}")


def attack_in_new_folder(found: Campaign, case: Case) -> Verdict:
    """One case, in a folder that is gone afterwards."""
    with TemporaryDirectory(prefix="attack-") as folder:
        return found.attack(case, Path(folder))


def report(verdicts: dict[str, Verdict]) -> Iterator[str]:
    """The figures, and every case with a fault."""
    faulty = {name: one.faults for name, one in verdicts.items() if one.faults}
    counts = Counter(one.seen for one in verdicts.values()).most_common()
    yield f"{len(verdicts)} cases, {len(faulty)} with faults: " + ", ".join(f"{seen} {count}" for seen, count in counts)
    yield from (f"  {name}: {fault}" for name, faults in faulty.items() for fault in faults)
