"""A network as a sketch: what goes in, the hidden layers, what comes out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Circle

from qlib.plot.canvas import new_axes, set_alt
from qlib.plot.style import BLACK, BLUE, GREY, PALE, SKY, VERMILION, WHITE, ink, style

MAX_DRAWN = 6  # units of a hidden layer that are drawn; its true width stands below


@style()
def network(
    inputs: Sequence[str],
    hidden: Sequence[int],
    outputs: Sequence[str],
    ax: Axes | None = None,
    *,
    title: str | None = None,
    split: int | None = None,
) -> Axes:
    """A fully connected network, from left to right.

    Args:
        inputs: a name for each input, at least one.
        hidden: widths of the hidden layers; wide ones are drawn with fewer units.
        outputs: a name for each output, at least one.
        ax: axes to draw on; a new figure if None.
        title: text above, or None.
        split: inputs from this index on are drawn in the second colour: actions after the state.

    Returns:
        The axes.

    Raises:
        ValueError: if there is no input, no output or a width below 1.
    """
    if isinstance(inputs, str) or isinstance(outputs, str) or not inputs or not outputs:
        raise ValueError(f"inputs and outputs are lists of names, got {inputs!r}, {outputs!r}.")
    if any(width < 1 for width in hidden):
        raise ValueError(f"a hidden layer has at least one unit, got {list(hidden)}.")
    split = len(inputs) if split is None else split
    counts = [len(inputs), *(min(int(width), MAX_DRAWN) for width in hidden), len(outputs)]
    ax = new_axes(ax, (1.6 * len(counts) + 1.4, 3.2))
    ax.set_axis_off()
    ax.set_aspect("equal")
    tallest, step = max(counts), 2.1
    columns = [[(step * k, -i + (n - 1) / 2) for i in range(n)] for k, n in enumerate(counts)]
    for left, right in pairwise(columns):
        for (x0, y0), (x1, y1) in ((a, b) for a in left for b in right):
            ax.plot([x0, x1], [y0, y1], color="#BDBDBD", lw=0.7, zorder=1)
    for k, column in enumerate(columns):
        last = k == len(columns) - 1
        for i, spot in enumerate(column):
            face = SKY if k == 0 and i < split else "#F5B895" if k == 0 else PALE
            face = WHITE if last else face
            gid = f"{'input' if k == 0 else 'output' if last else 'hidden'}:{i}"
            ax.add_patch(Circle(spot, 0.32, fc=face, ec=BLACK, lw=1.3, zorder=3, gid=gid))
    for i, ((x, y), name) in enumerate(zip(columns[0], inputs, strict=True)):
        color = ink(BLUE if i < split else VERMILION)
        ax.text(x - 0.5, y, name, ha="right", va="center", fontsize=11, color=color)
    for (x, y), name in zip(columns[-1], outputs, strict=True):
        ax.text(x + 0.5, y, name, ha="left", va="center", fontsize=11)
    for k, width in enumerate(hidden, start=1):
        below = -(counts[k] - 1) / 2 - 0.55
        ax.text(step * k, below, f"{width} units", ha="center", va="top", fontsize=9.5, color=GREY)
    reach = 0.24 * np.array([max(map(len, inputs)), max(map(len, outputs))]) + 0.7
    ax.set(xlim=(-reach[0], step * (len(counts) - 1) + reach[1]))
    ax.set(ylim=(-tallest / 2 - 0.75, tallest / 2 + 0.15))
    if title:
        ax.set_title(title, fontsize=11.5)
    widths = ", ".join(map(str, hidden)) or "none"
    read = [", ".join(name.replace("$", "") for name in end) for end in (inputs, outputs)]
    set_alt(ax, f"{title + '. ' if title else ''}A network with the inputs {read[0]}, "
                f"hidden layers of width {widths}, and the outputs {read[1]}.")  # fmt: skip
    return ax
