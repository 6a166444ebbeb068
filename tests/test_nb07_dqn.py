"""What the exam of 07_dqn stands on: its oracle, its logs, and that runs can be repeated."""

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from benchmarks.calibration_07 import fails, upper_limit
from benchmarks.training_logs import LETTERS
from grader.exams.dqn_oracle import (
    at_taken,
    error_slopes,
    flat,
    gradient,
    loss_value,
    random_net,
    unflat,
    values,
)
from grader.exams.dqn_step import random_batch
from grader.exams.dqn_training import PLAYED_BEST, catch_return, catch_states, recorded
from qlib.checks.nb07_dqn import CAUSES
from qlib.checks.probes.nb07_dqn import network
from qlib.train import DQNConfig, train_dqn
from qlib.training_logs import COLUMNS, healthy_logs, mystery_logs

SMALL = DQNConfig(total_steps=120, hidden=(8,), batch_size=16, learning_starts=20)


@pytest.mark.parametrize("loss", ["mse", "huber"])
def test_the_oracles_gradient_is_autograds(loss):
    rng = np.random.default_rng(0)
    net, batch = random_net(rng, [5, 12, 3]), random_batch(rng, 8, far=3.0)
    y = rng.normal(size=8)
    error = values(net, batch.obs)[np.arange(8), batch.action] - y
    mine = gradient(net, batch.obs, at_taken(error_slopes(error, loss), batch, 3))

    theirs = network(net).double()
    q = theirs(torch.tensor(batch.obs).double())[range(8), batch.action]
    kinds = {"mse": torch.nn.functional.mse_loss, "huber": torch.nn.functional.smooth_l1_loss}
    value = kinds[loss](q, torch.tensor(y))
    value.backward()
    want = torch.cat([p.grad.ravel() for p in theirs.parameters()]).numpy()
    np.testing.assert_allclose(mine, want, atol=1e-9)
    assert loss_value(error, loss) == pytest.approx(value.item())


def test_flat_and_back():
    net = random_net(np.random.default_rng(1), [4, 6, 2])
    for before, after in zip(net, unflat(flat(net), net), strict=True):
        np.testing.assert_allclose(before, after)


def test_catch_is_scored_by_its_five_starts():
    order = {"permutation": np.arange(50), "actions": np.array([2, 0, 1])}
    grid, obs = catch_states(order)
    assert obs.shape == (225, 50)
    assert len(np.unique(obs, axis=0)) == 225
    towards = np.sign(grid[:, 1] - grid[:, 2]) + 1  # left, stay, right
    shown = np.argsort(order["actions"])[towards]  # the action that means it here
    assert catch_return(np.eye(3)[shown], grid, order) == PLAYED_BEST
    assert catch_return(np.eye(3)[np.full(225, shown[0])], grid, order) < 0


def test_logs_belong_to_the_causes():
    assert sorted(LETTERS.values()) == sorted(CAUSES) == sorted(recorded())
    assert sorted(LETTERS) == list("ABCDEF")
    shown = [log for logs in mystery_logs().values() for log in logs] + healthy_logs()
    hidden = [log for logs in recorded().values() for log in logs]
    for log in [*shown, *hidden]:
        assert set(log) == set(COLUMNS)
        assert len({len(column) for column in log.values()}) == 1
    mine = {tuple(np.round(log["loss"], 6)) for log in shown}
    assert not mine & {tuple(np.round(log["loss"], 6)) for log in hidden}


def test_the_same_seed_gives_the_same_curve_bit_for_bit():
    first, second = (train_dqn("qlib/Catch-v0", SMALL, 3) for _ in range(2))
    for a, b in zip(first.q_net.parameters(), second.q_net.parameters(), strict=True):
        assert torch.equal(a, b)
    other = train_dqn("qlib/Catch-v0", replace(SMALL), 4)
    pairs = zip(first.q_net.parameters(), other.q_net.parameters(), strict=True)
    assert not all(torch.equal(a, b) for a, b in pairs)


def test_false_alarms_are_counted_right():
    assert upper_limit(0, 32) == pytest.approx(1 - 0.05 ** (1 / 32))
    assert fails(0.5) == pytest.approx(0.25)  # a median of three fair coins, twice
    assert fails(upper_limit(0, 32)) < 1e-3


def test_the_long_cartpole_measurement_is_that_of_the_benchmark():
    root = Path(__file__).resolve().parent.parent
    measured = json.loads((root / "benchmarks/deep.json").read_text())["cartpole"]
    share, always, never, back, q = {}, {}, {}, {}, {}
    for name, entry in measured.items():
        returns, steps = np.array(entry["returns"]), np.array(entry["steps"])
        late = returns[:, steps > 40_000] >= 475
        assert len(returns) == 20
        share[name], q[name] = f"{late.mean():.2f}", f"{entry['q'][-1]:.0f}"
        always[name], never[name] = late.all(axis=1).sum(), (~late).all(axis=1).sum()
        back[name] = (late[:, :-1] & ~late[:, 1:]).any(axis=1).sum()
    whole, common = "`CARTPOLE`", "`CARTPOLE_COMMON`"
    one, short = "`CARTPOLE`, one step", "`CARTPOLE`, gamma 0.99"
    source = (root / "solutions/07_dqn/07_dqn.py").read_text()
    source = re.search(r"A longer measurement(.*?)## 7.8", source, re.S)[1]
    text = " ".join(source.replace("#", " ").split())
    assert f"a share of {share[common]} reach 475 with settings close to `common`" in text
    assert f"{share[whole]} with `qlib.train.CARTPOLE`" in text
    stay, fell, out = always[whole], back[whole], never[whole]
    assert f"{stay} of the 20 seeds stay at 475 throughout, {fell} falls back, and {out} " in text
    ten = f"{common}, ten steps"
    assert f"the common settings from {share[common]} to {share[ten]}." in text
    assert f"the ten steps alone, {back[ten]} of 20 seeds fall back" in text
    for row, name in {
        "(nothing)": whole,
        "targets of one step": one,
        "a constant learning rate": "`CARTPOLE`, constant learning rate",
        "the angle as it is": "`CARTPOLE`, angle not scaled",
        r"$\gamma = 0.99$": short,
    }.items():
        assert f"| {row} | {share[name]} | {back[name]} | {never[name]} |" in text
    assert f"mean $Q$ ends at {q[one]} where" in text
    assert f"With ten it is {q[whole]}." in text
    assert never[short] == 3
    cfg = measured[whole]["cfg"]
    assert (cfg["n_step"], cfg["gamma"], cfg["env"]) == (10, 0.995, "qlib/ScaledCartPole-v0")
    assert round(1 / (1 - cfg["gamma"])) == 200
    assert f"shrinks it by {100 * (1 - cfg['gamma']):.1f} %" in text
    assert f"it has shrunk by {100 * (1 - cfg['gamma'] ** 10):.0f} %" in text
    assert f"counts only {0.99**100:.2f}" in text
