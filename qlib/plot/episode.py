"""A trajectory on its grid."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes

from qlib.plot import marks
from qlib.plot.canvas import set_alt
from qlib.plot.diagram import check_episode
from qlib.plot.grid import GridLayout, board, fill_cell, mark_start, place
from qlib.plot.style import BLUE, WHITE, number, style

# Where the first, second, ... visit of a cell stands inside it.
_SPOTS = np.array(
    [(0, 0), (0.29, 0.26), (-0.29, 0.26), (0.29, -0.26), (-0.29, -0.26),
     (0, 0.3), (0, -0.3), (0.3, 0), (-0.3, 0)]
)  # fmt: skip


@style()
def episode(
    ep,
    grid: GridLayout,
    ax: Axes | None = None,
    *,
    title: str | None = None,
    actions: Sequence[str] | None = None,
) -> Axes:
    """A trajectory on the grid: a numbered mark for every time step, joined by arrows.

    Number t stands where s_t is. A second visit of a cell gets its own place beside the first.
    A state that is not drawn, such as a sink, is marked in the last cell before it.

    Args:
        ep: episode with `s` (T+1,), `a` (T,), `r` (T,), `terminated`, `truncated`.
        grid: layout of the states.
        ax: axes to draw on; a new figure if None.
        title: text above; length, return and end of the episode if None.
        actions: names of the actions, for the alt text.

    Returns:
        The axes. The mark of time t has the gid `time:<t>`.

    Raises:
        ValueError: if the episode is broken or has states that the grid has not.
    """
    s, a, r = check_episode(ep)
    if not isinstance(grid, GridLayout):
        raise TypeError(f"grid must be a GridLayout, got {type(grid).__name__}.")
    if s.min() < 0 or s.max() >= grid.n_states:
        raise ValueError(f"the episode visits state {s.max()}; the grid has {grid.n_states}.")
    T = len(a)
    end = "terminated" if ep.terminated else "truncated" if ep.truncated else "not over yet"
    if title is None:
        title = f"T = {T} steps, rewards add up to {number(float(r.sum()), '{:.3g}')}, {end}"
    ax, side = board(grid, ax, 1.1, title)
    for k in grid.drawn:
        fill_cell(ax, grid, k)
    if grid.start is not None and s[0] != grid.start:
        mark_start(ax, grid, side)
    visits = dict.fromkeys(grid.drawn, 0)
    points: list[tuple[int, np.ndarray]] = []
    where = None
    for t in range(T + 1):
        where = s[t] if grid.cells[s[t]] is not None else where
        if where is None:  # a start that is not drawn
            continue
        i, j = grid.cells[where]
        spot = _SPOTS[visits[where] % len(_SPOTS)]
        visits[where] += 1
        points.append((t, np.array([j, i]) + spot))
    size = 0.115
    points_per_cell = 72 * side
    for (_, start), (_, stop) in pairwise(points):
        gap = size * points_per_cell + 1
        if np.hypot(*(stop - start)) > 2.2 * size:
            marks.arrow(ax, start, stop, rad=-0.12, gap=(gap, gap), color=BLUE, lw=2.0)
    for t, at in points:
        last = t == T
        draw = marks.terminal if last and ep.terminated else marks.state
        draw(ax, *at, size * (1.15 if last else 1.0), fill=WHITE)
        ax.text(*at, str(t), ha="center", va="center", fontsize=min(9.5, 9 * side), zorder=6,
                weight="bold" if last else "normal", gid=f"time:{t}")  # fmt: skip
    told = "; ".join(
        f"t={t} {place(grid, s[t]) if grid.cells[s[t]] is not None else 'sink, not drawn'}"
        for t, _ in points[:12]
    )
    if actions is not None and T:
        told += "; actions " + ", ".join(str(actions[k]) for k in a[:12])
    more = " …" if len(points) > 12 else ""
    set_alt(ax, f"{title}. Path on the grid: {told}{more}. At its end the episode is {end}.")
    return ax
