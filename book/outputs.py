"""Make stored outputs fit for a page: pictures become files, progress bars disappear."""

from __future__ import annotations

import base64
import hashlib
import re
import struct
from pathlib import Path
from typing import Any

_IMAGE = re.compile(
    r'<img (?P<alt>alt="[^"]*" )?width="(?P<width>\d+)"(?P<rest>[^>]*?)'
    r'src="data:image/(?P<kind>png|jpeg|gif|webp);base64,(?P<data>[A-Za-z0-9+/=\s]+)"'
)
_WIDE = 640  # CSS pixels; on a phone such a picture scrolls instead of shrinking to nothing
_BAR = re.compile(r"^[^\n]*[█░]{20} [\d,]+/[\d,]+ steps\b[^\n]*\n?", re.M)  # of qlib.train.history
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Pictures:
    """The picture files of the book, named by their content.

    Attributes:
        folder: where they are written.
        url: how pages call that folder.
        used: names of all files that some page shows.
    """

    def __init__(self, folder: Path, url: str = "figures") -> None:
        self.folder, self.url = folder, url
        self.used: set[str] = set()
        folder.mkdir(parents=True, exist_ok=True)

    def extract(self, html: str) -> str:
        """The HTML with each picture that it carries inside replaced by a file's name.

        A picture gets its height, so that nothing moves when it arrives, and the class `wide` if it
        needs more width than a phone has. Frames of a player are loaded before they are shown.
        """
        load = "" if "qlib-frames" in html else ' loading="lazy"'
        return _IMAGE.sub(lambda match: self._image(match, load), html)

    def clean(self) -> None:
        """Remove files that no page shows any more."""
        for path in self.folder.iterdir():
            if path.name not in self.used:
                path.unlink()

    def _image(self, match: re.Match[str], load: str) -> str:
        data = base64.b64decode(match["data"])
        name = f"{hashlib.sha256(data).hexdigest()[:20]}.{match['kind']}"
        path = self.folder / name
        if not path.is_file():
            path.write_bytes(data)
        self.used.add(name)
        width, shape = int(match["width"]), _png_shape(data)
        height = f' height="{round(width * shape[1] / shape[0])}"' if shape else ""
        wide = ' class="wide"' if width >= _WIDE else ""
        return (
            f'<img{wide}{load} {match["alt"] or ""}width="{width}"{height}{match["rest"]}'
            f'src="{self.url}/{name}"'
        )


def _png_shape(data: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG in pixels, None for anything else."""
    if data[:8] != b"\x89PNG\r\n\x1a\n" or data[12:16] != b"IHDR":
        return None
    width, height = struct.unpack(">II", data[16:24])
    return (width, height) if width and height else None


def for_page(outputs: list[Any], pictures: Pictures) -> list[Any]:
    """The outputs of one cell, as the page shows them.

    Args:
        outputs: nbformat outputs; they are changed.
        pictures: takes the pictures out.

    Returns:
        The outputs that are left: a stream without text is dropped, and streams that follow each
        other become one. Progress bars say how fast one machine was on one day, and are dropped.
    """
    kept: list[Any] = []
    for output in outputs:
        if output["output_type"] == "stream":
            if kept and kept[-1]["output_type"] == "stream" and _same(kept[-1], output):
                kept[-1]["text"] += output["text"]
            else:
                kept.append(output)
            continue
        data = output.get("data", {})
        if "text/html" in data:
            data["text/html"] = pictures.extract(data["text/html"])
        data.pop("application/vnd.jupyter.widget-view+json", None)  # needs scripts; has a text form
        if set(data) == {"text/plain"} and _BAR.fullmatch(data["text/plain"]):
            continue
        kept.append(output)
    for output in kept:
        if output["output_type"] == "stream":
            output["text"] = _BAR.sub("", settled(output["text"]))
    return [o for o in kept if o["output_type"] != "stream" or o["text"].strip()]


def _same(first: Any, second: Any) -> bool:
    return first["name"] == second["name"]


def settled(text: str) -> str:
    """What a terminal shows in the end: carriage returns have overwritten, colours are gone."""
    lines = []
    for line in _ESCAPES.sub("", text).replace("\r\n", "\n").split("\n"):
        shown = ""
        for part in line.split("\r"):
            shown = part + shown[len(part) :]
        lines.append(shown.rstrip())
    return "\n".join(lines)
