"""Say what this machine can do: `python -m grader doctor`."""

import argparse
import importlib
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
    """Print what was found; 0 if submissions can be graded in a sandbox."""
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores")
    missing = [name for name in PACKAGES if importlib.util.find_spec(name) is None]
    for name, purpose in PACKAGES.items():
        print(f"{'missing' if name in missing else 'ok':<8} {name} ({purpose})")
    if missing:
        print("Run: pip install -e '.[grader]'")
    sandbox = importlib.import_module("grader.sandbox")
    found = sandbox.doctor()
    if isinstance(found, str):
        print(found)
    return 1 if missing else 0
