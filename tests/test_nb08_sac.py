"""08_sac: the judge of its learning checks, its calibration, and its recorded curve."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from benchmarks import calibration, calibration_08
from grader.exams import nb08_agent as exam
from qlib.checks import Failed

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


def test_the_recorded_curve_is_that_of_the_benchmark():
    measured = json.loads((ROOT / "benchmarks" / "mujoco.json").read_text(encoding="utf-8"))
    entry = measured["InvertedPendulum-v5"]
    source = (ROOT / "solutions" / "08_sac" / "08_sac.py").read_text(encoding="utf-8")
    rows = re.search(r"recorded = np\.array\((.*?)\)\n", source, re.S)[1]
    assert json.loads(re.sub(r",\s*\]", "]", rows)) == np.round(entry["returns"]).tolist()
    assert entry["command"] in source
