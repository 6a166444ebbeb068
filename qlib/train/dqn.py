"""DQN for one seed, top to bottom: the box of the lecture, with a target network.

V. Mnih et al. (2015), Human-level control through deep reinforcement learning, Algorithm 1; double
DQN: H. van Hasselt, A. Guez and D. Silver (2016), Deep reinforcement learning with double
Q-learning, eq. 4. Deviations: a step of Adam instead of RMSProp, no frames, the Huber loss of one
transition instead of clipping its TD error (the same gradient), and a time limit is no
termination.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import gymnasium
import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from qlib.closed_book import finished_version_of
from qlib.nets import QNetwork, numpy_policy
from qlib.replay import Batch, Replay
from qlib.train.config import DQNConfig
from qlib.train.evaluation import check_spaces, evaluate, lanes
from qlib.train.history import History, Progress
from qlib.train.packed import Adam, Packed, keep_memory
from qlib.train.streams import Streams, choose_device, held_out, one_thread, seeded, streams
from qlib.train.targets import hard_update, soft_update
from qlib.train.window import Window
from qlib.train.world import World, make_env

MakeEnv = str | Callable[[], gymnasium.Env]
Update = Callable[..., dict[str, Any]]


@finished_version_of("epsilon")
def epsilon(t: int, start: float, end: float, decay_steps: int) -> float:
    """ε(t): from `start` on a straight line to `end` at `decay_steps`, then constant."""
    return end if t >= decay_steps else start + (end - start) * t / decay_steps


@finished_version_of("dqn_targets")
@torch.no_grad()
def dqn_targets(
    target_net: nn.Module, q_net: nn.Module, batch: Batch, gamma: float, double: bool
) -> Tensor:
    """Targets y = r + γ (1 - terminated) Q'(s', a*), without gradient.

    a* maximises Q'(s', ·) itself, or Q(s', ·) with `double`.

    Returns:
        `[B]`.
    """
    values = target_net(batch.next_obs)  # [B, A]
    if double:
        best = q_net(batch.next_obs).argmax(dim=1, keepdim=True)  # [B, 1]
        value = values.gather(1, best).squeeze(1)
    else:
        value = values.max(dim=1).values
    return batch.reward + gamma * (1 - batch.terminated) * value


@finished_version_of("dqn_update")
def dqn_update(
    q_net: nn.Module,
    target_net: nn.Module,
    opt: Adam,
    batch: Batch,
    cfg: DQNConfig,
    targets: Callable[..., Tensor] = dqn_targets,
) -> dict[str, Tensor]:
    """One step of Adam on the mean loss between Q(s, a) and the targets.

    Args:
        q_net: `[B, obs_dim] -> [B, A]`, changed in place.
        target_net: the same form, not changed.
        opt: an optimiser of this package; `loss.backward(); clip_grad_norm_; opt.step()` of any
            other does the same as its `descend`.
        batch: transitions.
        cfg: `gamma`, `double`, `loss` and `max_grad_norm` are read.
        targets: computes y.

    Returns:
        0-dim tensors: loss, q (mean of Q(s, a)) and grad_norm (before clipping).
    """
    y = targets(target_net, q_net, batch, cfg.gamma, cfg.double)  # [B]
    q = q_net(batch.obs).gather(1, batch.action[:, None]).squeeze(1)  # [B]
    distance = functional.smooth_l1_loss if cfg.loss == "huber" else functional.mse_loss
    loss = distance(q, y)
    norm = opt.descend(loss, cfg.max_grad_norm, norm=True)
    return {"loss": loss.detach(), "q": q.detach().mean(), "grad_norm": norm}


@dataclass
class DQNRun:
    """A run of DQN with everything that its future depends on.

    Attributes:
        cfg: its settings.
        seed: its seed.
        t: environment steps so far.
        q_net: the online network.
        target_net: the target network.
        opt: the optimiser of `q_net`.
        replay: the buffer.
        window: the last steps of what goes into the buffer; None where `cfg.n_step` is 1.
        world: the environment, in the middle of an episode.
        streams: all random generators.
        history: points of the learning curve.
    """

    cfg: DQNConfig
    seed: int
    t: int
    q_net: nn.Module
    target_net: nn.Module
    opt: Adam
    replay: Replay
    window: Window | None
    world: World
    streams: Streams
    history: History

    @classmethod
    def begin(cls, env: MakeEnv, cfg: DQNConfig, seed: int, device: str = "auto") -> DQNRun:
        """A run before its first step."""
        world, random, where = (
            World(make_env(env)),
            streams(seed),
            choose_device(device, cfg.hidden),
        )
        check_spaces(world, discrete=True)
        obs_dim, n_actions = world.observation_space.shape[0], int(world.action_space.n)
        q_net = new_q_net(obs_dim, n_actions, cfg, random.nets).to(where)
        target_net = new_q_net(obs_dim, n_actions, cfg, random.nets).to(where)
        hard_update(target_net, q_net)
        opt = Adam(Packed([q_net]), cfg.learning_rate)
        replay = Replay(cfg.buffer_size, obs_dim, device=where)
        window = new_window(cfg, obs_dim)
        world.begin(random.world)
        return cls(cfg, seed, 0, q_net, target_net, opt, replay, window, world, random, History())


def new_q_net(obs_dim: int, n_actions: int, cfg: DQNConfig, seed: int) -> nn.Module:
    """A Q-network with the parameters that belong to a seed."""
    return seeded(seed, lambda: QNetwork(obs_dim, n_actions, cfg.hidden))


def new_window(cfg: DQNConfig, obs_dim: int, runs: int | None = None) -> Window | None:
    """What makes transitions over `cfg.n_step` steps; None where it is one step."""
    return Window(cfg.n_step, cfg.gamma, obs_dim, runs) if cfg.n_step > 1 else None


def shown_to_update(cfg: DQNConfig) -> DQNConfig:
    """The settings as an update sees them: a transition over n steps is discounted by γ^n."""
    return cfg if cfg.n_step == 1 else replace(cfg, gamma=cfg.gamma**cfg.n_step)


@finished_version_of("train_dqn")
@one_thread()
def train_dqn(
    env: MakeEnv,
    cfg: DQNConfig,
    seed: int = 0,
    *,
    update: Update = dqn_update,
    run: DQNRun | None = None,
    until: int | None = None,
    eval_every: int | None = None,
    eval_episodes: int = 10,
    eval_env: MakeEnv | None = None,
    progress: bool | None = None,
    device: str = "auto",
) -> DQNRun:
    """Train DQN; the same seed gives the same run, bit for bit on one machine's CPU.

    Args:
        env: an id ("CartPole-v1", "qlib/Catch-v0"), a probe ("P1"), or a function that makes one.
        cfg: settings.
        seed: of everything random.
        update: `update(q_net, target_net, opt, batch, cfg) -> dict`: yours, or the finished one.
            For transitions over n steps its `cfg.gamma` is γ^n.
        run: goes on with this run instead of a new one; `cfg`, `seed` and `device` are its own.
        until: stop after this step; None runs all of `cfg.total_steps`.
        eval_every: steps between points of the learning curve; None takes a twentieth of the run.
        eval_episodes: greedy episodes of a point, on held-out seeds; 0 for none.
        eval_env: where they are played; None takes `env`.
        progress: show a line; None decides (silent while grading).
        device: "auto", "cpu" or "cuda"; see `choose_device`.

    Returns:
        The run: `run.q_net`, `run.history`; `save(run, path)` stores it.
    """
    keep_memory()
    run = run or DQNRun.begin(env, cfg, seed, device)
    cfg, q_net, target_net, replay = run.cfg, run.q_net, run.target_net, run.replay
    world, window, random, history = run.world, run.window, run.streams, run.history
    n_actions, shown = int(world.action_space.n), shown_to_update(cfg)
    values = acting(q_net)
    judges = lanes(env if eval_env is None else eval_env, eval_episodes) if eval_episodes else None
    stop = cfg.total_steps if until is None else min(until, cfg.total_steps)
    every = eval_every or max(cfg.total_steps // 20, 1)
    bar = Progress("DQN", cfg.total_steps, progress, run.t)

    while run.t < stop:
        eps = epsilon(run.t, cfg.epsilon_start, cfg.epsilon_end, cfg.epsilon_decay_steps)
        coin, pick = random.explore.random(2)
        obs = world.obs
        action = int(pick * n_actions) if coin < eps else int(values(obs).argmax())
        next_obs, reward, terminated = world.step(action)
        row = obs, action, reward, next_obs, terminated
        if window is not None:
            row = window.push(*row, world.ended)
        if row is not None:
            replay.add(*row)
        run.t += 1

        if run.t >= cfg.learning_starts and run.t % cfg.train_every == 0:
            run.opt.lr = learning_rate(cfg, run.t)
            batch = replay.at(random.places(cfg.batch_size, len(replay)))
            history.add(update(q_net, target_net, run.opt, batch, shown))
        if run.t % cfg.target_update_every == 0:
            soft_update(target_net, q_net, cfg.tau)

        if judges is not None and (run.t % every == 0 or run.t == cfg.total_steps):
            history.point(run.t, evaluate(q_net, judges, held_out(eval_episodes)))
        if bar.due() or run.t == stop:
            bar.show(run.t, figures(history) | {"epsilon": eps}, end=run.t == stop)
    return run


def acting(net: nn.Module) -> Callable[[Any], Any]:
    """The forward pass for acting: in NumPy on the network's own weights, else through torch."""
    device = next(net.parameters()).device
    if device.type == "cpu":
        try:
            return numpy_policy(net)
        except TypeError:
            pass  # not a plain MLP

    @torch.no_grad()
    def forward(obs: Any) -> Any:
        out = net(torch.as_tensor(obs[None], device=device))
        return (torch.cat(out, dim=-1) if isinstance(out, tuple) else out)[0].cpu().numpy()

    return forward


def learning_rate(cfg: DQNConfig, t: int) -> float:
    """The learning rate at step t."""
    if cfg.learning_rate_end is None:
        return cfg.learning_rate
    return cfg.learning_rate + (cfg.learning_rate_end - cfg.learning_rate) * t / cfg.total_steps


def figures(history: History) -> dict[str, Any]:
    """What a progress line shows of a history: the last return and the latest means."""
    last = {"return": np.mean(history.returns[-1])} if history.returns else {}
    means = history.means() or {name: row[-1] for name, row in history.log.items()}
    return last | {k: v for k, v in means.items() if k != "grad_norm"}
