"""Grid worlds: where the states lie, and one number per cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from qlib.plot.canvas import new_axes, set_alt
from qlib.plot.style import GREY, PALE, WHITE, number, shades, style, text_on


@dataclass(frozen=True)
class GridLayout:
    """Where each state of a grid world is drawn.

    Attributes:
        shape: rows and columns, each at least 1.
        cells: for every state its (row, column), row 0 on top; None for a state that is not
            drawn, such as an absorbing sink. A cell that no state claims is a wall.
        exits: states drawn with a double frame, as exits or terminal cells.
        start: state marked "start", or None.
    """

    shape: tuple[int, int]
    cells: Sequence[tuple[int, int] | None]
    exits: Sequence[int] = ()
    start: int | None = None

    def __post_init__(self):
        shape = tuple(int(n) for n in self.shape)
        if len(shape) != 2 or min(shape) < 1:
            raise ValueError(f"shape must be (rows, columns), both >= 1, got {self.shape}.")
        cells = tuple(None if c is None else (int(c[0]), int(c[1])) for c in self.cells)
        owner: dict[tuple[int, int], int] = {}
        for s, cell in enumerate(cells):
            if cell is None:
                continue
            if not (0 <= cell[0] < shape[0] and 0 <= cell[1] < shape[1]):
                raise ValueError(f"state {s} lies at {cell}, outside a grid of shape {shape}.")
            if cell in owner:
                raise ValueError(f"states {owner[cell]} and {s} share the cell {cell}.")
            owner[cell] = s
        marked = [*self.exits, *([] if self.start is None else [self.start])]
        for s in marked:
            if not 0 <= s < len(cells) or cells[s] is None:
                raise ValueError(f"state {s} is an exit or the start, but has no cell.")
        object.__setattr__(self, "shape", shape)
        object.__setattr__(self, "cells", cells)
        object.__setattr__(self, "exits", tuple(int(s) for s in self.exits))

    @property
    def n_states(self) -> int:
        """Number of states, drawn or not."""
        return len(self.cells)

    @property
    def drawn(self) -> list[int]:
        """States that have a cell."""
        return [s for s, cell in enumerate(self.cells) if cell is not None]

    @property
    def walls(self) -> list[tuple[int, int]]:
        """Cells without a state, row by row."""
        taken = set(self.cells)
        rows, cols = self.shape
        return [(i, j) for i in range(rows) for j in range(cols) if (i, j) not in taken]


# `qlib.envs.gridworld34`: 11 cells row by row around the wall; the absorbing end is not drawn.
GRID34 = GridLayout(
    shape=(3, 4),
    cells=[(i, j) for i in range(3) for j in range(4) if (i, j) != (1, 1)] + [None],
    exits=(3, 6),
    start=7,
)

# `qlib.envs.cliff`: nobody stands on the cliff, so its ten states are not drawn.
CLIFF = GridLayout(
    shape=(4, 12),
    cells=[(s // 12, s % 12) if not 36 < s < 47 else None for s in range(48)],
    exits=(47,),
    start=36,
)


def check_table(x, grid: GridLayout, name: str, n_actions: int | None = None) -> np.ndarray:
    """`x` as a float array with one entry (or one row of `n_actions`) per state of `grid`.

    Raises:
        TypeError: if `grid` is not a GridLayout.
        ValueError: if the shape does not fit.
    """
    if not isinstance(grid, GridLayout):
        raise TypeError(f"grid must be a GridLayout, got {type(grid).__name__}.")
    x = np.asarray(x, dtype=float)
    shape = (grid.n_states,) if n_actions is None else (grid.n_states, n_actions)
    if x.shape != shape:
        raise ValueError(
            f"{name} has shape {x.shape}, but the grid has {grid.n_states} states: "
            f"expected shape {shape}. Reshape it, or pass the grid that belongs to it."
        )
    return x


def board(grid: GridLayout, ax: Axes | None, cell: float, title: str | None) -> tuple[Axes, float]:
    """Empty board with walls, exits and start.

    Args:
        grid: the layout.
        ax: axes to draw on, or None for a new figure.
        cell: wished side of a cell in inches; smaller in wide grids.
        title: text above, or None.

    Returns:
        The axes, and the side of a cell in inches to choose font sizes by.
    """
    rows, cols = grid.shape
    cell = min(cell, 10.0 / cols, 9.0 / rows)
    ax = new_axes(ax, (cols * cell + 0.2, rows * cell + (0.38 if title else 0.2)))
    box, dpi = ax.get_window_extent(), ax.get_figure(root=True).dpi
    side = min(box.width / cols, box.height / rows) / dpi
    ax.set(xlim=(-0.54, cols - 0.46), ylim=(rows - 0.46, -0.54), aspect="equal")
    ax.set_axis_off()
    if title:
        ax.set_title(title)
    for i, j in grid.walls:
        ax.add_patch(
            Rectangle((j - 0.5, i - 0.5), 1, 1, fc=PALE, ec=GREY, hatch="////", lw=1.0, gid="wall")
        )
    return ax, side


def fill_cell(ax: Axes, grid: GridLayout, s: int, color=WHITE) -> None:
    """Draw the cell of state `s`; exits get a second frame inside."""
    i, j = grid.cells[s]
    ax.add_patch(
        Rectangle((j - 0.5, i - 0.5), 1, 1, fc=color, ec=GREY, lw=1.0, gid=f"cell:{s}", zorder=1)
    )
    if s in grid.exits:
        frame = Rectangle((j - 0.43, i - 0.43), 0.86, 0.86, fill=False, lw=1.6, zorder=2)
        frame.set(ec=text_on(color), gid=f"exit:{s}")
        ax.add_patch(frame)


def mark_start(ax: Axes, grid: GridLayout, side: float, color=WHITE) -> None:
    """Write "start" into the upper left corner of the start cell."""
    if grid.start is not None:
        i, j = grid.cells[grid.start]
        size = min(9.0, max(5.0, 8.5 * side))
        ax.text(j - 0.45, i - 0.45, "start", ha="left", va="top", fontsize=size, zorder=6,
                color=text_on(color), gid="start")  # fmt: skip


def place(grid: GridLayout, s: int) -> str:
    """Words for the cell of `s`: rows and columns counted from 1."""
    i, j = grid.cells[s]
    return f"row {i + 1}, column {j + 1}"


@style()
def values(
    V,
    grid: GridLayout,
    ax: Axes | None = None,
    *,
    title: str | None = None,
    fmt: str = "{:.2f}",
    signed: bool = False,
    vmin: float | None = None,
    vmax: float | None = None,
    name: str = "V",
) -> Axes:
    """One number per cell, coloured by its value (`signed`: purple/orange around 0).

    Give `vmin` and `vmax` whenever two pictures are to be compared: each picture else
    stretches the colours over its own numbers.

    Args:
        V: one number per state, shape (S,); NaN is drawn as a dash.
        grid: layout of the S states.
        ax: axes to draw on; a new figure if None.
        title: text above the grid.
        fmt: format of a number.
        signed: a plus before positive numbers, and colours around 0, as for a difference.
        vmin: lower end of the colour scale.
        vmax: upper end of the colour scale.
        name: what the numbers are, for the alt text.

    Returns:
        The axes.

    Raises:
        ValueError: if V does not have one number per state.
    """
    V = check_table(V, grid, name)
    ax, side = board(grid, ax, 1.0, title)
    drawn = grid.drawn
    cmap, norm = shades(V[drawn], signed=signed, vmin=vmin, vmax=vmax)
    longest = max((len(number(x, fmt, signed)) for x in V[drawn]), default=4)
    size = min(15.0, 15.0 * side, 72.0 * side / max(longest, 4))
    for s in drawn:
        i, j = grid.cells[s]
        color = WHITE if np.isnan(V[s]) else cmap(norm(V[s]))
        fill_cell(ax, grid, s, color)
        if s == grid.start:
            mark_start(ax, grid, side, color)
        ax.text(j, i, number(V[s], fmt, signed), ha="center", va="center", fontsize=size,
                color=text_on(color), gid=f"value:{s}", zorder=5)  # fmt: skip
    shown = V[drawn]
    words = f"Grid of {grid.shape[0]} rows and {grid.shape[1]} columns with {name} in each cell."
    if np.isfinite(shown).any():
        low, high = drawn[int(np.nanargmin(shown))], drawn[int(np.nanargmax(shown))]
        words += (
            f" Largest {number(V[high], fmt, signed)} at {place(grid, high)};"
            f" smallest {number(V[low], fmt, signed)} at {place(grid, low)}."
        )
    set_alt(ax, f"{title}. {words}" if title else words)
    return ax
