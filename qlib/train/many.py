"""Many seeds at once, on the learner's own update.

Small networks cost calls and not arithmetic, so twenty runs side by side cost little more than
two. `dqn` and `sac` take the update that somebody wrote for one agent and run it for all seeds
through `Mapped`. Before they do, they compare: the mapped update and the update alone must move
the same parameters to the same place. Where they differ, or the update cannot be mapped, the seeds
run one after another with the very same update, and `Runs.note` says so.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from gymnasium.spaces import Box
from numpy.typing import NDArray
from torch import nn

from qlib.replay import Replay
from qlib.train.config import DQNConfig, SACConfig
from qlib.train.dqn import (
    MakeEnv,
    Update,
    dqn_update,
    epsilon,
    figures,
    learning_rate,
    new_q_net,
    new_window,
    shown_to_update,
    train_dqn,
)
from qlib.train.evaluation import check_spaces, from_unit, lanes
from qlib.train.history import History, Progress
from qlib.train.mapped import Mapped
from qlib.train.packed import keep_memory
from qlib.train.rules import CannotMapError, below
from qlib.train.runs import Runs, dqn_nets, gathered, in_turn, sac_nets
from qlib.train.sac import (
    SACAgent,
    SACBatch,
    entropy_target,
    new_nets,
    rates,
    sac_update,
    squashed,
    train_sac,
)
from qlib.train.side import judge, stacked_policy
from qlib.train.stacked import MappedAdam, MappedNet
from qlib.train.streams import Ahead, choose_device, held_out, one_thread, places, streams
from qlib.train.verify import verify_dqn, verify_sac


@one_thread()
def dqn(
    env: MakeEnv,
    cfg: DQNConfig,
    seeds: Sequence[int] = range(20),
    *,
    update: Update = dqn_update,
    eval_every: int | None = None,
    eval_episodes: int = 10,
    progress: bool | None = None,
    device: str = "auto",
) -> Runs:
    """Train DQN on many seeds at once; each seed draws the numbers it would draw alone.

    Args:
        env: an id, which is quick where the lanes are written for it, a probe's name, or a
            function that makes an environment.
        cfg: settings.
        seeds: K seeds.
        update: `update(q_net, target_net, opt, batch, cfg) -> dict`, written for one agent.
        eval_every: steps between points of the curve; None takes a twentieth of the run.
        eval_episodes: greedy episodes of each seed at each point, at least 1.
        progress: show a line; None decides (silent while grading).
        device: "auto", "cpu" or "cuda".
    """
    seeds = _checked_seeds(seeds, eval_episodes)
    options = {"eval_every": eval_every, "eval_episodes": eval_episodes, "device": device}
    world = lanes(env, len(seeds))
    check_spaces(world, discrete=True)
    sizes = world.observation_space.shape[0], int(world.action_space.n)
    try:
        known = verify_dqn(update, shown_to_update(cfg), *sizes)
        return _dqn_at_once(env, world, sizes, cfg, seeds, update, known, progress, **options)
    except CannotMapError as reason:
        one = lambda seed: train_dqn(env, cfg, seed, update=update, progress=False, **options)  # noqa: E731
        return in_turn("DQN", one, dqn_nets, seeds, str(reason), progress)


def _dqn_at_once(
    env, world, sizes, cfg, seeds, update, known, progress, eval_every, eval_episodes, device
) -> Runs:
    keep_memory()
    where, random, n_runs = (
        choose_device(device, cfg.hidden),
        [streams(s) for s in seeds],
        len(seeds),
    )
    nets = [new_q_net(*sizes, cfg, r.nets).to(where) for r in random]
    q, target = MappedNet(nets), MappedNet(nets, trained=False)
    opt = MappedAdam(q, cfg.learning_rate)
    mapped = Mapped([q, target], [opt], n_runs)
    known.tell(mapped)
    replay = Replay(cfg.buffer_size, sizes[0], runs=n_runs, device=where)
    window, shown = new_window(cfg, sizes[0], n_runs), shown_to_update(cfg)
    policy = stacked_policy(q)
    judges, exam = lanes(env, n_runs * eval_episodes), held_out(eval_episodes)
    history, every = History(), eval_every or max(cfg.total_steps // 20, 1)
    bar = Progress(f"DQN, {n_runs} seeds", cfg.total_steps, progress)
    obs = world.reset([r.world for r in random])
    coins = Ahead([lambda k, r=r: r.explore.random((k, 2)) for r in random])
    spots = Ahead([lambda k, r=r: r.replay.random((k, cfg.batch_size)) for r in random])

    for t in range(1, cfg.total_steps + 1):
        eps = epsilon(t - 1, cfg.epsilon_start, cfg.epsilon_end, cfg.epsilon_decay_steps)
        coin, pick = coins().T
        action = (pick * sizes[1]).astype(np.int64)
        chosen = coin >= eps
        if chosen.any():
            best = policy(obs[:, None])[:, 0].argmax(axis=1)
            action = np.where(chosen, best, action)
        next_obs, reward, terminated, _ = world.step(action)
        row, ended = (obs, action, reward, next_obs, terminated), world.ended
        if window is not None:
            row = window.push(*row, ended)
        if row is not None:
            replay.add(*row)
        obs = world.reset_lanes(ended) if ended.any() else next_obs

        if t >= cfg.learning_starts and t % cfg.train_every == 0:
            opt.lr = learning_rate(cfg, t)
            batch = replay.at(places(spots(), len(replay)))
            history.add(mapped(update, (q.module, target.module, opt), batch, (shown,)))
        if t % cfg.target_update_every == 0:
            follow(target, q, cfg.tau)

        if t % every == 0 or t == cfg.total_steps:
            choose = lambda out: out.argmax(axis=1)  # noqa: E731
            history.point(t, judge(policy, choose, judges, exam))
        if bar.due() or t == cfg.total_steps:
            bar.show(t, figures(history) | {"epsilon": eps}, end=t == cfg.total_steps)
    kept = [{"q_net": q.net(k)} for k in range(n_runs)]
    return gathered("DQN", seeds, [history], kept, None)


@one_thread()
def sac(
    env: MakeEnv,
    cfg: SACConfig,
    seeds: Sequence[int] = range(20),
    *,
    update: Update = sac_update,
    eval_every: int | None = None,
    eval_episodes: int = 10,
    progress: bool | None = None,
    device: str = "auto",
) -> Runs:
    """Train SAC on many seeds at once; each seed draws the numbers it would draw alone.

    Args:
        env: as in `dqn`, with bounded real actions.
        cfg: settings.
        seeds: K seeds.
        update: `update(agent, batch, cfg) -> dict`, written for one agent.
        eval_every: steps between points of the curve; None takes a twentieth of the run.
        eval_episodes: greedy episodes of each seed at each point, at least 1.
        progress: show a line; None decides (silent while grading).
        device: "auto", "cpu" or "cuda".
    """
    seeds = _checked_seeds(seeds, eval_episodes)
    options = {"eval_every": eval_every, "eval_episodes": eval_episodes, "device": device}
    world = lanes(env, len(seeds))
    check_spaces(world, discrete=False)
    sizes = world.observation_space.shape[0], world.action_space.shape[0]
    try:
        known = verify_sac(update, cfg, *sizes)
        return _sac_at_once(env, world, sizes, cfg, seeds, update, known, progress, **options)
    except CannotMapError as reason:
        one = lambda seed: train_sac(env, cfg, seed, update=update, progress=False, **options)  # noqa: E731
        return in_turn("SAC", one, sac_nets, seeds, str(reason), progress)


def _sac_at_once(
    env, world, sizes, cfg, seeds, update, known, progress, eval_every, eval_episodes, device
) -> Runs:
    keep_memory()
    where, random, n_runs = (
        choose_device(device, cfg.hidden),
        [streams(s) for s in seeds],
        len(seeds),
    )
    every_net = [[n.to(where) for n in new_nets(*sizes, cfg, r.nets)] for r in random]
    agent, mapped, (actor, critic, *_) = mapped_agent(every_net, cfg, sizes[1])
    known.tell(mapped)
    replay = Replay(cfg.buffer_size, sizes[0], (sizes[1],), runs=n_runs, device=where)
    policy, space = stacked_policy(actor), world.action_space
    judges, exam = lanes(env, n_runs * eval_episodes), held_out(eval_episodes)
    history, every = History(), eval_every or max(cfg.total_steps // 20, 1)
    bar = Progress(f"SAC, {n_runs} seeds", cfg.total_steps, progress)
    obs = world.reset([r.world for r in random])
    shape, d = (2, cfg.batch_size, sizes[1]), sizes[1]
    starts = [r.explore.uniform(-1, 1, (cfg.learning_starts, d)) for r in random]
    starts = np.stack(starts, axis=1).astype(np.float32)  # [learning_starts, R, d]
    normal = {"dtype": np.float32}
    acts = Ahead([lambda k, r=r: r.explore.standard_normal((k, d), **normal) for r in random])
    noise = Ahead([lambda k, r=r: r.noise.standard_normal((k, *shape), **normal) for r in random])
    spots = Ahead([lambda k, r=r: r.replay.random((k, cfg.batch_size)) for r in random])

    for t in range(1, cfg.total_steps + 1):
        if t <= cfg.learning_starts:
            action = starts[t - 1]
        else:
            action = squashed(policy(obs[:, None])[:, 0], acts())
        next_obs, reward, terminated, _ = world.step(from_unit(action, space))
        replay.add(obs, action, reward, next_obs, terminated)
        obs = world.reset_lanes(world.ended) if world.ended.any() else next_obs

        if t >= cfg.learning_starts and t % cfg.train_every == 0:
            batch = replay.at(places(spots(), len(replay)))
            noises = torch.from_numpy(noise()).to(where).unbind(1)
            history.add(mapped(update, (agent,), SACBatch(*batch, *noises), (cfg,)))

        if t % every == 0 or t == cfg.total_steps:
            choose = lambda out: mean_action(out, space)  # noqa: E731
            history.point(t, judge(policy, choose, judges, exam))
        if bar.due() or t == cfg.total_steps:
            bar.show(t, figures(history), end=t == cfg.total_steps)
    kept = [{"actor": actor.net(k), "critic": critic.net(k)} for k in range(n_runs)]
    return gathered("SAC", seeds, [history], kept, None)


def mapped_agent(
    nets: Sequence[Sequence[nn.Module]], cfg: SACConfig, act_dim: int, eps: float = 1e-8
) -> tuple[SACAgent, Mapped, list[MappedNet]]:
    """R agents seen as one, from the nets of each as `new_nets` makes them."""
    lrs = rates(cfg)
    sides = [MappedNet(each, lr > 0) for each, lr in zip(zip(*nets, strict=True), lrs, strict=True)]
    adams = [MappedAdam(side, lr, eps) for side, lr in zip(sides, lrs, strict=True) if lr]
    actor_opt, critic_opt, *alpha_opt = adams
    actor, critic, temperature, target = (side.module for side in sides)
    agent = _Agents(
        actor, critic, target, temperature, actor_opt, critic_opt, *(alpha_opt or [None]),
        cfg.alpha, entropy_target(cfg, act_dim),
    )  # fmt: skip
    agent.sides = sides[3], sides[1]
    return agent, Mapped(sides, adams, len(nets)), sides


class _Agents(SACAgent):
    """R agents seen as one; `sides` are the targets and the critics."""

    sides: tuple[MappedNet, MappedNet]

    def follow(self, tau: float) -> None:
        """All targets follow their critics."""
        with below():
            follow(*self.sides, tau)


@torch.no_grad()
def follow(target: MappedNet, net: MappedNet, tau: float) -> None:
    """`soft_update` of all runs."""
    target.packed.values.lerp_(net.packed.values, tau)


def mean_action(out: NDArray, space: Box) -> NDArray[np.float32]:
    """Squash μ: tanh μ in the units of the action space, from mu and log_std side by side."""
    return from_unit(np.tanh(np.split(out, 2, axis=-1)[0]), space)


def _checked_seeds(seeds: Sequence[int], eval_episodes: int) -> tuple[int, ...]:
    seeds = tuple(int(seed) for seed in seeds)
    if not seeds or len(set(seeds)) < len(seeds):
        raise ValueError(f"seeds must be at least one and all different, not {seeds}.")
    if eval_episodes < 1:
        raise ValueError(f"eval_episodes = {eval_episodes}: a curve needs at least 1.")
    return seeds
