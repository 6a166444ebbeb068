"""The pictures of the course.

Each function draws on `ax`, or on a figure of its own, and returns the axes. A cell that ends with
them shows the picture, with an alt text that stays in the saved notebook:

    from qlib import plot
    plot.values(V, plot.GRID34, title="V after 3 sweeps")

`panels` makes axes side by side, `frames` a player to step through pictures, `alt` returns the alt
text and `set_alt` replaces it by one that states what the reader should see.
"""

from qlib.plot.arrows import arrows
from qlib.plot.backup import KINDS, backup
from qlib.plot.canvas import Picture, alt, panels, set_alt, show
from qlib.plot.curves import curves
from qlib.plot.diagram import loop, timeline
from qlib.plot.ensemble import ensemble
from qlib.plot.episode import episode
from qlib.plot.frames import Frames, frames
from qlib.plot.graph import state_graph
from qlib.plot.grid import CLIFF, GRID34, GridLayout, values
from qlib.plot.network import network
from qlib.plot.quarters import q_quarters
from qlib.plot.style import LINES, contrast, luminance, style, text_on
from qlib.plot.table import bars, q_table

__all__ = [
    "CLIFF",
    "GRID34",
    "KINDS",
    "LINES",
    "Frames",
    "GridLayout",
    "Picture",
    "alt",
    "arrows",
    "backup",
    "bars",
    "contrast",
    "curves",
    "ensemble",
    "episode",
    "frames",
    "loop",
    "luminance",
    "network",
    "panels",
    "q_quarters",
    "q_table",
    "set_alt",
    "show",
    "state_graph",
    "style",
    "text_on",
    "timeline",
    "values",
]
