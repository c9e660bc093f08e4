"""Which buttons the click tests go over: every action that is there, but for those that need something by hand first."""

from __future__ import annotations

from xlbangfu import catalog
from xlbangfu.actions import HOMES, function_of

BY_HAND = {
    "screen_accept": "rows ticked in 排查",
    "pair_accept": "rows ticked in 结对建议",
    "send": "rows ticked in 发件箱, and a yes",
    "collect": "class pages that were filled in",
    "remind": "class pages that are overdue",
    "honours_accept": "rows ticked in 评优",
    "person_export": "a student's 学号",
    "person_delete": "a student's 学号, and two times yes",
}
THERE = [action for action in catalog.ACTIONS if function_of(action.name) in HOMES]
NOT_THERE = [action for action in catalog.ACTIONS if action not in THERE]
CLICKED = [action for action in THERE if action.name not in BY_HAND]
FILLED = {table for action in THERE if action.name != "run" for table in action.fills}  # run does what is there
