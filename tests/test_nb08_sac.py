"""08_sac: the judge of its learning checks, its calibration, and its recorded curve."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from benchmarks import calibration, calibration_08
from grader.exams import nb08_agent as exam
from qlib.checks import Exercise, Failed
from qlib.checks.probes import nb08_sac as probe
from tests.trust.course import exam_of, grade, notebook, references

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize(("seen", "pushed"), [(1, 1), (-1, 1), (1, -1), (-1, -1)])
def test_the_judge_plays_the_world_in_which_the_answer_trained(seen, pushed):
    world = exam.World(0.3, seen, pushed)

    def push(obs):
        return 0.4 - 0.7 * obs

    total = []
    for x in np.linspace(-0.95, 0.95, 20):
        env = world.make()
        env.reset(seed=0)
        env.unwrapped.batch.x[:] = x
        obs, rewards, cut = np.array([seen * x]), 0.0, False
        while not cut:
            obs, reward, terminated, cut, _ = env.step(push(obs))
            rewards += reward
            assert not terminated
        total.append(rewards)
    assert world.returns(push) == pytest.approx(np.mean(total), abs=1e-4)


@pytest.mark.parametrize(
    ("assignment", "learns"),
    [
        ("07_dqn", lambda exercise, check: exercise.endswith("/train_dqn")),
        ("08_sac", lambda exercise, check: check.title.startswith("learning: ")),
    ],
)
def test_learning_checks_carry_a_fifth_to_three_tenths_of_the_points(assignment, learns):
    points = {True: 0.0, False: 0.0}
    for exercise in references(assignment):
        for check in exam_of(exercise).checks:
            points[learns(exercise, check)] += check.points
    assert sum(points.values()) == 50
    assert 10 <= points[True] <= 15


def test_lanes_of_the_calibration_are_the_worlds_of_the_check():
    worlds = [exam.World(0.2, 1, -1), exam.World(-0.4, -1, 1)]
    lanes = calibration_08.Worlds(worlds)
    obs = lanes.reset([5, 6])
    for k, world in enumerate(worlds):
        env = world.make()
        first, _ = env.reset(seed=5 + k)
        assert first == pytest.approx(obs[k])
        after, reward, *_ = env.step(np.array([0.5], dtype=np.float32))
        both = lanes.state()
        lane_obs, lane_reward, *_ = lanes.step(np.full((2, 1), 0.5))
        assert after == pytest.approx(lane_obs[k])
        assert reward == pytest.approx(lane_reward[k])
        lanes.restore(both)


def test_a_trained_actor_has_to_have_its_shapes():
    state = {
        "net.0.weight": np.zeros((32, 1)),
        "net.0.bias": np.zeros(32),
        "net.2.weight": np.zeros((32, 32)),
        "net.2.bias": np.zeros(32),
        "net.4.weight": np.zeros((2, 32)),
        "net.4.bias": np.array([0.0, np.log(0.5)]),
    }
    assert exam.judge(exam.actor_of(state), exam.World(0.3, 1, 1)).std == pytest.approx(0.5)
    for wrong in ({}, None, state | {"net.4.bias": np.zeros(3)}, {**state, "net.6.bias": 0}):
        with pytest.raises(Failed):
            exam.actor_of(wrong)


def test_a_case_at_a_kink_is_drawn_again():
    rng = np.random.default_rng(0)
    case = exam.a_case(rng)
    assert case.clear()
    obs, actor = case.batches[0]["obs"].numpy(), case.setup["actor"]
    actor["net.0.bias"][0] = -(obs[0] @ actor["net.0.weight"][0])
    assert not case.clear()
    case = exam.a_case(rng)
    for layer in case.setup["critic"].values():
        layer[1] = layer[0]  # both critics the same: none of them is the smaller one
    assert not case.clear()


@pytest.mark.parametrize(
    ("name", "rules"), [("lecture_update", exam.LECTURE), ("sac_update", exam.SAC)]
)
def test_float32_stays_far_from_margin_and_tolerance(name, rules):
    rng = np.random.default_rng(2)
    for _ in range(15):
        case = exam.a_case(rng, n_updates=3)
        two = exam.Case(case.setup, case.batches[:2], case.cfg)
        actor = probe.update(notebook("08_sac")[name], {}, two.setup, two.batches, two.cfg)[0]
        obs = case.batches[2]["obs"].numpy().astype(float)
        units = [
            exam.forward(net[:1], obs)[-1]
            for net in (exam.actor_from(actor), two.after(rules).actor)
        ]
        assert np.abs(units[0] - units[1]).max() < exam.MARGIN / 10
        after = probe.update(notebook("08_sac")[name], {}, case.setup, case.batches, case.cfg)
        given = exam.flat([exam.actor_from(after[0])]), exam.flat(exam.critics_from(after[1]))
        for found, want, begin in zip(given, case.by_hand(rules), case.begin(), strict=False):
            tolerance = 1e-3 * np.abs(want - begin).max() + 2e-6
            assert np.abs(found - want).max() < 0.05 * tolerance


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda q, n: q, ""),
        (lambda q, n: float(q), ""),
        (lambda q, n: q.numpy()[()], ""),
        (lambda q, n: -q, "actor's loss"),
        (lambda q, n: n * q, "sum over the batch"),
        (lambda q, n: q.expand(n), "wrong shape"),
        (lambda q, n: q.clone().requires_grad_(), "carries a gradient"),
        (lambda q, n: q + 1, "not the mean of critic 1"),
    ],
)
def test_the_reported_q_is_checked(change, words):
    right = notebook("08_sac")["lecture_update"]

    def lecture_update(agent, batch, cfg):
        return {"q": change(right(agent, batch, cfg)["q"], len(batch.reward))}

    one = Exercise(exam.lecture_update.id, [exam.lecture_update.checks[2]])
    report = grade(one, lecture_update, 1)
    assert report.passed == (not words)
    assert words in report.results[0].message


def test_the_reported_entropy_carries_no_gradient():
    right = notebook("08_sac")["sac_update"]

    def sac_update(agent, batch, cfg):
        log = right(agent, batch, cfg)
        return {"entropy": log["entropy"].clone().requires_grad_()}

    one = Exercise(exam.sac_update.id, [exam.sac_update.checks[4]])
    assert grade(one, right, 1).passed
    assert "carries a gradient" in grade(one, sac_update, 1).results[0].message


def test_nothing_is_trained_that_does_not_see_the_rewards():
    source = references("08_sac")["08_sac/sac_update"].source
    assert source.count("- y) ** 2)") == 1
    names = dict(notebook("08_sac"))
    exec(source.replace("- y) ** 2)", "- y))"), names)
    for check in exam.sac_update.checks[5:]:
        report = grade(Exercise(exam.sac_update.id, [check]), names["sac_update"], 1)
        assert not report.passed
        assert "whatever the rewards are" in report.results[0].message


def test_probability_of_a_false_alarm():
    assert calibration_08.fails(0.0) == 0.0
    assert calibration_08.fails(0.5) == pytest.approx(0.25)
    assert calibration_08.upper_bound(0, 100) == pytest.approx(1 - 0.05**0.01)


def test_the_calibration_is_of_the_thresholds_in_use():
    text = (ROOT / "benchmarks" / "calibration_08.md").read_text(encoding="utf-8")
    assert f"at least {exam.LEAST_RETURN} and its standard deviation lies in " in text
    assert f"{list(exam.STD_RANGE)}" in text
    assert f"at least {exam.LEAST_COLLAPSED} and its standard deviation at most" in text
    alarms = [float(x) for x in re.findall(r"\^2 < ([\d.e-]+)\.", text)]
    assert len(alarms) == 2
    assert max(alarms) < 1e-3


def test_a_calibration_goes_on_after_a_line_cut_off_by_a_kill(tmp_path):
    path = tmp_path / "runs.jsonl"
    path.write_text('{"case": "a", "seed": 0, "numbers": {"return": 1.0}}\n{"case": "a", "se')
    assert calibration.recorded(path) == {("a", 0): {"return": 1.0}}


@pytest.mark.parametrize(
    ("env", "name"), [("InvertedPendulum-v5", "recorded"), ("HalfCheetah-v5", "cheetah")]
)
def test_the_recorded_curves_are_those_of_the_benchmark(env, name):
    entry = json.loads((ROOT / "benchmarks/mujoco.json").read_text(encoding="utf-8"))[env]
    source = (ROOT / "solutions" / "08_sac" / "08_sac.py").read_text(encoding="utf-8")
    rows = re.search(rf"{name} = np\.array\((.*?)\)\n", source, re.S)[1]
    assert json.loads(re.sub(r",\s*\]", "]", rows)) == np.round(entry["returns"]).tolist()
    assert entry["command"] in source
