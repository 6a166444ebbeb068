"""Run a chapter once, and remember its outputs until something they depend on changes.

What a run depends on is asked of the run itself: the code of its cells, the files of `qlib` it
imported, and the versions of the packages it loaded. Prose is no part of that, so a chapter whose
text changed is rebuilt without being run.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any

import nbformat

FORMAT = 1  # raise it when the stored outputs would look different
CELL_SECONDS = 900

# Runs after the last cell, in the chapter's own process: what did all this rest on?
_PROBE = """
def _depends():
    import json, platform, sys
    from importlib.metadata import packages_distributions, version
    files = {
        module.__file__
        for name, module in list(sys.modules.items())
        if name.split(".")[0] == "qlib" and getattr(module, "__file__", None)
    }
    named = packages_distributions()
    loaded = {name.split(".")[0] for name in sys.modules} & set(%r)
    packages = {d: version(d) for name in loaded for d in named.get(name, ())}
    return json.dumps({
        "files": sorted(files), "packages": packages, "python": platform.python_version()
    })
print(_depends())
"""
_PACKAGES = ("gymnasium", "matplotlib", "numpy", "scipy", "torch")


class ExecutionError(Exception):
    """A chapter did not run to its end; the message names the cell and the error."""


def executed(name: str, notebook: Any, cache: Path, root: Path) -> tuple[list[list[Any]], bool]:
    """The outputs of a chapter's cells, from the cache if it is still valid.

    Args:
        name: the chapter, for messages.
        notebook: an nbformat 4 notebook, with solutions.
        cache: folder for remembered outputs.
        root: the course's folder; files below it are remembered by their content.

    Returns:
        For each cell its list of outputs (empty for text cells), and whether it had to be run.

    Raises:
        ExecutionError: if a cell raises, hangs, or the process dies.
    """
    sources = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    key = _digest(json.dumps([FORMAT, *sources]).encode())
    entry = cache / f"{name}-{key[:16]}.json"
    stored = _stored(entry, root)
    if stored is None:
        stored = _run(name, notebook, root)
        cache.mkdir(parents=True, exist_ok=True)
        part = entry.with_suffix(".part")
        part.write_text(json.dumps(stored), encoding="utf-8")
        os.replace(part, entry)
        for old in cache.glob(f"{name}-*.json"):
            if old != entry:
                old.unlink()
        fresh = True
    else:
        fresh = False
    outputs = iter(stored["outputs"])
    return [
        [nbformat.from_dict(output) for output in next(outputs)] if cell.cell_type == "code" else []
        for cell in notebook.cells
    ], fresh


def _stored(entry: Path, root: Path) -> dict[str, Any] | None:
    """What an entry holds, None if there is none or something it rests on has changed."""
    from importlib.metadata import PackageNotFoundError, version
    from platform import python_version

    try:
        data = json.loads(entry.read_text(encoding="utf-8"))
        files = all(_digest((root / p).read_bytes()) == h for p, h in data["files"].items())
        packages = all(version(d) == v for d, v in data["packages"].items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError, PackageNotFoundError):
        return None  # missing, damaged, or resting on something that is gone: run again
    return data if files and packages and data["python"] == python_version() else None


def _run(name: str, notebook: Any, root: Path) -> dict[str, Any]:
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    notebook = nbformat.reads(nbformat.writes(notebook), as_version=4)
    for cell in notebook.cells:
        cell.metadata.pop("tags", None)  # `raises-exception` would hide an error
    notebook.cells.append(nbformat.v4.new_code_cell(_PROBE % (_PACKAGES,)))
    here = [str(root), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(here),
        "OMP_NUM_THREADS": "1",
        "COLUMNS": "88",
    }
    environment.pop("NBGRADER_EXECUTION", None)  # a reader's run, not a graded one
    with tempfile.TemporaryDirectory(prefix="book-") as folder:
        client = NotebookClient(
            notebook,
            timeout=CELL_SECONDS,
            kernel_name="python3",
            resources={"metadata": {"path": folder}},
        )
        manager = client.create_kernel_manager()
        if os.name == "posix":  # sockets in a folder of ours instead of open ports
            manager.transport, manager.ip = "ipc", str(Path(folder) / "k")
        try:
            client.execute(env=environment)
        except CellExecutionError as error:
            raise ExecutionError(f"{name}: a cell raised an error.\n{error}") from None
        except CellTimeoutError:
            raise ExecutionError(f"{name}: a cell took longer than {CELL_SECONDS} s.") from None
        except DeadKernelError:
            raise ExecutionError(f"{name}: the Python process died while it ran.") from None
    probe = notebook.cells.pop()
    pieces = [out["text"] for out in probe.outputs if out.get("name") == "stdout"]
    found = json.loads("".join(pieces))  # what one `print` writes may come in several messages
    files = {}
    for path in map(Path, found["files"]):
        if path.is_relative_to(root):
            files[path.relative_to(root).as_posix()] = _digest(path.read_bytes())
    return {
        "files": files,
        "packages": found["packages"],
        "python": found["python"],
        "outputs": [cell.outputs for cell in notebook.cells if cell.cell_type == "code"],
    }


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
