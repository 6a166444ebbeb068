import io
import re
import subprocess
import sys
from html.parser import HTMLParser
from types import SimpleNamespace

import matplotlib as mpl
import matplotlib.image
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from qlib import envs, plot
from qlib.data import Episode
from qlib.plot.curves import mean_interval, spread
from qlib.plot.moves import STEP, UP_RIGHT_DOWN_LEFT, tied_best
from qlib.plot.style import BLUE, LINES, WHITE, ink, number, shades
from qlib.plot.titles import plain

V34 = np.array([0.64, 0.74, 0.85, 1, 0.57, 0.57, -1, 0.49, 0.43, 0.48, 0.28, 0])  # SEED_NOTES 1b
PAIR = plot.GridLayout((1, 2), [(0, 0), (0, 1)])
PATH = Episode(
    s=np.array([7, 4, 0, 1, 2, 3, 11]),
    a=np.array([0, 0, 1, 1, 1, 0]),
    r=np.array([0, 0, 0, 0, 0, 1.0]),
    terminated=True,
    truncated=False,
)


def gids(ax, prefix):
    """The parts of a picture whose gid starts with the prefix."""
    return sorted(str(p.get_gid()) for p in ax.findobj() if str(p.get_gid()).startswith(prefix))


def texts(ax):
    """Every text in a picture."""
    return [t.get_text() for t in ax.texts]


def text_at(ax, gid):
    """The text object with a gid."""
    return next(t for t in ax.texts if t.get_gid() == gid)


def two_states():
    """From s0: a0 to the end with reward 1, a1 stays with probability 3/4."""
    P = np.array([[[0, 1], [0.75, 0.25]], [[0, 1], [0, 1]]], dtype=float)
    return SimpleNamespace(P=P, R=np.array([[1.0, -0.5], [0, 0]]), terminal=np.array([False, True]))


EVERY = {
    "values": lambda ax=None: plot.values(V34, plot.GRID34, ax),
    "q_quarters": lambda ax=None: plot.q_quarters(np.tile(V34[:, None], 4), plot.GRID34, ax),
    "arrows": lambda ax=None: plot.arrows(np.eye(12, 4), plot.GRID34, ax, V=V34),
    "q_table": lambda ax=None: plot.q_table(np.eye(3, 2), ax),
    "bars": lambda ax=None: plot.bars([1.0, -0.5], ax, pi=[0.5, 0.5]),
    "state_graph": lambda ax=None: plot.state_graph(two_states(), ax),
    "backup": lambda ax=None: plot.backup("td", ax),
    "loop": lambda ax=None: plot.loop(ax),
    "timeline": lambda ax=None: plot.timeline(PATH, ax),
    "episode": lambda ax=None: plot.episode(PATH, plot.GRID34, ax),
    "curves": lambda ax=None: plot.curves({"Q": np.eye(3)}, ax=ax),
}


# Every picture


@pytest.mark.parametrize("name", EVERY)
def test_each_returns_axes_with_an_alt_text_and_draws_on_given_axes(name):
    ax = EVERY[name]()
    assert isinstance(ax, Axes)
    assert len(plot.alt(ax)) > 30
    given = Figure().add_subplot()
    assert EVERY[name](given) is given
    assert plot.alt(given) == plot.alt(ax)


@pytest.mark.parametrize("name", EVERY)
def test_the_readers_settings_stay_as_they_are(name):
    before = dict(mpl.rcParams)
    EVERY[name]()
    assert dict(mpl.rcParams) == before


def test_a_dark_setting_of_the_reader_does_not_reach_the_pictures():
    with mpl.rc_context({"text.color": "white", "figure.facecolor": "black"}):
        ax = plot.backup("td")
    assert {t.get_color() for t in ax.texts} == {"#000000"}
    assert mpl.colors.same_color(ax.figure.get_facecolor(), WHITE)


def test_axes_of_the_wrong_kind_are_refused():
    with pytest.raises(TypeError, match="Axes or None, got Figure"):
        plot.loop(Figure())


def test_importing_qlib_does_not_import_matplotlib():
    code = "import sys, qlib; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_pictures_do_not_need_pyplot():
    code = "import sys; from qlib import plot; plot.show(plot.loop()); "
    code += "sys.exit('matplotlib.pyplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# Colours


def test_contrast_by_hand():
    assert plot.contrast("black", "white") == pytest.approx(21)
    assert plot.contrast("white", "#777777") == pytest.approx(4.48, abs=0.005)  # known from WCAG
    assert plot.luminance("#00FF00") == pytest.approx(0.7152)
    assert plot.luminance("#808080") == pytest.approx(0.2159, abs=1e-4)


@pytest.mark.parametrize("signed", [False, True])
def test_text_reads_on_every_colour_of_the_scales(signed):
    cmap, norm = shades(np.array([-1.0, 1.0]), signed=signed)
    ratios = [plot.contrast(plot.text_on(c), c) for c in cmap(norm(np.linspace(-1, 1, 256)))]
    assert min(ratios) >= 4.5


def test_line_colours_keep_3_to_1_where_they_can_and_their_names_4_5():
    assert [plot.contrast(c, WHITE) > 2.8 for c, _, _ in LINES] == [True] * len(LINES)
    assert min(plot.contrast(ink(c), WHITE) for c, _, _ in LINES) >= 4.5
    assert ink(BLUE) == BLUE.lower()  # dark enough as it is


def test_lines_differ_without_colour():
    assert len({(str(dash), marker) for _, dash, marker in LINES}) == len(LINES)
    assert len({str(dash) for _, dash, _ in LINES}) == len(LINES)


def test_signed_scale_has_white_at_zero_and_equal_arms():
    cmap, norm = shades(np.array([-1.0, 4.0]), signed=True)
    assert norm(0.0) == pytest.approx(0.5)
    assert norm(-4.0) == pytest.approx(1 - norm(4.0))
    assert plot.luminance(cmap(norm(0.0))) > 0.9


@pytest.mark.parametrize(
    ("x", "expected"),
    [(-0.5, "−0.50"), (-0.001, "0.00"), (np.nan, "–"), (np.inf, "∞"), (1e6, "1000000.00")],
)
def test_numbers(x, expected):
    assert number(x) == expected


def test_signed_numbers_say_plus():
    assert [number(x, signed=True) for x in (0.5, -0.5, 0.001)] == ["+0.50", "−0.50", "0.00"]


# Grids


@pytest.mark.parametrize(
    ("grid", "mdp"),
    [(plot.GRID34, envs.gridworld34(noise=0)), (plot.CLIFF, envs.cliff())],
    ids=["gridworld34", "cliff"],
)
def test_layouts_and_action_order_agree_with_the_worlds(grid, mdp):
    assert grid.n_states == mdp.n_states
    assert mdp.rho0[grid.start] == 1
    state = {cell: s for s, cell in enumerate(grid.cells) if cell is not None}
    moved = 0
    for s in grid.drawn:
        for a, action in enumerate(UP_RIGHT_DOWN_LEFT):
            dx, dy = STEP[action]
            there = state.get((grid.cells[s][0] + dy, grid.cells[s][1] + dx))
            if s not in grid.exits and there is not None:
                assert mdp.P[s, a, there] == 1
                moved += 1
    assert moved > 15
    for s in grid.exits:  # an exit ends the episode whatever one does
        assert mdp.terminal[s] or mdp.terminal[mdp.P[s].argmax(axis=1)].all()


def test_values_writes_every_number_and_the_wall_and_no_sink():
    ax = plot.values(V34, plot.GRID34)
    assert [text_at(ax, f"value:{s}").get_text() for s in (0, 3, 6)] == ["0.64", "1.00", "−1.00"]
    assert len(gids(ax, "value:")) == 11
    assert len(gids(ax, "wall")) == 1
    assert gids(ax, "exit:") == ["exit:3", "exit:6"]
    assert "Largest 1.00 at row 1, column 4; smallest −1.00 at row 2, column 4" in plot.alt(ax)


def test_every_number_reads_on_its_cell():
    ax = plot.values(V34, plot.GRID34)
    cells = {p.get_gid(): p.get_facecolor() for p in ax.patches}
    for s in plot.GRID34.drawn:
        color = text_at(ax, f"value:{s}").get_color()
        assert plot.contrast(color, cells[f"cell:{s}"]) >= 4.5


def test_equal_values_and_nan_can_be_drawn():
    assert texts(plot.values([0, 0], PAIR)) == ["0.00", "0.00"]
    assert texts(plot.values([np.nan, np.nan], PAIR)) == ["–", "–"]


def test_same_limits_give_same_colours():
    first = plot.values([0, 1], PAIR, vmin=0, vmax=4)
    second = plot.values([4, 1], PAIR, vmin=0, vmax=4)
    color = [next(p for p in ax.patches if p.get_gid() == "cell:1") for ax in (first, second)]
    assert color[0].get_facecolor() == color[1].get_facecolor()


def test_layout_errors_name_the_state():
    with pytest.raises(ValueError, match="states 0 and 1 share the cell"):
        plot.GridLayout((1, 2), [(0, 0), (0, 0)])
    with pytest.raises(ValueError, match="state 1 lies at"):
        plot.GridLayout((1, 2), [(0, 0), (1, 0)])
    with pytest.raises(ValueError, match="state 1 is an exit or the start"):
        plot.GridLayout((1, 2), [(0, 0), None], exits=[1])
    with pytest.raises(ValueError, match="both >= 1"):
        plot.GridLayout((0, 2), [])


def test_shapes_are_checked():
    with pytest.raises(ValueError, match=r"V has shape \(11,\).*12 states"):
        plot.values(V34[:11], plot.GRID34)
    with pytest.raises(ValueError, match=r"expected shape \(12, 4\)"):
        plot.q_quarters(np.zeros((12, 3)), plot.GRID34)
    with pytest.raises(TypeError, match="grid must be a GridLayout"):
        plot.values(V34, (3, 4))
    with pytest.raises(ValueError, match="vmin must be below vmax"):
        plot.values(V34, plot.GRID34, vmin=1, vmax=1)


# Policies


def test_tied_arrows_are_all_drawn_and_a_full_tie_is_a_cross():
    ax = plot.arrows([[1, 1, 0, 0], [2, 2, 2, 2]], PAIR)
    assert gids(ax, "arrow:") == ["arrow:0:0", "arrow:0:1"]
    assert gids(ax, "cross:") == ["cross:1"]
    assert "row 1, column 1: up or right" in plot.alt(ax)


@pytest.mark.parametrize(("gap", "count"), [(1e-12, 2), (1e-6, 1)])
def test_ties_have_a_tolerance(gap, count):
    ax = plot.arrows([[1, 1 + gap, 0, 0], [0, 0, 0, 1]], PAIR)
    assert len(gids(ax, "arrow:0")) == count


def test_tolerance_grows_with_the_numbers():
    assert tied_best(np.array([1e6, 1e6 + 1e-4])).all()
    assert tied_best(np.array([1.0, 1.0 + 1e-4])).tolist() == [False, True]
    assert tied_best(np.array([np.nan, 0.0, np.inf])).tolist() == [False, False, True]


def test_arrows_point_where_the_action_goes():
    ax = plot.arrows(np.eye(4), plot.GridLayout((1, 4), [(0, j) for j in range(4)]))
    for a, action in enumerate(UP_RIGHT_DOWN_LEFT):
        arrow = next(p for p in ax.patches if p.get_gid() == f"arrow:{a}:{a}")
        tip = arrow.get_xy()[3] - (a, 0)
        assert np.sign(np.round(tip, 6)).tolist() == list(STEP[action])


def test_arrows_of_a_policy_given_as_indices_and_as_probabilities():
    ax = plot.arrows(np.array([1, 3]), PAIR)
    assert gids(ax, "arrow:") == ["arrow:0:1", "arrow:1:3"]
    ax = plot.arrows([[0.5, 0.5, 0, 0], [0.25] * 4], PAIR, probs=True)
    assert len(gids(ax, "arrow:")) == 6
    assert gids(ax, "cross:") == []
    with pytest.raises(ValueError, match=r"pi\[1\] .* no probability distribution"):
        plot.arrows([[1, 0, 0, 0], [1, 1, 0, 0]], PAIR, probs=True)
    with pytest.raises(ValueError, match=r"outside 0\.\.3"):
        plot.arrows(np.array([1, 4]), PAIR)


def test_exits_have_no_arrow():
    ax = plot.arrows(np.eye(12, 4), plot.GRID34)
    assert gids(ax, "arrow:3") + gids(ax, "cross:3") + gids(ax, "cross:6") == []
    assert texts(ax).count("exit") == 2


def test_quarters_write_all_numbers_and_outline_the_greedy_ones():
    ax = plot.q_quarters([[1, 2, 2, 0], [0, 0, 0, 0]], PAIR)
    assert [text_at(ax, f"q:0:{a}").get_text() for a in range(4)] == [
        "1.00",
        "2.00",
        "2.00",
        "0.00",
    ]
    assert gids(ax, "greedy:") == ["greedy:0:1", "greedy:0:2"]  # nothing where all are tied
    assert text_at(ax, "q:0:1").get_weight() == "bold"
    assert "all moves are tied: 1" in plot.alt(ax)


@pytest.mark.parametrize("size", [0.7, 1.3])
def test_numbers_lie_inside_the_outline_of_their_quarter(size):
    rows = (np.eye(4) + 1) * [[0.123], [-0.123], [1.23], [-1.23]]
    row = plot.GridLayout((1, 4), [(0, j) for j in range(4)])
    fig = Figure(figsize=(4 * size, size), dpi=200)  # as pictures are saved
    ax = fig.add_axes((0, 0, 1, 1))
    plot.q_quarters(rows, row, ax, signed=True)
    fig.draw_without_rendering()
    outlines = [p for p in ax.patches if str(p.get_gid()).startswith("greedy:")]
    assert len(outlines) == 8  # one in each positive row, three in each negative
    for outline in outlines:
        half = outline.get_linewidth() / 2 * fig.dpi / 72
        box = text_at(ax, outline.get_gid().replace("greedy", "q")).get_window_extent()
        corners = ax.transData.transform(outline.get_xy()[:3])
        middle = box.y0 + 0.3 * box.height, box.y1 - 0.25 * box.height  # of the digits
        for x in (box.x0, box.x1):
            for y in middle:
                for k in range(3):  # further than half a line from every side
                    a, b = corners[k], corners[(k + 1) % 3]
                    way, to, rest = b - a, np.array([x, y]) - a, corners[(k + 2) % 3] - a
                    away = (way[0] * to[1] - way[1] * to[0]) / np.hypot(*way)
                    assert away * np.sign(way[0] * rest[1] - way[1] * rest[0]) > half


def test_quarters_follow_the_order_of_the_actions():
    order = ("left", "down", "right", "up")
    ax = plot.q_quarters([[1, 2, 3, 4], [0, 0, 0, 1]], PAIR, actions=order)
    where = {text_at(ax, f"q:0:{a}").get_text(): text_at(ax, f"q:0:{a}") for a in range(4)}
    assert where["1.00"].get_position()[0] < 0 < where["3.00"].get_position()[0]
    assert where["4.00"].get_position()[1] < 0 < where["2.00"].get_position()[1]
    with pytest.raises(ValueError, match="different names out of"):
        plot.q_quarters(np.zeros((2, 4)), PAIR, actions=("up", "up", "down", "left"))


# Tables, bars, graphs


def test_q_table_frames_the_best_entries_of_each_row():
    ax = plot.q_table([[1, 2], [3, 3], [-1, -2]], states=["a", "b", "c"], actions=["x", "y"])
    assert gids(ax, "greedy:") == ["greedy:0:1", "greedy:2:0"]
    assert [t.get_text() for t in ax.get_xticklabels()] == ["x", "y"]
    assert [t.get_text() for t in ax.get_yticklabels()] == ["a", "b", "c"]
    assert "Largest: 3.00 for b, x" in plot.alt(ax)
    with pytest.raises(ValueError, match="actions must name 2"):
        plot.q_table(np.zeros((3, 2)), actions=["x"])
    with pytest.raises(ValueError, match=r"got shape \(3,\)"):
        plot.q_table(np.zeros(3))


def test_bars_show_q_v_and_signed_advantages():
    ax = plot.bars([3.0, 1.0], pi=[0.25, 0.75], actions=["x", "y"])
    assert "V = 1.50" in texts(ax)  # 3/4 + 3/4
    assert text_at(ax, "advantage:0").get_text().endswith("+1.50")
    assert text_at(ax, "advantage:1").get_text().endswith("−0.50")
    assert "advantages A +1.50, A −0.50" in plot.alt(ax)
    with pytest.raises(ValueError, match="pi must be probabilities"):
        plot.bars([3.0, 1.0], pi=[0.5, 0.6])


@pytest.mark.parametrize("q", [[0.31, 0.68, -0.02, 0.15], [-0.31, -0.68, 0.02, -0.15]])
def test_the_line_of_v_strikes_no_number_of_a_bar(q):
    ax = plot.bars(q, pi=[0.25] * 4)
    ax.figure.draw_without_rendering()
    V = ax.transData.transform((0, np.mean(q)))[1]
    for k in range(4):
        box = text_at(ax, f"q:{k}").get_window_extent()
        assert not box.y0 < V < box.y1


def test_state_graph_labels_action_probability_and_reward():
    ax = plot.state_graph(two_states(), states=["go", "end"], actions=["out", "try"])
    labels = [t.get_text() for t in ax.texts if t.get_gid() == "label"]
    assert sorted(labels) == ["out: r=+1", "try: p=0.25 r=−0.5", "try: p=0.75 r=−0.5"]
    assert gids(ax, "edge:") == ["edge:0:0", "edge:0:1"]  # no loop at the end
    assert gids(ax, "terminal:") == ["terminal:1"]
    assert "Terminal states: end" in plot.alt(ax)


@pytest.mark.parametrize("mdp", [two_states(), envs.random_walk(5), envs.chain(3)])
def test_state_graph_leaves_no_empty_band_and_cuts_nothing_off(mdp):
    ax = plot.state_graph(mdp, layout="line", title="A title")
    shown = ax.figure
    shown.draw_without_rendering()
    boxes = [t.get_window_extent() for t in ax.texts] + [
        p.get_window_extent() for p in ax.patches if p.get_gid()
    ]
    low, high = min(b.y0 for b in boxes), max(b.y1 for b in boxes)
    title = ax.title if ax.title.get_text() else ax._left_title
    assert 0 <= low < 0.35 * shown.dpi
    assert high <= title.get_window_extent().y0 < high + 0.5 * shown.dpi


def test_state_graph_takes_the_worlds_of_the_course():
    walk = envs.random_walk(5)
    edges = {
        f"edge:{s}:{t}"
        for s, _, t in np.argwhere(walk.P > 0)
        if not walk.terminal[s]
    }  # fmt: skip
    assert set(gids(plot.state_graph(walk, layout="line"), "edge:")) == edges
    with pytest.raises(ValueError, match="up to 8 states, got 12"):
        plot.state_graph(envs.gridworld34())
    with pytest.raises(ValueError, match="layout must be"):
        plot.state_graph(two_states(), layout="tree")


# Diagrams


@pytest.mark.parametrize(
    ("kind", "states", "actions", "terminals", "estimates"),
    [
        ("td", 2, 1, 0, 1),
        ("mc", 2, 3, 1, 0),
        ("dp", 5, 2, 0, 4),
        ("nstep", 4, 3, 0, 1),
        ("expected", 1, 4, 0, 3),
        ("max", 1, 4, 0, 3),
    ],
)
def test_backup_diagrams_have_the_right_marks(kind, states, actions, terminals, estimates):
    ax = plot.backup(kind)
    count = [len(gids(ax, what)) for what in ("state", "action", "terminal", "estimate")]
    assert count == [states, actions, terminals, estimates]


def test_backup_targets():
    assert text_at(plot.backup("nstep", n=2), "target").get_text() == (
        r"$r_t + \gamma\, r_{t+1} + \gamma^{2}\, V(s_{t+2})$"
    )
    assert text_at(plot.backup("nstep", n=3), "target").get_text() == (
        r"$r_t + \cdots + \gamma^{2}\, r_{t+2} + \gamma^{3}\, V(s_{t+3})$"
    )
    one, td = plot.backup("nstep", n=1), plot.backup("td")
    assert text_at(one, "target").get_text() == text_at(td, "target").get_text()
    assert "max" in texts(plot.backup("max"))
    with pytest.raises(ValueError, match="kind must be one of td, mc"):
        plot.backup("TD")
    with pytest.raises(ValueError, match="n must be from 1 to 5"):
        plot.backup("nstep", n=0)


def test_loop_gives_the_reward_the_index_of_its_action():
    words = " ".join(texts(plot.loop()))
    assert "$a_t$" in words
    assert "$r_t$" in words
    assert "$s_{t+1}$" in words


@pytest.mark.parametrize("first", [0, 1])
def test_timeline_has_t_rewards_and_t_plus_1_states(first):
    words = texts(plot.timeline(PATH, first=first))
    assert [w for w in words if re.match(r"\$r_\{\d+\}\$ = ", w)][-1] == f"$r_{{{5 + first}}}$ = 1"
    assert sum(bool(re.match(r"\$s_\{\d+\}\$$", w)) for w in words) == 7
    assert sum(bool(re.match(r"\$a_\{\d+\}\$$", w)) for w in words) == 6
    assert "terminated" in words


def test_timeline_cuts_long_episodes_and_draws_empty_ones():
    long = Episode(np.zeros(31, int), np.zeros(30, int), np.ones(30), False, True)
    words = texts(plot.timeline(long))
    assert "$r_{29}$ = 1" in words
    assert "$r_{10}$ = 1" not in words
    assert "truncated" in words
    empty = Episode(np.array([2]), np.zeros(0, int), np.zeros(0), True, False)
    assert any("1 state" in w for w in texts(plot.timeline(empty)))


def test_episode_numbers_every_state_and_marks_the_sink_in_the_last_cell():
    ax = plot.episode(PATH, plot.GRID34)
    assert [text_at(ax, f"time:{t}").get_text() for t in range(7)] == list("0123456")
    x, y = text_at(ax, "time:6").get_position()  # state 11 is not drawn: in the exit, state 3
    assert (round(x), round(y)) == (3, 0)
    assert len(gids(ax, "terminal")) == 1
    with pytest.raises(ValueError, match="visits state 11; the grid has 2"):
        plot.episode(PATH, PAIR)


def test_broken_episodes_are_refused():
    bad = Episode(PATH.s[:-1], PATH.a, PATH.r, True, False)
    for draw in (plot.timeline, lambda ep: plot.episode(ep, plot.GRID34)):
        with pytest.raises(ValueError, match=r"T \+ 1 states"):
            draw(bad)
        with pytest.raises(ValueError, match="missing"):
            draw(np.zeros(3))


# Curves


def test_t_interval_by_hand():
    y = np.array([[1.0], [2.0], [3.0]])  # mean 2, standard error 1/sqrt 3, t(2, .975) = 4.303
    low, high = mean_interval(y, "t", 0.95, np.random.default_rng(0))
    assert (low[0], high[0]) == pytest.approx((2 - 4.3027 / 3**0.5, 2 + 4.3027 / 3**0.5), abs=1e-3)


def test_bootstrap_interval_of_many_runs_is_the_normal_one():
    y = np.random.default_rng(1).normal(size=(400, 1))
    low, high = mean_interval(y, "bootstrap", 0.95, np.random.default_rng(0))
    assert (high - low)[0] == pytest.approx(2 * 1.96 * y.std() / 20, rel=0.1)


def test_curves_show_the_mean_and_name_the_interval():
    runs = {"one": np.array([[0.0, 1.0], [0.0, 3.0]]), "two": np.array([[1.0, 1.0], [1.0, 2.0]])}
    ax = plot.curves(runs, x=[10, 20], xlabel="steps", ylabel="return")
    line = next(li for li in ax.lines if li.get_gid() == "line:one")
    assert line.get_xydata().tolist() == [[10, 0], [20, 2]]
    assert text_at(ax, "interval").get_text() == "mean of 2 seeds, 95% t-interval"
    assert gids(ax, "band:") == ["band:one", "band:two"]
    assert {"one", "two"} <= set(texts(ax))
    assert "one ends at 2; two ends at 1.5" in plot.alt(ax)


def test_a_single_run_has_no_interval_and_says_so():
    ax = plot.curves({"one": [0.0, 1.0]})
    assert gids(ax, "band:") == []
    assert text_at(ax, "interval").get_text() == "1 seed, no interval"


def test_labels_at_line_ends_do_not_overlap():
    ax = plot.curves({f"method {k}": np.ones((2, 5)) for k in range(6)})
    ax.figure.draw_without_rendering()
    boxes = [Text.get_window_extent(text_at(ax, f"label:method {k}")) for k in range(6)]
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[i + 1 :])


def test_a_line_that_stops_early_has_its_name_at_its_end():
    runs = {"short": [0.0, 1.0], "long": [0.0, 1.0, 2.0, 3.0]}
    ax = plot.curves(runs, {"short": [0, 1], "long": [0, 1, 2, 3]})
    short, long = (text_at(ax, f"label:{name}") for name in runs)
    ax.figure.draw_without_rendering()
    end = ax.transData.transform((1, 1))
    box = Text.get_window_extent(short)
    assert 0 < box.x0 - end[0] < 15
    assert box.y0 < end[1] < box.y1
    assert short.arrow_patch is None  # nothing crosses the plot
    assert long.arrow_patch is not None


def test_spread_keeps_order_and_moves_as_little_as_needed():
    assert spread(np.array([0.0, 1.0]), 0.5).tolist() == [0, 1]
    assert spread(np.array([0.5, 0.5]), 0.2).tolist() == pytest.approx([0.4, 0.6])
    assert spread(np.array([1.0, 0.9, 0.0]), 0.3).tolist() == pytest.approx([1.1, 0.8, 0.0])


@pytest.mark.parametrize(
    ("runs", "options", "message"),
    [
        ({"a": [[1.0, np.nan]]}, {}, "nan in run 0 at point 1"),
        ({"a": [1.0, 2.0]}, {"x": [1, 2, 3]}, r"x has shape \(3,\), but 'a' has 2 points"),
        ({"a": [1.0]}, {"interval": "std"}, "interval must be"),
        ({"a": [1.0]}, {"level": 95}, "level must lie in"),
        ({str(k): [1.0] for k in range(9)}, {}, "1 to 8 names"),
        ([1.0], {}, "runs must map"),
    ],
)
def test_curves_refuse_bad_input(runs, options, message):
    with pytest.raises(ValueError, match=message):
        plot.curves(runs, **options)


# Titles

LONG = "Figure 3. A title that says more than a narrow picture has room for, $V^{\\pi}(s)$ included"


def titles(fig):
    """The titles of a figure and of its axes."""
    own = [c for ax in fig.axes for c in ax.get_children() if c not in ax.texts]
    return [t for t in [*fig.texts, *own] if isinstance(t, Text) and t.get_text()]


def inside(text, left=0.0, right=1.0):
    """Whether a text lies in its figure, between two parts of its width."""
    fig = text.get_figure(root=True)
    fig.draw_without_rendering()
    box = text.get_window_extent()
    return (
        left * fig.bbox.width <= box.x0 < box.x1 <= right * fig.bbox.width
        and 0 <= box.y0 < box.y1 <= fig.bbox.height
    )


def has_white_edge(picture):
    """Whether nothing touches the edge of a saved picture, as a text does that is cut off."""
    image = mpl.image.imread(io.BytesIO(picture.png))
    return all((edge == 1).all() for edge in (image[:3], image[-3:], image[:, :3], image[:, -3:]))


def test_a_long_title_is_broken_and_lies_inside_its_figure():
    short, long = (plot.values([0, 1], PAIR, title=t) for t in ("V", LONG))
    cell = [0.0, 0.0]
    for k, ax in enumerate((short, long)):
        assert has_white_edge(plot.show(ax))
        (title,) = titles(ax.figure)
        assert inside(title)
        cell[k] = ax.get_window_extent().width
    assert titles(short.figure)[0].get_text() == "V"
    assert title.get_text().count("\n") >= 2
    assert title.get_text().replace("\n", " ") == LONG
    assert "$V^{\\pi}(s)$" in title.get_text()  # in one piece
    assert cell[1] == pytest.approx(cell[0], rel=0.1)  # the figure grew, the cells did not shrink


def test_a_title_a_little_too_long_shrinks():
    policy = np.eye(12, 4)
    ax = plot.arrows(policy, plot.GRID34, title="Figure 4. The policy: long arrows, likely moves")
    before = titles(ax.figure)[0].get_fontsize()
    assert has_white_edge(plot.show(ax))
    (title,) = titles(ax.figure)
    assert inside(title)
    assert "\n" not in title.get_text()
    assert 0.85 * before <= title.get_fontsize() < before


def test_titles_of_panels_stay_in_their_column():
    fig, axes = plot.panels(1, 2, size=(7, 3), title=f"{LONG}. {LONG}")
    plot.backup("td", axes[0], title=LONG)  # centred
    plot.values([0, 1], PAIR, axes[1], title=LONG)
    assert has_white_edge(plot.show(fig))
    above, left, right = titles(fig)[:1] + [t for t in titles(fig)[1:] if "\n" in t.get_text()]
    assert inside(above)
    assert inside(left, 0.0, 0.5)
    assert inside(right, 0.5, 1.0)
    assert above.get_window_extent().y0 >= right.get_window_extent().y1


def test_panels_without_a_title_do_not_cut_those_of_their_axes():
    fig, axes = plot.panels(1, 2, size=(9.2, 3.7))
    for ax in axes:
        plot.values(V34, plot.GRID34, ax, title="$Q_0(s, a)$")
    assert has_white_edge(plot.show(fig))
    assert all(inside(title) for title in titles(fig))


def test_a_picture_shown_twice_does_not_grow_and_keeps_its_layout():
    ax = plot.values(V34, plot.GRID34, title=LONG)
    first = mpl.image.imread(io.BytesIO(plot.show(ax).png)).shape
    text = titles(ax.figure)[0].get_text()
    second = mpl.image.imread(io.BytesIO(plot.show(ax).png)).shape
    assert first[1] == second[1]
    assert first[0] == pytest.approx(second[0], abs=4)
    assert titles(ax.figure)[0].get_text() == text
    assert ax.figure.get_layout_engine() is not None


# Alt texts and the notebook


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (r"$V^\pi$ and $Q^{*}$", "V^π and Q*"),
        (r"with $\gamma = 0.5$", "with γ = 0.5"),
        (r"like $1 / \sqrt{N}$", "like 1 / √N"),
        ("costs $5", "costs $5"),
    ],
)
def test_alt_texts_write_formulas_in_plain_signs(text, words):
    assert plain(text) == words
    assert plot.alt(plot.values([0, 1], PAIR, title=text)).startswith(f"{words}. Grid")


class Tags(HTMLParser):
    """The tags of a page with their attributes."""

    def __init__(self, html):
        super().__init__()
        self.tags = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def all(self, name):
        return [attrs for tag, attrs in self.tags if tag == name]


def test_returned_axes_show_themselves_with_their_alt_text():
    ax = plot.values([0, 1], PAIR, title='A "quoted" <title>')
    bundle = ax._repr_mimebundle_()
    (img,) = Tags(bundle["text/html"]).all("img")
    assert img["alt"] == bundle["text/plain"] == plot.alt(ax)
    assert '"quoted" <title>' in img["alt"]
    assert img["src"].startswith("data:image/png;base64,iVBOR")


def test_set_alt_and_the_alt_of_panels():
    fig, axes = plot.panels(1, 2)
    plot.backup("td", axes[0])
    plot.backup("mc", axes[1])
    assert plot.alt(fig) == f"{plot.alt(axes[0].figure)}"
    assert plot.alt(fig).index("TD") < plot.alt(fig).index("Monte Carlo")
    plot.set_alt(fig, "TD looks one step ahead,\n  Monte Carlo to the end.")
    assert plot.alt(axes[1]) == "TD looks one step ahead, Monte Carlo to the end."
    assert repr(plot.show(fig, "Other words")) == "Other words"
    with pytest.raises(ValueError, match="must not be empty"):
        plot.set_alt(fig, " ")
    with pytest.raises(TypeError, match="Axes or Figure, got str"):
        plot.alt("fig")
    with pytest.raises(ValueError, match="at least 1 row"):
        plot.panels(0, 2)


def three_frames():
    return plot.frames(
        [plot.values([0, k], PAIR, vmin=0, vmax=2) for k in range(3)],
        ["k = 0", "k = 1", "k = 2 < 3"],
        alts=["zeros", "one", 'the "last"'],
        title="Sweeps",
    )


def test_frames_hold_every_picture_its_alt_text_and_a_labelled_button():
    player = three_frames()
    tags = Tags(player.html())
    assert [img["alt"] for img in tags.all("img")] == ["zeros", "one", 'the "last"']
    assert len({img["src"] for img in tags.all("img")}) == 3
    buttons = tags.all("input")
    assert [b["type"] for b in buttons] == ["radio"] * 3
    assert len({b["name"] for b in buttons}) == 1
    assert [label["for"] for label in tags.all("label")] == [b["id"] for b in buttons]
    assert ["checked" in b for b in buttons] == [False, False, True]
    assert all(b["data-lm-suppress-shortcuts"] == "true" for b in buttons)
    assert "k = 2 &lt; 3" in player.html()
    assert "3 frames" in repr(player)
    assert len(player) == 3


def test_frames_are_self_contained_and_have_no_script():
    html = three_frames().html()
    assert not re.search(r"https?:|//[a-z]|@import|url\(", re.sub(r"base64,[^\"]*", "", html))
    assert "<script" not in html
    assert not re.search(r"\son[a-z]+=", html)
    assert "animation" not in html


def test_without_its_style_sheet_only_the_last_frame_is_left():
    tags = Tags(re.sub(r"<style>.*?</style>", "", three_frames().html(), flags=re.S))
    shown = [d["class"] for d in tags.all("div") if re.match(r"qf-\d", d.get("class", ""))
             and "display:none" not in d.get("style", "")]  # fmt: skip
    assert shown == ["qf-2"]
    assert all("display:none" in x["style"] for x in tags.all("input") + tags.all("label"))


def test_two_displays_of_a_player_do_not_share_their_buttons():
    player = three_frames()
    first, second = (Tags(player.html()).all("input")[0] for _ in range(2))
    assert first["name"] != second["name"]
    assert first["id"] != second["id"]


def test_a_saved_player_is_a_page(tmp_path):
    three_frames().save(tmp_path / "sweeps.html")
    page = (tmp_path / "sweeps.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert page.count("<img ") == 3


def test_frames_refuse_bad_input():
    ax = plot.loop()
    with pytest.raises(ValueError, match="1 to 120 pictures, got 0"):
        plot.frames([])
    with pytest.raises(ValueError, match="1 pictures need 1 labels, got 2"):
        plot.frames([ax], ["a", "b"])
    with pytest.raises(ValueError, match="start must be a frame"):
        plot.frames([ax], start=1)
    with pytest.raises(TypeError, match="Axes or Figure, got int"):
        plot.frames([1])
