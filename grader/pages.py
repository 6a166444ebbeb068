"""What the pages of feedback and report share: templates, styles, and text with `code` in it."""

import base64
import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

TEMPLATES = Path(__file__).resolve().parent / "templates"


@cache
def template(name: str) -> Any:
    """The template `templates/<name>.html.j2`; whatever it is given is escaped."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined
    )
    return environment.get_template(f"{name}.html.j2")


def styled(*names: str) -> dict[str, Any]:
    """The style sheets `templates/<name>.css`, one after the other, as a template takes them.

    Returns:
        `style`, and `style_hash`, by which a content security policy allows it.
    """
    style = "".join((TEMPLATES / f"{name}.css").read_text(encoding="utf-8") for name in names)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return {"style": Markup(style), "style_hash": digest}


def ticks(prose: Callable[[str], Markup], text: str) -> Markup:
    """Escaped text in which `this` is set as code.

    Args:
        prose: escapes what is no code.
        text: anybody's.
    """
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return prose(text)
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if i % 2 else prose(part)
        for i, part in enumerate(parts)
    )
