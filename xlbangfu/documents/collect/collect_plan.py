"""What collecting files would write, and what staff are told of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date, datetime
from pathlib import Path

import polars as pl
from msgspec import Struct, field

from xlbangfu.documents.class_page.page_sheets import FORMS
from xlbangfu.documents.collect.arriving import Arrived, Refused, arrived
from xlbangfu.documents.collect.checking import checked_rows
from xlbangfu.documents.collect.collect_draft import CollectDraft, PageSummary
from xlbangfu.documents.collect.complaints import Place, whole_file
from xlbangfu.documents.collect.forms import ABSENCE_FORM, fill_ins_of, filled
from xlbangfu.documents.collect.identity import Identity, NotAPage, changed_sheets, identify
from xlbangfu.documents.collect.old_page_reader import OldPageReader
from xlbangfu.documents.collect.page_opening import Decrypt, Keys, Workbook, opened
from xlbangfu.documents.collect.prior import Before
from xlbangfu.documents.collect.trust import Asked, Editions, code_was_taken_off, doubts_of, refused
from xlbangfu.errors import UnreadableFile
from xlbangfu.rules import problems
from xlbangfu.rules.page_kinds import PageKind
from xlbangfu.rules.passwords import passwords_of
from xlbangfu.rules.problems import WARNING
from xlbangfu.rules.school import School
from xlbangfu.schema import COLLECTED, LAYOUT, SEPARATOR, Table

_NAMED = 8  # row numbers that a line repeats
_AS_IS = "页上填的没有丢，改好后请再收一次"


class CollectPlan(Struct, frozen=True, kw_only=True):
    """What a collect would do.

    ``appends`` and ``amends`` are for 记录 and 评价, ``ledger`` for 收回记录; ``old_values`` tells the cells that are amended
    with what they held. ``lines`` tell staff, page by page. ``problems`` (the frame of rules.problems) are what was not
    taken; ``layout`` tells where their columns stand. ``pages`` are the ids, ``hashes`` tells "owner:sha256" of what came.
    """

    appends: dict[Table, pl.DataFrame]
    amends: dict[Table, pl.DataFrame]
    ledger: pl.DataFrame
    old_values: list[str]
    lines: list[str]
    problems: pl.DataFrame
    layout: pl.DataFrame
    pages: frozenset[str]
    owners: frozenset[tuple[PageKind, str]]
    hashes: list[str]

    @property
    def rows(self) -> int:
        """Rows of 记录 and 评价 that are added or corrected."""
        return sum(frame.height for frame in (*self.appends.values(), *self.amends.values()))

    def problem_lines(self) -> list[str]:
        """The problems as staff read them: place, what, remedy."""
        shown = problems.as_sheet(self.problems, self.layout)
        columns = shown.select("级别", "工作表", "单元格", "列", "问题", "怎么改").rows()
        return [
            f"{level} {' '.join(part for part in (sheet, cell, column) if part)}：{what}。{remedy}。"
            for level, sheet, cell, column, what, remedy in columns
        ]


class _Page(Struct, frozen=True, kw_only=True):
    file: Arrived
    identity: Identity
    workbook: Workbook


class _Report(Struct, kw_only=True):
    """What is said while files are looked at."""

    lines: list[str] = field(default_factory=list)
    problems: list[pl.DataFrame] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    layouts: list[pl.DataFrame] = field(default_factory=list)

    def refuse(self, name: str, why: str) -> None:
        self.refused.append(why)
        self.problems.append(whole_file(name, why, _AS_IS))


def plan_collect(
    paths: Sequence[Path],
    school: School,
    collected: pl.DataFrame,
    runs: pl.DataFrame,
    editions: pl.DataFrame,
    *,
    decrypt: Decrypt,
    now: datetime,
    agrees: Callable[[str], bool],
) -> CollectPlan:
    """Plan to collect files, folders and mails.

    ``school`` is as read, errors and all; ``collected``, ``runs`` and ``editions`` are 收回记录, 运行记录 and
    制页台账. ``decrypt`` gives the plain bytes of an encrypted file, or raises BangfuError where the password is wrong.
    ``agrees`` is asked about pages that may not be this workbook's (see ``trust``). Raises UnreadableFile where nothing of what was given is a page that can be taken.
    """
    report = _Report()
    before = Before.of(school, collected, runs)
    passwords = passwords_of(school)
    with closing(OldPageReader()) as old_pages:
        opener = _Opener(
            school=school,
            keys=Keys(decrypt, passwords),
            old_pages=old_pages,
            editions=Editions.of(editions),
            report=report,
        )
        pages = list(_pages(paths, opener))
    known = _trusted(pages, before, passwords, agrees, report)
    if not known:
        raise UnreadableFile(" ".join(report.refused[:3]) or "没有找到班级页或帮扶页，请选交回的文件、文件夹或邮件。")
    draft = CollectDraft(school=school, before=before, now=now.replace(microsecond=0))
    today = max(now.date(), school.today)
    for page in sorted(known, key=lambda one: (*one.identity.state, one.file.sha256)):
        _take(page, school, draft, report, today)
    return _plan(known, draft, report)


class _Opener(Struct, frozen=True, kw_only=True):
    """What it takes to open files and to know which pages they are; what is none is reported."""

    school: School
    keys: Keys
    old_pages: OldPageReader
    editions: Editions
    report: _Report

    def page(self, file: Arrived) -> _Page | None:
        try:
            return self._known(file)
        except NotAPage as problem:
            if file.named:
                self.report.refuse(file.name, str(problem))
            else:
                self.report.lines.append(f"{file.name}：不是班级页或帮扶页，没有收。")
        except UnreadableFile as problem:
            self.report.refuse(file.name, str(problem))
        return None

    def _known(self, file: Arrived) -> _Page:
        workbook = opened(file, self.keys, self.old_pages)
        identity = identify(file, workbook, self.school, self.editions.secrets)
        if code_was_taken_off(identity, self.editions):
            raise UnreadableFile(f"“{file.name}”的防伪码被去掉或换掉了，没有收；请填表人用原来的文件填。")
        return _Page(file=file, identity=identity, workbook=workbook)


def _pages(paths: Sequence[Path], opener: _Opener) -> Iterator[_Page]:
    """The files that are pages of ours, each content once."""
    first: dict[str, str] = {}
    for file in arrived(paths):
        if isinstance(file, Refused):
            opener.report.refuse(file.name, file.why)
        elif file.sha256 in first:
            opener.report.lines.append(f"{file.name}：与 {first[file.sha256]} 完全相同，只收一次。")
        else:
            first[file.sha256] = file.name
            if page := opener.page(file):
                yield page


def _trusted(
    pages: Sequence[_Page],
    before: Before,
    passwords: Mapping[str, str],
    agrees: Callable[[str], bool],
    report: _Report,
) -> list[_Page]:
    """The pages that are this workbook's, and those for which staff vouch."""
    asked = [
        Asked(file=page.file, identity=page.identity, doubts=doubts)
        for page in pages
        if not before.knows(page.identity.id, page.file.sha256[:16])
        and (doubts := doubts_of(page.identity, page.workbook.password, before, passwords))
    ]
    left_out = refused(asked, agrees)
    for one in left_out:
        report.refuse(one.file.name, one.refusal)
    gone = {one.file.sha256 for one in left_out}
    return [page for page in pages if page.file.sha256 not in gone]


def _take(page: _Page, school: School, draft: CollectDraft, report: _Report, today: date) -> None:
    identity, summary = page.identity, PageSummary()
    forms: list[str | None] = []
    again = draft.came(identity, page.file.sha256)
    for form in (one.form for one in fill_ins_of(identity.kind)):
        found = filled(form, page.workbook)
        if found.sheet is None and form == ABSENCE_FORM and not identity.has_roll:
            continue  # a page of a version that did not ask for absences
        forms.append(found.sheet)
        place = Place(file=page.file.name, page=identity.id, filled=found)
        if found.unusable:
            report.problems.append(
                whole_file(f"{page.file.name}·{form.name}", found.unusable, "请填表人用原来的文件填", page=identity.id)
            )
            continue
        report.layouts.append(place.layout)
        rows = checked_rows(place, school, identity, today=today)
        report.problems.append(rows.problems)
        draft.take(identity, rows, summary, again=again)
    _remark(page, summary, report, forms)
    report.lines.append(_page_line(page, summary))


def _remark(page: _Page, summary: PageSummary, report: _Report, forms: Sequence[str | None]) -> None:
    """What was changed outside the forms, and rows that are gone from the page."""
    if changed := changed_sheets(page.identity, page.workbook, forms):
        what = f"不用填的表有改动，没有收：{SEPARATOR.join(changed)}"
        forms_named = "".join(f"“{form}”" for form in FORMS[page.identity.kind])
        remedy = f"要改的内容请直接改总表；交回的页上只填{forms_named}"
        report.problems.append(whole_file(page.file.name, what, remedy, page=page.identity.id, level=WARNING))
    if summary.gone:
        more = f" 等 {len(summary.gone)} 行" if len(summary.gone) > _NAMED else ""
        what = f"上次收的，这份页上没有了，总表里没有删：{SEPARATOR.join(summary.gone[:_NAMED])}{more}"
        remedy = "确实不要的，请在总表里删去那一行"
        report.problems.append(whole_file(page.file.name, what, remedy, page=page.identity.id, level=WARNING))


def _page_line(page: _Page, summary: PageSummary) -> str:
    """One line for a page: what was taken, what was not."""
    parts = [f"{one.table.name} {summary.new.get(one.table, 0)} 条" for one in fill_ins_of(page.identity.kind)]
    parts += [f"更正 {summary.corrected} 行"] if summary.corrected else []
    parts += [f"已有 {summary.same} 行"] if summary.same else []
    parts += [f"与总表不同、没动 {summary.left} 行"] if summary.left else []
    parts += [f"没收 {summary.refused} 行"] if summary.refused else []
    parts += [f"{page.file.open_in}还开着这个文件，没保存的内容不在里面"] if page.file.open_in else []
    return f"{page.identity.owner}（{page.identity.made:%m-%d %H:%M} 制，{page.file.name}）：{'，'.join(parts)}。"


def _plan(pages: Sequence[_Page], draft: CollectDraft, report: _Report) -> CollectPlan:
    found = problems.collect(*report.problems, *draft.problems)
    return CollectPlan(
        appends=_frames(draft.appends),
        amends=_frames(draft.amends),
        ledger=pl.DataFrame(draft.ledger, schema=COLLECTED.frame_schema),
        old_values=draft.old_values,
        lines=report.lines,
        problems=found.sort("工作表", "行", nulls_last=False, maintain_order=True),
        layout=pl.concat([LAYOUT.empty(), *report.layouts]),
        pages=frozenset(page.identity.id for page in pages),
        owners=frozenset((page.identity.kind, page.identity.owner) for page in pages),
        hashes=[f"{page.identity.owner}:{page.file.sha256[:12]}" for page in pages],
    )


def _frames(rows: dict[Table, dict[str, dict[str, object]]]) -> dict[Table, pl.DataFrame]:
    return {table: pl.DataFrame(list(mine.values()), schema=table.frame_schema) for table, mine in rows.items() if mine}
