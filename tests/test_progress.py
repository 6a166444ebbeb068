import json
import os
import shutil
from pathlib import Path

import pytest

from qlib import progress as module
from qlib.__main__ import main
from qlib.checks.index import EXERCISES
from qlib.progress import STATE, Chapter, Standing, load, progress, save, what_next

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def folder(tmp_path):
    """A learner's folder: 01_mdp solved, 00_tools as released."""
    for name, home in (("01_mdp", "solutions"), ("00_tools", "notebooks")):
        (tmp_path / name).mkdir()
        shutil.copy(ROOT / home / name / f"{name}.ipynb", tmp_path / name)
    return tmp_path


def test_it_shows_each_notebook_the_points_and_what_comes_next(folder, capsys):
    assert main(["progress", str(folder)]) == 1
    out = capsys.readouterr().out
    assert "✓ 01_mdp               10 of 10 exercises, 50 of 50 points" in out
    assert "· 00_tools             0 of 3 exercises" in out
    assert "02_bellman           no notebook in" in out
    assert "50 of 50 points by the visible checks" in out
    assert f"Next: `td_errors` in {folder}/00_tools/00_tools.ipynb." in out


def test_only_what_has_changed_is_run_again(folder, capsys, monkeypatch):
    main(["progress", str(folder)])
    runs = []
    real = __import__("qlib.runner", fromlist=["run_notebook"]).run_notebook
    monkeypatch.setattr(
        "qlib.__main__.run_notebook", lambda nb, s: runs.append(nb.path.stem) or real(nb, s)
    )
    main(["progress", str(folder)])
    assert runs == []
    path = folder / "00_tools" / "00_tools.ipynb"
    data = json.loads(path.read_text())
    answer = next(c for c in data["cells"] if c["metadata"].get("nbgrader", {}).get("solution"))
    answer["source"] = "1 / 0"
    path.write_text(json.dumps(data))
    capsys.readouterr()
    main(["progress", str(folder)])
    assert runs == ["00_tools"]
    assert "✓ 01_mdp" in capsys.readouterr().out


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{", '{"01_mdp": 3}', '{"01_mdp": {"status": [], "points": 1}}', "[" * 10**5],
)
def test_a_damaged_state_says_nothing(tmp_path, content):
    (tmp_path / STATE).write_text(content)
    assert load(tmp_path) == {}


def test_what_is_saved_is_loaded(tmp_path):
    status = dict.fromkeys(EXERCISES["01_mdp"], "passed")
    chapter = Chapter("01_mdp", status, {"rollout": 10.0}, "abc", "01_mdp/01_mdp.ipynb")
    assert save(tmp_path, {"01_mdp": chapter})
    assert load(tmp_path) == {"01_mdp": chapter}
    assert [path.name for path in tmp_path.iterdir()] == [STATE]


def test_no_notebooks_is_a_sentence(tmp_path, capsys):
    assert main(["progress", str(tmp_path)]) == 2
    err = capsys.readouterr().err
    assert "holds none of the course's notebooks" in err
    assert "Traceback" not in err


def test_a_broken_notebook_does_not_hide_the_others(folder, capsys):
    (folder / "00_tools" / "00_tools.ipynb").write_text("not JSON")
    assert main(["progress", str(folder)]) == 1
    out = capsys.readouterr().out
    assert "! 00_tools" in out
    assert "✓ 01_mdp" in out


def test_a_folder_that_cannot_be_written_is_named(folder, capsys, monkeypatch):
    monkeypatch.setattr("qlib.__main__.save", lambda *args: False)
    main(["progress", str(folder)])
    assert "cannot be written to, so nothing is remembered" in capsys.readouterr().out


def test_in_a_notebook_it_shows_what_the_checks_said(folder, monkeypatch):
    monkeypatch.chdir(folder / "01_mdp")
    said = {f"01_mdp/{name}": "passed" for name in EXERCISES["01_mdp"]} | {
        "01_mdp/rollout": "not yet"
    }
    monkeypatch.setattr(module, "latest", said)
    text = repr(progress("01_mdp"))
    assert "01_mdp                   9 of 10 exercises, 40 of 50 points" in text
    assert "✗ rollout" in text
    assert "Next: `rollout` in this notebook." in text
    assert load(folder)["01_mdp"].status["rollout"] == "not yet"
    markup = progress("01_mdp")._repr_html_()
    assert "Next: <code>rollout</code> in this notebook." in markup
    assert "<script" not in markup


def test_after_a_notebook_comes_the_next_one_then_what_was_left_out():
    chapters = [Chapter(name, dict.fromkeys(names, "")) for name, names in EXERCISES.items()]
    done = Chapter("03_fqi", dict.fromkeys(EXERCISES["03_fqi"], "passed"))
    chapters[list(EXERCISES).index("03_fqi")] = done
    following = EXERCISES["04_bias_variance"][0]
    assert what_next(chapters, "03_fqi") == f"Next: `{following}` in 04_bias_variance."
    assert what_next(chapters[:4], "03_fqi") == "Next: `td_errors` in 00_tools."


def test_another_name_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match="no notebook '1_mdp'; the course has 00_tools, 01_mdp"):
        progress("1_mdp")
    assert os.listdir(tmp_path) == []


def test_when_everything_passes_it_says_so():
    chapters = [Chapter(name, dict.fromkeys(names, "passed")) for name, names in EXERCISES.items()]
    assert what_next(chapters) == what_next(chapters, "03_fqi") == "Every visible check passes."
    assert "✓" in repr(Standing(chapters, "01_mdp"))
