"""Files that only the class's 口令 opens: AES as Excel, WPS and LibreOffice know it (agile, ECMA-376)."""

from __future__ import annotations

from io import BytesIO

from xlbangfu.errors import UnreadableFile

_MOST_SPINS = 500_000  # rounds that one try of a password takes; Excel, WPS and LibreOffice write 100,000


class WrongPassword(UnreadableFile):
    """The 口令 does not open the file, or its contents were changed afterwards."""


_OLE = b"\xd0\xcf\x11\xe0"


def is_encrypted(data: bytes) -> bool:
    """Whether a file is encrypted: a plain .xlsx is a zip."""
    return data.startswith(_OLE)


def encrypt(data: bytes, password: str) -> bytes:
    """An .xlsx as bytes, encrypted; ``password`` is not empty."""
    from msoffcrypto.format.ooxml import OOXMLFile

    encrypted = BytesIO()
    OOXMLFile(BytesIO(data)).encrypt(password, encrypted)
    return encrypted.getvalue()


def decrypt(data: bytes, password: str) -> bytes:
    """The .xlsx inside. Raises WrongPassword, or UnreadableFile for what is no encrypted workbook or a broken one."""
    import struct
    from xml.parsers.expat import ExpatError

    from msoffcrypto import exceptions
    from msoffcrypto.format.ooxml import OOXMLFile

    broken = (exceptions.DecryptionError, exceptions.FileFormatError, exceptions.ParseError, ExpatError, struct.error)
    wrong = (OSError, ValueError, TypeError, LookupError, AttributeError)  # what its parsers raise on damaged bytes
    plain = BytesIO()
    try:
        file = OOXMLFile(BytesIO(data))
        if file.type == "agile" and file.info["spinValue"] > _MOST_SPINS:
            raise UnreadableFile("这个加密文件的设置不正常，每试一个口令都要很久，没有打开；请填表人另存一份再交。")
        file.load_key(password=password, verify_password=True)
        file.decrypt(plain, verify_integrity=True)
    except exceptions.InvalidKeyError as problem:
        raise WrongPassword("口令打不开这个文件：口令不对，或文件坏了。") from problem
    except (*broken, *wrong) as problem:
        raise UnreadableFile("这个加密文件坏了，或不是 Excel 加密的文件。") from problem
    return plain.getvalue()
