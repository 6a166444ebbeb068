"""Training of one agent: functions by hand, probes, seeds, checkpoints, evaluation."""

import dataclasses
import math
import subprocess
import sys

import numpy as np
import pytest
import torch
from torch import nn

from qlib import train
from qlib.closed_book import ClosedBookError, answering
from qlib.nets import MockQ, QNetwork
from qlib.replay import Batch
from qlib.train.world import World, make_env

TINY = train.DQNConfig(total_steps=160, learning_starts=64, train_every=1, hidden=(16,))
TINY_SAC = train.SACConfig(total_steps=120, learning_starts=64, hidden=(16,))
QUIET = {"progress": False, "eval_every": 50, "eval_episodes": 2}


def batch_of(obs, action, reward, next_obs, terminated):
    return Batch(
        torch.tensor(obs),
        torch.tensor(action),
        torch.tensor(reward),
        torch.tensor(next_obs),
        torch.tensor(terminated),
    )


class TestConfigs:
    def test_a_plain_dict_makes_one(self):
        plain = dataclasses.asdict(train.CATCH) | {"hidden": [8, 8]}
        assert train.DQNConfig(**plain) == dataclasses.replace(train.CATCH, hidden=(8, 8))

    @pytest.mark.parametrize(
        "change",
        [
            {"gamma": 1.1},
            {"tau": 0.0},
            {"batch_size": 0},
            {"batch_size": 2.5},
            {"hidden": ()},
            {"loss": "l1"},
            {"learning_rate": -1.0},
            {"learning_starts": 10},
            {"epsilon_end": 2.0},
            {"buffer_size": 8},
            {"max_grad_norm": 0.0},
            {"total_steps": True},
        ],
    )
    def test_nonsense_is_refused_by_name(self, change):
        with pytest.raises(ValueError, match=next(iter(change)).split("_")[0]):
            train.DQNConfig(**change)

    def test_learning_alpha_needs_somewhere_to_start(self):
        with pytest.raises(ValueError, match="log 0"):
            train.SACConfig(alpha=0.0, auto_alpha=True)


class TestParts:
    @pytest.mark.parametrize(("t", "expected"), [(0, 1.0), (50, 0.525), (100, 0.05), (200, 0.05)])
    def test_epsilon(self, t, expected):
        assert train.epsilon(t, 1.0, 0.05, 100) == pytest.approx(expected)
        assert train.epsilon(t, 1.0, 0.05, 0) == 0.05

    def test_dqn_targets_by_hand(self):
        target, online = MockQ([[3.0, 4.0]]), MockQ([[5.0, 1.0]])
        batch = batch_of([0, 0], [0, 0], [1.0, 1.0], [0, 0], [0.0, 1.0])
        plain = train.dqn_targets(target, online, batch, 0.5, False)
        assert plain.tolist() == [3.0, 1.0]
        assert not plain.requires_grad
        assert train.dqn_targets(target, online, batch, 0.5, True).tolist() == [2.5, 1.0]

    @pytest.mark.parametrize("loss", ["huber", "mse"])
    def test_dqn_update_is_a_step_of_torch(self, loss):
        cfg = dataclasses.replace(TINY, loss=loss, max_grad_norm=0.5)
        torch.manual_seed(0)
        ours, target = QNetwork(3, 2, (8,)), QNetwork(3, 2, (8,))
        theirs = QNetwork(3, 2, (8,))
        theirs.load_state_dict(ours.state_dict())
        adam = train.Adam(train.Packed([ours]), cfg.learning_rate)
        plain = torch.optim.Adam(theirs.parameters(), lr=cfg.learning_rate)
        rng = np.random.default_rng(0)
        for _ in range(3):
            batch = Batch(
                torch.tensor(rng.normal(size=(5, 3)), dtype=torch.float32),
                torch.tensor(rng.integers(2, size=5)),
                torch.tensor(rng.normal(size=5), dtype=torch.float32),
                torch.tensor(rng.normal(size=(5, 3)), dtype=torch.float32),
                torch.tensor([0.0, 1.0, 0.0, 0.0, 1.0]),
            )
            out = train.dqn_update(ours, target, adam, batch, cfg)
            with torch.no_grad():
                y = batch.reward + cfg.gamma * (1 - batch.terminated) * target(batch.next_obs).amax(
                    1
                )
            q = theirs(batch.obs)[torch.arange(5), batch.action]
            kind = nn.functional.huber_loss if loss == "huber" else nn.functional.mse_loss
            plain.zero_grad()
            value = kind(q, y)
            value.backward()
            norm = nn.utils.clip_grad_norm_(theirs.parameters(), 0.5)
            plain.step()
            assert out["loss"].item() == pytest.approx(value.item(), rel=1e-5)
            assert out["grad_norm"].item() == pytest.approx(norm.item(), rel=1e-4)
        for p, other in zip(ours.parameters(), theirs.parameters(), strict=True):
            torch.testing.assert_close(p, other, rtol=0, atol=1e-6)

    def test_packed_adam_takes_gradients_from_wherever_they_are(self):
        net = QNetwork(2, 2, (4,))
        adam = train.Adam(train.Packed([net]), 0.1)
        other = QNetwork(2, 2, (4,))
        other.load_state_dict(net.state_dict())
        plain = torch.optim.Adam(other.parameters(), lr=0.1)
        net.zero_grad()  # sets p.grad to None
        net(torch.ones(1, 2)).sum().backward()
        other(torch.ones(1, 2)).sum().backward()
        for p in net.parameters():
            p.grad = p.grad * 2
        for p in other.parameters():
            p.grad.mul_(2)
        adam.step()
        plain.step()
        for p, q in zip(net.parameters(), other.parameters(), strict=True):
            torch.testing.assert_close(p, q)

    def test_tanh_gaussian_by_hand(self):
        zero, one = torch.zeros(1, 1), torch.ones(1, 1)
        a, logp = train.sample_tanh_gaussian(zero, zero, zero)
        assert a.item() == 0
        assert logp.item() == pytest.approx(-0.9189, abs=1e-4)
        a, logp = train.sample_tanh_gaussian(zero, zero, one)
        assert a.item() == pytest.approx(0.7616, abs=1e-4)
        assert logp.item() == pytest.approx(-0.5513, abs=1e-4)
        a, logp = train.sample_tanh_gaussian(30 * one, zero, zero)
        assert torch.isfinite(logp).all()

    def test_tanh_gaussian_is_a_density(self):
        u = torch.linspace(-8, 8, 4001, dtype=torch.float64)[:, None]
        mu, log_std = torch.full_like(u, 0.3), torch.full_like(u, -0.2)
        a, logp = train.sample_tanh_gaussian(mu, log_std, (u - mu) / log_std.exp())
        assert np.trapezoid(logp.exp().numpy(), a[:, 0].numpy()) == pytest.approx(1, abs=1e-4)

    def test_critic_target_and_actor_loss_by_hand(self):
        x = [torch.tensor([value] * 2) for value in (1.0, 0.0, 2.0, 3.0, -1.0)]
        x[1][1] = 1.0
        assert train.critic_target(*x, 0.9, 0.1).tolist() == pytest.approx([2.89, 1.0])
        loss = train.actor_loss(torch.tensor([-1.0]), torch.tensor([2.0]), torch.tensor([2.5]), 0.1)
        assert loss.item() == pytest.approx(-2.1)

    def test_targets_follow(self):
        net, target = nn.Linear(1, 1), nn.Linear(1, 1)
        nn.init.ones_(net.weight)
        nn.init.zeros_(target.weight)
        train.soft_update(target, net, 0.1)
        assert target.weight.item() == pytest.approx(0.1)
        train.hard_update(target, net)
        nn.init.zeros_(net.weight)
        assert target.weight.item() == 1.0

    @pytest.mark.parametrize("name", ["dqn_update", "dqn_targets", "sac_update", "soft_update"])
    def test_closed_book(self, name):
        with answering(name), pytest.raises(ClosedBookError, match=name):
            getattr(train, name)(*[None] * 5)


class TestTraining:
    @pytest.mark.parametrize("auto_alpha", [False, True])
    def test_sac_is_quicker_and_the_same(self, auto_alpha):
        cfg = train.SACConfig(
            total_steps=90, learning_starts=64, hidden=(16,), auto_alpha=auto_alpha, tau=0.1
        )
        options = {"progress": False, "eval_episodes": 2, "eval_every": 45}
        quick = train.train_sac("Pendulum-v1", cfg, 3, **options)
        plain = train.train_sac(
            "Pendulum-v1", cfg, 3, update=lambda *args: train.sac_update(*args), **options
        )
        for name in ("actor", "critic", "target", "temperature"):
            mine, other = (getattr(run.agent, name) for run in (quick, plain))
            assert type(mine) is type(other)
            for p, q in zip(mine.parameters(), other.parameters(), strict=True):
                torch.testing.assert_close(p, q, rtol=0, atol=1e-4)
        untrained = train.SACRun.begin("Pendulum-v1", cfg, 3).agent.target
        for p, q in zip(quick.agent.target.parameters(), untrained.parameters(), strict=True):
            assert not torch.equal(p, q)

    @pytest.mark.parametrize("probe", ["P3", "P4"])
    def test_probes(self, probe):
        cfg = dataclasses.replace(TINY, total_steps=500, learning_rate=1e-2, target_update_every=10)
        run = train.train_dqn(probe, cfg, 0, progress=False, eval_episodes=0)
        world = make_env(probe)
        with torch.no_grad():
            q = run.q_net(torch.as_tensor(world.observations)).numpy()
        assert np.abs(q - world.q_star(cfg.gamma)).max() < 0.1

    def test_a_time_limit_is_no_termination(self):
        cfg = dataclasses.replace(
            TINY, total_steps=900, learning_rate=1e-2, target_update_every=10, gamma=0.8, loss="mse"
        )
        run = train.train_dqn("P6", cfg, 0, progress=False, eval_episodes=0)
        with torch.no_grad():
            assert run.q_net(torch.as_tensor(make_env("P6").observations)).mean().item() > 4

    @pytest.mark.parametrize(
        ("algorithm", "env"), [("dqn", "qlib/Catch-v0"), ("sac", "Pendulum-v1")]
    )
    def test_same_seed_same_bits(self, algorithm, env):
        function, cfg = (
            (train.train_dqn, TINY) if algorithm == "dqn" else (train.train_sac, TINY_SAC)
        )
        torch.manual_seed(123)  # nothing of the outside matters
        first = function(env, cfg, 3, **QUIET)
        torch.manual_seed(321)
        second, other = function(env, cfg, 3, **QUIET), function(env, cfg, 4, **QUIET)
        assert same(first, second)
        assert not same(first, other)
        assert np.array_equal(first.history.returns, second.history.returns)

    def test_training_leaves_torch_as_it_was(self):
        threads, state = torch.get_num_threads(), torch.get_rng_state()
        train.train_dqn("P1", dataclasses.replace(TINY, total_steps=70), 0, **QUIET)
        assert torch.get_num_threads() == threads
        assert torch.equal(torch.get_rng_state(), state)

    def test_wrong_worlds_are_refused(self):
        with pytest.raises(TypeError, match="use SAC"):
            train.train_dqn("Pendulum-v1", TINY)
        with pytest.raises(TypeError, match="bounded real actions"):
            train.train_sac("CartPole-v1", TINY_SAC)
        with pytest.raises(TypeError, match="lambda: env"):
            train.train_dqn(make_env("P1"), TINY)
        with pytest.raises(ValueError, match="seed"):
            train.train_dqn("P1", TINY, -1)

    def test_own_updates_are_used(self):
        seen = []

        def update(q_net, target_net, opt, batch, cfg):
            seen.append((batch.obs.shape, opt.param_groups[0]["lr"]))
            return {"mine": 1.5}

        cfg = dataclasses.replace(TINY, learning_rate_end=0.0)
        run = train.train_dqn("P1", cfg, 0, update=update, **QUIET)
        assert len(seen) == 97
        assert seen[-1] == ((64, 1), 0.0)
        assert run.history.log["mine"][-1] == 1.5

    def test_learnt_temperature_moves_towards_the_target_entropy(self):
        cfg = dataclasses.replace(TINY_SAC, auto_alpha=True, target_entropy=-5.0, alpha=0.5)
        run = train.train_sac("qlib/PointMass1D-v0", cfg, 0, **QUIET)
        assert 0 < run.agent.alpha.item() < 0.5
        cfg = dataclasses.replace(cfg, target_entropy=5.0)
        run = train.train_sac("qlib/PointMass1D-v0", cfg, 0, **QUIET)
        assert run.agent.alpha.item() > 0.5

    @pytest.mark.skipif(not torch.cuda.is_available(), reason="needs CUDA")
    def test_cuda(self):
        run = train.train_dqn("CartPole-v1", TINY, 0, device="cuda", **QUIET)
        assert next(run.q_net.parameters()).is_cuda
        assert len(run.history.steps) == 4
        agent = train.train_sac("Pendulum-v1", TINY_SAC, 0, device="cuda", **QUIET).agent
        assert next(agent.actor.parameters()).is_cuda
        runs = train.many.dqn("CartPole-v1", TINY, range(3), device="cuda", **QUIET)
        assert runs.mapped, runs.note

    @pytest.mark.skipif(torch.cuda.is_available(), reason="CUDA is there")
    def test_cuda_is_missed_in_words(self):
        with pytest.raises(ValueError, match="no CUDA device"):
            train.train_dqn("P1", TINY, device="cuda")


def same(first, second):
    def tensors(run):
        nets = (
            (run.agent.actor, run.agent.critic, run.agent.target)
            if hasattr(run, "agent")
            else (run.q_net, run.target_net)
        )
        return [p for net in nets for p in net.parameters()]

    return all(torch.equal(a, b) for a, b in zip(tensors(first), tensors(second), strict=True))


IN_A_FRESH_PROCESS = """
import sys
from qlib import train
run = train.load(sys.argv[1], "CartPole-v1")
train.train_dqn("CartPole-v1", run.cfg, run=run, progress=False, eval_every=50, eval_episodes=2)
train.save(run, sys.argv[2])
"""


class TestCheckpoints:
    def test_a_fresh_process_goes_on_exactly(self, tmp_path):
        whole = train.train_dqn("CartPole-v1", TINY, 1, **QUIET)
        half = train.train_dqn("CartPole-v1", TINY, 1, until=83, **QUIET)
        assert half.t == 83
        assert not same(whole, half)
        path = train.save(half, tmp_path / "half")
        command = [sys.executable, "-c", IN_A_FRESH_PROCESS, str(path), str(tmp_path / "end.npz")]
        subprocess.run(command, check=True)
        end = train.load(tmp_path / "end.npz", "CartPole-v1")
        assert end.t == 160
        assert same(whole, end)
        assert np.array_equal(whole.history.returns, end.history.returns)
        np.testing.assert_array_equal(whole.history.log["loss"], end.history.log["loss"])

    @pytest.mark.parametrize("auto_alpha", [False, True])
    def test_sac_goes_on_exactly(self, tmp_path, auto_alpha):
        cfg = dataclasses.replace(TINY_SAC, auto_alpha=auto_alpha)
        whole = train.train_sac("Pendulum-v1", cfg, 1, **QUIET)
        half = train.train_sac("Pendulum-v1", cfg, 1, until=77, **QUIET)
        run = train.load(train.save(half, tmp_path / "half.npz"), "Pendulum-v1")
        train.train_sac("Pendulum-v1", cfg, run=run, **QUIET)
        assert same(whole, run)
        assert float(whole.agent.alpha) == float(run.agent.alpha)
        np.testing.assert_array_equal(whole.history.log["q"], run.history.log["q"])

    def test_damage_is_told(self, tmp_path):
        path = tmp_path / "bad.npz"
        with pytest.raises(train.CheckpointError, match="does not exist"):
            train.load(path, "P1")
        path.write_bytes(b"PK\x03\x04 nonsense")
        with pytest.raises(train.CheckpointError, match="damaged"):
            train.load(path, "P1")
        np.savez(path, json=np.frombuffer(b'{"format": "else"}', dtype=np.uint8))
        with pytest.raises(train.CheckpointError, match="something else"):
            train.load(path, "P1")
        np.savez(path, json=np.array([{"an": "object"}], dtype=object))
        with pytest.raises(train.CheckpointError):
            train.load(path, "P1")

    def test_another_world_is_told(self, tmp_path):
        run = train.train_dqn("P1", dataclasses.replace(TINY, total_steps=70), 0, **QUIET)
        with pytest.raises(ValueError, match="shape"):
            train.load(train.save(run, tmp_path / "p1"), "CartPole-v1")

    def test_an_episode_goes_on_after_several_resets(self):
        def steps(world, n):
            return [world.step(int(t % 2))[0].tolist() for t in range(n)]

        first, second = World(make_env("CartPole-v1")), World(make_env("CartPole-v1"))
        first.begin(5)
        steps(first, 150)
        second.restore(first.state())
        assert steps(first, 100) == steps(second, 100)


class TestEvaluation:
    def test_policies_of_three_kinds(self):
        seeds = train.held_out(4)
        returns = train.evaluate(QNetwork(4, 2), "CartPole-v1", seeds)
        assert returns.shape == (4,)
        assert (returns >= 8).all()
        alternating = train.evaluate(lambda obs: np.zeros(4, dtype=int), "CartPole-v1", seeds)
        assert (alternating < 15).all()
        agent = train.train_sac("Pendulum-v1", TINY_SAC, 0, **QUIET).agent
        assert (train.evaluate(agent.actor, "Pendulum-v1", seeds) < 0).all()

    def test_equals_an_ordinary_loop(self):
        net, env = QNetwork(4, 2), make_env("CartPole-v1")
        obs, _ = env.reset(seed=9)
        total, over = 0.0, False
        while not over:
            action = int(net(torch.as_tensor(obs)[None]).argmax())
            obs, reward, terminated, truncated, _ = env.step(action)
            total, over = total + reward, terminated or truncated
        assert train.evaluate(net, lambda: make_env("CartPole-v1"), [9]).tolist() == [total]

    def test_endless_episodes_are_told(self, monkeypatch):
        monkeypatch.setattr("qlib.train.evaluation.MAX_STEPS", 5)
        with pytest.raises(ValueError, match="time limit"):
            train.evaluate(lambda obs: np.zeros((1, 1)), "Pendulum-v1", [0])
        with pytest.raises(ValueError, match="at least one seed"):
            train.evaluate(lambda obs: obs, "P1", [])

    def test_held_out_seeds_are_not_trained_on(self):
        from qlib.train.streams import HELD_OUT, streams

        assert min(train.held_out(3)) == HELD_OUT
        assert all(streams(seed).world < HELD_OUT for seed in range(50))


class TestScaledCartPole:
    def test_is_cartpole_with_another_unit_for_the_angle(self):
        plain, scaled = make_env("CartPole-v1"), make_env("qlib/ScaledCartPole-v0")
        obs, other = plain.reset(seed=7)[0], scaled.reset(seed=7)[0]
        over = False
        while not over:
            np.testing.assert_array_equal(other, obs * np.array([1, 1, 5, 1], dtype=np.float32))
            action = int(obs[2] + obs[3] > 0)
            obs, reward, terminated, truncated, _ = plain.step(action)
            other, *same_flags, _ = scaled.step(action)
            assert same_flags == [reward, terminated, truncated]
            over = terminated or truncated


class TestProgress:
    def test_silent_while_grading(self, monkeypatch, capsys):
        monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
        train.train_dqn("P1", dataclasses.replace(TINY, total_steps=70), 0, eval_episodes=0)
        assert capsys.readouterr() == ("", "")

    def test_one_line_with_what_matters(self, monkeypatch, capsys):
        monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
        train.train_dqn("P1", dataclasses.replace(TINY, total_steps=70), 0, eval_episodes=2)
        line = capsys.readouterr().out
        assert line.count("\n") == 1
        assert all(word in line for word in ("70/70 steps", "return", "loss", "Q ", "ε 0.8"))

    def test_numbers_are_short(self):
        from qlib.train.history import _short

        assert _short(0.123456) == "0.123"
        assert _short(math.nan) == "–"
        assert _short(np.array([1.0, 3.0])) == "2"
