"""Pictures to step through by keyboard, without scripts, network or extensions.

The player is a group of radio buttons and a style sheet: the checked button shows its frame. No
script means that nothing can be stripped when a saved notebook is opened again, and the arrow keys
work as in any radio group. Where a viewer removes the style sheet (a notebook that is not
trusted, some web viewers) the inline styles leave exactly one thing: the last frame.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from html import escape
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from qlib.plot.canvas import Picture, show

MAX_FRAMES = 120

_CSS = """
#{id} {{border:1px solid #767676;border-radius:4px;padding:6px 10px 8px;margin:4px 0;
  background:#fff;color:#000;width:fit-content;max-width:100%;box-sizing:border-box}}
#{id} .qf-head {{display:block!important;font:13px sans-serif;margin:2px 0 4px}}
#{id} input {{display:inline-block!important;width:18px;height:18px;margin:2px 0 2px 6px;
  vertical-align:middle;accent-color:#0072B2;cursor:pointer}}
#{id} label {{display:inline-block!important;font:13px sans-serif;padding:2px 4px;
  margin-right:4px;vertical-align:middle;cursor:pointer;border-bottom:3px solid transparent}}
#{id} input:checked+label {{font-weight:bold;border-bottom-color:#0072B2}}
#{id} input:focus-visible {{outline:3px solid #000;outline-offset:1px}}
#{id} .qf-frames>div {{display:none!important}}
#{id} .qf-frames img {{display:block}}
#{id} .qf-last {{display:none!important}}
"""


class Frames:
    """Frames with a radio button each; arrow keys step, the last frame shows without a style sheet.

    Attributes:
        pictures: the drawn frames.
        labels: the name of each frame.
        title: what is being stepped through.
        start: index of the frame shown at first.
    """

    def __init__(self, pictures: Sequence[Picture], labels: Sequence[str], title: str, start: int):
        self.pictures, self.labels = tuple(pictures), tuple(labels)
        self.title, self.start = title, start

    def __len__(self) -> int:
        return len(self.pictures)

    def __repr__(self) -> str:
        return (
            f"{self.title}: {len(self)} frames, {self.labels[0]} to {self.labels[-1]}. "
            f"Last frame: {self.pictures[-1].alt}"
        )

    def html(self) -> str:
        """The player as one piece of HTML, with ids of its own each time it is made."""
        uid = f"qf-{secrets.token_hex(5)}"
        last = len(self) - 1
        css, buttons, images = [_CSS.format(id=uid)], [], []
        for k, (picture, label) in enumerate(zip(self.pictures, self.labels, strict=True)):
            button = f"{uid}-{k}"
            css.append(
                f"#{button}:checked~.qf-frames>.qf-{k} {{display:block!important}}\n"
                f"#{button}:checked~.qf-head>.qf-n::after "
                f'{{content:"{k + 1} of {last + 1}"}}\n'
            )
            # The attribute keeps JupyterLab's command mode from taking the arrow keys.
            buttons.append(
                f'<input type="radio" name="{uid}" id="{button}" value="{k}" style="display:none" '
                f'data-lm-suppress-shortcuts="true"{" checked" if k == self.start else ""}>'
                f'<label for="{button}" style="display:none">{escape(label)}</label>'
            )
            hidden = "" if k == last else ' style="display:none"'
            images.append(f'<div class="qf-{k}"{hidden}>{picture.html()}</div>')
        title = escape(self.title, quote=True)
        return (
            f'<div id="{uid}" class="qlib-frames" role="group" aria-label="{title}">'
            f"<style>{''.join(css)}</style>"
            + "".join(buttons)
            + f'<div class="qf-head" style="display:none">{title}, frame <b class="qf-n"></b>'
            " (arrow keys step)</div>"
            f'<div class="qf-frames">{"".join(images)}</div>'
            f'<p class="qf-last">{title}: last of {len(self)} frames, {escape(self.labels[-1])}. '
            "Run the cell to step through them.</p></div>"
        )

    def save(self, path: str | Path) -> None:
        """Write the player as a page of its own that any browser opens."""
        title = escape(self.title)
        Path(path).write_text(
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
            f"</head><body>{self.html()}</body></html>\n",
            encoding="utf-8",
        )

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        return {"text/html": self.html(), "text/plain": repr(self)}


def frames(
    pictures: Sequence[Axes | Figure | Picture],
    labels: Sequence[str] | None = None,
    *,
    alts: Sequence[str] | None = None,
    title: str = "Frames",
    start: int = -1,
    scale: float = 1.5,
) -> Frames:
    """Pictures to step through with arrow keys or mouse; nothing plays by itself.

    Draw all pictures with the same `vmin` and `vmax`, or their colours mean different things.

    Args:
        pictures: 1 to 120 axes, figures or pictures, in order.
        labels: short name of each frame, as "k = 0"; 1, 2, ... if None.
        alts: alt text of each frame; None keeps what the plotting functions wrote.
        title: what is being stepped through.
        start: index of the frame shown at first; the last one by default.
        scale: image pixels per CSS pixel.

    Returns:
        A player to end a cell with, or to hand to `display`.

    Raises:
        ValueError: if the number of frames, labels or alt texts does not fit.
        TypeError: if a frame is no picture.
    """
    pictures = list(pictures)
    n = len(pictures)
    if not 1 <= n <= MAX_FRAMES:
        raise ValueError(f"frames needs 1 to {MAX_FRAMES} pictures, got {n}: take every k-th one.")
    labels = [str(k + 1) for k in range(n)] if labels is None else [str(x) for x in labels]
    for given, what in ((labels, "labels"), (alts, "alts")):
        if given is not None and len(given) != n:
            raise ValueError(f"{n} pictures need {n} {what}, got {len(given)}.")
    if not -n <= start < n:
        raise ValueError(f"start must be a frame from {-n} to {n - 1}, got {start}.")
    drawn = []
    for k, picture in enumerate(pictures):
        text = None if alts is None else alts[k]
        if isinstance(picture, Picture):
            drawn.append(Picture(picture.png, text or picture.alt, picture.width))
        else:
            drawn.append(show(picture, text, scale=scale))
    return Frames(drawn, labels, title, start % n)
