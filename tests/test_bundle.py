import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml
from test_build import ANSWER, NAME, SOURCE, course, exams, tree

from grader import release
from grader.__main__ import main
from grader.build import BuildError
from grader.bundle import bundle
from grader.release import MANIFEST, TargetError, write_folder, write_zip

ROOT = Path(__file__).parent.parent
STUB = "    # your code here\n    raise ToDo"


def copy_of_the_repository(root):
    """A course with one small assignment and everything else as it is here."""
    course(root)
    shutil.copytree(ROOT / "qlib", root / "qlib")
    for name in ("pyproject.toml", "constraints.txt", "environment.yml"):
        shutil.copy(ROOT / name, root)
    return root


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return copy_of_the_repository(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module")
def files(root):
    return bundle(root, exams)


def test_the_bundle_holds_what_students_need_and_nothing_else(files):
    ours = {path for path in files if not path.startswith(("qlib/", "notebooks/"))}
    assert ours == {"README.md", "environment.yml", "pyproject.toml", "requirements.txt"}
    assert {path for path in files if path.startswith("notebooks/")} == {
        f"notebooks/{NAME}/{NAME}.ipynb",
        f"notebooks/{NAME}/data.csv",
        f"notebooks/{NAME}/figures/grid.svg",
    }
    assert {"qlib/__main__.py", "qlib/checks/nb01_mdp.py"} < set(files)
    assert not [path for path in files if "__pycache__" in path or path.endswith(".pyc")]


def test_no_solution_and_no_hidden_check_is_in_it(files):
    for path, content in files.items():
        assert b"sesame" not in content, path
        assert not re.search(rb"\bgrader\.exams\b|^\s*(from|import) grader\b", content, re.M), path
        if path.startswith("notebooks/"):
            assert b"BEGIN SOLUTION" not in content
            assert b"HIDDEN TESTS" not in content


def test_requirements_are_pinned_and_closed_and_without_the_grader(files):
    lines = files["requirements.txt"].decode().splitlines()
    pins = {line.split("==")[0]: line for line in lines if "==" in line}
    constraints = (ROOT / "constraints.txt").read_text().lower().replace("_", "-").splitlines()
    assert set(pins.values()) <= set(constraints)
    assert {"torch", "jupyterlab", "ipykernel", "jsonpointer", "fqdn"} <= set(pins)
    assert not {"nbgrader", "jupytext", "pytest", "ruff", "quantecon", "sqlalchemy"} & set(pins)
    assert lines[-1] == "--editable ."


def test_the_conda_environment_is_the_repositorys_without_the_grader(files):
    given = yaml.safe_load(files["environment.yml"])
    whole = yaml.safe_load((ROOT / "environment.yml").read_text())
    dropped = [entry for entry in whole["dependencies"] if entry not in given["dependencies"]]
    assert sorted(re.split("[<>=]", entry)[0] for entry in dropped) == [
        "jupytext",
        "latex2mathml",
        "nbgrader",
    ]
    assert {key: given[key] for key in ("name", "channels")} == {
        key: whole[key] for key in ("name", "channels")
    }


def test_the_distribution_has_a_name_of_its_own_and_qlib_only(files):
    project = tomllib.loads(files["pyproject.toml"].decode())
    whole = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert project["project"]["name"] == "q-learning-course-student"
    assert project["project"]["dependencies"] == whole["project"]["dependencies"]
    assert project["tool"]["setuptools"]["packages"]["find"]["include"] == ["qlib*"]
    given = project["tool"]["setuptools"]["package-data"]
    assert given == whole["tool"]["setuptools"]["package-data"]


def test_the_readme_is_filled_in(files):
    readme = files["README.md"].decode()
    assert f"python -m qlib check notebooks/{NAME}/{NAME}.ipynb" in readme
    assert "install PyTorch 2." in readme
    assert "{" not in readme


def test_two_zips_are_the_same_bytes(root, files, tmp_path):
    write_zip(files, tmp_path / "a.zip")
    other = copy_of_the_repository(tmp_path / "again")
    for path in other.rglob("*"):
        os.utime(path, (10**9, 10**9))
    (other / "qlib" / "__pycache__").mkdir(exist_ok=True)
    (other / "qlib" / "__pycache__" / "x.pyc").write_text("")
    (other / "qlib" / ".hidden").write_text("")
    write_zip(bundle(other, exams), tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert {name.split("/")[0] for name in archive.namelist()} == {"q-learning-course"}
        archive.extractall(tmp_path / "unpacked")
    unpacked = tree(tmp_path / "unpacked" / "q-learning-course")
    assert unpacked.pop(MANIFEST)
    assert unpacked == files


def test_a_zip_replaces_earlier_bundles_only(files, tmp_path):
    target = tmp_path / "course.zip"
    write_zip(files, target)
    write_zip(files, target)
    target.write_text("my work")
    with pytest.raises(TargetError, match=r"course.zip exists and is no earlier bundle"):
        write_zip(files, target)
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("thesis.txt", "")
    before = target.read_bytes()
    with pytest.raises(TargetError):
        write_zip(files, target)
    assert target.read_bytes() == before


def test_a_folder_that_holds_something_else_is_refused(files, tmp_path):
    (tmp_path / "thesis.txt").write_text("my work")
    with pytest.raises(TargetError, match="is not empty and holds no earlier bundle"):
        write_folder(files, tmp_path)
    with pytest.raises(TargetError, match=r"thesis.txt is a file"):
        write_folder(files, tmp_path / "thesis.txt")
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
    assert write_folder(files, tmp_path / "new" / "deep").new == list(files)


def test_a_second_release_keeps_what_students_changed(files, tmp_path):
    earlier = {**files, "qlib/old.py": b"old", "qlib/old_but_used.py": b"old", "qlib/envs.py": b"1"}
    assert write_folder(earlier, tmp_path).kept == []
    work = f"notebooks/{NAME}/{NAME}.ipynb"
    (tmp_path / work).write_text("my answers")
    (tmp_path / "qlib/old_but_used.py").write_text("my change")
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / f"notebooks/{NAME}/data.csv").unlink()

    newer = {**files, "qlib/envs.py": b"2", work: b"a new release", "notes.txt": b"theirs"}
    done = write_folder(newer, tmp_path)
    assert sorted(done.kept) == sorted([work, "notes.txt"])
    assert sorted(done.new) == [f"notebooks/{NAME}/data.csv", "qlib/envs.py"]
    assert done.removed == ["qlib/old.py"]
    assert (tmp_path / work).read_text() == "my answers"
    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert (tmp_path / "qlib/old_but_used.py").read_text() == "my change"
    assert (tmp_path / "qlib/envs.py").read_bytes() == b"2"

    again = write_folder(newer, tmp_path)  # still known as changed
    assert (again.new, again.removed) == ([], [])
    assert sorted(again.kept) == sorted([work, "notes.txt"])


def test_a_manifest_cannot_reach_out_of_the_folder(files, tmp_path):
    (tmp_path / "precious.txt").write_text("x")
    target = tmp_path / "bundle"
    write_folder(files, target)
    digest = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"  # of "x"
    listed = {"../precious.txt": digest, str(tmp_path / "precious.txt"): digest}
    (target / MANIFEST).write_text(json.dumps({"files": listed}))
    write_folder(files, target)
    assert (tmp_path / "precious.txt").exists()


def test_a_library_that_needs_the_grader_is_refused(tmp_path):
    root = copy_of_the_repository(tmp_path)
    (root / "qlib" / "sly.py").write_text("def f():\n    from grader import exams\n")
    with pytest.raises(BuildError, match=r"qlib/sly.py refers to the grader"):
        bundle(root, exams)


def test_missing_files_are_named(tmp_path):
    root = copy_of_the_repository(tmp_path)
    (root / "constraints.txt").unlink()
    with pytest.raises(BuildError, match=r"constraints.txt cannot be read"):
        bundle(root, exams)
    shutil.rmtree(root / "solutions")
    with pytest.raises(BuildError, match="holds no assignment"):
        bundle(root, exams)


@pytest.fixture
def command(monkeypatch, capsys):
    """Run `python -m grader release`: (exit code, stdout, stderr)."""
    monkeypatch.setattr(release, "load_exams", exams)

    def run(root, target):
        code = main(["release", "--student", str(target), "--root", str(root)])
        return code, *capsys.readouterr()

    return run


def test_the_command(root, tmp_path, command):
    code, out, _ = command(root, tmp_path / "class")
    assert code == 0
    assert f"files written to {tmp_path / 'class'}, 0 removed." in out
    (tmp_path / "class" / "README.md").write_text("mine")
    code, out, _ = command(root, tmp_path / "class")
    assert out.startswith("0 files written")
    assert "kept README.md: it was changed" in out
    assert command(root, tmp_path / "class.zip")[0] == 0
    assert zipfile.is_zipfile(tmp_path / "class.zip")


def test_the_command_refuses_with_one_sentence(root, tmp_path, command):
    (tmp_path / "mine.txt").write_text("")
    code, _, err = command(root, tmp_path)
    assert (code, err.count("\n")) == (2, 1)
    code, _, err = command(root, root / "solutions" / "class")
    assert code == 2
    assert "lies among the solutions" in err
    broken = copy_of_the_repository(tmp_path / "broken")
    source = broken / "solutions" / NAME / f"{NAME}.py"
    source.write_text(SOURCE.replace('"setup"', '"stup"'))
    code, _, err = command(broken, tmp_path / "never")
    assert code == 1
    assert "unknown tag `stup`" in err
    assert not (tmp_path / "never").exists()


# --- in a clean place -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def student(tmp_path_factory):
    """Install a bundle as a student does; a function that runs Python there.

    The environment is new and sees the packages of this one, but not what is installed here in
    editable form: neither the repository's `qlib` nor `grader`.
    """

    def install(files):
        home = tmp_path_factory.mktemp("student")
        write_folder(files, home / "course")
        subprocess.run(
            [sys.executable, "-m", "venv", "--without-pip", home / "venv"],
            check=True,
            capture_output=True,
        )
        python = home / "venv" / "bin" / "python"
        (site,) = (home / "venv" / "lib").glob("python*/site-packages")
        (site / "packages.pth").write_text(sysconfig.get_path("purelib") + "\n")
        unset = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")
        environment = {k: v for k, v in os.environ.items() if k not in unset}

        def run(*args):
            return subprocess.run(
                [python, *map(str, args)],
                cwd=home / "course",
                env=environment,
                capture_output=True,
                text=True,
            )

        options = ("--quiet", "--no-deps", "--no-index", "--no-build-isolation")
        done = run("-m", "pip", "install", *options, ".")
        assert done.returncode == 0, done.stderr
        shutil.rmtree(home / "course" / "build", ignore_errors=True)
        return home / "course", run

    return install


def test_a_student_can_install_it_and_work_there(files, student):
    home, run = student(files)
    script = (
        "import qlib, importlib.metadata as m, importlib.util as u;"
        "print(qlib.COURSE, qlib.__file__, m.version('q-learning-course-student'),"
        "u.find_spec('grader'))"
    )
    found = run("-P", "-c", script)
    assert found.returncode == 0, found.stderr
    assert "q-learning-course " in found.stdout
    assert str(ROOT / "qlib") not in found.stdout
    assert found.stdout.split()[-1] == "None"

    path = home / "notebooks" / NAME / f"{NAME}.ipynb"
    before = path.read_bytes()
    blank = run("-m", "qlib", "check", path)
    assert blank.returncode == 1, blank.stderr
    assert "○ discounted_returns: To do" in blank.stdout
    assert "0 of 1 exercises pass their visible checks, worth 0 of 8 points; 1 to do." in (
        blank.stdout
    )
    assert path.read_bytes() == before

    notebook = json.loads(path.read_text())
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"]).replace(STUB, ANSWER.rstrip())
    path.write_text(json.dumps(notebook))
    solved = run("-m", "qlib", "check", path)
    assert solved.returncode == 0, solved.stdout + solved.stderr
    assert "1 of 1 exercises pass" in solved.stdout


@pytest.mark.skipif(not (ROOT / "solutions" / "01_mdp").is_dir(), reason="01_mdp is not written")
def test_a_student_can_work_01_mdp_in_the_real_bundle(student):
    home, run = student(bundle())
    path = home / "notebooks" / "01_mdp" / "01_mdp.ipynb"
    blank = run("-m", "qlib", "check", path)
    assert blank.returncode == 1, blank.stderr
    assert re.search(r"^0 of 10 exercises pass .* of 50 points; 10 to do\.$", blank.stdout, re.M)

    reference = json.loads((ROOT / "solutions" / "01_mdp" / "01_mdp.ipynb").read_text())
    answers = {cell["id"]: cell["source"] for cell in reference["cells"]}
    notebook = json.loads(path.read_text())
    for cell in notebook["cells"]:
        if cell["id"].startswith("answer-"):
            cell["source"] = answers[cell["id"]]
    path.write_text(json.dumps(notebook))
    solved = run("-m", "qlib", "check", path)
    assert solved.returncode == 0, solved.stdout + solved.stderr
    assert "10 of 10 exercises pass" in solved.stdout
