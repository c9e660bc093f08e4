"""Papers as files in a folder, and the templates that a school may change."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from xlbangfu.documents.papers.paper import Filled, Paper, values_of
from xlbangfu.documents.papers.paper_source import Source
from xlbangfu.documents.papers.rendering import fill
from xlbangfu.documents.papers.template_file import template_file
from xlbangfu.documents.staging import MakePdfs, Stage, disk_errors_explained, stage
from xlbangfu.errors import TemplateUnfit, disk_trouble
from xlbangfu.file_names import in_a_name

TEMPLATES = "文书模板"
Progress = Callable[[str, float], None]  # the name of a paper, and the share of all that is made


class Staged(Struct, frozen=True, kw_only=True):
    """Papers made but not yet in their place: what each file is called and its sha256, and where they will be.

    ``undone`` are those that were not made, each with why; those in ``unfit`` are among them, by their template's fault.
    """

    made: tuple[Paper, ...]
    undone: Mapping[Paper, str]
    unfit: tuple[Paper, ...]
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
    """The school's own template if it has one, else the program's. Raises TemplateUnfit if its own cannot be read."""
    own = folder / f"{paper.title}.docx"
    try:
        if own.is_file():
            return own.read_bytes()
    except OSError as problem:
        raise TemplateUnfit(f"读不了模板“{own}”（{disk_trouble(problem)}）；请关掉它，再做一次。") from problem
    return template_file(paper.title, paper.words(), paper.page, made=source.made)


@contextmanager
def staged_papers(
    papers: Sequence[Paper],
    source: Source,
    folder: Path,
    templates: Path,
    *,
    progress: Progress | None = None,
    pdfs: MakePdfs | None = None,
) -> Iterator[Staged]:
    """The files of the papers made beside; put in their place when the block ends well, never over one that staff have saved.

    A paper of which there is nothing to say, or whose template is unfit, keeps no other from being made. ``pdfs`` makes a PDF of
    each beside it. Raises WriteFailed; TemplateUnfit where that is why there is none at all.
    """
    undone: dict[Paper, str] = {}
    unfit: dict[Paper, TemplateUnfit] = {}
    digests: list[tuple[str, str]] = []
    with stage(folder, label="文书") as beside:
        for number, paper in enumerate(papers):
            try:
                files = _files(paper, source, templates, _part(progress, number, len(papers)))
            except TemplateUnfit as problem:
                unfit[paper], undone[paper] = problem, str(problem)
                continue
            if not files:
                undone[paper] = paper.nothing
            with disk_errors_explained(folder):
                put = [(beside.put(name, data).name, hashlib.sha256(data).hexdigest()) for name, data in files]
            digests += put
            source.there.extend(name for name, _ in put if name not in source.there)
        if unfit and not digests:
            raise next(iter(unfit.values()))
        if pdfs:
            beside.add_pdfs([path.name for path in beside.files], pdfs)
        made = tuple(paper for paper in papers if paper not in undone)
        yield Staged(made=made, undone=undone, unfit=tuple(unfit), digests=tuple(digests), stage=beside)


def _files(paper: Paper, source: Source, templates: Path, progress: Progress) -> list[tuple[str, bytes]]:
    """Name and content of each file of a paper."""
    filled = paper.fills(source)
    template = template_of(paper, templates, source) if filled else b""
    made = []
    for done, one in enumerate(filled, 1):
        data = fill(template, values_of(paper, one, source), name=paper.title, made=source.made)
        made.append((file_name(paper, one, source), data))
        progress(paper.name, done / len(filled))
    return made


def _part(progress: Progress | None, number: int, of: int) -> Progress:
    """The progress of one paper as that of all."""
    return lambda name, share: progress(name, (number + share) / of) if progress else None


@contextmanager
def staged_templates(papers: Sequence[Paper], folder: Path, *, made: datetime) -> Iterator[Stage]:
    """The program's templates, beside those that the school has changed and not over them."""
    with stage(folder, label="模板") as beside:
        with disk_errors_explained(folder):
            for paper in papers:
                if not (folder / f"{paper.title}.docx").exists():
                    beside.put(f"{paper.title}.docx", template_file(paper.title, paper.words(), paper.page, made=made))
        yield beside
