"""The zip, the content types and the relationships: whether every part is there, is XML, is named and known for what it is."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import ParseError

from tests.support.package_lint.opened_package import OpenedPackage

_TYPES = "[Content_Types].xml"
_CT = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_XML = (".xml", ".rels", ".vml")
_IS_XML: set[bytes] = set()  # the digests of parts that could be read


def container_faults(package: OpenedPackage) -> list[str]:
    """Faults of the container; those of relations only where every part can be read."""
    found = [*_member_faults(package), *_xml_faults(package)]
    if found or _TYPES not in package.parts:
        return found or [f"{_TYPES} is not there"]
    return [*_type_faults(package), *_relation_faults(package)]


def repeated(names: Iterable[str]) -> list[str]:
    """Those that come more than once, whatever their case."""
    return [name for name, count in Counter(name.lower() for name in names).items() if count > 1]


def _member_faults(package: OpenedPackage) -> Iterator[str]:
    yield from (f"{name}: is in the zip twice" for name in repeated(one.filename for one in package.members))
    for one in package.members:
        if one.flag_bits & 1:
            yield f"{one.filename}: is encrypted"
        if one.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            yield f"{one.filename}: is compressed by a method that Excel does not know"
        if not one.filename.isascii() or "\\" in one.filename:
            yield f"{one.filename}: no name of a part"
        if one.extract_version > 45:
            yield f"{one.filename}: needs a later zip than Excel reads"


def _xml_faults(package: OpenedPackage) -> Iterator[str]:
    for name in package.parts:
        if name.lower().endswith(_XML) and package.digest(name) not in _IS_XML:
            try:
                package.xml(name)
            except (ParseError, ValueError, LookupError) as problem:
                yield f"{name}: is no XML ({problem})"
            else:
                _IS_XML.add(package.digest(name))


def _type_faults(package: OpenedPackage) -> Iterator[str]:
    types = package.xml(_TYPES)
    parts = [one.get("PartName", "") for one in types.iterfind(f"{_CT}Override")]
    endings = [one.get("Extension", "").lower() for one in types.iterfind(f"{_CT}Default")]
    yield from (f"{name}: has two content types" for name in (*repeated(parts), *repeated(endings)))
    yield from (
        f"{name}: has a content type and is not there" for name in parts if name.lstrip("/") not in package.parts
    )
    known = {name.lower() for name in parts}
    for name in package.parts:
        if name != _TYPES and f"/{name}".lower() not in known and name.rpartition(".")[2].lower() not in endings:
            yield f"{name}: has no content type"


def _relation_faults(package: OpenedPackage) -> Iterator[str]:
    named = set()
    for path in package.parts:
        if not path.endswith(".rels"):
            continue
        folder, _, name = path.removesuffix(".rels").rpartition("_rels/")
        ids = [one.get("Id", "") for one in package.xml(path)]
        yield from (f"{path}: the id {one} comes twice" for one in repeated(ids))
        yield from (f"{path}: “{one}” is no id" for one in ids if not re.match(r"[A-Za-z_]", one))
        for relation in package.relations(folder + name).values():
            named.add(relation.target)
            if relation.external:
                if " " in relation.target or not relation.target.isascii():
                    yield f"{path}: {relation.target} is no URI"
            elif relation.target not in package.parts:
                yield f"{path}: {relation.target} is not there"
    for name in package.parts:
        if name not in named and name != _TYPES and not name.endswith(".rels"):
            yield f"{name}: nothing refers to it"
