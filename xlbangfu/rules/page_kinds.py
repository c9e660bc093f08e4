"""The pages that go out to be filled in and come back: a class's for its 班主任, a teacher's for whoever helps."""

from __future__ import annotations

from msgspec import Struct

OWNER, KIND = "归谁", "页种"  # columns of a frame with pages of both kinds: whose it is, and its word


class PageKind(Struct, frozen=True, kw_only=True):
    """``word`` is what staff call such a page, ``owner`` whom it is for: the fact on 页信息 and the column of 收回记录 that
    name it. ``measure`` counts owners, ``makers`` are the actions that make them all, as 运行记录 calls them."""

    word: str
    owner: str
    measure: str
    makers: tuple[str, ...]

    @property
    def hashes(self) -> str:
        """What 运行记录 says before "owner:hash" of each.

        >>> CLASS_PAGE.hashes
        '（班级:校验码）'
        """
        return f"（{self.owner}:校验码）"


CLASS_PAGE = PageKind(word="班级页", owner="班级", measure="个班", makers=("班级页", "一键完成"))
TEACHER_PAGE = PageKind(word="帮扶页", owner="教师", measure="位教师", makers=("帮扶页",))
PAGE_KINDS = (CLASS_PAGE, TEACHER_PAGE)
