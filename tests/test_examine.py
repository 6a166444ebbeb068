"""From a submitted file to an outcome, at the best sandbox level of this machine."""

import json
import os
import shutil
from dataclasses import replace

import miniature as m
import nbformat
import pytest
from nbgrader.utils import determine_grade

from grader import calls
from grader import examine as examination
from grader.examine import Examiner
from grader.outcome import Outcome
from grader.sandbox import SandboxError
from grader.warm import Limits
from qlib.checks import Exercise, close

LIMITS = Limits(processes=64, disk=8 << 20)
SHORT = replace(LIMITS, cell=1.5, total=40.0, grace=0.7)


UNSTOPPABLE = "\nimport signal\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\nwhile True: pass"


LEVEL = "full" if shutil.which("bwrap") or os.environ.get("CI") else "none"


@pytest.fixture(scope="module")
def examiner():
    with Examiner(LEVEL, limits=LIMITS) as found:
        yield found


@pytest.fixture(scope="module")
def impatient():
    with Examiner(LEVEL, limits=SHORT) as found:
        yield found


@pytest.fixture
def examine(examiner, tmp_path):
    def run(notebook, seed=None, assignment=None):
        path = m.write(tmp_path, notebook)
        return examiner.examine(path, "ada", assignment or m.assignment(), seed)

    return run


@pytest.fixture
def examine_briefly(impatient, tmp_path):
    return lambda notebook: impatient.examine(m.write(tmp_path, notebook), "ada", m.assignment())


def points(outcome):
    return [exercise.points for exercise in outcome.exercises]


# name -> own code before the answer cell, answer
ODD = {
    "a warning on stderr": (
        "",
        "import warnings\ndef double(x):\n    warnings.warn('hm')\n    return 2 * np.asarray(x)",
    ),
    "prints while called": (
        "",
        "def double(x):\n    print('x' * 10**6)\n    return 2 * np.asarray(x)",
    ),
    "a helper in another cell": (
        "def helper(x):\n    return 2 * np.asarray(x)",
        "def double(x):\n    return helper(x)",
    ),
    "a late import": ("", "def double(x):\n    import xml.dom.minidom\n    return 2 * x"),
    "float32": ("", "def double(x):\n    return (2 * x).astype(np.float32).astype(float)"),
    "a list": ("", "def double(x):\n    return [2 * v for v in x]"),
    "a class": (
        "",
        "class Doubler:\n    def __call__(self, x):\n        return 2 * x\ndouble = Doubler()",
    ),
    "recursion": (
        "",
        "def double(x):\n    return 2 * x if len(x) < 2 else np.append(double(x[:-1]), 2 * x[-1])",
    ),
    "magics": ("%timeit -n1 -r1 1\n!echo hi\n%matplotlib inline", m.DOUBLE),
    "a figure": ("import matplotlib.pyplot as plt\nplt.plot([1, 2])", m.DOUBLE),
    "a plot while called": (
        "import matplotlib.pyplot as plt",
        "def double(x):\n    plt.plot([1])\n    return 2 * np.asarray(x)",
    ),
    "a cell that fails": ("1 / 0", m.DOUBLE),
    "input()": ("input('name')", m.DOUBLE),
    "a name of ours": ("check = examine = 3", m.DOUBLE + "\ndouble([1, 2])"),
    "threads": ("import threading\nthreading.Thread(target=print).start()", m.DOUBLE),
    "a pool": (
        "from concurrent.futures import ThreadPoolExecutor",
        "def double(x):\n    with ThreadPoolExecutor(2) as pool:\n"
        "        return np.array(list(pool.map(lambda v: 2 * v, x)))",
    ),
    "a memo": (
        "memo = {}",
        "def double(x):\n    return memo.setdefault(np.asarray(x).tobytes(), 2 * np.asarray(x))",
    ),
    "an error state of NumPy": ("np.seterr(all='raise')", m.DOUBLE),
    "warnings are errors": ("import warnings\nwarnings.simplefilter('error')", m.DOUBLE),
}


class TestHonest:
    def test_solved(self, examine):
        outcome = examine(m.solved())
        assert (outcome.status, outcome.message) == ("graded", "")
        assert points(outcome) == [4, 3]
        assert (outcome.score, outcome.max_score) == (7, 7)
        assert outcome.level in ("full", "none")
        assert outcome.ignored == ()
        assert set(outcome.cpu) == {"student", "checks", "overhead"}

    def test_released(self, examine):
        outcome = examine(m.released())
        assert (outcome.status, outcome.score, outcome.max_score) == ("graded", 0, 7)
        assert {e.hidden.status for e in outcome.exercises} == {"to do"}

    def test_one_mistake_costs_one_check(self, examine):
        outcome = examine(m.solved(double="def double(x):\n    x *= 2\n    return x"))
        assert points(outcome) == [3, 3]
        fresh, untouched, _ = outcome.exercises[0].hidden.results
        assert (fresh.passed, untouched.status) == (True, "not yet")

    def test_the_outcome_survives_json(self, examine):
        outcome = examine(m.solved())
        assert Outcome.from_json(outcome.to_json()) == outcome

    def test_a_seed_replays_a_verdict(self, examine):
        wrong = m.solved(double="def double(x):\n    return 2 * x + np.random.rand()")
        first = examine(wrong, seed=5)
        again = examine(wrong, seed=5)
        other = examine(wrong, seed=6)
        assert [e.hidden for e in first.exercises] == [e.hidden for e in again.exercises]
        assert (
            first.exercises[0].hidden.results[0].given != other.exercises[0].hidden.results[0].given
        )
        assert examine(wrong).seed != examine(wrong).seed

    @pytest.mark.parametrize("name", ODD)
    def test_odd_but_right(self, examine, name):
        extra, answer = ODD[name]
        notebook = m.solved(double=answer)
        if extra:
            m.with_extra(notebook, "answer-double", extra)
        outcome = examine(notebook)
        assert (outcome.status, points(outcome)) == ("graded", [4, 3])

    def test_without_metadata_and_ids(self, examine):
        notebook = m.solved()
        for cell in notebook["cells"]:
            cell["metadata"] = {}
            del cell["id"]
        assert points(examine(notebook)) == [4, 3]


class TestNotebook:
    def test_it_is_valid_and_nbgrader_reads_the_same_points(self, examine):
        outcome = examine(
            m.with_extra(
                m.solved(double="def double(x):\n    return x"), "test-double", "print('own')\n7"
            )
        )
        notebook = nbformat.from_dict(outcome.notebook)
        nbformat.validate(notebook)
        graded = [c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade")]
        assert [determine_grade(cell) for cell in graded] == [
            (e.points, e.max_points) for e in outcome.exercises
        ]
        own = next(cell for cell in notebook.cells if cell.source == "print('own')\n7")
        assert [o.output_type for o in own.outputs] == ["stream", "execute_result"]

    def test_nothing_hidden_is_in_it(self, examine):
        for notebook in (m.solved(), m.released()):
            text = examine(notebook).to_json()
            assert "CANARY" not in text
            assert "HIDDEN TESTS" not in text
            assert "grader.exams" not in text

    def test_what_is_printed_in_calls_is_not_kept(self, examine):
        spy = (
            "import sys, os\ndef double(x):\n    for stream in (sys.stdout, sys.stderr):\n"
            "        print('LEAKED', x, file=stream)\n    os.system('echo LEAKED')\n"
            "    return 2 * x"
        )
        outcome = examine(m.solved(double=spy))
        assert points(outcome) == [4, 3]
        shown = [cell.get("outputs") for cell in outcome.notebook["cells"]]
        assert "LEAKED" not in str(shown)

    def test_hidden_inputs_reach_no_later_cell(self, examine):
        spy = "def double(x):\n    open('/tmp/seen', 'a').write(repr(x))\n    return 2 * x"
        notebook = m.solved(double=spy)
        notebook["cells"].append(
            m.code("import time\ntime.sleep(0.5)\nprint(open('/tmp/seen').read())")
        )
        outcome = examine(notebook)
        assert outcome.notebook["cells"][-1]["outputs"][0]["ename"] == "FileNotFoundError"

    def test_forged_outputs_are_rebuilt(self, examine):
        forged = (
            "sh = get_ipython()\nsh.outputs.items += [{'output_type': 'execute_result', 'data': "
            "{'text/plain': '4.0', 'application/javascript': 'alert(1)', 'text/html': 3}}, 7, "
            "{'output_type': 'evil'}, {'output_type': 'stream', 'name': {}, 'parts': ['a']}]"
        )
        outcome = examine(m.with_extra(m.released(), "test-double", forged))
        assert points(outcome) == [0, 0]
        nbformat.validate(nbformat.from_dict(outcome.notebook))
        assert "javascript" not in str([c.get("outputs") for c in outcome.notebook["cells"]])


class TestTrouble:
    def test_an_endless_cell(self, examine_briefly):
        outcome = examine_briefly(m.solved(double=m.DOUBLE + "\nwhile True: pass"))
        assert (outcome.status, points(outcome)) == ("timeout", [4, 3])  # the function was defined
        assert "answer cell of `double` was stopped after 1.5 s" in outcome.message

    def test_a_cell_that_cannot_be_interrupted_is_left_out(self, examine_briefly):
        outcome = examine_briefly(m.solved(double=m.DOUBLE + UNSTOPPABLE))
        assert (outcome.status, points(outcome)) == ("timeout", [0, 3])
        assert "left out" in outcome.exercises[0].hidden.results[0].symptom

    def test_an_own_cell_that_cannot_be_interrupted_costs_nothing(self, examine_briefly):
        notebook = m.with_extra(m.solved(), "answer-double", UNSTOPPABLE)
        outcome = examine_briefly(notebook)
        assert (outcome.status, points(outcome)) == ("timeout", [4, 3])

    @pytest.mark.parametrize(
        "end",
        [
            "import os; os._exit(0)",
            "import os; os.kill(os.getpid(), 9)",
            "import ctypes; ctypes.string_at(0)",
        ],
    )
    def test_a_cell_that_ends_the_process_is_left_out(self, examine, end):
        outcome = examine(m.with_extra(m.solved(), "answer-total", end))
        assert (outcome.status, points(outcome)) == ("crashed", [4, 3])
        assert "ended the whole Python process" in outcome.message

    def test_more_killers_than_restarts(self, examine):
        killers = [f"import os; os._exit({i})" for i in range(12)]
        outcome = examine(m.with_extra(m.solved(), "answer-total", *killers))
        assert (outcome.status, points(outcome)) == ("crashed", [4, 0])

    def test_trouble_in_calls_costs_only_its_exercise(self, examine):
        outcome = examine(m.solved(double="def double(x):\n    while True: pass"))
        assert (outcome.status, points(outcome)) == ("timeout", [0, 3])
        outcome = examine(m.solved(total="def total(x):\n    import os; os._exit(0)"))
        assert (outcome.status, points(outcome)) == ("crashed", [4, 0])

    def test_trouble_in_one_check_costs_only_that_check(self, examine):
        hang = "def total(x):\n    while len(x) == 0: pass\n    return float(np.sum(x))"
        assert points(examine(m.solved(total=hang))) == [4, 2.5]

    @pytest.mark.parametrize(
        "later",
        [
            "def helper(x):\n    return 0 * x",
            "double = None",
            "np.asarray = lambda x: 3",
            "import os; os._exit(0)",
        ],
    )
    def test_later_cells_do_not_change_an_earlier_verdict(self, examine, later):
        answer = "def double(x):\n    return helper(np.asarray(x))"
        notebook = m.solved(double=answer)
        m.with_extra(notebook, "answer-double", "def helper(x):\n    return 2 * x")
        m.with_extra(notebook, "answer-total", later)
        assert points(examine(notebook))[0] == 4

    def test_what_a_call_breaks_stays_in_its_check(self, examine):
        breaks = (
            "calls = []\ndef double(x):\n    calls.append(1)\n"
            "    if len(calls) > 2: raise ValueError\n    np.random.seed(0)\n"
            "    np.float64 = None\n    globals()['total'] = None\n    return 2 * x"
        )
        outcome = examine(m.solved(double=breaks))
        assert points(outcome) == [4, 3]

    def test_a_process_that_stops_answering_ends_soon(self, examine_briefly, monkeypatch):
        monkeypatch.setattr(calls, "_START_SECONDS", 0.6)
        stuck = "import os, time\nos.register_at_fork(before=lambda: time.sleep(300))"
        outcome = examine_briefly(m.with_extra(m.solved(), "closing", stuck))
        assert outcome.status == "timeout"
        assert "stopped answering after its cells" in outcome.message
        assert outcome.seconds < 15

    def test_no_more_cpu_seconds_are_believed_than_were_measured(self, examine):
        lie = "import time\nreal = time.process_time\ntime.process_time = lambda: real() * 1e6"
        honest = examine(m.solved())
        liar = examine(m.with_extra(m.solved(), "answer-double", lie))
        assert liar.cpu["student"] > 0
        assert sum(liar.cpu.values()) < sum(honest.cpu.values()) + 5
        assert liar.cpu["overhead"] >= 0

    def test_memory(self, examine):
        outcome = examine(m.with_extra(m.solved(), "answer-double", "x = bytearray(10 << 30)"))
        assert (outcome.status, points(outcome)) == ("killed_memory", [4, 3])
        outcome = examine(m.solved(total="def total(x):\n    return bytearray(10 << 30)"))
        assert (outcome.status, points(outcome)) == ("killed_memory", [4, 0])

    def test_not_a_notebook(self, examine):
        outcome = examine(b"\x00\x01")
        assert (outcome.status, outcome.notebook, outcome.exercises) == ("unreadable", None, ())
        assert outcome.message.endswith(".")

    def test_another_notebook(self, examine):
        notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [m.code("1")]}
        assert examine(notebook).status == "wrong_assignment"

    def test_a_missing_answer_reads_missing(self, examine):
        notebook = m.solved()
        del notebook["cells"][m.index_of(notebook, "answer-double")]
        outcome = examine(notebook)
        assert (outcome.status, points(outcome)) == ("graded", [0, 3])
        assert "missing" in outcome.exercises[0].hidden.results[0].symptom
        assert "The answer cell of `double` is missing." in outcome.ignored

    def test_changed_checks_are_graded_with_the_originals(self, examine):
        notebook = m.released()
        m.cell_of(notebook, "test-double")["source"] = "4.0"
        m.cell_of(notebook, "test-double")["metadata"]["nbgrader"]["points"] = 99
        outcome = examine(notebook)
        assert (outcome.status, outcome.score, outcome.max_score) == ("tampered", 0, 7)
        assert outcome.ignored

    def test_a_syntax_error_is_explained(self, examine):
        outcome = examine(m.solved(double="def double(x)\n    return 2 * x"))
        assert points(outcome) == [0, 3]
        assert "SyntaxError" in outcome.exercises[0].hidden.results[0].symptom


class TestFaultsOfOurs:
    def test_a_check_that_fails_by_itself_is_no_zero(self, examine):
        assignment = m.assignment()
        broken = Exercise("mini/double")

        @broken.check("impossible", points=4)
        def impossible(answer, rng):
            close(answer(rng.normal(size=2)), undefined_name)  # noqa: F821

        assignment = m.Assignment(
            assignment.name, assignment.cells, assignment.metadata, assignment.visible,
            {**assignment.hidden, "double": broken},
        )  # fmt: skip
        outcome = examine(m.solved(), assignment=assignment)
        assert outcome.status == "grader_error"
        assert "undefined_name" in outcome.details
        assert "not your fault" in outcome.message
        assert points(outcome) == [3]

    def test_a_given_cell_that_fails_is_no_zero(self, examine):
        source, solved = m.source_notebook(), m.solved()
        for notebook in (source, solved):
            m.cell_of(notebook, "setup-1")["source"] = "import a_package_that_is_missing"
        assignment = m.assignment()
        broken = m.Assignment.of(
            m.NAME,
            source,
            {f"mini/{name}": exercise for name, exercise in assignment.visible.items()},
            {f"mini/{name}": exercise for name, exercise in assignment.hidden.items()},
            b"broken",
        )
        outcome = examine(solved, assignment=broken)
        assert outcome.status == "grader_error"
        assert "a_package_that_is_missing" in outcome.details

    def test_a_given_cell_that_a_student_broke_is_the_students(self, examine):
        nb = m.with_extra(m.solved(), "setup-1", "import sys; sys.modules['qlib'] = None")
        assert examine(nb).status in ("graded", "tampered")

    def test_an_unknown_assignment(self, examiner, tmp_path):
        outcome = examiner.examine(m.write(tmp_path, m.solved()), "ada", "77_nothing")
        assert outcome.status == "grader_error"

    def test_a_warm_parent_that_died_is_replaced(self, examine, examiner):
        for warm in examiner._warm.values():
            warm._process.kill()
            warm._process.wait()
        assert points(examine(m.solved())) == [4, 3]

    @pytest.mark.parametrize("when", ["cells", "checks"])
    def test_a_sandbox_that_dies_under_a_submission_is_not_the_students_fault(
        self, examine, examiner, monkeypatch, when
    ):
        killed = []

        def kill():
            for warm in [] if killed else examiner._warm.values():
                killed.append(warm)
                warm._process.kill()

        start, judge = examiner._start, examination.judge
        if when == "cells":
            monkeypatch.setattr(examiner, "_start", lambda *a: (start(*a), kill())[0])
        else:
            monkeypatch.setattr(examination, "judge", lambda *a: (kill(), judge(*a))[1])
        outcome = examine(m.solved())
        assert killed
        assert (outcome.status, points(outcome)) == ("graded", [4, 3])

    def test_a_warm_parent_that_dies_while_it_starts_is_replaced_by_an_equal(
        self, examine, examiner, monkeypatch
    ):
        start, level = examination.WarmParent, examiner.level
        tried = []

        def dying(wanted, *args, **options):
            tried.append(wanted)
            if len(tried) == 1:
                raise SandboxError("the warm parent did not start: the other side is gone")
            return start(wanted, *args, **options)

        monkeypatch.setattr(examination, "WarmParent", dying)
        for imports in list(examiner._warm):
            examiner._warm.pop(imports).close()
        assert points(examine(m.solved())) == [4, 3]
        assert tried == [level, level]

    def test_no_sandbox_no_grading(self, monkeypatch):
        monkeypatch.setattr("grader.sandbox.shutil.which", lambda name: None)
        monkeypatch.setattr("grader.student.seccomp.supported", lambda: False)
        with pytest.raises(SandboxError, match="--unsandboxed"), Examiner():
            pass
        with Examiner(unsandboxed=True) as examiner:
            assert examiner.level == "none"


ECHO = "\ndef double(x):\n    return x"
FORGERIES = {
    "always equal": (
        "class E(float):\n    __eq__ = __ge__ = __le__ = lambda s, o: True\n"
        "def double(x):\n    return E()"
    ),
    "an empty array": "def double(x):\n    return np.zeros((0, 1))",
    "not a number": "def double(x):\n    return x * np.nan",
    "patched NumPy": "np.allclose = np.array_equal = lambda *a, **k: True" + ECHO,
    "patched checks": "import qlib.checks.compare as c\nc.close = lambda *a, **k: None" + ECHO,
    "an object of its own": (
        "class A:\n    def __array__(self): return 1\ndef double(x):\n    return A()"
    ),
    "results of its own": (
        "from grader.student import channel\nfrom qlib import wire\nreal = channel.send\n"
        "def send(sock, kind, payload=b'', **k):\n"
        "    if kind == channel.VALUE: payload = wire.dumps(np.ones(5))\n"
        "    return real(sock, kind, payload, **k)\nchannel.send = send" + ECHO
    ),
    "the reply of the cell": "import os\nos.write(3, b'x' * 9)" + ECHO,
    "a call of the exam": (
        "def double(x):\n    from grader.exams import examine\n    return examine('mini/double')"
    ),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_no_unearned_point(examine, name):
    outcome = examine(m.solved(double=FORGERIES[name]))
    by_title = {result.title: result.passed for result in outcome.exercises[0].hidden.results}
    assert not by_title["fresh numbers"]
    assert not by_title["the input is left alone"]


def test_the_json_contract(examine):
    result = json.loads(json.dumps(examine(m.solved()).result()))
    assert [exercise["id"] for exercise in result["exercises"]] == ["mini/double", "mini/total"]
