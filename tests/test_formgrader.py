"""nbgrader's formgrader in a browser, on the folder that `grade` wrote: grading by hand."""

import csv
import json
import os
import subprocess
import sys
import time

import fakes
import pytest
from browser_fixtures import *  # noqa: F403 (fixtures)
from fakes import NAME, main

COMMENT = "A fine proof, $V^* = T V^*$, but why is the limit unique?"
ROSTER = f"Student,ID,SIS Login ID,Section,{NAME} (77)\nAda,1,ada,S,\nBela,2,bela,S,\n"

pytestmark = pytest.mark.xdist_group("lab")


class Class:
    """A toy course with two students, graded by the command."""

    def __init__(self, home):
        self.home, self.out = home, home / "graded"
        self.course = fakes.make_course(home / "course")
        fakes.hand_in(home / "in", "ada", double=4.5, half=1)
        fakes.hand_in(home / "in", "bela", double=6, half=4)

    def run(self, *line):
        line = [*map(str, line), "--root", str(self.course)]
        with fakes.quick_gradebooks(), pytest.MonkeyPatch.context() as patch:
            patch.setenv("FAKE_COURSE", str(self.course))
            return main(line)

    def grade(self, *more):
        line = ["grade", self.home / "in", "--out", self.out, "--jobs", "1", "--quiet", *more]
        assert self.run(*line, "--examiner", "fakes:examining") == 0

    def page(self, student):
        return (self.out / "feedback" / student / f"{NAME}.html").read_text()

    def exported(self):
        """Totals and points by hand of each student, in grades.csv, exercises.csv, for Canvas."""
        with open(self.out / "grades.csv", newline="") as file:
            totals = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
        with open(self.out / "exercises.csv", newline="") as file:
            rows = [row for row in csv.DictReader(file) if row["exercise"] == "why"]
        (self.home / "roster.csv").write_text(ROSTER)
        to = self.home / "canvas.csv"
        assert self.run("export", "canvas", self.out, "--roster", self.home / "roster.csv",
                        "--to", to) == 0  # fmt: skip
        with open(to, newline="") as file:
            canvas = {row["SIS Login ID"]: row[f"{NAME} (77)"] for row in csv.DictReader(file)}
        return totals, {row["student"]: float(row["points"]) for row in rows}, canvas


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    made = Class(tmp_path_factory.mktemp("class"))
    made.grade()
    return made


@pytest.fixture(scope="module")
def url(graded, tmp_path_factory):
    """What the guide says: `cd graded`, `jupyter lab`; its address."""
    home = tmp_path_factory.mktemp("home")
    folders = {"RUNTIME": "run", "CONFIG": "config", "DATA": "data"}
    environment = {f"JUPYTER_{key}_DIR": str(home / name) for key, name in folders.items()}
    line = ["--no-browser", "--allow-root", "--port=0"]
    line += ["--IdentityProvider.token=", "--ServerApp.password="]
    with open(home / "log", "w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *line],
            cwd=graded.out,
            env={**os.environ, **environment},
            stdout=log,
            stderr=log,
        )
        try:
            deadline = time.monotonic() + 120
            while not (found := list((home / "run").glob("jpserver-*.json"))):
                assert server.poll() is None, (home / "log").read_text()
                assert time.monotonic() < deadline, (home / "log").read_text()
                time.sleep(0.1)
            yield json.loads(found[0].read_text())["url"] + "formgrader"
        finally:
            server.terminate()
            server.wait(20)


@pytest.fixture
def page(browser):
    page = browser.new_page(viewport={"width": 1300, "height": 900})
    page.set_default_timeout(30_000)
    yield page
    page.close()


def type_into(page, field, text):
    """Fill a field as a person does, and wait until formgrader has stored it."""
    with page.expect_response(lambda response: response.request.method == "PUT") as stored:
        page.fill(field, text)
        page.press(field, "Tab")
    assert stored.value.ok


def test_a_score_and_a_comment_given_by_hand(graded, url, page):
    page.goto(f"{url}/manage_assignments")
    page.wait_for_selector(f"td.name >> text={NAME}")
    assert page.locator("td.num-submissions").inner_text() == "2"

    page.goto(f"{url}/gradebook/{NAME}/{NAME}")
    page.wait_for_selector("text=Submission #2")
    shown = page.locator("table tbody tr").all_inner_texts()
    assert sorted(text.split("\t")[2] for text in shown) == ["10 / 15", "5.5 / 15"]

    ids = {}
    for number in (1, 2):
        page.goto(f"{url}/gradebook/{NAME}/{NAME}")
        page.click(f"text=Submission #{number}")
        page.wait_for_selector("input.score")
        shown = page.inner_text("#notebook")
        assert "# mine" in shown
        assert "<details>" not in shown
        page.wait_for_selector("#test-double[placeholder]")
        points = page.get_attribute("#test-double", "placeholder")  # what the checks gave
        ids["ada" if float(points) == 4.5 else "bela"] = page.url
    assert sorted(ids) == ["ada", "bela"]

    page.goto(ids["ada"])
    page.wait_for_selector("#test-double[placeholder]")
    type_into(page, "#manual-why", "4.5")
    type_into(page, "#manual-why-comment", COMMENT)
    assert "to be graded" in graded.page("ada")

    for again in ([], ["--force"]):  # while formgrader is open
        graded.grade(*again)
        assert "A fine proof, <math" in graded.page("ada")
        assert "4.5 of 5" in graded.page("ada")
        assert "to be graded" not in graded.page("ada")
        assert "A fine proof" not in graded.page("bela")
        totals, by_hand, canvas = graded.exported()
        assert totals == {"ada": 10.0, "bela": 10.0}
        assert by_hand == {"ada": 4.5, "bela": 0.0}
        assert canvas["ada"] == "10"

    page.reload()
    page.wait_for_function("document.getElementById('manual-why').value == '4.5'")
    page.wait_for_function("document.getElementById('manual-why-comment').value != ''")
    assert page.input_value("#manual-why-comment") == COMMENT


def test_generate_feedback_in_formgrader_gives_the_page_of_grade(graded, url, page):
    """The button on the page of a student's submissions; what it writes goes to the exchange."""
    page.goto(f"{url}/manage_assignments")
    page.wait_for_selector(f"td.name >> text={NAME}")
    with page.expect_response(lambda response: "generate_feedback" in response.url) as answer:
        page.click("td.generate-feedback a")
    assert answer.value.json()["success"], answer.value.json()["log"]
    made = (graded.out / "feedback" / "ada" / NAME / f"{NAME}.html").read_text()
    assert made == graded.page("ada")
    assert "Expected" in made or "expected" in made
