"""Read qlib's docstrings as they are meant: bars are absolute values, not substitutions."""

from __future__ import annotations

import re
from typing import Any

_CODE = re.compile(r"(`+[^`]*`+)")


def bars(lines: list[str]) -> list[str]:
    """The lines of a docstring with every `|` outside code made an ordinary sign."""
    result = []
    for line in lines:
        parts = _CODE.split(line)
        parts[::2] = [part.replace("|", "\\|") for part in parts[::2]]
        result.append("".join(parts))
    return result


def listings(lines: list[str]) -> list[str]:
    """The lines with indented code, after a line that ends in a colon, marked as code."""
    result = list(lines)
    for i in range(len(lines) - 2):
        line, after = lines[i], lines[i + 2]
        deeper = len(after) - len(after.lstrip()) > len(line) - len(line.lstrip())
        if line.endswith(":") and not line.endswith("::") and not lines[i + 1].strip() and deeper:
            result[i] = line + ":"
    return result


def _process(app: Any, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    lines[:] = listings(bars(lines))


def setup(app: Any) -> dict[str, Any]:
    """Register with Sphinx, to run before Napoleon reads the sections."""
    app.setup_extension("sphinx.ext.autodoc")
    app.connect("autodoc-process-docstring", _process, priority=100)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
