"""The small worlds of the deep half: hand values first, then lanes against single environments."""

import subprocess
import sys
import warnings

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from qlib.envs import deep
from qlib.envs.deep import (
    PROBES,
    BatchCartPole,
    BatchCatch,
    BatchOf,
    BatchPendulum,
    BatchPointMass1D,
    BimodalBandit,
    Catch,
    Corridor,
    Loop,
    PointMass1D,
    batch_env,
    bimodal_q,
)

ALL = [*deep.IDS, "CartPole-v1", "Pendulum-v1"]


def actions_of(env, rng):
    """Random actions of all lanes."""
    if isinstance(env.action_space, gymnasium.spaces.Discrete):
        return rng.integers(env.action_space.n, size=env.n_lanes)
    high = 1.2 * env.action_space.high  # also beyond the range
    return rng.uniform(-high, high, size=(env.n_lanes, *env.action_space.shape)).astype(np.float32)


# Gymnasium's rules


@pytest.mark.parametrize("env_id", deep.IDS)
def test_passes_gymnasiums_checker_without_a_warning(env_id):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        env = gymnasium.make(env_id, render_mode="rgb_array")
        check_env(env.unwrapped)
        picture = env.unwrapped.render()
        assert picture.dtype == np.uint8
        assert len(np.unique(picture)) > 3
    assert gymnasium.make(env_id).unwrapped.render() is None


def test_registering_twice_changes_nothing():
    before = dict(gymnasium.registry)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        deep.register_envs()
    assert dict(gymnasium.registry) == before


def test_an_id_may_name_the_module():
    code = "import gymnasium; print(gymnasium.make('qlib.envs.deep:qlib/Catch-v0', rows=4))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "Catch" in done.stdout


def test_imports_neither_torch_nor_matplotlib_nor_pygame():
    code = (
        "import sys, qlib.envs.deep; "
        "print([m for m in ('torch', 'matplotlib', 'pygame', 'scipy.sparse') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("cls", [Catch, Corridor, PointMass1D, BimodalBandit, *PROBES.values()])
def test_needs_a_reset_first_and_after_the_end(cls):
    env = cls()
    with pytest.raises(gymnasium.error.ResetNeeded, match="reset"):
        env.step(env.action_space.sample())
    env.reset(seed=0)
    for _ in range(60):
        _, _, terminated, truncated, _ = env.step(env.action_space.sample())
        assert not (terminated and truncated)
        if terminated or truncated:
            break
    with pytest.raises(gymnasium.error.ResetNeeded):
        env.step(env.action_space.sample())


def test_refuses_what_is_no_action():
    env = Catch()
    env.reset(seed=0)
    for bad in (3, -1, 0.0, [1], True):
        with pytest.raises(ValueError, match=r"action"):
            env.step(bad)
    env = PointMass1D()
    env.reset(seed=0)
    for bad in (0.5, [[0.5]], [np.nan], "up"):
        with pytest.raises(ValueError, match=r"action"):
            env.step(bad)
    for cls, wrong in (
        (Catch, {"rows": 1}),
        (Catch, {"permutation": [0, 1]}),
        (Catch, {"actions": [0, 1, 1]}),
        (Corridor, {"noise": -1}),
        (PointMass1D, {"goal": 2}),
        (PointMass1D, {"time_limit": 0}),
        (PROBES["P1"], {"scale": np.inf}),
        (PROBES["P1"], {"render_mode": "human"}),
    ):
        with pytest.raises(ValueError):
            cls(**wrong)


# Catch


def test_catch_by_hand():
    env = Catch()
    obs, _ = env.reset(seed=3)
    ball = int(np.flatnonzero(obs)[0])  # first row: entry = column
    assert obs.shape == (50,)
    assert obs.dtype == np.float32
    assert ball < 5
    assert np.flatnonzero(obs).tolist() == [ball, 47]  # paddle in the middle of the last row
    steps = 0
    paddle, ended = 2, False
    while not ended:
        action = 1 + int(np.sign(ball - paddle))
        paddle += action - 1
        obs, reward, ended, truncated, _ = env.step(action)
        steps += 1
        assert not truncated
        assert set(np.flatnonzero(obs)) == {5 * steps + ball, 45 + paddle}
        assert reward == (1.0 if ended else 0.0)
    assert steps == 9


def test_catch_misses_cost_and_walls_stop():
    env = BatchCatch(200)
    env.reset(range(200))
    assert set(env.x[:, 1]) == {0, 1, 2, 3, 4}
    total = np.zeros(200)
    while not env.ended.all():
        total += env.step(np.zeros(200, int))[1]  # always left: the paddle stays at the wall
    assert (env.x[:, 2] == 0).all()
    assert np.array_equal(total, np.where(env.x[:, 1] == 0, 1.0, -1.0))


def test_catch_variants_are_the_same_game():
    rng = np.random.default_rng(0)
    place, order = rng.permutation(50), rng.permutation(3)
    plain, mixed = Catch(), Catch(permutation=place, actions=order)
    for seed in range(20):
        a, b = plain.reset(seed=seed)[0], mixed.reset(seed=seed)[0]
        ended = False
        while not ended:
            assert np.array_equal(b, a[place])
            action = int(rng.integers(3))
            a, r1, ended, _, _ = plain.step(int(order[action]))
            b, r2, also, _, _ = mixed.step(action)
            assert (r1, ended) == (r2, also)


def test_catch_random_return():
    env = BatchCatch(20_000)
    env.reset(range(20_000))
    rng, total = np.random.default_rng(1), 0
    while not env.ended.all():
        total = total + env.step(rng.integers(3, size=20_000))[1]
    assert total.mean() == pytest.approx(-0.59, abs=0.03)


# Corridor, point mass, bandit


def test_corridor_by_hand():
    env = Corridor(noise=0.0)
    x = env.reset(seed=0)[0][0]
    assert 0 <= x <= 0.5
    for k in range(1, 11):
        obs, reward, terminated, truncated, _ = env.step(1)
        assert obs[0] == pytest.approx(min(1.0, x + 0.1 * k), abs=1e-6)
        assert (reward, truncated) == (float(terminated), False)
        if terminated:
            break
    assert terminated
    assert obs[0] == 1.0
    env.reset(seed=0)
    flags = [env.step(0)[2:4] for _ in range(50)]
    assert flags[:-1] == [(False, False)] * 49
    assert flags[-1] == (False, True)
    mirrored = Corridor(noise=0.0, actions=[1, 0])
    start = mirrored.reset(seed=0)[0]
    assert start == x
    assert mirrored.step(0)[0] > x


def test_corridor_noise_has_its_size():
    env = batch_env("qlib/Corridor-v0", 5000, noise=0.03)
    start = env.reset(range(5000))
    moved = (env.step(np.ones(5000, int))[0] - start).ravel()
    assert moved.mean() == pytest.approx(0.1, abs=0.003)
    assert moved.std() == pytest.approx(0.03, rel=0.08)


def test_point_mass_by_hand():
    env = PointMass1D(goal=0.3)
    x = float(env.reset(seed=1)[0][0])
    obs, reward, terminated, truncated, _ = env.step(np.array([0.5], dtype=np.float32))
    assert reward == pytest.approx(-((x - 0.3) ** 2) - 0.01 * 0.25, abs=1e-6)
    assert obs[0] == pytest.approx(x + 0.1, abs=1e-6)
    assert (terminated, truncated) == (False, False)
    beyond = env.step([5.0])  # clipped to 1
    assert beyond[0][0] == pytest.approx(x + 0.3, abs=1e-6)
    assert [env.step([1.0])[3] for _ in range(23)] == [False] * 22 + [True]


def test_point_mass_figures():
    """Straight to the goal, nothing, and random pushes: mean returns over the starts."""
    returns = []
    for policy in ("straight", "nothing", "random"):
        env, rng = BatchPointMass1D(6_000), np.random.default_rng(2)
        env.reset(range(6_000))
        total = 0
        while not env.ended.all():
            a = {
                "straight": np.clip((0.3 - env.x) / 0.2, -1, 1),
                "nothing": 0 * env.x,
                "random": rng.uniform(-1, 1, env.n_lanes),
            }[policy]
            total = total + env.step(a[:, None])[1]
        returns.append(total.mean())
    # Nothing: 25 (1/3 + 0.09) = 10.58.
    assert returns == pytest.approx([-0.91, -10.58, -11.3], abs=0.2)


def test_point_mass_optimum():
    """Dynamic programming on a grid, backwards from the time limit."""
    x, a = np.linspace(-1, 1, 801), np.linspace(-1, 1, 161)
    V = np.zeros_like(x)
    successor = np.clip(x[:, None] + 0.2 * a, -1, 1)
    for _ in range(25):
        V = (-((x[:, None] - 0.3) ** 2) - 0.01 * a**2 + np.interp(successor, x, V)).max(axis=1)
    assert np.trapezoid(V, x) / 2 == pytest.approx(-0.90, abs=0.005)


def test_bimodal_bandit():
    env = BimodalBandit()
    assert env.reset(seed=0)[0].tolist() == [1.0]
    _obs, reward, terminated, truncated, _ = env.step(np.array([0.6]))
    assert reward == pytest.approx(1.0, abs=1e-6)
    assert terminated
    assert not truncated
    assert bimodal_q(-0.5) == pytest.approx(0.6) == env.q(-0.5)
    a = np.linspace(-1, 1, 2001)
    q = bimodal_q(a)
    peaks = a[1:-1][(q[1:-1] > q[:-2]) & (q[1:-1] > q[2:])]
    assert peaks == pytest.approx([-0.5, 0.6], abs=2e-3)


def test_bimodal_q_is_differentiable_in_torch():
    torch = pytest.importorskip("torch")
    a = torch.tensor([-0.4, 0.1], dtype=torch.float64, requires_grad=True)
    bimodal_q(a).sum().backward()
    h = 1e-6
    slope = (bimodal_q(a.detach() + h) - bimodal_q(a.detach() - h)) / (2 * h)
    assert a.grad.numpy() == pytest.approx(slope.numpy(), rel=1e-6)


# Probes

BY_HAND = {  # gamma = 0.9
    "P1": [[1, 1]],
    "P2": [[-1, -1], [1, 1]],
    "P3": [[0.9, 0.9], [1, 1]],
    "P4": [[-1, 1]],
    "P5": [[1, -1], [-1, 1]],
    "P6": [[10, 10]],
}


@pytest.mark.parametrize("name", PROBES)
def test_probe_q_by_hand(name):
    q = PROBES[name]().q_star(0.9)
    assert q.dtype == np.float64
    assert q == pytest.approx(np.array(BY_HAND[name], float))


@pytest.mark.parametrize("variant", [{}, {"scale": -2.5, "flip": True, "actions": [1, 0]}])
@pytest.mark.parametrize("name", PROBES)
def test_probe_q_is_what_tabular_q_learning_finds(name, variant):
    """Independent of the formula: learn Q from the environment's own steps."""
    env, gamma = PROBES[name](**variant), 0.8
    row = {float(o[0]): i for i, o in enumerate(env.observations)}
    # Not seed 0 again: the policy would draw what the environment draws, and never match or always.
    Q, rng = np.zeros((len(row), 2)), np.random.default_rng(99)
    obs, _ = env.reset(seed=0)
    for _ in range(800):
        s, a = row[float(obs[0])], int(rng.integers(2))
        obs, reward, terminated, truncated, _ = env.step(a)
        Q[s, a] = reward + gamma * (0 if terminated else Q[row[float(obs[0])]].max())
        if terminated or truncated:
            obs, _ = env.reset()
    assert env.q_star(gamma) == pytest.approx(Q, abs=1e-9)


def test_probe_variants():
    env = PROBES["P5"](scale=3.0, flip=True, actions=[1, 0])
    assert env.observations.tolist() == [[1.0], [-1.0]]
    assert env.q_star(0.5).tolist() == [[-3.0, 3.0], [3.0, -3.0]]
    assert [name for name in PROBES] == ["P1", "P2", "P3", "P4", "P5", "P6"]


def test_loop_is_cut_and_never_ends():
    env = Loop(T=4)
    env.reset(seed=0)
    assert [env.step(0)[1:4] for _ in range(4)] == [(1.0, False, False)] * 3 + [(1.0, False, True)]
    lanes = batch_env("P6", 2, T=3)
    assert lanes.time_limit == 3
    assert batch_env("qlib/Loop-v0", 1).time_limit == 10
    for gamma in (1.0, 1.5, -0.1):
        with pytest.raises(ValueError, match="gamma"):
            env.q_star(gamma)
    assert PROBES["P3"]().q_star(1.0).tolist() == [[1, 1], [1, 1]]


# Lanes


@pytest.mark.parametrize("env_id", ALL)
def test_lane_equals_gymnasium_environment_of_the_same_seed(env_id):
    """Exactly, over several episodes, through resets that go on with the generator."""
    n, steps = 4, 450
    env, rng = batch_env(env_id, n), np.random.default_rng(4)
    assert not isinstance(env, BatchOf)
    singles = [gymnasium.make(env_id) for _ in range(n)]
    seeds = [11, 5, 2**40, 11]
    obs = env.reset(seeds)
    first = [e.reset(seed=s)[0] for e, s in zip(singles, seeds, strict=True)]
    assert np.array_equal(obs, first)
    assert obs.dtype == np.float32
    assert env.observation_space == singles[0].observation_space
    assert env.action_space == singles[0].action_space
    for _ in range(steps):
        actions, busy = actions_of(env, rng), ~env.ended
        got = env.step(actions)
        for i in np.flatnonzero(busy):
            expected = singles[i].step(actions[i])
            assert all(
                np.array_equal(part[i], e) for part, e in zip(got, expected[:4], strict=True)
            )
        over = env.ended & (rng.random(n) < 0.7)  # some lanes wait a while
        obs = env.reset_lanes(over)
        for i in np.flatnonzero(over):
            assert np.array_equal(obs[i], singles[i].reset()[0])
        assert np.array_equal(obs[~over], got[0][~over])


def test_cartpole_time_limit_and_termination_beats_it():
    free = BatchCartPole(1)
    free.reset([0])
    while not free.ended[0]:
        free.step([1])
    falls = int(free.t[0])
    assert 8 <= falls <= 12
    for limit, end in ((falls, (True, False)), (falls - 1, (False, True))):
        env = BatchCartPole(1, time_limit=limit)
        env.reset([0])
        flags = [tuple(bool(part[0]) for part in env.step([1])[2:]) for _ in range(limit)]
        assert flags == [(False, False)] * (limit - 1) + [end]


def test_finished_lane_waits_and_keeps_its_flags():
    env = BatchCatch(3, rows=3)
    env.reset([0, 1, 2])
    env.step([1, 1, 1])
    last = env.step([1, 1, 1])
    assert last[2].all()
    waiting = env.step([0, 2, 0])
    assert np.array_equal(waiting[0], last[0])
    assert waiting[2].all()
    assert not waiting[1].any()
    assert env.t.tolist() == [2, 2, 2]
    obs = env.reset_lanes(np.array([False, True, False]))
    assert env.ended.tolist() == [True, False, True]
    assert env.t.tolist() == [2, 0, 2]
    assert np.array_equal(obs[[0, 2]], last[0][[0, 2]])


def test_waiting_lane_keeps_flags_that_its_last_move_would_change():
    env = batch_env("qlib/Corridor-v0", 2, noise=0.0, time_limit=8)
    env.reset([0, 1])
    env.restore(env.state() | {"x": np.array([0.25, 0.15])})
    while not env.ended.all():
        env.step([1, 1])
    assert (env.terminated.tolist(), env.truncated.tolist()) == ([True, False], [False, True])
    env.step([0, 1])  # the first would leave the exit, the second would reach it
    assert (env.terminated.tolist(), env.truncated.tolist()) == ([True, False], [False, True])


@pytest.mark.parametrize("env_id", ALL)
def test_state_goes_on_exactly(env_id):
    env, rng = batch_env(env_id, 3), np.random.default_rng(7)
    env.reset([1, 2, 3])
    for _ in range(5):
        env.step(actions_of(env, rng))
        env.reset_lanes(env.ended)
    kept, twin = env.state(), batch_env(env_id, 3)
    plan = [actions_of(env, rng) for _ in range(60)]
    runs = []
    for which in (env, twin, env):
        assert which.restore(kept).shape[0] == 3
        seen = []
        for actions in plan:
            seen.append([x.copy() for x in which.step(actions)])
            which.reset_lanes(which.ended)
        runs.append(seen)
    for other in runs[1:]:
        for a, b in zip(runs[0], other, strict=True):
            assert all(np.array_equal(x, y) for x, y in zip(a, b, strict=True))
    with pytest.raises(ValueError, match="lanes"):
        batch_env(env_id, 2).restore(kept)
    other = "P1" if kept["env"] != "BatchProbe" else "CartPole-v1"
    with pytest.raises(ValueError, match="does not fit"):
        batch_env(other, 3).restore(kept)


def test_what_step_returns_is_never_changed_later():
    env = BatchPendulum(2)
    obs = env.reset([0, 1])
    parts = env.step(np.ones((2, 1)))
    kept = [x.copy() for x in (obs, *parts)]
    for part in parts:
        part[...] = 0
    again = BatchPendulum(2)
    again.reset([0, 1])
    again.step(np.ones((2, 1)))
    assert np.array_equal(env.step(np.ones((2, 1)))[0], again.step(np.ones((2, 1)))[0])
    assert np.array_equal(obs, kept[0])
    for ended in (BatchCatch(1, rows=2), BatchPendulum(1, time_limit=1)):
        ended.reset([0])
        zeros = np.zeros((1, *ended.action_space.shape), dtype=int)
        for part in ended.step(zeros)[2:]:
            part[...] = False
        assert ended.ended[0]


def test_lanes_refuse_bad_input():
    env = BatchCatch(2)
    for call in (lambda: env.step([0, 0]), lambda: env.reset_lanes([True, True]), env.state):
        with pytest.raises(RuntimeError, match=r"reset\(seeds\)"):
            call()
    for seeds in ([1], 3, [1, 2, 3]):
        with pytest.raises(ValueError, match="one seed for each of the 2 lanes"):
            env.reset(seeds)
    env.reset([0, 1])
    for bad in ([0], [[0], [1]], [0.0, 1.0], [0, 3], [-1, 0], [True, False]):
        with pytest.raises(ValueError, match="actions must"):
            env.step(bad)
    for mask in ([1, 0], [True], True):
        with pytest.raises(ValueError, match="bool mask"):
            env.reset_lanes(mask)
    for n in (0, 1.5, True):
        with pytest.raises(ValueError, match="n_lanes"):
            BatchCatch(n)


# Lanes of any gymnasium environment


def test_other_environments_run_one_by_one():
    env = batch_env("Acrobot-v1", 2)
    assert isinstance(env, BatchOf)
    single = gymnasium.make("Acrobot-v1")
    obs = env.reset([3, 4])
    assert np.array_equal(obs[1], single.reset(seed=4)[0])
    rng = np.random.default_rng(0)
    for _ in range(520):
        actions = rng.integers(3, size=2)
        got = env.step(actions)
        expected = single.step(int(actions[1]))
        assert np.array_equal(got[0][1], expected[0])
        assert (got[1][1], got[2][1], got[3][1]) == expected[1:4]
        over = got[2] | got[3]
        obs = env.reset_lanes(over)
        if over[1]:
            assert np.array_equal(obs[1], single.reset()[0])
    env.close()


@pytest.mark.parametrize("make", ["MountainCarContinuous-v0", lambda: Corridor(), "Acrobot-v1"])
def test_other_environments_go_on_exactly(make):
    env, rng = batch_env(make, 2), np.random.default_rng(5)
    assert isinstance(env, BatchOf)
    env.reset([8, 9])
    for _ in range(60):
        env.step(actions_of(env, rng))
        env.reset_lanes(env.ended)
    kept, twin = env.state(), batch_env(make, 2)
    plan = [actions_of(env, rng) for _ in range(60)]
    here = [env.reset_lanes(env.ended)]
    there = [twin.restore(kept)]
    for actions in plan:
        here += env.step(actions)
        there += twin.step(actions)
        here.append(env.reset_lanes(env.ended))
        there.append(twin.reset_lanes(twin.ended))
    assert all(np.array_equal(a, b) for a, b in zip(here, there, strict=True))


def test_termination_beats_the_time_limit_of_gymnasium():
    """Gymnasium's wrapper says both at once; lanes say terminated."""

    def cartpole(limit):
        return lambda: gymnasium.make("CartPole-v1", max_episode_steps=limit)

    free = batch_env(cartpole(100), 1)
    free.reset([0])
    while not free.ended[0]:
        free.step([1])
    falls = int(free.t[0])
    for limit, end in ((falls, (True, False)), (falls - 1, (False, True))):
        env = batch_env(cartpole(limit), 1)
        env.reset([0])
        for _ in range(limit):
            *_, terminated, truncated = env.step([1])
        assert (bool(terminated[0]), bool(truncated[0])) == end


def test_mujoco_in_lanes():
    pytest.importorskip("mujoco")
    env = batch_env("InvertedPendulum-v5", 2)
    single = gymnasium.make("InvertedPendulum-v5")
    assert np.array_equal(env.reset([0, 1])[0], single.reset(seed=0)[0].astype(np.float32))
    for _ in range(5):
        got, expected = env.step(np.full((2, 1), 0.1)), single.step(np.array([0.1], np.float32))
        assert np.array_equal(got[0][0], expected[0].astype(np.float32))
    kept = env.state()
    after = env.step(np.full((2, 1), -0.3))[0]
    env.restore(kept)
    assert np.array_equal(env.step(np.full((2, 1), -0.3))[0], after)


def test_environments_that_do_not_fit():
    with pytest.raises(TypeError, match="Box observations"):
        batch_env("FrozenLake-v1", 2)
