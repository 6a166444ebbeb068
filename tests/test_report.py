"""The page about a class."""

import re

import fakes
import numpy as np
import pytest
from browser_fixtures import *  # noqa: F403 (fixtures)
from fakes import main

from grader.class_statistics import Class
from grader.report import page
from grader.similarity import Pair

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>"


@pytest.fixture
def found():
    """A class of six on the toy assignment; 6 points for `double`, 4 for `half`."""
    found = Class("01_toy", max_score=10.0)
    points = [(6, 4), (6, 4), (3, 4), (3, 2), (0, 2), (0, 0)]
    for number, (double, half) in enumerate(points):
        earned = {"double": float(double), "half": float(half)}
        status = "timeout" if number == 5 else "graded"
        outcome = fakes.outcome(f"s{number}", "01_toy", status, earned)
        found.add(outcome, earned, sum(earned.values()))
    return found


def test_exercises_have_difficulty_and_discrimination(found):
    double, half = found.items()
    assert (double.name, double.worth, double.full, double.none) == ("double", 6.0, 2, 2)
    assert double.mean == pytest.approx(0.5)
    assert half.mean == pytest.approx(16 / 24)
    expected = np.corrcoef([6, 6, 3, 3, 0, 0], [4, 4, 4, 2, 2, 0])[0, 1]
    assert double.discrimination == pytest.approx(expected)
    assert half.discrimination == pytest.approx(expected)


def test_mistakes_are_counted_with_who_made_them(found):
    double, _ = found.items()
    (mistake,) = double.mistakes
    assert mistake.text == "The sum is taken in place of the product."
    assert mistake.named
    assert mistake.students == ("s2", "s3", "s4", "s5")


def test_the_points_of_record_count_not_those_of_the_checks():
    found = Class("01_toy", max_score=10.0)
    outcome = fakes.outcome("a", "01_toy", "graded", {"double": 0.0, "half": 0.0})
    found.add(outcome, {"double": 6.0, "half": 0.0}, 6.0)
    assert found.items()[0].full == 1
    assert sum(count for _, count in found.distribution()) == 1
    assert dict(found.distribution())["6 to 7"] == 1


def test_extra_credit_is_in_the_last_bin(found):
    found.totals["s0"] = 12.0
    counts = [count for _, count in found.distribution()]
    assert sum(counts) == 6
    assert counts[-1] == 2


def test_the_page_says_it_all_and_loads_nothing(found):
    html = page(found, [Pair(("s0", "s1"), 0.93, 40, ("double",))])
    assert "<strong>6</strong> submissions" in html
    assert "The sum is taken in place of the product." in html
    assert "s0, s1" in html
    assert "93 % (40)" in html
    assert re.search(r"<dt>timeout</dt><dd>s5</dd>", html)
    assert "default-src 'none'" in html
    assert not re.search(r"<script|<link|<img|\bsrc=|@import|url\(", html)


def test_a_phone_keeps_names_whole_and_a_print_says_who(browser, found, tmp_path):
    path = tmp_path / "class.html"
    path.write_text(page(found, []), encoding="utf-8")
    view = browser.new_page(viewport={"width": 360, "height": 700})
    view.goto(path.as_uri())
    names = view.locator(".wide tbody th")
    heights = names.evaluate_all("nodes => nodes.map(node => node.getClientRects()[0].height)")
    assert max(heights) < 60, "a name is broken over several lines"
    assert view.evaluate("document.documentElement.scrollWidth") <= 360
    assert "s2, s3, s4, s5" not in view.locator("main").inner_text()
    view.emulate_media(media="print")
    assert "s2, s3, s4, s5" in view.locator("main").inner_text()
    view.close()


def test_a_class_of_one_and_a_class_of_none(found):
    assert "–" in page(Class("01_toy"), [])
    alone = Class("01_toy", max_score=10.0)
    alone.add(fakes.outcome("a", "01_toy", "graded", {}), {}, 0.0)
    assert alone.items()[0].discrimination is None
    assert "<strong>1</strong> submissions" in page(alone, [])


def test_nothing_of_a_students_becomes_markup():
    from dataclasses import replace

    found = Class(HOSTILE, max_score=10.0)
    outcome = fakes.outcome("a", "01_toy", "graded", {"double": 1.0})
    (double, half) = outcome.exercises
    bad = replace(double.hidden.results[0], status="error", symptom=HOSTILE, cause=HOSTILE)
    hidden = replace(double.hidden, results=(bad, *double.hidden.results[1:]))
    outcome = replace(outcome, student=HOSTILE, exercises=(replace(double, hidden=hidden), half))
    found.add(outcome, {}, 1.0)
    html = page(found, [Pair((HOSTILE, "b"), 1.0, 9, (HOSTILE,))])
    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;script&gt;" in html


def test_the_command_writes_a_page_for_each_assignment(tmp_path, capsys, monkeypatch):
    course = fakes.make_course(tmp_path / "course")
    for number in range(3):
        fakes.hand_in(tmp_path / "in", f"s{number}", double=number, half=1)
    monkeypatch.setenv("FAKE_COURSE", str(course))
    out = tmp_path / "out"
    line = ["grade", tmp_path / "in", "--out", out, "--root", course, "--jobs", "1", "--quiet"]
    with fakes.quick_gradebooks():
        assert main([*map(str, line), "--examiner", "fakes:examining"]) == 0
    (out / "outcomes/01_toy/s1.json").write_text("{")
    assert main(["report", str(out), "--root", str(course)]) == 0
    html = (out / "report/01_toy.html").read_text()
    assert "<strong>2</strong> submissions" in html
    assert "<strong>why</strong>: 3 to be graded by a person" in html
    assert "s1.json cannot be read and is left out" in capsys.readouterr().err
    assert main(["report", str(out), "--assignment", "02_toy"]) == 2
    assert "no assignment 02_toy; it has 01_toy" in capsys.readouterr().err
    assert main(["report", str(tmp_path)]) == 2
    assert "gradebook.db does not exist" in capsys.readouterr().err
