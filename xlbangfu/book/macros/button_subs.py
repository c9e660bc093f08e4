"""The module Buttons of a workbook's macros: for each action of the catalog a Sub of one line."""

from __future__ import annotations

from xlbangfu.catalog import ACTIONS
from xlbangfu.declarations import Action

NAME = "Buttons"


def text() -> str:
    """The module as it goes into a project; ``Launch`` is in the module of the program that the book is for."""
    return "\n".join([f'Attribute VB_Name = "{NAME}"', "Option Explicit", *map(_sub, ACTIONS)]) + "\n"


def _sub(action: Action) -> str:
    return f'\nPublic Sub {action.macro}()\n    Launch "{action.name}"\nEnd Sub'
