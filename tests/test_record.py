"""What reaches nbgrader's gradebook, read back with nbgrader's own API."""

import csv
import os
import time
from dataclasses import replace

import fakes
import nbformat
import pytest

from grader import exports
from grader.collect import Submission
from grader.outcome import Outcome
from grader.record import Recorder, RecordError
from grader.store import StoreError

NAME = fakes.NAME


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return fakes.make_course(tmp_path_factory.mktemp("course"))


@pytest.fixture
def recorder(course, tmp_path):
    (tmp_path / "out").mkdir()
    with fakes.quick_gradebooks(), Recorder(tmp_path / "out", course) as recorder:
        recorder.prepare(NAME)
        yield recorder


def submission(tmp_path, student="ada"):
    return Submission(student, NAME, fakes.hand_in(tmp_path / "in", student))


def outcome(course, student="ada", status="graded", cells=(), **points):
    return fakes.outcome(student, NAME, status, points, str(course), cells=cells)


def grades(recorder, student="ada"):
    found = recorder.gradebook.find_submission_notebook(NAME, NAME, student)
    return {grade.name: grade for grade in found.grades}


def test_scores_comments_and_files(recorder, course, tmp_path):
    recorder.record(outcome(course, double=4.5, half=4), submission(tmp_path))
    found = grades(recorder)
    assert found["test-double"].auto_score == 4.5
    assert found["test-half"].auto_score == 4
    assert found["manual-why"].auto_score is None
    assert found["manual-why"].needs_manual_grade
    comment = recorder.gradebook.find_comment("answer-half", NAME, NAME, "ada")
    assert comment.auto_comment == "No response."
    out = recorder.out
    assert (out / "submitted" / "ada" / NAME / f"{NAME}.ipynb").read_bytes() == (
        tmp_path / "in" / "ada" / NAME / f"{NAME}.ipynb"
    ).read_bytes()
    notebook = nbformat.read(out / "autograded" / "ada" / NAME / f"{NAME}.ipynb", as_version=4)
    nbformat.validate(notebook)
    assert any("# mine" in cell.source for cell in notebook.cells)
    marks = recorder.marks(NAME, "ada")
    assert (marks.score, marks.max_score) == (8.5, 15)
    assert [mark.name for mark in marks.cells] == ["double", "half", "why"]


def test_nothing_of_a_student_is_markup_in_the_autograded_notebook(recorder, course, tmp_path):
    evil = "<script>alert(1)</script>"
    show = [nbformat.v4.new_output("display_data", {"text/html": evil, "text/plain": "x"})]
    cells = [nbformat.v4.new_code_cell("1", outputs=show), nbformat.v4.new_markdown_cell(evil)]
    recorder.record(outcome(course, cells=cells), submission(tmp_path))
    path = recorder.out / "autograded" / "ada" / NAME / f"{NAME}.ipynb"
    assert "<script" not in path.read_text()


def test_manual_grades_and_comments_survive_a_regrade(recorder, course, tmp_path):
    recorder.record(outcome(course, double=1), submission(tmp_path))
    found = grades(recorder)
    found["manual-why"].manual_score = 4.5
    found["manual-why"].needs_manual_grade = False
    found["test-half"].extra_credit = 1.0
    found["test-double"].manual_score = 2.0
    comment = recorder.gradebook.find_comment("manual-why", NAME, NAME, "ada")
    comment.manual_comment = "A fine proof."
    recorder.gradebook.db.commit()
    before = recorder.marks(NAME, "ada")
    recorder.record(outcome(course, double=6, half=3), submission(tmp_path))
    after = recorder.marks(NAME, "ada")
    assert [mark.score for mark in before.cells] == [2, 1, 4.5]
    assert [mark.score for mark in after.cells] == [2, 4, 4.5]
    assert grades(recorder)["test-double"].auto_score == 6
    assert grades(recorder)["test-double"].needs_manual_grade  # a person should look again
    assert after.comments == {"manual-why": "A fine proof."}
    assert before.digest != after.digest


def test_recording_twice_changes_nothing(recorder, course, tmp_path):
    path = recorder.out / "autograded" / "ada" / NAME / f"{NAME}.ipynb"
    recorder.record(outcome(course, double=3), submission(tmp_path))
    first = (recorder.marks(NAME, "ada"), path.read_bytes())
    recorder.record(outcome(course, double=3), submission(tmp_path))
    assert (recorder.marks(NAME, "ada"), path.read_bytes()) == first
    assert len(recorder.gradebook.assignment_submissions(NAME)) == 1


@pytest.mark.parametrize("status", ["unreadable", "wrong_assignment", "missing"])
def test_what_cannot_be_graded_has_a_row_of_zeros_and_a_sentence(recorder, tmp_path, status):
    nothing = Outcome("ada", NAME, status, message="The file is not a notebook.")
    recorder.record(nothing, submission(tmp_path))
    assert {grade.auto_score for grade in grades(recorder).values()} == {0}
    assert recorder.marks(NAME, "ada").score == 0
    comments = recorder.gradebook.find_submission_notebook(NAME, NAME, "ada").comments
    assert "The file is not a notebook." in {comment.comment for comment in comments}
    path = recorder.out / "autograded" / "ada" / NAME / f"{NAME}.ipynb"
    assert "The file is not a notebook." in path.read_text()


def test_an_outcome_that_does_not_fit_is_refused(recorder, course, tmp_path):
    fits = outcome(course, double=6)
    wrong = [
        replace(fits, status="grader_error"),
        replace(fits, exercises=fits.exercises[:1]),
        replace(fits, exercises=(fits.exercises[1], replace(fits.exercises[0], id=f"{NAME}/half"))),
    ]
    for bad in wrong:
        with pytest.raises(RecordError):
            recorder.record(bad, submission(tmp_path))


def test_more_points_than_there_are_cannot_be_recorded(recorder, course, tmp_path):
    recorder.record(outcome(course, double=60), submission(tmp_path))
    assert grades(recorder)["test-double"].auto_score == 6


def test_the_time_of_submission_and_a_late_penalty(recorder, course, tmp_path):
    gradebook = recorder.gradebook
    gradebook.update_or_create_assignment(NAME, duedate="2030-01-01T12:00:00")
    given = submission(tmp_path)
    given.path.with_name("timestamp.txt").write_text("2030-01-01 13:00:00 UTC\n")
    recorder.record(outcome(course, double=6), given)
    assert gradebook.find_submission(NAME, "ada").total_seconds_late == 3600
    given.path.with_name("timestamp.txt").write_text("yesterday, I think\n")
    recorder.record(outcome(course, double=6), given)
    assert recorder.marks(NAME, "ada").score == 6


def test_another_version_of_the_notebook_is_refused(recorder, course, tmp_path):
    recorder.record(outcome(course, double=6), submission(tmp_path))
    other = fakes.make_course(tmp_path / "other", more=True)
    with (
        Recorder(recorder.out, other) as second,
        pytest.raises(StoreError, match="Grade into a new folder"),
    ):
        second.prepare(NAME)


def test_csv_files_are_no_danger(recorder, course, tmp_path):
    recorder.record(outcome(course, double=4.5, half=4), submission(tmp_path))
    recorder.gradebook.update_or_create_student("ada", first_name="=1+1", last_name="@x")
    out = recorder.out
    exports.export_grades(recorder.gradebook, out / "grades.csv")
    exports.export_exercises(recorder.gradebook, recorder.order(), out / "exercises.csv")
    with open(out / "grades.csv", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["score"], row["max_score"]) == ("8.5", "15.0")
    assert (row["first_name"], row["last_name"]) == ("'=1+1", "'@x")
    with open(out / "exercises.csv", newline="") as file:
        rows = list(csv.reader(file))
    assert rows == [
        ["student", "assignment", "exercise", "points", "max"],
        ["ada", NAME, "double", "4.5", "6"],
        ["ada", NAME, "half", "4", "4"],
        ["ada", NAME, "why", "0", "5"],
    ]


def test_a_submission_reaches_the_disk_at_once(recorder, course, tmp_path):
    """One commit for the whole submission: quick, and after a crash all of it is there or none."""
    import sqlalchemy

    recorder.record(outcome(course, double=1), submission(tmp_path))
    wrote = []

    def committed(connection):
        raw = connection.connection.dbapi_connection
        wrote.append(raw.in_transaction)

    sqlalchemy.event.listen(recorder.gradebook.engine, "commit", committed)
    recorder.record(outcome(course, "bela", double=2), submission(tmp_path, "bela"))
    sqlalchemy.event.remove(recorder.gradebook.engine, "commit", committed)
    assert wrote.count(True) == 1


def test_what_fails_in_the_middle_leaves_nothing(recorder, course, tmp_path, monkeypatch):
    recorder.record(outcome(course, double=1, half=1), submission(tmp_path))
    before = recorder.marks(NAME, "ada")

    def fail(*_):
        raise RuntimeError("in the middle")

    monkeypatch.setattr(recorder, "_comment", fail)
    with pytest.raises(RuntimeError):
        recorder.record(outcome(course, double=6, half=4), submission(tmp_path))
    with pytest.raises(RuntimeError):
        recorder.record(outcome(course, "bela", double=6), submission(tmp_path, "bela"))
    recorder.gradebook.db.rollback()
    assert recorder.marks(NAME, "ada") == before
    assert [found.student_id for found in recorder.gradebook.assignment_submissions(NAME)] == [
        "ada"
    ]


def test_recording_costs_little(recorder, course, tmp_path):
    recorder.record(outcome(course, double=1), submission(tmp_path))
    began = os.times()
    for i in range(10):
        student = f"s{i}"
        recorder.record(outcome(course, student, double=i / 2), submission(tmp_path, student))
    ended = os.times()
    each = (ended.user - began.user + ended.system - began.system) / 10
    assert each < 0.4, f"{each:.2f} CPU s a submission"
    assert time.thread_time() > 0
