"""Only answers and the student's own cells are taken from a submission."""

import copy
import json

import miniature as m
import pytest

from grader.submission import parse
from grader.transplant import WrongAssignment, definitions_in, transplant


def plan_of(notebook):
    return transplant(m.assignment(), parse(json.dumps(notebook).encode()))


def runs(plan):
    """What runs, in order, with grade cells in between."""
    return [
        f"<{step.name}>" if step.role == "test" else step.run
        for step in plan.steps
        if step.role == "test" or step.run
    ]


SETUP, HELPER = "import numpy as np\n\nfrom qlib import ToDo", "FACTOR = 3"
EXPECTED = [SETUP, m.DOUBLE, "<double>", HELPER, m.TOTAL, "<total>"]


def test_an_honest_submission():
    plan = plan_of(m.solved())
    assert runs(plan) == EXPECTED
    assert (plan.ignored, plan.missing, plan.tampered) == ([], [], False)


def test_solutions_and_hidden_tests_never_come_along():
    for notebook in (m.solved(), m.released()):
        plan = plan_of(notebook)
        assert "CANARY" not in str([(step.source, step.run) for step in plan.steps])
    notebook = m.solved()
    del notebook["cells"][m.index_of(notebook, "answer-double")]
    assert "CANARY" not in str([(step.source, step.run) for step in plan_of(notebook).steps])


def test_own_cells_run_at_their_place():
    notebook = m.with_extra(m.solved(), "answer-double", "a = 1")
    m.with_extra(notebook, "test-double", "b = 2", "c = 3")
    m.with_extra(notebook, "title", "first = 0")
    notebook["cells"].append(m.code("last = 9"))
    assert runs(plan_of(notebook)) == [
        "first = 0", SETUP, "a = 1", m.DOUBLE, "b = 2", "c = 3", "<double>",
        HELPER, m.TOTAL, "<total>", "last = 9",
    ]  # fmt: skip


def test_a_missing_answer_cell_is_missing_and_the_rest_is_graded():
    notebook = m.solved()
    del notebook["cells"][m.index_of(notebook, "answer-double")]
    plan = plan_of(notebook)
    assert plan.missing == ["double"]
    assert runs(plan) == [SETUP, "<double>", HELPER, m.TOTAL, "<total>"]


@pytest.mark.parametrize(
    "cell_id", ["setup-1", "test-double", "helper-1", "test-total", "task-double"]
)
def test_missing_locked_cells_are_there_all_the_same(cell_id):
    notebook = m.solved()
    del notebook["cells"][m.index_of(notebook, cell_id)]
    plan = plan_of(notebook)
    assert runs(plan) == EXPECTED
    assert not plan.tampered


def test_moved_cells_change_nothing():
    notebook = m.solved()
    notebook["cells"].reverse()
    assert runs(plan_of(notebook)) == EXPECTED


def test_a_changed_grade_cell_is_replaced_and_noted():
    notebook = m.solved()
    m.cell_of(notebook, "test-double")["source"] = "1.0"
    plan = plan_of(notebook)
    assert runs(plan) == EXPECTED
    assert plan.tampered
    assert "grade cell of `double`" in plan.ignored[0]


def test_white_space_in_a_grade_cell_is_no_change():
    notebook = m.solved()
    m.cell_of(notebook, "test-double")["source"] += "  \n\n"
    plan = plan_of(notebook)
    assert (plan.tampered, plan.ignored) == (False, [])


@pytest.mark.parametrize(
    "change",
    [{"points": 400}, {"grade": False}, {"locked": False}, {"solution": True}],
)
def test_changed_metadata_are_replaced_and_noted(change):
    notebook = m.solved()
    m.cell_of(notebook, "test-double")["metadata"]["nbgrader"].update(change)
    plan = plan_of(notebook)
    assert runs(plan) == EXPECTED
    assert plan.tampered


def test_lost_metadata_are_no_tampering():
    notebook = m.solved()
    for cell in notebook["cells"]:
        cell["metadata"] = {}
    plan = plan_of(notebook)
    assert runs(plan) == EXPECTED
    assert not plan.tampered


def test_a_retyped_answer_cell_still_counts():
    notebook = m.solved()
    cell = m.cell_of(notebook, "answer-double")
    cell["cell_type"] = "markdown"
    assert runs(plan_of(notebook)) == EXPECTED


def test_skipping_tags_change_nothing():
    notebook = m.solved()
    m.cell_of(notebook, "test-double")["metadata"]["tags"] = ["skip-execution"]
    plan = plan_of(notebook)
    assert runs(plan) == EXPECTED
    assert plan.tampered


def test_ids_and_metadata_lost():
    notebook = m.solved()
    notebook["nbformat_minor"] = 4
    for cell in notebook["cells"]:
        cell["metadata"] = {}
        del cell["id"]
    assert runs(plan_of(notebook)) == EXPECTED


def test_only_the_answers_kept():
    answers = [m.code(m.DOUBLE), m.code(m.TOTAL)]
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": answers}
    assert runs(plan_of(notebook)) == EXPECTED


def _copy_of(notebook, cell_id, source=None):
    cell = copy.deepcopy(m.cell_of(notebook, cell_id))
    cell["id"] = "copied"
    cell["source"] = cell["source"] if source is None else source
    return cell


def test_the_last_copy_before_the_check_counts_as_in_jupyter():
    old = "def double(x):\n    return x"
    for at in ("title", "answer-double"):  # a copy of an old version, kept above
        notebook = m.solved()
        notebook["cells"].insert(m.index_of(notebook, at), _copy_of(notebook, "answer-double", old))
        found = runs(plan_of(notebook))
        assert found.index(old) < found.index(m.DOUBLE) < found.index("<double>")
    notebook = m.solved()  # a better version below the check is too late, as in Jupyter
    notebook["cells"].append(_copy_of(notebook, "answer-double", old))
    assert runs(plan_of(notebook)) == [*EXPECTED, old]


def test_an_empty_copy_counts_for_nothing():
    stub = m.cell_of(m.released(), "answer-double")["source"]
    for place in (0, 6, -1):
        notebook = m.solved()
        notebook["cells"].insert(place, _copy_of(notebook, "answer-double", stub))
        plan = plan_of(notebook)
        assert runs(plan) == EXPECTED
        assert not plan.tampered


def test_a_split_answer_cell_runs_whole():
    notebook = m.solved(double="def helper(x):\n    return 2 * np.asarray(x)")
    rest = "def double(x):\n    return helper(x)"
    at = m.index_of(notebook, "answer-double")
    notebook["cells"].insert(at + 1, _copy_of(notebook, "answer-double", rest))
    found = runs(plan_of(notebook))
    assert found[1:4] == ["def helper(x):\n    return 2 * np.asarray(x)", rest, "<double>"]


def test_an_innocent_copy_of_a_grade_cell_is_dropped():
    notebook = m.solved()
    notebook["cells"].insert(2, _copy_of(notebook, "test-double"))
    plan = plan_of(notebook)
    assert runs(plan) == EXPECTED
    assert not plan.tampered


def test_experiments_do_not_run_but_their_definitions_do():
    notebook = m.solved()
    m.cell_of(notebook, "play")["source"] = (
        "import math\ndef helper():\n    return 1\nhelper()\n1/0"
    )
    assert "import math\ndef helper():\n    return 1" in runs(plan_of(notebook))
    assert runs(plan_of(m.solved())) == EXPECTED


def test_an_import_added_to_a_given_cell_is_kept_and_the_cell_restored():
    notebook = m.solved()
    m.cell_of(notebook, "helper-1")["source"] = "import math\nFACTOR = 99"
    found = runs(plan_of(notebook))
    assert found[3:5] == ["import math", HELPER]


def test_definitions():
    source = "x = 1\n@cache\ndef f():\n    return 1\nf()\nclass A: pass\nfrom os import path"
    assert (
        definitions_in(source)
        == "@cache\ndef f():\n    return 1\nclass A: pass\nfrom os import path"
    )
    assert definitions_in("%matplotlib inline\ndef f(): pass") == ""
    assert definitions_in("(" * 500) == ""


def test_another_notebook():
    strange = {"nbformat": 4, "metadata": {}, "cells": [m.code("print(1)")]}
    with pytest.raises(WrongAssignment, match="mini"):
        plan_of(strange)
    other = m.solved()
    other["metadata"]["q_learning_course"]["assignment"] = "02_bellman"
    with pytest.raises(WrongAssignment, match="02_bellman"):
        plan_of(other)
    with pytest.raises(WrongAssignment):
        plan_of({"nbformat": 4, "metadata": {}, "cells": []})


def test_predictions_are_kept_and_raw_cells_are_shown_as_text():
    notebook = m.solved()
    m.cell_of(notebook, "predict-one")["source"] = "Predict: seven"
    notebook["cells"].append({"cell_type": "raw", "source": "<script>", "metadata": {}})
    plan = plan_of(notebook)
    assert "Predict: seven" in [step.source for step in plan.steps]
    assert (plan.steps[-1].kind, plan.steps[-1].source) == ("markdown", "    <script>")
