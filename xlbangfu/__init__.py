"""xlbangfu: 学困生帮扶 in one Excel workbook, with buttons."""

__version__ = "0.1.0"
