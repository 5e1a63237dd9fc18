"""The directive `{answers}`: the quiz of another page with its explanations, without the asking.

Nothing is written twice. The questions are taken out of the page that asks them when this one is
written, whatever changed there since; `quiz.py` marks where they begin and end::

    ```{answers} /chapters/06-backprop-matrices
    ```
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

Nodes = list[nodes.Node]


class Option(NamedTuple):
    """One option of a question: its words, and why it is right or wrong."""

    right: bool
    label: Nodes
    why: Nodes


class Question(NamedTuple):
    """One question of a quiz."""

    name: str
    title: str
    text: Nodes
    options: list[Option]


class Answers(nodes.General, nodes.Element):
    """Stands where the answers of a page will be, until all pages are read."""


class AnswersDirective(SphinxDirective):
    """The questions of a page, answered."""

    required_arguments = 1  # the page that asks them

    def run(self) -> list[nodes.Node]:
        page, _ = self.env.relfn2path(self.arguments[0])
        self.env.metadata[self.env.docname]["answers"] = "yes"
        return [Answers(page=page.removeprefix("./"))]


def questions(doctree: nodes.document) -> Iterator[Question]:
    """Yield the quiz questions of a page, in their order; predictions are none.

    A question is flat: marks stand between its parts, and all are children of one node.
    """
    for begin in doctree.findall(nodes.raw):
        if begin.get("quiz") != "question" or not begin["title"].startswith("Question"):
            continue
        siblings = begin.parent.children
        found = Question(begin["name"], begin["title"], [], [])
        place = found.text
        for node in siblings[siblings.index(begin) + 1 :]:
            mark = node.get("quiz") if isinstance(node, nodes.raw) else None
            if mark == "end":
                break
            if mark in ("right", "wrong"):
                found.options.append(Option(mark == "right", [], []))
                place = found.options[-1].label
            elif mark == "why":
                place = found.options[-1].why
            elif not (isinstance(node, nodes.raw) and "quiz" in node):
                place.append(node)
        yield found


def answered(question: Question, back: str) -> nodes.container:
    """Return a question with its right answer first, and the link back to where it is asked."""
    name = f"answer-{question.name}"
    head = nodes.paragraph("", "", classes=["answers-head"])
    head += nodes.reference("", question.title, refuri=back, internal=True)
    options = nodes.bullet_list(bullet="-")
    for option in sorted(question.options, key=lambda one: not one.right):
        words = nodes.paragraph("", "", nodes.strong("", "Right: " if option.right else "Wrong: "))
        words.extend(node.deepcopy() for node in option.label)
        item = nodes.list_item("", words, *(node.deepcopy() for node in option.why))
        item["classes"].append("answers-right" if option.right else "answers-wrong")
        options += item
    copies = [node.deepcopy() for node in question.text]
    return nodes.container("", head, *copies, options, ids=[name], classes=["answers-question"])


def at_home(node: nodes.Element, page: str, here: str, uri: str) -> None:
    """Make links of a copy lead where they led: on page `here` nothing of `page` is near."""
    for link in node.findall(nodes.reference):
        if "refid" in link:
            link["refuri"] = f"{uri}#{link['refid']}"
            del link["refid"]
    for pending in node.findall(lambda one: isinstance(one, nodes.Element) and "refdoc" in one):
        pending["refdoc"] = here
    for copy in node.findall(nodes.Element):
        if copy is not node:
            copy["ids"] = []


class FillAnswers(SphinxPostTransform):
    """Put the questions in, before links are resolved."""

    default_priority = 1

    def run(self, **kwargs: Any) -> None:
        here = self.env.docname
        for place in list(self.document.findall(Answers)):
            page = place["page"]
            uri = self.app.builder.get_relative_uri(here, page)
            found = list(questions(self.env.get_doctree(page)))
            filled = [answered(question, f"{uri}#{question.name}") for question in found]
            for question in filled:
                at_home(question, page, here, uri)
            place.replace_self(filled or nodes.paragraph("", "No quiz yet."))


def pages_to_write_again(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Pages of answers depend on all that ask."""
    return [page for page in env.found_docs if env.metadata[page].get("answers")]


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_node(Answers)
    app.add_directive("answers", AnswersDirective)
    app.add_post_transform(FillAnswers)
    app.connect("env-get-outdated", pages_to_write_again)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
