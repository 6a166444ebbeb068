r"""Find the formulas in text that people wrote, and set them: TeX as MathML.

What cannot be set stays as it was typed, escaped. Whatever somebody writes, a page costs little:
its text is read once, and its formulas are set until their characters are used up.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator

from markupsafe import Markup, escape

from grader.mathml import ENVIRONMENTS, MAX_TEX, mathml

MAX_PAGE = 40_000  # characters of all formulas of a page


class Formulas:
    """Sets the formulas of one page, as long as they are not too many.

    Args:
        characters: of TeX that are converted before the rest stays as it is.
    """

    def __init__(self, characters: int = MAX_PAGE):
        self._left = characters

    def __call__(self, text: str) -> Markup:
        """Text as HTML, with its formulas set."""
        parts, after_display = [], False
        for kind, source, tex in split(text):
            if kind == "text":
                source = source.removeprefix("\n") if after_display else source
                parts.append(str(escape(source)))
            else:
                if kind == "display" and parts:
                    parts[-1] = parts[-1].removesuffix("\n")
                parts.append(self._formula(source, tex, kind))
            after_display = kind == "display"
        return Markup("".join(parts))

    def _formula(self, source: str, tex: str, kind: str) -> str:
        self._left -= len(tex)
        shown = mathml(tex, kind) if self._left >= 0 else None
        shown = shown or f"<code>{escape(source)}</code>"
        return f'<span class="formula">{shown}</span>' if kind == "display" else shown


_MARK = re.compile(
    r"(?P<blank>\n[ \t]*\n)|(?P<code>`+)|(?P<dollar>\$\$?)"
    r"|(?P<open>\\\\?[(\[])|(?P<close>\\\\?[)\]])"
    r"|\\(?P<edge>begin|end)\{(?P<name>[a-zA-Z]{1,12}\*?)\}|\\."
)
_CLOSES = {r"\(": r"\)", r"\[": r"\]", r"\\(": r"\\)", r"\\[": r"\\]"}


def split(text: str) -> Iterator[tuple[str, str, str]]:
    r"""Find the formulas of some text, as Jupyter does: `$`, `$$`, `\\(`, `\\[` and environments.

    A formula does not cross an empty line. Code in backticks has none, and neither has "$5 and $6".

    Yields:
        `("text", source, "")`, `("inline", source, tex)` or `("display", source, tex)`; the sources
        together are the text.
    """
    marks = [(match.start(), match.end(), *_mark(match)) for match in _MARK.finditer(text)]
    closers: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for start, end, role, name in marks:
        if role != "open":
            closers[name].append((start, end))
    done = 0  # up to here, everything has been yielded or is code
    told = 0  # up to here, everything has been yielded
    for start, end, role, opener in marks:
        if start < done or role == "close":
            continue
        found = _next(closers[_CLOSES.get(opener, opener)], end)
        blank = _next(closers["blank"], end)
        fenced = opener.startswith("```")
        if not found or (blank and blank[0] < found[0] and not fenced):
            continue
        if opener.startswith("`"):
            done = found[1]
            continue
        tex = text[end : found[0]]
        environment = opener.startswith("\\begin")
        if (
            not tex.strip()
            or len(tex) > MAX_TEX
            or (opener == "$" and not _paired(tex, found, text))
        ):
            continue
        if told < start:
            yield "text", text[told:start], ""
        told = done = found[1]
        source = text[start:done]
        kind = "inline" if opener in ("$", r"\(", r"\\(") else "display"
        yield kind, source, source if environment else tex
    if told < len(text):
        yield "text", text[told:], ""


def _mark(match: re.Match) -> tuple[str, str]:
    """Whether a mark opens something, closes it or may do either, and what."""
    if match["blank"]:
        return "close", "blank"
    if match["code"]:
        return "both", match["code"] if len(match["code"]) < 3 else "```"
    if match["dollar"]:
        return "both", match[0]
    if match["open"]:
        return "open", match[0]
    if match["close"]:
        return "close", match[0]
    if match["name"] in ENVIRONMENTS:
        name = f"\\begin{{{match['name']}}}"
        return "open" if match["edge"] == "begin" else "close", name
    return "close", ""


def _paired(tex: str, closer: tuple[int, int], text: str) -> bool:
    """Whether dollars enclose a formula: alike inside, and no word or number right behind."""
    following = text[closer[1] : closer[1] + 1]
    return tex[0].isspace() == tex[-1].isspace() and not following.isalnum()


def _next(spans: list[tuple[int, int]], position: int) -> tuple[int, int] | None:
    i = bisect_left(spans, (position, 0))
    return spans[i] if i < len(spans) else None
