"""Milliseconds of the processor that a frame of the two largest widgets takes.

    python -m benchmarks.frames

W4.5 makes a step of training and draws it; W11.1 asks another cell for its arithmetic. Scripts,
styles and layout count; what Chromium then takes to paint without a graphics card does not. A
screen of 60 Hz leaves 16 ms.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from coursepkg.widgets import CNNExplorer, Playground
from coursepkg.widgets.base import BookWidget

OWN = ("ScriptDuration", "LayoutDuration", "RecalcStyleDuration")
PLAY = """async (count) => {
  const root = document.querySelector(".cw");
  for (let k = 0; k < count; k++) {
    const { widget } = root;  // another one after each change
    CHANGE;
    await new Promise(requestAnimationFrame);
  }
}"""
WIDGETS: dict[str, tuple[BookWidget, str]] = {
    "W4.5": (
        Playground(layers="2-8-8-8-1", steps=200),
        "widget.set({ steps: widget.state.steps + 1 })",
    ),
    "W11.1": (
        CNNExplorer(),
        'widget.set({ cell: `conv2[${k % 16},${k % 4},1]`, image: "drawn" })',
    ),
}


def milliseconds(page: Page, change: str, count: int = 60, rounds: int = 5) -> list[float]:
    """Time of a frame in every round, after one that is for the compiler."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def seconds() -> float:
        metrics = session.send("Performance.getMetrics")["metrics"]
        return sum(one["value"] for one in metrics if one["name"] in OWN)

    play, taken = PLAY.replace("CHANGE", change), []
    page.evaluate(play, count)
    for _ in range(rounds):
        before = seconds()
        page.evaluate(play, count)
        taken.append(1000 * (seconds() - before) / count)
    return sorted(taken)


def main() -> None:
    chromium = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if chromium is None:
        sys.exit("Chromium is needed: apt-get install chromium")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        for name, (widget, change) in WIDGETS.items():
            path = Path(folder) / "page.html"
            path.write_text(f"<!doctype html>{widget.to_html()}", encoding="utf-8")
            page = browser.new_page()
            page.goto(path.as_uri())
            page.wait_for_selector(".cw footer")
            taken = milliseconds(page, change)
            middle = taken[len(taken) // 2]
            print(f"{name}: {middle:.1f} ms a frame (from {taken[0]:.1f} to {taken[-1]:.1f})")


if __name__ == "__main__":
    main()
