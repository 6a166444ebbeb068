"""Any outcome replays from its recorded seeds; what differs is named."""

import hashlib
import json
from dataclasses import replace

import miniature
import pytest

from grader import replay, worker
from grader.__main__ import main
from grader.assignment import Assignment
from grader.examine import Examiner
from grader.merge import merged
from grader.store import write_atomically

NAME = miniature.NAME


@pytest.fixture
def out(tmp_path, monkeypatch):
    """An output folder, and the examiner of the miniature."""
    monkeypatch.setattr(Assignment, "load", lambda name, root: miniature.assignment())
    monkeypatch.setattr(worker, "_code", lambda assignment: "steady")
    source = tmp_path / "course" / "solutions" / NAME / f"{NAME}.ipynb"
    source.parent.mkdir(parents=True)
    source.write_text(json.dumps(miniature.source_notebook()))
    return tmp_path / "out"


def record(out, notebook, *, change=None, seed=None):
    """Examine and store as `grade` does; the outcome's path."""
    root = out.parent / "course"
    path = miniature.write(out / "submitted", notebook)
    with Examiner(root=root) as examiner:
        outcome = examiner.examine(path, "ada", NAME, seed=seed)
        if change == "mixed":
            again = examiner.examine(path, "ada", NAME, only=("total",))
            assert [e.hidden.name for e in again.exercises] == ["total"]
            outcome = merged(outcome, again, ("total",))
            assert len({e.hidden.seed for e in outcome.exercises}) == 2
    versions = {
        "submission": hashlib.sha256(path.read_bytes()).hexdigest(),
        "limits": str(worker.Terms()),
        **worker.versions_of(NAME, root),
    }
    outcome = replace(outcome, versions=versions)
    if callable(change):
        outcome = change(outcome)
    target = out / "outcomes" / NAME / "ada.json"
    write_atomically(target, outcome.to_json().encode())
    return target


def run(out, *words):
    return main(["replay", *map(str, words), "--root", str(out.parent / "course")])


def test_the_same_bit_for_bit(out, capsys):
    wrong = miniature.solved(total="def total(x):\n    return float(np.sum(x) + x[0])")
    path = record(out, wrong)
    assert run(out, path) == 0
    shown = capsys.readouterr().out
    assert f"ada {NAME}: 7 checks replayed, the same bit for bit." in shown
    assert "changed" not in shown


@pytest.mark.parametrize(
    "chance",
    [
        "np.random.random()",
        "__import__('random').random()",
        "list({str(k) for k in range(50)}).index('7')",
        "hash('seven') % 1000",
    ],
)
def test_chance_in_an_answer_replays(out, capsys, chance):
    wrong = f"def total(x):\n    return float(np.sum(x)) + len(x) * (1 + {chance})"
    path = record(out, miniature.solved(total=wrong))
    assert run(out, path) == 0, capsys.readouterr()


def test_a_mixed_outcome_replays_each_verdict_from_its_own_seed(out, capsys):
    path = record(out, miniature.solved(), change="mixed")
    assert run(out, path) == 0
    assert "the same bit for bit" in capsys.readouterr().out


def test_what_differs_is_named(out, capsys):
    def lie(outcome):
        double, total = outcome.exercises
        first = replace(double.hidden.results[0], points=0.0, status="not yet")
        report = replace(double.hidden, results=(first, *double.hidden.results[1:]))
        return replace(outcome, status="crashed", exercises=(replace(double, hidden=report), total))

    path = record(out, miniature.solved(), change=lie)
    assert run(out, path) == 1
    shown = capsys.readouterr().out
    assert "3 differences" in shown
    assert "status: was crashed, is graded" in shown
    assert "mini/double, hidden check “fresh numbers”, points: was 0.0, is 2" in shown


def test_a_changed_grader_is_named(out, capsys, monkeypatch):
    path = record(out, miniature.solved())
    monkeypatch.setattr(worker, "_code", lambda assignment: "newer")
    assert run(out, path) == 0
    assert "the grader has changed since" in capsys.readouterr().out


def test_what_cannot_be_replayed_is_told(out, capsys):
    path = record(out, miniature.solved())
    copy = out / "submitted" / "ada" / NAME / f"{NAME}.ipynb"
    content = copy.read_text()
    copy.write_text(content + " ")
    assert run(out, path) == 2
    assert "is not what this outcome was made from" in capsys.readouterr().err
    elsewhere = out.parent / "kept.ipynb"
    elsewhere.write_text(content)
    assert run(out, path, "--submission", elsewhere) == 0
    copy.unlink()
    assert run(out, path) == 2
    assert "--submission" in capsys.readouterr().err
    path.write_text("{}")
    assert run(out, path) == 2
    assert "is no outcome" in capsys.readouterr().err
    assert run(out, out / "nowhere.json") == 2
    error = capsys.readouterr().err
    assert "cannot be read" in error
    assert "Traceback" not in error


def test_nothing_examined_is_nothing_to_replay(out, capsys):
    path = record(out, b"no notebook")
    assert run(out, path) == 0
    assert "no verdict to replay" in capsys.readouterr().out
    assert list(replay.differences(*2 * [replay.Outcome("a", NAME, "graded")])) == []
