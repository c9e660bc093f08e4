"""The map of the house: the contract of its layers leaves no room out."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def rooms() -> set[str]:
    """Every module and package right under xlbangfu, and under its book in place of the book."""
    book = ROOT / "xlbangfu" / "book"
    beside = [path for folder in (ROOT / "xlbangfu", book) for path in folder.iterdir() if path != book]
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in beside
        if path.name != "__init__.py" and (path.suffix == ".py" or (path / "__init__.py").exists())
    }


def test_the_contract_of_the_layers_names_every_room() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contract = next(one for one in project["tool"]["importlinter"]["contracts"] if one["type"] == "layers")
    named = {name for layer in contract["layers"] for name in re.split(r"\s*\|\s*", layer)}

    assert named == rooms()
