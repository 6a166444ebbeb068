"""The check framework: strict comparisons, reports, partial credit, the lint on exams."""

import ast
import importlib
import subprocess
import sys
import time
import tracemalloc
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import qlib.checks
from qlib.checks import (
    EXERCISES,
    Exercise,
    Failed,
    LocalCaller,
    ToDo,
    array,
    close,
    exercises_in,
    matches,
    number,
    run_checks,
    show,
    within_sigmas,
)
from qlib.checks.exercise import AT_ONCE, Answer
from qlib.checks.failure import AnswerError
from qlib.closed_book import finished_version_of
from qlib.data import Episode

ROOT = Path(__file__).parent.parent
WANT = np.array([2.75, 3.5, 3.0])


def exercise() -> Exercise:
    returns = Exercise("01_mdp/discounted_returns")

    @returns.check("hand values", points=2, hint="Walk backwards.")
    def hand_values(answer, rng):
        close(answer([1.0, 2.0, 3.0], 0.5), WANT, mistakes={"Gamma is missing.": [6, 5, 3]})

    @returns.check("input unchanged", points=1.5)
    def unchanged(answer, rng):
        for result in answer.repeat(2, np.array([1.0, 2.0, 3.0]), 0.5):
            close(result, WANT)

    return returns


def grade(function, **kwargs):
    caller = LocalCaller({"discounted_returns": function}, quiet=True)
    return run_checks(exercise(), caller, seed=1, **kwargs)


def right(r, gamma):
    out, g = np.zeros(len(r)), 0.0
    for t in reversed(range(len(r))):
        out[t] = g = r[t] + gamma * g
    return out


def mutating(r, gamma):
    for t in reversed(range(len(r) - 1)):
        r[t] += gamma * r[t + 1]
    return np.array(r)


# --- comparisons -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "None"),
        (np.zeros((0, 1)), "shape"),  # np.allclose(zeros((0, 1)), x) is True for every 1-d x
        (np.zeros((3, 1)), "shape"),
        (np.full(3, np.nan), "NaN"),
        (np.array([2.75, 3.5, np.inf]), "NaN or infinity"),
        (WANT + 1e-5, "differs at [0]"),
        (WANT > 3, "True/False"),
        (["a", "b", "c"], "not an array of numbers"),
        ([[1.0], [1.0, 2.0], 3.0], "not an array of numbers"),
        ({"a": 1}, "type dict"),
        ("2.75", "type str"),
        (WANT + 0j, "not an array of numbers"),
        (np.ma.masked_all(3), "differs"),
    ],
)
def test_close_refuses(value, words):
    with pytest.raises(Failed) as failed:
        close(value, WANT)
    assert words in failed.value.symptom


@pytest.mark.parametrize(
    "value", [WANT, list(WANT), tuple(WANT), WANT + 1e-8, list(map(np.float64, WANT))]
)
def test_close_accepts(value):
    close(value, WANT)


@given(hnp.arrays(np.float64, hnp.array_shapes(max_dims=3, max_side=4), elements=st.floats(-9, 9)))
@settings(deadline=None)
def test_close_is_reflexive_and_sees_any_single_change(want):
    close(want, want)
    for index in np.ndindex(want.shape):
        other = want.copy()
        other[index] += 0.01
        with pytest.raises(Failed):
            close(other, want)


def test_close_names_the_mistake_that_gives_this_value():
    with pytest.raises(Failed) as failed:
        close([6, 5, 3], WANT, mistakes={"other": [0, 0, 0], "Gamma is missing.": [6, 5, 3]})
    assert failed.value.cause == "Gamma is missing."
    with pytest.raises(Failed) as failed:
        close([6, 5, 4], WANT, mistakes={"Gamma is missing.": [6, 5, 3]})
    assert failed.value.cause == ""


def test_numbers():
    assert number(np.float32(2)) == 2.0
    assert number(np.array(3), kind="int") == 3
    assert number(np.True_, kind="bool") is True
    for value, kind in [([1.0], "float"), (1, "bool"), (1.5, "int"), (True, "float"), ("1", "int")]:
        with pytest.raises(Failed):
            number(value, kind=kind)


def test_shape_causes():
    for given_shape, want, words in [
        ((4,), (3,), "off by one"),
        ((3, 1), (3,), "axis of length 1"),
        ((2, 3), (3, 2), "another order"),
        ((5,), (), "combined into one"),
        ((2, 3), (), "combined into one"),
    ]:
        with pytest.raises(Failed) as failed:
            array(np.zeros(given_shape), want)
        assert words in failed.value.cause
        assert failed.value.stops


def test_matches_never_raises():
    assert matches(WANT, WANT)
    assert not matches(None, WANT)
    assert not matches("x", WANT)


def test_long_text_in_a_list_costs_nothing():
    tracemalloc.start()
    for value in ([0.0] * 50_000 + ["a" * 50_000], [[b"a" * 50_000]] * 50_000):
        assert not matches(value, np.zeros(50_001))
    assert tracemalloc.get_traced_memory()[1] < 50e6
    tracemalloc.stop()


def test_show_costs_the_same_for_huge_values():
    episode = Episode(np.zeros((2,) * 16), [0] * 100_000, ["x" * 10**6], True, False)
    start = time.process_time()
    for value in ([np.random.default_rng(0).random(1000)] * 8000, episode, {"a": episode}):
        assert len(show(value)) <= 160
    assert show([1.23456789, np.float64(2), (None, True)]) == "[1.23457, 2, (None, True)]"
    assert time.process_time() - start < 0.5


def test_within_sigmas():
    within_sigmas(1.0, 1.4, 0.1)
    with pytest.raises(Failed, match=r"6\.0 standard errors"):
        within_sigmas(1.0, 1.6, 0.1)
    with pytest.raises(Failed):
        within_sigmas(float("nan"), 1.0, 0.1)


class RaisesWhenRead(list):
    def __iter__(self):
        raise SystemExit


# --- running and reporting -----------------------------------------------------------------------


def counting(found, fails_at=-1):
    """An answer that counts its calls in `found`."""

    def double(x):
        found.append(x)
        if len(found) == fails_at:
            raise ValueError("enough")
        return 2 * x

    caller = LocalCaller({"double": double})
    with caller.session("double", 5) as call:
        return Answer("double", call)


def test_many_calls_come_back_in_order():
    found = []
    values = [2.0 * k for k in range(3 * AT_ONCE)]
    assert list(counting(found).many((v,) for v in values)) == [2 * v for v in values]
    assert found == values


def test_of_many_calls_the_one_that_fails_raises_when_its_turn_comes():
    found = []
    results = counting(found, fails_at=3).many([(k,) for k in range(6)])
    assert [next(results), next(results)] == [0, 2]
    with pytest.raises(AnswerError, match="enough"):
        next(results)
    assert found == [0, 1, 2]


def test_calls_that_are_known_ahead():
    found, cases = [], [(1.5,), (2.5,)]
    answer = counting(found).ahead(cases)
    assert [answer(*case) for case in cases] == [3.0, 5.0]
    with pytest.raises(ValueError, match="another way"):
        answer(*cases[0])


def test_other_calls_than_those_known_ahead_are_a_fault_of_the_check():
    array = np.zeros(2)
    with pytest.raises(ValueError, match="other arguments"):
        counting([]).ahead([(array,)])(array.copy())
    with pytest.raises(ValueError, match="another way"):
        counting([]).ahead([(array,)])(array, array)


def test_a_right_answer_passes():
    report = grade(right)
    assert (report.status, report.points, report.max_points) == ("passed", 3.5, 3.5)
    assert "✓ discounted_returns: Passed, 3.5 of 3.5 points" in report.text()


def test_partial_credit_is_per_property():
    report = grade(mutating)
    assert [result.passed for result in report.results] == [True, False]
    assert report.points == 2


def test_to_do_is_not_wrong():
    def stub(r, gamma):
        raise ToDo

    for function in (stub, lambda r, gamma: exec("raise NotImplementedError")):
        report = grade(function)
        assert report.status == "to do"
        assert report.points == 0
        assert "To do" in report.text()
        assert "Write `discounted_returns` above" in report.text()


def test_a_crash_names_the_line_and_costs_each_check_once_in_words():
    def crash(r, gamma):
        return r[7]

    report = grade(crash)
    assert report.status == "error"
    assert "IndexError" in report.results[0].symptom
    assert report.results[0].where[-1].endswith("return r[7]")
    assert "Traceback" not in report.text()


def test_visible_checks_say_nothing_after_a_crash():
    report = grade(lambda r, gamma: 1 / 0, stop_early=True)
    assert [result.status for result in report.results] == ["error", "not run"]


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (None, "not defined"),
        (3, "not a function"),
        (lambda r, gamma: (x for x in r), "not plain data"),
        (lambda r, gamma: sys.exit(), "SystemExit"),
        (lambda r: r, "TypeError"),
        (lambda r, gamma: 10**5000, "bits"),
        (lambda r, gamma: RaisesWhenRead([1, 2]), "cannot be read"),
    ],
)
def test_unusable_answers_have_a_sentence(function, words):
    report = grade(function)
    assert report.points == 0
    assert words in report.text()


def test_endless_recursion_is_one_sentence():
    def again(r, gamma):
        return again(r, gamma)

    assert "without end" in grade(again).results[0].symptom


def test_results_are_copies_and_equality_is_ours():
    class AlwaysEqual(np.ndarray):
        def __eq__(self, other):
            return np.ones(3, dtype=bool)

        __hash__ = None

    assert grade(lambda r, gamma: np.zeros(3).view(AlwaysEqual)).points == 0


def test_noise_of_an_answer_is_swallowed_in_an_exam(capfd):
    def noisy(r, gamma):
        warnings.warn("careful", stacklevel=1)
        print("secret input", r)
        print("more", file=sys.stderr)
        return right(r, gamma)

    assert grade(noisy).passed
    out = capfd.readouterr()
    assert (out.out, out.err) == ("", "")


def test_html_escapes_what_the_student_wrote():
    def hostile(r, gamma):
        raise ValueError("<script>alert(1)</script>")

    page = grade(hostile).html()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_each_check_replays_alone_from_the_seed():
    drawn = []
    ex = Exercise("01_mdp/f")

    @ex.check("one")
    def one(answer, rng):
        drawn.append(rng.random())

    @ex.check("two")
    def two(answer, rng):
        drawn.append(rng.random())

    caller = LocalCaller({"f": None})
    run_checks(ex, caller, seed=5)
    ex.checks.reverse()
    run_checks(ex, caller, seed=5)
    assert drawn[0] == drawn[3] != drawn[1] == drawn[2]
    run_checks(ex, caller, seed=6)
    assert drawn[4] not in drawn[:4]


def test_a_fault_of_a_check_is_never_a_students_loss():
    ex = Exercise("01_mdp/f")

    @ex.check("broken", points=1)
    def broken(answer, rng):
        raise ZeroDivisionError("the check itself is wrong")

    with pytest.raises(ZeroDivisionError):
        run_checks(ex, LocalCaller({"f": None}), seed=0)


def test_closed_book():
    @finished_version_of("discounted_returns")
    def ready_made(r, gamma):
        return right(r, gamma)

    report = grade(lambda r, gamma: ready_made(r, gamma))
    assert report.points == 0
    assert "finished version" in report.results[0].symptom
    assert ready_made([1.0, 2.0, 3.0], 0.5)[0] == 2.75


def test_two_checks_with_one_title_are_refused():
    ex = exercise()
    with pytest.raises(ValueError, match="hand values"):
        ex.check("hand values")(lambda answer, rng: None)


def test_todo_shows_one_line_in_jupyter():
    def rollout():
        raise ToDo

    with pytest.raises(ToDo) as stub:
        rollout()
    assert stub.value._render_traceback_() == [
        "To do: `rollout` is not written yet. Write it above, then run this cell again."
    ]


def test_check_raises_only_under_validate(monkeypatch):
    name = next(iter(EXERCISES["01_mdp"]))
    qlib.checks.check(name, None)
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    with pytest.raises(qlib.checks.CheckFailed):
        qlib.checks.check(name, None)


# --- the exercises of the course -----------------------------------------------------------------


def exam_module(assignment: str):
    try:
        return importlib.import_module(f"grader.exams.nb{assignment}")
    except ModuleNotFoundError:
        return None


def test_index_agrees_with_the_check_modules():
    for assignment, names in EXERCISES.items():
        visible = exercises_in(importlib.import_module(f"qlib.checks.nb{assignment}"))
        assert [f"{assignment}/{name}" for name in names] == list(visible)
        exam = exam_module(assignment)
        if exam is not None:
            assert set(exercises_in(exam)) == set(visible)


def test_names_are_unique_in_the_course():
    names = [name for names in EXERCISES.values() for name in names]
    assert len(names) == len(set(names))


def test_visible_checks_earn_nothing_by_themselves():
    for assignment, names in EXERCISES.items():
        module = importlib.import_module(f"qlib.checks.nb{assignment}")
        for ex in exercises_in(module).values():
            assert ex.points == 0, ex.id
            assert ex.checks, ex.id
            assert ex.name in names


@pytest.mark.parametrize(
    "path",
    sorted([*(ROOT / "grader" / "exams").glob("*.py"), *(ROOT / "qlib" / "checks").glob("*.py")]),
    ids=lambda path: f"{path.parent.name}/{path.name}",
)
def test_no_loose_comparison_in_checks(path):
    """`allclose` and friends broadcast; NaN slips through; `assert` vanishes under -O."""
    loose = {"allclose", "isclose", "array_equal", "assert_allclose", "assert_array_equal"}
    for node in ast.walk(ast.parse(path.read_text())):
        name = getattr(node, "attr", None) or getattr(node, "id", None)
        assert name not in loose, f"{path.name}:{node.lineno} uses {name}; use close or matches"
        assert not isinstance(node, ast.Assert), f"{path.name}:{node.lineno} uses assert"


def test_exams_import_only_qlib_and_the_framework():
    allowed = {
        "qlib",
        "numpy",
        "scipy",
        "torch",
        "collections",
        "dataclasses",
        "fractions",
        "gymnasium",
        "functools",
    }
    allowed |= {
        "contextlib",
        "itertools",
        "math",
        "typing",
        "importlib",
        "json",
        "os",
        "pathlib",
        "secrets",
        "grader",
    }
    for path in (ROOT / "grader" / "exams").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            modules = []
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                modules = [node.module or ""]
            for module in modules:
                assert module.split(".")[0] in allowed | {"IPython"}, (path.name, module)
                if module.startswith("grader"):
                    assert module.startswith("grader.exams"), (path.name, module)


def test_qlib_never_imports_grader():
    for path in (ROOT / "qlib").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom):
                assert (node.module or "").split(".")[0] != "grader", path
            if isinstance(node, ast.Import):
                assert all(alias.name.split(".")[0] != "grader" for alias in node.names), path


def test_import_of_qlib_is_quick_and_without_torch():
    code = (
        "import time; t = time.process_time(); import qlib, sys; from qlib import check, ToDo, "
        "TabularMDP; t = time.process_time() - t; "
        "assert not {'torch', 'matplotlib', 'gymnasium'} & set(sys.modules), 'heavy import'; "
        "assert t < 0.5, t"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
