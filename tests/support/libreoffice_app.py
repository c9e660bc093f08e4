"""One LibreOffice for all tests of the engine, on a pipe and a profile of its own."""

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from xlbangfu.book import libreoffice

    pipe_name = f"xlbangfutest{tmp_path_factory.mktemp('pipe').stat().st_ino}"
    process = libreoffice.start_office(pipe_name, tmp_path_factory.mktemp("profile"))
    app = libreoffice.connect(pipe_name)
    app.visible = False
    yield app
    app.quit()
    process.wait(30)


@pytest.fixture
def book(app: Any) -> Iterator[Any]:
    book = app.books.add()
    yield book
    book.close()


@pytest.fixture
def sheet(book: Any) -> Any:
    return book.sheets[0]
