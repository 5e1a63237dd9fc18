"""Directives that ask the reader something: `{quiz}`, `{predict}` and `{answer}`.

A quiz is a question followed by a list; each item is an option and, below it, its explanation::

    :::{quiz} dw-shape
    What shape has `dw`?

    - [x] `(D, M)`

      A gradient has the shape of its variable.

    - [ ] `(M, D)`

      **Transposed.** ...
    :::

The page works without the script in `_static/quiz.js`: every explanation is then in view. How much
a page asks is noted for the box of `progress.py`.
"""

from html import escape
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

MARKS = {"[ ] ": "wrong", "[x] ": "right"}


def html(text: str, **marks: str) -> nodes.raw:
    """Return HTML as it is; the marks tell `answers.py` what stands behind it."""
    return nodes.raw("", text, format="html", **marks)


def note(env: BuildEnvironment, kind: str) -> None:
    """Remember that the page being read asks one more question of this kind."""
    asks: Any = env.metadata[env.docname].setdefault("asks", {})
    asks[kind] = asks.get(kind, 0) + 1


class Quiz(SphinxDirective):
    """One question, its options, and why each of them is right or wrong."""

    required_arguments = 1  # a name, unique on the page
    has_content = True
    kind: ClassVar[str] = "quiz"
    heading: ClassVar[str] = "Question"
    numbered: ClassVar[bool] = True

    def run(self) -> list[nodes.Node]:
        body = nodes.Element()
        self.state.nested_parse(self.content, self.content_offset, body)
        *question, options = body.children or [None]
        if not question or not isinstance(options, nodes.bullet_list):
            raise self.error("a quiz is a question followed by a list of options")
        if sum(item.astext().startswith("[x] ") for item in options) != 1:
            raise self.error("a quiz needs exactly one right option, marked [x]")
        note(self.env, self.kind)
        name, title = f"quiz-{self.arguments[0]}", self.title()
        parts = [part for i, item in enumerate(options) for part in self.option(name, i, item)]
        return [
            html(
                f'<div class="quiz" id="{name}" data-kind="{self.kind}" role="radiogroup" '
                f'aria-labelledby="{name}-q">'
            ),
            html(
                f'<div class="quiz-question" id="{name}-q"><p class="quiz-head">{title}</p>',
                quiz="question",
                name=name,
                title=title,
            ),
            *question,
            html("</div>", quiz="asked"),
            *parts,
            html('<p class="quiz-foot"><button type="button">Check</button> ', quiz="end"),
            html('<span role="status"></span></p></div>'),
        ]

    def title(self) -> str:
        if not self.numbered:
            return self.heading
        return f"{self.heading} {self.env.new_serialno('quiz') + 1}"

    def option(self, name: str, index: int, item: nodes.Element) -> list[nodes.Node]:
        text = item.astext()
        if text[:4] not in MARKS or len(item.children) < 2:
            raise self.error(f"option {index + 1} needs a mark, [ ] or [x], and an explanation")
        label, *why = item.children
        first = label.children[0]
        label.replace(first, nodes.Text(first.astext()[4:]))
        if not any(part.astext().strip() for part in label if not isinstance(part, nodes.math)):
            raise self.error(f"option {index + 1} needs a word: a formula alone is no label")
        mark, ident = MARKS[text[:4]], f"{name}-{index}"
        return [
            html(
                f'<div class="quiz-option"><input type="radio" name="{name}" id="{ident}" '
                f'value="{mark}"><label for="{ident}">',
                quiz=mark,
            ),
            nodes.inline("", "", *label.children),
            html(f'</label><div class="quiz-why" data-mark="{mark}">', quiz="why"),
            *why,
            html("</div></div>", quiz="explained"),
        ]


class Predict(Quiz):
    """A guess asked for before the text gives the answer away."""

    kind = "predict"
    heading = "Predict"
    numbered = False


class Answer(SphinxDirective):
    """A box for a number. The argument is the right one, the body explains it afterwards."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar[dict[str, Any]] = {
        "label": directives.unchanged_required,
        "hint": directives.unchanged_required,
        "tolerance": float,
    }

    def run(self) -> list[nodes.Node]:
        missing = {"label", "hint"} - self.options.keys()
        if missing:
            raise self.error(f"an answer box needs the option {min(missing)}")
        body = nodes.Element()
        self.state.nested_parse(self.content, self.content_offset, body)
        note(self.env, "answer")
        ident = f"answer-{self.env.new_serialno('answer') + 1}"
        return [
            html(
                f'<form class="answer" data-value="{float(self.arguments[0])!r}" '
                f'data-tolerance="{self.options.get("tolerance", 0.0)!r}" '
                f'data-hint="{escape(self.options["hint"])}">'
                f'<label for="{ident}">{escape(self.options["label"])}</label> '
                f'<input id="{ident}" type="text" inputmode="decimal" autocomplete="off">'
                '<button type="submit">Check</button> <span role="status"></span>'
                '<div class="answer-why">'
            ),
            *body.children,
            html("</div></form>"),
        ]


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("quiz", Quiz)
    app.add_directive("predict", Predict)
    app.add_directive("answer", Answer)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
