"""Turn what a text says, "notebook 02", "Section 1.4", "Figure 5", into links.

The notebooks are read alone too, so their prose names places in words. In the book the words
become links where the place exists; nothing else in the text is touched: no code, formula, heading,
HTML or link.
"""

from __future__ import annotations

import re
from collections.abc import Collection

# Stays as it is: fenced code, code, formulas, HTML, comments, links, headings.
_FIXED = re.compile(
    r"```.*?```|`+[^`]*`+|\$\$.*?\$\$|\$[^$\n]+(?:\n[^$\n]+)?\$|<!--.*?-->|<[^>]+>"
    r"|\[[^\]]*\]\([^)]*\)|^#{1,6} [^\n]*$|^\([\w-]+\)=$",
    re.S | re.M,
)
_NOTEBOOK = re.compile(r"\b([Nn]otebooks?\s+)(\d\d)\b")
_SECTION = re.compile(r"\b([Ss]ections?\s+)(\d+)\.(\d+)\b")
_FIGURE = re.compile(r"\b([Ff]igure\s+)(\d+)\b(?!\.\d)")


def section_label(chapter: int, number: int) -> str:
    """The label of a section, "sec-1-4"."""
    return f"sec-{chapter}-{number}"


def figure_label(chapter: int, number: int) -> str:
    """The label of a figure, "fig-1-5"."""
    return f"fig-{chapter}-{number}"


def exercise_label(name: str) -> str:
    """The label of an exercise, "ex-is-valid-mdp"; names are unique in the course."""
    return f"ex-{slug(name)}"


def question_label(chapter: int, name: str) -> str:
    """The label of a question to predict, "ask-2-partner-1"."""
    return f"ask-{chapter}-{slug(name)}"


def learned_label(chapter: int) -> str:
    """The label of a chapter's summary, "learned-2"."""
    return f"learned-{chapter}"


def chapter_label(number: int) -> str:
    """The label of a chapter, "ch-2"."""
    return f"ch-{number}"


def slug(name: str) -> str:
    """The form in which Sphinx keeps a name as an HTML id: lower case, hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def linked(text: str, chapter: int, labels: Collection[str]) -> str:
    """The text with links to places of this book.

    Args:
        text: markdown.
        chapter: number of the chapter the text stands in; sections and figures are its own.
        labels: every label that exists.

    Returns:
        Markdown with `[…](#label)` where a label exists.
    """
    if text.lstrip().startswith("## Further reading"):
        return text  # sections and figures of other books
    parts, end = [], 0
    for fixed in _FIXED.finditer(text):
        parts += [_link(text[end : fixed.start()], chapter, labels), fixed[0]]
        end = fixed.end()
    parts.append(_link(text[end:], chapter, labels))
    return "".join(parts)


def _link(text: str, chapter: int, labels: Collection[str]) -> str:
    def notebook(match: re.Match[str]) -> str:
        label = chapter_label(int(match[2]))
        return f"[{match[0]}](#{label})" if label in labels else match[0]

    def section(match: re.Match[str]) -> str:
        label = section_label(int(match[2]), int(match[3]))
        own = int(match[2]) == chapter  # another number is a section of another book
        return f"[{match[0]}](#{label})" if own and label in labels else match[0]

    def figure(match: re.Match[str]) -> str:
        label = figure_label(chapter, int(match[2]))
        return f"[{match[0]}](#{label})" if label in labels else match[0]

    return _FIGURE.sub(figure, _SECTION.sub(section, _NOTEBOOK.sub(notebook, text)))
