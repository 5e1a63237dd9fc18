"""The engine behind `check` and `grade`: what earns points, what is said, what never costs."""

import pickle
import re
import sys
import warnings
from typing import Any

import numpy as np
import pytest

from coursepkg import functional as F
from coursepkg.checks import QUESTIONS, Report, Score, check, examined, grade, hidden_seed
from coursepkg.checks.by_hand import by_hand
from coursepkg.checks.engine import examine
from coursepkg.checks.hints import ladder
from coursepkg.checks.question import Case, Question, Single, Trial
from coursepkg.checks.trials import TrialError, Tried


def reference_functions() -> dict[str, Any]:
    return {
        "linear": F.linear,
        "linear_backward": F.linear_backward,
        "relu": F.relu,
        "relu_backward": F.relu_backward,
        "softmax_ce": F.cross_entropy,
        "softmax_ce_backward": F.cross_entropy_backward,
    }


CORE = [name for name in QUESTIONS if name.removeprefix("A5.") in reference_functions()]


def graded(question: str, points: float = 10, seed: bytes = b"s", **changed: Any) -> Score:
    """Grade the reference with some functions replaced, as a notebook's last line would."""
    namespace = {"grade": grade, **reference_functions(), **changed}
    with hidden_seed(seed):
        score = eval(f"grade({question!r}, points={points})", namespace)
    assert isinstance(score, Score)
    return score


def checked(question: str, **changed: Any) -> Report:
    report = eval(f"check({question!r})", {"check": check, **reference_functions(), **changed})
    assert isinstance(report, Report)
    return report


def not_written(*args: Any) -> Any:
    raise NotImplementedError


@pytest.mark.parametrize("question", CORE)
@pytest.mark.parametrize("points", [1, 3, 2.5, 7])
def test_a_right_answer_gets_all_points_exactly(question: str, points: float) -> None:
    assert graded(question, points) == points
    assert checked(question).ok


@pytest.mark.parametrize("question", CORE)
def test_an_empty_answer_gets_nothing(question: str) -> None:
    empty: dict[str, Any] = dict.fromkeys(reference_functions(), not_written)
    score = graded(question, **empty)
    assert score == 0
    assert score.report.status == "error"
    assert "is not written yet" in str(score.report)


class NoArray:
    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        raise RuntimeError("no array today")


NO_ANSWERS: list[Any] = [
    *(None, (None, None), "right", b"right", [[1], [2, 3]], {}, 10**400, 3 + 4j, True),
    *([float("nan")], [float("inf")], NoArray(), np.datetime64("2020-01-01"), np.zeros((0, 3))),
    *(np.array(["a"]), np.zeros(2, dtype=[("a", float)]), np.array([None, 1]), np.zeros((2,) * 9)),
]


@pytest.mark.parametrize("question", CORE)
@pytest.mark.parametrize("value", NO_ANSWERS, ids=lambda value: repr(value)[:20])
@pytest.mark.parametrize("wrap", [1, 2, 3])
def test_what_is_no_array_of_the_right_shape_gets_nothing(
    question: str, value: object, wrap: int
) -> None:
    answer = value if wrap == 1 else (value,) * wrap
    changed: dict[str, Any] = {QUESTIONS[question].function: lambda *args: answer}
    score = graded(question, **changed)
    assert score == 0
    assert score.report.status == "wrong"


@pytest.mark.parametrize("question", [q for q in CORE if q.endswith("backward")])
def test_zeros_of_the_right_shape_get_the_points_for_the_shape_only(question: str) -> None:
    pair = QUESTIONS[question].pair

    def zeros(dout: Any, cache: Any) -> Any:
        grads = pair.reference_backward(dout, cache)
        return tuple(map(np.zeros_like, grads)) if len(pair.grads) > 1 else np.zeros_like(grads)

    changed: dict[str, Any] = {pair.backward: zeros}
    assert graded(question, **changed) == 1


@pytest.mark.parametrize("position", [0, 1, 2])
def test_one_wrong_gradient_costs_only_its_third(position: int) -> None:
    def one_wrong(dout: Any, cache: Any) -> Any:
        grads = list(F.linear_backward(dout, cache))
        grads[position] = 3 * grads[position]
        return tuple(grads)

    # 10 % for shapes and 10 % for the contract stay; 80 % are shared by three gradients.
    assert graded("A5.linear_backward", linear_backward=one_wrong) == round(10 - 8 / 3, 2)


def test_a_missing_function_is_named() -> None:
    score = graded("A5.relu", relu=None)
    assert score == 0
    assert score.report.status == "error"
    assert "relu is not defined" in str(score.report)


def test_an_exception_is_told_with_its_line_and_the_other_checks_go_on() -> None:
    def fails_on_one_sample(x: Any, w: Any, b: Any) -> Any:
        if len(x) == 1:
            raise ValueError("a batch of one")
        return F.linear(x, w, b)

    score = graded("A5.linear", linear=fails_on_one_sample)
    line = fails_on_one_sample.__code__.co_firstlineno + 2
    assert f"ValueError: a batch of one (line {line} of your cell)" in str(score.report)
    assert score == 10 - 1.5 / len(score.report.kept_back[1:])


def test_sys_exit_in_a_function_fails_a_check_but_ends_nothing() -> None:
    assert graded("A5.relu", relu=lambda x: sys.exit(1)) == 0


def test_a_passed_deadline_is_not_swallowed() -> None:
    class DeadlinePassed(BaseException):
        pass

    def too_slow(x: Any) -> Any:
        raise DeadlinePassed

    with pytest.raises(DeadlinePassed):
        graded("A5.relu", relu=too_slow)


def test_a_report_names_shape_first_wrong_entry_pattern_hint_and_section() -> None:
    def not_divided(dout: Any, cache: Any) -> Any:
        return 2 * F.cross_entropy_backward(dout, cache)

    text = str(checked("A5.softmax_ce_backward", softmax_ce_backward=not_divided))
    positions = [
        text.index(part)
        for part in (
            "dscores is wrong",
            "the worked example (N = 2, C = 3)",
            "(2, 3) as expected, dtype float64 as expected",
            "dscores[0, 0]: yours -0.909969, expected -0.454985",
            "got = 2 x expected everywhere",
            "the loss was a mean over N rows",
            "section 6.6",
            "public checks 1 of 6 passed",
            "hidden checks run after submission: other seeds, N = 1",
        )
    ]
    assert positions == sorted(positions)


def test_a_report_says_which_shape_came_and_which_was_expected() -> None:
    def not_summed(dout: Any, cache: Any) -> Any:
        dx, dw, _ = F.linear_backward(dout, cache)
        return dx, dw, dout

    report = checked("A5.linear_backward", linear_backward=not_summed)
    shape = next(f.detail for f in report.findings if f.tensor == "db" and f.part == "shape")
    assert shape is not None
    assert "db is wrong; dx, dw are right" in str(report)
    assert f"{shape.got_shape}, expected {shape.expected_shape}" in str(report)
    assert "summed over axis 0" in str(report)


def test_a_public_success_does_not_claim_that_all_is_well() -> None:
    text = str(checked("A5.linear_backward"))
    assert "right so far" in text
    assert "public checks 12 of 12 passed" in text
    assert "hidden checks run after submission" in text


def test_a_wrong_number_of_results_is_told() -> None:
    text = str(checked("A5.linear_backward", linear_backward=lambda dout, cache: (dout, dout)))
    assert "must return dx, dw, db, got 2 values" in text
    assert "returned nothing" in str(checked("A5.relu", relu=lambda x: None))


def test_a_wrong_forward_does_not_cost_the_backward_anything() -> None:
    """The backward gets the suggested cache, and the report says so."""

    def wrong(x: Any, w: Any, b: Any) -> Any:
        return x.reshape(len(x), -1) @ w - b, (x, w, b)

    def suggested(dout: Any, cache: Any) -> Any:
        x, w, _ = cache
        return (dout @ w.T).reshape(x.shape), x.reshape(len(x), -1).T @ dout, dout.sum(axis=0)

    score = graded("A5.linear_backward", linear=wrong, linear_backward=suggested)
    assert score == 10
    assert "your linear is not right yet" in str(score.report)
    assert graded("A5.linear", linear=wrong) < 5


def test_any_cache_works_where_the_forward_is_right() -> None:
    def relu(x: Any) -> Any:
        return np.maximum(x, 0), {"open": x > 0}

    def relu_backward(dout: Any, cache: Any) -> Any:
        return np.where(cache["open"], dout, np.zeros_like(dout))

    score = graded("A5.relu_backward", relu=relu, relu_backward=relu_backward)
    assert score == 10
    assert score.report.notes == ()


def test_a_changed_input_costs_part_of_the_contract() -> None:
    def in_place(dout: Any, cache: Any) -> Any:
        dout[cache.x <= 0] = 0
        return dout

    score = graded("A5.relu_backward", relu_backward=in_place)
    assert score == round(10 - 1 / 3, 2)
    assert "changed them" in str(score.report)


def test_a_proxy_is_asked_what_it_saw_change() -> None:
    class Proxy:
        """Hands copies to a function elsewhere, as the grader's proxies do."""

        last_mutated: list[int]

        def __call__(self, dout: Any, cache: Any) -> Any:
            self.last_mutated = [0]
            return F.relu_backward(dout, cache)

    score = graded("A5.relu_backward", relu_backward=Proxy())
    assert "changed them" in str(score.report)


def test_an_answer_that_depends_on_the_last_forward_pass_breaks_the_contract() -> None:
    last = {}

    def linear(x: Any, w: Any, b: Any) -> Any:
        last["cache"] = F.linear(x, w, b)[1]
        return F.linear(x, w, b)

    def linear_backward(dout: Any, cache: Any) -> Any:
        return F.linear_backward(dout, last["cache"])

    score = graded("A5.linear_backward", linear=linear, linear_backward=linear_backward)
    assert score < 10
    assert "another answer than the first time" in str(score.report)


def test_float32_that_turns_into_float64_costs_part_of_the_contract() -> None:
    score = graded("A5.relu", relu=lambda x: (np.maximum(x, 0).astype(float), x))
    assert score == round(10 - 1 / 3, 2)
    assert "did not return float32" in str(score.report)


def test_a_loss_may_be_a_python_float() -> None:
    def softmax_ce(scores: Any, labels: Any) -> Any:
        loss, cache = F.cross_entropy(scores, labels)
        return float(loss), cache

    assert graded("A5.softmax_ce", softmax_ce=softmax_ce) == 10


def test_warnings_and_prints_never_cost_and_never_show(capfd: pytest.CaptureFixture[str]) -> None:
    def noisy(x: Any) -> Any:
        print("noise")
        print("noise", file=sys.stderr)
        warnings.warn("noise", stacklevel=1)
        np.log(np.zeros(3))
        np.seterr(all="raise")
        return F.relu(x)

    assert graded("A5.relu", relu=noisy) == 10
    shown = capfd.readouterr()
    assert "noise" not in shown.out
    assert shown.err == ""


def test_a_seed_gives_the_same_data_again_and_another_seed_gives_other_data() -> None:
    def seen(seed: bytes) -> list[float]:
        inputs: list[float] = []

        def relu(x: Any) -> Any:
            inputs.append(float(x.sum()))
            return F.relu(x)

        graded("A5.relu", seed=seed, relu=relu)
        return inputs

    assert seen(b"ada") == seen(b"ada")
    assert seen(b"ada")[0] != seen(b"boris")[0]


def test_outside_of_a_seed_the_secret_of_the_environment_counts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from coursepkg.checks.seeds import hidden_rng

    assert hidden_rng("q").random() != hidden_rng("q").random()
    monkeypatch.setenv("COURSE_SECRET", "secret")
    assert hidden_rng("q").random() == hidden_rng("q").random()
    assert hidden_rng("q").random() != hidden_rng("r").random()


def test_a_score_is_an_ordinary_float_with_a_report() -> None:
    score = graded("A5.relu", 2)
    assert repr(score) == "2.0"
    again = pickle.loads(pickle.dumps(score))
    assert again == 2
    assert again.report == score.report


def test_wrong_use_is_answered_in_words() -> None:
    with pytest.raises(ValueError, match=r"no question is called 'A5\.lin'; there are: A"):
        check("A5.lin")
    with pytest.raises(ValueError, match="points must be a positive number, got nan"):
        grade("A5.linear", points=float("nan"))
    with pytest.raises(TypeError, match="seed must be bytes"), hidden_seed("text"):  # type: ignore[arg-type]
        pass


def test_a_notebook_shows_a_report_once() -> None:
    formatters = pytest.importorskip("IPython.core.formatters")
    assert formatters.DisplayFormatter().format(checked("A5.relu")) == ({}, {})


def twice_relu(x: Any) -> Any:
    return 2 * np.maximum(x, 0), x


def test_the_derivative_of_a_wrong_forward_earns_its_gradient_points() -> None:
    score = graded(
        "A5.relu_backward", relu=twice_relu, relu_backward=lambda dout, x: 2 * dout * (x > 0)
    )
    parts = {finding.part: finding.ok for finding in score.report.findings}
    assert parts["seeds"]
    assert not parts["example"]
    assert score >= 5
    assert "derivative of your own relu" in str(score.report)


@pytest.mark.parametrize("factor", [0, 1.5, -2])
def test_another_derivative_of_a_wrong_forward_does_not(factor: float) -> None:
    score = graded(
        "A5.relu_backward", relu=twice_relu, relu_backward=lambda dout, x: factor * dout * (x > 0)
    )
    assert score <= 2


def test_nothing_forward_and_nothing_back_earns_shapes_only() -> None:
    score = graded(
        "A5.relu_backward",
        relu=lambda x: (0 * x, x),
        relu_backward=lambda dout, x: 0 * dout,
    )
    assert score <= 1


def _fit_stops(tried: Tried, rng: np.random.Generator) -> None:
    if tried.array("fit", rng.standard_normal(3), shape=(3,)).sum() < 0:
        raise TrialError("the sum is negative")


TRIALS = Question(
    "A9.fit",
    (Trial("a first run", _fit_stops), Trial("a second run", _fit_stops, hidden=True)),
    "section 9.9",
)


@pytest.mark.parametrize(
    ("fit", "points", "text"),
    [
        (np.abs, 10, "behaviour        2 of 2 passed"),
        (lambda x: -np.abs(x), 0, "the sum is negative"),
        (lambda x: x[:2], 0, r"shape \(2,\), where \(3,\) was expected"),
        (lambda x: x + np.nan, 0, "not finite"),
        (lambda x: "no", 0, "returned str"),
        (not_written, 0, "fit is not written yet"),
    ],
)
def test_trials_share_the_points(fit: Any, points: float, text: str) -> None:
    rng = np.random.default_rng(1)
    report = examine(TRIALS, {"fit": fit}, rng, points=10)
    assert report.earned == points
    assert re.search(text, str(report))


def test_a_public_check_runs_public_trials_and_names_the_others() -> None:
    report = examine(TRIALS, {"fit": np.abs}, np.random.default_rng(1))
    assert len(report.findings) == 1
    assert "after submission: a second run" in str(report)


ROWS = Question(
    "A9.row_sums",
    Single(
        function="row_sums",
        outputs=("sums", "count"),
        reference=lambda x: (x.sum(axis=1), len(x)),
        example=Case("two rows", (np.array([[1.0, 2.0], [3.0, 4.0]]),)),
        sample=lambda rng: Case("random rows", (rng.standard_normal((3, 4)),)),
        edges=lambda rng: [Case("one row", (rng.standard_normal((1, 4)),))],
    ),
    "section 9.9",
)


@pytest.mark.parametrize(
    ("row_sums", "least", "most"),
    [
        (lambda x: (x.sum(axis=1), len(x)), 10, 10),
        (lambda x: (x @ np.ones(x.shape[1], x.dtype), float(len(x))), 10, 10),
        (lambda x: (x.sum(axis=0), len(x)), 3, 6),
        (lambda x: x.sum(axis=1), 0, 0),
    ],
)
def test_a_function_without_a_backward_pass(row_sums: Any, least: float, most: float) -> None:
    report = examine(ROWS, {"row_sums": row_sums}, np.random.default_rng(1), points=10)
    assert least <= report.earned <= most


def test_feedback_names_two_mistakes_and_a_check_asks_about_them() -> None:
    def backward(dout: Any, cache: Any) -> Any:
        right = F.linear_backward(dout, cache)
        return right.dx, right.dw / len(dout), dout

    told = str(graded("A5.linear_backward", linear_backward=backward).report)
    asked = str(checked("A5.linear_backward", linear_backward=backward))
    assert re.search("mistake +db has one row for every sample", told)
    assert re.search("mistake +dw is N times too small", told)
    assert "or mistake" not in told
    assert asked.count("ask yourself") == told.count("ask yourself") == 2
    assert "N times too small" not in asked


def test_what_cannot_be_told_apart_is_named_twice() -> None:
    told = str(graded("A5.relu_backward", relu_backward=lambda dout, c: np.maximum(dout, 0)).report)
    assert re.search(r"^  or mistake +\w", told, re.MULTILINE)


def test_an_unknown_mistake_has_no_name() -> None:
    told = str(graded("A5.relu_backward", relu_backward=lambda dout, c: 1.7 * dout).report)
    assert "mistake " not in told
    assert "hint " in told


@pytest.mark.parametrize(
    ("tensor", "words"),
    [
        ("dx", "dx[0, 0] = 1 * 1 + 0 * (-1) = 1"),
        ("dw", "dw[0, 0] = 1 * 1 + 0 * 0 + 2 * 1 = 3"),
        ("db", "db[0] = 1 + 0 + 1 = 2"),
    ],
)
def test_the_first_wrong_entry_of_the_worked_example_is_done_by_hand(
    tensor: str, words: str
) -> None:
    def tripled(dout: Any, cache: Any) -> Any:
        grads = F.linear_backward(dout, cache)
        return grads._replace(**{tensor: 3 * getattr(grads, tensor)})

    text = str(checked("A5.linear_backward", linear_backward=tripled))
    assert f"  by hand      {words}\n" in text
    assert text.count("by hand") == 1


def test_where_no_mistake_is_known_the_last_hint_is_an_entry_on_paper() -> None:
    def softmax(scores: np.ndarray) -> np.ndarray:
        return np.exp(scores - scores.max())

    hints = ladder(examined("A2.softmax", {"softmax": softmax}))
    assert len(hints) == 3
    assert "p[0, 0] = exp(-2) / (exp(-2) + exp(-1) + exp(0))" in hints[2]


@pytest.mark.parametrize("name", [name for name, question in QUESTIONS.items() if question.sums])
def test_an_entry_by_hand_is_the_right_number(name: str) -> None:
    question = QUESTIONS[name]
    assert not isinstance(question.subject, tuple)
    case = question.subject.example
    assert set(question.sums) == set(question.tensors)
    for tensor, right in zip(question.tensors, question.truth(case), strict=True):
        rule = question.sums[tensor]
        for index in np.ndindex(right.shape):
            if isinstance(rule, str):
                text = by_hand(rule, index, question.pair.arrays(case))
            else:
                text = rule(index, case)
            assert text is not None
            assert text.startswith(f"{tensor}[" if index else tensor)
            ends = [float(each) for each in re.findall(r" = (-?[\d.]+(?:e-?\d+)?)(?![\w*])", text)]
            assert any(end == pytest.approx(right[index], rel=1e-5, abs=1e-9) for end in ends)


def test_a_sum_that_nobody_would_read_is_left_out() -> None:
    assert by_hand("s[m] = x[n, m]", (0,), {"x": np.ones((9, 2))}) is None
