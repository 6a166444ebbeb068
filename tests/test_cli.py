"""The command line as a person meets it: the right words, the right exit code."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def run(*line, path=None, cwd=ROOT, **environment):
    if path is not None:
        environment["PYTHONPATH"] = str(path)
    return subprocess.run(
        [sys.executable, *line],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize("line", [["--help"], ["grade", "--help"], ["doctor", "--help"]])
def test_help_is_there(line):
    found = run("-m", "grader", *line)
    assert found.returncode == 0
    assert "usage: python -m grader" in found.stdout


@pytest.mark.parametrize("line", [[], ["grade"], ["no-such"], ["grade", ".", "--jobs", "x"]])
def test_wrong_usage_exits_with_2(line):
    found = run("-m", "grader", *line)
    assert found.returncode == 2
    assert "usage" in found.stderr
    assert "Traceback" not in found.stderr


def test_a_foreign_qlib_is_named(tmp_path):
    (tmp_path / "qlib").mkdir()
    (tmp_path / "qlib" / "__init__.py").write_text('__version__ = "0.9.7"\n')
    code = "import sys; from grader.__main__ import main; sys.exit(main(['grade', 'x']))"
    hide = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {code}"
    found = run("-c", hide, cwd=tmp_path, path=ROOT)
    assert found.returncode == 2
    assert "Another package called qlib" in found.stderr
    assert str(tmp_path) in found.stderr
    assert "Traceback" not in found.stderr


def test_a_foreign_qlib_that_cannot_be_imported_is_named(tmp_path):
    (tmp_path / "qlib.py").write_text("raise RuntimeError('needs a licence')\n")
    code = "import sys; from grader.__main__ import main; sys.exit(main([]))"
    hide = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {code}"
    found = run("-c", hide, cwd=tmp_path, path=ROOT)
    assert found.returncode == 2
    assert "needs a licence" in found.stderr
    assert "Traceback" not in found.stderr


@pytest.mark.parametrize("package", ["nbgrader", "numpy", "rich"])
def test_a_missing_package_is_named_with_the_cure(tmp_path, package):
    code = (
        f"import sys; sys.modules[{package!r}] = None; from grader.__main__ import main; "
        f"sys.exit(main(['grade', 'x', '--out', {str(tmp_path / 'out')!r}]))"
    )
    found = run("-c", code)
    assert found.returncode == 2
    assert package in found.stderr
    assert "pip install" in found.stderr
    assert "Traceback" not in found.stderr
    assert not (tmp_path / "out").exists()


def test_doctor_says_what_this_machine_can_do():
    found = run("-m", "grader", "doctor")
    assert found.returncode in (0, 1)
    assert "nbgrader" in found.stdout
    assert "sandbox" in found.stdout.lower()
