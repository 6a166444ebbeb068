"""The sample class and every kind of bad input, through the real examiner."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from examples.make import CLASS, NAME, TARGET, Student, sample

ROOT = Path(__file__).resolve().parent.parent


def changed(change, student=None):
    """A submission, right but for a change to its notebook."""
    (content,) = sample({"x": student or Student()}).values()
    notebook = json.loads(content)
    change(notebook)
    return json.dumps(notebook).encode()


def answers(notebook, name):
    wanted = f"answer-{name}"
    return [
        i
        for i, cell in enumerate(notebook["cells"])
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == wanted
    ]


def drop(notebook):
    del notebook["cells"][answers(notebook, "fix_1")[0]]


def double(notebook):
    (place,) = answers(notebook, "fix_2")
    notebook["cells"].insert(place, notebook["cells"][place])


def other_kernel(notebook):
    notebook["metadata"]["kernelspec"] = {"name": "julia-1.10", "display_name": "Julia"}
    notebook["metadata"]["language_info"] = {"name": "julia"}


def other_assignment(notebook):
    notebook["metadata"]["q_learning_course"] = {"assignment": "02_bellman"}
    notebook["cells"] = [
        {"cell_type": "markdown", "metadata": {}, "source": "# Something else", "id": "a"}
    ]


def old_format(notebook):
    cells = []
    for cell in notebook["cells"]:
        cell.pop("id")
        if cell["cell_type"] == "code":
            cell["input"] = cell.pop("source")
            cell["language"] = "python"
            cell["prompt_number"] = cell.pop("execution_count")
        cells.append(cell)
    worksheets = [{"cells": cells, "metadata": {}}]
    notebook.clear()
    notebook |= {"metadata": {"name": ""}, "nbformat": 3, "nbformat_minor": 0}
    notebook["worksheets"] = worksheets


BAD = {
    "binary": (bytes(range(256)) * 4, "unreadable", 0),
    "brokenjson": (b'{"cells": [', "unreadable", 0),
    "cellmissing": (changed(drop), "graded", 48),
    "celldoubled": (changed(double), "graded", 50),
    "empty": (b"", "unreadable", 0),
    "kernel": (changed(other_kernel), "graded", 50),
    "nbformat3": (changed(old_format), "graded", 50),
    "othernotebook": (changed(other_assignment), "wrong_assignment", 0),
}
SAMPLE = {
    "ada": ("graded", 50),
    "bruno": ("graded", None),
    "chen": ("graded", None),
    "dilnoza": ("graded", None),
    "emeka": ("graded", 0),
    "freja": ("crashed", None),
    "gita": ("timeout", None),
    "hugo": ("unreadable", 0),
}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The command, its output and its results."""
    folder = tmp_path_factory.mktemp("demo")
    files = sample(CLASS)
    files |= {f"{name}/{NAME}/{NAME}.ipynb": content for name, (content, *_) in BAD.items()}
    for name, content in files.items():
        path = folder / "submitted" / name
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
    line = [sys.executable, "-m", "grader", "grade", "submitted", "--out", "out", "--jobs", "2"]
    line += ["--json", "out.json", "--cell-seconds", "4"]
    environment = {**os.environ, "COLUMNS": "80"}
    found = subprocess.run(
        line, cwd=folder, env=environment, capture_output=True, text=True, timeout=300
    )
    assert found.returncode == 0, found.stderr
    results = json.loads((folder / "out.json").read_text())["results"]
    return folder, found, {result["student"]: result for result in results}


def test_the_committed_sample_is_what_the_script_makes():
    for name, content in sample(CLASS).items():
        assert (TARGET / name).read_bytes() == content, "Run: python -m examples.make"
    known = {path.relative_to(TARGET).as_posix() for path in TARGET.rglob("*.ipynb")}
    assert known == set(sample(CLASS))


@pytest.mark.parametrize("student", SAMPLE)
def test_the_sample_class_is_graded_right(run, student):
    status, score = SAMPLE[student]
    result = run[2][student]
    assert result["status"] == status
    assert result["max_score"] == 50
    if score is None:
        assert 0 < result["score"] < 50
    else:
        assert result["score"] == score


@pytest.mark.parametrize("student", BAD)
def test_bad_input_has_its_own_status_and_a_sentence(run, student):
    _, status, score = BAD[student]
    result = run[2][student]
    assert result["status"] == status
    assert result["score"] == score
    if status != "graded":
        assert result["message"].endswith(".")


def test_the_terminal_says_it_all(run):
    _, found, results = run
    for student in results:
        assert student in found.stdout
    for part in ("16 submissions", "Mean", "Written to out", "gradebook.db", "10 fix_4"):
        assert part in found.stdout
    assert all(len(line) <= 80 for line in found.stdout.splitlines())
    assert "\x1b" not in found.stdout + found.stderr
    assert "16 of 16 examined" in found.stderr
    assert "Traceback" not in found.stdout + found.stderr


def test_everything_is_in_the_output_folder(run):
    folder, _, results = run
    with open(folder / "out" / "grades.csv", newline="") as file:
        grades = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert grades == {name: result["score"] for name, result in results.items()}
    with open(folder / "out" / "exercises.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 10 * len(results)
    for name, result in results.items():
        assert (folder / "out" / "feedback" / name / f"{NAME}.html").is_file()
        points = [float(row["points"]) for row in rows if row["student"] == name]
        assert sum(points) == pytest.approx(result["score"])


def test_pages_hold_no_hidden_code_and_no_script(run):
    folder = run[0]
    for page in (folder / "out" / "feedback").rglob("*.html"):
        text = page.read_text()
        assert "<script" not in text
        assert "grader.exams" not in text
    picture = (folder / "out" / "feedback" / "ada" / f"{NAME}.html").read_text()
    assert "data:image/png;base64," in picture
