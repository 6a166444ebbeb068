import itertools
import json
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.exams.nb02_bellman import OPTIMALITY, PEEL
from qlib import proof
from qlib.checks import Failed, LocalCaller, run_checks, visible_exercise
from qlib.proof import lines_of, orders, show_blocks, valid_prefix

ROOT = Path(__file__).resolve().parent.parent
JUDGES = {"order_peel": PEEL, "order_optimality": OPTIMALITY}
DIAMOND = {"A": "", "B": "A", "C": "A", "D": "BC"}


def graded(name: str, lines, seed: int = 0) -> float:
    from grader.exams import load

    exercise = load("02_bellman")[f"02_bellman/{name}"]
    return run_checks(exercise, LocalCaller({name: lambda: lines}, quiet=True), seed).points


def seen(name: str, lines) -> bool:
    caller = LocalCaller({name: lambda: lines}, quiet=True)
    return run_checks(visible_exercise(name), caller, 0).passed


def with_reasons(judge, letters) -> list[tuple[str, str]]:
    other = judge.proof.reasons[0]
    return [(letter, judge.reasons.get(letter, (other,))[0]) for letter in letters]


# --- orders ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("letters", "holds"),
    [
        ("ABCD", 4),
        ("ACBD", 4),
        ("ABDC", 2),
        ("BACD", 0),
        ("AXBCD", 1),
        ("ABBCD", 2),
        ("ABC", 3),
        ("", 0),
    ],
)
def test_the_valid_prefix_of_a_diamond(letters, holds):
    assert valid_prefix(letters, DIAMOND) == holds


def test_a_diamond_has_two_orders():
    assert set(orders(DIAMOND)) == {tuple("ABCD"), tuple("ACBD")}


@st.composite
def graphs(draw):
    letters = "ABCDE"
    return {
        letter: "".join(draw(st.sets(st.sampled_from(letters[:k])))) if k else ""
        for k, letter in enumerate(letters)
    }


@given(graphs())
def test_orders_are_the_permutations_without_a_bad_line(needs):
    right = {p for p in itertools.permutations(needs) if valid_prefix(p, needs) == len(needs)}
    assert set(orders(needs)) == right


# --- the two proofs ------------------------------------------------------------------------------


@pytest.mark.parametrize("judge", JUDGES.values(), ids=JUDGES)
def test_blocks_judgement_and_reasons_fit_together(judge):
    shown = judge.proof
    assert "".join(shown.blocks) == "ABCDEFGHIJKLMN"[: len(shown.blocks)]
    assert set(shown.blocks) == set(judge.needs) | set(judge.wrong)
    assert not set(judge.needs) & set(judge.wrong)
    assert set(judge.reasons) == set(judge.needs)
    assert set(shown.reasons) <= set(proof.REASONS)
    assert {reason for fit in judge.reasons.values() for reason in fit} < set(shown.reasons)
    assert shown.starts == {letter for letter, before in judge.needs.items() if not before}
    assert {other for before in judge.needs.values() for other in before} <= set(judge.says)


def test_the_peeling_has_12_orders_and_the_optimality_proof_23():
    assert len(list(orders(PEEL.needs))) == 12
    assert len(list(orders(OPTIMALITY.needs))) == 23


@pytest.mark.parametrize("name", JUDGES)
def test_every_linear_extension_earns_full_marks(name):
    judge = JUDGES[name]
    full = graded(name, with_reasons(judge, next(orders(judge.needs))))
    for order in orders(judge.needs):
        lines = with_reasons(judge, order)
        assert seen(name, lines)
        assert graded(name, lines) == full
    assert full == {"order_peel": 6, "order_optimality": 4}[name]


@pytest.mark.parametrize("name", JUDGES)
def test_one_exchange_or_one_false_line_costs_points(name):
    judge = JUDGES[name]
    right = list(next(orders(judge.needs)))
    full = graded(name, with_reasons(judge, right))
    for k, false in enumerate(sorted(judge.wrong)):
        assert graded(name, with_reasons(judge, [*right[: k + 2], false, *right[k + 2 :]])) < full
    for k in range(len(right)):
        assert graded(name, with_reasons(judge, right[:k] + right[k + 1 :] or [right[0]])) < full
    backwards = with_reasons(judge, right[::-1])
    assert graded(name, backwards) == graded(name, with_reasons(judge, right[1:] + right[:1]))


@pytest.mark.parametrize("name", JUDGES)
def test_a_longer_valid_prefix_never_earns_less(name):
    judge = JUDGES[name]
    right = list(next(orders(judge.needs)))
    rest = sorted(judge.wrong)
    points = [
        graded(name, [(letter, "") for letter in right[:k] + rest]) for k in range(len(right) + 1)
    ]
    assert points == sorted(points)
    assert points[0] == 0
    assert len(set(points)) >= 3


@pytest.mark.parametrize("name", JUDGES)
def test_reasons_count_only_with_all_lines(name):
    judge = JUDGES[name]
    order = next(orders(judge.needs))
    full, without = (
        graded(name, lines)
        for lines in (with_reasons(judge, order), [(letter, "") for letter in order])
    )
    assert 0 < without < full
    assert graded(name, with_reasons(judge, order[:1])) == 0


@pytest.mark.parametrize("name", JUDGES)
def test_the_visible_check_looks_at_the_form_and_the_first_line_only(name):
    shown = proof.PROOFS[name]
    for first in shown.blocks:
        rest = [letter for letter in shown.blocks if letter != first]
        for order in ([first], [first, *rest], [first, *rest[::-1]]):
            assert seen(name, [(letter, "") for letter in order]) == (first in shown.starts)


def test_what_students_get_holds_no_order():
    assert {field.name for field in fields(proof.Proof)} == {
        "name",
        "claim",
        "given",
        "blocks",
        "reasons",
        "starts",
    }
    for name, judge in JUDGES.items():
        assert valid_prefix(list(judge.proof.blocks), judge.needs) == 0, name
    source = (ROOT / "qlib" / "proof.py").read_text() + (
        ROOT / "qlib" / "checks" / "nb02_bellman.py"
    ).read_text()
    for judge in JUDGES.values():
        for text in [*judge.wrong.values(), *judge.says.values()]:
            assert text not in source


def test_the_answer_cells_begin_with_all_blocks_in_the_order_of_their_letters():
    path = ROOT / "notebooks" / "02_bellman" / "02_bellman.ipynb"
    cells = {cell["id"]: "".join(cell["source"]) for cell in json.loads(path.read_text())["cells"]}
    for name, shown in proof.PROOFS.items():
        source = cells[f"answer-{name}"]
        assert "raise ToDo" in source
        names: dict = {"ToDo": NotImplementedError}
        exec(source.replace("raise ToDo", "pass"), names)
        assert names[name]() == [(letter, "") for letter in shown.blocks]


# --- what a person types, and sees ---------------------------------------------------------------


def test_lines_are_read_kindly():
    value = [["c", " Definition "], ("I", "split   the sum"), ("d", "")]
    read = [("C", "definition"), ("I", "split the sum"), ("D", "")]
    assert lines_of(value, proof.PEEL) == read


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "None"),
        ([], "not a list of lines"),
        ("CIDEJBH", "not a list of lines"),
        (["C", "I"], "Line 1 is not a pair"),
        ([("C", "definition"), ("I",)], "Line 2 is not a pair"),
        ([("C", 3)], "Line 1 is not a pair"),
        ([("Z", "")], "no block 'Z'"),
        ([("C", ""), ("c", "")], "block C stands in the proof twice"),
        ([("C", "because")], "the reason 'because' is not in the list"),
        ([("C", "greedy")], "the reason 'greedy' is not in the list"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(value, words):
    with pytest.raises(Failed) as found:
        lines_of(value, proof.PEEL)
    assert words in found.value.symptom
    assert words in repr(show_blocks("order_peel", value if value is not None else [None])) or (
        value is None
    )


def test_the_sheet_shows_claim_blocks_and_reasons():
    for name, shown in proof.PROOFS.items():
        sheet = show_blocks(name)
        for part in (shown.claim, *shown.blocks.values(), *shown.reasons):
            assert part in sheet.text
        assert sheet._repr_mimebundle_()["text/markdown"] == sheet.text == repr(sheet)


def test_an_order_is_shown_as_it_reads_and_judged_by_its_first_line_only():
    good = repr(show_blocks("order_peel", [("C", "definition"), ("I", "")]))
    assert "1. **C**" in good
    assert "(`definition`)" in good
    assert "can begin with line 1" in good
    assert "Not used: A, B, D" in good
    bad = repr(show_blocks("order_peel", [("G", ""), ("C", "")]))
    assert "cannot begin with line 1" in bad
    ends = {
        repr(show_blocks("order_peel", [("C", ""), *rest])).splitlines()[-1]
        for rest in ([("I", ""), ("G", "")], [("G", ""), ("I", "")])
    }
    assert len(ends) == 1


def test_formulas_have_balanced_dollars_and_braces():
    for shown in proof.PROOFS.values():
        for text in (shown.claim, shown.given, *shown.blocks.values()):
            assert text.count("$") % 2 == 0, text
            assert text.count("{") == text.count("}"), text
            assert "  " not in text
