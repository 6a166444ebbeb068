"""Replay: a ring by hand, then many runs, exact resume, and a GPU where there is one."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from qlib.closed_book import ClosedBookError, answering
from qlib.replay import Batch, Replay

DEVICES = ["cpu", pytest.param("cuda", marks=pytest.mark.skipif(
    not torch.cuda.is_available(), reason="no CUDA device"))]  # fmt: skip


def numbered(k, **changes):
    """Transition number k: obs (k, -k), action k, reward 10 k, next obs (k+1, -k-1)."""
    parts = {"obs": [k, -k], "action": k, "reward": 10 * k, "next_obs": [k + 1, -k - 1]}
    return parts | {"terminated": k % 2 == 0} | changes


def actions_in(buffer):
    """The actions of everything that is stored, in the order of storage."""
    return buffer.at(np.arange(len(buffer))).action.tolist()


@pytest.mark.parametrize("device", DEVICES)
def test_ring_by_hand(device):
    buffer = Replay(3, 2, device=device)
    assert len(buffer) == 0
    for k in range(5):
        buffer.add(**numbered(k))
        assert len(buffer) == min(k + 1, 3)
    assert sorted(actions_in(buffer)) == [2, 3, 4]
    batch = buffer.at([0, 1, 2])
    assert isinstance(batch, Batch)
    k = batch.action
    assert torch.equal(batch.obs, torch.stack([k, -k], 1).float())
    assert torch.equal(batch.next_obs, torch.stack([k + 1, -k - 1], 1).float())
    assert torch.equal(batch.reward, 10.0 * k)
    assert torch.equal(batch.terminated, (k % 2 == 0).float())
    assert [x.dtype for x in batch] == [torch.float32, torch.int64, *[torch.float32] * 3]
    assert [tuple(x.shape) for x in batch] == [(3, 2), (3,), (3,), (3, 2), (3,)]
    assert {x.device.type for x in batch} == {device}


def test_continuous_actions_and_shapes():
    buffer = Replay(4, (2, 3), (2,))
    obs = np.arange(6.0).reshape(2, 3)
    buffer.add(obs, [0.5, -0.5], 1.0, obs + 1, False)
    batch = buffer.sample(1, np.random.default_rng(0))
    assert batch.obs.tolist() == [obs.tolist()]
    assert batch.next_obs.tolist() == [(obs + 1).tolist()]
    assert batch.action.tolist() == [[0.5, -0.5]]
    assert batch.action.dtype == torch.float32
    assert Replay(1, 1, action_dtype=np.int32).action_dtype == np.int32


def test_everything_is_copied():
    obs, after = np.zeros(2), np.ones(2)
    buffer = Replay(2, 2)
    buffer.add(obs, 1, 0.0, after, False)
    obs += 7
    after += 7
    batch = buffer.at([0])
    assert batch.obs.tolist() == [[0, 0]]
    assert batch.next_obs.tolist() == [[1, 1]]
    for part in batch:
        part.zero_()
    assert buffer.at([0]).next_obs.tolist() == [[1, 1]]


def test_sample_is_uniform_and_reproducible():
    buffer = Replay(10, 2)
    for k in range(17):
        buffer.add(**numbered(k))
    rng = np.random.default_rng(0)
    drawn = np.concatenate([buffer.sample(10, rng).action.numpy() for _ in range(3000)])
    counts = np.bincount(drawn, minlength=17)
    assert not counts[:7].any()
    chi2 = ((counts[7:] - 3000) ** 2 / 3000).sum()
    assert chi2 < 50  # 9 degrees of freedom: beyond this with probability 1e-7
    one, two = (buffer.sample(5, np.random.default_rng(3)) for _ in range(2))
    assert all(torch.equal(a, b) for a, b in zip(one, two, strict=True))


def test_add_many_is_add_in_order():
    one, many = Replay(5, 2), Replay(5, 2)
    for begin, end in ((0, 3), (3, 7), (7, 7), (7, 19), (19, 20)):
        steps = [numbered(k) for k in range(begin, end)]
        for step in steps:
            one.add(**step)
        stacked = {name: np.array([step[name] for step in steps]) for name in numbered(0)}
        if not steps:
            stacked["obs"] = stacked["next_obs"] = np.zeros((0, 2))
        many.add_many(**stacked)
        assert actions_in(one) == actions_in(many)
        assert len(one) == len(many)


@settings(max_examples=60, deadline=None)
@given(capacity=st.integers(1, 7), sizes=st.lists(st.integers(0, 9), max_size=6))
def test_holds_exactly_the_last_transitions(capacity, sizes):
    buffer, k = Replay(capacity, 1), 0
    for size in sizes:
        ks = np.arange(k, k + size)
        buffer.add_many(ks[:, None], ks, ks, ks[:, None] + 1, np.zeros(size, bool))
        k += size
    assert len(buffer) == min(k, capacity)
    assert sorted(actions_in(buffer)) == list(range(max(0, k - capacity), k))


@pytest.mark.parametrize("device", DEVICES)
def test_runs_are_separate_buffers(device):
    n, rng = 3, np.random.default_rng(0)
    together = Replay(6, 2, (1,), runs=n, device=device)
    alone = [Replay(6, 2, (1,), device=device) for _ in range(n)]
    for _ in range(4):  # one each, then three each
        obs, after = rng.standard_normal((2, n, 2))
        action, reward = rng.standard_normal((n, 1)), rng.standard_normal(n)
        ended = rng.random(n) < 0.5
        together.add(obs, action, reward, after, ended)
        for i, buffer in enumerate(alone):
            buffer.add(obs[i], action[i], reward[i], after[i], ended[i])
    obs, after = rng.standard_normal((2, n, 3, 2))
    action, reward = rng.standard_normal((n, 3, 1)), rng.standard_normal((n, 3))
    ended = rng.random((n, 3)) < 0.5
    together.add_many(obs, action, reward, after, ended)
    for i, buffer in enumerate(alone):
        buffer.add_many(obs[i], action[i], reward[i], after[i], ended[i])
    assert len(together) == 6
    batch = together.sample(5, [np.random.default_rng(s) for s in range(n)])
    assert [tuple(x.shape) for x in batch] == [(3, 5, 2), (3, 5, 1), (3, 5), (3, 5, 2), (3, 5)]
    for i, buffer in enumerate(alone):
        single = buffer.sample(5, np.random.default_rng(i))
        assert all(torch.equal(a[i], b) for a, b in zip(batch, single, strict=True))
    shared = together.sample(5, np.random.default_rng(0))
    assert shared.reward.shape == (3, 5)


@pytest.mark.parametrize("runs", [None, 2])
@pytest.mark.parametrize("filled", [0, 2, 9])
def test_state_goes_on_exactly(runs, filled):
    lead = () if runs is None else (runs,)
    first, second = Replay(4, 1, runs=runs), Replay(4, 1, runs=runs)
    rng = np.random.default_rng(0)

    def step(*buffers):
        parts = [rng.random((*lead, 1)), rng.integers(3, size=lead), rng.random(lead)]
        parts += [rng.random((*lead, 1)), rng.random(lead) < 0.5]
        for buffer in buffers:
            buffer.add(*parts)

    for _ in range(filled):
        step(first)
    kept = first.state()
    step(second)  # something else, to be overwritten
    second.restore(kept)
    assert len(first) == len(second) == min(filled, 4)
    for _ in range(3):
        step(first, second)
    a, b = (x.at(np.broadcast_to(np.arange(len(x)), (*lead, len(x)))) for x in (first, second))
    assert all(torch.equal(x, y) for x, y in zip(a, b, strict=True))
    second.restore(kept)  # what was handed out is still as it was
    assert len(second) == min(filled, 4)
    for other in (Replay(5, 1, runs=runs), Replay(4, 2, runs=runs), Replay(4, 1, runs=3)):
        with pytest.raises(ValueError, match="this buffer"):
            other.restore(kept)


def test_bad_input_is_named_and_nothing_is_stored():
    buffer = Replay(3, 2)
    for changes, message in (
        ({"obs": [1, 2, 3]}, r"obs must have shape \(2,\), not \(3,\)"),
        ({"next_obs": 1.0}, "next_obs"),
        ({"action": [1]}, "action"),
        ({"reward": [1.0]}, "reward"),
        ({"terminated": [False]}, "terminated"),
        ({"obs": [np.nan, 0]}, "not finite"),
        ({"reward": np.inf}, "not finite"),
    ):
        with pytest.raises(ValueError, match=message):
            buffer.add(**numbered(1, **changes))
    assert len(buffer) == 0
    with pytest.raises(ValueError, match="0 stored"):
        buffer.sample(1, np.random.default_rng(0))
    buffer.add(**numbered(1))
    for size in (0, 2):
        with pytest.raises(ValueError, match=f"a batch of {size} from 1 stored"):
            buffer.sample(size, np.random.default_rng(0))
    for index in ([1], [-1], [[0]], 0):
        with pytest.raises(ValueError, match="index"):
            buffer.at(index)
    with pytest.raises(ValueError, match=r"rewards must have shape \(K\)"):
        buffer.add_many(**numbered(1))
    with pytest.raises(ValueError, match="generators"):
        buffer.sample(1, [np.random.default_rng(0)])
    for capacity in (0, -1, 1.5, True):
        with pytest.raises(ValueError, match="capacity"):
            Replay(capacity, 1)
    with pytest.raises(ValueError, match="runs"):
        Replay(1, 1, runs=0)


def test_batch_moves():
    buffer = Replay(1, 2)
    buffer.add(**numbered(0))
    assert buffer.at([0]).to("meta").obs.device.type == "meta"


def test_closed_book():
    with answering("ReplayBuffer"), pytest.raises(ClosedBookError, match="Replay"):
        Replay(3, 2)
    with answering("train_dqn"):
        Replay(3, 2)
