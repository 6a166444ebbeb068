"""Visible checks of 08_sac: crashes, shapes and one value a person can check by hand."""

import itertools
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from qlib.checks.compare import array, as_array, close, number, show
from qlib.checks.exercise import Exercise
from qlib.checks.failure import Failed
from qlib.mdp import TabularMDP


def tensor(*values: Any) -> Tensor:
    """A float64 tensor."""
    return torch.tensor(values, dtype=torch.float64)


def pair_of(value: Any, first: str, second: str) -> tuple[Any, Any]:
    """An answer's two results.

    Raises:
        Failed: if it is not a pair.
    """
    if value is None:
        array(value, (), what="the result")
    if not isinstance(value, tuple | list) or len(value) != 2:
        raise Failed(
            "The result is not a pair.", expected=f"({first}, {second})", given=show(value),
            stops=True,
        )  # fmt: skip
    return value[0], value[1]


def sample_of(value: Any, shape: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """An answer's `(a, logp)`: actions of this shape, one log density each row."""
    a, logp = pair_of(value, "a", "logp")
    a = array(a, shape, what="the action")
    try:
        return a, array(logp, shape[:1], what="log pi")
    except Failed as found:
        if as_array(logp).shape == shape:
            found.cause = "There is one number for each entry of an action: the log densities of "
            found.cause += "one action add up, (B,)."
            if shape[1] == 1:
                found.cause = "There is an extra axis of length 1: the log densities of one action "
                found.cause += "add up to one number, (B,)."
        raise


def an_agent(
    rng: np.random.Generator, obs_dim: int, act_dim: int, hidden: Sequence[int], alpha: float
) -> dict[str, Any]:
    """Random parameters of an agent, as plain data for the probe `update`."""

    def layer(*shape: int) -> np.ndarray:
        return (rng.uniform(-1, 1, shape) / math.sqrt(max(shape[-1], 2))).astype(np.float32)

    actor, sizes = {}, [obs_dim, *hidden, 2 * act_dim]
    for i, (n_in, n_out) in enumerate(itertools.pairwise(sizes)):
        actor[f"net.{2 * i}.weight"] = layer(n_out, n_in)
        actor[f"net.{2 * i}.bias"] = layer(n_out)
    nets = {}
    for name in ("critic", "target"):
        nets[name], sizes = {}, [obs_dim + act_dim, *hidden, 1]
        for i, (n_in, n_out) in enumerate(itertools.pairwise(sizes)):
            nets[name][f"layers.{i}.weight"] = layer(2, n_in, n_out) * 1.5
            nets[name][f"layers.{i}.bias"] = layer(2, 1, n_out)
    rates = float(rng.uniform(0.05, 0.2)), float(rng.uniform(0.05, 0.2))
    sizes = [obs_dim, act_dim, *hidden]
    return {"sizes": sizes, "actor": actor, "alpha": alpha, "lr": rates} | nets


def a_batch(rng: np.random.Generator, B: int, obs_dim: int, act_dim: int) -> dict[str, Tensor]:
    """Random transitions with the noise of both samples; about a third end the episode."""
    numbers = {
        "obs": rng.normal(size=(B, obs_dim)),
        "action": np.tanh(rng.normal(size=(B, act_dim))),
        "reward": rng.normal(size=B),
        "next_obs": rng.normal(size=(B, obs_dim)),
        "terminated": rng.permutation(np.arange(B) % 3 == 0),
        "noise": rng.normal(size=(B, act_dim)),
        "next_noise": rng.normal(size=(B, act_dim)),
    }
    return {name: torch.as_tensor(x.astype(np.float32)) for name, x in numbers.items()}


def updated(value: Any, setup: dict[str, Any]) -> tuple[list[dict[str, np.ndarray]], list]:
    """What the probe `update` reports: actor, critic and target, and the logs.

    Raises:
        Failed: if parameters are missing, have other shapes or are not finite.
    """
    four = isinstance(value, tuple) and len(value) == 4
    if not four or not isinstance(value[3], list) or not value[3]:
        raise Failed("The parameters after the update cannot be read.", stops=True)
    found = []
    for name, given in zip(("actor", "critic", "target"), value[:3], strict=True):
        own = setup[name]
        if not isinstance(given, dict) or set(given) != set(own):
            raise Failed(f"The {name} has other parameters after the update.", stops=True)
        found.append(
            {k: array(given[k], v.shape, what=f"{k} of the {name}") for k, v in own.items()}
        )
    return found, value[3]


def entry_of(log: Any, key: str) -> Any:
    """What an update reports under a key."""
    if not isinstance(log, dict) or key not in log:
        raise Failed(
            f"The update has to return a dict with the key {key!r}.",
            expected=f"{{{key!r}: …}}", given=show(log), stops=True,
        )  # fmt: skip
    return log[key]


def reported(log: Any, key: str, what: str) -> float:
    """A number that an update reports, without gradient.

    Args:
        log: what the probe `update` reports of one update.
        key: of the number.
        what: how messages name it.
    """
    found = number(entry_of(log, key), what=what)
    if f"grad {key}" in log:
        raise Failed(
            f"{what[0].upper()}{what[1:]} is a number, but it still carries a gradient.",
            "So the graph of the whole update stays in memory: use detach() or float().",
        )
    return found


def entropy_of(log: Any) -> float:
    """The entropy that an update reports."""
    return reported(log, "entropy", "the entropy")


def q_of(log: Any) -> float:
    """The mean of critic 1 that the lecture's update reports."""
    return reported(log, "q", "the mean of critic 1")


def small_config(**changes: Any) -> dict[str, Any]:
    """Fields of `SACConfig` for one update on small networks."""
    return {
        "total_steps": 100, "gamma": 0.9, "tau": 0.1, "alpha": 0.2, "hidden": [8],
        "batch_size": 6,
    } | changes  # fmt: skip


def look_at_one_update(answer: Any, rng: np.random.Generator) -> Any:
    """Let the answer update a small agent once; what it reports.

    Raises:
        Failed: if a network stays as it was, or the targets do not copy the critics with tau = 1.
    """
    setup = an_agent(rng, 3, 2, (8,), 0.2)
    batches, cfg = [a_batch(rng, 6, 3, 2)], small_config(tau=1.0)
    nets, logs = updated(answer.probe("nb08_sac.update", setup, batches, cfg), setup)
    if logs[0] is None:
        array(None, (), what="the result")
    for name, after in zip(("actor", "critic", "target"), nets, strict=True):
        if all(np.abs(after[k] - setup[name][k]).max() < 1e-9 for k in after):
            raise Failed(f"The update leaves the {name} as it was.", "Is its step taken?")
    for k, after in nets[2].items():
        close(after, nets[1][k], rtol=1e-4, atol=1e-5, what="the target with tau = 1")
    return logs[0]


lecture_update = Exercise("08_sac/lecture_update")


@lecture_update.check(
    "one update moves all networks",
    hint="Three steps: critics, actor, targets. With tau = 1 the targets copy the critics.",
)
def _lecture_update(answer, rng):
    q_of(look_at_one_update(answer, rng))


sample_tanh_gaussian = Exercise("08_sac/sample_tanh_gaussian")


@sample_tanh_gaussian.check(
    "two samples by hand",
    hint="u = 0 and u = 1. Log density of u: -0.9189 and -1.4189. Then the correction.",
)
def _sample(answer, rng):
    zero = tensor([0.0], [0.0])
    a, logp = sample_of(answer(zero, zero, tensor([0.0], [1.0])), (2, 1))
    close(a, [[0.0], [math.tanh(1)]], what="the action")
    right = -0.5 * math.log(2 * math.pi)
    close(
        logp, [right, right - 0.5 - math.log(1 - math.tanh(1) ** 2)], rtol=1e-5, atol=1e-5,
        what="log pi", mistakes={"The correction for tanh is missing.": [right, right - 0.5]},
    )  # fmt: skip


soft_v = Exercise("08_sac/soft_v")


@soft_v.check("two equal actions", hint="log(e^0 + e^0) = log 2.")
def _soft_v(answer, rng):
    close(answer(np.zeros((1, 2)), 1.0), [math.log(2)], what="the soft value")


soft_pi = Exercise("08_sac/soft_pi")


@soft_pi.check("two equal actions", hint="Nothing speaks for one of them.")
def _soft_pi(answer, rng):
    close(answer(np.zeros((1, 2)), 1.0), [[0.5, 0.5]], what="the policy")


def one_choice() -> TabularMDP:
    """In state 0 action 0 ends the episode and pays 1, action 1 stays and pays 0."""
    P = np.array([[[0.0, 1.0], [1.0, 0.0]], [[0.0, 1.0], [0.0, 1.0]]])
    return TabularMDP(P, [[1.0, 0.0], [0.0, 0.0]], 0.5, [False, True])


soft_q_iteration = Exercise("08_sac/soft_q_iteration")


@soft_q_iteration.check(
    "two sweeps by hand",
    hint="Q = 0 has the soft value log 2, so staying is worth 0.5 log 2 after one sweep. Then "
    "0.5 log(e + sqrt 2).",
)
def _soft_q(answer, rng):
    given = answer(one_choice(), 1.0, 2)
    stay = 0.5 * math.log(math.e + math.sqrt(2))
    close(given, [[1.0, stay], [0.0, 0.0]], what="Q after 2 sweeps")


critic_target = Exercise("08_sac/critic_target")


@critic_target.check("one transition by hand", hint="1 + 0.9 (2 + 0.1); terminated: 1.")
def _critic_target(answer, rng):
    one, term = tensor(1.0, 1.0), tensor(0.0, 1.0)
    given = answer(one, term, 2 * one, 3 * one, -one, 0.9, 0.1)
    close(given, [2.89, 1.0], what="the target")


actor_loss = Exercise("08_sac/actor_loss")


@actor_loss.check("one sample by hand", hint="0.1 (-1) - 2")
def _actor_loss(answer, rng):
    given = answer(tensor(-1.0), tensor(2.0), tensor(2.0), 0.1)
    close(number(given, what="the loss"), -2.1, what="the loss")


sac_update = Exercise("08_sac/sac_update")


@sac_update.check(
    "one update moves all networks",
    hint="Three steps: critics, actor, targets. With tau = 1 the targets copy the critics.",
)
def _sac_update(answer, rng):
    entropy_of(look_at_one_update(answer, rng))


temperature_loss = Exercise("08_sac/temperature_loss")


@temperature_loss.check("one batch by hand", hint="alpha = 1; the mean of -logp - (-1) is 3.")
def _temperature_loss(answer, rng):
    given = answer(tensor(0.0)[0], tensor(-1.0, -3.0), -1.0)
    close(number(given, what="the loss"), 3.0, what="the loss")
