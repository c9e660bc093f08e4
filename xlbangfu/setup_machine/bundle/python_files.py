"""A complete CPython for the target: the one that python.org signed, as an sdist carries it, without what is not used.

Its files are a zip inside the sdist. The sdist's hash is pinned, because pip runs its setup.py to ask for its name.
"""

from __future__ import annotations

import io
import shutil
import tarfile
import zipfile
from pathlib import Path, PurePosixPath

from xlbangfu.setup_machine.bundle.pip_downloads import BundleFailure, pip
from xlbangfu.setup_machine.bundle.target import Target

# Headers, the editor, the encyclopaedia of help(), pip and its company (venv brings its own), what was compiled elsewhere.
_UNUSED = (
    "include/",
    "libs/",
    "Scripts/",
    "NEWS.txt",
    "Lib/idlelib/",
    "Lib/pydoc_data/",
    "Lib/turtledemo/",
    "Lib/test/",
)
_EMPTIED = "Lib/site-packages/"
_NEEDED = (
    "python.exe",
    "pythonw.exe",
    "LICENSE.txt",
    "Lib/venv/__init__.py",
    "Lib/ensurepip/__init__.py",
    "DLLs/_tkinter.pyd",
)


def unpack(folder: Path, target: Target, desk: Path) -> None:
    """Fetch it and write what is used into ``folder``. Raises BundleFailure."""
    desk.mkdir()
    wanted = desk / "wanted.txt"
    wanted.write_text(f"{target.source} --hash=sha256:{target.sha256}\n", encoding="ascii")
    pip("download", desk, "--no-binary", ":all:", "--require-hashes", "-r", str(wanted))
    (sdist,) = desk.glob("*.tar.gz")
    with zipfile.ZipFile(io.BytesIO(_inner_zip(sdist))) as inner:
        for name in inner.namelist():
            inside = name.removeprefix(f"{target.folder}/")
            if inside != name and not name.endswith("/") and is_used(inside):
                _write(inner, name, folder / PurePosixPath(inside))
    missing = [name for name in _NEEDED if not (folder / name).exists()]
    if missing:
        raise BundleFailure(f"{target.source} 里的 Python 不完整，缺 {'、'.join(missing)}；请换一个版本。")


def is_used(name: str) -> bool:
    """Whether a file of the Python goes along.

    >>> is_used("Lib/venv/__init__.py"), is_used("include/Python.h"), is_used("Lib/site-packages/pip/__init__.py")
    (True, False, False)
    """
    return not name.startswith((*_UNUSED, _EMPTIED)) and "__pycache__" not in name


def _inner_zip(sdist: Path) -> bytes:
    with tarfile.open(sdist) as opened:
        member = next((one for one in opened if one.name.endswith("/data.zip")), None)
        data = opened.extractfile(member) if member else None
        if data is None:
            raise BundleFailure(f"{sdist.name} 里没有 Python；请换一个版本。")
        return data.read()


def _write(inner: zipfile.ZipFile, name: str, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with inner.open(name) as source, path.open("wb") as copy:
        shutil.copyfileobj(source, copy)
