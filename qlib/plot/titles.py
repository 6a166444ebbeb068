"""Titles that fit: into the width of a figure or panel, below its upper edge, and into words."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
from matplotlib.figure import Figure
from matplotlib.text import Text

SMALLEST = 0.85  # a title shrinks to this part of its size; one that is longer is broken
_EDGE = 0.03  # inches left free beside and above a title
_WORD = re.compile(r"(?:\$[^$]*\$|\S)+")  # a formula is not broken
_FORMULA = re.compile(r"\$([^$]*)\$")
_SIGNS = {
    "alpha": "α",
    "epsilon": "ε",
    "gamma": "γ",
    "lambda": "λ",
    "omega": "ω",
    "pi": "π",
    "sqrt": "√",
    "mathrm": "",
    ",": " ",
}


def plain(text: str) -> str:
    r"""The text with its formulas in plain signs, as alt texts need them: "$V^\pi$" is "V^π"."""

    def words(formula: re.Match[str]) -> str:
        signs = re.sub(r"\\([A-Za-z]+|.)", lambda m: _SIGNS.get(m[1], m[1]), formula[1])
        return re.sub(r"[{}]", "", signs).replace("^*", "*")

    return _FORMULA.sub(words, text)


def fit_titles(fig: Figure) -> None:
    """Shrink or break titles wider than their place, and raise the figure until all lie inside.

    The place of a title is its column of panels; that of a title of the whole figure, the figure.

    Args:
        fig: a figure with a layout engine; titles that fit stay as they are.
    """
    layout = fig.get_layout_engine()
    fig.set_layout_engine("none")
    fig.draw_without_rendering()  # sizes as they are now, not as in a file saved before
    fig.set_layout_engine(layout)
    titles = list(_titles(fig))
    wide = [t for t, *_ in titles if t.get_window_extent().width > fig.bbox.width]
    own = [t for t in wide if t not in fig.texts]
    _see(own, False)  # a title far too long leaves no room for its own axes
    fig.draw_without_rendering()
    _see(own, True)
    for _ in range(6):  # the layout answers to each new height
        grown = {t: _fit(t, *room) for t, *room in titles if _sticks_out(t, *room)}
        above = sum(more for t, more in grown.items() if t in fig.texts)
        more = above + max((more for t, more in grown.items() if t not in fig.texts), default=0.0)
        if grown:
            fig.set_figheight(fig.get_figheight() + more / fig.dpi)
            fig.draw_without_rendering()
        top = max((t.get_window_extent().y1 for t, *_ in titles), default=0.0) / fig.dpi
        over = top + _EDGE - fig.get_figheight()
        if over > 0.01:
            fig.set_figheight(fig.get_figheight() + over)
            fig.draw_without_rendering()
        elif not grown:
            break


def _see(titles: list[Text], visible: bool) -> None:
    for title in titles:
        title.set_visible(visible)


def _titles(fig: Figure) -> Iterator[tuple[Text, float, float]]:
    """Every title with the left and right end of its place, in pixels."""
    width, edge = fig.bbox.width, _EDGE * fig.dpi
    for title in fig.texts:
        yield title, edge, width - edge
    for ax in fig.axes:
        spec = ax.get_subplotspec()
        n, columns = (1, range(1)) if spec is None else (spec.get_gridspec().ncols, spec.colspan)
        ends = columns.start * width / n + edge, columns.stop * width / n - edge
        for child in ax.get_children():
            if isinstance(child, Text) and child not in ax.texts and child.get_text():
                yield child, *ends


def _sticks_out(title: Text, left: float, right: float) -> bool:
    box = title.get_window_extent()
    return bool(box.x0 < left - 1 or box.x1 > right + 1)


def _fit(title: Text, left: float, right: float) -> float:
    """Make a title fit between two ends; return the height in pixels that it has grown by."""
    box = title.get_window_extent()
    x = title.get_transform().transform(title.get_position())[0]
    align = title.get_ha()
    room = {"left": right - x, "right": x - left}.get(align, 2 * min(x - left, right - x))
    if box.width * SMALLEST <= room:
        title.set_fontsize(title.get_fontsize() * 0.995 * room / box.width)
        return 0.0
    words = _WORD.findall(title.get_text())
    lines = _lines(title, words, room)
    for width in np.linspace(box.width / len(lines), room, 12):  # lines about equally long
        even = _lines(title, words, width)
        if len(even) == len(lines):
            lines = even
            break
    title.set_text("\n".join(lines))
    return max(0.0, title.get_window_extent().height - box.height)


def _lines(title: Text, words: list[str], width: float) -> list[str]:
    """The words in lines of at most `width` pixels, as long as no word is wider."""
    lines = [words[0]]
    for word in words[1:]:
        title.set_text(f"{lines[-1]} {word}")
        if title.get_window_extent().width <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
