"""A package while it is being changed: its parts as bytes, what is new among them, and what goes.

Relationships and content types are added to what is there; nothing that was there is written anew.
"""

from __future__ import annotations

import posixpath

from xlbangfu.book.safety.atomic_save import Changes
from xlbangfu.book.sheet_transfer.relations import NONE, Relation, before_end, read_relations, relations_of, without
from xlbangfu.ooxml.attributes import quoted
from xlbangfu.ooxml.package import Package

TYPES = "[Content_Types].xml"


class Draft:
    """The parts of ``package`` with the changes made so far."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.parts: dict[str, bytes] = {}
        self.removed: set[str] = set()

    @classmethod
    def of(cls, package: Package, changes: Changes) -> Draft:
        """A package with changes that were made to it."""
        draft = cls(package)
        draft.parts = {path: b"".join(content) for path, content in changes.parts.items()}
        draft.removed = set(changes.removed)
        return draft

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
        there = self.read(where) if where in self else NONE.encode()
        taken = {relation.identity for relation in self.relations(part)}
        identity = next(name for number in range(1, len(taken) + 2) if (name := f"rIdBangfu{number}") not in taken)
        target = posixpath.relpath("/" + path, posixpath.join("/", posixpath.dirname(part)))
        link = f"<Relationship Id={quoted(identity)} Type={quoted(type)} Target={quoted(target)}/>".encode()
        self.put(where, before_end(there, b"Relationships", link))
        return identity

    def unrelate(self, part: str, path: str) -> None:
        """Take away what makes a part refer to another."""
        gone = {relation.identity for relation in self.relations(part) if relation.path == path}
        where = relations_of(part)
        self.put(where, without(self.read(where), b"Relationship", lambda tag: tag.get("Id") in gone))

    def declare(self, path: str, content_type: str) -> None:
        """Say what a new part is."""
        override = f"<Override PartName={quoted('/' + path)} ContentType={quoted(content_type)}/>".encode()
        self.put(TYPES, before_end(self.read(TYPES), b"Types", override))

    def remove(self, path: str) -> None:
        """Take a part away, with its relationships and what says what it is."""
        for gone in (path, relations_of(path)):
            self.parts.pop(gone, None)
            if gone in self.package.archive.members:
                self.removed.add(gone)
        name = f"/{path}".lower()
        self.put(TYPES, without(self.read(TYPES), b"Override", lambda tag: tag.get("PartName", "").lower() == name))

    def changes(self) -> Changes:
        return Changes({path: [content] for path, content in self.parts.items()}, frozenset(self.removed))
