"""Keep together on one line what belongs together: a formula and its full stop, 5 and its %."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx import addnodes

_PERCENT = re.compile(r"(\d)[ \n]%")
_BEFORE = re.compile(r"[^\s\-–—/]+$")
_AFTER = re.compile(r"(?:\s%)?[^\s\-–—/]*[-–]?")
_LONGEST = 12  # signs that may hang on a formula; more would not fit beside it on a phone
_FIXED = (
    nodes.FixedTextElement,
    nodes.comment,
    nodes.literal,
    nodes.math,
    nodes.raw,
    addnodes.desc_signature,
)


def keep_together(document: nodes.Element) -> None:
    """Put no-break spaces before % signs, and formulas into one span with what touches them.

    A browser may break a line before and after any formula, so a full stop behind one can come to
    stand on a line of its own, and an opening parenthesis at the end of one.
    """
    for text in list(document.findall(nodes.Text)):
        if not _fixed(text) and _PERCENT.search(text):
            text.parent.replace(text, nodes.Text(_PERCENT.sub("\\1\u00a0%", text)))
    for formula in list(document.findall(nodes.math)):
        _glue(formula)


def _fixed(node: nodes.Node) -> bool:
    parent = node.parent
    while parent is not None:
        if isinstance(parent, _FIXED):
            return True
        parent = parent.parent
    return False


def _glue(formula: nodes.math) -> None:
    """Wrap a formula and the signs that touch it."""
    parent = formula.parent
    at = parent.index(formula)
    before = _touching(parent[at - 1] if at else None, _BEFORE.search)
    after = _touching(parent[at + 1] if at + 1 < len(parent) else None, _AFTER.match)
    if not before and not after:
        return
    parts: list[nodes.Node] = [nodes.Text(before)] if before else []
    parts.append(formula.deepcopy())
    if after:
        rest = parent[at + 1].astext()[len(after) :]
        parent[at + 1] = nodes.Text(rest)
        parts.append(nodes.Text(re.sub(r"\s", "\u00a0", after)))
    parent[at] = nodes.inline("", "", *parts, classes=["glued"])
    if before:
        parent[at - 1] = nodes.Text(parent[at - 1].astext()[: -len(before)])


def _touching(neighbour: nodes.Node | None, find: Any) -> str:
    match = find(neighbour.astext()) if isinstance(neighbour, nodes.Text) else None
    return match[0] if match and len(match[0]) <= _LONGEST else ""


def setup(app: Any) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("doctree-resolved", lambda app, document, name: keep_together(document))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
