"""A package while it is being changed: its parts as bytes, what is new among them, and what goes.

Relationships and content types are added to what is there; nothing that was there is written anew.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from xlbangfu.book.safety.atomic_save import Changes
from xlbangfu.errors import WrongWorkbook
from xlbangfu.ooxml.package import Package, elements

TYPES = "[Content_Types].xml"
RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_EMPTY = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns="{RELATIONSHIPS}"></Relationships>'
)
Edit = Callable[[str, bytes], bytes]


@dataclass(frozen=True)
class Relation:
    """What a part refers to: ``kind`` is the last word of ``type``, ``path`` the part meant (external targets as written)."""

    identity: str
    type: str
    path: str
    external: bool = False

    @property
    def kind(self) -> str:
        return self.type.rpartition("/")[2]


class Draft:
    """The parts of ``package`` with the changes made so far."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.parts: dict[str, bytes] = {}
        self.removed: set[str] = set()

    def __contains__(self, path: str) -> bool:
        return path in self.parts or (path in self.package.archive.members and path not in self.removed)

    def read(self, path: str) -> bytes:
        return self.parts[path] if path in self.parts else self.package.archive.read(path)

    def put(self, path: str, content: bytes) -> None:
        self.parts[path] = content
        self.removed.discard(path)

    def free_path(self, like: str) -> str:
        """A path like the one given, with a number that no part of the package has had."""
        stem, extension = posixpath.splitext(like)
        stem = stem.rstrip("0123456789")
        taken = {path.lower() for path in (*self.package.archive.members, *self.parts)}
        numbers = range(1, len(taken) + 2)
        return next(path for number in numbers if (path := f"{stem}{number}{extension}").lower() not in taken)

    def relations(self, part: str) -> list[Relation]:
        path = relations_of(part)
        return list(read_relations(part, self.read(path))) if path in self else []

    def relate(self, part: str, type: str, path: str) -> str:
        """Let a part refer to another; the identity of the new relationship."""
        where = relations_of(part)
        there = self.read(where) if where in self else _EMPTY.encode()
        taken = {relation.identity for relation in self.relations(part)}
        identity = next(name for number in range(1, len(taken) + 2) if (name := f"rIdBangfu{number}") not in taken)
        target = posixpath.relpath("/" + path, posixpath.join("/", posixpath.dirname(part)))
        link = f"<Relationship Id={quoteattr(identity)} Type={quoteattr(type)} Target={quoteattr(target)}/>".encode()
        self.put(where, _before_end(there, b"Relationships", link))
        return identity

    def unrelate(self, part: str, path: str) -> None:
        """Take away what makes a part refer to another."""
        gone = {relation.identity for relation in self.relations(part) if relation.path == path}
        where = relations_of(part)
        self.put(where, _without(self.read(where), b"Relationship", lambda tag: tag.get("Id") in gone))

    def declare(self, path: str, content_type: str) -> None:
        """Say what a new part is."""
        override = f"<Override PartName={quoteattr('/' + path)} ContentType={quoteattr(content_type)}/>".encode()
        self.put(TYPES, _before_end(self.read(TYPES), b"Types", override))

    def remove(self, path: str) -> None:
        """Take a part away, with its relationships and what says what it is."""
        for gone in (path, relations_of(path)):
            self.parts.pop(gone, None)
            if gone in self.package.archive.members:
                self.removed.add(gone)
        name = f"/{path}".lower()
        self.put(TYPES, _without(self.read(TYPES), b"Override", lambda tag: tag.get("PartName", "").lower() == name))

    def changes(self) -> Changes:
        return Changes({path: [content] for path, content in self.parts.items()}, frozenset(self.removed))


def relations_of(part: str) -> str:
    """The path of a part's relationships."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def read_relations(part: str, xml: bytes) -> Iterator[Relation]:
    folder = posixpath.dirname(part)
    for element in elements(xml):
        if element.name != "Relationship":
            continue
        attributes, target = element.attributes, element.attributes.get("Target", "")
        external = attributes.get("TargetMode") == "External"
        path = target if external else posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        yield Relation(attributes.get("Id", ""), attributes.get("Type", ""), path, external)


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
        _declare_extension(draft, source, posixpath.splitext(path)[1].lstrip("."))
    where = relations_of(path)
    if where in source.archive.members:
        links = source.archive.read(where)
        for relation in read_relations(path, links):
            if not relation.external:
                copied = copy(draft, source, relation.path, edit)
                links = _retargeted(links, relation.identity, "/" + copied)
        draft.put(relations_of(target), links)
    return target


def _declare_extension(draft: Draft, source: Package, extension: str) -> None:
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
        return re.sub(rb'Target="[^"]*"', b"Target=" + quoteattr(target).encode(), tag)

    return re.sub(rb"<Relationship\s[^>]*>", changed, links)


def _before_end(xml: bytes, name: bytes, addition: bytes) -> bytes:
    """The XML with something put before the end of its root element."""
    at = xml.rfind(b"</" + name + b">")
    if at >= 0:
        return xml[:at] + addition + xml[at:]
    empty = re.search(rb"<%b\b[^>]*/>" % name, xml)
    if empty is None:
        raise WrongWorkbook("工作簿的内部写法不认识，没有改动；请用 Excel 打开总表另存一次，再做一次。")
    opened = empty[0][:-2] + b">" + addition + b"</" + name + b">"
    return xml[: empty.start()] + opened + xml[empty.end() :]


def _without(xml: bytes, name: bytes, gone: Callable[[dict[str, str]], bool]) -> bytes:
    """The XML without the empty elements of a name that are to go."""
    attribute = re.compile(r"""([\w:]+)\s*=\s*["']([^"']*)["']""")

    def kept(found: re.Match[bytes]) -> bytes:
        return b"" if gone(dict(attribute.findall(found[0].decode()))) else found[0]

    return re.sub(rb"<%b\s[^>]*?(?:/>|>\s*</%b>)" % (name, name), kept, xml)
