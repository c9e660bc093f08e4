"""Spoiled files through every command that reads one: the campaign ``files``.

However a file is spoiled, a command ends with 0, 1 or 2 in a minute and a gigabyte, says a sentence and no traceback, leaves the file that
it was given as it is, and the master as it was unless it says that it wrote; and a master of which a part that is needed is
no XML is not called fine.
"""

from __future__ import annotations

import hashlib
import random
import shutil
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from xml.etree.ElementTree import ParseError, fromstring

from tests.attack.byte_mutations import BYTES, Mutation
from tests.attack.campaign import Verdict
from tests.attack.limits import MEMORY, End, run
from tests.attack.package_mutations import PACKAGE
from tests.attack.seeds import MASTER, Seed, school, seeds
from tests.attack.text_mutations import MAIL, TEXT

COUNT = 3_300
COMMANDS = {
    "master": ("validate", "run", "doctor"),
    "page": ("collect",),
    "import": ("import",),
    "backup": ("restore", "restore", "validate"),
}
_SHARE = {"master": 8, "page": 5, "import": 5, "backup": 2}  # cases of each kind, in twenty
_NEEDED = (
    "xl/workbook.xml",
    "xl/styles.xml",
    "xl/_rels/workbook.xml.rels",
    "[Content_Types].xml",
    "xl/worksheets/sheet",
)
_FOREVER = "没完没了"
_PROGRAM_FAULTS = ("Traceback (most recent call last)", "程序出错", "panicked at", "PanicException", "core dumped")


@dataclass(frozen=True)
class Spoiled:
    """A case: what is done to which file, and the command that reads it; ``number`` makes its chances."""

    number: int
    seed: int
    command: str
    file: Seed
    mutation: Mutation

    @property
    def name(self) -> str:
        return f"{self.number:05d} {self.command} {self.file.name} {self.mutation.__name__}"

    @property
    def data(self) -> bytes:
        return self.mutation(self.file.data, random.Random(f"{self.seed} {self.number}"))


def cases(seed: int) -> Iterator[Spoiled]:
    """As many as ``COUNT``, every command, file and mutation again and again."""
    by_kind = {kind: [one for one in seeds() if one.kind == kind] for kind in COMMANDS}
    kinds = [kind for kind, share in _SHARE.items() for _ in range(share)]
    for number in range(COUNT):
        chance = random.Random(f"{seed} {number} choice")
        kind = kinds[number % len(kinds)]
        file = chance.choice(by_kind[kind])
        yield Spoiled(
            number=number,
            seed=seed,
            command=chance.choice(COMMANDS[kind]),
            file=file,
            mutation=chance.choice(mutations_of(file)),
        )


def mutations_of(file: Seed) -> Sequence[Mutation]:
    """Those that say something about a file of its kind."""
    if file.data.startswith(b"PK"):
        return (*BYTES, *PACKAGE, *PACKAGE)
    if file.name.endswith(".eml"):
        return (*BYTES, *MAIL, *MAIL)
    return BYTES if file.data.startswith(b"\xd0\xcf") else (*BYTES, *TEXT)


def attack(case: Spoiled, folder: Path) -> Verdict:
    """One spoiled file, given to its command."""
    data = case.data
    master, given = _laid_out(case, data, folder)
    before, given_before = _digest(master), _digest(given)

    end = run(_arguments(case, master, given), folder)

    faults = [*faults_of(end)]
    if case.file.kind in ("page", "import") and _digest(given) != given_before:
        faults.append("the file that was given is another one now")
    if end.code == 2 and _digest(master) != before:
        faults.append("the master was changed, and the answer was that it could not run")
    if end.code in (0, 1) and case.command != "doctor":
        looked_at = [data, master.read_bytes()] if given == master else [master.read_bytes()]
        faults += [f"{part} is no XML, and the master passes" for part in map(_broken_part, looked_at) if part][:1]
    return Verdict(seen=_seen(end), faults=tuple(faults))


def _laid_out(case: Spoiled, data: bytes, folder: Path) -> tuple[Path, Path]:
    """The master and the spoiled file, in a folder."""
    master = folder / MASTER
    shutil.copy(school() / MASTER, master)
    if case.file.kind == "master":
        given = master
    elif case.file.kind == "backup":
        shutil.copytree(school() / "备份", folder / "备份")
        given = folder / case.file.name
    else:
        given = folder / f"给的·{case.file.name}"
    given.write_bytes(data)
    return master, given


def _arguments(case: Spoiled, master: Path, given: Path) -> list[str]:
    book = str(master)
    if case.command == "restore":
        return ["restore", book, "--take", str(1 + case.number % 2)]
    if case.command == "import":
        return ["import", book, str(given)]
    if case.command == "collect":
        return ["collect", book, str(given), "--yes"]
    return [case.command, book]


def faults_of(end: End) -> Iterator[str]:
    if end.code is None:
        yield _FOREVER
    elif end.code < 0:
        yield f"signal {-end.code}"
    elif end.code not in (0, 1, 2):
        yield f"exit code {end.code}"
    elif not end.said.strip():
        yield "nothing was said"
    yield from (f"it said {sign}" for sign in _PROGRAM_FAULTS if sign in end.said)
    if end.memory > MEMORY:
        yield f"{end.memory >> 20} MB"


def _broken_part(data: bytes) -> str:
    """A part that the master needs and that no reader of XML reads; empty where all are sound."""
    with suppress(zipfile.BadZipFile, NotImplementedError, RuntimeError), zipfile.ZipFile(BytesIO(data)) as package:
        for name in package.namelist():
            if name.startswith(_NEEDED) and not _is_sound(package, name):
                return name
    return ""


def _is_sound(package: zipfile.ZipFile, name: str) -> bool:
    try:
        fromstring(package.read(name))
    except (ParseError, zipfile.BadZipFile, ValueError, LookupError):
        return False
    return True


def _seen(end: End) -> str:
    return "out of time" if end.code is None else f"exit {end.code}"


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""
