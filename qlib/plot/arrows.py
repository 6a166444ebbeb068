"""Grid worlds: a policy as arrows, ties included."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Polygon

from qlib.plot.canvas import set_alt
from qlib.plot.grid import GridLayout, board, check_table, fill_cell, mark_start, place
from qlib.plot.moves import STEP, UP_RIGHT_DOWN_LEFT, check_actions, tied_best
from qlib.plot.style import WHITE, number, shades, style, text_on


@style()
def arrows(
    Q,
    grid: GridLayout,
    ax: Axes | None = None,
    *,
    actions: Sequence[str] = UP_RIGHT_DOWN_LEFT,
    probs: bool = False,
    V=None,
    title: str | None = None,
    fmt: str = "{:.2f}",
    vmin: float | None = None,
    vmax: float | None = None,
    tol: float = 1e-9,
) -> Axes:
    """The greedy moves as arrows: every tied one, and a cross where all are tied.

    Args:
        Q: action values, shape (S, A); or probabilities pi[s, a] with `probs=True`; or one
            action index per state, shape (S,), integers.
        grid: layout of the S states.
        ax: axes to draw on; a new figure if None.
        actions: direction of each action index.
        probs: draw every move with its probability as the length of the arrow.
        V: numbers for colour and corner of each cell, shape (S,), or None.
        title: text above the grid.
        fmt: format of the numbers in V.
        vmin: lower end of the colour scale of V.
        vmax: upper end of the colour scale of V.
        tol: actions this close to the best are tied with it.

    Returns:
        The axes. Arrows have the gid `arrow:<s>:<a>`, crosses `cross:<s>`.

    Raises:
        ValueError: if a shape does not fit, or probabilities do not sum to 1.
    """
    actions = check_actions(actions)
    weights = _weights(Q, grid, len(actions), probs, tol)
    ax, side = board(grid, ax, 0.9, title)
    colors = dict.fromkeys(grid.drawn, WHITE)
    if V is not None:
        V = check_table(V, grid, "V")
        cmap, norm = shades(V[grid.drawn], vmin=vmin, vmax=vmax)
        colors = {s: WHITE if np.isnan(V[s]) else cmap(norm(V[s])) for s in grid.drawn}
    count = {"one arrow": 0, "tied arrows": 0, "a cross (all tied)": 0}
    for s in grid.drawn:
        i, j = grid.cells[s]
        fill_cell(ax, grid, s, colors[s])
        if s == grid.start:
            mark_start(ax, grid, side, colors[s])
        pen = text_on(colors[s])
        if V is not None:
            text, gid = number(V[s], fmt), f"value:{s}"
            if s in grid.exits:
                where = {"ha": "center", "va": "center", "fontsize": 11 * side}
                ax.text(j, i, text, color=pen, gid=gid, **where)
            else:  # in the corner, beside the arrows
                where = {"ha": "right", "va": "bottom", "fontsize": 8.5 * side}
                ax.text(j + 0.45, i + 0.45, text, color=pen, gid=gid, **where)
        if s in grid.exits:
            if V is None:
                ax.text(j, i, "exit", ha="center", va="center", fontsize=11 * side, color=pen)
            continue
        taken = np.flatnonzero(weights[s])
        if not probs and len(actions) > 1 and len(taken) == len(actions):
            count["a cross (all tied)"] += 1
            ax.plot([j], [i], "x", ms=15 * side, mew=2.2 * side, color=pen, gid=f"cross:{s}")
            continue
        count["one arrow" if len(taken) == 1 else "tied arrows"] += 1
        alone = len(taken) == 1
        for a in taken:
            gid = f"arrow:{s}:{a}"
            _arrow(ax, (j, i), STEP[actions[a]], weights[s, a], alone, pen, gid)
    if probs:
        words = "Grid with the probabilities of the moves as lengths of arrows."
    else:
        words = "Grid of greedy moves. Cells with "
        words += ", with ".join(f"{what}: {n}" for what, n in count.items() if n) + "."
        told = [
            f"{place(grid, s)}: {' or '.join(actions[a] for a in np.flatnonzero(weights[s]))}"
            for s in grid.drawn
            if s not in grid.exits and 0 < np.count_nonzero(weights[s]) < len(actions)
        ]
        if told and len(grid.drawn) <= 16:
            words += f" {'; '.join(told)}."
    set_alt(ax, f"{title}. {words}" if title else words)
    return ax


def _weights(Q, grid: GridLayout, n_actions: int, probs: bool, tol: float) -> np.ndarray:
    """Length of each arrow in [0, 1], shape (S, A)."""
    x = np.asarray(Q)
    if x.ndim == 1 and np.issubdtype(x.dtype, np.integer):
        check_table(x, grid, "policy")
        if x.min() < 0 or x.max() >= n_actions:
            raise ValueError(f"policy has actions outside 0..{n_actions - 1}: {x.tolist()}.")
        return np.eye(n_actions)[x]
    x = check_table(Q, grid, "pi" if probs else "Q", n_actions)
    if not probs:
        return np.array([tied_best(row, tol) for row in x], dtype=float)
    rows = x[grid.drawn]
    if not (np.all(rows >= -1e-9) and np.allclose(rows.sum(axis=1), 1.0, atol=1e-6)):
        bad = next(s for s in grid.drawn if x[s].min() < -1e-9 or abs(x[s].sum() - 1) > 1e-6)
        raise ValueError(f"pi[{bad}] = {x[bad].tolist()} is no probability distribution.")
    return np.where(x < 0.005, 0.0, x)


def _arrow(ax: Axes, at, step, length: float, alone: bool, pen: str, gid: str) -> None:
    """One arrow, centred if it is alone in its cell; a ring for an action that stays."""
    if step == (0, 0):
        ax.plot([at[0]], [at[1]], "o", ms=12 * length, mfc="none", mec=pen, mew=2, gid=gid)
        return
    d = np.array(step, dtype=float)
    n = np.array([-d[1], d[0]])
    if alone:
        first, last = -0.27, 0.27
    elif length == 1.0:  # tied arrows share their root
        first, last = 0.0, 0.42
    else:
        first, last = 0.07, 0.17 + 0.27 * length
    head, w, h = (0.16, 0.03, 0.095) if length == 1.0 else (0.09, 0.022, 0.065)
    tail, neck, tip = first * d, (last - head) * d, last * d
    outline = [tail + w * n, neck + w * n, neck + h * n, tip,
               neck - h * n, neck - w * n, tail - w * n]  # fmt: skip
    arrow = Polygon(np.array(outline) + at, fc=pen, ec=pen, lw=0.5, gid=gid, zorder=4)
    ax.add_patch(arrow)
