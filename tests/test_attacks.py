"""Every attack of `tests/attacks`, graded beside honest classmates: none may achieve anything."""

import os
import shutil
from collections import Counter

import pytest
from attacks import corpus, world

ATTACKS = corpus.load()
IN_CI = bool(os.environ.get("CI"))

needs_sandbox = pytest.mark.skipif(
    not IN_CI and shutil.which("bwrap") is None, reason="bubblewrap is not installed"
)


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    assert shutil.which("bwrap"), "bubblewrap is not installed; without it no attack is contained"
    return world.run(ATTACKS, tmp_path_factory.mktemp("attacks"))


def test_the_corpus_covers_every_class():
    found = Counter(attack.kind for attack in ATTACKS)
    classes = "call_time data_only equality feedback files frames gradebook harm hooks leaks"
    assert set(found) == {*classes.split(), "metadata", "patched", "starving", "wire"}
    assert min(found.values()) >= 4
    assert len(ATTACKS) >= 60
    assert all(attack.tries for attack in ATTACKS)
    assert {attack.success for attack in ATTACKS} == {"points", "leak", "harm", "stall"}


@needs_sandbox
def test_the_sandbox_is_whole(graded):
    levels = {result["level"] for result in graded.results.values() if result["exercises"]}
    assert levels <= {"full", ""}, levels
    assert graded.results["gg-honest"]["level"] == "full"


@needs_sandbox
def test_the_batch_is_complete_and_nobody_else_is_hurt(graded):
    assert graded.exit_code == 0, graded.output
    assert len(graded.results) == len(ATTACKS) + 3
    assert graded.trouble == []


@needs_sandbox
@pytest.mark.parametrize("attack", ATTACKS, ids=[attack.id for attack in ATTACKS])
def test_the_attack_fails(graded, attack):
    assert graded.succeeded[attack.id] == []
