"""xlbangfu: 学困生帮扶 in one Excel workbook, with buttons."""

__version__ = "0.2.0"
