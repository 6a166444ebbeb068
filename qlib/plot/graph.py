"""A small MDP as a graph: circles states, double circles terminal states, arrows transitions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Circle, FancyArrowPatch
from matplotlib.path import Path

from qlib.plot.canvas import new_axes, set_alt
from qlib.plot.style import BLACK, GREY, LINES, WHITE, ink, names, number, style

RADIUS = 0.34


@style()
def state_graph(
    mdp,
    ax: Axes | None = None,
    *,
    states: Sequence[str] | None = None,
    actions: Sequence[str] | None = None,
    layout: str = "circle",
    positions=None,
    min_prob: float = 1e-9,
    fmt: str = "{:g}",
    title: str | None = None,
) -> Axes:
    """States as circles, terminal ones doubled; each arrow says action, probability and reward.

    The probability is left out where it is 1. Actions that lead to the same state share an
    arrow, a line of text each. The loops of terminal states are not drawn.

    Args:
        mdp: object with P (S, A, S), R (S, A) and terminal (S,), S at most 8.
        ax: axes to draw on; a new figure if None.
        states: names of the states; s0, s1, ... if None.
        actions: names of the actions; a0, a1, ... if None.
        layout: "circle" or "line" (left to right, in the order of the states).
        positions: centres of the states, shape (S, 2), instead of a layout; neighbours about 2.5
            apart.
        min_prob: transitions with a smaller probability are not drawn.
        fmt: format of probabilities and rewards.
        title: text above.

    Returns:
        The axes. Arrows have the gid `edge:<s>:<s_next>`.

    Raises:
        ValueError: if the MDP is too large, or layout, positions or names do not fit.
    """
    P = mdp.P.toarray() if hasattr(mdp.P, "toarray") else np.asarray(mdp.P, dtype=float)
    R = np.asarray(mdp.R, dtype=float)
    S, A = R.shape
    P = P.reshape(S, A, S)
    if S > 8:
        raise ValueError(
            f"state_graph is legible up to 8 states, got {S}: try plot.q_table(mdp.R)."
        )
    done = np.zeros(S, bool) if mdp.terminal is None else np.asarray(mdp.terminal, dtype=bool)
    states, actions = names(states, S, "states", "s"), names(actions, A, "actions", "a")
    xy = _positions(S, layout, positions)
    edges = [
        (s, t) for s in range(S) if not done[s] for t in range(S) if P[s, :, t].max() > min_prob
    ]
    low, high = xy.min(axis=0) - np.array([1.55, 1.2]), xy.max(axis=0) + np.array([1.55, 1.2])
    size = np.clip((high - low) * 1.0, (3.2, 2.2), (10.0, 8.0))
    given = ax
    ax = new_axes(ax, (float(size[0]), float(size[1])))
    ax.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]), aspect="equal")
    ax.set_axis_off()
    if title:
        ax.set_title(title)
    centre = xy.mean(axis=0)
    taken = [(*xy[s], RADIUS, RADIUS) for s in range(S)]  # boxes (x, y, half width, half height)
    heights = []  # of the lowest and highest point of every arrow
    inches = ax.get_window_extent().width / ax.get_figure(root=True).dpi / (high[0] - low[0])
    for s, t in edges:
        lines = [
            (a, _words(actions[a], P[s, a, t], R[s, a], fmt))
            for a in range(A)
            if P[s, a, t] > min_prob
        ]
        half = 0.037 / inches * max(len(text) for _, text in lines), 0.085 / inches * len(lines)
        side = "center"
        if s == t:
            outwards = np.array([0.0, 1.0]) if layout == "line" else xy[s] - centre
            at, side, drawn = _loop(ax, xy[s], outwards, s)
        else:
            curve, drawn = _edge(ax, xy[s], xy[t], s, t, (t, s) in edges, layout == "line")
            at = _free(curve, half, taken)
        heights += drawn.get_extents().intervaly.tolist()
        taken.append((*at, *half))
        _label(ax, at, lines, side, 0.17 / inches)
    for s in range(S):
        ax.add_patch(Circle(xy[s], RADIUS, fc=WHITE, ec=BLACK, lw=1.8, zorder=4, gid=f"state:{s}"))
        if done[s]:
            ring = Circle(xy[s], RADIUS - 0.07, fill=False, ec=BLACK, lw=1.4, zorder=5)
            ring.set_gid(f"terminal:{s}")
            ax.add_patch(ring)
        room = (1.1 if done[s] else 1.35) * RADIUS * 72
        ax.text(*xy[s], states[s], ha="center", va="center", zorder=6,
                fontsize=min(12.0, room / max(1, 0.6 * len(states[s]))))  # fmt: skip
    heights += [y + sign * half for _, y, _, half in taken for sign in (-1, 1)]
    ax.set_ylim(min(heights) - 0.2, max(heights) + 0.2)  # no empty bands
    if given is None:
        height = inches * float(np.ptp(ax.get_ylim())) + (0.4 if title else 0.1)
        ax.get_figure(root=True).set_figheight(height)
    told = "; ".join(
        f"{states[s]} to {states[t]}: "
        + ", ".join(_words(actions[a], P[s, a, t], R[s, a], fmt) for a in range(A)
                    if P[s, a, t] > min_prob)
        for s, t in edges
    )  # fmt: skip
    ends = ", ".join(states[s] for s in range(S) if done[s]) or "none"
    set_alt(ax, f"{title + '. ' if title else ''}Graph of an MDP with {S} states. {told}. "
                f"Terminal states: {ends}.")  # fmt: skip
    return ax


def _positions(S: int, layout: str, positions) -> np.ndarray:
    if positions is not None:
        xy = np.asarray(positions, dtype=float)
        if xy.shape != (S, 2):
            raise ValueError(f"positions must have shape ({S}, 2), got {xy.shape}.")
        return xy
    if layout == "line":
        return np.column_stack([2.5 * np.arange(S), np.zeros(S)])
    if layout != "circle":
        raise ValueError(f'layout must be "circle" or "line", got {layout!r}.')
    if S == 1:
        return np.zeros((1, 2))
    if S == 2:
        return np.array([[0.0, 0.0], [3.2, 0.0]])
    angle = np.pi / 2 - 2 * np.pi * np.arange(S) / S
    radius = max(1.9, 1.45 / np.sin(np.pi / S))
    return radius * np.column_stack([np.cos(angle), np.sin(angle)])


def _words(action: str, p: float, r: float, fmt: str) -> str:
    sign = "+" if r > 0 else ""
    chance = "" if p > 1 - 1e-9 else f" p={fmt.format(round(p, 3))}"
    return f"{action}:{chance} r={sign}{number(r, fmt)}"


def _edge(ax: Axes, start, end, s: int, t: int, both: bool, line: bool) -> tuple[np.ndarray, Path]:
    """Draw a curved arrow between two states; return its three points, (3, 2), and its path."""
    way = end - start
    length = float(np.hypot(*way))
    left = np.array([-way[1], way[0]]) / length
    bend = 0.3 if both else 0.12
    if line:  # neighbours nearly straight, longer jumps in higher arcs
        bend = (0.3 if both else 0.0) if length < 2.6 else 0.34
    top = (start + end) / 2 + left * bend * length  # control point of the arc
    points = [_leave(start, top), top, _leave(end, top, 0.03)]
    return np.array(points), _draw(ax, points, f"edge:{s}:{t}")


def _free(curve: np.ndarray, half, taken) -> np.ndarray:
    """The point of a curved arrow where a label of this size hides least of what is there."""
    best, least = curve[1], np.inf
    for u in (0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73):
        at = (1 - u) ** 2 * curve[0] + 2 * u * (1 - u) * curve[1] + u**2 * curve[2]
        hidden = sum(
            max(0.0, half[0] + w - abs(at[0] - x)) * max(0.0, half[1] + h - abs(at[1] - y))
            for x, y, w, h in taken
        )
        if hidden < least - 1e-9:
            best, least = at, hidden
    return best


def _leave(centre, towards, more: float = 0.0) -> np.ndarray:
    way = towards - centre
    return centre + way / np.hypot(*way) * (RADIUS + more)


def _loop(ax: Axes, at, outwards, s: int) -> tuple[np.ndarray, str, Path]:
    """Draw a loop on the outer side of a state; return place, alignment of its label, and path."""
    if np.hypot(*outwards) < 1e-9:
        outwards = np.array([0.0, 1.0])
    out = outwards / np.hypot(*outwards)
    side = np.array([-out[1], out[0]])
    far = 1.05
    points = [
        at + RADIUS * (0.8 * out + 0.6 * side),
        at + far * out + 0.62 * side,
        at + far * out - 0.62 * side,
        at + (RADIUS + 0.03) * (0.8 * out - 0.6 * side),
    ]
    path = _draw(ax, points, f"edge:{s}:{s}")
    reach = 0.25 * RADIUS * 0.8 + 0.75 * far
    if abs(out[0]) < 0.6:
        return at + reach * out, "center", path
    return at + (reach - 0.08) * out, "left" if out[0] > 0 else "right", path


def _draw(ax: Axes, points, gid: str) -> Path:
    codes = [Path.MOVETO, *[Path.CURVE3 if len(points) == 3 else Path.CURVE4] * (len(points) - 1)]
    path = Path(points, codes)
    arrow = FancyArrowPatch(path=path, arrowstyle="-|>", shrinkA=0, shrinkB=0)
    arrow.set(mutation_scale=14, lw=1.5, color=GREY, zorder=2, gid=gid)
    ax.add_patch(arrow)
    return path


def _label(ax: Axes, at, lines: list[tuple[int, str]], side: str, step: float) -> None:
    """Lines of text on an arrow, in the colour of their action."""
    for k, (a, text) in enumerate(lines):
        y = at[1] + step * ((len(lines) - 1) / 2 - k)
        color = ink(LINES[a % 5][0])
        box = {"fc": WHITE, "ec": "none", "pad": 0.8}
        ax.text(at[0], y, text, ha=side, va="center", fontsize=9, color=color, bbox=box, zorder=7,
                gid="label")  # fmt: skip
