"""The program's wheel, and the wheels of all that it needs on the target.

pip reads markers for the computer it runs on: on Linux it would leave out what only Windows needs and take what only
Linux needs. So the requirements of each wheel are read here, for the target, and fetched round by round.
"""

from __future__ import annotations

import email.parser
import shutil
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from xlbangfu.setup_machine.bundle.pip_downloads import BundleFailure, pip
from xlbangfu.setup_machine.bundle.target import Target


@dataclass(frozen=True, kw_only=True)
class Wheel:
    path: Path
    name: str  # canonical
    version: Version
    needs: tuple[Requirement, ...]

    @classmethod
    def read(cls, path: Path) -> Wheel:
        with zipfile.ZipFile(path) as opened:
            (name,) = (one for one in opened.namelist() if one.endswith(".dist-info/METADATA"))
            told = email.parser.BytesParser().parsebytes(opened.read(name))
        needs = tuple(Requirement(line) for line in told.get_all("Requires-Dist", []))
        return cls(path=path, name=canonicalize_name(told["Name"]), version=Version(told["Version"]), needs=needs)


def gather(folder: Path, target: Target, root: Path, *, old_cpu: bool) -> list[Wheel]:
    """Fill the folder; the wheels by name. Raises BundleFailure where two of them do not agree about a third."""
    folder.mkdir()
    pip("wheel", folder, str(copy_of(root, folder.with_name("checkout"))))
    pins = ("-c", str(root / "constraints.txt"))
    first = Requirement("xlbangfu[old-cpu]" if old_cpu else "xlbangfu")
    while fetched := missing(found := read_all(folder), first, target.markers):
        pip("download", folder, "--only-binary", ":all:", *target.pip_options, *pins, *map(str, fetched))
    return sorted(found.values(), key=lambda wheel: wheel.name)


def copy_of(root: Path, to: Path) -> Path:
    """What the program's wheel is built from: a build in the checkout would take along what older ones left there."""
    for name in ("xlbangfu", "macros"):
        shutil.copytree(root / name, to / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(root / name, to)
    return to


def read_all(folder: Path) -> dict[str, Wheel]:
    return {wheel.name: wheel for wheel in map(Wheel.read, folder.glob("*.whl"))}


def missing(found: Mapping[str, Wheel], first: Requirement, markers: Mapping[str, str]) -> list[Requirement]:
    """What the wheels reached from ``first`` need and is not among them, without markers. Raises BundleFailure."""
    asked: dict[str, Requirement] = {}
    for requirement in reached(found, first, markers):
        name = canonicalize_name(requirement.name)
        wheel = found.get(name)
        if wheel and wheel.version not in requirement.specifier:
            raise BundleFailure(f"{wheel.path.name} 不合 {requirement}；请改 constraints.txt，再运行一次。")
        if not wheel:
            both = requirement.specifier & asked[name].specifier if name in asked else requirement.specifier
            asked[name] = Requirement(f"{name}{both}")
    return [asked[name] for name in sorted(asked)]


def reached(found: Mapping[str, Wheel], first: Requirement, markers: Mapping[str, str]) -> Iterator[Requirement]:
    """Every requirement that holds on the target, each extra of a package once."""
    waiting, seen = [first], set[tuple[str, str]]()
    while waiting:
        requirement = waiting.pop()
        yield requirement
        name = canonicalize_name(requirement.name)
        extras = [one for one in ("", *requirement.extras) if (name, one) not in seen]
        seen.update((name, one) for one in extras)
        if name in found:
            waiting += needed(found[name].needs, extras, markers)


def needed(needs: Iterable[Requirement], extras: Iterable[str], markers: Mapping[str, str]) -> list[Requirement]:
    """Those that hold on the target for one of the extras ("" is none of them)."""
    extras = list(extras)
    return [
        one
        for one in needs
        if extras and (one.marker is None or any(one.marker.evaluate({**markers, "extra": extra}) for extra in extras))
    ]
