"""The sheet 设置: the object, the parsers of its values, and its times of the week."""

from xlbangfu.settings.school_settings import Settings, declared, sheet_rows

__all__ = ["Settings", "declared", "sheet_rows"]
