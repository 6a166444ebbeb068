import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from qlib import plot
from qlib.plot.network import MAX_DRAWN


def gids(ax, prefix):
    return [p for p in ax.patches if str(p.get_gid()).startswith(prefix)]


def test_every_input_and_output_is_drawn_and_wide_layers_say_their_width():
    ax = plot.network(["a", "b", "c"], (64, 4), ["x", "y"], title="A net")
    assert isinstance(ax, Axes)
    assert len(gids(ax, "input")) == 3
    assert len(gids(ax, "output")) == 2
    assert len(gids(ax, "hidden")) == MAX_DRAWN + 4
    assert {"64 units", "4 units", "a", "y"} <= {t.get_text() for t in ax.texts}
    assert "hidden layers of width 64, 4" in plot.alt(ax)


def test_actions_have_another_colour_and_formulas_are_readable_without_dollars():
    ax = plot.network(["$s$", "$a$"], (), ["$Q(s, a)$"], split=1)
    colors = [p.get_facecolor() for p in gids(ax, "input")]
    assert colors[0] != colors[1]
    assert "$" not in plot.alt(ax)
    assert "width none" in plot.alt(ax)


def test_it_draws_on_given_axes():
    given = Figure().add_subplot()
    assert plot.network(["s"], (2,), ["Q"], given) is given


@pytest.mark.parametrize(
    ("inputs", "hidden", "outputs", "words"),
    [([], (2,), ["Q"], "lists of names"), ("s", (2,), ["Q"], "lists of names"),
     (["s"], (0,), ["Q"], "at least one unit")],
)  # fmt: skip
def test_what_cannot_be_drawn_is_refused(inputs, hidden, outputs, words):
    with pytest.raises(ValueError, match=words):
        plot.network(inputs, hidden, outputs)
