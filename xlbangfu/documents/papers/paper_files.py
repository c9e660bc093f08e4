"""Papers as files in a folder, and the templates that a school may change."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from xlbangfu.documents.papers.paper import Filled, Paper, common_values
from xlbangfu.documents.papers.paper_source import Source
from xlbangfu.documents.papers.rendering import fill
from xlbangfu.documents.papers.template_file import template_file
from xlbangfu.documents.staging import MakePdfs, Stage, disk_errors_explained, stage
from xlbangfu.file_names import in_a_name

TEMPLATES = "文书模板"
Progress = Callable[[float], None]


@dataclass(frozen=True)
class Staged:
    """Papers made but not yet in their place: what each is called and its sha256, and where the files will be."""

    digests: tuple[tuple[str, str], ...]
    stage: Stage

    @property
    def files(self) -> tuple[Path, ...]:
        return tuple(self.stage.files)


def file_name(paper: Paper, filled: Filled, source: Source) -> str:
    """title_(class_)term.docx: nothing in it says why these students."""
    parts = (paper.title, filled.label, source.school.settings.term)
    return "_".join(in_a_name(part) for part in parts if part) + ".docx"


def template_of(paper: Paper, folder: Path, source: Source) -> bytes:
    """The school's own template if it has one, else the program's. Raises WriteFailed if its own cannot be read."""
    own = folder / f"{paper.title}.docx"
    with disk_errors_explained(own):
        if own.is_file():
            return own.read_bytes()
    return template_file(paper.title, paper.words(), paper.page, made=source.made)


@contextmanager
def staged_papers(
    paper: Paper,
    files: Sequence[Filled],
    source: Source,
    folder: Path,
    templates: Path,
    *,
    progress: Progress | None = None,
    pdfs: MakePdfs | None = None,
) -> Iterator[Staged]:
    """The files of one paper made beside; put in their place when the block ends well, never over one that staff have saved.

    ``pdfs`` makes a PDF of each beside it. Raises WriteFailed.
    """
    template = template_of(paper, templates, source)
    with stage(folder, label="文书") as beside:
        digests = []
        with disk_errors_explained(folder):
            for done, one in enumerate(files, 1):
                values = {**common_values(source), **one.values}
                data = fill(template, values, name=paper.title, made=source.made)
                path = beside.put(file_name(paper, one, source), data)
                digests.append((path.name, hashlib.sha256(data).hexdigest()))
                if progress:
                    progress(done / len(files))
        if pdfs:
            beside.add_pdfs([path.name for path in beside.files], pdfs)
        yield Staged(tuple(digests), beside)


@contextmanager
def staged_templates(papers: Sequence[Paper], folder: Path, *, made: datetime) -> Iterator[Stage]:
    """The program's templates, beside those that the school has changed and not over them."""
    with stage(folder, label="模板") as beside:
        with disk_errors_explained(folder):
            for paper in papers:
                if not (folder / f"{paper.title}.docx").exists():
                    beside.put(f"{paper.title}.docx", template_file(paper.title, paper.words(), paper.page, made=made))
        yield beside
