"""Build the book: run the chapters that changed, prepare the pages, let Sphinx make the site."""

from __future__ import annotations

import filecmp
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat

from book import chapter as pages
from book.course import Chapter, written
from book.execute import executed
from book.mathml import font_css
from book.outputs import Pictures
from book.tables import generated
from grader.build import ROOT

HERE = Path(__file__).resolve().parent


class BookError(Exception):
    """The book cannot be built; the message says what to repair."""


def build(
    out: Path, work: Path, only: Iterable[str] | None = None, jobs: int = 2, strict: bool = True
) -> dict[str, float]:
    """Build the site.

    Args:
        out: folder of the site; files of an earlier build that are gone are removed from it.
        work: folder for remembered outputs, sources and Sphinx's own memory.
        only: chapters to build; all written ones by default.
        jobs: chapters run at the same time.
        strict: warnings of Sphinx, such as a broken link, are errors.

    Returns:
        Seconds of wall time by part: one entry a chapter that was run, "sphinx", and "total".

    Raises:
        BookError: if Sphinx reports a problem.
        book.execute.ExecutionError: if a chapter does not run.
    """
    start = time.perf_counter()
    spent: dict[str, float] = {}
    chapters = written(ROOT, only)
    source = work / "source"
    known = set().union(*(pages.labels(chapter) for chapter in chapters))
    pictures = Pictures(source / "extra" / "figures")
    with ThreadPoolExecutor(max_workers=max(1, jobs)) as pool:
        runs = list(pool.map(lambda c: _run(c, work / "cache", spent), chapters))
    files = generated(chapters, known, HERE)
    for chapter, outputs in zip(chapters, runs, strict=True):
        notebook = pages.page(chapter, outputs, _stubs(chapter, work / "cache"), known, pictures)
        for number, cell in enumerate(notebook.cells):
            cell["id"] = f"c{number}"  # cells are made anew each time; their ids must not be
        files[f"{chapter.name}.ipynb"] = nbformat.writes(notebook)
    pictures.clean()
    files["_static/math.css"] = font_css()
    files["conf.py"] = (HERE / "conf.py").read_text(encoding="utf-8")
    for folder in ("static", "templates"):
        for path in (HERE / folder).rglob("*.*"):
            name = path.relative_to(HERE / folder).as_posix()
            files[f"_{folder}/{name}"] = path.read_text(encoding="utf-8")
    _sync(files, source)
    begin = time.perf_counter()
    _sphinx(source, work / "site", work / "doctrees", strict)
    _publish(work / "site", out, work / "published.txt")
    spent["sphinx"] = time.perf_counter() - begin
    spent["total"] = time.perf_counter() - start
    return spent


def _run(chapter: Chapter, cache: Path, spent: dict[str, float]) -> list:
    begin = time.perf_counter()
    outputs, fresh = executed(chapter.name, pages.solved(chapter), cache, ROOT)
    if fresh:
        spent[chapter.name] = time.perf_counter() - begin
    return outputs


def _stubs(chapter: Chapter, cache: Path) -> dict[str, str]:
    """`pages.stubs`, remembered until the source or nbgrader's settings change."""
    name = chapter.name
    sources = [ROOT / f"solutions/{name}/{name}.py", ROOT / "nbgrader_config.py"]
    sources += [ROOT / f"grader/{module}.py" for module in ("build", "expand", "source")]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:16]
    entry = cache / f"stubs-{name}-{digest}.json"
    if entry.is_file():
        return json.loads(entry.read_text(encoding="utf-8"))
    made = pages.stubs(chapter)
    for old in cache.glob(f"stubs-{name}-*.json"):
        old.unlink()
    _write(entry, json.dumps(made))
    return made


def _sync(files: dict[str, str], source: Path) -> None:
    """Write what differs, remove pages that are gone: Sphinx reads only what is newer."""
    for name, text in files.items():
        _write(source / name, text)
    for path in [*source.glob("*.*"), *source.glob("api/*"), *source.glob("_static/*")]:
        if path.relative_to(source).as_posix() not in files:
            path.unlink()


def _write(path: Path, text: str) -> None:
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="utf-8")
    os.replace(part, path)


def _sphinx(source: Path, site: Path, doctrees: Path, strict: bool) -> None:
    """Call Sphinx as a process of its own, so that settings and memory are its own too."""
    command = [sys.executable, "-m", "sphinx", "-b", "html", "-q"]
    command += ["-d", str(doctrees), *(["-W", "--keep-going"] if strict else [])]
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]).rstrip(
            os.pathsep
        )
    }
    done = subprocess.run(
        [*command, str(source), str(site)], env=environment, capture_output=True, text=True
    )
    if done.returncode:
        shutil.rmtree(doctrees, ignore_errors=True)  # else the next build would not warn again
        raise BookError(f"Sphinx found problems:\n{done.stderr.strip() or done.stdout.strip()}")
    made = {f"{p.relative_to(source).with_suffix('')}.html" for p in source.glob("**/*.md")}
    made |= {f"{p.stem}.html" for p in source.glob("*.ipynb")}
    made |= {"genindex.html", "search.html"}
    for path in [*site.glob("*.html"), *site.glob("api/*.html")]:
        if path.relative_to(site).as_posix() not in made:
            path.unlink()
    for path in (site / "figures").glob("*"):
        if not (source / "extra" / "figures" / path.name).exists():
            path.unlink()


def _publish(site: Path, out: Path, record: Path) -> None:
    """Bring `out` up to date with `site`; remove only what an earlier build put there."""
    names = {p.relative_to(site).as_posix() for p in site.rglob("*") if p.is_file()}
    before = record.read_text(encoding="utf-8").splitlines() if record.is_file() else []
    for name in sorted(names):
        source, target = site / name, out / name
        if not target.is_file() or not filecmp.cmp(source, target):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    for name in set(before) - names:
        (out / name).unlink(missing_ok=True)
    record.write_text("\n".join(sorted(names)), encoding="utf-8")
