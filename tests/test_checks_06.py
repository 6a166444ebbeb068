"""The oracles of the exam of 06_parametric_q, by hand and against other methods."""

import numpy as np
import pytest
import torch

from grader.exams import load, parametric_losses, parametric_nets, parametric_targets
from grader.exams.parametric_linear import Fits, Step, after, by_fit, fork, some_fits, star
from grader.exams.parametric_replay import (
    Memory,
    expect_lengths,
    expect_separate_draws,
    expect_variety,
    rows_needed,
    some_rows,
)
from grader.exams.parametric_robust import by_slopes, resting
from qlib import envs
from qlib.checks import Failed, LocalCaller, run_checks
from qlib.checks.probes import find
from qlib.nets import QNetwork
from qlib.replay import Replay

EXAM = load("06_parametric_q")


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_the_exam_has_50_points():
    assert sum(exercise.points for exercise in EXAM.values()) == 50
    wanted = {"DiscreteQ": 3, "ContinuousQ": 3, "td_loss": 10, "full_gradient_loss": 2}
    wanted |= {"linear_td_step": 4, "w2w_factor": 1, "w2w_threshold": 1, "fqi_linear": 3}
    wanted |= {"hard_update": 2, "soft_update": 3, "matching_tau": 2, "clip_grads": 3}
    wanted |= {"huber": 1.5, "mse_vs_huber_min": 1.5, "ReplayBuffer": 10}
    assert {exercise.name: exercise.points for exercise in EXAM.values()} == wanted
    for exercise in EXAM.values():
        assert all(check.hint and check.points > 0 for check in exercise.checks), exercise.id


# Networks


def test_gradients_of_the_written_out_network_are_those_of_torch():
    net = parametric_nets.Net.draw(rng(), [3, 7, 5, 2])
    x, c = rng(1).normal(size=(4, 3)), rng(2).normal(size=(4, 2))
    W = [torch.tensor(w.astype(float), requires_grad=True) for w in net.W]
    b = [torch.tensor(v.astype(float), requires_grad=True) for v in net.b]
    h = X = torch.tensor(x, requires_grad=True)
    for k in range(3):
        h = h @ W[k] + b[k]
        h = torch.relu(h) if k < 2 else h
    (h * torch.tensor(c)).sum().backward()
    dW, db, dx = net.gradients(x, c)
    np.testing.assert_allclose(net.out(x), h.detach(), atol=1e-12)
    for mine, theirs in zip([*dW, *db, dx], [*W, *b, X], strict=True):
        np.testing.assert_allclose(mine, theirs.grad, atol=1e-12)


def test_a_layout_is_found_in_any_order_and_form():
    layout = parametric_nets.layout_of([[5], [4, 5], [5, 3], [4]], [3, 5, 4])
    W, b = [np.zeros((3, 5)), np.ones((5, 4))], [np.zeros(5), np.ones(4)]
    assert [x.shape for x in layout.order(W, b)] == [(5,), (4, 5), (5, 3), (4,)]
    layout = parametric_nets.layout_of([[3, 5], [5], [4], [5, 4]], [3, 5, 4])
    assert [x.shape for x in layout.order(W, b)] == [(3, 5), (5,), (4,), (5, 4)]


@pytest.mark.parametrize(
    ("shapes", "words"),
    [
        (None, "not a torch module"),
        ([], "invisible"),
        ([[4, 5], [4]], "invisible"),
        ([[5, 3], [4, 5]], "no bias"),
        ([[5, 2], [5], [4, 5], [4]], "as many inputs"),
        ([[9, 3], [9], [4, 9], [4]], "hidden layer"),
        ([[5, 3], [5], [6, 5], [6]], "number of outputs"),
    ],
)
def test_a_wrong_layout_is_named(shapes, words):
    with pytest.raises(Failed) as found:
        parametric_nets.layout_of(shapes, [3, 5, 4])
    assert words in found.value.symptom + found.value.cause


# Losses


@pytest.mark.parametrize("kind", ["mse", "huber"])
@pytest.mark.parametrize("both", [False, True])
def test_steps_of_the_loss_follow_its_differences(kind, both):
    """The slope in each table entry, by central differences of the loss itself."""
    case = parametric_losses.a_regression(rng(3), ended=0.4, same=True, kind=kind, both=both)
    held = case.values("next_obs", -1).max(axis=1)

    def loss(table: np.ndarray) -> float:
        q = case.batch["obs"].astype(float) @ table
        future = (case.batch["next_obs"].astype(float) @ table).max(axis=1) if both else held
        rows = np.arange(len(q))
        y = case.batch["reward"] + case.gamma * case.mask * future
        return float(case.pieces(q[rows, case.batch["action"]] - y).mean())

    table = case.tables[0].astype(float)
    slope = np.zeros_like(table)
    for at in np.ndindex(*table.shape):
        up, down = table.copy(), table.copy()
        up[at] += 1e-5
        down[at] -= 1e-5
        slope[at] = (loss(up) - loss(down)) / 2e-5
    (stepped,) = case.stepped(target=both)
    np.testing.assert_allclose(stepped, table - case.lr * slope, atol=1e-6)


def test_the_loss_by_hand():
    batch = {
        "obs": np.array([[1.0, 0.0]], np.float32),
        "action": np.array([0]),
        "reward": np.array([1.0], np.float32),
        "next_obs": np.array([[0.0, 1.0]], np.float32),
        "terminated": np.array([False]),
    }
    tables = [np.array([[1.0, 2.0], [0, 0]]), np.array([[0.0, 0.0], [3, 4]])]
    assert parametric_losses.Regression(tables, batch, 0.5).loss() == 4.0
    assert parametric_losses.Regression(tables, batch, 0.5, "huber").loss() == 1.5


# Linear functions


def test_many_sweeps_by_a_power_are_many_sweeps():
    for world in (star, fork):
        for mode in ("semi", "residual"):
            w, rows = world(rng(4))
            one = w
            for _ in range(7):
                steps = [(p, Step(one, *rest, 0.3, mode)) for p, *rest in rows]
                one = sum(p * step.right() for p, step in steps)
            np.testing.assert_allclose(after(w, rows, 0.3, mode, 7), one, rtol=1e-10)


def test_bairds_star_grows_as_in_the_literature():
    world = envs.baird()
    rows = [(1 / 7, world.phi[s], world.phi[6], 0.0, 0.99, False) for s in range(7)]
    norms = [np.linalg.norm(after(world.w0, rows, 0.01, "semi", n)) for n in (100, 500, 1000)]
    np.testing.assert_allclose(norms, [16.83, 101.2, 436.9], rtol=1e-3)
    growth = [np.linalg.norm(after(world.w0, rows, 0.01, "semi", n)) for n in (2000, 2001)]
    assert 1.0020 < growth[1] / growth[0] < 1.0030


def test_factor_and_fits_by_hand():
    assert by_fit(0.9, 0.0) == pytest.approx(1.08)
    Phi, Phi2, none = np.array([[1.0], [2.0]]), np.array([[2.0], [2.0]]), np.zeros(2)
    fits = Fits(Phi, Phi2, none, 0.9, none > 0, np.ones(1), 2)
    np.testing.assert_allclose(fits.iterate()[:, 0], [1, 1.08, 1.1664])
    case = some_fits(rng(5), n=1, ended=0.5)
    y = case.r + case.gamma * np.where(case.term, 0, case.Phi2 @ case.w0)
    np.testing.assert_allclose(case.iterate()[1], np.linalg.lstsq(case.Phi, y, rcond=None)[0])


def test_ridge_is_known_by_what_it_leaves():
    case = some_fits(rng(5), n=3)
    shrunk = case.iterate(penalty=0.3)
    np.testing.assert_allclose(case.ridge(shrunk), shrunk)
    np.testing.assert_allclose(case.ridge(case.iterate()), case.iterate())
    assert np.abs(case.ridge(shrunk + 0.1) - shrunk - 0.1).max() > 1e-3


# Targets, clipping, Huber


def test_mixtures():
    q, target = parametric_targets.a_state(rng(6)), parametric_targets.a_state(rng(7))
    mixed = parametric_targets.mixed(q, target, 0.25)
    assert mixed["0.bias"] == pytest.approx(0.25 * q["0.bias"] + 0.75 * target["0.bias"])
    assert mixed["1.running_mean"] == pytest.approx(q["1.running_mean"])
    assert mixed["1.num_batches_tracked"] == q["1.num_batches_tracked"]


def test_huber_and_where_it_rests_by_hand():
    x = np.array([0.5, -3.0, 2.0])
    np.testing.assert_allclose(by_slopes(x, 1.0), [0.125, 2.5, 1.5])
    np.testing.assert_allclose(by_slopes(x, 2.0), [0.125, 4.0, 2.0])
    mse, best = resting(np.array([10.0, 1.0]), np.array([0.9, 0.1]))
    assert mse == pytest.approx(9.1)
    assert best == pytest.approx(10 - 1 / 9, abs=1e-6)


def test_rates_taken_for_others():
    q, target = parametric_targets.a_state(rng(6)), parametric_targets.a_state(rng(7))
    after = parametric_targets.after_steps([(q, target), (q, q)], [0.0, 0.5], {0.0: 1.0})
    assert after["0.bias"] == pytest.approx(q["0.bias"])


# Replay


def test_rows_are_recognised_and_strangers_are_not():
    rows = some_rows(rng(8), 6, (2,))
    assert len(set(rows["reward"].tolist())) == 6
    assert not (rows["terminated"] & rows["truncated"]).any()
    batch = {k: rows[k][[4, 2]] for k in ("obs", "action", "reward", "next_obs", "terminated")}
    memory = Memory(rows, 2, 6)
    assert memory.indices(batch, 2, (2,)).tolist() == [4, 2]
    with pytest.raises(Failed, match="which is gone"):
        Memory(rows, 3, 6).indices(batch, 2, (2,))
    with pytest.raises(Failed, match="never added"):
        memory.indices(batch | {"reward": np.array([99.0, 1.0])}, 2, (2,))


def test_enough_draws_for_every_row():
    for n in (1, 3, 8):
        assert (1 - 1 / n) ** rows_needed(n) <= 1e-9


def test_batches_of_one_piece_or_of_one_row_are_no_separate_draws():
    chance, block = rng(9), np.arange(4)
    starts = chance.integers(8, size=(400, 1))
    for places, words in (
        ((starts + block) % 8, "one after the other"),
        (starts + 0 * block, "several times"),
    ):
        with pytest.raises(Failed, match=words):
            expect_separate_draws(places, 8)
    expect_separate_draws(chance.integers(8, size=(400, 4)), 8)
    subsets = np.sort([chance.permutation(8)[:4] for _ in range(400)])
    expect_separate_draws(subsets, 8)
    expect_variety([[np.array([3, 3])], [np.array([2, 3])]])
    with pytest.raises(Failed, match="One and the same"):
        expect_variety([[np.array([3, 3])], [np.array([2, 2]), np.array([2])]])


def test_a_wrong_length_is_named_only_if_one_cause_explains_all():
    expect_lengths([(2, 0, 0), (2, 1, 1), (2, 5, 2)])
    for told, words in (
        ([(1, 2, 2), (2, 5, 5)], "all that was ever added"),
        ([(1, 2, 1), (2, 1, 2), (2, 0, 2)], "the capacity, not"),
        ([(2, 5, 1), (3, 2, 2), (3, 6, 0)], "runs round"),
        ([(1, 1, 2), (3, 7, 3)], ""),
    ):
        with pytest.raises(Failed) as found:
            expect_lengths(told)
        assert words in found.value.cause
        assert bool(words) == bool(found.value.cause)


def test_finished_versions_of_the_classes_are_refused():
    for name, function in (("DiscreteQ", QNetwork), ("ReplayBuffer", Replay)):
        exercise = EXAM[f"06_parametric_q/{name}"]
        report = run_checks(exercise, LocalCaller({name: function}, quiet=True), 1)
        assert report.points == 0
        assert "already contains a finished version" in report.text()


def test_probes_report_what_they_are_asked():
    said = find("nb06_parametric_q.clip")(lambda params, m: 7.0, {}, [(2,)], [None], 1.0, True)
    assert said == {"norm": 7.0, "gradients": [None]}
    said = find("nb06_parametric_q.loss_step")(
        lambda q, qt, batch, gamma, kind: 3.0,
        {},
        [np.zeros((2, 2), np.float32)],
        {k: np.zeros(1) for k in ("obs", "action", "reward", "next_obs", "terminated")},
        0.9,
        "mse",
        0.1,
    )
    assert said == {"loss": 3.0, "tables": None}
