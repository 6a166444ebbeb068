"""Pages that are made from data: the start page's chapter list, lecture map, errata, qlib's API."""

from __future__ import annotations

import importlib
import pkgutil
import re
import tomllib
from collections.abc import Collection, Sequence
from pathlib import Path

from book.course import PLANS, Chapter
from book.crossref import chapter_label, slug
from qlib.checks.index import EXERCISES

_GROUPS = {
    "T": "Topics and formulas",
    "F": "Figures",
    "P": "Talk to your partner",
    "Q": "Questions",
    "A": "Algorithms",
}
_KINDS = {"wrong": "wrong as written", "slip": "slip", "loose end": "loose end"}
_NAMES = {slug(name): name for names in EXERCISES.values() for name in names}
_HIDDEN = re.compile(r"qlib\.(?:__main__|runner|shell|notebook|checks\.nb\w+)$")


def generated(chapters: Sequence[Chapter], known: Collection[str], here: Path) -> dict[str, str]:
    """All text pages of the book but the chapters themselves.

    Args:
        chapters: those the book has.
        known: every label in them.
        here: the folder of the book's own sources.

    Returns:
        File name -> MyST text. `@chapters@` and the like in `pages/` are filled in.

    Raises:
        ValueError: if a map names a place that its chapter does not have.
    """
    names = {chapter.name for chapter in chapters}
    ordered = ("index", "lecture", "errata", "glossary")
    more = sorted(path.stem for path in (here / "pages").glob("*.md") if path.stem not in ordered)
    parts = {
        "@more@": "\n".join(more),
        "@toctree@": "\n".join(chapter.name for chapter in chapters),
        "@chapters@": chapter_list(chapters),
        "@lecture@": lecture_map(here, names, known),
        "@errata@": errata(here, names, known),
    }
    files = {}
    for path in sorted((here / "pages").glob("*.md")):
        text = path.read_text(encoding="utf-8")
        for mark, filled in parts.items():
            text = text.replace(mark, filled)
        files[path.name] = _resolve(text, names, known, path.name)
    return files | api()


def modules() -> list[str]:
    """The modules of `qlib` that the book documents.

    Command lines and the check modules of the notebooks are left out. A package that says in
    `__all__` what it offers stands for its modules.
    """
    return sorted(_public("qlib"))


def _public(package: str) -> list[str]:
    found = []
    for info in pkgutil.iter_modules(importlib.import_module(package).__path__, f"{package}."):
        if _HIDDEN.search(info.name) or info.name.split(".")[-1].startswith("_"):
            continue
        offers = info.ispkg and hasattr(importlib.import_module(info.name), "__all__")
        found += _public(info.name) if info.ispkg and not offers else [info.name]
    return found


def api() -> dict[str, str]:
    """One page for each module of `modules()`, and a list of them."""
    names = modules()
    files = {
        f"api/{name}.md": f"# {name}\n\n```{{eval-rst}}\n.. automodule:: {name}\n```\n"
        for name in names
    }
    listing = "\n".join(names)
    files["api/index.md"] = (
        "# The library qlib\n\nWhat the notebooks import: worlds, exact solvers, rollouts, plots "
        "and checks. The text below stands in the code; `help(...)` shows it in a notebook.\n\n"
        f"```{{toctree}}\n:maxdepth: 1\n\n{listing}\n```\n"
    )
    return files


def chapter_list(chapters: Sequence[Chapter]) -> str:
    """The table of chapters: minutes, points, what each builds on."""
    ready = {chapter.name: chapter for chapter in chapters}
    rows = ["| chapter | minutes | points | builds on |", "|---|---:|---:|---|"]
    plans = [chapter.plan for chapter in chapters if chapter.plan not in PLANS]
    for plan in (*PLANS, *plans):
        number = int(plan.name[:2])
        needs = ", ".join(_chapter_link(name, set(ready)) for name in plan.needs) or "–"
        if plan.useful:
            links = ", ".join(_chapter_link(name, set(ready)) for name in plan.useful)
            needs += f"; useful: {links}"
        if plan.name not in ready:
            rows.append(f"| {number:02d} · {plan.title} | – | – | {needs} |")
            continue
        chapter = ready[plan.name]
        points = f"{chapter.points:g}" if chapter.points else "–"
        points += f" + {chapter.bonus:g} bonus" if chapter.bonus else ""
        link = f"[{number:02d} · {chapter.title}](#{chapter_label(number)})"
        rows.append(f"| {link} | {chapter.minutes or '–'} | {points} | {needs} |")
    return "\n".join(rows)


def _chapter_link(name: str, ready: Collection[str]) -> str:
    number = int(name[:2])
    return f"[{number:02d}](#{chapter_label(number)})" if name in ready else f"{number:02d}"


def items(here: Path) -> list[dict]:
    """The entries of the lecture map."""
    return tomllib.loads((here / "lecture.toml").read_text(encoding="utf-8"))["item"]


def slips(here: Path) -> list[dict]:
    """The entries of the errata."""
    return tomllib.loads((here / "errata.toml").read_text(encoding="utf-8"))["slip"]


def lecture_map(here: Path, names: Collection[str], known: Collection[str]) -> str:
    """What the lecture presents -> where the course has it, a table for each kind."""
    lines: list[str] = []
    group = ""
    for item in items(here):
        if item["code"][0] != group:
            group = item["code"][0]
            lines += ["", f"## {_GROUPS[group]}", "", "| | in the lecture | in the course |"]
            lines += ["|---|---|---|"]
        places = _places(item["where"], names, known, f"lecture.toml, {item['code']}")
        lines.append(f"| {item['code']} | {item['what']} | {places} |")
    return "\n".join(lines)


def errata(here: Path, names: Collection[str], known: Collection[str]) -> str:
    """The slips, one short section each, with links to where the course repairs them."""
    lines = []
    for slip in slips(here):
        number = slip["number"]
        places = _places(slip["where"], names, known, f"errata.toml, {number}")
        lines += [
            f"(slip-{number})=",
            f"## {number} · {slip['slide']}",
            "",
            f"*{_KINDS[slip['kind']].capitalize()}.* {slip['says']}",
            "",
            f"**Instead:** {slip['instead']}",
            "",
            f"**In the course:** {places}",
            "",
        ]
    return "\n".join(lines)


def _places(where: list[str], names: Collection[str], known: Collection[str], source: str) -> str:
    return ", ".join(_place(place, names, known, source) for place in where) or "–"


def _place(place: str, names: Collection[str], known: Collection[str], source: str) -> str:
    """A link to `chapter/label`; words if the chapter is not in the book.

    Raises:
        ValueError: if the chapter is there and has no such label.
    """
    name, label = place.split("/")
    words = f"{name[:2]} {_words(label)}".strip()
    if name not in names:
        return words
    if label not in known:
        raise ValueError(
            f"{source}: {name} has no place called {label!r}. Its labels come from headings, "
            "exercise names, figure numbers and predictions (book/crossref.py); name one of them."
        )
    return f"[{words}](#{label})"


def _words(label: str) -> str:
    kind, *rest = label.split("-")
    forms = {
        "sec": lambda: f"section {'.'.join(rest)}",
        "fig": lambda: f"figure {rest[-1]}",
        "ex": lambda: f"exercise `{_NAMES.get('-'.join(rest), '_'.join(rest))}`",
        "ask": lambda: "question",
        "learned": lambda: "what you have learned",
        "ch": lambda: "",
    }
    return forms[kind]()


def _resolve(text: str, names: Collection[str], known: Collection[str], source: str) -> str:
    """`@01_mdp/sec-1-2@` in a page becomes a link."""
    return re.sub(r"@(\d\d_\w+/[a-z0-9-]+)@", lambda m: _place(m[1], names, known, source), text)
