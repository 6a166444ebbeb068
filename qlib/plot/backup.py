"""Backup diagrams: which future a target looks at, and where it trusts an estimate."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.patches import Arc, Circle

from qlib.plot import marks
from qlib.plot.canvas import new_axes, set_alt
from qlib.plot.style import BLACK, ORANGE, style

KINDS = ("td", "mc", "dp", "nstep", "expected", "max")

# kind: (title, target, alt text)
_TEXT = {
    "td": (
        "TD: one sampled step",
        r"$r_t + \gamma\, V(s_{t+1})$",
        "From state s_t one sampled action and one sampled next state, whose estimated value is "
        "used.",
    ),
    "mc": (
        "Monte Carlo: all steps to the end",
        r"$r_t + \gamma\, r_{t+1} + \cdots + \gamma^{T-1-t}\, r_{T-1}$",
        "From state s_t one sampled path down to the terminal state s_T; no estimate is used.",
    ),
    "dp": (
        "DP: all actions, all next states",
        r"$\sum_a \pi(a|s)\,[R(s,a) + \gamma \sum_{s'} P(s'|s,a)\, V(s')]$",
        "From state s all actions and all next states one step deep; the estimated values of all "
        "next states are used. It needs the model.",
    ),
    "nstep": (
        "{n}-step: {n} sampled steps",
        r"$r_t + \cdots + \gamma^{{{last}}}\, r_{{t+{last}}} + \gamma^{{{n}}}\, V(s_{{t+{n}}})$",
        "From state s_t a sampled path of {n} steps; the estimated value of the state at its end "
        "is used.",
    ),
    "expected": (
        "Expected: mean over next actions",
        r"$r_t + \gamma \sum_a \pi(a|s_{t+1})\, Q(s_{t+1},a)$",
        "From the pair (s_t, a_t) one sampled next state, then all its actions; the mean of their "
        "estimated values under the policy is used.",
    ),
    "max": (
        "Q-learning: best next action",
        r"$r_t + \gamma\, \max_a Q(s_{t+1},a)$",
        "From the pair (s_t, a_t) one sampled next state, then all its actions joined by an arc; "
        "the largest of their estimated values is used.",
    ),
}

# Few steps are written out: no dots between neighbours, no exponent 1.
_SHORT = {
    1: r"$r_t + \gamma\, V(s_{t+1})$",
    2: r"$r_t + \gamma\, r_{t+1} + \gamma^{2}\, V(s_{t+2})$",
}


@style()
def backup(kind: str, ax: Axes | None = None, *, n: int = 3, title: str | None = None) -> Axes:
    """Backup diagram: open circles states, filled dots actions, squares terminal states.

    A thick orange ring marks what is an estimate in the target: the source of the bias. The
    target stands under the diagram (Sutton & Barto, 2nd ed., figures 3.4, 6.1 and 7.1).

    Args:
        kind: "td", "mc", "dp", "nstep", "expected" (expected Sarsa) or "max" (Q-learning).
        ax: axes to draw on; a new figure if None.
        n: steps of "nstep", 1 to 5.
        title: text above; the name of the backup if None.

    Returns:
        The axes.

    Raises:
        ValueError: if `kind` is unknown or `n` is out of range.
    """
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}, got {kind!r}.")
    if not 1 <= n <= 5:
        raise ValueError(f"n must be from 1 to 5 to be drawn, got {n}.")
    name, target, words = _TEXT[kind]
    if kind == "nstep":
        name, words = name.format(n=n), words.format(n=n)
        target = _SHORT.get(n, target.format(n=n, last=n - 1))
    depth = {"mc": 5.4, "nstep": 1.8 * n}.get(kind, 1.8)
    ax = new_axes(ax, (3.6, 1.55 + 0.62 * depth))
    ax.set_axis_off()
    ax.set_aspect("equal")
    ax.set_anchor("N")  # side by side, the roots stand on one line
    ax.set_title(name if title is None else title, fontsize=11.5, loc="center")
    if kind in ("td", "nstep"):
        _path(ax, n if kind == "nstep" else 1)
    elif kind == "mc":
        _rollout(ax)
    elif kind == "dp":
        _full(ax)
    else:
        _next_actions(ax, joined=kind == "max")
    ax.set(xlim=(-1.9, 1.9), ylim=(-depth - 1.05, 0.4))
    ax.text(0, -depth - 0.72, target, ha="center", va="center", fontsize=11, gid="target")
    set_alt(ax, f"Backup diagram, {title or name}. {words}")
    return ax


def _label(ax: Axes, x: float, y: float, text: str, side: int = 1) -> None:
    ax.text(x + 0.36 * side, y, text, ha="left" if side > 0 else "right", va="center", fontsize=11)


def _estimate(ax: Axes, x: float, y: float, r: float) -> None:
    """The ring around a mark whose estimated value enters the target."""
    ax.add_patch(Circle((x, y), r, fill=False, ec=ORANGE, lw=3.2, zorder=2, gid="estimate"))


def _path(ax: Axes, n: int) -> None:
    for k in range(n):
        top = -1.8 * k
        sub = "t" if k == 0 else f"t+{k}"
        marks.state(ax, 0, top)
        _label(ax, 0, top, f"$s_{{{sub}}}$")
        marks.link(ax, (0, top - 0.22), (0, top - 1.58))
        marks.action(ax, 0, top - 0.9)
        _label(ax, 0, top - 0.9, f"$a_{{{sub}}}$")
        _label(ax, 0, top - 1.3, f"$r_{{{sub}}}$", -1)
    marks.state(ax, 0, -1.8 * n)
    _estimate(ax, 0, -1.8 * n, 0.31)
    ax.text(0.42, -1.8 * n, f"$s_{{t+{n}}}$  estimated", ha="left", va="center", fontsize=11)


def _rollout(ax: Axes) -> None:
    for k, sub in enumerate(("t", "t+1")):
        top = -1.8 * k
        marks.state(ax, 0, top)
        _label(ax, 0, top, f"$s_{{{sub}}}$")
        marks.link(ax, (0, top - 0.22), (0, top - 1.58))
        marks.action(ax, 0, top - 0.9)
        _label(ax, 0, top - 0.9, f"$a_{{{sub}}}$")
        _label(ax, 0, top - 1.3, f"$r_{{{sub}}}$", -1)
    marks.link(ax, (0, -3.62), (0, -4.42), linestyle=(0, (1, 2.2)), lw=2.2)
    marks.link(ax, (0, -4.5), (0, -5.2))
    marks.action(ax, 0, -4.5)
    _label(ax, 0, -4.5, "$a_{T-1}$")
    _label(ax, 0, -4.85, "$r_{T-1}$", -1)
    marks.terminal(ax, 0, -5.4)
    _label(ax, 0, -5.4, "$s_T$  terminal")


def _full(ax: Axes) -> None:
    marks.state(ax, 0, 0)
    _label(ax, 0, 0, "$s$")
    for a, x in enumerate((-0.9, 0.9)):
        marks.link(ax, (0, 0), (x, -0.9))
        marks.action(ax, x, -0.9)
        _label(ax, x, -0.9, f"$a^{{({a + 1})}}$", 1 if a else -1)
        for dx in (-0.42, 0.42):
            marks.link(ax, (x, -0.9), (x + dx, -1.8))
            marks.state(ax, x + dx, -1.8)
            _estimate(ax, x + dx, -1.8, 0.31)
    ax.text(0, -0.45, r"$\pi$", ha="center", va="center", fontsize=11)
    ax.text(0, -1.45, "$P$", ha="center", va="center", fontsize=11)


def _next_actions(ax: Axes, joined: bool) -> None:
    marks.action(ax, 0, 0, 0.12)
    _label(ax, 0, 0, "$s_t, a_t$")
    marks.link(ax, (0, 0), (0, -0.7))
    _label(ax, 0, -0.36, "$r_t$", -1)
    marks.state(ax, 0, -0.92)
    _label(ax, 0, -0.92, "$s_{t+1}$")
    for x in (-0.9, 0.0, 0.9):
        marks.link(ax, (0, -0.92), (x, -1.8))
        marks.action(ax, x, -1.8)
        _estimate(ax, x, -1.8, 0.2)
    if joined:
        ax.add_patch(Arc((0, -0.92), 1.15, 1.15, theta1=224, theta2=316, lw=1.6, ec=BLACK))
        ax.text(0.62, -1.32, "max", ha="left", va="bottom", fontsize=10)
    ax.text(1.2, -1.8, "estimated", va="center", fontsize=9)
