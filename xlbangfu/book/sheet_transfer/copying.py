"""A part of another package copied with all that it refers to."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable

from xlbangfu.book.sheet_transfer.package_draft import TYPES, Draft
from xlbangfu.book.sheet_transfer.relations import read_relations, relations_of
from xlbangfu.ooxml.attributes import quoted
from xlbangfu.ooxml.package import Package, elements

Edit = Callable[[str, bytes], bytes]


def content_type(package: Package, path: str) -> str | None:
    """What a part is said to be by itself, None where its extension says it."""
    name = f"/{path}".lower()
    for element in elements(package.archive.read(TYPES)):
        if element.name == "Override" and element.attributes.get("PartName", "").lower() == name:
            return element.attributes.get("ContentType")
    return None


def copy(draft: Draft, source: Package, path: str, edit: Edit, *, target: str | None = None) -> str:
    """Copy a part of another package with everything that it refers to; the path that it has now.

    ``edit`` gets the path in the source and the content of each part, and answers with what is to stand in the copy.
    """
    target = target or draft.free_path(path)
    draft.put(target, edit(path, source.archive.read(path)))
    if kind := content_type(source, path):
        draft.declare(target, kind)
    else:
        declare_extension(draft, source, posixpath.splitext(path)[1].lstrip("."))
    where = relations_of(path)
    if where in source.archive.members:
        links = source.archive.read(where)
        for relation in read_relations(path, links):
            if not relation.external:
                copied = copy(draft, source, relation.path, edit)
                links = _retargeted(links, relation.identity, "/" + copied)
        draft.put(relations_of(target), links)
    return target


def declare_extension(draft: Draft, source: Package, extension: str) -> None:
    """Say what parts with an extension are, as the source does, unless it is said."""
    there = draft.read(TYPES)
    if re.search(rb"""<Default\s[^>]*Extension=["']%b["']""" % extension.encode(), there, re.IGNORECASE):
        return
    said = re.search(rb"""<Default\s[^>]*Extension=["']%b["'][^>]*>""" % extension.encode(), source.archive.read(TYPES))
    if said:
        opening = re.search(rb"<Types\b[^>]*>", there)
        assert opening is not None  # every package has it
        draft.put(TYPES, there[: opening.end()] + said[0] + there[opening.end() :])


def _retargeted(links: bytes, identity: str, target: str) -> bytes:
    def changed(found: re.Match[bytes]) -> bytes:
        tag = found[0]
        if f'Id="{identity}"'.encode() not in tag:
            return tag
        return re.sub(rb'Target="[^"]*"', b"Target=" + quoted(target).encode(), tag)

    return re.sub(rb"<Relationship\s[^>]*>", changed, links)
