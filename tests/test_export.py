"""Exports to Canvas, Moodle and GitHub Classroom, from a real gradebook."""

import csv

import fakes
import pytest
import yaml
from fakes import main

from grader import roster
from grader.roster import RosterError

NAMES = ("ada", "bela", "cleo")


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A course and the folder that `grade` wrote for a class of three."""
    home = tmp_path_factory.mktemp("class")
    course = fakes.make_course(home / "course")
    for number, name in enumerate(NAMES):
        fakes.hand_in(home / "in", name, double=number + 1.5, half=1)
    with fakes.quick_gradebooks(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("FAKE_COURSE", str(course))
        line = ["grade", home / "in", "--out", home / "out", "--root", course, "--jobs", "1"]
        assert main([*map(str, line), "--examiner", "fakes:examining", "--quiet"]) == 0
    return course, home / "out"


@pytest.fixture
def export(graded, tmp_path, capsys):
    """Run an export; its code, the rows it wrote, and what it complained about."""
    course, out = graded

    def run(form, people, *more):
        (tmp_path / "roster.csv").write_text(people, encoding="utf-8")
        target = tmp_path / "to" / "grades.csv"
        line = [form, out, "--roster", tmp_path / "roster.csv", "--to", target, "--root", course]
        code = main(["export", *map(str, line), *more])
        rows = list(csv.reader(target.open(encoding="utf-8"))) if target.exists() else []
        return code, rows, capsys.readouterr().err

    return run


CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,01_toy (4711)
    Points Possible,,,,,15
"Lovelace, Ada",1,u1,ada,S1,
"Bartok, Bela",2,u2,bela,S1,
"Nobody, Nora",3,u3,nora,S1,
"Cleo",4,u4,cleo,S1,
"""


def test_canvas_gets_its_own_columns_back_with_grades(export):
    code, rows, err = export("canvas", CANVAS)
    assert code == 0
    head, possible, *students = rows
    assert head == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "01_toy (4711)"]
    assert possible[0].strip() == "Points Possible"
    assert possible[-1] == "15"
    assert [(row[0], row[1], row[-1]) for row in students] == [
        ("Lovelace, Ada", "1", "2.5"),
        ("Bartok, Bela", "2", "3.5"),
        ("Nobody, Nora", "3", ""),
        ("Cleo", "4", "4.5"),
    ]
    assert "Handed in nothing, grade left alone: nora." in err


def test_canvas_keeps_the_grade_of_whoever_handed_in_nothing(export):
    """An empty cell would take it away."""
    _, rows, _ = export("canvas", CANVAS.replace("nora,S1,", "nora,S1,7.5"))
    assert rows[4][0] == "Nobody, Nora"
    assert rows[4][-1] == "7.5"


def test_canvas_finds_its_head_whatever_the_roster_has(export):
    """`GradebookImporter`: Student, ID, the SIS ids, Section last; else an invalid header row."""
    code, rows, _ = export("canvas", "SIS User ID;Root Account;x\nada;uni.edu;1\nbela;uni.edu;2\n")
    assert rows[0][:6] == [
        "Student", "ID", "SIS User ID", "SIS Login ID", "Root Account", "Section"
    ]  # fmt: skip
    assert rows[2] == ["", "", "ada", "", "uni.edu", "", "2.5"]
    assert code == 1  # cleo is not in it
    code, rows, err = export("canvas", "Mail\nada\n", "--id", "Mail")
    assert "Canvas finds a student by one of Student, ID, SIS User ID" in err
    assert code == 2


def test_the_column_with_the_ids_is_found(export):
    """Canvas names downloaded files by its own number; then the folders are called like that."""
    people = CANVAS.replace(",1,u1,ada", ",ada,u1,a1").replace(",2,u2,bela", ",bela,u2,b2")
    code, rows, err = export("canvas", people)
    assert [row[-1] for row in rows[2:]] == ["2.5", "3.5", "", ""]
    assert code == 1
    assert "cleo. Is 'ID' the column" in err


def test_an_assignment_has_another_name_in_the_lms(export):
    people = CANVAS.replace("01_toy (4711)", "Homework 1 (4711)")
    _, rows, _ = export("canvas", people, "--title", "01_toy=Homework 1")
    assert rows[0][-1] == "Homework 1 (4711)"
    _, rows, _ = export("moodle", "Username\nada\n", "--title", "01_toy=Homework 1")
    assert rows[0] == ["Username", "Homework 1"]
    code, _, err = export("canvas", people, "--title", "01_mdp=Homework 1")
    assert code == 2
    assert "--title takes NAME=TITLE, NAME one of 01_toy." in err


def test_a_column_an_exercise_in_the_order_of_the_notebook(export):
    _, rows, _ = export("canvas", CANVAS, "--exercises")
    assert rows[0][5:] == ["01_toy (4711)", "01_toy: double", "01_toy: half", "01_toy: why"]
    assert rows[1][5:] == ["15", "6", "4", "5"]
    assert rows[2][5:] == ["2.5", "1.5", "1", "0"]


def test_moodle_gets_the_column_that_identifies(export):
    people = "First name,Username,Email address\nAda,ada,a@x\nBela,bela,b@x\nN,nora,n@x\n"
    code, rows, err = export("moodle", people)
    assert rows == [["Username", "01_toy (of 15)"], ["ada", "2.5"], ["bela", "3.5"]]
    assert code == 1
    assert "Not in the roster, so not exported: cleo" in err


WORKSHEET = """\
\ufeffIdentifier,"Full name","Email address",Status,Grade,"Maximum grade","Last modified (grade)"
"Participant 4711",Ada,a@x.org,Submitted,,15.00,-
"Participant 12",Nora,n@x.org,"No submission",3.00,15.00,"Monday, 2 June 2025, 9:00 AM"
"""


def worksheet(graded, people, path, *more):
    """Export to a worksheet after the folder of ada was called by the participant's number."""
    course, out = graded
    path.mkdir()
    (path / "r.csv").write_text(people, encoding="utf-8")
    line = ["moodle", out, "--roster", path / "r.csv", "--to", path / "w.csv", "--root", course]
    return main(["export", *map(str, line), *more]), path / "w.csv"


def test_moodles_worksheet_is_filled_in(graded, tmp_path, capsys):
    people = WORKSHEET.replace("4711", "ada").replace("Participant ada", "ada")
    _, path = worksheet(graded, people, tmp_path / "a")
    rows = list(csv.reader(path.open(encoding="utf-8")))
    assert rows[0] == ["Identifier", "Full name", "Grade", "Last modified (grade)"]
    assert rows[1] == ["ada", "Ada", "2.5", "-"]
    assert rows[2][2:] == ["3.00", "Monday, 2 June 2025, 9:00 AM"]
    for changed, more, says in (
        ("15.00", ["--exercises"], "leave out --exercises"),
        ("100.00", [], "01_toy has 15 points, the assignment in Moodle has 100.00"),
    ):
        other = people.replace("15.00", changed)
        code, path = worksheet(graded, other, tmp_path / changed, *more)
        assert code == 2
        assert not path.exists()
        assert says in capsys.readouterr().err


def test_a_participant_is_known_by_the_number(tmp_path):
    """The one in the names of the files that Moodle lets one download."""
    (tmp_path / "r.csv").write_text(WORKSHEET, encoding="utf-8")
    found = roster.read(tmp_path / "r.csv", None, ("Username", "Identifier"))
    assert list(found.rows) == ["4711", "12"]
    assert found.rows["12"]["Identifier"] == "Participant 12"


def test_names_in_a_roster_cannot_be_formulas(export):
    people = 'Student,SIS Login ID\nada,ada\n"=1+1",y\n'
    _, rows, _ = export("canvas", people)
    assert [row[0] for row in rows[2:]] == ["ada", "'=1+1"]


@pytest.mark.parametrize(
    ("people", "more", "says"),
    [
        ("", [], "is empty"),
        ("a,b\n1,2\n", [], "no column any of Username, ID number, Email address"),
        ("Username\nada\n", ["--id", "login"], "no column called 'login'; its columns are Usern"),
        ("Username\nada\nada\n", [], "names ada twice"),
        ("Username,x\n,1\n", [], "no student with an id"),
    ],
)
def test_a_roster_that_does_not_fit_is_a_sentence(export, people, more, says):
    code, rows, err = export("moodle", people, *more)
    assert code == 2
    assert rows == []
    assert says in err


def test_an_assignment_that_nobody_knows(export):
    code, _, err = export("canvas", CANVAS, "--assignment", "07_toy")
    assert code == 2
    assert "no assignment '07_toy'; it has 01_toy" in err


def test_a_folder_without_a_gradebook(tmp_path, capsys):
    (tmp_path / "r.csv").write_text("Username\nada\n")
    line = ["export", "moodle", tmp_path, "--roster", tmp_path / "r.csv", "--to", tmp_path / "x"]
    assert main([str(part) for part in line]) == 2
    assert "gradebook.db does not exist" in capsys.readouterr().err


def test_csv_is_nbgraders_own(graded, tmp_path):
    course, out = graded
    line = ["export", "csv", str(out), "--to", str(tmp_path), "--root", str(course)]
    assert main(line) == 0
    assert (tmp_path / "grades.csv").read_bytes() == (out / "grades.csv").read_bytes()
    assert (tmp_path / "exercises.csv").read_bytes() == (out / "exercises.csv").read_bytes()


def test_late_penalties_are_taken_off(graded):
    from nbgrader.api import Gradebook

    from grader import lms

    _, out = graded
    with Gradebook(f"sqlite:///{out / 'gradebook.db'}") as gradebook:
        notebook = gradebook.find_submission_notebook(fakes.NAME, fakes.NAME, "cleo")
        notebook.late_submission_penalty = 4.25
        found = lms.grades(gradebook, {})
        assert found.of["cleo"] == {"01_toy": 0.25}
        notebook.late_submission_penalty = 99
        assert lms.grades(gradebook, {}).of["cleo"] == {"01_toy": 0.0}
        gradebook.db.rollback()


def test_a_roster_may_start_with_a_byte_order_mark(tmp_path):
    path = tmp_path / "r.csv"
    path.write_text("Username\nada\n", encoding="utf-8-sig")
    assert list(roster.read(path, None, ("Username",)).rows) == ["ada"]
    path.write_bytes(b"Username\n\xff\n")
    with pytest.raises(RosterError, match="UTF-8"):
        roster.read(path, None, ("Username",))


def test_the_classroom_workflow_runs_the_visible_checks(tmp_path):
    target = tmp_path / ".github/workflows/checks.yml"
    assert main(["export", "github-classroom", "01_mdp", "--to", str(target)]) == 0
    steps = yaml.safe_load(target.read_text())["jobs"]["checks"]["steps"]
    assert steps[-1]["run"] == "python -m qlib check notebooks/01_mdp/01_mdp.ipynb"
    assert steps[-2]["run"] == "python -m pip install -r requirements.txt"
    assert main(["export", "github-classroom", "99_none", "--to", str(target)]) == 2
