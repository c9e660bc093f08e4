"""What is committed in workbooks/ is what its command builds."""

import importlib.util
import tomllib
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

from xlbangfu.documents.class_page import frame_drawing
from xlbangfu.documents.class_page.workbook_frame import FRAMES

FOLDER = Path(__file__).parents[2] / "workbooks"


def build_module() -> ModuleType:
    spec = importlib.util.spec_from_file_location("workbooks_build", FOLDER / "build.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workbooks")
    build_module().build(folder)
    return folder


def members(path: Path) -> list[tuple[str, tuple[int, ...], int, int, int]]:
    """Name, date, method, size and checksum of each part, in order. How well zlib packs differs between machines."""
    with zipfile.ZipFile(path) as package:
        return [
            (member.filename, member.date_time, member.compress_type, member.file_size, member.CRC)
            for member in package.infolist()
        ]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["帮扶总表.xlsm", "帮扶总表-示例.xlsm", "班级页-示例.xlsx", "帮扶页-示例.xlsx"])
def test_the_committed_file_is_the_one_that_the_command_builds(name: str, built: Path) -> None:
    assert members(built / name) == members(FOLDER / name)


def test_the_frames_of_pages_are_those_that_the_command_draws() -> None:
    drawn = frame_drawing.frames()

    assert {path.stem: path.read_text(encoding="utf-8") for path in FRAMES.iterdir()} == {
        name: frame.text() for name, frame in drawn.items()
    }


def test_the_wheel_takes_the_frames_with_it() -> None:
    asked = tomllib.loads((FOLDER.parent / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]

    patterns = asked["package-data"]["xlbangfu.documents.class_page"]
    assert {path for pattern in patterns for path in FRAMES.parent.glob(pattern)} == set(FRAMES.iterdir())


def test_nothing_in_the_folder_was_put_there_by_hand() -> None:
    module = build_module()

    assert {path.name for path in FOLDER.iterdir() if path.suffix.startswith(".xls")} == {
        module.EMPTY,
        module.SAMPLE,
        module.PAGE,
        module.TEACHER_PAGE,
    }
