"""W6.3 as its reader meets it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from coursepkg.mistakes import MISTAKES
from coursepkg.widgets import GradientDoctor
from coursepkg.widgets.gradient_doctor import BEDS, WARDS, examine

Show = Callable[..., Page]
PATIENTS = [(operation, bed) for operation in WARDS for bed in BEDS]


def symptom(operation: str, bed: str) -> str:
    return MISTAKES[WARDS[operation][BEDS.index(bed)]].symptom


@pytest.mark.browser
@pytest.mark.parametrize("operation", WARDS)
def test_the_guess_comes_before_the_diagnosis(operation: str, show: Show) -> None:
    for bed in BEDS:
        page = show(GradientDoctor(operation=operation, patient=bed))
        expect(page.locator(".cw-picture pre")).to_have_count(0)
        assert examine(operation, bed, "plain").report not in page.inner_text("body")
        page.get_by_role("button", name=symptom(operation, bed)).click()
        expect(page.locator(".cw-picture [role=status]")).to_contain_text("Right.")
        expect(page.locator(".cw-picture pre")).to_have_text(
            examine(operation, bed, "plain").report
        )


@pytest.mark.browser
def test_a_wrong_guess_is_told(show: Show) -> None:
    page = show(GradientDoctor())
    page.get_by_role("button", name=symptom("linear", "2")).click()
    expect(page.locator(".cw-picture [role=status]")).to_contain_text("The marked one it is")
    expect(page.locator(".doc-chosen")).to_contain_text("✗")
    expect(page.locator(".doc-answer")).to_contain_text(symptom("linear", "1"))


@pytest.mark.browser
def test_another_patient_is_another_guess(show: Show) -> None:
    page = show(GradientDoctor(guess=2))
    page.get_by_role("combobox", name="Patient").select_option("3")
    expect(page.locator(".cw-picture pre")).to_have_count(0)


@pytest.mark.browser
def test_one_sample_hides_a_mean(show: Show) -> None:
    page = show(GradientDoctor(guess=1))
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".doc-wrong")).to_have_count(2)
    page.get_by_role("combobox", name="Examined with").select_option("one")
    expect(page.locator(".doc-wrong")).to_have_count(0)
    expect(page.locator(".cw-see")).to_contain_text("A test on these inputs would pass")
    expect(page.locator(".cw-see")).to_contain_text("Hidden on: one sample.")
    expect(page.locator(".cw-picture pre")).to_have_text("nothing is wrong")


@pytest.mark.browser
def test_shapes_that_do_not_fit_are_told(show: Show) -> None:
    page = show(GradientDoctor(patient="2"))
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".cw-see")).to_contain_text("dw has the shape (2, 3) instead of (3, 2)")
    page = show(GradientDoctor(patient="4"))
    expect(page.locator(".doc-none")).to_have_count(3)
    expect(page.locator(".doc-none").first).to_contain_text("an error was raised")


def test_the_prediction_counts_right() -> None:
    hidden = {
        inputs: sum(examine(*patient, inputs).wrong == 0 for patient in PATIENTS)
        for inputs in ("plain", "one", "square", "ones", "positive")
    }
    assert hidden == {"plain": 0, "one": 4, "square": 0, "ones": 2, "positive": 2}


@pytest.mark.parametrize(("operation", "bed"), PATIENTS)
def test_the_engine_names_every_mistake_on_plain_inputs(operation: str, bed: str) -> None:
    report = examine(operation, bed, "plain").report
    assert symptom(operation, bed) in report or "ValueError" in report
