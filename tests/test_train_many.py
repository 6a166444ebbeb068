"""Many seeds at once: the mapped update is the update, and what cannot be mapped says so."""

import dataclasses

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from qlib import train
from qlib.train import many, verify

CFG = train.DQNConfig(
    total_steps=120, learning_starts=64, train_every=2, hidden=(16,), max_grad_norm=0.5
)
SAC = train.SACConfig(total_steps=100, learning_starts=64, hidden=(16,))
QUIET = {"progress": False, "eval_every": 60, "eval_episodes": 2}


def loss_of(q_net, target_net, batch, cfg):
    with torch.no_grad():
        y = batch.reward + cfg.gamma * (1 - batch.terminated) * target_net(batch.next_obs).max(1)[0]
    q = q_net(batch.obs).gather(1, batch.action.unsqueeze(1)).squeeze(1)
    return functional.smooth_l1_loss(q, y)


def usual(q_net, target_net, opt, batch, cfg):
    loss = loss_of(q_net, target_net, batch, cfg)
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(q_net.parameters(), cfg.max_grad_norm)
    opt.step()
    return {
        "loss": loss.item(),
        "minus": 1 - 2 * loss.item() / 4,
        "as_float": float(loss.detach()),
        "half": float(loss.detach()) / 2,
        "tensor": loss.detach(),
    }


def indexed(q_net, target_net, opt, batch, cfg):
    with torch.no_grad():
        best = q_net(batch.next_obs).argmax(1)
        value = target_net(batch.next_obs)[torch.arange(len(best)), best]
        y = torch.where(batch.terminated.bool(), batch.reward, batch.reward + cfg.gamma * value)
    q = q_net(batch.obs)[torch.arange(len(best)), batch.action]
    q_net.zero_grad()
    (0.5 * (q - y) ** 2).mean().backward()
    norm = torch.sqrt(sum((p.grad**2).sum() for p in q_net.parameters()))
    for p in q_net.parameters():
        p.grad = p.grad * torch.clamp(cfg.max_grad_norm / (norm + 1e-6), max=1.0)
    opt.step()
    return {"norm": norm}


def by_autograd_grad(q_net, target_net, opt, batch, cfg):
    parameters = list(q_net.parameters())
    gradients = torch.autograd.grad(loss_of(q_net, target_net, batch, cfg), parameters)
    for p, g in zip(parameters, gradients, strict=True):
        p.grad = g
    opt.step()


def moves_the_target_too(q_net, target_net, opt, batch, cfg):
    opt.zero_grad()
    loss_of(q_net, target_net, batch, cfg).backward()
    opt.step()
    for slow, fast in zip(target_net.parameters(), q_net.parameters(), strict=True):
        slow.data.copy_(0.9 * slow.data + 0.1 * fast.data)
    return {}


def twice_backward(q_net, target_net, opt, batch, cfg):
    opt.zero_grad()
    loss = loss_of(q_net, target_net, batch, cfg)
    loss.backward(retain_graph=True)
    (0.5 * loss).backward()
    opt.step()


def branch(q_net, target_net, opt, batch, cfg):
    loss = loss_of(q_net, target_net, batch, cfg)
    opt.zero_grad()
    (loss * 2 if q_net(batch.obs).mean() > 0 else loss).backward()
    opt.step()


def branch_on_which_all_agree(q_net, target_net, opt, batch, cfg):
    loss = loss_of(q_net, target_net, batch, cfg)
    if not torch.isfinite(loss):
        raise ValueError("the loss is not finite")
    opt.zero_grad()
    loss.backward()
    opt.step()


def compared_number(q_net, target_net, opt, batch, cfg):
    loss = loss_of(q_net, target_net, batch, cfg)
    opt.zero_grad()
    (loss * 2 if loss.item() > 0.4 else loss).backward()
    opt.step()


def silent_float(q_net, target_net, opt, batch, cfg):
    loss = loss_of(q_net, target_net, batch, cfg)
    opt.zero_grad()
    (loss * 2 if float(loss.detach()) > 0.4 else loss).backward()
    opt.step()


def by_numpy(q_net, target_net, opt, batch, cfg):
    loss = loss_of(q_net, target_net, batch, cfg)
    opt.zero_grad()
    loss.backward()
    opt.step()
    return {"loss": loss.detach().numpy()}


def random_inside(q_net, target_net, opt, batch, cfg):
    loss = loss_of(q_net, target_net, batch, cfg) * torch.rand(())
    opt.zero_grad()
    loss.backward()
    opt.step()


def masked(q_net, target_net, opt, batch, cfg):
    q = q_net(batch.obs)[:, 0]
    opt.zero_grad()
    q[batch.reward > 0].sum().backward()
    opt.step()


@pytest.mark.parametrize(
    "update",
    [
        usual,
        indexed,
        by_autograd_grad,
        moves_the_target_too,
        twice_backward,
        branch_on_which_all_agree,
    ],
)
def test_ordinary_updates_are_mapped(update):
    runs = many.dqn("qlib/Catch-v0", CFG, range(3), update=update, **QUIET)
    assert runs.mapped, runs.note
    assert runs.returns.shape == (3, 2)
    assert runs.steps.tolist() == [60, 120]
    alone = train.train_dqn("qlib/Catch-v0", CFG, 2, update=update, **QUIET)
    for p, other in zip(runs.net(2).parameters(), alone.q_net.parameters(), strict=True):
        torch.testing.assert_close(p, other, rtol=0, atol=2e-4)


def test_logged_numbers_are_each_seeds_own():
    runs = many.dqn("qlib/Catch-v0", CFG, range(3), update=usual, **QUIET)
    first = runs.log["loss"][:, -1]
    assert len(set(first)) == 3
    assert np.isfinite(first).all()
    np.testing.assert_allclose(runs.log["as_float"][:, -1], first, rtol=1e-6)
    np.testing.assert_allclose(runs.log["tensor"][:, -1], first, rtol=1e-5)
    np.testing.assert_allclose(runs.log["minus"][:, -1], 1 - first / 2, rtol=1e-5)
    assert np.isnan(runs.log["half"]).all()  # better nothing than something wrong


@pytest.mark.parametrize(
    ("update", "word"),
    [
        (branch, "`if` on a tensor"),
        (compared_number, "compared"),
        (silent_float, "moves parameters"),
        (by_numpy, "NumPy"),
        (random_inside, "random"),
        (masked, "mask"),
    ],
)
def test_what_cannot_be_mapped_runs_in_turn_and_says_why(update, word):
    runs = many.dqn("P2", CFG, [4, 7], update=update, **QUIET)
    assert not runs.mapped, runs.note
    assert word in runs.note
    alone = train.train_dqn("P2", CFG, 7, update=update, **QUIET)
    if update is not random_inside:
        for p, other in zip(runs.net(1).parameters(), alone.q_net.parameters(), strict=True):
            assert torch.equal(p, other)
    assert runs.returns.shape == (2, 2)


def test_an_update_with_memory_is_not_mistaken():
    calls = []

    def fading(q_net, target_net, opt, batch, cfg):
        calls.append(1)
        loss = loss_of(q_net, target_net, batch, cfg) / len(calls)
        opt.zero_grad()
        loss.backward()
        opt.step()

    assert not many.dqn("P2", CFG, [4, 7], update=fading, **QUIET).mapped


def test_without_rules_the_numbers_are_the_same(monkeypatch):
    plain = verify.verify_sac(train.sac_update, SAC, 3, 1)
    assert plain.plain
    assert verify.verify_dqn(train.dqn_update, CFG, 3, 2).plain
    assert not verify.verify_sac(sac_in_ordinary_torch, SAC, 3, 1).plain
    assert not verify.verify_dqn(usual, CFG, 3, 2).plain
    runs = many.sac("qlib/PointMass1D-v0", SAC, range(2), **QUIET)
    monkeypatch.setattr(many, "verify_sac", lambda *_: plain._replace(plain=False))
    ruled = many.sac("qlib/PointMass1D-v0", SAC, range(2), **QUIET)
    for k in range(2):
        for p, other in zip(runs.net(k).parameters(), ruled.net(k).parameters(), strict=True):
            assert torch.equal(p, other)
    assert np.array_equal(runs.log["entropy"], ruled.log["entropy"], equal_nan=True)


@pytest.mark.parametrize("need", ["item", "backward", "foreach", "freeze"])
def test_an_update_that_needs_a_rule_late_runs_in_turn(need):
    calls = []

    def update(q_net, target_net, opt, batch, cfg):
        calls.append(1)
        loss = loss_of(q_net, target_net, batch, cfg)
        if len(calls) > 20 and need == "backward":
            opt.zero_grad()
            loss.backward()
            opt.step()
            return {"loss": loss.detach()}
        opt.descend(loss)
        if len(calls) > 20 and need == "freeze":
            q_net.requires_grad_(False).requires_grad_(True)
        if len(calls) > 20 and need == "foreach":
            torch._foreach_mul_([p.data for p in q_net.parameters()], 1.0)
        return {"loss": loss.item() if len(calls) > 20 and need == "item" else loss.detach()}

    verified = verify.verify_dqn(update, CFG, 3, 2)
    assert verified.plain
    assert len(calls) < 20
    calls.clear()
    runs = many.dqn("P2", CFG, [4, 7], update=update, **QUIET)
    assert not runs.mapped, runs.note


def test_errors_of_the_update_are_its_own():
    def broken(q_net, target_net, opt, batch, cfg):
        return q_net(batch.obs)[:, 5].missing

    with pytest.raises(IndexError):
        many.dqn("P2", CFG, range(2), update=broken, **QUIET)


def test_seeds_stay_apart():
    few = many.dqn("qlib/Catch-v0", CFG, [8, 1], **QUIET)
    more = many.dqn("qlib/Catch-v0", CFG, [1, 2, 3, 8], **QUIET)
    assert few.mapped
    assert more.mapped
    np.testing.assert_allclose(few.log["loss"][1], more.log["loss"][0], rtol=1e-4)
    np.testing.assert_allclose(few.log["loss"][0], more.log["loss"][3], rtol=1e-4)


@pytest.mark.parametrize("n_step", [2, 5])
def test_transitions_over_several_steps_are_those_of_a_run_alone(n_step):
    cfg = dataclasses.replace(CFG, n_step=n_step, learning_starts=70)
    runs = many.dqn("CartPole-v1", cfg, range(3), update=usual, **QUIET)
    assert runs.mapped, runs.note
    alone = train.train_dqn("CartPole-v1", cfg, 2, update=usual, **QUIET)
    for p, other in zip(runs.net(2).parameters(), alone.q_net.parameters(), strict=True):
        torch.testing.assert_close(p, other, rtol=0, atol=2e-4)


@pytest.mark.parametrize("n_step", [1, 3])
def test_same_seeds_same_bits(n_step):
    cfg = dataclasses.replace(CFG, n_step=n_step, learning_starts=70)
    one, two = (many.dqn("qlib/Catch-v0", cfg, range(3), **QUIET) for _ in range(2))
    assert np.array_equal(one.log["loss"], two.log["loss"], equal_nan=True)
    assert np.array_equal(one.returns, two.returns)


def sac_in_ordinary_torch(agent, batch, cfg):
    with torch.no_grad():
        a2, logp2 = train.sample_tanh_gaussian(*agent.actor(batch.next_obs), batch.next_noise)
        q1n, q2n = agent.target(batch.next_obs, a2)
    y = train.critic_target(batch.reward, batch.terminated, q1n, q2n, logp2, cfg.gamma, agent.alpha)
    q1, q2 = agent.critic(batch.obs, batch.action)
    critic_loss = ((q1 - y) ** 2).mean() + ((q2 - y) ** 2).mean()
    agent.critic_opt.zero_grad()
    critic_loss.backward()
    agent.critic_opt.step()
    a, logp = train.sample_tanh_gaussian(*agent.actor(batch.obs), batch.noise)
    loss = train.actor_loss(logp, *agent.critic(batch.obs, a), agent.alpha)
    agent.actor_opt.zero_grad()
    loss.backward()
    agent.actor_opt.step()
    if agent.alpha_opt is not None:
        agent.alpha_opt.zero_grad()
        (agent.log_alpha * (-logp.detach() - agent.target_entropy).mean()).backward()
        agent.alpha_opt.step()
    with torch.no_grad():
        for slow, fast in zip(agent.target.parameters(), agent.critic.parameters(), strict=True):
            slow.mul_(1 - cfg.tau).add_(cfg.tau * fast)
    return {"entropy": -logp.mean().item()}


@pytest.mark.parametrize("auto_alpha", [False, True])
@pytest.mark.parametrize("update", [train.sac_update, sac_in_ordinary_torch])
def test_sac_is_mapped(update, auto_alpha):
    cfg = dataclasses.replace(SAC, auto_alpha=auto_alpha)
    runs = many.sac("qlib/PointMass1D-v0", cfg, range(3), update=update, **QUIET)
    assert runs.mapped, runs.note
    alone = train.train_sac("qlib/PointMass1D-v0", cfg, 1, update=train.sac_update, **QUIET)
    for p, other in zip(runs.net(1).parameters(), alone.agent.actor.parameters(), strict=True):
        torch.testing.assert_close(p, other, rtol=0, atol=3e-4)
    np.testing.assert_allclose(
        runs.log["entropy"][1, -1], alone.history.log["entropy"][-1], rtol=1e-3
    )


def test_runs_know_their_curve():
    pytest.importorskip("matplotlib").use("Agg")
    runs = many.dqn("P4", CFG, range(3), **QUIET)
    ax = runs.curve(label="mine")
    assert ax.get_xlabel() == "environment step"
    assert "3 seeds" in ax.texts[0].get_text()


@pytest.mark.parametrize("seeds", [[], [1, 1]])
def test_odd_seeds_are_refused(seeds):
    with pytest.raises(ValueError, match="seeds"):
        many.dqn("P1", CFG, seeds, **QUIET)
