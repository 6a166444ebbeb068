"""Gradescope's directory layout, replayed: source from the zip, a submission, results.json."""

import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import jsonschema
import pytest

from grader.__main__ import main
from grader.gradescope import autograder, submitted
from grader.source import BuildError

ROOT = Path(__file__).resolve().parent.parent

# As Gradescope's "Autograder specifications" describe results.json.
VISIBILITY = {"enum": ["hidden", "after_due_date", "after_published", "visible"]}
FORMAT = {"enum": ["text", "html", "simple_format", "md", "ansi"]}
SCHEMA = {
    "type": "object",
    "properties": {
        "score": {"type": "number"},
        "execution_time": {"type": "integer", "minimum": 0},
        "output": {"type": "string"},
        "output_format": FORMAT,
        "test_output_format": FORMAT,
        "test_name_format": FORMAT,
        "visibility": VISIBILITY,
        "stdout_visibility": VISIBILITY,
        "extra_data": {"type": "object"},
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "score": {"type": "number"},
                    "max_score": {"type": "number"},
                    "status": {"enum": ["passed", "failed"]},
                    "name": {"type": "string"},
                    "name_format": FORMAT,
                    "number": {"type": "string"},
                    "output": {"type": "string"},
                    "output_format": FORMAT,
                    "tags": {"type": "array", "items": {"type": "string"}},
                    "visibility": VISIBILITY,
                    "extra_data": {"type": "object"},
                },
                "additionalProperties": False,
            },
        },
    },
    "additionalProperties": False,  # no leaderboard
    "anyOf": [
        {"required": ["score"]},
        {"required": ["tests"], "properties": {"tests": {"minItems": 1}}},
    ],
}


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """`/autograder`, with the zip unpacked to `source`."""
    base = tmp_path_factory.mktemp("autograder")
    target = base / "autograder.zip"
    assert main(["export", "gradescope-autograder", "01_mdp", "--to", str(target)]) == 0
    with zipfile.ZipFile(target) as archive:
        archive.extractall(base / "source")
        modes = {info.filename: info.external_attr >> 16 for info in archive.infolist()}
    assert modes["run_autograder"] & 0o111
    assert modes["setup.sh"] & 0o111
    return base


@pytest.fixture
def grade(base):
    """Hand in files; the exit code and results.json of the autograder's own command."""

    def run(*files, visibility="after_published"):
        for name in ("submission", "results"):
            shutil.rmtree(base / name, ignore_errors=True)
            (base / name).mkdir()
        for name, source in files:
            path = base / "submission" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(source if isinstance(source, bytes) else source.read_bytes())
        command = [
            sys.executable, "-m", "grader", "gradescope", "01_mdp",
            "--base", str(base), "--visibility", visibility,
        ]  # fmt: skip
        environment = {**os.environ, "PYTHONPATH": str(base / "source")}
        done = subprocess.run(
            command, cwd=base / "source", env=environment, capture_output=True, text=True
        )
        path = base / "results" / "results.json"
        found = json.loads(path.read_text()) if path.exists() else None
        if found is not None:
            jsonschema.validate(found, SCHEMA)
        return done, found

    return run


def test_a_right_submission_earns_full_points_exercise_by_exercise(grade):
    done, found = grade(("01_mdp (3).ipynb", ROOT / "solutions/01_mdp/01_mdp.ipynb"))
    assert done.returncode == 0, done.stderr
    assert len(found["tests"]) == 10
    assert sum(test["score"] for test in found["tests"]) == 50
    assert sum(test["max_score"] for test in found["tests"]) == 50
    assert {test["status"] for test in found["tests"]} == {"passed"}
    assert {test["visibility"] for test in found["tests"]} == {"after_published"}
    assert "leaderboard" not in found


def test_the_release_earns_nothing(grade):
    _, found = grade(("01_mdp.ipynb", ROOT / "notebooks/01_mdp/01_mdp.ipynb"), visibility="hidden")
    assert sum(test["score"] for test in found["tests"]) == 0
    assert "To do" in found["tests"][0]["output"]
    assert {test["visibility"] for test in found["tests"]} == {"hidden"}


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ([], "There is no notebook"),
        ([("notes.txt", b"x")], "There is no notebook"),
        ([("a.ipynb", b"{}"), ("b.ipynb", b"{}")], "several notebooks (a.ipynb, b.ipynb)"),
        ([("01_mdp.ipynb", b"not JSON")], ""),
    ],
)
def test_what_cannot_be_graded_is_a_zero_with_a_sentence(grade, files, says):
    done, found = grade(*files)
    assert done.returncode == 0
    assert found["score"] == 0
    assert says in found["output"]
    assert found["output"]


def test_a_fault_of_ours_writes_no_results(base, grade):
    exam = base / "source/grader/exams/nb01_mdp.py"
    kept = exam.read_text()
    exam.write_text(kept + "\n1 / 0\n")
    try:
        done, found = grade(("01_mdp.ipynb", ROOT / "solutions/01_mdp/01_mdp.ipynb"))
    finally:
        exam.write_text(kept)
    assert found is None
    assert done.returncode == 1
    assert "no grade was given" in done.stderr


def test_the_zip_is_the_same_each_time_and_has_no_other_solutions():
    content = autograder("01_mdp", "visible", unsandboxed=True)
    assert content == autograder("01_mdp", "visible", unsandboxed=True)
    archive = zipfile.ZipFile(io.BytesIO(content))
    names = archive.namelist()
    assert [name for name in names if name.startswith("solutions/")] == [
        "solutions/01_mdp/01_mdp.ipynb"
    ]
    assert not [name for name in names if name.startswith("tests/") or "__pycache__" in name]
    script = archive.read("run_autograder").decode()
    assert script.rstrip().endswith("--base /autograder --visibility visible \\\n  --unsandboxed")
    assert "{" not in script
    assert "torch==2.13.0" in archive.read("setup.sh").decode()
    for name in ("run_autograder", "setup.sh"):
        script = archive.read(name).decode()
        subprocess.run(["bash", "-n"], input=script, text=True, check=True)


def test_unknown_names_are_refused(capsys):
    with pytest.raises(BuildError, match="no assignment '99'"):
        autograder("99")
    with pytest.raises(BuildError, match="visibility is one of"):
        autograder("01_mdp", "never")
    assert main(["export", "gradescope-autograder", "99", "--to", os.devnull]) == 2
    assert "There is no assignment '99'" in capsys.readouterr().err


def test_the_named_notebook_wins_over_others(tmp_path):
    (tmp_path / "01_mdp.ipynb").touch()
    (tmp_path / "old.ipynb").touch()
    assert submitted(tmp_path, "01_mdp") == (tmp_path / "01_mdp.ipynb", "")
    (tmp_path / ".ipynb_checkpoints").mkdir()
    (tmp_path / ".ipynb_checkpoints/old-checkpoint.ipynb").touch()
    (tmp_path / "01_mdp.ipynb").unlink()
    assert submitted(tmp_path, "01_mdp") == (tmp_path / "old.ipynb", "")
