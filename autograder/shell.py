"""Runs a student's cells as Jupyter does: magics, display, figures, top-level await.

Inside the jail, over IPython's own shell. A cell that is plain Python, as most are, skips
IPython's transformations, which take longer than the cell.
"""

from __future__ import annotations

import ast
import asyncio
import builtins
import contextlib
import selectors
import traceback
from typing import Any, NoReturn

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import ExecutionInfo, ExecutionResult, InteractiveShell
from traitlets import Type
from traitlets.config import Config

from autograder.recording import Recorder, Stream

WARM_UP = (
    "import matplotlib.pyplot as plt\nplt.plot([0, 1])\nprint(1)",
    "import numpy as np\nnp.random.default_rng(0).normal(size=3)",
    "import coursepkg.checks, coursepkg.gradcheck",
    "import asyncio\nawait asyncio.sleep(0)",
    "%time 1 / 0",
    "def f(:",
)
NO_INPUT = "nobody answers input() while a notebook is graded: put the value into a variable"


class JailDisplayHook(DisplayHook):
    """Records the value of a cell's last expression."""

    shell: Any
    source, number = "", 1

    @property
    def prompt_count(self) -> int:  # IPython 9 counts before it runs a cell, 8 afterwards
        return self.number

    def quiet(self) -> bool:
        return self.semicolon_at_end_of_expression(self.source)

    def start_displayhook(self) -> None: ...
    def write_output_prompt(self) -> None: ...
    def finish_displayhook(self) -> None: ...

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        self.shell.recorder.add(
            {
                "output_type": "execute_result",
                "data": format_dict,
                "metadata": md_dict or {},
                "execution_count": self.number,
            }
        )


class JailDisplayPublisher(DisplayPublisher):
    """Records what `display` shows."""

    def publish(
        self,
        data: Any,
        metadata: Any = None,
        source: Any = None,
        *,
        transient: Any = None,
        update: bool = False,
        **_: Any,
    ) -> None:
        name = (transient or {}).get("display_id")
        self.shell.recorder.display(data, metadata or {}, name, update)

    def clear_output(self, wait: bool = False) -> None:
        self.shell.recorder.clear(wait)


class JailShell(InteractiveShell):
    """IPython's shell without a terminal, a history file, other programs or anybody to ask."""

    displayhook_class = Type(JailDisplayHook)
    display_pub_class = Type(JailDisplayPublisher)
    recorder: Recorder
    rich = True

    def showtraceback(self, *args: Any, **kwargs: Any) -> None:
        """Format the traceback, which takes longer than most cells, if anybody will see it."""
        if self.rich:
            super().showtraceback(*args, **kwargs)

    def showsyntaxerror(self, *args: Any, **kwargs: Any) -> None:
        if self.rich:
            super().showsyntaxerror(*args, **kwargs)

    def _showtraceback(self, etype: Any, evalue: Any, stb: list[str]) -> None:
        name = getattr(etype, "__name__", str(etype))
        self.recorder.add(
            {"output_type": "error", "ename": name, "evalue": str(evalue), "traceback": stb}
        )

    def system(self, cmd: str) -> None:
        """Say that `!cmd` is not run; the rest of the cell is."""
        print(f"[not run while a notebook is graded: {cmd}]")
        self.user_ns["_exit_code"] = 1

    def enable_gui(self, gui: str | None = None) -> None:
        """Nothing: there is no window to wait for."""

    system_piped = system_raw = system

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> Any:
        self.system(cmd)
        return []


class NotebookShell:
    """One namespace, and the cells that were run in it."""

    def __init__(self) -> None:
        settings = Config()
        settings.HistoryManager.enabled = False
        self.shell: Any = JailShell.instance(config=settings)
        self.shell.recorder = Recorder()
        self.shell.loop_runner = _Runner()
        self.namespace: dict[str, Any] = self.shell.user_ns
        builtins.input = _refuse_input

    def warm_up(self) -> None:
        """Do once what cells do, so that all that is imported on the way is there in a fork."""
        for source in WARM_UP:
            self.run(source)
        self.shell.reset()

    def record(self, rich: bool) -> None:
        """Keep figures and formatted values in outputs, or what is printed only, which is quick."""
        self.shell.rich = rich
        formatter = self.shell.display_formatter
        formatter.active_types = formatter.format_types if rich else ["text/plain"]

    def run(self, source: str) -> tuple[BaseException | None, Recorder]:
        """Run a cell: what it raised, and its outputs."""
        shell = self.shell
        recorder = shell.recorder = Recorder()
        if not source.strip():
            return None, recorder
        number = shell.execution_count
        shell.displayhook.source, shell.displayhook.number = source, number
        out, err = Stream(recorder, "stdout"), Stream(recorder, "stderr")
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                error = self._run_plain(source) if _is_plain(source) else self._run_ipython(source)
            except BaseException as problem:  # whatever a student did to the shell
                error = problem
        shell.execution_count = number + 1
        return error, recorder

    def _run_plain(self, source: str) -> BaseException | None:
        shell = self.shell
        tree = ast.parse(source)
        name = shell.compile.cache(source, shell.execution_count, raw_code=source)
        result = ExecutionResult(ExecutionInfo(source, True, False, False, None))
        with shell.builtin_trap, shell.display_trap:
            running = shell.run_ast_nodes(tree.body, name, compiler=shell.compile, result=result)
            with contextlib.suppress(StopIteration):
                running.send(None)
        shell.events.trigger("post_execute")  # here figures are shown
        return result.error_in_exec

    def _run_ipython(self, source: str) -> BaseException | None:
        result = self.shell.run_cell(source, store_history=True)
        return result.error_before_exec or result.error_in_exec


def describe(problem: BaseException) -> str:
    """One line that names the error and the student's line: `ValueError: ... (line 4 of ...)`."""
    text = "".join(traceback.format_exception_only(problem)).strip().split("\n")[-1][:500]
    if isinstance(problem, ModuleNotFoundError) and str(problem.name).startswith("coursepkg"):
        text += "; it holds answers and is not there while a notebook is graded"
    line = None
    if isinstance(problem, SyntaxError):
        line = problem.lineno
    else:
        for frame in traceback.extract_tb(problem.__traceback__):
            if frame.filename.startswith("<") and not frame.filename.startswith("<frozen"):
                line = frame.lineno
    return f"{text} (line {line} of your cell)" if line else text


def _is_plain(source: str) -> bool:
    """Whether a cell is Python, without magics and without `await` outside a function."""
    try:
        compile(source, "cell", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return False
    return True


def _refuse_input(prompt: object = "") -> NoReturn:
    raise EOFError(NO_INPUT)


class _Loop(asyncio.SelectorEventLoop):
    """An event loop for a process with one thread and no right to open a socket."""

    def __init__(self) -> None:
        super().__init__(selectors.SelectSelector())

    # What other threads or signals would wake the loop with.
    def _make_self_pipe(self) -> None: ...
    def _close_self_pipe(self) -> None: ...
    def _write_to_self(self) -> None: ...


class _Runner:
    """Runs top-level `await`; tasks of one cell go on in the next, as in Jupyter."""

    def __init__(self) -> None:
        self.loop = _Loop()

    def __call__(self, coroutine: Any) -> Any:
        return self.loop.run_until_complete(coroutine)
