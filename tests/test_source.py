import re
import sys

import pytest

from grader.expand import grade_cell, head_cell, to_notebook
from grader.source import BuildError, read_source

KINDS = ("setup", "helper", "task", "answer", "test", "predict", "manual")

SOURCE = """\
# %% [markdown]
# # Title with $x$

# %% tags=["setup"]
from qlib import ToDo, check

# %% tags=["setup:more"]
import math

# %% tags=["helper"]
half = 0.5

# %% [markdown] tags=["task:double"]
# Twice $x$.

# %% tags=["answer:double"]
def double(x):
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION


# %% tags=["test:double:2.5"]

# %% tags=["experiment"]
# %matplotlib inline
double(3)

# %% tags=["experiment"]
# %matplotlib inline
double(3)

# %% [markdown] tags=["predict:six"]
# *Your guess.*

# %% [markdown] tags=["manual:double:3"]
# ### BEGIN SOLUTION
# By definition.
# ### END SOLUTION
"""


def cells_of(tmp_path, text, name="01_mini"):
    path = tmp_path / f"{name}.py"
    path.write_text(text)
    return read_source(path)


@pytest.fixture
def nodes(tmp_path):
    cells = cells_of(tmp_path, SOURCE)
    notebook = to_notebook("01_mini", cells, hidden={"double"})
    return {node.id: node for node in notebook.cells}


def test_cells_are_read_with_their_tags(tmp_path):
    cells = cells_of(tmp_path, SOURCE)
    assert [cell.kind for cell in cells] == [
        "", "setup", "setup", "helper", "task", "answer", "test", "experiment", "experiment",
        "predict", "manual",
    ]  # fmt: skip
    assert [cell.number for cell in cells] == list(range(1, 12))
    assert cells[0].source == "# Title with $x$"
    assert cells[6].points == 2.5
    assert cells[7].source == "%matplotlib inline\ndouble(3)"
    assert str(cells[5]) == "cell 6 (answer-double, `def double(x):`)"
    assert str(cells[0]) == "cell 1 (`# Title with $x$`)"


def test_ids_are_grade_ids_or_hashes_and_unique(nodes):
    named = [i for i in nodes if i.split("-")[0] in KINDS]
    assert named == [
        "setup-qlib", "setup-1", "setup-more", "helper-1", "task-double", "answer-double",
        "test-double", "predict-six", "manual-double",
    ]  # fmt: skip
    assert len(nodes) == 13  # two equal experiments have two ids
    assert re.fullmatch("[0-9a-f]{12}", next(iter(nodes)))


def test_ids_do_not_depend_on_the_cells_around(tmp_path, nodes):
    cells = cells_of(tmp_path, '# %% tags=["experiment"]\nnew = 1\n\n' + SOURCE)
    again = [node.id for node in to_notebook("01_mini", cells, hidden={"double"}).cells]
    assert again[1:] == list(nodes)


@pytest.mark.parametrize(
    ("cell_id", "grade", "solution", "locked"),
    [
        ("setup-1", False, False, True),
        ("helper-1", False, False, True),
        ("task-double", False, False, True),
        ("answer-double", False, True, False),
        ("test-double", True, False, True),
        ("manual-double", True, True, False),
    ],
)
def test_nbgrader_metadata(nodes, cell_id, grade, solution, locked):
    found = dict(nodes[cell_id].metadata.nbgrader)
    points = found.pop("points", None)
    assert (points is not None) == grade
    assert found == {
        "grade": grade,
        "grade_id": cell_id,
        "locked": locked,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }


def test_points_stay_whole_where_they_are(nodes):
    assert repr(nodes["test-double"].metadata.nbgrader.points) == "2.5"
    assert repr(nodes["manual-double"].metadata.nbgrader.points) == "3"


def test_experiments_may_fail_and_cells_without_a_role_carry_nothing(nodes):
    experiments = [n for n in nodes.values() if "experiment" in n.metadata.get("tags", [])]
    assert [n.metadata.tags for n in experiments] == [["experiment", "raises-exception"]] * 3
    assert nodes["predict-six"].metadata == {"tags": ["predict"]}
    assert next(iter(nodes.values())).metadata == {}


def test_the_grade_cell_is_generated(nodes):
    assert nodes["test-double"].source == (
        'check("double", double)\n'
        "### BEGIN HIDDEN TESTS\n"
        "from grader.exams import examine\n"
        "\n"
        'examine("01_mini/double", double)\n'
        "### END HIDDEN TESTS"
    )
    assert grade_cell("01_mini", "double", hidden=False) == 'check("double", double)'


def test_the_head_cell_accepts_the_course_and_refuses_another_qlib(monkeypatch, nodes):
    import qlib

    head = head_cell()
    assert nodes["setup-qlib"].source == head
    names = {}
    exec(head, names)
    assert {"qlib", "ToDo", "check"} <= set(names)
    monkeypatch.delattr(qlib, "COURSE")
    with pytest.raises(ImportError, match=r"Another package called qlib was imported, from .*qlib"):
        exec(head, {})
    monkeypatch.setitem(sys.modules, "qlib", None)
    with pytest.raises(ImportError, match="has no package qlib"):
        exec(head, {})


def test_without_an_address_there_are_no_links(nodes):
    assert not [n for n in nodes.values() if "colab" in n.source.lower()]


def test_with_an_address_every_notebook_opens_on_colab_and_binder(tmp_path):
    cells = cells_of(tmp_path, SOURCE)
    nodes = to_notebook("01_mini", cells, {"double"}, "some-body/some.course").cells
    (links,) = [n for n in nodes if "mybinder" in n.source]
    path = "notebooks/01_mini/01_mini.ipynb"
    assert f"(https://colab.research.google.com/github/some-body/some.course/blob/main/{path})" in (
        links.source
    )
    assert f"(https://mybinder.org/v2/gh/some-body/some.course/main?labpath={path})" in links.source
    assert nodes[nodes.index(links) + 1].source == head_cell("some-body/some.course")


def test_the_head_cell_installs_on_colab_only_and_only_what_is_missing(monkeypatch):
    import subprocess

    calls = []
    monkeypatch.setattr(subprocess, "check_call", calls.append)
    head = head_cell("some-body/some.course")
    exec(head, {})
    assert calls == []
    real = sys.modules["qlib"]
    monkeypatch.setitem(sys.modules, "qlib", None)
    with pytest.raises(ImportError, match="has no package qlib"):
        exec(head, {})
    assert calls == []
    monkeypatch.setitem(sys.modules, "google.colab", None)
    monkeypatch.setattr(
        subprocess,
        "check_call",
        lambda command: (calls.append(command), sys.modules.update(qlib=real)),
    )
    exec(head, {})
    assert [call[1:4] for call in calls] == [["-m", "pip", "install"]] * 2
    assert calls[-1][-2:] == ["--no-deps", "git+https://github.com/some-body/some.course"]


def test_the_last_cell_shows_where_a_reader_stands(nodes):
    last = list(nodes.values())[-1]
    assert last.source.endswith('progress("01_mini")')
    assert "experiment" in last.metadata.tags


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('# %% tags=["reply:f"]', "line 3 .* has the unknown tag `reply:f`. Known tags: setup"),
        ('# %% tags=["answer"]', "must have the form `answer:NAME`"),
        ('# %% tags=["test:f"]', "must have the form `test:NAME:POINTS`"),
        ('# %% tags=["test:f:many"]', "points are a number"),
        ('# %% tags=["test:f:-1"]', "points are a number"),
        ('# %% tags=["answer:my-f"]', "a name is a letter, then"),
        ('# %% tags=["experiment:x"]', "must have the form `experiment`"),
        ('# %% tags=["experiment", "setup"]', "is not a cell line"),
        ("# %% tags=[experiment]", "is not a cell line"),
        ('# %% tag=["experiment"]', "is not a cell line"),
        ("# %% My cell", "is not a cell line"),
        ('#%% tags=["experiment"]', "is not a cell line"),
        ('# %% [markdwn] tags=["task:f"]', "is not a cell line"),
        ("# %%", "cell 2 .* is a code cell without a tag. Give it `setup`"),
        ('# %% tags=["task:f"]', "is a code cell, but `task` belongs to a markdown cell"),
        ('# %% [markdown] tags=["answer:f"]', "is a markdown cell, but `answer` belongs to a code"),
    ],
)
def test_a_cell_line_that_is_no_decision_is_refused(tmp_path, line, message):
    with pytest.raises(BuildError, match=message) as refusal:
        cells_of(tmp_path, f"# %% [markdown]\n# Text.\n{line}\n# x\n")
    assert str(refusal.value).startswith("01_mini: ")


def test_code_before_the_first_cell_is_refused(tmp_path):
    with pytest.raises(BuildError, match=r"line 2 \(`import os`\) stands before the first cell"):
        cells_of(tmp_path, '\nimport os\n# %% tags=["experiment"]\nx\n')


def test_a_jupytext_header_is_no_cell(tmp_path):
    header = (
        "# ---\n# jupyter:\n#   jupytext:\n#     text_representation:\n#       extension: .py\n"
    )
    header += "#       format_name: percent\n# ---\n\n"
    assert len(cells_of(tmp_path, header + SOURCE)) == 11


def test_all_wrong_lines_are_named_at_once(tmp_path):
    with pytest.raises(BuildError) as refusal:
        cells_of(tmp_path, '# %% tags=["a"]\nx\n# %% tags=["b"]\ny\n')
    assert len(refusal.value.problems) == 2


def test_a_missing_jupytext_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "jupytext", None)
    with pytest.raises(BuildError, match=r"^jupytext is not installed"):
        cells_of(tmp_path, SOURCE)
