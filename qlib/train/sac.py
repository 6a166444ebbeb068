"""SAC for one seed, top to bottom; with `alpha=0` the lecture's version without entropy.

T. Haarnoja et al. (2018), Soft actor-critic algorithms and applications, Algorithm 1: twin
critics, no value network, the temperature fixed or learnt. Deviation: a step updates the critics,
then the actor, then the temperature, each once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import torch
from gymnasium.spaces import Box
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from qlib.closed_book import finished_version_of
from qlib.nets import LOG_STD_MAX, LOG_STD_MIN, GaussianActor, TwinCritic
from qlib.replay import Replay
from qlib.train.config import SACConfig
from qlib.train.dqn import MakeEnv, Update, acting, figures
from qlib.train.evaluation import check_spaces, evaluate, from_unit, lanes
from qlib.train.fused import FusedTwin
from qlib.train.history import History, Progress
from qlib.train.packed import Adam, Packed, keep_memory
from qlib.train.streams import Streams, choose_device, held_out, one_thread, seeded, streams
from qlib.train.targets import hard_update, soft_update
from qlib.train.world import World, make_env

LOG_2PI = math.log(2 * math.pi)


class SACBatch(NamedTuple):
    """A batch with the noise that the update needs, so that the update itself draws nothing.

    Attributes:
        obs: `[B, obs_dim]`.
        action: `[B, act_dim]`, in (-1, 1).
        reward: `[B]`.
        next_obs: `[B, obs_dim]`.
        terminated: `[B]`, 1 where `next_obs` is terminal, else 0.
        noise: `[B, act_dim]`, standard normal, for the action at `obs`.
        next_noise: `[B, act_dim]`, standard normal, for the action at `next_obs`.
    """

    obs: Tensor
    action: Tensor
    reward: Tensor
    next_obs: Tensor
    terminated: Tensor
    noise: Tensor
    next_noise: Tensor


class Temperature(nn.Module):
    """α = exp(log α): one number that can be learnt and stays positive.

    Args:
        alpha: where it starts.
    """

    def __init__(self, alpha: float) -> None:
        super().__init__()
        self.log_alpha = nn.Parameter(torch.tensor(math.log(alpha) if alpha > 0 else -math.inf))


@dataclass
class SACAgent:
    """What an update of SAC changes.

    Attributes:
        actor: `obs [B, obs_dim] -> mu, log_std`, each `[B, act_dim]`.
        critic: `obs, action -> [2, B]`: `q1, q2 = agent.critic(obs, action)`.
        target: the same form, following the critics.
        temperature: holds `log_alpha`.
        actor_opt: optimiser of the actor.
        critic_opt: optimiser of both critics.
        alpha_opt: optimiser of the temperature; None where alpha is fixed.
        fixed_alpha: alpha where it is fixed.
        target_entropy: what a learnt alpha steers the entropy to, in nats.
    """

    actor: nn.Module
    critic: nn.Module
    target: nn.Module
    temperature: nn.Module
    actor_opt: Any
    critic_opt: Any
    alpha_opt: Any
    fixed_alpha: float
    target_entropy: float

    @property
    def log_alpha(self) -> Tensor:
        """The parameter log α, 0-dim."""
        return self.temperature.log_alpha

    @property
    def alpha(self) -> Tensor | float:
        """α without gradient: a number where it is fixed, else a 0-dim tensor."""
        return self.fixed_alpha if self.alpha_opt is None else self.log_alpha.detach().exp()

    def follow(self, tau: float) -> None:
        """The target follows the critics, see `soft_update`."""
        soft_update(self.target, self.critic, tau)


@finished_version_of("sample_tanh_gaussian")
def sample_tanh_gaussian(mu: Tensor, log_std: Tensor, noise: Tensor) -> tuple[Tensor, Tensor]:
    """Sample a = tanh u, u = μ + σ·noise; log π(a) = Σ [log N(u; μ, σ) - log(1 - tanh² u)].

    The second term is computed as 2 (log 2 - u - softplus(-2u)), which overflows nowhere.
    Source: Haarnoja et al. (2018), App. C.

    Args:
        mu: `[B, d]`.
        log_std: `[B, d]`.
        noise: standard normal, `[B, d]`.

    Returns:
        The action `[B, d]` in (-1, 1) and its log density `[B]`.
    """
    u = mu + log_std.exp() * noise
    log_normal = -0.5 * noise**2 - log_std - 0.5 * LOG_2PI
    log_squash = 2 * (math.log(2) - u - functional.softplus(-2 * u))
    return torch.tanh(u), (log_normal - log_squash).sum(dim=-1)


@finished_version_of("critic_target")
@torch.no_grad()
def critic_target(
    r: Tensor, term: Tensor, q1n: Tensor, q2n: Tensor, logp_n: Tensor, gamma: float, alpha: Any
) -> Tensor:
    """Targets y = r + γ (1 - term) [min(q1n, q2n) - α log π(a'|s')], `[B]`, without gradient."""
    return r + gamma * (1 - term) * (torch.minimum(q1n, q2n) - alpha * logp_n)


@finished_version_of("actor_loss")
def actor_loss(logp: Tensor, q1: Tensor, q2: Tensor, alpha: Any) -> Tensor:
    """E[α log π(a|s) - min(q1, q2)], 0-dim."""
    return (alpha * logp - torch.minimum(q1, q2)).mean()


@finished_version_of("sac_update")
def sac_update(agent: SACAgent, batch: SACBatch, cfg: SACConfig) -> dict[str, Any]:
    """One step of the critics, the actor and, where it is learnt, the temperature.

    Args:
        agent: changed in place.
        batch: transitions and noise.
        cfg: `gamma`, `tau` and `max_grad_norm` are read; alpha is the agent's.

    Returns:
        0-dim tensors: critic_loss, q (mean), actor_loss, entropy (estimate of -E log π), std (mean
        σ before tanh) and alpha.
    """
    with torch.no_grad():
        next_action, next_logp = sample_tanh_gaussian(
            *agent.actor(batch.next_obs), batch.next_noise
        )
        q1n, q2n = agent.target(batch.next_obs, next_action)
    alpha = agent.alpha
    y = critic_target(batch.reward, batch.terminated, q1n, q2n, next_logp, cfg.gamma, alpha)  # [B]
    q = agent.critic(batch.obs, batch.action)  # [2, B]
    critic_loss = (q - y).square().mean(dim=-1).sum()
    agent.critic_opt.descend(critic_loss, cfg.max_grad_norm)

    mu, log_std = agent.actor(batch.obs)
    action, logp = sample_tanh_gaussian(mu, log_std, batch.noise)
    q1, q2 = agent.critic(batch.obs, action)
    policy_loss = actor_loss(logp, q1, q2, alpha)
    agent.actor_opt.descend(policy_loss, cfg.max_grad_norm)

    entropy = -logp.detach().mean()
    if agent.alpha_opt is not None:  # alpha rises where the entropy is below its target
        agent.log_alpha.grad = entropy - agent.target_entropy  # of log α · (entropy - target)
        agent.alpha_opt.step()
    agent.follow(cfg.tau)
    return {
        "critic_loss": critic_loss.detach(),
        "q": q.detach().mean(),
        "actor_loss": policy_loss.detach(),
        "entropy": entropy,
        "std": log_std.detach().exp().mean(),
        "alpha": agent.alpha,
    }


@dataclass
class SACRun:
    """A run of SAC with everything that its future depends on.

    Attributes:
        cfg: its settings.
        seed: its seed.
        t: environment steps so far.
        agent: networks and optimisers.
        replay: the buffer; actions in (-1, 1).
        world: the environment, in the middle of an episode.
        streams: all random generators.
        history: points of the learning curve.
    """

    cfg: SACConfig
    seed: int
    t: int
    agent: SACAgent
    replay: Replay
    world: World
    streams: Streams
    history: History

    @classmethod
    def begin(cls, env: MakeEnv, cfg: SACConfig, seed: int, device: str = "auto") -> SACRun:
        """A run before its first step."""
        world, random, where = (
            World(make_env(env)),
            streams(seed),
            choose_device(device, cfg.hidden),
        )
        check_spaces(world, discrete=False)
        obs_dim, act_dim = world.observation_space.shape[0], world.action_space.shape[0]
        nets = [net.to(where) for net in new_nets(obs_dim, act_dim, cfg, random.nets)]
        adams = [Adam(Packed([net]), lr) for net, lr in zip(nets, rates(cfg), strict=True) if lr]
        actor_opt, critic_opt, *alpha_opt = adams
        actor, critic, temperature, target = nets
        agent = SACAgent(
            actor, critic, target, temperature, actor_opt, critic_opt, *(alpha_opt or [None]),
            cfg.alpha, entropy_target(cfg, act_dim),
        )  # fmt: skip
        replay = Replay(cfg.buffer_size, obs_dim, (act_dim,), device=where)
        world.begin(random.world)
        return cls(cfg, seed, 0, agent, replay, world, random, History())


class _Quicker(SACAgent):
    """An agent as `sac_update` sees it: critics in one operation, parameters looked up once."""

    def __init__(self, agent: SACAgent) -> None:
        fused = {"critic": FusedTwin(agent.critic), "target": FusedTwin(agent.target)}
        super().__init__(**vars(agent) | fused)
        self.pairs = list(agent.target.parameters()), list(agent.critic.parameters())

    def follow(self, tau: float) -> None:
        """The target follows the critics, see `soft_update`."""
        with torch.no_grad():
            torch._foreach_lerp_(*self.pairs, tau)


def new_nets(obs_dim: int, act_dim: int, cfg: SACConfig, seed: int) -> list[nn.Module]:
    """Actor, twin critic, temperature and target with the parameters that belong to a seed."""

    def make() -> nn.Module:
        actor = GaussianActor(obs_dim, act_dim, cfg.hidden)
        critics = [TwinCritic(obs_dim, act_dim, cfg.hidden) for _ in range(2)]
        return nn.ModuleList([actor, critics[0], Temperature(cfg.alpha), critics[1]])

    nets = list(seeded(seed, make))
    hard_update(nets[3], nets[1])
    return nets


def rates(cfg: SACConfig) -> tuple[float, float, float, float]:
    """Learning rates in the order of `new_nets`; 0 for what is not trained."""
    actor = cfg.learning_rate if cfg.actor_learning_rate is None else cfg.actor_learning_rate
    alpha = cfg.learning_rate if cfg.alpha_learning_rate is None else cfg.alpha_learning_rate
    return actor, cfg.learning_rate, alpha if cfg.auto_alpha else 0.0, 0.0


def entropy_target(cfg: SACConfig, act_dim: int) -> float:
    """The entropy that a learnt alpha steers to, in nats."""
    return -float(act_dim) if cfg.target_entropy is None else cfg.target_entropy


def squashed(out: NDArray, noise: NDArray) -> NDArray[np.float32]:
    """Actions in (-1, 1) from mu and log_std side by side, `[..., 2 d]`, and noise `[..., d]`."""
    d = out.shape[-1] // 2
    mu, log_std = out[..., :d], out[..., d:]
    std = np.exp(np.minimum(np.maximum(log_std, LOG_STD_MIN), LOG_STD_MAX))
    return np.tanh(mu + std * noise).astype(np.float32)


@finished_version_of("train_sac")
@one_thread()
def train_sac(
    env: MakeEnv,
    cfg: SACConfig,
    seed: int = 0,
    *,
    update: Update = sac_update,
    run: SACRun | None = None,
    until: int | None = None,
    eval_every: int | None = None,
    eval_episodes: int = 10,
    eval_env: MakeEnv | None = None,
    progress: bool | None = None,
    device: str = "auto",
) -> SACRun:
    """Train SAC; the same seed gives the same run, bit for bit on one machine's CPU.

    Args:
        env: an id ("Pendulum-v1", "qlib/PointMass1D-v0") or a function that makes one.
        cfg: settings.
        seed: of everything random.
        update: `update(agent, batch, cfg) -> dict`: yours, or the finished one.
        run: goes on with this run instead of a new one; `cfg`, `seed` and `device` are its own.
        until: stop after this step; None runs all of `cfg.total_steps`.
        eval_every: steps between points of the learning curve; None takes a twentieth of the run.
        eval_episodes: greedy episodes (a = tanh mu) of a point, on held-out seeds; 0 for none.
        eval_env: where they are played; None takes `env`.
        progress: show a line; None decides (silent while grading).
        device: "auto", "cpu" or "cuda"; see `choose_device`.

    Returns:
        The run: `run.agent`, `run.history`; `save(run, path)` stores it.
    """
    keep_memory()
    run = run or SACRun.begin(env, cfg, seed, device)
    cfg, agent, replay = run.cfg, run.agent, run.replay
    world, random, history = run.world, run.streams, run.history
    space: Box = world.action_space
    outputs = acting(agent.actor)  # mu and log_std
    judges = lanes(env if eval_env is None else eval_env, eval_episodes) if eval_episodes else None
    stop = cfg.total_steps if until is None else min(until, cfg.total_steps)
    every = eval_every or max(cfg.total_steps // 20, 1)
    bar = Progress("SAC", cfg.total_steps, progress, run.t)
    shown = _Quicker(agent) if update is sac_update else agent

    while run.t < stop:
        obs = world.obs
        if run.t < cfg.learning_starts:
            action = random.explore.uniform(-1, 1, space.shape).astype(np.float32)
        else:
            noise = random.explore.standard_normal(space.shape, dtype=np.float32)
            action = squashed(outputs(obs), noise)
        next_obs, reward, terminated = world.step(from_unit(action, space))
        replay.add(obs, action, reward, next_obs, terminated)
        run.t += 1

        if run.t >= cfg.learning_starts and run.t % cfg.train_every == 0:
            batch = replay.at(random.places(cfg.batch_size, len(replay)))
            shape = (2, cfg.batch_size, *space.shape)
            both = torch.from_numpy(random.noise.standard_normal(shape, dtype=np.float32))
            noises = both.to(replay.device)
            history.add(update(shown, SACBatch(*batch, *noises), cfg))

        if judges is not None and (run.t % every == 0 or run.t == cfg.total_steps):
            history.point(run.t, evaluate(agent.actor, judges, held_out(eval_episodes)))
        if bar.due() or run.t == stop:
            bar.show(run.t, figures(history), end=run.t == stop)
    return run
