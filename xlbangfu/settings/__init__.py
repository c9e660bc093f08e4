"""The sheet 设置: the object, the parsers of its values, and its times of the week."""

from xlbangfu.settings.school_settings import (
    HEADING,
    SettingGroup,
    Settings,
    declared,
    groups,
    in_year,
    is_heading,
    sheet_rows,
)

__all__ = ["HEADING", "SettingGroup", "Settings", "declared", "groups", "in_year", "is_heading", "sheet_rows"]
