import fnmatch
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest

from grader import build as building
from grader.__main__ import main
from grader.audit import check_release
from grader.build import BuildError, assignments, build, outdated, write

ROOT = Path(__file__).parent.parent
NAME = "90_mini"

SOURCE = """\
# %% [markdown]
# # A small assignment

# %% tags=["setup"]
import numpy as np

# %% [markdown] tags=["task:discounted_returns"]
# Write it.


# %% tags=["answer:discounted_returns"]
def discounted_returns(r, gamma, last_value=0.0):
    # The discounted return from each step on.
    ### BEGIN SOLUTION
    sesame = []
    for reward in reversed(list(r)):
        last_value = reward + gamma * last_value
        sesame.append(last_value)
    return sesame[::-1]
    ### END SOLUTION


# %% tags=["test:discounted_returns:8"]

# %% tags=["experiment"]
discounted_returns(np.ones(2), 0.5)

# %% [markdown] tags=["task:proof"]
# Prove it.

# %% [markdown] tags=["manual:proof:3"]
# ### BEGIN SOLUTION
# The model answer.
# ### END SOLUTION

# %% [markdown] tags=["predict:next"]
# *Your guess.*
"""
ANSWER = SOURCE[SOURCE.index("    sesame = []") : SOURCE.index("    ### END SOLUTION")]


def exams(assignment):
    return {f"{assignment}/discounted_returns": SimpleNamespace(points=8.0)}


def course(root, source=SOURCE, name=NAME):
    folder = root / "solutions" / name
    (folder / "figures").mkdir(parents=True)
    (folder / f"{name}.py").write_text(source)
    (folder / "helper.py").write_text("sesame = 1\n")
    (folder / "data.csv").write_text("1,2\n")
    (folder / "figures" / "grid.svg").write_text("<svg/>")
    shutil.copy(ROOT / "nbgrader_config.py", root)
    return root


def tree(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def nbgrader(root, *args):
    """Run the stock command; alembic, which it calls, stands beside this Python."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-m", "nbgrader", *args],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    """A course built by `python -m grader build`."""
    root = course(tmp_path_factory.mktemp("ours"))
    write(build(root=root, exams=exams), root)
    return root


@pytest.fixture(scope="module")
def stock(ours, tmp_path_factory):
    """The same course, released by `nbgrader generate_assignment`."""
    root = tmp_path_factory.mktemp("stock")
    shutil.copytree(ours, root, dirs_exist_ok=True, ignore=shutil.ignore_patterns("notebooks"))
    nbgrader(root, "generate_assignment", NAME)
    return root


def read(root, folder="notebooks"):
    return nbformat.read(root / folder / NAME / f"{NAME}.ipynb", as_version=4)


def test_the_release_is_what_nbgrader_makes(ours, stock):
    assert [dict(c) for c in read(ours).cells] == [dict(c) for c in read(stock).cells]
    assert tree(ours / "notebooks") == tree(stock / "notebooks")


def test_no_solution_hidden_check_or_source_reaches_the_release(stock):
    files = tree(stock / "notebooks" / NAME)
    assert sorted(files) == [f"{NAME}.ipynb", "data.csv", "figures/grid.svg"]
    text = files[f"{NAME}.ipynb"].decode()
    source = (stock / "solutions" / NAME / f"{NAME}.ipynb").read_text()
    for trace in ("sesame", "model answer", "BEGIN", "HIDDEN", "examine", "grader.exams"):
        assert trace not in text
        assert trace in source


def test_the_student_gets_stubs(ours):
    cells = {cell.id: cell for cell in read(ours).cells}
    assert cells["answer-discounted_returns"].source.endswith(
        "from each step on.\n    # your code here\n    raise ToDo"
    )
    assert cells["manual-proof"].source == "*Your answer here.*"
    assert (
        cells["test-discounted_returns"].source == 'check("discounted_returns", discounted_returns)'
    )


def test_a_source_passes_the_linter_as_it_is(tmp_path):
    root = course(tmp_path)
    shutil.copy(ROOT / "pyproject.toml", root)
    for command in (["check"], ["format", "--check"]):
        ruff = [sys.executable, "-m", "ruff", *command, "--no-cache", f"solutions/{NAME}/{NAME}.py"]
        done = subprocess.run(ruff, cwd=root, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_source_notebook_is_valid_and_has_no_outputs(ours):
    notebook = read(ours, "solutions")
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert notebook.metadata.kernelspec.name == "python3"
    assert all(not cell.get("outputs") for cell in notebook.cells)


def test_building_twice_gives_the_same_bytes(ours):
    again = build(root=ours, exams=exams)
    assert write(again, ours) == []
    assert outdated(again, [NAME], ours) == []
    assert set(again) == {f"notebooks/{n}" for n in tree(ours / "notebooks")} | {
        f"solutions/{NAME}/{NAME}.ipynb"
    }


def test_validate_praises_a_solved_notebook_and_no_other(ours, tmp_path):
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    notebook = read(ours)
    nbformat.write(notebook, tmp_path / "blank.ipynb")
    for cell in notebook.cells:
        if cell.id == "answer-discounted_returns":
            stub = "    # your code here\n    raise ToDo"
            assert stub in cell.source
            cell.source = cell.source.replace(stub, ANSWER.rstrip())
        if cell.id == "manual-proof":
            cell.source = "My proof."
    nbformat.write(notebook, tmp_path / "solved.ipynb")
    assert "Success! Your notebook passes" in nbgrader(tmp_path, "validate", "solved.ipynb").stdout
    blank = nbgrader(tmp_path, "validate", "blank.ipynb").stdout
    assert "VALIDATION FAILED ON 2 CELL(S)" in blank
    assert "To do" in blank


# --- refusals -------------------------------------------------------------------------------------

ANSWER_CELL = r"cell 4 (answer-discounted_returns, `def discounted_returns(r, gamma"
TEST_CELL = r"cell 5 (test-discounted_returns, `"


def replaced(old, new):
    assert SOURCE.count(old) >= 1
    return SOURCE.replace(old, new, 1)


REFUSED = {
    "begin without end": (replaced("    ### END SOLUTION\n", ""), ANSWER_CELL, "is never closed"),
    "end without begin": (
        replaced("    ### BEGIN SOLUTION\n", ""),
        ANSWER_CELL,
        "`### END SOLUTION` without its other half",
    ),
    "nested": (
        replaced("    sesame = []\n", "    ### BEGIN SOLUTION\n"),
        ANSWER_CELL,
        "`### BEGIN SOLUTION` without its other half",
    ),
    "no region": (
        replaced("    ### BEGIN SOLUTION\n", "").replace("    ### END SOLUTION\n", "", 1),
        ANSWER_CELL,
        "nothing stands between",
    ),
    "no region in a written answer": (
        replaced("# ### BEGIN SOLUTION\n# The model answer.\n# ### END SOLUTION", "# The answer."),
        "cell 8 (manual-proof, `The answer.`)",
        "nothing stands between",
    ),
    "misspelt": (
        replaced("    sesame = []\n", "    # BEGN SOLUTION\n"),
        ANSWER_CELL,
        "`# BEGN SOLUTION` reads like a marker",
    ),
    "misspelt hidden": (
        replaced("    sesame = []\n", "    ### BEGIN HIDDN TESTS\n"),
        ANSWER_CELL,
        "`### BEGIN HIDDN TESTS` reads like a marker",
    ),
    "lower case": (
        replaced("### BEGIN SOLUTION", "### begin solution"),
        ANSWER_CELL,
        "`### begin solution` reads like a marker",
    ),
    "more on the line": (
        replaced("### BEGIN SOLUTION", "### BEGIN SOLUTION: easy"),
        ANSWER_CELL,
        "`### BEGIN SOLUTION: easy` reads like a marker",
    ),
    "solution in a setup cell": (
        replaced("import numpy as np\n", "import numpy as np\n### BEGIN SOLUTION\n"),
        "cell 2 (setup-1, `import numpy",
        "does not belong here",
    ),
    "solution in an experiment": (
        replaced("discounted_returns(np.ones(2), 0.5)", "### BEGIN SOLUTION\n3\n### END SOLUTION"),
        "cell 6 (`### BEGIN SOLUTION`)",
        "does not belong here",
    ),
    "solution in plain text": (
        replaced("# # A small assignment", "# ### BEGIN SOLUTION\n# x\n# ### END SOLUTION"),
        "cell 1 (`### BEGIN SOLUTION`)",
        "does not belong here",
    ),
    "hidden test in an answer": (
        replaced("    sesame = []", "    ### BEGIN HIDDEN TESTS\n    ### END HIDDEN TESTS"),
        ANSWER_CELL,
        "does not belong here",
    ),
    "own grade cell": (
        replaced('returns:8"]\n', 'returns:8"]\nassert discounted_returns([1], 0) == [1]\n'),
        TEST_CELL,
        "a test cell is generated",
    ),
    "unknown tag": (replaced('"setup"', '"set-up"'), "line 4", "unknown tag `set-up`"),
    "no tag": (replaced(' tags=["setup"]', ""), "cell 2", "is a code cell without a tag"),
    "doubled id": (
        SOURCE + '\n# %% [markdown] tags=["task:proof"]\n# Again.\n',
        "cell 10 (task-proof, `Again.`)",
        "the id task-proof is used twice",
    ),
    "doubled prediction": (
        SOURCE + '\n# %% [markdown] tags=["predict:next"]\n# Again.\n',
        "cell 10 (`Again.`)",
        "the id predict-next is used twice",
    ),
    "reserved id": (
        replaced('"setup"', '"setup:qlib"'),
        "cell 2 (setup-qlib, ",
        "the id setup-qlib is used twice",
    ),
    "answer without test": (
        replaced('# %% tags=["test:discounted_returns:8"]\n', ""),
        ANSWER_CELL,
        "there is no test cell for this answer",
    ),
    "test without answer": (
        SOURCE + '\n# %% tags=["test:rollout:4"]\n',
        "cell 10 (test-rollout, `empty`)",
        "there is no answer cell for this test",
    ),
    "test before answer": (
        '# %% tags=["test:discounted_returns:8"]\n\n'
        + replaced('# %% tags=["test:discounted_returns:8"]\n', ""),
        "cell 5 (answer-discounted_returns",
        "its test cell stands before it",
    ),
    "written answer without question": (
        replaced('"task:proof"', '"task:prove"'),
        "cell 8 (manual-proof",
        'Add `# %% [markdown] tags=["task:proof"]`',
    ),
    "no setup": (
        replaced('"setup"', '"helper"'),
        NAME,
        'no cell has the tag "setup"',
    ),
    "other points": (
        replaced("returns:8", "returns:7"),
        "cell 5 (test-discounted_returns, `empty`)",
        "the tag says 7 points, the hidden checks of 90_mini/discounted_returns sum to 8",
    ),
    "no hidden check": (
        SOURCE
        + '\n# %% tags=["answer:g"]\n### BEGIN SOLUTION\ng = len\n### END SOLUTION\n'
        + '\n# %% tags=["test:g:1"]\n',
        "cell 11 (test-g, `empty`)",
        "grader/exams/nb90_mini.py has no hidden check for 90_mini/g",
    ),
    "grader imported": (
        replaced("import numpy as np", "from grader import build"),
        "cell 3 of the release (setup-1, `from grader import build`)",
        "refers to the grader: `from grader`",
    ),
    "exams imported": (
        replaced("ones(2), 0.5)", "ones(2), 0.5)\nimport numpy, grader.exams.nb90_mini as exam"),
        "cell 7 of the release (",
        "refers to the grader: `import numpy, grader`",
    ),
    "no source": (None, NAME, "solutions/90_mini/90_mini.py does not exist"),
}


@pytest.mark.parametrize(("source", "where", "why"), REFUSED.values(), ids=REFUSED)
def test_a_source_is_refused(tmp_path, source, where, why):
    root = course(tmp_path, source or "")
    if source is None:
        (root / "solutions" / NAME / f"{NAME}.py").unlink()
    with pytest.raises(BuildError) as refusal:
        build(root=root, exams=exams)
    problem = next(p for p in refusal.value.problems if why in p)
    assert problem.startswith(f"{NAME}: ")
    assert where in problem


def second_notebook(root):
    (root / "solutions" / NAME / "draft.ipynb").write_text("{}")


def link(root):
    (root / "solutions" / NAME / "more").symlink_to(root / "solutions" / NAME / f"{NAME}.py")


def released_source(root):
    (root / "notebooks" / NAME).mkdir(parents=True)
    (root / "notebooks" / NAME / "old.py").write_text("")


def source_not_ignored(root):
    config = root / "nbgrader_config.py"
    config.write_text(config.read_text().replace('    "*.py",\n', ""))


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (second_notebook, "90_mini: draft.ipynb is a second notebook"),
        (link, "90_mini: more is a link"),
        (released_source, "a source file stands in the release: notebooks/90_mini/old.py"),
        (source_not_ignored, "90_mini: notebooks/90_mini/helper.py would be released"),
        (lambda root: (root / "nbgrader_config.py").unlink(), "has no nbgrader_config.py"),
    ],
)
def test_a_folder_is_refused(tmp_path, spoil, why):
    root = course(tmp_path)
    spoil(root)
    with pytest.raises(BuildError) as refusal:
        build(root=root, exams=exams)
    assert any(why in problem for problem in refusal.value.problems)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"outputs": [{"output_type": "stream", "name": "stdout", "text": "1"}]}, "stores outputs"),
        ({"execution_count": 3}, "stores outputs"),
        ({"source": "x  # END HIDDEN TESTS"}, "still contains `END HIDDEN TEST`"),
        ({"source": "x  # begin  solution"}, "still contains `begin  solution`"),
        ({"metadata": {"note": "BEGIN SOLUTION"}}, "still contains `BEGIN SOLUTION`"),
        ({"source": "examine('90_mini/f', f)"}, "refers to the grader: `examine(`"),
        ({"source": "import_module('grader.exams')"}, "refers to the grader: `grader.exams`"),
    ],
)
def test_traces_in_a_finished_release_are_found(ours, change, why):
    notebook = read(ours)
    assert check_release(NAME, notebook) == []
    cell = next(cell for cell in notebook.cells if cell.id == "setup-1")
    cell.update(nbformat.from_dict(change))
    (problem,) = check_release(NAME, notebook)
    assert problem.startswith("90_mini: cell 3 of the release (")
    assert why in problem


def test_hidden_checks_without_exercise_are_refused(tmp_path):
    more = exams(NAME) | {f"{NAME}/rollout": SimpleNamespace(points=5)}
    with pytest.raises(BuildError, match="has hidden checks for 90_mini/rollout, but no cell asks"):
        build(root=course(tmp_path), exams=lambda name: more)


def test_an_exam_that_cannot_be_loaded_is_named(tmp_path):
    def broken(name):
        raise SyntaxError("here")

    with pytest.raises(BuildError, match=r"nb90_mini.py cannot be loaded: SyntaxError\('here'\)"):
        build(root=course(tmp_path), exams=broken)


def test_an_exercise_without_points_needs_no_hidden_check(tmp_path):
    root = course(tmp_path, SOURCE.replace("returns:8", "returns:0"))
    files = build(root=root, exams=lambda name: {})
    assert b"examine" not in files[f"solutions/{NAME}/{NAME}.ipynb"]
    points = SimpleNamespace(points=0)
    files = build(root=root, exams=lambda name: {f"{NAME}/discounted_returns": points})
    assert b"examine" in files[f"solutions/{NAME}/{NAME}.ipynb"]


def test_exercises_with_and_without_points_get_their_hidden_checks(tmp_path):
    extra = '\n# %% tags=["answer:g"]\n### BEGIN SOLUTION\ng = len\n### END SOLUTION\n'
    root = course(tmp_path, SOURCE + extra + '\n# %% tags=["test:g:0"]\n')
    more = exams(NAME) | {f"{NAME}/g": SimpleNamespace(points=0)}
    text = build(root=root, exams=lambda name: more)[f"solutions/{NAME}/{NAME}.ipynb"].decode()
    assert text.count("BEGIN HIDDEN TESTS") == 2
    text = build(root=root, exams=None)[f"solutions/{NAME}/{NAME}.ipynb"].decode()
    assert text.count("BEGIN HIDDEN TESTS") == 1


@pytest.mark.parametrize("module", ["nbgrader.converters", "nbconvert.exporters"])
def test_a_missing_dependency_is_one_sentence(tmp_path, monkeypatch, module):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(BuildError) as refusal:
        build(root=course(tmp_path), exams=exams)
    (problem,) = refusal.value.problems
    assert problem.startswith(f"{module} is not installed. Get the grader's part: pip install")


# --- the command ----------------------------------------------------------------------------------


@pytest.fixture
def command(monkeypatch, capsys):
    """Run `python -m grader build`: (exit code, stdout, stderr)."""
    monkeypatch.setattr(building, "load_exams", exams)

    def run(root, *args):
        code = main(["build", *args, "--root", str(root)])
        return code, *capsys.readouterr()

    return run


def test_check_says_what_is_out_of_date(tmp_path, command):
    root = course(tmp_path)
    code, out, _ = command(root, "--check")
    assert code == 1
    assert f"notebooks/{NAME}/{NAME}.ipynb is missing." in out
    assert not (root / "notebooks").exists()

    assert command(root, NAME)[0] == 0
    assert command(root, "--check")[0] == 0

    released = root / "notebooks" / NAME
    (released / f"{NAME}.ipynb").write_text("{}")
    (released / "old.png").write_text("")
    (released / ".ipynb_checkpoints").mkdir()
    (released / ".ipynb_checkpoints" / "x.ipynb").write_text("")
    code, out, _ = command(root, "--check")
    assert code == 1
    assert out.splitlines() == [
        f"notebooks/{NAME}/{NAME}.ipynb is out of date.",
        f"notebooks/{NAME}/old.png is not part of the build; delete it.",
        "Run: python -m grader build",
    ]


def test_nothing_is_written_if_anything_is_refused(tmp_path, command):
    root = course(tmp_path)
    course(root / "second", SOURCE.replace('"setup"', '"stup"'), "91_bad")
    shutil.move(root / "second" / "solutions" / "91_bad", root / "solutions")
    before = tree(root)
    code, out, err = command(root)
    assert (code, out) == (1, "")
    assert err.startswith("Nothing was written. 1 problem(s):\n- 91_bad: line 4 ")
    assert tree(root) == before
    assert command(root, NAME)[0] == 0


def test_an_unknown_name_is_wrong_usage(tmp_path, command):
    code, _, err = command(course(tmp_path), "90_mimi")
    assert code == 2
    assert "No assignment is called 90_mimi. There are: 90_mini" in err


def test_a_preview_asks_for_no_hidden_checks_and_leaves_the_course_alone(tmp_path, command):
    root = course(tmp_path / "course", SOURCE.replace("returns:8", "returns:9"))
    before = tree(root)
    assert command(root)[0] == 1
    assert command(root, "--preview", str(tmp_path / "out"))[0] == 0
    assert (tmp_path / "out" / "notebooks" / NAME / f"{NAME}.ipynb").is_file()
    assert tree(root) == before
    assert command(root, "--preview", str(root))[0] == 2


# --- this repository ------------------------------------------------------------------------------


def test_the_configuration_ignores_what_nbgrader_ignores_and_all_sources():
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config.loader import PyFileConfigLoader

    config = PyFileConfigLoader("nbgrader_config.py", path=str(ROOT)).load_config()
    course_directory = CourseDirectory(config=config)
    assert set(CourseDirectory().ignore) < set(course_directory.ignore)
    assert any(fnmatch.fnmatch("01_mdp.py", pattern) for pattern in course_directory.ignore)
    assert course_directory.source_directory == "solutions"
    assert course_directory.release_directory == "notebooks"


def test_the_committed_notebooks_are_what_the_sources_build():
    assert outdated(build(), assignments()) == []
