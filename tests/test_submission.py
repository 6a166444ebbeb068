"""Reading a submitted file: what is refused, and what survives."""

import json
import os
import time

import miniature as m
import pytest

from grader import submission
from grader.submission import Unreadable, parse, read
from grader.transplant import definitions_in


def bytes_of(notebook):
    return json.dumps(notebook).encode()


def test_a_notebook_is_read(tmp_path):
    found = read(m.write(tmp_path, m.solved()))
    assert found.assignment == m.NAME
    assert len(found.cells) == len(m.source_notebook()["cells"])
    answer = next(cell for cell in found.cells if cell.grade_id == "answer-double")
    assert (answer.kind, answer.source, answer.id) == ("code", m.DOUBLE, "answer-double")


BAD = {
    "empty": (b"", "empty"),
    "white space": (b" \n\n", "empty"),
    "binary": (b"\x89PNG\r\n\0\0", "not text"),
    "UTF-16": ("{}".encode("utf-16"), "not text"),
    "text": (b"hello", "not valid JSON"),
    "cut off": (bytes_of(m.solved())[:-300], "not valid JSON"),
    "latin 1": ('{"a": "é"}'.encode("latin-1"), "not valid JSON"),
    "a list": (b"[1, 2]", "not a notebook"),
    "a number": (b"3", "not a notebook"),
    "no cells": (b'{"nbformat": 4}', "not a notebook"),
    "cells of another type": (b'{"nbformat": 4, "cells": {"a": 1}}', "not a notebook"),
    "nbformat 2": (b'{"nbformat": 2, "worksheets": []}', "not a notebook"),
    "deep lists": (b"[" * 5000 + b"]" * 5000, "nested too deeply"),
    "deep objects": (b'{"a":' * 5000 + b"1" + b"}" * 5000, "nested too deeply"),
    "many parts": (b"[" + b"0," * 2_500_000 + b"0]", "too many parts"),
    "many lists": (b"[" + b"[]," * 300_000 + b"0]", "too many parts"),
    "a huge number": (b'{"nbformat": ' + b"9" * 100_000 + b"}", "not valid JSON"),
    "many cells": (bytes_of({"nbformat": 4, "cells": [{}] * 3000}), "3,000 cells"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_notebook_is_refused_with_a_sentence(tmp_path, name):
    data, words = BAD[name]
    with pytest.raises(Unreadable, match=words):
        read(m.write(tmp_path, data))


def test_only_regular_files_are_opened(tmp_path):
    path = m.write(tmp_path, m.solved())
    secret = tmp_path / "secret.ipynb"
    path.rename(secret)
    path.symlink_to(secret)
    with pytest.raises(Unreadable, match="link"):
        read(path)
    path.unlink()
    path.mkdir()
    with pytest.raises(Unreadable, match="folder"):
        read(path)
    path.rmdir()
    os.mkfifo(path)
    with pytest.raises(Unreadable, match="not a regular file"):
        read(path)
    path.unlink()
    with pytest.raises(Unreadable, match="no file"):
        read(path)


def test_linked_folders_are_not_followed(tmp_path):
    real = m.write(tmp_path / "real", m.solved())
    student = tmp_path / "handed_in" / "eve"
    student.mkdir(parents=True)
    (student / m.NAME).symlink_to(real.parent)
    with pytest.raises(Unreadable, match="link"):
        read(student / m.NAME / f"{m.NAME}.ipynb")


def test_too_large(tmp_path):
    path = m.write(tmp_path, b"x" * 3000)
    with pytest.raises(Unreadable, match="at most"):
        read(path, limit=2000)


def test_nbformat_3(tmp_path):
    old = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {},
        "worksheets": [
            {
                "cells": [
                    {"cell_type": "heading", "level": 2, "source": ["Title"], "metadata": {}},
                    {
                        "cell_type": "code",
                        "input": ["def f():\n", "    pass"],
                        "language": "python",
                        "metadata": {"nbgrader": {"grade_id": "answer-f"}},
                        "outputs": [],
                    },
                ]
            }
        ],
    }
    heading, code = parse(bytes_of(old)).cells
    assert (heading.kind, heading.source) == ("markdown", "## Title")
    assert (code.kind, code.source, code.grade_id) == ("code", "def f():\n    pass", "answer-f")


def test_odd_contents_are_harmless():
    cells = parse(
        b'{"nbformat": 4, "nbformat": 4, "metadata": NaN, "cells": [3, null, {}, '
        b'{"cell_type": "code", "source": [1, "a=1", null], "metadata": [], "id": 7},'
        b'{"cell_type": "code", "source": "\\ud800x", "metadata": {"nbgrader": 3, "tags": 4}},'
        b'{"cell_type": "spam", "source": {"a": 1}, "metadata": {"nbgrader": {"grade_id": []}}}]}'
    ).cells
    assert [cell.source for cell in cells] == ["", "a=1", "?x", ""]
    assert all(cell.grade_id == "" for cell in cells)


def test_windows_files(tmp_path):
    notebook = m.solved(double=m.DOUBLE.replace("\n", "\r\n"))
    data = b"\xef\xbb\xbf" + bytes_of(notebook)
    found = read(m.write(tmp_path, data))
    assert any(cell.source == m.DOUBLE for cell in found.cells)


def test_only_pictures_are_kept_of_attachments():
    cell = {
        "cell_type": "markdown",
        "source": "![](attachment:a.png)",
        "attachments": {
            "a.png": {"image/png": "aGk=", "text/html": "<script>"},
            "b.svg": {"image/svg+xml": "<svg/>"},
            '"><script>': {"image/png": "aGk="},
            "c.png": {"image/png": '"><script>'},
        },
    }
    (kept,) = parse(bytes_of({"nbformat": 4, "cells": [cell]})).cells
    assert kept.attachments == {"a.png": {"image/png": "aGk="}}


def test_a_source_is_cut_at_its_limit():
    cell = {"cell_type": "code", "source": "#" * (submission.MAX_SOURCE + 5), "metadata": {}}
    (kept,) = parse(bytes_of({"nbformat": 4, "cells": [cell]})).cells
    assert len(kept.source) == submission.MAX_SOURCE


def test_time_grows_with_the_size_of_the_file_only():
    for data in (b'{"a": "' + b'\\"' * 500_000, b'"' * 1_000_001, b'{"a": "' + b"\\" * 1_000_001):
        start = time.process_time()
        with pytest.raises(Unreadable):
            parse(data)
        assert time.process_time() - start < 1
    many = "\n".join(f"def f{k}(): return {k}" for k in range(20_000))
    start = time.process_time()
    assert definitions_in(many).count("def ") == 20_000
    assert time.process_time() - start < 5
