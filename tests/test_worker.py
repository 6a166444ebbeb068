"""What a worker makes of one submission."""

import json

import fakes
import pytest

from grader import worker
from grader.outcome import Outcome

VERSIONS = {"submission": "s", "assignment": "a", "grader": "1"}


@pytest.fixture
def job(tmp_path):
    path = fakes.hand_in(tmp_path / "in", "ada", double=2)
    submission = worker.Submission("ada", fakes.NAME, path)
    return worker.Job(submission, VERSIONS, tmp_path / "out" / "ada.json")


def statuses(*given):
    """An examiner that gives these statuses, one after the other; and what it was asked."""
    asked = []

    def examine(path, student, assignment, **more):
        asked.append(more)
        return Outcome(student, assignment, given[len(asked) - 1])

    return examine, asked


def test_the_outcome_is_written_with_what_it_depends_on(job):
    examine, asked = statuses("graded")
    assert worker.do(job, examine) == "graded"
    assert asked == [{}]
    found = Outcome.from_json(job.target.read_text())
    assert found.versions == VERSIONS


@pytest.mark.parametrize("second", ["graded", "crashed", "timeout"])
def test_what_crashes_is_tried_again_since_somebody_else_may_have_killed_it(job, second):
    examine, asked = statuses("crashed", second)
    assert worker.do(job, examine) == second
    assert len(asked) == 2


@pytest.mark.parametrize("status", ["graded", "timeout", "killed_memory", "tampered"])
def test_nothing_else_is_tried_again(job, status):
    examine, asked = statuses(status)
    assert worker.do(job, examine) == status
    assert len(asked) == 1


def test_what_raises_is_a_fault_of_the_grader(job):
    def examine(*_):
        raise RuntimeError("no such thing")

    assert worker.do(job, examine) == "grader_error"
    assert "no such thing" in json.loads(job.target.read_text())["details"]
