"""The notebook of a submission as formgrader shows it: rebuilt from the manifest, with outputs."""

from __future__ import annotations

import json
from typing import Any

import nh3

from autograder.manifest import Cell, Manifest
from autograder.outputs import read_outputs
from autograder.rubric import QuestionResult, SubmissionResult


def rebuilt(manifest: Manifest, result: SubmissionResult) -> str:
    """A notebook file: released cells, the student's answers, what they showed, and the verdicts.

    Written as JSON at once: nbformat's own builders check every cell against a schema, which
    takes longer than grading it. That the result is a notebook is tested.
    """
    questions = {question.question: question for question in result.questions}
    notebook = {
        "cells": [
            _cell(number, cell, result, questions) for number, cell in enumerate(manifest.cells)
        ],
        "metadata": {"language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(notebook, indent=1, ensure_ascii=False)


def _cell(
    number: int, cell: Cell, result: SubmissionResult, questions: dict[str, QuestionResult]
) -> dict[str, Any]:
    source = result.answers.get(cell.name, cell.source)
    common = {"id": f"cell-{number}", "metadata": cell.metadata}
    if cell.cell_type != "code":
        # Formgrader renders it as it is, in the instructor's browser.
        safe = nh3.clean(source) if nh3.is_html(source) else source
        return {"cell_type": "markdown", "source": safe, **common}
    outputs = read_outputs(result.shown.get(cell.name, b""))
    if cell.name in questions:
        question = questions[cell.name]
        text = f"{question.status}: {question.points:g} of {question.max_points:g}\n"
        outputs = [{"output_type": "stream", "name": "stdout", "text": text + question.message}]
    code = {"cell_type": "code", "source": source, "execution_count": None, "outputs": outputs}
    return code | common
