"""Probes and served environments: by call in this process, and across the border."""

import re
from pathlib import Path

import gymnasium as gym
import numpy as np
import pytest
from gymnasium import spaces

from qlib.checks import AnswerError, Exercise, Failed, LocalCaller, ToDo, probes, run_checks, served
from qlib.checks.exercise import Answer
from qlib.closed_book import finished_version_of

ROOT = Path(__file__).resolve().parent.parent


class Walk(gym.Env):
    """From 0 to `goal` by steps of +-1; reward 1 there; truncated after 20 steps."""

    observation_space = spaces.Box(-30, 30, (1,), np.float32)
    action_space = spaces.Discrete(2)

    def __init__(self, goal=3):
        self.goal = goal

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.x, self.t = int(self.np_random.integers(2)), 0
        return np.array([self.x], np.float32), {}

    def step(self, action):
        self.x, self.t = self.x + 2 * action - 1, self.t + 1
        at_goal = self.x == self.goal
        obs = np.array([self.x], np.float32)
        return obs, float(at_goal), at_goal, not at_goal and self.t >= 20, {}


def training(monkeypatch, train):
    """Make `nb_test.train` a probe for the length of a test."""
    probe = served.student_side(train)
    monkeypatch.setattr(probes, "find", lambda name: probe)


def ask(function, name="walk"):
    """An answer that lives in this process."""
    with LocalCaller({name: function}).session(name, 10) as call:
        return Answer(name, call)


def always_right(env_fn, episodes):
    total, env = 0.0, env_fn()
    for _ in range(episodes):
        obs, _ = env.reset(seed=1)
        ended = False
        while not ended:
            obs, reward, terminated, truncated, _ = env.step(1)
            assert obs.shape == (1,)
            total += reward
            ended = terminated or truncated
    return total


def go(function, monkeypatch, *args, make_env=Walk, **options):
    training(monkeypatch, lambda f, env_fn, *rest: f(env_fn, *rest))
    return served.run(
        ask(function), "nb_test.train", make_env, *args, rng=np.random.default_rng(0), **options
    )


def test_a_function_trains_in_an_environment_of_the_other_side(monkeypatch):
    done = go(always_right, monkeypatch, 4)
    assert done.result == 4.0
    assert done.episode_returns == [1.0] * 4
    assert 8 <= done.steps <= 12


def test_the_same_seed_starts_the_same_episode_which_one_is_not_known_before(monkeypatch):
    def starts(env_fn):
        env = env_fn()
        return [float(env.reset(seed=s)[0][0]) for s in (5, 5, *range(40))]

    first, again, *others = go(starts, monkeypatch).result
    assert first == again
    assert set(others) == {0.0, 1.0}
    plain = [float(Walk().reset(seed=s)[0][0]) for s in range(40)]
    assert others != plain


def test_too_many_steps_fail(monkeypatch):
    with pytest.raises(Failed, match="more than 5 environment steps"):
        go(always_right, monkeypatch, 4, max_steps=5)


def test_too_many_environments_fail(monkeypatch):
    with pytest.raises(Failed, match="more than 16 environments"):
        go(lambda env_fn: [env_fn().reset() for _ in range(20)] and 0, monkeypatch)


@pytest.mark.parametrize(
    ("action", "says"),
    [(2, "from 0 to 1"), (0.5, "from 0 to 1"), (True, "from 0 to 1"), ([0], "from 0 to 1")],
)
def test_a_wrong_action_is_the_students_error(monkeypatch, action, says):
    def step(env_fn):
        env = env_fn()
        env.reset()
        env.step(action)

    with pytest.raises(AnswerError, match=says) as found:
        go(step, monkeypatch)
    assert found.value.kind == "raised"
    assert "env.step(action)" in found.value.where[-1]


def test_a_step_after_the_end_is_the_students_error(monkeypatch):
    def step(env_fn):
        env = env_fn()
        env.reset()
        for _ in range(30):
            env.step(0)

    with pytest.raises(AnswerError, match="call reset"):
        go(step, monkeypatch)


def test_continuous_actions_keep_their_shape(monkeypatch):
    class Point(Walk):
        action_space = spaces.Box(-1, 1, (2,), np.float32)

        def step(self, action):
            assert action.dtype == np.float32
            return np.array([action.sum()], np.float32), float(action.sum()), False, False, {}

    def act(env_fn, action):
        env = env_fn()
        env.reset()
        return env.step(action)[1]

    assert go(act, monkeypatch, [0.5, 0.25], make_env=Point).result == 0.75
    for bad in ([0.5], ["a", "b"], [0.5, float("nan")]):
        with pytest.raises(AnswerError, match="an action must be"):
            go(act, monkeypatch, bad, make_env=Point)


@pytest.mark.parametrize(
    "message", [None, [], "reset", ["quit"], ["reset", 0], ["step", 3, 0], 7, [np.ones(3), 1]]
)
def test_a_forged_request_fails_cleanly(message):
    class Forged:
        def probe(self, *args):
            return message

    with pytest.raises(Failed):
        served.run(Forged(), "x.y", Walk, rng=np.random.default_rng(0))


def test_to_do_and_the_closed_book_reach_the_thread(monkeypatch):
    def unwritten(env_fn):
        raise ToDo

    with pytest.raises(AnswerError) as found:
        go(unwritten, monkeypatch)
    assert found.value.kind == "todo"

    @finished_version_of("walk")
    def finished(env_fn):
        return 1.0

    with pytest.raises(AnswerError) as found:
        go(lambda env_fn: finished(env_fn), monkeypatch)
    assert found.value.kind == "closed_book"


def test_a_probe_gets_the_function_and_keeps_a_shelf_for_one_check(monkeypatch):
    def count(function, shelf, value):
        shelf["calls"] = shelf.get("calls", 0) + 1
        return [function(value), shelf["calls"]]

    monkeypatch.setattr(probes, "find", {"m.count": count}.__getitem__)
    exercise = Exercise("99_test/double")
    seen = []

    for title in ("one", "two"):

        @exercise.check(title)
        def body(answer, rng):
            seen.append([answer.probe("m.count", 3), answer.probe("m.count", 4)])

    run_checks(exercise, LocalCaller({"double": lambda x: 2 * x}), 0)
    assert seen == [[[6, 1], [8, 2]]] * 2


def test_every_probe_that_a_check_names_exists():
    named = set()
    for path in [*(ROOT / "qlib/checks").glob("nb*.py"), *(ROOT / "grader/exams").rglob("*.py")]:
        named |= set(re.findall(r"\"(nb\d\d_\w+\.\w+)\"", path.read_text()))
    for name in named:
        assert callable(probes.find(name)), name


@pytest.mark.parametrize("name", ["", "nb01", "os.system", "../x.y", "nb01_mdp.nothing"])
def test_other_names_are_no_probes(name):
    with pytest.raises(LookupError):
        probes.find(name)
