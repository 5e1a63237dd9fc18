"""A page holds whatever students wrote, and does nothing with it."""

import pytest

from autograder.course import Student
from autograder.course_yml import Policy
from autograder.feedback import page
from autograder.manifest import Cell, Manifest
from autograder.pages import from_markdown, plain
from autograder.rubric import QuestionResult, Status, SubmissionResult
from autograder.scores import Score

EVIL = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "</pre><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "![x](http://example.org/who-reads-this.png)",
    "<style>body{display:none}</style>",
    "<form action=http://example.org><input name=password></form>",
    "<meta http-equiv=refresh content='0;url=http://example.org'>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
]
ALIVE = (
    *("<script", "<img", "<svg onload", "<iframe", "<form", "<input", "<meta http-equiv=refresh"),
    *('href="javascript', "href='javascript", "<mglyph", "display:none}</style>"),
)


def _page(evil: str) -> str:
    cells = [
        Cell("f_solution", "solution", "code", 0, "", "", {}),
        Cell("f", "test", "code", 1, "", "", {}),
        Cell("explain", "manual", "markdown", 2, "", "", {}),
    ]
    question = QuestionResult("f", 0.0, 1.0, Status.ERROR, evil, evil)
    answers = {"f_solution": evil, "explain": evil}
    result = SubmissionResult("mallory", "T1", "", [question], answers, [evil])
    score = Score(Student("mallory", evil, evil), result, {"explain": None}, 3.0)
    return page(score, Manifest("T1", cells), Policy())


@pytest.mark.parametrize("evil", EVIL)
def test_nothing_comes_alive(evil: str) -> None:
    text = _page(evil)
    assert not [sign for sign in ALIVE if sign in text.lower()]


@pytest.mark.parametrize("evil", EVIL)
def test_markdown_keeps_only_what_is_harmless(evil: str) -> None:
    html = str(from_markdown(evil)).lower()
    assert not [sign for sign in (*ALIVE, "<style", "onerror=", "onload=") if sign in html]


def test_markdown_is_still_markdown() -> None:
    html = from_markdown("**bold** `code` and $x < y$\n\n- item\n\n[book](https://example.org)")
    for tag in ("<strong>bold</strong>", "<code>code</code>", "<li>item", 'href="https://'):
        assert tag in html


def test_colours_of_a_terminal_are_dropped() -> None:
    assert plain("\x1b[31mred\x00\n\tend") == " [31mred \n\tend"


def test_the_policy_allows_its_own_style_only() -> None:
    text = _page("x")
    policy = text.split('Content-Security-Policy" content="')[1].split('"')[0]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
