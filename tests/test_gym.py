"""The bridge to gymnasium: its own checker, its own tables, and tables made to be awkward."""

import subprocess
import sys
import warnings

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from qlib.envs import chain, cliff, gridworld34
from qlib.gym import MDPEnv, from_gymnasium
from qlib.mdp import TabularMDP
from qlib.solve import policy_iteration

IDS = ["FrozenLake-v1", "FrozenLake8x8-v1", "CliffWalking-v1", "CliffWalkingSlippery-v1", "Taxi-v4"]


@pytest.mark.parametrize("env", [gridworld34().to_env(20), chain(3).to_env(), cliff().to_env(5)])
def test_passes_gymnasiums_checker(env):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", message=".*not having a spec.*")
        check_env(env)


def test_termination_beats_truncation():
    env = MDPEnv(chain(2), time_limit=2)
    assert env.reset(seed=0) == (0, {})
    assert env.step(1) == (1, 0.0, False, False, {})
    assert env.step(1) == (2, 1.0, True, False, {})
    env.reset()
    env.step(0)
    assert env.step(0) == (0, 0.0, False, True, {})
    with pytest.raises(gymnasium.error.ResetNeeded, match="reset"):
        env.step(0)


def test_no_limit_and_start_in_the_end():
    env = chain(1).to_env()
    env.reset(seed=1)
    assert not any(env.step(0)[3] for _ in range(1000))
    ended = TabularMDP(np.ones((1, 1, 1)), np.zeros((1, 1)), 0.9, [True]).to_env(1)
    ended.reset()
    assert ended.step(0) == (0, 0.0, True, False, {})
    with pytest.raises(ValueError, match="time_limit"):
        chain(1).to_env(0)


def test_same_seed_same_episode():
    env = gridworld34().to_env(30)
    runs = []
    for _ in range(2):
        obs = [env.reset(seed=5)[0]]
        while True:
            s, _, terminated, truncated, _ = env.step(1)
            obs.append(s)
            if terminated or truncated:
                break
        runs.append(obs)
    assert runs[0] == runs[1]


@pytest.mark.parametrize("name", IDS)
def test_agrees_with_the_environments_table(name):
    """Optimal values, by a loop over the table that knows nothing of our arrays."""
    env = gymnasium.make(name)
    mdp = from_gymnasium(env, gamma=0.95)
    table = env.unwrapped.P
    values = policy_iteration(mdp).V
    reached, todo = set(), list(np.flatnonzero(env.unwrapped.initial_state_distrib))
    while todo:
        s = todo.pop()
        if s in reached:
            continue
        reached.add(s)
        best = -np.inf
        for outcomes in table[s].values():
            q = 0.0
            for p, s_next, r, ended in outcomes:
                q += p * (r + (0.0 if ended else 0.95 * values[s_next]))
                if not ended:
                    todo.append(s_next)
            best = max(best, q)
        assert values[s] == pytest.approx(best, abs=1e-9)
    assert len(reached) > 10
    assert np.array_equal(mdp.rho0, env.unwrapped.initial_state_distrib)


def test_hand_facts():
    lake = from_gymnasium("FrozenLake-v1", gamma=0.99)
    assert np.flatnonzero(lake.terminal).tolist() == [5, 7, 11, 12, 15]
    assert policy_iteration(lake).V[0] == pytest.approx(0.5420259, abs=1e-7)
    assert lake.R[14, 2] == pytest.approx(1 / 3), "the reward of arriving is kept, as its mean"
    assert from_gymnasium("CliffWalking-v1", gamma=0.99) == cliff(), "an independent cliff"
    taxi = from_gymnasium("Taxi-v4")
    assert taxi.n_states == 500
    assert taxi.terminal.sum() == 4
    assert taxi.R.max() == 20


class Awkward(gymnasium.Env):
    """State 1 ends the episode when entered by action 0, and is passed through by action 1."""

    observation_space = gymnasium.spaces.Discrete(2)
    action_space = gymnasium.spaces.Discrete(2)
    initial_state_distrib = np.array([1.0, 0.0])
    P = {  # noqa: RUF012
        0: {0: [(1.0, 1, 5.0, True)], 1: [(0.5, 1, 1.0, False), (0.5, 0, 3.0, False)]},
        1: {0: [(1.0, 0, 7.0, False)], 1: [(1.0, 1, 0.0, True)]},
    }


def test_a_state_that_ends_only_sometimes_gets_an_end_of_its_own():
    mdp = from_gymnasium(Awkward(), gamma=0.5)
    assert mdp.n_states == 3
    assert mdp.terminal.tolist() == [False, False, True]
    assert mdp.P[0, 0].tolist() == [0, 0, 1]
    assert mdp.P[0, 1].tolist() == [0.5, 0.5, 0]
    assert mdp.P[1, 0].tolist() == [1, 0, 0]
    assert mdp.R.tolist() == [[5, 2], [7, 0], [0, 0]]


def test_what_cannot_be_read_is_refused():
    for name in ("Blackjack-v1", "CartPole-v1"):
        with pytest.raises(ValueError, match="publishes no table"):
            from_gymnasium(name)
    with pytest.raises(ValueError, match="fickle"):
        from_gymnasium(gymnasium.make("Taxi-v4", fickle_passenger=True))
    nowhere = Awkward()
    nowhere.initial_state_distrib = None
    with pytest.raises(ValueError, match="give rho0"):
        from_gymnasium(nowhere)
    assert from_gymnasium(nowhere, rho0=[0.0, 1.0]).rho0.tolist() == [0, 1, 0]


def test_needs_no_pygame():
    code = (
        "import sys; sys.modules['pygame'] = None\n"
        "from qlib.gym import from_gymnasium\n"
        f"for name in {IDS}: from_gymnasium(name)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
