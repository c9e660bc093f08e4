"""Notes on cells (LibreOffice's comments)."""

from typing import TYPE_CHECKING, Any

from xlbangfu.book.libreoffice.lacking import says_what_it_lacks
from xlbangfu.book.light_xlwings import base_classes

if TYPE_CHECKING:
    from xlbangfu.book.libreoffice.ranges import Range


@says_what_it_lacks
class Note(base_classes.Note):
    def __init__(self, location: "Range") -> None:
        self._location = location

    @property
    def location(self) -> "Range":
        return self._location

    @property
    def api(self) -> Any:
        return self.location.first_cell.getAnnotation()

    @property
    def text(self) -> str:
        return str(self.api.getString())

    @text.setter
    def text(self, value: str) -> None:
        self.location.check_writable()
        self.api.setString(value)

    @property
    def author(self) -> str:
        return str(self.api.getAuthor())

    def delete(self) -> None:
        self.location.check_writable()
        notes = self.location.sheet.xl.getAnnotations()
        here = self.location.first_cell.getCellAddress()
        for index in range(notes.getCount()):
            if notes.getByIndex(index).getPosition() == here:
                notes.removeByIndex(index)
                return
