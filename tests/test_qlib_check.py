import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from qlib.__main__ import main
from qlib.notebook import NotebookError, read_notebook
from qlib.runner import run_notebook

# Checks that stand in for those of 01_mdp, so that this file tests the runner alone.
FAKE_CHECKS = """\
import sys, types
from qlib.checks import Exercise, close
fake = types.ModuleType("qlib.checks.nb01_mdp")
fake.a, fake.b = Exercise("01_mdp/discounted_returns"), Exercise("01_mdp/rollout")
for exercise in (fake.a, fake.b):
    @exercise.check("hand value", hint="Count.")
    def hand_value(answer, rng):
        close(answer(2.0), 4.0)
sys.modules["qlib.checks.nb01_mdp"] = fake
from qlib import ToDo, check
"""


def code(source, grade_id="", points=None, tags=()):
    metadata = {"tags": list(tags)} if tags else {}
    if grade_id:
        metadata["nbgrader"] = {
            "grade_id": grade_id,
            "grade": points is not None,
            "solution": grade_id.startswith("answer"),
            "points": points,
        }
    return {"cell_type": "code", "source": source, "metadata": metadata, "outputs": []}


def exercise(name, answer, points=5):
    return [
        code(answer, f"answer-{name}"),
        code(f'check("{name}", {name})', f"test-{name}", points),
    ]


def notebook(tmp_path, *cells, metadata=None, name="01_mdp.ipynb"):
    data = {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata or {}, "cells": list(cells)}
    path = tmp_path / name
    path.write_text(json.dumps(data))
    return path


def run(path, seconds=20.0):
    return list(run_notebook(read_notebook(path), seconds))


RIGHT = "def rollout(x):\n    print('noise')\n    return x + x"
WRONG = "def discounted_returns(x):\n    return 3.0"


def test_reports_and_summary_are_printed_and_the_file_is_not_touched(tmp_path, capsys):
    path = notebook(
        tmp_path,
        code(FAKE_CHECKS),
        *exercise("rollout", RIGHT),
        *exercise("discounted_returns", WRONG),
    )
    before = path.read_bytes(), path.stat().st_mtime_ns
    assert main(["check", str(path)]) == 1
    out = capsys.readouterr().out
    assert "✓ rollout: Passed" in out
    assert "✗ discounted_returns: Not yet" in out
    assert "expected: 4" in out
    assert "given:    3" in out
    assert "1 of 2 exercises pass their visible checks, worth 5 of 10 points; 1 not yet." in out
    assert "noise" not in out
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert [p.name for p in tmp_path.iterdir()] == ["01_mdp.ipynb"]


def test_everything_right_exits_with_0(tmp_path, capsys):
    path = notebook(tmp_path, code(FAKE_CHECKS), *exercise("rollout", RIGHT))
    assert main(["check", str(path)]) == 0
    assert "1 of 1 exercises pass" in capsys.readouterr().out


def test_unwritten_exercises_read_to_do(tmp_path):
    path = notebook(
        tmp_path,
        code(FAKE_CHECKS),
        *exercise("rollout", "def rollout(x):\n    raise ToDo"),
        *exercise("discounted_returns", "# your code here\nraise ToDo"),
    )
    messages = run(path)
    assert [(m.exercise, m.status) for m in messages] == [
        ("rollout", "to do"),
        ("discounted_returns", "to do"),
    ]
    assert messages[0].text.splitlines()[0] == "○ rollout: To do"
    assert messages[1].text == "○ discounted_returns: To do"


def test_an_error_names_cell_and_line_and_the_rest_goes_on(tmp_path):
    path = notebook(
        tmp_path,
        code(FAKE_CHECKS),
        code("x = 1\ny = x / 0"),
        code("def broken(:\n    pass"),
        *exercise("rollout", RIGHT),
    )
    division, syntax, report = run(path)
    assert division.text == (
        "! Error, cell 2 (`x = 1`) stopped with ZeroDivisionError: division by zero\n"
        "      line 2: y = x / 0"
    )
    assert "cell 3 (`def broken(:`) stopped with SyntaxError" in syntax.text
    assert "line 1: def broken(:" in syntax.text
    assert (report.exercise, report.status) == ("rollout", "passed")


def test_an_answer_that_does_not_exist_is_an_error_of_its_exercise(tmp_path):
    path = notebook(tmp_path, code(FAKE_CHECKS), *exercise("rollout", "rolout = 3"))
    (message,) = run(path)
    assert (message.exercise, message.status) == ("rollout", "error")
    assert message.text == (
        '! rollout: Error, cell 3 (`check("rollout", rollout)`) stopped with NameError: '
        "name 'rollout' is not defined\n      line 1: check(\"rollout\", rollout)"
    )


@pytest.mark.parametrize("body", ["while True: pass", "import time; time.sleep(60)"])
def test_a_cell_that_takes_too_long_is_stopped_and_the_rest_goes_on(tmp_path, body):
    path = notebook(tmp_path, code(FAKE_CHECKS), code(body), *exercise("rollout", RIGHT))
    late, report = run(path, seconds=1.5)
    assert "cell 2" in late.text
    assert "took longer than 1.5 s and was stopped; --seconds sets the limit." in late.text
    assert report.status == "passed"


def test_an_endless_answer_is_stopped_in_its_check(tmp_path):
    endless = "def rollout(x):\n    while True:\n        pass"
    path = notebook(tmp_path, code(FAKE_CHECKS), *exercise("rollout", endless))
    (late,) = run(path, seconds=1.5)
    assert (late.exercise, late.status) == ("rollout", "error")
    assert "took longer than 1.5 s" in late.text


def test_a_cell_that_cannot_be_interrupted_ends_the_run(tmp_path, monkeypatch):
    monkeypatch.setattr("qlib.runner.GRACE", 0.5)
    stubborn = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"
    path = notebook(tmp_path, code(FAKE_CHECKS), code(stubborn), *exercise("rollout", RIGHT))
    killed, unchecked = run(path, seconds=1.5)
    assert "cell 2" in killed.text
    assert "could not be interrupted. The cells after it were not run." in killed.text
    assert (unchecked.exercise, unchecked.status) == ("rollout", "error")
    assert "! rollout: Error, not checked. The run had ended in cell 2." in unchecked.text


def test_a_cell_that_ends_python_is_named(tmp_path):
    path = notebook(
        tmp_path, code(FAKE_CHECKS), code("import os\nos._exit(0)"), *exercise("rollout", RIGHT)
    )
    killed, _ = run(path)
    assert "cell 2 (`import os`) ended the whole Python process" in killed.text


def test_a_python_that_does_not_start_is_told(tmp_path, monkeypatch):
    path = notebook(tmp_path, code(FAKE_CHECKS), *exercise("rollout", RIGHT))
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    start, unchecked = run(path)
    assert start.text.startswith("! Error, Python did not start; README.md")
    assert unchecked.status == "error"


def test_exit_is_an_error_like_any_other(tmp_path):
    path = notebook(tmp_path, code(FAKE_CHECKS), code("exit()"), *exercise("rollout", RIGHT))
    stopped, report = run(path)
    assert "SystemExit: exit() was called" in stopped.text
    assert report.status == "passed"


def test_experiments_are_not_run_and_magics_and_figures_work(tmp_path):
    drawing = "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()"
    path = notebook(
        tmp_path,
        code(FAKE_CHECKS),
        code("raise RuntimeError", tags=["experiment"]),
        code(drawing),
        code("import warnings; warnings.warn('careful'); 3"),
        *exercise("rollout", RIGHT),
    )
    assert [m.status for m in run(path)] == ["passed"]


def test_hidden_checks_of_an_instructors_notebook_are_left_out(tmp_path):
    hidden = "\n### BEGIN HIDDEN TESTS\nraise RuntimeError\n### END HIDDEN TESTS"
    path = notebook(
        tmp_path,
        code(FAKE_CHECKS),
        code(RIGHT, "answer-rollout"),
        code('check("rollout", rollout)' + hidden, "test-rollout", 5),
    )
    assert [m.status for m in run(path)] == ["passed"]


def test_modules_beside_the_notebook_can_be_imported_but_do_not_replace_ours(tmp_path, capsys):
    (tmp_path / "own.py").write_text("def double(x):\n    return 2 * x\n")
    (tmp_path / "qlib.py").write_text("raise SystemExit\n")
    (tmp_path / "json.py").write_text("raise SystemExit\n")
    path = notebook(
        tmp_path, code(FAKE_CHECKS), *exercise("rollout", "from own import double as rollout")
    )
    assert main(["check", str(path)]) == 0
    assert "there is a `qlib` beside the notebook" in capsys.readouterr().out


def test_a_missing_check_cell_is_told(tmp_path):
    metadata = {"q_learning_course": {"assignment": "01_mdp"}}
    path = notebook(tmp_path, code(FAKE_CHECKS), *exercise("rollout", RIGHT), metadata=metadata)
    messages = {m.exercise: m for m in run(path)}
    assert messages["rollout"].status == "passed"
    assert "Its check cell is missing" in messages["discounted_returns"].text


def test_written_answers_are_left_to_a_person(tmp_path, capsys):
    written = {
        "cell_type": "markdown",
        "source": ["By ", "definition."],
        "metadata": {"nbgrader": {"grade": True, "solution": True, "points": 3, "grade_id": "w"}},
    }
    path = notebook(tmp_path, code(FAKE_CHECKS), *exercise("rollout", RIGHT), written)
    assert main(["check", str(path)]) == 0
    assert "Written answers (3 points) are read by a person." in capsys.readouterr().out


def cell_less(path):
    path.write_text(json.dumps({"nbformat": 4, "metadata": {}, "cells": [{"cell_type": "code"}]}))


@pytest.mark.parametrize(
    ("write", "sentence"),
    [
        (lambda p: None, "does not exist"),
        (lambda p: p.mkdir(), "is a folder"),
        (lambda p: p.write_text(" "), "is empty"),
        (lambda p: p.write_text('{\n"a": '), "is not a notebook, or it is damaged: line 2"),
        (lambda p: p.write_text("[" * 100_000), "not valid JSON"),
        (lambda p: p.write_bytes(b"\x89PNG\xff"), "not a text file"),
        (lambda p: p.write_text("[]"), "it has no list of cells"),
        (lambda p: p.write_text('{"nbformat": 3, "worksheets": []}'), "old notebook format 3"),
        (lambda p: p.write_text('{"nbformat": 4, "cells": []}'), "not a notebook of this course"),
        (cell_less, "a cell is not as Jupyter writes it"),
    ],
)
def test_a_file_that_cannot_be_checked_gets_one_sentence(tmp_path, capsys, write, sentence):
    path = tmp_path / "work.ipynb"
    write(path)
    with pytest.raises(NotebookError, match=sentence):
        read_notebook(path)
    assert main(["check", str(path)]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert str(path) in error


@pytest.mark.parametrize("argv", [[], ["chk"], ["check"], ["check", "a.ipynb", "--seconds", "0"]])
def test_wrong_usage_exits_with_2(argv, capsys):
    with pytest.raises(SystemExit) as stop:
        main(argv)
    assert stop.value.code == 2
    assert "usage: python -m qlib" in capsys.readouterr().err


def test_nothing_of_the_grader_is_imported():
    script = (
        "import sys, qlib.__main__, qlib.shell, qlib.checks\n"
        "print([m for m in sys.modules if m.split('.')[0] in ('grader', 'nbgrader', 'nbformat')])"
    )
    root = Path(__file__).parent.parent
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=root
    )
    assert done.stdout.strip() == "[]"
