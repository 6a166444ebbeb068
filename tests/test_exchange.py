"""nbgrader's exchange and zip_collect for real: from the release to the page in a student's folder.

Each command is run as a person types it; the guide for instructors names the same ones.
"""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from examples.make import CLASS, sample

ROOT = Path(__file__).resolve().parent.parent
NAME = "01_mdp"
COURSE = "q-learning-course"
SETTINGS = "c = get_config()\nc.Exchange.root = {exchange!r}\n"


class Desk:
    """A folder in which somebody works, with an account of their own."""

    def __init__(self, home, name):
        self.folder, self.config = home / name, home / "config"
        self.data = home / f"{name}-data"
        self.folder.mkdir(exist_ok=True)

    def __call__(self, *line, cwd=".", ok=(0,)):
        environment = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "JUPYTER_CONFIG_DIR": str(self.config),
            "JUPYTER_DATA_DIR": str(self.data),
        }
        command = [sys.executable, "-m", *line]
        folder = self.folder / cwd
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300
        )
        output = done.stdout + done.stderr
        assert done.returncode in ok, f"{line}\n{output[-3000:]}"
        return output


def make_course(folder):
    """What an instructor has of the course: settings, notebooks, sources."""
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    for part in ("solutions", "notebooks"):
        shutil.copytree(ROOT / part / NAME, folder / part / NAME)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = tmp_path_factory.mktemp("exchange")
    (home / "exchange").mkdir(mode=0o777)
    (home / "exchange").chmod(0o777)
    (home / "config").mkdir()
    settings = SETTINGS.format(exchange=str(home / "exchange"))
    (home / "config" / "nbgrader_config.py").write_text(settings)
    return home


def test_from_the_release_to_the_page_in_the_students_folder(home):
    teacher, student = Desk(home, "course"), Desk(home, "bruno")
    make_course(teacher.folder)
    teacher("nbgrader", "release_assignment", NAME)

    student("nbgrader", "fetch_assignment", NAME, "--course", COURSE)
    path = student.folder / NAME / f"{NAME}.ipynb"
    assert path.read_bytes() == (ROOT / "notebooks" / NAME / f"{NAME}.ipynb").read_bytes()
    (content,) = sample({"bruno": CLASS["bruno"]}).values()
    path.write_bytes(content)
    student("nbgrader", "submit", NAME, "--course", COURSE, "--student", "bruno")

    teacher("nbgrader", "collect", NAME)
    teacher("grader", "grade", "submitted", "--out", "graded", "--quiet", "--root", ".")
    teacher("nbgrader", "generate_feedback", NAME, cwd="graded")
    teacher("nbgrader", "release_feedback", NAME, cwd="graded")

    student("nbgrader", "fetch_feedback", NAME, "--course", COURSE, "--student", "bruno")
    (page,) = student.folder.glob(f"{NAME}/feedback/*/{NAME}.html")
    ours = teacher.folder / "graded" / "feedback" / "bruno" / f"{NAME}.html"
    assert page.read_bytes() == ours.read_bytes()
    assert "discounted_returns" in page.read_text()


CANVAS = {
    "lovelaceada_4711_98001_01_mdp.ipynb": "4711",
    "bartokbela3_LATE_12_98002_01_mdp-2.ipynb": "12",
    "nobodynora_13_98003_01_mdp (1).ipynb": "13",
}
MOODLE = {
    "Ada Lovelace_4711_assignsubmission_file_/01_mdp.ipynb": "4711",
    "Béla Bartók_12_assignsubmission_file_/homework/01_mdp.ipynb": "12",
    "Nora Nobody_13_assignsubmission_file_01_mdp.ipynb": "13",  # "in folders" unticked
    "Cleo_14_assignsubmission_onlinetext_/onlinetext.html": "",
}


@pytest.mark.parametrize("names", [CANVAS, MOODLE], ids=["canvas", "moodle"])
def test_what_an_lms_calls_the_files(names, home, tmp_path):
    """Names as Canvas's `ContentZipper` and Moodle's `assign::download_submissions` make them."""
    teacher = Desk(tmp_path, "course")
    teacher.config = home / "config"
    shutil.copy(ROOT / "nbgrader_config.py", teacher.folder)
    release = Path("notebooks") / NAME
    shutil.copytree(ROOT / release, teacher.folder / release)
    archive = teacher.folder / "downloaded" / NAME / "archive"
    archive.mkdir(parents=True)
    with zipfile.ZipFile(archive / "ml_101_2026-submissions.zip", "w") as zipped:
        for name, student in names.items():
            zipped.writestr(name, f"the work of {student}")
    teacher("nbgrader", "zip_collect", NAME)
    found = {
        path.relative_to(teacher.folder).as_posix(): path.read_text()
        for path in teacher.folder.glob("submitted/**/*.*")
        if path.name != "timestamp.txt"
    }
    assert found == {
        f"submitted/{student}/{NAME}/{NAME}.ipynb": f"the work of {student}"
        for student in names.values()
        if student
    }
