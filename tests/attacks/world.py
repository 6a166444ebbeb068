"""A class of attackers and honest students, graded for real, with everything watched from outside.

The course is copied to a temporary folder and secrets are planted: in the hidden checks, the model
solutions, the gradebook, the environment, a classmate's notebook, behind a TCP port, an abstract
socket and in shared memory. Then `python -m grader grade` runs. What each attack achieved is read
off the results, the files, the processes and the sockets.
"""

import contextlib
import ctypes
import hashlib
import json
import os
import re
import secrets
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from .corpus import ASSIGNMENT, CANARY, Attack, answer_of, code_cell, hand_in

ROOT = Path(__file__).resolve().parents[2]
FULL = 50.0
SECONDS = 45.0  # no submission may take longer under the limits below: cells, checks, the rest
BATCH = 900.0  # nor the whole batch
EXAMINER = '''\
"""The examiner of the tests: the real one, with short time limits."""

import contextlib
from dataclasses import replace

from grader import calls, exams, worker
from grader.examine import Examiner
from grader.warm import Limits
from qlib.checks import exercises_in, nb01_mdp

for name, seconds in (("_AFTER_HANG", 0.3), ("_START_SECONDS", 8.0)):
    assert hasattr(calls, name)
    setattr(calls, name, seconds)
for exercise in [*exams.load("01_mdp").values(), *exercises_in(nb01_mdp).values()]:
    for check in exercise.checks:
        object.__setattr__(check, "seconds", min(check.seconds, 4.0))


@contextlib.contextmanager
def examining(root, unsandboxed=False, **_):
    limits = replace(Limits(), cell=2.0, total=15.0, grace=1.0)
    with Examiner(limits=limits, root=root, unsandboxed=unsandboxed) as examiner:
        yield lambda job: worker.do(job, examiner.examine)
'''
RESIDUE = """
# A classmate's cell: @SECRET@
import builtins
import os

import numpy as np

for place in ("/tmp", "/dev/shm", "/var/tmp", os.path.expanduser("~"), "."):
    try:
        with open(f"{place}/left-behind.txt", "w") as file:
            file.write("@RESIDUE@")
    except OSError:
        pass
os.environ["LEFT_BEHIND"] = np.left_behind = builtins.left_behind = "@RESIDUE@"
"""


@dataclass
class World:
    """What happened.

    Attributes:
        results: student -> entry of the results' JSON.
        succeeded: attack id -> what it achieved, in sentences; empty for a failed attack.
        trouble: what happened to others or to the machine, whoever did it.
        seconds: wall time of the run.
        exit_code: of the command.
        output: what the command printed.
    """

    results: dict[str, dict] = field(default_factory=dict)
    succeeded: dict[str, list[str]] = field(default_factory=dict)
    trouble: list[str] = field(default_factory=list)
    seconds: float = 0.0
    exit_code: int = 0
    output: str = ""


def released() -> dict:
    """The assignment as students get it."""
    return json.loads((ROOT / f"notebooks/{ASSIGNMENT}/{ASSIGNMENT}.ipynb").read_text())


def solved() -> dict:
    """The release with the model answers in it, as a good student would hand it in."""
    source = json.loads((ROOT / f"solutions/{ASSIGNMENT}/{ASSIGNMENT}.ipynb").read_text())
    answers = {answer_of(cell): "".join(cell["source"]) for cell in source["cells"]}
    nb = released()
    for cell in nb["cells"]:
        if answer_of(cell):
            text = answers[answer_of(cell)]
            cell["source"] = re.sub(r"^ *### (BEGIN|END) SOLUTION\n?", "", text, flags=re.M)
    return nb


class Secrets:
    """The canaries of one run and the places in which they wait: a context manager."""

    def __init__(self, canary: dict[str, str] | None = None):
        self.run = f"qcourse-{secrets.token_hex(6)}"
        kinds = "exam solution classmate gradebook environment network socket memory residue"
        fresh = {kind: f"QCANARY-{kind}-{secrets.token_hex(8)}" for kind in kinds.split()}
        self.canary = canary or fresh
        self.heard: list[bytes] = []
        self._servers: list[socket.socket] = []
        self.shm = Path(f"/dev/shm/{self.run}")
        self.key = secrets.randbits(30)

    def __enter__(self) -> "Secrets":
        tcp = socket.create_server(("127.0.0.1", 0))
        self.port = tcp.getsockname()[1]
        unix = socket.socket(socket.AF_UNIX)
        unix.bind(f"\0{self.run}")
        unix.listen()
        for server, kind in ((tcp, "network"), (unix, "socket")):
            self._servers.append(server)
            threading.Thread(target=self._answer, args=(server, kind), daemon=True).start()
        if self.shm.parent.is_dir():
            self.shm.write_text(self.canary["memory"])
        self._segment = _share(self.key, self.canary["memory"].encode())
        return self

    def __exit__(self, *exc: object) -> None:
        for server in self._servers:
            server.close()
        self.shm.unlink(missing_ok=True)
        if self._segment >= 0:
            ctypes.CDLL(None).shmctl(self._segment, 0, None)

    def _answer(self, server: socket.socket, kind: str) -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(1)
                try:
                    connection.sendall(self.canary[kind].encode())
                    self.heard.append(connection.recv(1000))
                except OSError:
                    self.heard.append(b"")

    def found_in(self, data: bytes) -> list[str]:
        """The kinds of secrets in some bytes."""
        return [kind for kind, text in self.canary.items() if text.encode() in data]


def run(attacks: list[Attack], folder: Path, *, jobs: int = 2) -> World:
    """Grade the attackers beside honest classmates and see what they achieved.

    Args:
        attacks: the corpus.
        folder: an empty folder for everything.
        jobs: worker processes.
    """
    world = World()
    with Secrets() as secret:
        marks, honest = _prepare(attacks, folder, secret)
        before = _fingerprint(folder)
        _grade(world, folder, secret, jobs, ["--student", honest[0]])
        _plant_in_gradebook(folder / "out/gradebook.db", secret)
        _adopt_orphans(True)
        start = time.monotonic()
        _grade(world, folder, secret, jobs, [])
        world.seconds = time.monotonic() - start
        world.trouble += _left_running()
        _adopt_orphans(False)
        changed = [name for name, digest in before.items() if digest != _digest(folder / name)]
        added = sorted(set(_fingerprint(folder)) - set(before))
        world.trouble += [f"changed: {name}" for name in changed]
        world.trouble += [f"new: {name}" for name in added]
        world.trouble += _honest_trouble(world, honest)
        world.trouble += [f"heard on a socket: {text!r}" for text in secret.heard]
        world.trouble += _gradebook_trouble(folder / "out/gradebook.db", world.results)
        world.trouble += _table_trouble(folder / "out", world.output)
        for attack in attacks:
            world.succeeded[attack.id] = _achieved(
                attack, world.results.get(attack.name(marks)), folder, secret, marks["MARK"]
            )
    return world


def _prepare(attacks: list[Attack], folder: Path, secret: Secrets) -> tuple:
    course, group = folder / "course", folder / "class"
    for name in ("qlib", "grader", "solutions", "notebooks"):
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, course / name, ignore=ignore)
    shutil.copy(ROOT / "nbgrader_config.py", course)
    (course / "attack_examiner.py").write_text(EXAMINER)
    release, full = released(), solved()
    _plant_in_course(course, secret)
    for name in ("home", "site", "drop", "tmp"):
        (folder / name).mkdir()
    honest = ["aa-honest", "gg-honest", "zz-honest"]
    marks = {
        "COURSE": str(course),
        "SOURCE": "solutions",
        "CLASS": str(group),
        "OUT": str(folder / "out"),
        "HOME": str(folder / "home"),
        "SITE": str(folder / "site"),
        "DROP": str(folder / "drop"),
        "CLASSMATE": str(group / "gg-honest" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"),
        "NEIGHBOUR": "gg-honest",
        "NEIGHBOURFOLDER": str(group / "zz-honest"),
        "PORT": str(secret.port),
        "SOCKET": secret.run,
        "SHM": str(secret.key),
        "RUN": secret.run,
        "CANARY": CANARY,
        "MARK": f"MARK{secrets.token_hex(4)}",
        "HIDDEN": "HIDDENINPUT",
        "MEMORY": str(3 << 30),
    }
    for student in honest:
        nb = json.loads(json.dumps(full))
        text = RESIDUE.replace("@SECRET@", secret.canary["classmate"])
        text = text.replace("@RESIDUE@", secret.canary["residue"])
        nb["cells"].insert(1, code_cell(text, "residue"))
        path = group / student / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(nb))
    for attack in attacks:
        hand_in(attack, group, marks, release, full)
    return marks, honest


def _plant_in_course(course: Path, secret: Secrets) -> None:
    exam = course / f"grader/exams/nb{ASSIGNMENT}.py"
    exam.write_text(f'{exam.read_text()}\nCANARY = "{secret.canary["exam"]}"\n')
    source = course / f"solutions/{ASSIGNMENT}/{ASSIGNMENT}.ipynb"
    nb = json.loads(source.read_text())
    comment = f"# {secret.canary['solution']}"
    for cell in nb["cells"]:
        if answer_of(cell):
            text = "".join(cell["source"])
            cell["source"] = re.sub(
                r"^( *)(### BEGIN SOLUTION)$", rf"\1\2\n\1{comment}", text, flags=re.M
            )
    source.write_text(json.dumps(nb))
    text = course / f"solutions/{ASSIGNMENT}/{ASSIGNMENT}.py"
    text.write_text(f"{text.read_text()}\n{comment}\n")


def _plant_in_gradebook(path: Path, secret: Secrets) -> None:
    with sqlite3.connect(path) as db:
        db.execute("UPDATE student SET first_name = ?", (secret.canary["gradebook"],))
    db.close()


def _grade(world: World, folder: Path, secret: Secrets, jobs: int, more: list[str]) -> None:
    results = folder / "results.json"
    environment = {
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "HOME": str(folder / "home"),
        "TMPDIR": str(folder / "tmp"),
        "PYTHONPATH": str(folder / "site"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "OMP_NUM_THREADS": "1",
        "QCOURSE_SECRET": secret.canary["environment"],
    }
    command = [sys.executable, "-m", "grader", "grade", str(folder / "class")]
    command += ["--out", str(folder / "out"), "--jobs", str(jobs), "--json", str(results)]
    command += ["--assignment", ASSIGNMENT, "--examiner", "attack_examiner:examining", *more]
    with open(folder / "output.txt", "w+b") as output:
        try:
            world.exit_code = subprocess.run(
                command,
                cwd=folder / "course",
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=BATCH,
            ).returncode
        except subprocess.TimeoutExpired:
            world.trouble.append(f"the batch did not end within {BATCH:g} s")
        output.seek(0)
        world.output = output.read().decode("utf-8", "replace")
    if results.exists():
        entries = json.loads(results.read_text(), parse_constant=_no_constant)["results"]
        world.results = {entry["student"]: entry for entry in entries}


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


# --- what was achieved ---------------------------------------------------------------------------


def _achieved(
    attack: Attack, result: dict | None, folder: Path, secret: Secrets, mark: str
) -> list[str]:
    """What an attack achieved, in sentences."""
    if result is None:
        return ["it is not among the results"]
    found = []
    for exercise in result["exercises"]:
        name = exercise["id"].split("/")[1]
        right = attack.base == "reference" and name not in attack.loses
        if right and exercise["points"] != exercise["max_points"]:
            found.append(f"{name} lost points: {exercise['points']} of {exercise['max_points']}")
        if not right and exercise["points"] > 0 and attack.success == "points":
            found.append(f"{exercise['points']} unearned points for {name}")
    if attack.base == "release" and result["score"] > 0:
        found.append(f"a score of {result['score']}")
    if result["status"] == "grader_error":
        found.append("the grader failed")
    if result["seconds"] > SECONDS:
        found.append(f"it took {result['seconds']} s")
    pages, data = _files_of(folder / "out", result["student"])
    for path in [*pages, *data, *(folder / "drop").glob("*")]:
        content = path.read_bytes()
        if path.parent.name == "drop" and attack.id.encode() not in content:
            continue
        found += [f"{kind} leaked into {path.name}" for kind in secret.found_in(content)]
        if b"HIDDENINPUT " in content:
            found += _hidden_inputs(path, content)
        if path.suffix == ".json":
            json.loads(content, parse_constant=_no_constant)
    for path in pages:
        found += active(path.read_text(encoding="utf-8"), mark)
    for path in data:
        if path.suffix == ".ipynb":
            found += _active_in_notebook(json.loads(path.read_text()), mark)
    return found


def _files_of(out: Path, student: str) -> tuple[list[Path], list[Path]]:
    """Feedback pages of a student, and the other files that hold what the student's code made."""
    from grader.collect import student_id

    name = student_id(student)
    pages = [path for path in (out / "feedback" / name).rglob("*") if path.is_file()]
    data = [out / "outcomes" / ASSIGNMENT / f"{name}.json"]
    data += [path for path in (out / "autograded" / name).rglob("*") if path.is_file()]
    return pages, [path for path in data if path.is_file()]


def _hidden_inputs(path: Path, content: bytes) -> list[str]:
    """Whether inputs of hidden calls were told (the source that would tell them is no leak)."""
    told = re.findall(rb"HIDDENINPUT \([^\"]{0,40}", content)
    return [f"inputs of hidden calls in {path.name}: {told[0]!r}"] if told else []


class _Active(HTMLParser):
    """Collects what runs, loads or restyles because of a mark in a page."""

    _LOADING = ("src", "href", "action", "formaction", "data", "srcdoc", "xlink:href", "poster")

    def __init__(self, mark: str):
        super().__init__(convert_charrefs=True)
        self.mark, self.found, self._inside = mark, [], ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag if tag in ("script", "style") else ""
        for name, value in attrs:
            if self.mark not in (value or ""):
                continue
            fine = ("data:image/", "#", "http:", "https:") if tag == "a" else ("data:image/", "#")
            loads = name in self._LOADING and not (value or "").startswith(fine)
            refresh = tag == "meta" and name == "content"
            if name.startswith("on") or name == "style" or loads or refresh:
                self.found.append(f"<{tag} {name}=…>")

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside and self.mark in data:
            self.found.append(f"<{self._inside}>")


def active(page: str, mark: str) -> list[str]:
    """What in a page runs or loads something that carries the mark."""
    parser = _Active(mark)
    parser.feed(page)
    parser.close()
    return [f"active in a page: {what}" for what in dict.fromkeys(parser.found)]


_PLAIN = ("text/plain", "image/png", "image/jpeg", "image/gif")


def _active_in_notebook(nb: dict, mark: str) -> list[str]:
    """The same for a notebook that an instructor opens."""
    from nbconvert.filters.markdown import markdown2html

    found = []
    for cell in nb["cells"]:
        for output in cell.get("outputs", ()):
            for mime, data in output.get("data", {}).items():
                text = "".join(data) if isinstance(data, list) else str(data)
                if mime == "text/html":  # reports of checks, and SVG as a picture
                    found += active(text, mark)
                elif mark in text and mime not in _PLAIN:
                    found.append(f"{mime} in the executed notebook")
        if cell["cell_type"] == "markdown" and mark in "".join(cell["source"]):
            found += active(markdown2html("".join(cell["source"])), mark)
            if re.search(r"\\(href|require|style|mmlToken|unicode)\b", "".join(cell["source"])):
                found.append("a LaTeX command that links or styles, in the executed notebook")
    return found


# --- what happened to others ---------------------------------------------------------------------


def _honest_trouble(world: World, honest: list[str]) -> list[str]:
    trouble = []
    for student in honest:
        result = world.results.get(student)
        if result is None:
            trouble.append(f"{student} has no result")
        elif (result["status"], result["score"]) != ("graded", FULL):
            trouble.append(f"{student}: {result['status']}, {result['score']} points")
    return trouble


def _gradebook_trouble(path: Path, results: dict[str, dict]) -> list[str]:
    """Whether nbgrader's gradebook says the same as the results, and holds nothing else."""
    from nbgrader.api import Gradebook

    from grader.collect import student_id

    trouble = []
    with sqlite3.connect(path) as db:
        rows = db.execute("SELECT name FROM sqlite_master WHERE type IN ('trigger', 'view')")
        trouble += [f"gradebook: {name}" for (name,) in rows]
    db.close()
    with Gradebook(f"sqlite:///{path}") as gradebook:
        scores = {row["student"]: row["score"] for row in gradebook.submission_dicts(ASSIGNMENT)}
    for student, result in results.items():
        recorded = scores.get(student_id(student), 0.0)
        if result["status"] != "grader_error" and abs(recorded - result["score"]) > 1e-6:
            trouble.append(f"gradebook: {student} has {recorded}, not {result['score']}")
    return trouble


def _table_trouble(out: Path, output: str) -> list[str]:
    """Formulas in tables for a spreadsheet, control codes on the terminal."""
    import csv

    trouble = []
    for path in out.glob("*.csv"):
        with open(path, newline="", encoding="utf-8") as file:
            for row in csv.reader(file):
                for cell in row:
                    if cell[:1] in ("=", "+", "-", "@", "\t", "\r") and not _is_number(cell):
                        trouble.append(f"{path.name}: a formula, {cell[:30]!r}")
    if re.search(r"\x1b(\]|\[2J)|\u202e", output):
        trouble.append("control codes of a submission on the terminal")
    return trouble


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _fingerprint(folder: Path) -> dict[str, str]:
    """Path -> digest, of everything that the grader does not write."""
    found = {}
    for top in ("course", "class", "home", "site"):
        for path in (folder / top).rglob("*"):
            found[str(path.relative_to(folder))] = _digest(path)
    return found


def _digest(path: Path) -> str:
    if path.is_symlink():
        return os.readlink(path)
    if path.is_dir():
        return "folder"
    if not path.is_file():
        return "no file"
    state = path.stat()
    if state.st_size > 2**28:
        return f"{state.st_size} bytes"
    return f"{state.st_mode:o} {hashlib.sha256(path.read_bytes()).hexdigest()}"


def _adopt_orphans(on: bool) -> None:
    """Descendants whose parents end become children of this process, so none gets lost."""
    ctypes.CDLL(None).prctl(36, int(on), 0, 0, 0)


def _left_running() -> list[str]:
    """Processes that this one started, directly or not, and that do not end within seconds."""
    deadline = time.monotonic() + 5
    while True:
        left = _descendants()
        if not left or time.monotonic() > deadline:
            break
        time.sleep(0.1)
    for pid in left:
        os.kill(pid, 9)
    return [f"still running: {line}" for line in left.values()]


def _descendants() -> dict[int, str]:
    parents, lines = {}, {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            stat = Path(f"/proc/{name}/stat").read_text().rpartition(")")[2].split()
            line = Path(f"/proc/{name}/cmdline").read_bytes().replace(b"\0", b" ")
        except OSError:
            continue
        if stat[0] != "Z":
            parents[int(name)], lines[int(name)] = int(stat[1]), line.decode("utf-8", "replace")
        elif int(stat[1]) == os.getpid():
            with contextlib.suppress(OSError):
                os.waitpid(int(name), os.WNOHANG)
    family = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= more
    return {pid: lines[pid][:120] for pid in family - {os.getpid()} if _ours(lines[pid])}


def _ours(line: str) -> bool:
    """Not a helper of the test runner."""
    return "resource_tracker" not in line and "execnet" not in line


def _share(key: int, data: bytes) -> int:
    """A System V segment that holds `data`; its id, or -1."""
    libc = ctypes.CDLL(None)
    libc.shmat.restype = ctypes.c_void_p
    segment = libc.shmget(key, 4096, 0o1666)
    if segment >= 0:
        address = libc.shmat(segment, None, 0)
        ctypes.memmove(address, data, len(data))
        libc.shmdt(ctypes.c_void_p(address))
    return segment
