"""Batches through the command line, with a fake examiner that does what a submission tells it."""

import argparse
import csv
import json
import sys

import fakes
import pytest
from fakes import main

from grader import grade

NAMES = ("ada", "bela", "cleo", "dora")


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return fakes.make_course(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module", autouse=True)
def _quick_gradebooks():
    with fakes.quick_gradebooks():
        yield


@pytest.fixture
def folder(tmp_path, course, monkeypatch):
    monkeypatch.setenv("FAKE_COURSE", str(course))
    monkeypatch.setenv("FAKE_LOG", str(tmp_path / "log"))
    (tmp_path / "log").touch()
    for number, name in enumerate(NAMES):
        fakes.hand_in(tmp_path / "in", name, double=number + 1.5, half=1)
    return tmp_path


def command(folder, course, *more):
    return [
        "grade",
        str(folder / "in"),
        "--out",
        str(folder / "out"),
        "--root",
        str(course),
        "--examiner",
        "fakes:examining",
        "--jobs",
        "1",
        "--json",
        str(folder / "out.json"),
        *more,
    ]


def results(folder):
    found = json.loads((folder / "out.json").read_text())
    return {result["student"]: result for result in found["results"]}


def points(folder):
    """Student -> points in the gradebook's export."""
    with open(folder / "out" / "grades.csv", newline="") as file:
        return {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}


def examined(folder):
    return sorted((folder / "log").read_text().split())


def test_a_class_with_every_kind_of_trouble(folder, course, capfd):
    submissions = folder / "in"
    fakes.hand_in(submissions, "crash", "crashed", double=2)
    fakes.hand_in(submissions, "dead", "die")
    fakes.hand_in(submissions, "fault", "raise")
    fakes.hand_in(submissions, "junk", b"\x00\xff")
    fakes.hand_in(submissions, "loop", "timeout", double=3)
    fakes.hand_in(submissions, "other", "wrong_assignment")
    (submissions / "gone" / fakes.NAME).mkdir(parents=True)
    link = submissions / "link" / fakes.NAME / f"{fakes.NAME}.ipynb"
    link.parent.mkdir(parents=True)
    link.symlink_to(submissions / "dora" / fakes.NAME / f"{fakes.NAME}.ipynb")
    assert main(command(folder, course)) == 1  # faults of the grader
    found = results(folder)
    assert {name: result["status"] for name, result in found.items()} == {
        **dict.fromkeys(NAMES, "graded"),
        "crash": "crashed",
        "dead": "grader_error",
        "fault": "grader_error",
        "gone": "missing",
        "junk": "unreadable",
        "link": "missing",
        "loop": "timeout",
        "other": "wrong_assignment",
    }
    assert list(found) == sorted(found)
    assert found["ada"]["score"] == 2.5
    assert {result["max_score"] for result in found.values()} == {10}
    recorded = points(folder)
    assert recorded["dora"] == 5.5
    assert recorded["loop"] == 3
    assert recorded["other"] == recorded["junk"] == recorded["gone"] == recorded["link"] == 0
    assert not {"dead", "fault"} & set(recorded)
    shown = capfd.readouterr()
    assert "GRADER FAULT" in shown.err
    assert "dora" in shown.out
    assert "12 submissions" in shown.out
    lines = shown.out.splitlines()
    assert [line for line in lines if len(line) > 80 and "Written to" not in line] == []

    # The next run tries the faults again, and nothing else.
    fakes.hand_in(submissions, "fault", double=6, half=4)
    before = examined(folder)
    assert main(command(folder, course)) == 1
    assert results(folder)["fault"]["score"] == 10
    new = [name for name in examined(folder) if examined(folder).count(name) > before.count(name)]
    assert set(new) == {"dead", "fault"}


def test_the_json_is_the_contract(folder, course):
    assert main(command(folder, course, "--quiet")) == 0
    found = json.loads((folder / "out.json").read_text())
    assert set(found) == {"grader", "results"}
    assert {"student", "assignment", "status", "score", "max_score", "seed", "seconds"} <= set(
        found["results"][0]
    )
    exercise = found["results"][0]["exercises"][0]
    assert exercise["id"] == "01_toy/double"
    assert (exercise["points"], exercise["max_points"]) == (1.5, 6)
    assert exercise["checks"][0] == {
        "title": "hand values",
        "passed": False,
        "points": 1.5,
        "max_points": 3.0,
        "message": "3 was given for x = 2. The sum is taken in place of the product.",
    }


def test_only_what_changed_is_examined_again(folder, course):
    quiet = command(folder, course, "--quiet")
    assert main(quiet) == 0
    assert examined(folder) == sorted(NAMES)
    fakes.hand_in(folder / "in", "cleo", double=6, half=4)
    assert main(quiet) == 0
    assert examined(folder) == sorted([*NAMES, "cleo"])
    assert points(folder)["cleo"] == 10
    assert len(results(folder)) == 4
    assert main([*quiet, "--student", "bela", "--force"]) == 0
    assert examined(folder) == sorted([*NAMES, "bela", "cleo"])
    assert list(results(folder)) == ["bela"]
    assert len(points(folder)) == 4


def test_hostile_names_stay_names(folder, course, capfd):
    names = ["[red]x[blue]", "a\nb", "<b>h<b>", "=1+1", "-o", "x" * 200, "\u202eevil"]
    for name in names:
        fakes.hand_in(folder / "in", name, double=1)
    assert main(command(folder, course)) == 0
    assert set(results(folder)) == {*NAMES, *names}
    assert len(points(folder)) == 4 + len(names)
    shown = capfd.readouterr().out
    assert "[red]x[blue]" in shown
    assert "\u202e" not in shown
    for page in (folder / "out" / "feedback").rglob("*.html"):
        assert "<b>h<b>" not in page.read_text()
    for text in ("grades.csv", "exercises.csv"):
        for line in (folder / "out" / text).read_text().splitlines():
            assert not line.startswith(("=", "+", "-", "@"))
    assert {path.name for path in folder.iterdir()} == {"in", "log", "out", "out.json"}


def test_a_damaged_outcome_is_examined_again(folder, course):
    quiet = command(folder, course, "--quiet")
    assert main(quiet) == 0
    path = folder / "out" / "outcomes" / fakes.NAME / "ada.json"
    path.write_text(path.read_text()[:100])
    assert main(quiet) == 0
    assert examined(folder).count("ada") == 2
    assert points(folder)["ada"] == 2.5


def test_what_was_deleted_is_made_again_and_who_left_is_named(folder, course, capfd):
    assert main(command(folder, course, "--quiet")) == 0
    page = folder / "out" / "feedback" / "bela" / f"{fakes.NAME}.html"
    before = page.read_text()
    page.unlink()
    (folder / "in" / "ada").rename(folder / "in" / "adam")
    assert main(command(folder, course)) == 0
    assert page.read_text() == before
    assert "no longer in DIR: ada." in capfd.readouterr().out
    assert set(points(folder)) == {*NAMES, "adam"}


def test_a_lost_gradebook_is_made_again(folder, course):
    quiet = command(folder, course, "--quiet")
    assert main(quiet) == 0
    before = points(folder)
    (folder / "out" / "gradebook.db").unlink()
    assert main(quiet) == 0
    assert points(folder) == before
    assert examined(folder) == sorted(NAMES)


def test_a_locked_gradebook_is_named_and_nothing_is_lost(folder, course, capfd):
    import sqlite3

    quiet = command(folder, course, "--quiet")
    assert main(quiet) == 0
    fakes.hand_in(folder / "in", "cleo", double=6, half=4)
    other = sqlite3.connect(folder / "out" / "gradebook.db")
    other.execute("BEGIN EXCLUSIVE")
    try:
        assert main(quiet) == 1
    finally:
        other.rollback()
        other.close()
    assert "gradebook.db" in capfd.readouterr().err
    assert main(quiet) == 0
    assert points(folder)["cleo"] == 10


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (["--assignment", "09_none"], "There are: 01_toy"),
        (["--student", "nobody"], "nobody"),
        (["--jobs", "-1"], "--jobs"),
        (["--json", "/nowhere/at/all.json"], "--json"),
        (["--examiner", "fakes:no_such"], "no_such"),
    ],
)
def test_wrong_usage_is_met_with_a_sentence(folder, course, capfd, change, sentence):
    assert main(command(folder, course, *change)) == 2
    error = capfd.readouterr().err
    assert sentence in error
    assert "Traceback" not in error


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda f: f.rename(f.parent / "away"), "does not exist"),
        (lambda f: (f.rename(f.parent / "away"), f.write_text("")), "is a file"),
        (lambda f: (f.rename(f.parent / "away"), f.mkdir()), "<student>/<assignment>"),
        (lambda f: (f / "ada").rename(f.parent / "x") and (f.rename(f.parent / "y"),
                    (f.parent / "x").rename(f)), "one student's folder"),
    ],
)  # fmt: skip
def test_a_wrong_dir_is_met_with_the_layout(folder, course, capfd, make, sentence):
    make(folder / "in")
    assert main(command(folder, course)) == 2
    error = " ".join(capfd.readouterr().err.split())
    assert sentence in error
    assert "<student>/<assignment>/<assignment>.ipynb" in error


def test_the_output_of_another_class_is_left_alone(folder, course, capfd):
    assert main(command(folder, course, "--quiet")) == 0
    before = points(folder)
    (folder / "in").rename(folder / "moved")
    fakes.hand_in(folder / "in2", "zoe", double=6)
    other = command(folder, course, "--quiet")
    other[1] = str(folder / "in2")
    assert main(other) == 2
    assert "another class" in capfd.readouterr().err
    assert points(folder) == before
    other[1] = str(folder / "moved")
    assert main([*other, "--moved"]) == 0
    assert main(other) == 0
    assert points(folder) == before


@pytest.mark.parametrize("out", ["in/out", ".", "full", "file"])
def test_an_output_folder_that_will_not_do(folder, course, capfd, out):
    (folder / "full").mkdir()
    (folder / "full" / "thesis.tex").write_text("years of work")
    (folder / "file").write_text("")
    line = command(folder, course)
    line[3] = str(folder / out)
    assert main(line) == 2
    assert "--out" in capfd.readouterr().err
    assert [path.name for path in (folder / "full").iterdir()] == ["thesis.tex"]


def test_a_missing_package_is_named_with_the_cure(folder, course, capfd, monkeypatch):
    monkeypatch.setitem(sys.modules, "nbgrader", None)
    assert main(command(folder, course)) == 2
    error = capfd.readouterr().err
    assert "nbgrader" in error
    assert "pip install" in error
    assert not (folder / "out").exists()


def test_the_known_assignments_are_those_that_are_built(course, tmp_path):
    assert grade.known_assignments(course) == [fakes.NAME]
    with pytest.raises(grade.UsageError, match="build"):
        grade.find(argparse.Namespace(assignment=None, student=None), tmp_path)
