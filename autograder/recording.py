"""What a cell shows, as nbformat keeps it: streams, results, figures; cut where it is too much."""

from __future__ import annotations

import io
import json
from typing import Any

STREAM_CAP = 8_000
RICH_CAP = 2**20
CUT = "[too much for one cell: cut]"


class Recorder:
    """The outputs of one cell, in order.

    Attributes
    ----------
    outputs : list of dict
        As in a notebook file, except for the counts in `dropped`.
    """

    def __init__(self) -> None:
        self.outputs: list[dict[str, Any]] = []
        self.dropped = {"stdout": 0, "stderr": 0}
        self._kept = 0
        self._rich = 0
        self._displays: dict[str, list[dict[str, Any]]] = {}
        self._clear_next = False

    def write(self, name: str, text: str) -> None:
        """Add printed text; the first `STREAM_CAP` characters are kept, the others counted."""
        part = text[: STREAM_CAP - self._kept]
        self.dropped[name] += len(text) - len(part)
        self._kept += len(part)
        if not part:
            return
        self._clear_if_due()
        last = self.outputs[-1] if self.outputs else {}
        if last.get("name") == name:
            last["parts"].append(part)
        else:
            self.outputs.append({"output_type": "stream", "name": name, "parts": [part]})

    def add(self, output: dict[str, Any]) -> None:
        """Add a result, a figure or an error, unless the cell showed too much already."""
        self._clear_if_due()
        size = len(json.dumps(output, default=str))
        if self._rich + size > RICH_CAP:
            kind = output["output_type"].replace("_", " ")
            self.write("stderr", f"[{kind} of {size} bytes cut]\n")
            return
        self._rich += size
        self.outputs.append(output)

    def display(self, data: Any, metadata: Any, name: str | None, update: bool) -> None:
        """Show `data`, or put it in place of what was shown under the same name."""
        output = {"output_type": "display_data", "data": data, "metadata": metadata}
        if update:
            size = len(json.dumps(output, default=str))
            self._rich += size
            for shown in self._displays.get(name or "", ()):
                shown |= output if self._rich <= RICH_CAP else {"data": {"text/plain": CUT}}
            return
        self.add(output)
        if name:
            self._displays.setdefault(name, []).append(output)

    def clear(self, wait: bool) -> None:
        """Forget all outputs, now or when the next one comes."""
        self._clear_next = True
        if not wait:
            self._clear_if_due()

    def text(self) -> str:
        """What was printed, with a note where something was cut."""
        parts = [part for output in self.outputs for part in output.get("parts", ())]
        dropped = sum(self.dropped.values())
        note = f"\n[{dropped} more characters cut]" if dropped else ""
        return "".join(parts) + note

    def to_json(self) -> bytes:
        """The outputs for a notebook file."""
        shown = [_joined(output) for output in self.outputs]
        if dropped := sum(self.dropped.values()):
            note = f"[{dropped} more characters cut]"
            shown.append({"output_type": "stream", "name": "stderr", "text": note})
        return json.dumps(shown, default=str).encode()

    def _clear_if_due(self) -> None:
        if self._clear_next:
            self._clear_next = False
            self.outputs.clear()


class Stream(io.TextIOBase):
    """A stdout or stderr that writes into a recorder."""

    encoding = "utf-8"

    def __init__(self, recorder: Recorder, name: str) -> None:
        self.recorder = recorder
        self.name = name

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self.recorder.write(self.name, text)
        return len(text)

    def writable(self) -> bool:
        return True


def _joined(output: dict[str, Any]) -> dict[str, Any]:
    if "parts" not in output:
        return output
    return {"output_type": "stream", "name": output["name"], "text": "".join(output["parts"])}
