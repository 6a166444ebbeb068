"""What is kept of a submission, beside the autograded notebook, too."""

import os
import re

import pytest

from grader.collect import Submission
from grader.keep import keep

NAME = "01_toy"
TIME = "2030-01-01 12:00:00.5 UTC"


@pytest.fixture
def kept(tmp_path):
    """Keep a submission with these files beside it: the time, and what stands where."""

    def run(beside, link=""):
        folder = tmp_path / "in" / "ada" / NAME
        folder.mkdir(parents=True)
        (folder / f"{NAME}.ipynb").write_text("{}")
        for name, content in beside.items():
            (folder / name).write_bytes(content)
        if link:
            os.symlink("/etc/hostname", folder / link)
        time = keep(tmp_path / "out", Submission("ada", NAME, folder / f"{NAME}.ipynb"))
        files = {
            part: {p.name: p.read_bytes() for p in (tmp_path / "out" / part).rglob("*.*")}
            for part in ("submitted", "autograded")
        }
        return time, files

    return run


def test_the_exchange_gets_its_files_back(kept):
    beside = {"timestamp.txt": TIME.encode(), "submission_secret.txt": b"abc", "qlib.py": b"1"}
    time, files = kept(beside)
    del beside["qlib.py"]
    assert time.isoformat() == "2030-01-01T12:00:00.500000"
    assert files == {"submitted": {f"{NAME}.ipynb": b"{}", **beside}, "autograded": beside}


def test_a_submission_from_elsewhere_has_nothing_beside_it(kept):
    assert kept({}) == (None, {"submitted": {f"{NAME}.ipynb": b"{}"}, "autograded": {}})


@pytest.mark.parametrize("secret", [b"", b" \n", b"\xff\xfe", b"x" * 5000])
def test_a_secret_that_is_none_does_not_stop_the_class(kept, secret):
    beside = {"submission_secret.txt": secret, "timestamp.txt": b"yesterday"}
    time, files = kept(beside)
    assert time is None
    assert files["autograded"]["timestamp.txt"] == b""
    assert re.fullmatch(rb"[0-9a-f]{64}", files["autograded"]["submission_secret.txt"])


def test_links_are_not_followed(kept):
    _, files = kept({}, link="submission_secret.txt")
    assert re.fullmatch(rb"[0-9a-f]{64}", files["autograded"]["submission_secret.txt"])
