"""The tools that measure how far a grade can be trusted, and that what they found still holds."""

import json
import os
import time

import pytest
from packaging.version import Version

from qlib.checks import Exercise
from tests.trust import diagnosis, kept, mutants, table, versions
from tests.trust.course import ASSIGNMENTS, exam_of, recorded, references, title, warm
from tests.trust.forks import forked
from tests.trust.mutate import apart, both
from tests.trust.mutate import mutants as mutants_of

ROLL = '''\
def total(rewards, gamma):
    """The return."""
    ### BEGIN SOLUTION
    result = 0.0
    for reward in reversed(rewards):
        result = reward + gamma * result
    return result
    ### END SOLUTION
'''
SAMPLE = 60  # each so many-th mutant is graded in the tests


def ids(source, **where):
    return {mutant.id for mutant in mutants_of(source, **where)}


class TestMutate:
    @pytest.mark.parametrize(
        ("line", "mistakes"),
        [
            ("y = r + gamma * q * (1 - done)", ["y = r + gamma * q", "y = r + q * (1 - done)"]),
            ("y = q.max(axis=1)", ["y = q.max(axis=0)", "y = q.min(axis=1)", "y = q.max()"]),
            ("y = f(s, s2)", ["y = f(s2, s2)", "y = f(s, s)", "y = f(s2, s)"]),
            ("y = net(x).detach()", ["y = net(x)"]),
            ("y = q_target(x) - q(x)", ["y = q_target(x) - q_target(x)", "y = q(x) - q(x)"]),
            ("y = [r for k in range(n)]", ["y = [r for k in range(0, n - 1)]"]),
            ("y = x[:-1]", ["y = x[:]", "y = x[:-2]"]),
            ("y += 1", ["y -= 1", "y = 1", "pass"]),
            ("y = a <= b", ["y = a < b", "y = a >= b"]),
            ("y = -x.sum()", ["y = x.sum()", "y = -x.mean()"]),
        ],
    )
    def test_typical_mistakes_are_made(self, line, mistakes):
        assert {f"{line} → {mistake}" for mistake in mistakes} <= ids(line)

    def test_only_the_solution_is_changed(self):
        found = mutants_of(ROLL, first=4, last=7)
        assert found
        assert all('"""The return."""' in mutant.source for mutant in found)
        assert all(mutant.place[0] >= 4 for mutant in found)

    def test_none_compiles_to_the_same_and_none_comes_twice(self):
        sources = [mutant.source for mutant in mutants_of(ROLL)]
        assert len(sources) == len(set(sources))
        assert "y = x → y = x + 0" not in ids("y = x")

    def test_a_loop_is_left_after_its_first_turn(self):
        wanted = [m for m in mutants_of(ROLL) if m.operator == "left after the first turn"]
        (mutant,) = wanted
        names = {}
        exec(mutant.source, names)
        assert names["total"]([1.0, 2.0], 0.5) == 2.0

    def test_two_mistakes_at_once(self):
        found = {m.id: m for m in mutants_of(ROLL)}
        start = found["result = 0.0 → result = 1.0"]
        sign = found["result = reward + gamma * result → result = reward - gamma * result"]
        names = {}
        exec(both(ROLL, start, sign), names)
        assert names["total"]([1.0], 0.5) == 0.5
        assert apart(start, sign)
        assert not apart(sign, sign)


class TestForks:
    def test_results_and_ends(self):
        def work(job):
            if job == "exit":
                os._exit(7)
            while job == "loop":
                pass
            return job * 2

        started = time.monotonic()
        ended = {
            job: (how, result)
            for job, how, result, _ in forked(work, ["a", "exit", "loop", "b"], lambda _: 1.0, 2)
        }
        assert ended == {
            "a": ("done", "aa"),
            "exit": ("died", None),
            "loop": ("timeout", None),
            "b": ("done", "bb"),
        }
        assert time.monotonic() - started < 60


class TestKept:
    def test_a_result_belongs_to_its_code(self, tmp_path, monkeypatch):
        monkeypatch.setattr(kept, "FOLDER", tmp_path)
        kept.Kept("one").put("key", "digest", {"value": 1})
        assert kept.Kept("one").get("key", "digest") == {"value": 1}
        assert kept.Kept("one").get("key", "other") is None

    def test_the_digest_covers_what_a_check_calls(self):
        def reached(checks):
            return kept._reached(Exercise(exam.id, checks))

        exam = exam_of("03_fqi/greedy_probs")
        sources = reached(exam.checks)
        assert any("def greedy_probs_hand" in text or "def " in text for text in sources)
        assert any(text.startswith("def close(") for text in sources), "qlib.checks.compare"
        assert reached(exam.checks[1:]) != sources

    def test_verdicts_on_messages_survive_other_numbers_only(self):
        plain = diagnosis.without_numbers
        assert plain("It is 1.5 too low.") == plain("It is -2e-3 too low.")
        assert plain("It is 1.5 too low.") != plain("It is 1.5 too high.")


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
class TestWhatWasFound:
    """The committed figures: they belong to what is in the repository, and meet the bars."""

    def test_mutants(self, assignment):
        content = table.result("mutants", assignment)
        now = {e: kept.short(r.source) for e, r in references(assignment).items()}
        assert content["references"] == now, f"run python -m tests.trust.mutants {assignment}"
        assert content["named but killed"] == []
        assert content["left"] == []
        counts = table.totals(assignment)
        assert mutants.score(counts) >= 0.97
        total = sum(len(mutants.mutants_of(r)) for r in references(assignment).values())
        assert total == counts.total()
        assert all(
            why for found in mutants.equivalents(assignment).values() for why in found.values()
        )

    def test_pairs(self, assignment):
        assert table.result("pairs", assignment)["left"] == []

    def test_fairness(self, assignment):
        rows = table.result("fairness", assignment) or {}
        assert set(rows) <= set(references(assignment))
        for exercise, row in rows.items():
            assert row["lost"] == [], exercise
            assert row["alternatives"] >= 5, exercise
            assert row["reference"]["runs"] > 0, exercise

    def test_messages_name_the_cause(self, assignment):
        judged = {row["answer"] for row in diagnosis.read(assignment)}
        again = f"run python -m tests.trust.diagnosis {assignment}"
        assert judged == {title(path) for path in recorded("wrong", assignment)}, again
        for reader in diagnosis.READERS:
            said = table.verdicts(assignment, reader)
            assert said["wrong"] == said[""] == 0
            assert said["cause"] >= 0.95 * said.total()

    def test_verdicts_do_not_depend_on_the_processor(self, assignment):
        found = table.result("machines", assignment)
        assert found["verdict differs"] == []
        assert found["answers"] >= len(references(assignment))
        assert any(found["arithmetic differs"].values())

    def test_false_alarms(self, assignment):
        assert table.alarm(assignment) < 1e-4

    def test_a_sample_of_mutants_still_loses_points(self, assignment):
        warm(assignment)
        listed = mutants.equivalents(assignment)
        jobs = []
        for exercise, reference in references(assignment).items():
            if exercise not in mutants.TRAINS:
                known = listed.get(exercise, {})
                found = [m for m in mutants.mutants_of(reference) if m.id not in known]
                jobs += [(reference, m.id, m.source) for m in found[7::SAMPLE]]
        for job, how, result, _ in forked(mutants.outcome, jobs, lambda _: 8.0, 1):
            assert how != "done" or result["status"] != "passed", (job[0].exercise, job[1])


def test_the_course_passes_with_the_oldest_and_the_newest_packages():
    content = json.loads((kept.RESULTS / "versions.json").read_text())
    assert set(content) == {"oldest", "newest"}
    for which in content.values():
        assert set(which["results"]) == set(versions.TESTS)
        assert all(found["passed"] for found in which["results"].values())
    bounds = dict(pin.split("==") for pin in versions.lower_bounds(versions.requirements()))
    for name, version in content["oldest"]["packages"].items():
        assert Version(version.partition("+")[0]) == Version(bounds[name]), name


def test_the_tables_are_those_of_the_figures():
    again = "run python -m tests.trust.table"
    assert table.PAGE.read_text(encoding="utf-8") == table.page(), again
    assert table.SURVIVORS.read_text(encoding="utf-8") == table.survivors(), again
    assert table.GUIDE.read_text(encoding="utf-8") == table.guide(), again
