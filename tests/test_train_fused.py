"""An MLP of many seeds as one operation: the same outputs and gradients as layer by layer."""

import pytest
import torch
from torch import nn

from qlib.nets import Critic, GaussianActor, QNetwork, TwinCritic, mlp
from qlib.train import fused
from qlib.train.mapped import Mapped
from qlib.train.rules import CannotMapError
from qlib.train.stacked import MappedAdam, MappedNet

R, B = 3, 5


def side_by_side(make):
    torch.manual_seed(0)
    nets = [make() for _ in range(R)]
    side = MappedNet(nets)
    return nets, side, Mapped([side], [MappedAdam(side, 1e-3)], R)


@pytest.fixture
def count(monkeypatch):
    calls = []

    def apply_mlp(*args):
        calls.append(1)
        return fused.apply_mlp(*args)

    monkeypatch.setattr("qlib.train.stacked.apply_mlp", apply_mlp)
    return calls


def batch_of(*widths):
    return tuple(torch.randn(R, B, width) for width in widths)


class Inputs(tuple):
    def __new__(cls, *items):
        return super().__new__(cls, items)


@pytest.mark.parametrize(
    ("make", "widths"),
    [
        (lambda: QNetwork(4, 2, (32, 16)), (4,)),
        (lambda: QNetwork(3, 20, (8,)), (3,)),
        (lambda: QNetwork(1, 1, (8, 8, 8)), (1,)),
        (lambda: mlp([2, 3]), (2,)),
        (lambda: GaussianActor(3, 2, (16,)), (3,)),
        (lambda: Critic(3, 1, (16, 8)), (3, 1)),
        (lambda: TwinCritic(3, 2, (16, 8)), (3, 2)),
        (lambda: TwinCritic(2, 1, (24,), n=4), (2, 1)),
    ],
)
def test_gradients_are_those_of_each_net_alone(make, widths, count):
    nets, side, mapped = side_by_side(make)
    batch = Inputs(*batch_of(*widths))

    def loss_of(net, inputs):
        out = net(*inputs)
        out = torch.cat(out, dim=-1) if isinstance(out, tuple) else out
        return (out.sin() * torch.linspace(1, 2, out.shape[-1])).sum()

    def update(net, inputs, _):
        loss = loss_of(net, inputs)
        loss.backward()
        return {"loss": loss.detach()}

    told = mapped(update, (side.module,), batch, (None,))
    assert count
    for k, net in enumerate(nets):
        loss = loss_of(net, [x[k] for x in batch])
        loss.backward()
        assert told["loss"][k].item() == pytest.approx(loss.item(), rel=1e-5)
        for name, p in net.named_parameters():
            mine = side.packed.stacked_grads[name][k]
            torch.testing.assert_close(mine, p.grad, rtol=1e-4, atol=1e-5)


def test_the_gradient_flows_through_a_critic_into_an_actor(count):
    torch.manual_seed(0)
    actors = [GaussianActor(3, 2, (16,)) for _ in range(R)]
    critics = [TwinCritic(3, 2, (16,)) for _ in range(R)]
    actor, critic = MappedNet(actors), MappedNet(critics)
    opt = MappedAdam(actor, 1e-3)
    mapped = Mapped([actor, critic], [opt], R)
    (obs,) = batch_of(3)

    def loss_of(one, other, x):
        return other(x, one(x)[0].tanh()).min(dim=0).values.mean()

    mapped(
        lambda a, c, b, _: opt.descend(loss_of(a, c, b[0])) and {},
        (actor.module, critic.module),
        Inputs(obs),
        (None,),
    )
    assert len(count) == 2
    for k in range(R):
        loss_of(actors[k], critics[k], obs[k]).backward()
        for name, p in actors[k].named_parameters():
            expected = torch.zeros_like(p) if p.grad is None else p.grad
            mine = actor.packed.stacked_grads[name][k]
            torch.testing.assert_close(mine, expected, rtol=1e-4, atol=1e-6)
    assert not critic.packed.grads.any()  # nobody asked for it


@pytest.mark.parametrize("n", [2, 3])
def test_twin_critics_of_one_agent_are_the_twin_critics(n):
    torch.manual_seed(0)
    twin = TwinCritic(3, 2, (24, 16), n)
    obs, action, weights = torch.randn(B, 3), torch.randn(B, 2), torch.randn(n, B)
    own = action.clone().requires_grad_()
    found = []
    for critic in (twin, fused.FusedTwin(twin)):
        q = critic(obs, action)
        learnt = torch.autograd.grad((q * weights).sum(), list(twin.parameters()))
        (pushed,) = torch.autograd.grad((critic(obs, own) * weights).sum(), own)
        found.append([q, *learnt, pushed])
    assert all(a.shape == b.shape for a, b in zip(*found, strict=True))
    for a, b in zip(*found, strict=True):
        torch.testing.assert_close(a, b, rtol=1e-4, atol=1e-6)
    loss = (fused.FusedTwin(twin)(obs, own) * weights).sum()
    loss.backward()  # of the actor's action: the critics are not its business
    assert all(p.grad is None for p in twin.parameters())


def test_parameters_that_were_put_in_are_used(count):
    nets, side, mapped = side_by_side(lambda: QNetwork(2, 2, (8,)))

    def doubled(net, inputs, _):
        twice = {name: 2 * p for name, p in net.named_parameters()}
        return {"sum": torch.func.functional_call(net, twice, inputs).sum()}

    (obs,) = batch_of(2)
    told = mapped(doubled, (side.module,), Inputs(obs), (None,))
    assert not count
    expected = doubled(nets[1], (obs[1],), None)["sum"]
    assert told["sum"][1].item() == pytest.approx(expected.item(), rel=1e-5)


def test_a_second_derivative_is_refused():
    _, side, mapped = side_by_side(lambda: QNetwork(2, 2, (8,)))

    def twice(net, inputs, _):
        loss = net(*inputs).square().sum()
        grads = torch.autograd.grad(loss, list(net.parameters()), create_graph=True)
        sum(g.square().sum() for g in grads).backward()

    with pytest.raises(CannotMapError):
        mapped(twice, (side.module,), Inputs(*batch_of(2)), (None,))


def test_only_known_forms_are_fused():
    assert fused.chain(mlp([2, 3, 1])) == ["0", "2"]
    assert fused.chain(TwinCritic(2, 1, (4,))) == ["layers.0", "layers.1"]
    assert fused.chain(mlp([2, 3, 1], nn.Tanh)) is None
    assert fused.chain(nn.Sequential(nn.Linear(2, 2, bias=False))) is None
    assert fused.chain(nn.Sequential(nn.ReLU(), nn.Linear(2, 2))) is None
    assert fused.chain(nn.Linear(2, 2)) is None
