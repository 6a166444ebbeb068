"""Kills at random moments, with the real sandbox: the short version of `benchmarks.crash`."""

import contextlib
import random
import sqlite3

import fakes
import pytest

from benchmarks import crash, light
from grader import worker


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A small class that is graded, by hand too."""
    folder = tmp_path_factory.mktemp("crash")
    with pytest.MonkeyPatch.context() as patch, fakes.quick_gradebooks():
        patch.setattr(worker, "_code", lambda assignment: "steady")
        course = crash.Class(folder, light.make_course(folder / "course"), jobs=1)
        rng = random.Random()
        for i in range(6):
            course.hand_in(f"s{i}", rng)
        assert course.start().wait() == 0, (folder / "log").read_text()
        course.grade_by_hand()
        assert course.start().wait() == 0, (folder / "log").read_text()
        assert course.problems() == []
        yield course


def test_after_a_kill_at_any_moment_one_more_run_completes_the_class(graded):
    rng, usual, kills = random.Random(), 2.0, 0
    while kills < 5:
        row, usual = crash.trial(graded, rng, crash.VICTIMS[kills % 4], usual)
        if row:
            assert row["problems"] == [], row
            kills += 1
    said = (graded.folder / "log").read_text()
    assert "Traceback" not in said
    assert "GRADER FAULT" not in said


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE grade SET manual_score = NULL",
        "UPDATE comment SET manual_comment = 'x' WHERE manual_comment IS NOT NULL",
        "UPDATE grade SET auto_score = auto_score + 1",
        "DELETE FROM grade WHERE id = (SELECT min(id) FROM grade)",
        "INSERT INTO submitted_assignment SELECT 'x', assignment_id, 'nobody', timestamp, "
        "extension FROM submitted_assignment LIMIT 1",
    ],
)
def test_what_is_wrong_would_be_seen(graded, statement):
    path = graded.out / "gradebook.db"
    kept = path.read_bytes()
    with contextlib.closing(sqlite3.connect(path)) as base:
        base.execute(statement)
        base.commit()
    assert len(graded.problems()) == 1
    path.write_bytes(kept)
    assert graded.problems() == []


def test_a_missing_page_and_a_half_written_file_would_be_seen(graded):
    page = next(graded.out.glob("feedback/*/*.html"))
    kept = page.read_bytes()
    page.unlink()
    (graded.out / ".x.part").touch()
    assert len(graded.problems()) == 2
    page.write_bytes(kept)
    (graded.out / ".x.part").unlink()
