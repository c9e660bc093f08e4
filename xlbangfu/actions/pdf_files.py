"""PDFs of what an action makes: what makes them, and their place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from xlbangfu.actions.call import Call
from xlbangfu.book.port import Book
from xlbangfu.catalog import PDF
from xlbangfu.documents.staging import MakePdfs, Stage, disk_errors_explained, stage
from xlbangfu.schema import View

if TYPE_CHECKING:
    from xlbangfu.book.pdf.makers import PdfMaker


def pdfs_if_wanted(book: Book, call: Call) -> MakePdfs | None:
    """What makes PDFs, where they were asked for. Raises NoOffice before anything is done."""
    return maker_on(book) if call.option(PDF) else None


@contextmanager
def staged_pdfs(views: Mapping[View, bytes], papers: Sequence[Path], folder: Path, make: MakePdfs) -> Iterator[Stage]:
    """The PDFs of the views and of the papers; ``Stage.files`` are where they will be when the block ends well."""
    from xlbangfu.book.safety.temporary import temporary_folder

    with stage(folder, label="PDF") as made, temporary_folder() as beside:
        with disk_errors_explained(folder):
            drawn = [_written(beside / f"{view.name}.xlsx", content) for view, content in views.items()]
            made.take_pdfs([*drawn, *papers], make)
        yield made


def paper_pdfs_if_wanted(book: Book, call: Call) -> MakePdfs | None:
    """The same for Word papers, which other programs open."""
    from xlbangfu.book.pdf import paper_pdf_maker

    return _reporting(book, paper_pdf_maker()) if call.option(PDF) else None


def maker_on(book: Book) -> MakePdfs:
    from xlbangfu.book.pdf import pdf_maker

    return _reporting(book, pdf_maker())


def _reporting(book: Book, maker: PdfMaker) -> MakePdfs:
    def make(files: Sequence[Path], folder: Path) -> None:
        maker.make(files, folder, lambda share: book.progress(f"用 {maker.name} 做 PDF", 0.7 + 0.2 * share))

    return make


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path
