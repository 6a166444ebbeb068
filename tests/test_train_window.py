"""Transitions over n steps: by hand, at the end of an episode, side by side, and resumed."""

import dataclasses

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from qlib import train
from qlib.train.window import Window


def play(window, steps):
    """What comes out of rewards and ends: observation k is [k], its successor [k + 1]."""
    out = []
    for k, (reward, terminated, truncated) in enumerate(steps):
        row = window.push([k], k % 2, reward, [k + 1], terminated, terminated or truncated)
        out.append(None if row is None else tuple(float(np.squeeze(x)) for x in row))
    return out


def test_three_steps_by_hand():
    go, fall = (1.0, False, False), (4.0, True, False)
    rows = play(Window(3, 0.5, 1), [go, go, go, fall, go, go])
    assert rows[:2] == [None, None]
    assert rows[2] == (0, 0, 1 + 0.5 + 0.25, 3, 0)
    assert rows[3] == (1, 1, 1 + 0.5 + 1.0, 4, 1)
    assert rows[4] == (2, 0, 1 + 2.0, 4, 1)  # the sum ends where the episode does
    assert rows[5] == (3, 1, 4, 4, 1)


def test_where_the_clock_cuts_the_last_whole_transition_comes_again():
    go, cut = (1.0, False, False), (1.0, False, True)
    rows = play(Window(2, 0.5, 1), [go, go, cut, go, go])
    assert rows[2] == (1, 1, 1.5, 3, 0)
    assert rows[3] == rows[2]  # from 2 there is only one step
    assert rows[4] == (3, 1, 1.5, 5, 0)


def test_episodes_shorter_than_n_are_told():
    with pytest.raises(ValueError, match="n_step = 3"):
        play(Window(3, 0.9, 1), [(1.0, False, True)] * 5)


@settings(max_examples=40, deadline=None)
@given(
    st.integers(1, 4),
    st.lists(st.tuples(st.integers(-2, 2), st.sampled_from("...tc")), min_size=8, max_size=25),
    st.lists(st.tuples(st.integers(-2, 2), st.sampled_from("...tc")), min_size=8, max_size=25),
)
def test_runs_side_by_side_are_runs_alone_and_sums_are_sums(n, one, two):
    gamma, length = 0.8, min(len(one), len(two))
    whole = [(1, ".")] * n  # so that there is a whole transition before the first cut
    worlds = [whole + one[:length], whole + two[:length]]
    steps = [[(r, end == "t", end == "c") for r, end in world] for world in worlds]
    alone = [play(Window(n, gamma, 1), each) for each in steps]
    window = Window(n, gamma, 1, runs=2)
    for k, both in enumerate(zip(*steps, strict=True)):
        reward, terminated, truncated = (np.array(x) for x in zip(*both, strict=True))
        obs = np.full((2, 1), k)
        row = window.push(obs, [k % 2] * 2, reward, obs + 1, terminated, terminated | truncated)
        for run in (0, 1):
            shown = None if row is None else tuple(float(np.squeeze(x[run])) for x in row)
            assert shown == alone[run][k]
            if shown:
                first, last = int(shown[0]), int(shown[3])
                rewards = [r for r, *_ in steps[run][first:last]]
                assert shown[2] == pytest.approx(sum(gamma**i * r for i, r in enumerate(rewards)))
                assert shown[4] or last - first == n
                assert not any(end or cut for _, end, cut in steps[run][first : last - 1])


CFG = train.DQNConfig(total_steps=160, learning_starts=70, train_every=1, hidden=(16,), n_step=4)
QUIET = {"progress": False, "eval_every": 80, "eval_episodes": 2}


def test_the_update_sees_gamma_to_the_n():
    seen = set()

    def update(q_net, target_net, opt, batch, cfg):
        seen.add(cfg.gamma)
        assert batch.reward.max() <= 1 + 0.9 + 0.81 + 0.729 + 1e-6
        assert (batch.reward[batch.terminated == 0] > 3).all()
        return train.dqn_update(q_net, target_net, opt, batch, cfg)

    train.train_dqn("CartPole-v1", CFG, 0, update=update, **QUIET)
    assert seen == {0.9**4}


def test_a_stored_run_goes_on_exactly(tmp_path):
    whole = train.train_dqn("CartPole-v1", CFG, 1, **QUIET)
    half = train.train_dqn("CartPole-v1", CFG, 1, until=83, **QUIET)
    run = train.load(train.save(half, tmp_path / "half.npz"), "CartPole-v1")
    train.train_dqn("CartPole-v1", CFG, run=run, **QUIET)
    for p, other in zip(whole.q_net.parameters(), run.q_net.parameters(), strict=True):
        assert torch.equal(p, other)


def test_a_first_batch_needs_its_transitions():
    with pytest.raises(ValueError, match="n_step = 5"):
        dataclasses.replace(CFG, batch_size=64, learning_starts=66, n_step=5)
