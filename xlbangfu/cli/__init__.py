"""The command line in Chinese: ``xlbangfu COMMAND BOOK …``."""

from xlbangfu.cli.main import entry, main, parser

__all__ = ["entry", "main", "parser"]
