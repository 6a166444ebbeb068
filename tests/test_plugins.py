"""Late penalties: a due date set after the grading, nbgrader's plugin, pages and exports."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import fakes
import pytest
from fakes import NAME, main

from grader.plugins import EachDay

DUE = "2030-01-01 12:00 CET"
RULE = """
c.AssignLatePenalties.plugin_class = "grader.plugins.EachDay"
c.EachDay.percent = 10
c.EachDay.grace_minutes = 15
"""
HANDED_IN = {
    "ada": "2030-01-01 11:00:00.5 UTC",  # on time: noon in Paris is 11:00 UTC, and 15 minutes more
    "bela": "2030-01-01 11:16:00 UTC",
    "cleo": "2030-01-04 10:59:59 UTC",
    "dora": "2031-01-01 00:00:00 UTC",
    "emil": "yesterday, I think",
}


@pytest.mark.parametrize(
    ("seconds", "points"),
    [(1, None), (900, None), (901, 0.8), (86400, 0.8), (86401, 1.6), (9 * 86400, 7.2), (1e9, 8)],
)
def test_a_share_for_each_day_begun(seconds, points):
    rule = EachDay(percent=10, grace_minutes=15)
    assert rule.late_submission_penalty("ada", 8.0, seconds) == points


def test_shares_that_are_none_are_refused():
    for wrong in (-1, 101):
        with pytest.raises(Exception, match="percent"):
            EachDay(percent=wrong)


class Class:
    def __init__(self, home):
        self.home, self.out = home, home / "graded"
        self.course = fakes.make_course(home / "course")
        for student, time in HANDED_IN.items():
            path = fakes.hand_in(home / "in", student, double=6, half=2)
            path.with_name("timestamp.txt").write_text(f"{time}\n")

    def grade(self, *more):
        line = ["grade", self.home / "in", "--out", self.out, "--root", self.course, "--quiet"]
        with fakes.quick_gradebooks(), pytest.MonkeyPatch.context() as patch:
            patch.setenv("FAKE_COURSE", str(self.course))
            patch.setenv("FAKE_LOG", str(self.home / "examined"))
            line = [*map(str, line), "--jobs", "1", "--examiner", "fakes:examining", *more]
            assert main(line) == 0

    def scores(self):
        with open(self.out / "grades.csv", newline="") as file:
            return {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}

    def page(self, student):
        return (self.out / "feedback" / student / f"{NAME}.html").read_text()


def test_a_due_date_set_after_the_grading_counts(tmp_path):
    made = Class(tmp_path)
    made.grade()
    assert set(made.scores().values()) == {8.0}
    assert "taken off" not in made.page("cleo")

    with open(made.out / "nbgrader_config.py", "a") as file:
        file.write(RULE)
    scripts = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    subprocess.run(
        [sys.executable, "-m", "nbgrader", "db", "assignment", "add", NAME, f"--duedate={DUE}"],
        cwd=made.out,
        env={**os.environ, "PATH": scripts},
        check=True,
        capture_output=True,
    )
    expected = {"ada": 8.0, "bela": 7.2, "cleo": 5.6, "dora": 0.0, "emil": 8.0}
    for again in ([], ["--force"], []):
        made.grade(*again)
        assert made.scores() == expected
        assert "2.4 taken off because it came late" in made.page("cleo")
        assert "5.6 <small>of 15 points" in made.page("cleo")
        assert "taken off" not in made.page("ada")
    examined = (tmp_path / "examined").read_text().split()
    assert len(examined) == 2 * len(HANDED_IN)  # by the first run, and with --force

    (tmp_path / "roster.csv").write_text("Username\n" + "\n".join(HANDED_IN))
    line = ["export", "moodle", made.out, "--roster", tmp_path / "roster.csv", "--to",
            tmp_path / "moodle.csv", "--root", made.course]  # fmt: skip
    assert main([str(part) for part in line]) == 0
    rows = list(csv.reader((tmp_path / "moodle.csv").open()))[1:]
    assert {student: float(points) for student, points in rows} == expected

    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{made.out / 'gradebook.db'}") as gradebook:
        gradebook.update_or_create_assignment(NAME, duedate=None)
    made.grade()
    assert set(made.scores().values()) == {8.0}
    assert "taken off" not in made.page("cleo")


def test_the_autograde_button_of_formgrader_runs_nothing(tmp_path, monkeypatch):
    from nbgrader.apps.api import NbGraderAPI
    from traitlets.config.loader import PyFileConfigLoader

    made = Class(tmp_path)
    made.grade()
    ran = tmp_path / "ran"
    path = made.out / "submitted" / "ada" / NAME / f"{NAME}.ipynb"
    notebook = (made.course / "notebooks" / NAME / f"{NAME}.ipynb").read_text()
    path.write_text(notebook.replace("# your code here", f"x = 1\\n    open('{ran}', 'w')"))

    config = PyFileConfigLoader("nbgrader_config.py", path=str(made.out)).load_config()
    config.CourseDirectory.root = str(made.out)
    monkeypatch.chdir(made.out)
    answer = NbGraderAPI(config=config).autograde(NAME, "ada", force=True)
    assert not answer["success"]
    assert "python -m grader grade" in answer["log"]
    assert not ran.exists()
    made.grade()
    assert made.scores()["ada"] == 8.0
    assert (made.out / "autograded" / "ada" / NAME / f"{NAME}.ipynb").exists()
