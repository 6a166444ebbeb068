"""Write the student bundle: `python -m grader release --student DIR` (or FILE.zip).

A bundle lists its files with their hashes in `.q-learning-course.json`. A later release into the
same folder replaces the files that are still as released; whatever a student changed or added stays
as it is, and is named.
"""

import argparse
import hashlib
import io
import json
import os
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.build import ROOT, load_exams
from grader.bundle import bundle
from grader.source import BuildError

MANIFEST = ".q-learning-course.json"
FOLDER = "q-learning-course"  # the one folder inside a .zip


class TargetError(Exception):
    """The target of a release holds something else; the message says what to do."""


@dataclass
class Written:
    """What a release did: paths below the target.

    Attributes:
        new: written, because they were missing or as released earlier.
        kept: left alone, because somebody changed them.
        removed: deleted, because this bundle has no such file and nobody had changed it.
    """

    new: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


def write_folder(files: Mapping[str, bytes], target: Path) -> Written:
    """Write a bundle to a folder, over an earlier bundle if there is one.

    Args:
        files: what `bundle` returned.
        target: a new or empty folder, or an earlier bundle.

    Raises:
        TargetError: if it is something else. Nothing was written then.
    """
    if target.exists() and not target.is_dir():
        raise TargetError(f"{target} is a file. Name a folder, or a file that ends in .zip.")
    earlier = _manifest(target / MANIFEST)
    if earlier is None and target.is_dir() and any(target.iterdir()):
        raise TargetError(f"{target} is not empty and holds no earlier bundle. Name a new folder.")
    earlier = earlier or {}
    done = Written()
    listed: dict[str, str] = {}
    for name, content in files.items():
        path = target / name
        if path.exists() or path.is_symlink():
            now = _hash(path.read_bytes()) if path.is_file() and not path.is_symlink() else ""
            if now not in (_hash(content), earlier.get(name)):
                done.kept.append(name)
                listed |= {name: earlier[name]} if name in earlier else {}
                continue
        listed[name] = _hash(content)
        if _write(path, content):
            done.new.append(name)
    for name in sorted(set(earlier) - set(files)):
        path = target / name
        if path.is_file() and _hash(path.read_bytes()) == earlier[name]:
            path.unlink()
            done.removed.append(name)
    _write(target / MANIFEST, _list(listed))
    return done


def write_zip(files: Mapping[str, bytes], target: Path) -> None:
    """Write a bundle to a .zip file; equal bundles give equal bytes.

    Args:
        files: what `bundle` returned.
        target: a new file, or the .zip of an earlier bundle.

    Raises:
        TargetError: if it is something else. Nothing was written then.
    """
    if target.exists():
        try:
            with zipfile.ZipFile(target) as old:
                known = f"{FOLDER}/{MANIFEST}" in old.namelist()
        except (OSError, zipfile.BadZipFile):
            known = False
        if not known:
            raise TargetError(f"{target} exists and is no earlier bundle. Name another file.")
    listed = _list({name: _hash(content) for name, content in files.items()})
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in sorted({**files, MANIFEST: listed}.items()):
            entry = zipfile.ZipInfo(f"{FOLDER}/{name}", date_time=(1980, 1, 1, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            entry.create_system = 3  # the same on every machine
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED, 9)
    _write(target, buffer.getvalue())


def _manifest(path: Path) -> dict[str, str] | None:
    """The files of an earlier bundle and their hashes; None if there is no bundle."""
    try:
        files = json.loads(path.read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return {
        name: digest
        for name, digest in files.items()
        if not Path(name).is_absolute() and ".." not in Path(name).parts
    }


def _list(files: Mapping[str, str]) -> bytes:
    return (json.dumps({"files": dict(sorted(files.items()))}, indent=1) + "\n").encode()


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _write(path: Path, content: bytes) -> bool:
    """Write a file in one step; False if it already has this content."""
    if path.is_file() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    os.replace(part, path)
    return True


def add_parser(subparsers: Any) -> None:
    """Add the command `release` to the grader's command line."""
    parser = subparsers.add_parser(
        "release", help="write the bundle that students receive", description=__doc__
    )
    parser.add_argument(
        "--student",
        type=Path,
        required=True,
        metavar="DIR",
        help="a new folder, an earlier bundle, or a file that ends in .zip",
    )
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    parser.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    target, root = args.student, args.root.resolve()
    if target.resolve().is_relative_to(root / "solutions"):
        print(f"{target} lies among the solutions. Name another folder.", file=sys.stderr)
        return 2
    try:
        files = bundle(root, load_exams)
    except BuildError as error:
        print(f"Nothing was written. {len(error.problems)} problem(s):", file=sys.stderr)
        for problem in error.problems:
            print(f"- {problem}", file=sys.stderr)
        return 1
    try:
        if target.suffix == ".zip" and not target.is_dir():
            write_zip(files, target)
            print(f"{len(files)} files in {target}.")
            return 0
        done = write_folder(files, target)
    except TargetError as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        print(f"{error.filename or target} cannot be written: {error.strerror}.", file=sys.stderr)
        return 2
    print(f"{len(done.new)} files written to {target}, {len(done.removed)} removed.")
    for name in done.kept:
        print(
            f"kept {name}: it was changed after the last release, so the new one was not written."
        )
    return 0
