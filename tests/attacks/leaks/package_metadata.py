"""The installed package says where the course's folder is; from there the exam is read."""

TRIES = "direct_url.json, .pth files and __path__ lead to the repository"
SUCCESS = "leak"
CELL = r"""
import glob
import json
import os
import sys

roots = {"@COURSE@"}
for place in sys.path:
    for path in glob.glob(f"{place}/*/direct_url.json"):
        try:
            roots.add(json.load(open(path))["url"].removeprefix("file://"))
        except Exception:
            pass
    for path in glob.glob(f"{place}/*.pth") + glob.glob(f"{place}/__editable__*"):
        try:
            for word in open(path).read().replace("'", '"').split('"'):
                if word.strip().startswith("/"):
                    roots.add(word.strip())
        except OSError:
            pass
for name in ("qlib", "grader"):
    if name in sys.modules:
        roots |= {os.path.dirname(path) for path in getattr(sys.modules[name], "__path__", [])}
for root in roots:
    for top in (root, os.path.dirname(root)):
        for pattern in ("grader/exams/*.py", "exams/*.py", "solutions/*/*", "tests/answers/*/*/*"):
            for path in glob.glob(os.path.join(top, pattern)):
                try:
                    with open(path, "rb") as file:
                        tell(file.read(5_000_000))
                except OSError:
                    pass
"""
