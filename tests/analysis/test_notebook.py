"""The notebook of docs/ runs from top to bottom on the sample, and does what its words say."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # of Jupyter's own libraries
def test_the_notebook_runs_from_top_to_bottom() -> None:
    sample = DOCS.parent / "workbooks" / "帮扶总表-示例.xlsm"
    notebook, before = nbformat.read(DOCS / "analysis.ipynb", as_version=4), sample.read_bytes()
    assert not any(cell.get("outputs") for cell in notebook.cells)

    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(DOCS)}}).execute()

    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    said = "".join(output.get("text", "") for output in outputs)
    assert sum("image/png" in output.get("data", {}) for output in outputs) == 2
    assert "sensitive=True" in said
    assert "写进“记录”：新增 1 行。" in said
    assert "校验会多出错误" in said
    assert "font" not in "".join(o.get("text", "") for o in outputs if o.get("name") == "stderr")
    assert sample.read_bytes() == before
