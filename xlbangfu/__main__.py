"""``python -m xlbangfu``: the command line."""

from xlbangfu.cli import entry

entry()
