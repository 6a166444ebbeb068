"""Grid worlds: the value of each move in a quarter of the cell."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Polygon

from qlib.plot.canvas import set_alt
from qlib.plot.grid import GridLayout, board, check_table, fill_cell
from qlib.plot.moves import STEP, UP_RIGHT_DOWN_LEFT, check_actions, tied_best
from qlib.plot.style import GREY, WHITE, number, shades, style, text_on

_MARGIN = 0.025  # from the edge of a quarter to its outline, in sides of a cell

_CORNERS = {
    "up": ((-0.5, -0.5), (0.5, -0.5)),
    "right": ((0.5, -0.5), (0.5, 0.5)),
    "down": ((0.5, 0.5), (-0.5, 0.5)),
    "left": ((-0.5, 0.5), (-0.5, -0.5)),
}


@style()
def q_quarters(
    Q,
    grid: GridLayout,
    ax: Axes | None = None,
    *,
    actions: Sequence[str] = UP_RIGHT_DOWN_LEFT,
    title: str | None = None,
    fmt: str = "{:.2f}",
    signed: bool = False,
    vmin: float | None = None,
    vmax: float | None = None,
    tol: float = 1e-9,
    name: str = "Q",
) -> Axes:
    """Four numbers per cell, one for each move; the greedy quarters are outlined and bold.

    Where all four are tied nothing is greedy, so nothing is outlined. An exit has one number:
    all its actions do the same.

    Args:
        Q: action values, shape (S, 4).
        grid: layout of the S states.
        ax: axes to draw on; a new figure if None.
        actions: direction of each action index.
        title: text above the grid.
        fmt: format of a number.
        signed: a plus before positive numbers, and colours around 0, as for a difference.
        vmin: lower end of the colour scale.
        vmax: upper end of the colour scale.
        tol: actions this close to the best are tied with it.
        name: what the numbers are, for the alt text.

    Returns:
        The axes.

    Raises:
        ValueError: if Q or `actions` has the wrong size, or a direction is unknown.
    """
    actions = check_actions(actions, UP_RIGHT_DOWN_LEFT)
    if len(actions) != 4:
        raise ValueError(f"q_quarters draws exactly 4 actions, got {len(actions)}.")
    Q = check_table(Q, grid, name, 4)
    ax, side = board(grid, ax, 1.3, title)
    cmap, norm = shades(Q[grid.drawn], signed=signed, vmin=vmin, vmax=vmax)

    def color(x):
        return WHITE if np.isnan(x) else cmap(norm(x))

    all_tied = 0
    for s in grid.drawn:
        i, j = grid.cells[s]
        if s in grid.exits:
            best = np.nanmax(Q[s]) if np.isfinite(Q[s]).any() else np.nan
            fill_cell(ax, grid, s, color(best))
            ax.text(j, i, number(best, fmt, signed), ha="center", va="center", fontsize=11.5 * side,
                    color=text_on(color(best)), gid=f"q:{s}:exit", zorder=5)  # fmt: skip
            continue
        best = tied_best(Q[s], tol)
        if best.all():
            all_tied += 1
            best[:] = False
        for a, direction in enumerate(actions):
            corners = [(j + x, i + y) for x, y in _CORNERS[direction]]
            face = color(Q[s, a])
            ax.add_patch(Polygon([(j, i), *corners], fc=face, ec=GREY, lw=0.8, zorder=1))
            if best[a]:
                inner = _inset(np.array([(j, i), *corners]), _MARGIN)
                edge = Polygon(inner, fill=False, ec=text_on(face), lw=min(2.0, 1.6 * side))
                edge.set(joinstyle="miter", zorder=3, gid=f"greedy:{s}:{a}")
                ax.add_patch(edge)
            x, y = np.array(STEP[direction]) * (0.28, 0.315)  # numbers are wider than high
            text = number(Q[s, a], fmt, signed)
            size = side * min(9.8, 40.0 / max(len(text), 4)) * (0.85 if best[a] else 1.0)
            ax.text(j + x, i + y, text, ha="center", va="center", fontsize=size,
                    weight="bold" if best[a] else "normal", color=text_on(face),
                    gid=f"q:{s}:{a}", zorder=5)  # fmt: skip
    words = (
        f"Grid of {grid.shape[0]} rows and {grid.shape[1]} columns; each cell shows {name} of "
        f"{', '.join(actions)}, with the greedy moves outlined."
    )
    if all_tied:
        words += f" Cells where all moves are tied: {all_tied}."
    set_alt(ax, f"{title}. {words}" if title else words)
    return ax


def _inset(corners: np.ndarray, margin: float) -> np.ndarray:
    """A triangle moved inwards by `margin` on every side."""
    sides = np.linalg.norm(np.roll(corners, -1, 0) - np.roll(corners, -2, 0), axis=1)
    centre = sides @ corners / sides.sum()
    a, b = corners[1] - corners[0], corners[2] - corners[0]
    radius = abs(a[0] * b[1] - a[1] * b[0]) / sides.sum()
    return centre + (corners - centre) * (1 - margin / radius)
