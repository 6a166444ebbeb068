"""`grade --exercise`: one verdict is made anew, the others stay, and each says where it is from."""

import csv
import json
from dataclasses import replace

import fakes
import pytest
from fakes import main

from grader import worker
from grader.merge import can_keep, merged
from grader.outcome import Outcome
from qlib.checks import Report

NAME = fakes.NAME
OLD = {"submission": "s", "assignment": "a", "grader": "1", "limits": "usual"}
NEW = OLD | {"grader": "2"}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    with fakes.quick_gradebooks():
        yield fakes.make_course(tmp_path_factory.mktemp("course"))


def outcome(course, versions, seed, status="graded", names=("double", "half"), **points):
    found = fakes.outcome("ada", NAME, status, points, str(course), seed)
    exercises = tuple(e for e in found.exercises if e.hidden.name in names)
    return replace(found, exercises=exercises, versions=versions)


def test_the_others_stay_and_say_where_they_are_from(course):
    earlier = outcome(course, OLD, 1, double=2, half=1)
    new = outcome(course, NEW, 2, names=("half",), half=4)
    found = merged(earlier, new, ("half",))
    assert [(e.hidden.name, e.points, e.hidden.seed) for e in found.exercises] == [
        ("double", 2, 1),
        ("half", 4, 2),
    ]
    assert found.versions == OLD  # so a run without --exercise examines it again
    assert [e.versions for e in found.exercises] == [{}, NEW]
    assert Outcome.from_json(found.to_json()) == found
    whole = merged(found, outcome(course, NEW, 3, names=("double",), double=6), ("double",))
    assert whole.versions == NEW
    assert [e.versions for e in whole.exercises] == [{}, {}]
    assert whole.score == 10


def test_the_notebook_shows_the_verdicts_that_count(course):
    earlier = outcome(course, OLD, 1, double=2, half=1)
    new = outcome(course, NEW, 2, names=("half",), half=4)
    cells = {
        cell["metadata"].get("nbgrader", {}).get("grade_id"): cell
        for cell in merged(earlier, new, ("half",)).notebook["cells"]
    }
    assert cells["test-double"]["outputs"][-1]["data"]["text/plain"] == "2.0"
    assert cells["test-half"]["outputs"] == []  # the fake shows nothing there
    assert new.notebook["cells"] != []


def test_the_status_of_a_kept_verdict_is_kept(course):
    late = outcome(course, OLD, 1, "timeout", double=2)
    new = outcome(course, NEW, 2, names=("half",))
    assert merged(late, new, ("half",)).status == "graded"  # it was no call of `double`
    (double, half) = late.exercises
    hung = replace(double.hidden.results[0], status="error", symptom="`double` did not finish.")
    report = Report(double.id, (hung, *double.hidden.results[1:]), 1)
    late = replace(late, exercises=(replace(double, hidden=report), half))
    assert merged(late, new, ("half",)).status == "timeout"
    assert merged(late, new, ("half",)).message == late.message
    crashed = outcome(course, NEW, 2, "crashed", names=("half",))
    assert merged(late, crashed, ("half",)).status == "crashed"


def test_a_fault_is_not_mixed_with_verdicts(course):
    earlier = outcome(course, OLD, 1, double=2)
    fault = worker.failed(worker.Submission("ada", NAME, course), "a fault")
    assert merged(earlier, fault, ("half",)) is fault


@pytest.mark.parametrize(
    ("change", "kept"),
    [
        ({}, True),
        ({"grader": "3"}, True),
        ({"limits": "5 s a cell"}, True),
        ({"submission": "t"}, False),
        ({"assignment": "b"}, False),
    ],
)
def test_verdicts_on_another_text_are_never_kept(course, change, kept):
    assert can_keep(outcome(course, OLD, 1), OLD | change) is kept
    assert not can_keep(None, OLD)
    assert not can_keep(outcome(course, OLD, 1, "unreadable"), OLD)


@pytest.mark.parametrize("seconds", [None, 5.0, 0.1, 1e-7])
@pytest.mark.parametrize("unsandboxed", [False, True])
def test_terms_can_be_read_back(seconds, unsandboxed):
    terms = worker.Terms(seconds, unsandboxed)
    assert worker.Terms.read(str(terms)) == terms


def test_one_exercise_of_a_class(tmp_path, course, monkeypatch, capfd):
    monkeypatch.setenv("FAKE_COURSE", str(course))
    monkeypatch.setenv("FAKE_LOG", str(tmp_path / "log"))
    for number, name in enumerate(("ada", "bela", "cleo")):
        fakes.hand_in(tmp_path / "in", name, double=number, half=1)
    line = ["grade", str(tmp_path / "in"), "--out", str(tmp_path / "out"), "--root", str(course)]
    line += ["--examiner", "fakes:examining", "--jobs", "1", "--json", str(tmp_path / "out.json")]
    assert main([*line, "--quiet"]) == 0
    fakes.hand_in(tmp_path / "in", "cleo", double=6, half=1)  # cleo hands in again
    monkeypatch.setenv("FAKE_POINTS", '{"double": 5, "half": 4}')
    assert main([*line, "--exercise", f"{NAME}/half"]) == 0
    with open(tmp_path / "out" / "exercises.csv", newline="") as file:
        rows = {(row["student"], row["exercise"]): row["points"] for row in csv.DictReader(file)}
    assert {name: rows[name, "double"] for name in ("ada", "bela", "cleo")} == {
        "ada": "0",
        "bela": "1",
        "cleo": "5",  # examined whole: the earlier verdicts are about another notebook
    }
    assert {rows[name, "half"] for name in ("ada", "bela", "cleo")} == {"4"}
    shown = capfd.readouterr().out
    assert "earlier verdict on this very notebook: cleo" in shown
    assert f"Only {NAME}/half judged anew" in shown
    found = json.loads((tmp_path / "out.json").read_text())["results"]
    assert [result["score"] for result in found] == [4, 5, 9]

    # nothing about the grader has changed, so the mixed outcomes are as good as any
    assert main([*line, "--quiet"]) == 0
    assert (tmp_path / "log").read_text().split() == ["ada", "bela", "cleo"] * 2
    assert main([*line, "--exercise", "half", "double", "--student", "ada", "--quiet"]) == 0
    assert main([*line, "--exercise", "haf"]) == 2
    error = capfd.readouterr().err
    assert "No exercise is called haf" in error
    assert "half" in error
