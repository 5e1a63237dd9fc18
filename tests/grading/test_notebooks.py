"""Students' cells run in the jail as they do in Jupyter: the same outputs as nbclient's."""

import base64
import json
import re
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from autograder.outputs import read_outputs
from autograder.sandbox import Jail
from tests.grading.honest_notebooks import NOTEBOOKS

pytestmark = pytest.mark.jail
Outputs = list[list[dict[str, Any]]]


def _jupyter(cells: list[str]) -> Outputs:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    NotebookClient(notebook, allow_errors=True, kernel_name="python3").execute()
    return [json.loads(json.dumps(cell.outputs)) for cell in notebook.cells]


def _ours(jail: Jail, cells: list[str]) -> Outputs:
    with jail.worker(60) as worker:
        named = [{"name": str(number), "source": source} for number, source in enumerate(cells)]
        told = worker.ask("run", cells=named, rich=True)
    return [json.loads(cell["shown"].tobytes()) for cell in told]


def _comparable(outputs: Outputs) -> Outputs:
    """Without colours, addresses and the names that IPython gives to cells."""
    text = json.dumps(outputs)
    text = re.sub(r"\\u001b\[[0-9;]*m", "", text)
    text = re.sub(r"0x[0-9a-f]+", "0x", text)
    text = re.sub(r"\((<ipython-input-\S+>|\d+\.py), line", "(cell, line", text)
    return json.loads(text)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_the_same_outputs_as_in_jupyter(open_jail: Jail, name: str) -> None:
    cells = NOTEBOOKS[name]
    assert _comparable(_ours(open_jail, cells)) == _comparable(_jupyter(cells))


def test_there_are_thirty_notebooks() -> None:
    assert len(NOTEBOOKS) >= 30


def test_input_is_refused_with_a_message(open_jail: Jail) -> None:
    with open_jail.worker(20) as worker:
        told = worker.ask("run", cells=[{"name": "a", "source": "name = input('who? ')"}])
    assert "nobody answers input() while a notebook is graded" in told[0]["error"]


def test_other_programs_are_left_out_and_the_cell_goes_on(open_jail: Jail) -> None:
    source = "!pip install torch\n%pip install torch\nfiles = !ls\nx = 3\nprint(x, files)"
    with open_jail.worker(20) as worker:
        told = worker.ask("run", cells=[{"name": "a", "source": source}])
    assert told[0]["error"] is None
    assert told[0]["output"].endswith("3 []\n")
    assert "[not run while a notebook is graded: pip install torch]" in told[0]["output"]


FLOODS = {
    "printed": "print('x' * 10**7)",
    "lines": "for i in range(10**5): print(i)",
    "displayed": "for i in range(100): display('y' * 10**5)",
    "errors": "raise ValueError('z' * 10**7)",
    "updates": "h = display('a', display_id='b')\nh.update('c' * 10**7)",
    "html": "from IPython.display import HTML\nHTML('<b>' * 10**6)",
}


@pytest.mark.parametrize("source", FLOODS.values(), ids=FLOODS.keys())
def test_a_flood_of_output_is_cut(open_jail: Jail, source: str) -> None:
    cells = [{"name": "a", "source": source}, {"name": "b", "source": "print('alive')"}]
    with open_jail.worker(60) as worker:
        told = worker.ask("run", cells=cells, rich=True)
    assert told[0]["shown"].nbytes < 3 * 2**20
    assert "cut]" in told[0]["shown"].tobytes().decode()
    assert told[1]["output"] == "alive\n"


def test_figures_reach_the_notebook_and_nothing_alive_does() -> None:
    png = base64.b64encode(b"\x89PNG\r\n\x1a\n...").decode()
    evil = "<b>x</b><script>alert(1)</script><img src=http://example.org/x.png>"
    told: list[dict[str, Any]] = [
        {"output_type": "display_data", "data": {"image/png": png, "text/plain": "<Figure>"}},
        {"output_type": "display_data", "data": {"image/png": base64.b64encode(b"GIF").decode()}},
        {"output_type": "execute_result", "data": {"text/html": evil}},
        {"output_type": "display_data", "data": {"application/javascript": "alert(1)"}},
        {"output_type": "display_data", "data": {"image/svg+xml": "<svg onload=alert(1)>"}},
        {"output_type": "display_data", "data": "text"},
        {"output_type": "unheard of"},
        {"output_type": "error", "ename": 3, "evalue": None, "traceback": "text"},
        {"output_type": "stream", "name": "stdout", "text": ["a", "list"]},
        {"output_type": "stream", "name": "stdout", "text": "lone \ud800 surrogate"},
    ]
    outputs = read_outputs(json.dumps(told).encode())
    nodes = nbformat.from_dict(outputs)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x", outputs=nodes)])
    nbformat.validate(notebook)
    assert outputs[0]["data"] == {"image/png": png, "text/plain": "<Figure>"}
    assert outputs[1]["data"] == {"text/html": "<b>x</b>"}
    assert [output["output_type"] for output in outputs[2:]] == ["error", "stream", "stream"]
    nbformat.writes(notebook).encode()


@pytest.mark.parametrize("text", [b"", b"[", b"3", b"{}", b"[" * 10**5, b"[null, 1, [2]]", b"\xff"])
def test_what_is_no_list_of_outputs_shows_nothing(text: bytes) -> None:
    assert read_outputs(text) == []
