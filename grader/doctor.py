"""Say what this machine can do, found out by trying it: `python -m grader doctor`."""

import argparse
import importlib.util
import os
import sys
from typing import Any

# package -> what it is needed for
PACKAGES = {
    "numpy": "the course",
    "torch": "the notebooks from 06 on",
    "nbgrader": "recording grades",
    "rich": "tables and progress",
    "jinja2": "feedback pages",
    "jupytext": "building notebooks",
}


def add_parser(subparsers: Any) -> None:
    """Add the command `doctor` to the grader's command line."""
    parser = subparsers.add_parser(
        "doctor", help="say what this machine can do", description=__doc__
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print what was found; 0 if submissions can be graded in a sandbox, else 1."""
    from grader.console import consoles

    out, _ = consoles()
    missing = [name for name in PACKAGES if importlib.util.find_spec(name) is None]
    rows = [(True, "Python", f"{sys.version.split()[0]}, {os.cpu_count()} cores")]
    rows += [(name not in missing, name, purpose) for name, purpose in PACKAGES.items()]
    if missing:
        rows.append((False, "packages", "run: pip install -e '.[grader]'"))
    able = not missing
    if "numpy" not in missing:
        from grader import sandbox

        found = sandbox.doctor()
        rows += [(feature.ok, feature.name, feature.note) for feature in found]
        able = able and found[0].ok
    out.print(table(rows))
    if not able:
        out.print("Submissions cannot be graded in a sandbox here yet: repair what is missing.")
    return 0 if able else 1


def table(rows: list[tuple[bool, str, str]]) -> Any:
    """What works, what it is called and what there is to say."""
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 2))
    for ok, name, note in rows:
        sign = Text("✓ ok", style="green") if ok else Text("✗ no", style="red")
        grid.add_row(sign, Text(name), Text(note))
    return grid
