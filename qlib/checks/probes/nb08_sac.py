"""Probes of 08_sac: gradients, and parameters after a step, where the student's tensors live."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from qlib import nets, train
from qlib.checks import served


def _leaf(value: Tensor) -> Tensor:
    return value.clone().requires_grad_()


def _gradient(leaf: Tensor) -> Tensor:
    return torch.zeros_like(leaf) if leaf.grad is None else leaf.grad


def _backward(value: Any) -> None:
    if isinstance(value, Tensor) and value.requires_grad:
        value.backward()


def sample_gradients(
    function: Callable,
    shelf: dict,
    mu: Tensor,
    log_std: Tensor,
    noise: Tensor,
    for_action: Tensor,
    for_logp: Tensor,
) -> tuple[Tensor, Tensor]:
    """Gradients of sum(for_action * a) + sum(for_logp * logp) with respect to mu and log_std."""
    mu, log_std = _leaf(mu), _leaf(log_std)
    action, logp = function(mu, log_std, noise)
    _backward((for_action * action).sum() + (for_logp * logp).sum())
    return _gradient(mu), _gradient(log_std)


def step_towards_target(
    function: Callable, shelf: dict, weights: Tensor, features: Tensor, args: tuple, lr: float
) -> Tensor:
    """All parameters after one descent step on mean (q - y)^2, where y hangs on them too.

    Parameter 0 scales the prediction, parameters 1 to 4 scale what the target is made of: two
    target critics, log pi and the temperature.

    `weights` are the parameters, (5,), `features` those of the prediction, (B,), `args` the
    arguments of `critic_target`, `lr` the step size.
    """
    w = _leaf(weights)
    r, term, q1n, q2n, logp_n, gamma, alpha = args
    y = function(r, term, w[1] * q1n, w[2] * q2n, w[3] * logp_n, gamma, w[4] * alpha)
    _backward(((w[0] * features - y) ** 2).mean())
    return (w - lr * _gradient(w)).detach()


def actor_gradients(
    function: Callable, shelf: dict, logp: Tensor, q1: Tensor, q2: Tensor, alpha: float
) -> tuple[Tensor, Tensor, Tensor]:
    """Gradients of the actor's loss with respect to log pi and both critics' values."""
    leaves = _leaf(logp), _leaf(q1), _leaf(q2)
    _backward(function(*leaves, alpha))
    return tuple(_gradient(leaf) for leaf in leaves)


def temperature_step(
    function: Callable,
    shelf: dict,
    log_alpha: Tensor,
    weight: Tensor,
    logp: Tensor,
    target_entropy: float,
    lr: float,
) -> Tensor:
    """Both after one descent step, (2,): log alpha, and a weight of the actor's behind log pi."""
    log_alpha, weight = _leaf(log_alpha), _leaf(weight)
    _backward(function(log_alpha, weight * logp, target_entropy))
    moved = [leaf - lr * _gradient(leaf) for leaf in (log_alpha, weight)]
    return torch.stack(moved).detach()


def an_agent(setup: dict) -> SimpleNamespace:
    """An agent with given parameters whose optimisers are plain gradient descent.

    Args:
        setup: `sizes` (obs_dim, act_dim, *hidden), `actor`, `critic`, `target` (state dicts),
            `lr` (actor, critic), `alpha`.
    """
    obs_dim, act_dim, *hidden = setup["sizes"]
    actor = nets.GaussianActor(obs_dim, act_dim, hidden)
    critic, target = (nets.TwinCritic(obs_dim, act_dim, hidden) for _ in range(2))
    for name, net in (("actor", actor), ("critic", critic), ("target", target)):
        nets.load(net, setup[name])
    target.requires_grad_(False)
    actor_lr, critic_lr = setup["lr"]
    alpha = torch.tensor(float(setup["alpha"]))
    return SimpleNamespace(
        actor=actor,
        critic=critic,
        target=target,
        actor_opt=torch.optim.SGD(actor.parameters(), lr=actor_lr),
        critic_opt=torch.optim.SGD(critic.parameters(), lr=critic_lr),
        alpha=alpha,
        log_alpha=torch.nn.Parameter(alpha.clamp(min=1e-6).log()),
        alpha_opt=None,
        target_entropy=-float(act_dim),
    )


def _plain(log: dict) -> dict[str, float | np.ndarray | Tensor]:
    """The numbers of a log; "grad <key>" is 1 for one that still hangs on a graph."""
    found = {str(k): v for k, v in log.items() if isinstance(v, Tensor | np.ndarray)}
    hang = {f"grad {k}": 1.0 for k, v in found.items() if getattr(v, "requires_grad", False)}
    plain = {str(k): float(v) for k, v in log.items() if isinstance(v, int | float | np.number)}
    return found | hang | plain


def update(
    function: Callable, shelf: dict, setup: dict, batches: list, cfg: dict
) -> tuple[dict, dict, dict, list]:
    """Updates in a row: the parameters of actor, critic and target in the end, what was logged.

    `setup` is that of `an_agent`, `batches` has the fields of a batch for each update, `cfg` the
    fields of `SACConfig`. Of a log the numbers come back; "grad <key>" says that one has a graph.
    """
    agent, config = an_agent(setup), train.SACConfig(**cfg)
    logs = [function(agent, train.SACBatch(**batch), config) for batch in batches]
    plain = [_plain(log) if isinstance(log, dict) else log for log in logs]
    return nets.state(agent.actor), nets.state(agent.critic), nets.state(agent.target), plain


@served.student_side
def training(function: Callable, env_fn: Callable, cfg: dict, seed: int) -> dict:
    """Train an agent with the student's update in the course's loop; the actor's parameters."""
    run = train.train_sac(
        env_fn,
        train.SACConfig(**cfg),
        seed,
        update=function,
        eval_episodes=0,
        progress=False,
        device="cpu",
    )
    return nets.state(run.agent.actor)
