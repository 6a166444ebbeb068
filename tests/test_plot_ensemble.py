"""The picture of an ensemble target, and the note of a curve."""

import numpy as np
import pytest

from qlib import plot

CRITICS = np.array([[1.0, 5.0, 0.0], [4.0, 2.0, 0.5]])


@pytest.mark.parametrize(
    ("mode", "idx", "row", "best"),
    [
        ("min", None, ["1.0", "2.0", "0.0"], 1),
        ("mean", None, ["2.5", "3.5", "0.2"], 1),
        ("subset", [1], ["4.0", "2.0", "0.5"], 0),
        ("subset", [1, 0, 1], ["1.0", "2.0", "0.0"], 1),
    ],
)
def test_the_row_of_the_ensemble_and_its_best_action_by_hand(mode, idx, row, best):
    ax = plot.ensemble(CRITICS, mode=mode, idx=idx, title=mode, target=1.0)
    combined = [t for t in ax.texts if t.get_position()[1] == 3.0 and t.get_position()[0] >= 0]
    assert [t.get_text() for t in sorted(combined, key=lambda t: t.get_position()[0])] == row
    assert [p.get_gid() for p in ax.patches if p.get_gid()] == [f"best:{best}"]
    assert f"for action a{best}" in plot.alt(ax)


@pytest.mark.parametrize(
    ("Qs", "options", "message"),
    [
        (CRITICS[0], {}, "values"),
        (CRITICS, {"mode": "max"}, "mode must be"),
        (CRITICS, {"mode": "subset"}, "needs idx"),
    ],
)
def test_what_cannot_be_drawn_is_refused(Qs, options, message):
    with pytest.raises(ValueError, match=message):
        plot.ensemble(Qs, **options)


def test_a_note_replaces_the_line_about_seeds():
    ax = plot.curves({"f": np.arange(3.0)}, interval="none", note="exact")
    assert [t.get_text() for t in ax.texts if t.get_gid() == "interval"] == ["exact"]
    assert "exact" in plot.alt(ax)
