"""The command line by family: each module adds its commands with ``register``."""

from __future__ import annotations

from xlbangfu.cli import collect, following, mail, office, pairing, papers, screening, term_end
from xlbangfu.cli.overview import meanings, overview
from xlbangfu.cli.shared import Commands

__all__ = ["Commands", "meanings", "overview", "register"]

FAMILIES = (
    collect,
    following,
    mail,
    office,
    pairing,
    papers,
    screening,
    term_end,
)


def register(commands: Commands) -> None:
    """Add the commands of every family."""
    for family in FAMILIES:
        family.register(commands)
