"""Honest but odd submissions, `tests/honest`: each earns full marks, as it would in Jupyter."""

import json
import os
import shutil
from pathlib import Path

import pytest
from attacks import corpus, world
from attacks.corpus import ASSIGNMENT, answer_of

from grader.examine import Examiner
from grader.exams import load
from qlib.checks import LocalCaller, run_checks

HONEST = corpus.load(Path(__file__).parent / "honest")
IN_PROCESS = ("classes_and_decorators", "float32_and_lists", "generators_inside", "renamed")

needs_sandbox = pytest.mark.skipif(
    not os.environ.get("CI") and shutil.which("bwrap") is None,
    reason="bubblewrap is not installed",
)


@pytest.fixture(scope="module")
def examiner():
    with Examiner("full") as made:
        yield made


def test_the_corpus_is_wide():
    assert len(HONEST) >= 35


@needs_sandbox
@pytest.mark.parametrize("oddity", HONEST, ids=[oddity.id for oddity in HONEST])
def test_an_honest_submission_gets_full_marks(oddity, examiner, tmp_path):
    path = corpus.hand_in(oddity, tmp_path, {}, world.released(), world.solved())
    outcome = examiner.examine(path, oddity.id, ASSIGNMENT)
    lost = [
        f"{exercise.id}: {result.title}: {result.message}"
        for exercise in outcome.exercises
        for result in exercise.hidden.results
        if not result.passed
    ]
    assert (outcome.score, lost) == (world.FULL, []), outcome.details or outcome.message
    assert outcome.status in ("graded", "tampered"), outcome.message
    assert outcome.level == "full"


@pytest.mark.parametrize("name", IN_PROCESS)
def test_the_same_in_the_process_of_a_kernel(name):
    oddity = next(oddity for oddity in HONEST if oddity.id == name)
    nb = json.loads(corpus.notebook(oddity, {}, world.solved()))
    names = {"__name__": "notebook"}
    for cell in nb["cells"]:
        given = cell["metadata"].get("nbgrader", {})
        extra = cell["cell_type"] == "code" and not cell["metadata"]
        locked = given.get("locked") and not given.get("grade") and cell["cell_type"] == "code"
        if answer_of(cell) or extra or locked:
            exec(compile("".join(cell["source"]), cell["id"], "exec"), names)
    for exercise in load(ASSIGNMENT).values():
        caller = LocalCaller({exercise.name: names[exercise.name]}, quiet=True)
        report = run_checks(exercise, caller, seed=1)
        assert report.passed, report.text()
