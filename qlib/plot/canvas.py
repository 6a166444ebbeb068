"""Figures that carry an alt text into the notebook, and axes that draw themselves when returned."""

from __future__ import annotations

import base64
import io
import sys
from html import escape

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from qlib.plot.style import style
from qlib.plot.titles import fit_titles, plain

DPI = 100


class AltAxes(Axes):
    """Axes that a notebook shows as their whole figure, with its alt text."""

    def _repr_mimebundle_(self, include=None, exclude=None):
        return show(self)._repr_mimebundle_()


class AltFigure(Figure):
    """A figure outside pyplot: shown where it is returned, once, with its alt text."""

    def _ipython_display_(self):
        # Not a mime bundle: the inline backend would add the same picture a second time.
        from IPython.display import display

        display(show(self)._repr_mimebundle_(), raw=True)


class Picture:
    """A drawn figure as an HTML image with alt text; `print` gives the alt text.

    Attributes:
        png: the image, bytes.
        alt: what it shows, in words.
        width: width in CSS pixels; the image holds `scale` times as many.
    """

    def __init__(self, png: bytes, alt: str, width: int):
        self.png, self.alt, self.width = png, alt, width

    def html(self) -> str:
        """One `<img>` with the picture inside; nothing is loaded from elsewhere."""
        data = base64.b64encode(self.png).decode("ascii")
        return (
            f'<img alt="{escape(self.alt, quote=True)}" width="{self.width}" '
            f'style="max-width:100%;height:auto" src="data:image/png;base64,{data}">'
        )

    def __repr__(self) -> str:
        return self.alt

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        return {"text/html": self.html(), "text/plain": self.alt}


def new_axes(ax: Axes | None, size: tuple[float, float]) -> Axes:
    """`ax` itself, or new axes on a figure of `size` inches.

    Raises:
        TypeError: if `ax` is neither None nor matplotlib axes.
    """
    if ax is None:
        fig = AltFigure(figsize=size, dpi=DPI, layout="constrained")
        return fig.add_subplot(axes_class=AltAxes)
    if not isinstance(ax, Axes):
        raise TypeError(f"ax must be matplotlib Axes or None, got {type(ax).__name__}.")
    return ax


@style()
def panels(
    n_rows: int = 1,
    n_cols: int = 2,
    *,
    size: tuple[float, float] | None = None,
    sharey: bool = False,
    title: str | None = None,
) -> tuple[Figure, np.ndarray]:
    """A figure with several axes for `ax=`; end the cell with the figure to see it.

    Args:
        n_rows: rows of panels, at least 1.
        n_cols: columns of panels, at least 1.
        size: width and height in inches; 4 x 3.4 a panel if None.
        sharey: one y-axis for all panels.
        title: text above all panels.

    Returns:
        The figure, and its axes as an object array of shape (n_rows * n_cols,).

    Raises:
        ValueError: if a count is below 1.
    """
    if n_rows < 1 or n_cols < 1:
        raise ValueError(f"panels needs at least 1 row and 1 column, got {n_rows} and {n_cols}.")
    fig = AltFigure(figsize=size or (4.0 * n_cols, 3.4 * n_rows), dpi=DPI, layout="constrained")
    axes: list[Axes] = []
    for i in range(n_rows * n_cols):
        share = axes[0] if sharey and axes else None
        axes.append(fig.add_subplot(n_rows, n_cols, i + 1, axes_class=AltAxes, sharey=share))
    if title:
        fig.suptitle(title, x=0.01, ha="left", fontsize=13)
    return fig, np.array(axes, dtype=object)


def figure_of(picture: Axes | Figure) -> Figure:
    """The whole figure of axes or of a figure.

    Raises:
        TypeError: for anything else.
    """
    if isinstance(picture, Axes):
        return picture.get_figure(root=True)
    if isinstance(picture, Figure):
        return picture
    raise TypeError(f"expected matplotlib Axes or Figure, got {type(picture).__name__}.")


def set_alt(picture: Axes | Figure, text: str) -> None:
    """Store `text` as the alt text of axes, or as that of a whole figure.

    State what a reader should see, not how it is drawn: "Q* is larger than Q^π in every cell".
    Formulas between dollar signs, as in a title, are written in plain signs.

    Raises:
        ValueError: if the text is empty.
    """
    figure_of(picture)
    if not str(text).strip():
        raise ValueError("An alt text says what the picture shows; it must not be empty.")
    picture.qlib_alt = plain(" ".join(str(text).split()))


def alt(picture: Axes | Figure) -> str:
    """The alt text of a figure: its own if set, else those of its axes one after the other."""
    fig = figure_of(picture)
    own = getattr(fig, "qlib_alt", "")
    parts = [getattr(ax, "qlib_alt", "") for ax in fig.axes]
    return own or " ".join(part for part in parts if part) or "A figure without a description."


def add_alt(ax: Axes, text: str) -> None:
    """Add a sentence to the alt text of `ax`: layers drawn later describe themselves too."""
    set_alt(ax, f"{getattr(ax, 'qlib_alt', '')} {text}")


def show(picture: Axes | Figure, text: str | None = None, *, scale: float = 2.0) -> Picture:
    """The figure as an image that keeps its alt text when the notebook is saved.

    JupyterLab gives a plain matplotlib output no alt text; an `<img alt=...>` keeps it,
    also in a notebook that is not trusted. A pyplot figure is closed, so that it is not
    shown a second time at the end of the cell. Titles too wide for the figure are made to fit.

    Args:
        picture: axes or figure.
        text: new alt text; None keeps what the plotting function wrote.
        scale: image pixels per CSS pixel.

    Returns:
        A picture to end a cell with, or to hand to `display`.

    Raises:
        ValueError: if `scale` is not positive.
    """
    if not scale > 0:
        raise ValueError(f"scale must be positive, got {scale}.")
    fig = figure_of(picture)
    if text is not None:
        set_alt(fig, text)
    buffer = io.BytesIO()
    layout = fig.get_layout_engine()
    with style():
        if isinstance(fig, AltFigure):
            fit_titles(fig)
            fig.set_layout_engine("none")  # what was measured is what is saved
        fig.savefig(buffer, format="png", dpi=DPI * scale, metadata={"Software": None})
    if isinstance(fig, AltFigure):
        fig.set_layout_engine(layout)
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close(fig)
    return Picture(buffer.getvalue(), alt(fig), round(fig.get_figwidth() * DPI))
