"""What `docs/gpu.md` shows runs, on the stand-in."""

import re
from pathlib import Path

import pytest

from tests.unit.gpu.spy import Spy

PAGE = Path(__file__).parents[3] / "docs" / "gpu.md"


def test_the_listings_run(spy: Spy, capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, object] = {}
    for listing in re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL):
        exec(listing, names)
    assert spy.launched == 7
    assert float(capsys.readouterr().out) < 1
    assert names["history"].test_accuracy[-1] > 0.85  # type: ignore[attr-defined]
