import os

import pytest

from grader.collect import digest, discover, read_regular, shown, student_id

HOSTILE = [
    "",
    "..",
    "a/b",
    "a\nb",
    "<script>alert(1)</script>",
    "=1+1",
    "-rf",
    "@sum",
    "[red]x",
    "a,b",
    'x"y',
    "Robert'); DROP TABLE student;--",
    "\u202egnp.exe",
    "x" * 255,
    "\udcff",
    "~",
    "a~0123456789",
    " lead",
    "trail ",
    "e\u0301",
]


@pytest.mark.parametrize("name", ["ada", "Łukasz", "jane.doe@uni", "s-123_4", "Jane Doe", "李明"])
def test_an_ordinary_name_is_its_own_id(name):
    assert student_id(name) == name


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_gets_a_harmless_id(name):
    found = student_id(name)
    assert found != name
    assert found[0].isalnum()
    assert len(found) <= 64
    assert not set(found) & set("/\\\n\r\t\0<>&'\"`,;=+()[]{}*?$| ")


def test_different_names_have_different_ids():
    names = [*HOSTILE, *(student_id(name) for name in HOSTILE), "a b", "a-b"]
    assert len({student_id(name) for name in names}) == len(names)


def test_shown_names_hold_no_control_characters_and_fit():
    assert shown("a\nb\x1b[2J\u202ec") == "a\ufffdb\ufffd[2J\ufffdc"
    assert len(shown("x" * 255)) == 28


def make(folder, *parts, text="{}"):
    path = folder.joinpath(*parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_discover_follows_no_link_and_says_what_it_left_out(tmp_path):
    make(tmp_path / "in", "ada", "01_mdp", "01_mdp.ipynb")
    make(tmp_path / "in", "ada", "other", "other.ipynb")
    make(tmp_path / "in", "file")
    make(tmp_path / "in", ".git", "01_mdp", "01_mdp.ipynb")
    make(tmp_path / "in", "bob", "01_mdp", text="a file, not a folder")
    (tmp_path / "in" / "cleo").mkdir()
    (tmp_path / "in" / "dora").symlink_to(tmp_path / "in" / "ada")
    (tmp_path / "in" / "eve").mkdir()
    (tmp_path / "in" / "eve" / "01_mdp").symlink_to(tmp_path / "in" / "ada" / "01_mdp")
    found = discover(tmp_path / "in", ["01_mdp"])
    assert [(s.student, bool(s.problem)) for s in found.submissions] == [
        ("ada", False),
        ("bob", True),
        ("eve", True),
    ]
    assert found.students == ["ada", "bob", "cleo", "eve"]
    assert found.unknown == {"other"}
    assert "dora" in found.notes[0]


def test_only_regular_files_of_bounded_size_are_read(tmp_path):
    path = make(tmp_path, "a", text="12345")
    (tmp_path / "link").symlink_to(path)
    os.mkfifo(tmp_path / "pipe")
    assert read_regular(path) == b"12345"
    assert read_regular(path, 4) is None
    assert read_regular(tmp_path / "link") is None
    assert read_regular(tmp_path / "pipe") is None
    assert read_regular(tmp_path) is None
    assert read_regular(tmp_path / "none") is None


def test_the_digest_changes_with_the_submission(tmp_path):
    path = make(tmp_path, "ada", "01_mdp", "01_mdp.ipynb", text="1")
    (submission,) = discover(tmp_path, ["01_mdp"]).submissions
    digests = [digest(submission)]
    path.write_text("2")
    digests.append(digest(submission))
    path.unlink()
    digests.append(digest(submission))
    path.symlink_to("/etc/passwd")
    digests.append(digest(submission))
    assert len(set(digests)) == 4
