"""Networks: shapes, hand values, gradients, and the way of their numbers out and in."""

import subprocess
import sys

import numpy as np
import pytest
import torch
from torch import nn

from qlib.closed_book import ClosedBookError, answering
from qlib.nets import (
    LOG_STD_MAX,
    LOG_STD_MIN,
    Critic,
    GaussianActor,
    MockQ,
    QNetwork,
    TwinCritic,
    load,
    mlp,
    numpy_policy,
    state,
)


@pytest.fixture(autouse=True)
def _one_seed():
    torch.manual_seed(0)


def test_mlp_is_linear_activation_linear():
    net = mlp([2, 3, 1])
    assert [type(m) for m in net] == [nn.Linear, nn.ReLU, nn.Linear]
    with torch.no_grad():
        net[0].weight.copy_(torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]))
        net[0].bias.zero_()
        net[2].weight.copy_(torch.tensor([[1.0, 10.0, 100.0]]))
        net[2].bias.fill_(0.5)
    # hidden (2, -3, -1) -> (2, 0, 0); output 2 + 0.5, and nothing cuts a negative output
    assert net(torch.tensor([[2.0, -3.0]])).tolist() == [[2.5]]
    assert (net(torch.tensor([[-1.0, -3.0]])) == 0.5).all()
    assert [type(m) for m in mlp([2, 2, 2, 2], nn.Tanh)][1::2] == [nn.Tanh, nn.Tanh]
    for bad in ([3], [], [3, 0], [2, -1, 1]):
        with pytest.raises(ValueError, match="MLP"):
            mlp(bad)


def test_shapes():
    for B in (1, 7):
        obs, act = torch.randn(B, 4), torch.randn(B, 2)
        assert QNetwork(4, 3)(obs).shape == (B, 3)
        assert Critic(4, 2)(obs, act).shape == (B,)
        assert TwinCritic(4, 2)(obs, act).shape == (2, B)
        assert TwinCritic(4, 2, (8,), n=5)(obs, act).shape == (5, B)
        mu, log_std = GaussianActor(4, 2)(obs)
        assert mu.shape == log_std.shape == (B, 2)


def test_wrong_shapes_are_named():
    with pytest.raises(ValueError, match=r"observations must have shape \[B, 4\], not \[7, 3\]"):
        QNetwork(4, 3)(torch.zeros(7, 3))
    for net in (Critic(4, 1), TwinCritic(4, 1)):
        with pytest.raises(ValueError, match=r"actions must have shape \[B, 1\], not \[7\]"):
            net(torch.zeros(7, 4), torch.zeros(7))
    with pytest.raises(ValueError, match="observations"):
        GaussianActor(4, 1)(torch.zeros(3))
    with pytest.raises(ValueError, match="at least one critic"):
        TwinCritic(4, 1, n=0)


def test_outputs_take_any_sign_and_gradients_reach_everything():
    obs, act = torch.randn(200, 4), torch.randn(200, 2)
    for net, out in (
        (q := QNetwork(4, 3), q(obs)),
        (c := Critic(4, 2), c(obs, act)),
        (t := TwinCritic(4, 2), t(obs, act)),
        (a := GaussianActor(4, 2), torch.cat(a(obs))),
    ):
        assert out.min() < 0 < out.max()
        out.square().sum().backward()
        assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in net.parameters())


def test_twin_critics_are_independent_single_critics():
    """One product for both gives what each would give alone, values and gradients."""
    twin = TwinCritic(3, 1, (5, 6))
    obs, act = torch.randn(8, 3), torch.randn(8, 1)
    out = twin(obs, act)
    assert not torch.allclose(out[0], out[1])
    out[1].sum().backward()
    for i in range(2):
        alone = Critic(3, 1, (5, 6))
        linear = [m for m in alone.net if isinstance(m, nn.Linear)]
        with torch.no_grad():
            for own, stacked in zip(linear, twin.layers, strict=True):
                own.weight.copy_(stacked.weight[i].T)
                own.bias.copy_(stacked.bias[i, 0])
        value = alone(obs, act)
        assert torch.allclose(value, out[i], atol=1e-6)
        value.sum().backward()
        for own, stacked in zip(linear, twin.layers, strict=True):
            expected = own.weight.grad.T if i == 1 else torch.zeros_like(own.weight.grad.T)
            assert torch.allclose(stacked.weight.grad[i], expected, atol=1e-5)


def test_twin_critic_starts_as_linear_layers_do():
    weights = TwinCritic(99, 1, (400,)).layers[0].weight.detach()
    assert float(weights.abs().max()) == pytest.approx(0.1, rel=1e-2)
    assert float(weights.std()) == pytest.approx(0.1 / np.sqrt(3), rel=1e-2)


def test_actor_clamps_log_std():
    actor = GaussianActor(1, 2)
    with torch.no_grad():
        actor.net[-1].bias[2:] = torch.tensor([100.0, -100.0])
    log_std = actor(torch.zeros(1, 1))[1]
    assert log_std.tolist() == [[LOG_STD_MAX, LOG_STD_MIN]]


def test_networks_map_over_stacked_parameters():
    """What the training of many seeds at once needs: `torch.func` takes every network."""
    obs, act = torch.randn(3, 6, 4), torch.randn(3, 6, 2)
    for make, args in (
        (lambda: QNetwork(4, 3), (obs,)),
        (lambda: TwinCritic(4, 2), (obs, act)),
        (lambda: GaussianActor(4, 2), (obs,)),
    ):
        nets = [make() for _ in range(3)]
        params, buffers = torch.func.stack_module_state(nets)

        def call(p, b, *x, net=nets[0]):
            return torch.func.functional_call(net, (p, b), x)

        mapped = torch.func.vmap(call)(params, buffers, *args)
        for i, net in enumerate(nets):
            alone = net(*(x[i] for x in args))
            pairs = (
                zip(mapped, alone, strict=True) if isinstance(alone, tuple) else [(mapped, alone)]
            )
            assert all(torch.allclose(m[i], a, atol=1e-6) for m, a in pairs)


# MockQ

TABLE = [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]


@pytest.mark.parametrize(
    "obs",
    [
        torch.tensor([2, 0, 2]),
        torch.tensor([2.0, 0.0, 2.0]),
        torch.tensor([[2.0], [0.0], [2.0]]),
        torch.eye(3)[[2, 0, 2]],
        torch.tensor([2, 0, 2], dtype=torch.int32),
    ],
)
def test_mock_q_reads_rows(obs):
    q = MockQ(TABLE)
    out = q(obs)
    assert out.tolist() == [[5, 6], [1, 2], [5, 6]]
    assert q.grads is None
    out[:, 1].sum().backward()
    assert q.grads.tolist() == [[0, 1], [0, 0], [0, 2]]
    assert len(q.calls) == 1
    assert torch.equal(q.calls[0], obs)


def test_mock_q_keeps_nothing_of_others():
    source, obs = torch.tensor(TABLE), torch.tensor([0])
    q = MockQ(source)
    q(obs)
    source.zero_()
    obs += 1
    assert q.table.tolist() == TABLE
    assert q.calls[0].tolist() == [0]
    assert MockQ(np.array(TABLE)).table.dtype == torch.float64
    assert q.table.dtype == torch.float32
    one = MockQ([[7.0, 8.0]])
    assert one(torch.tensor([[0.0], [1.0]])).tolist() == [[7, 8], [7, 8]]
    assert one(torch.tensor([0, 0])).tolist() == [[7, 8], [7, 8]]
    for wrong in (torch.tensor([[0.5]]), torch.tensor([[2.0]]), torch.tensor([1])):
        with pytest.raises(ValueError, match="row"):
            one(wrong)


@pytest.mark.parametrize(
    "obs", [torch.tensor(1), torch.tensor([3]), torch.tensor([-1]), torch.tensor([0.5]),
            torch.zeros(2, 2), torch.zeros(1, 2, 3), torch.tensor([True])],
)  # fmt: skip
def test_mock_q_refuses_what_names_no_row(obs):
    with pytest.raises(ValueError, match="row"):
        MockQ(TABLE)(obs)
    for table in ([1.0, 2.0], np.zeros((0, 2)), np.zeros((2, 2, 2))):
        with pytest.raises(ValueError, match="table"):
            MockQ(table)


# Numbers out and in


def test_state_is_a_copy_and_load_is_its_inverse():
    first, second = QNetwork(3, 2, (4,)), QNetwork(3, 2, (4,))
    kept = state(first)
    assert all(isinstance(v, np.ndarray) for v in kept.values())
    load(second, kept)
    obs = torch.randn(5, 3)
    assert torch.equal(first(obs), second(obs))
    for value in kept.values():
        value += 1
    assert torch.equal(first(obs), second(obs))


def test_load_checks_everything_before_it_changes_anything():
    net = QNetwork(3, 2, (4,))
    before, kept = state(net), state(net)
    name = "net.0.weight"
    for bad, message in (
        ({k: v for k, v in kept.items() if k != name}, "missing"),
        (kept | {"more": np.zeros(1)}, "not known"),
        (kept | {name: kept[name].T}, r"shape \(4, 3\)"),
        (kept | {name: kept[name] * np.nan}, "not finite"),
        (kept | {name: np.full((4, 3), "x")}, name),
    ):
        changed = {k: v + 1 if k != name and v.dtype.kind == "f" else v for k, v in bad.items()}
        with pytest.raises(ValueError, match=message):
            load(net, changed)
    assert all(np.array_equal(before[k], v) for k, v in state(net).items())


@pytest.mark.parametrize("activation", [nn.ReLU, nn.Tanh])
def test_numpy_policy_equals_torch_on_shared_weights(activation):
    net = mlp([4, 16, 16, 3], activation)
    act = numpy_policy(net)
    rng = np.random.default_rng(0)
    optimiser = torch.optim.Adam(net.parameters(), lr=0.05)
    for shape in ((4,), (1, 4), (9, 4), (2, 3, 4)):
        obs = rng.standard_normal(shape).astype(np.float32)
        kept = obs.copy()
        with torch.no_grad():
            expected = net(torch.from_numpy(obs)).numpy()
        assert act(obs) == pytest.approx(expected, abs=1e-5)
        assert act(obs).dtype == np.float32
        assert np.array_equal(obs, kept)
        net(torch.from_numpy(obs)).square().sum().backward()
        optimiser.step()  # the weights moved, the policy with them
    load(net, state(mlp([4, 16, 16, 3], activation)))
    with torch.no_grad():
        assert act(obs) == pytest.approx(net(torch.from_numpy(obs)).numpy(), abs=1e-5)


def test_numpy_policy_of_modules():
    obs = np.ones((2, 3), dtype=np.float32)
    actor = GaussianActor(3, 2)
    with torch.no_grad():
        mu, log_std = actor(torch.from_numpy(obs))
    out = numpy_policy(actor)(obs)
    assert out[:, :2] == pytest.approx(mu.numpy(), abs=1e-6)
    assert out[:, 2:] == pytest.approx(log_std.numpy(), abs=1e-6)
    assert numpy_policy(QNetwork(3, 2))(obs).shape == (2, 2)
    for net in (TwinCritic(3, 1), nn.Sequential(nn.Linear(2, 2), nn.Sigmoid()), MockQ(TABLE),
                nn.Sequential(nn.ReLU(), nn.Linear(2, 2))):  # fmt: skip
        with pytest.raises(TypeError, match="Linear, ReLU and Tanh"):
            numpy_policy(net)


# Closed book


@pytest.mark.parametrize(
    ("exercise", "make"),
    [
        ("DiscreteQ", lambda: QNetwork(2, 2)),
        ("ContinuousQ", lambda: Critic(2, 1)),
        ("ContinuousQ", lambda: TwinCritic(2, 1)),
    ],
)
def test_closed_book(exercise, make):
    make()
    with answering(exercise), pytest.raises(ClosedBookError, match=f"`{exercise}` asks"):
        make()
    with answering("dqn_targets"):
        make()


def test_qlib_starts_without_torch():
    code = "import sys, qlib, qlib.envs, qlib.envs.deep; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
