"""The student's feedback and the page about a class, by axe-core: light, dark, on a phone."""

import axe
import fakes
import pytest
from browser_fixtures import *  # noqa: F403 (fixtures)

from grader import feedback, report
from grader.class_statistics import Class
from grader.marks import Mark, Marks
from grader.similarity import Pair

pytest.importorskip("playwright", reason="the test extra is not installed")

POINTS = {"double": 4.0, "half": 4.0}


def feedback_page(course):
    outcome = fakes.outcome("ada", fakes.NAME, "graded", POINTS, str(course))
    marks = [Mark("test-double", 4.0, 6.0), Mark("test-half", 4.0, 4.0), Mark("manual-why", 0, 5)]
    return feedback.page(outcome, Marks(tuple(marks)))


def class_page(course):
    found = Class(fakes.NAME, max_score=10.0)
    for number, status in enumerate(("graded", "graded", "timeout")):
        earned = {"double": 2.0 * number, "half": 4.0 - number}
        outcome = fakes.outcome(f"s{number}", fakes.NAME, status, earned, str(course))
        found.add(outcome, earned, sum(earned.values()))
    return report.page(found, [Pair(("s0", "s1"), 0.93, 40, ("double",))])


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return fakes.make_course(tmp_path_factory.mktemp("course"))


@pytest.mark.parametrize("make", [feedback_page, class_page])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_serious_finding(browser, course, make, scheme):
    path = course / f"{make.__name__}.html"
    path.write_text(make(course), encoding="utf-8")
    context = browser.new_context(
        viewport={"width": 360, "height": 800}, color_scheme=scheme, bypass_csp=True
    )
    page = context.new_page()
    page.goto(path.as_uri())
    assert axe.findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    context.close()


def test_the_checker_finds_what_is_wrong(browser):
    page = browser.new_page()
    page.set_content(
        "<html lang=en><title>t</title><main><h1>t</h1>"
        "<img src='data:,'><p style='color:#ccc'>pale</p></main></html>"
    )
    assert {"image-alt", "color-contrast"} <= {rule for rule, *_ in axe.findings(page)}
    page.close()
