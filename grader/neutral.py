"""Make a student's cells safe to open in a browser.

What a student's code shows is kept as text and as pictures. HTML, JavaScript, SVG as markup,
widgets and LaTeX documents never reach a page: of HTML only pictures inside it (a `data:` address)
are kept, and SVG becomes a picture, which runs nothing and loads nothing.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from html import escape
from html.parser import HTMLParser
from typing import Any

MAX_TEXT = 20_000  # characters of one output
MAX_IMAGE = 4_000_000  # characters of one picture, encoded
MAX_OUTPUTS = 50  # of one cell

_SIGNATURES = {
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/gif": (b"GIF87a", b"GIF89a"),
}
_SVG = "image/svg+xml"
_CONTROL = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b.?|[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def plain(text: str, limit: int = MAX_TEXT) -> str:
    """Text without terminal codes and control characters, cut at `limit`."""
    text = _CONTROL.sub("", text[: 2 * limit].replace("\r\n", "\n"))
    if len(text) <= limit:
        return text
    return f"{text[:limit]}\n[… the rest of the output is left out]"


def image(kind: str, data: Any) -> str | None:
    """A picture as a `data:` address, or None if it is not what it says or too large."""
    data = joined(data)
    if len(data) > MAX_IMAGE:
        return None
    if kind == _SVG:
        if "<svg" not in data:
            return None
        encoded = base64.b64encode(data.encode("utf-8", "replace")).decode()
        return f"data:{_SVG};base64,{encoded}"
    if kind not in _SIGNATURES:
        return None
    try:
        raw = base64.b64decode("".join(data.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    if not raw.startswith(_SIGNATURES[kind]):
        return None
    return f"data:{kind};base64,{base64.b64encode(raw).decode()}"


class _Images(HTMLParser):
    """Collects the pictures of some HTML that carry their data with them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        match = re.match(r"data:(image/[\w+]+);base64,", values.get("src") or "")
        if tag != "img" or not match:
            return
        data: str | None = (values["src"] or "")[match.end() :]
        if match[1] == _SVG:
            try:
                data = base64.b64decode(data, validate=True).decode("utf-8", "replace")
            except (binascii.Error, ValueError):
                return
        source = image(match[1], data)
        if source:
            self.found.append((source, values.get("alt") or ""))


def pictures(data: dict[str, Any]) -> list[tuple[str, str]]:
    """The pictures in an output: their `data:` addresses and what they show, in words."""
    alt = plain(joined(data.get("text/plain", "")), 2000)
    for kind in (*_SIGNATURES, _SVG):
        source = image(kind, data[kind]) if kind in data else None
        if source:
            return [(source, alt)]
    html = joined(data.get("text/html", ""))
    if "<img" not in html or len(html) > 2 * MAX_IMAGE:
        return []
    parser = _Images()
    parser.feed(html)
    return [(source, plain(words, 2000) or alt) for source, words in parser.found]


def outputs(cell: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """What a cell shows.

    Yields:
        `("text", name of the stream, text)`, `("image", address, words)`, or text for people, with
        formulas as TeX: `("prose", "result", text)`.
    """
    for number, output in enumerate(cell.get("outputs") or []):
        if number == MAX_OUTPUTS:
            yield "text", "stderr", "[… further outputs are left out]"
            return
        kind = output.get("output_type")
        if kind == "stream":
            name = "stderr" if output.get("name") == "stderr" else "stdout"
            yield "text", name, plain(joined(output.get("text", "")))
        elif kind == "error":
            trace = output.get("traceback") or [f"{output.get('ename')}: {output.get('evalue')}"]
            yield "text", "error", plain("\n".join(str(line) for line in trace))
        elif kind in ("display_data", "execute_result"):
            data = output.get("data") or {}
            found = pictures(data)
            yield from (("image", source, alt) for source, alt in found)
            if not found:
                yield _words(data)


def _words(data: dict[str, Any]) -> tuple[str, str, str]:
    """The text of an output. What is plain of a formula or of markdown is the name of its class."""
    for kind in ("latex", "markdown"):
        text = joined(data.get(f"text/{kind}", ""))
        if text.strip():
            return "prose", "result", plain(text)
    return "text", "result", plain(joined(data.get("text/plain", "")))


def neutralise(cell: Any) -> None:
    """Make one cell of a notebook safe to open, in place.

    Outputs are replaced by safe ones, attachments are dropped, a raw cell becomes markdown, and
    markdown that a student may have written loses everything but text.
    """
    meta = cell["metadata"].get("nbgrader")
    cell["metadata"] = {"nbgrader": meta} if meta else {}
    cell["source"] = joined(cell["source"])
    cell.pop("attachments", None)
    if cell["cell_type"] == "code":
        cell["outputs"] = [
            _output(*what) for what in outputs(cell) if what[2] or what[0] == "image"
        ]
        return
    if cell["cell_type"] == "raw":
        cell["cell_type"] = "markdown"
    if not (meta and meta.get("locked")):
        cell["source"] = neutralise_markdown(cell["source"])


def _output(kind: str, what: str, text: str) -> dict[str, Any]:
    """A notebook's output."""
    if kind == "text" and what != "result":
        name = "stdout" if what == "stdout" else "stderr"
        return {"output_type": "stream", "name": name, "text": text}
    data = {"text/plain": text}
    if kind == "image":
        mime, _, encoded = what.removeprefix("data:").partition(";base64,")
        if mime == _SVG:
            data["text/html"] = f'<img alt="{escape(text)}" style="max-width:100%" src="{what}">'
        else:
            data[mime] = encoded
    return {"output_type": "display_data", "metadata": {}, "data": data}


_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_MACRO = re.compile(
    r"\\+(?=(href|url|require|html\w*|class|style|cssId|unicode|mmlToken|bbox|texttip)(?![A-Za-z]))",
    re.IGNORECASE,
)


def neutralise_markdown(source: str) -> str:
    """Markdown in which no HTML, link or picture works any more.

    Readable as before: what looks like a tag, a link or a picture is shown as it was typed, with a
    space in it. Formulas work, but for the commands that make links.
    """
    source = _TAG.sub("< ", source)
    source = source.replace("](", "] (").replace("]:", "] :")
    return _MACRO.sub("", source)


def joined(value: Any) -> str:
    """A multi-line string of a notebook, which may be a list of lines."""
    if isinstance(value, list):
        return "".join(str(part) for part in value)
    return value if isinstance(value, str) else ""
