"""Visible checks of 07_dqn: crashes, shapes and one value a person can check by hand.

torch is imported where it is needed only: looking up an exercise costs nothing.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from qlib.checks import served
from qlib.checks.compare import array, close, number, show
from qlib.checks.exercise import Exercise
from qlib.checks.failure import Failed

PROBE = "nb07_dqn."
CAUSES = (
    "no mask",
    "no discount",
    "target never synced",
    "no target network",
    "no exploration decay",
    "broadcast",
)
"""The names that `diagnose` may return."""


def report_of(reports: Any) -> dict[str, float]:
    """The first report of an update.

    Raises:
        Failed: if it is no dict with the three numbers.
    """
    report = reports[0] if isinstance(reports, list | tuple) and reports else None
    names = ("loss", "q", "grad_norm")
    if not isinstance(report, Mapping) or any(name not in report for name in names):
        raise Failed(
            "The update does not return its report.",
            'It is a dict with the keys "loss", "q" and "grad_norm".',
            expected='{"loss": …, "q": …, "grad_norm": …}',
            given=show(report),
            stops=True,
        )
    return {name: number(report[name], what=f'"{name}"') for name in names}


def one(obs: float, action: int, reward: float, next_obs: float, ended: float) -> tuple:
    """A batch of one transition between the states 0 and 1, as plain data of a `Batch`."""
    row = np.eye(2, dtype=np.float32)
    return (
        row[[int(obs)]],
        np.array([action]),
        np.array([reward], np.float32),
        row[[int(next_obs)]],
        np.array([ended], np.float32),
    )


def tensors(batch: tuple) -> tuple:
    """The fields as tensors."""
    import torch

    return tuple(torch.from_numpy(field) for field in batch)


def table(rows: list[list[float]]) -> list[np.ndarray]:
    """A network that is a table, as weight and bias of one linear layer."""
    weight = np.array(rows, np.float32).T
    return [np.ascontiguousarray(weight), np.zeros(len(weight), np.float32)]


epsilon = Exercise("07_dqn/epsilon")


@epsilon.check("from 1 to 0.05 in 100 steps", hint="Halfway it is the mean of start and end.")
def _epsilon(answer, rng):
    for t, want in ((0, 1.0), (50, 0.525), (200, 0.05)):
        close(answer(t, 1.0, 0.05, 100), want, what=f"epsilon({t}, 1.0, 0.05, 100)")


select_action = Exercise("07_dqn/select_action")


@select_action.check(
    "ε = 0: the index of the largest value; ε = 1: all actions",
    hint="For an observation of shape (2,) the network wants the shape (1, 2).",
)
def _select_action(answer, rng):
    net, obs = table([[1.0, 5.0, 2.0], [4.0, 3.0, 0.0]]), np.eye(2, dtype=np.float32)
    given = array(answer.probe(f"{PROBE}actions", net, obs, 0.0, rng), (2,), kind="int")
    close(given, [1, 0], what="the greedy actions for Q = [1, 5, 2] and [4, 3, 0]")
    many = np.repeat(obs[:1], 200, axis=0)
    given = array(answer.probe(f"{PROBE}actions", net, many, 1.0, rng), (200,), kind="int")
    if set(given.tolist()) != {0, 1, 2}:
        raise Failed(
            "With ε = 1 the actions of 200 calls are not all of 0, 1 and 2.",
            expected="{0, 1, 2}",
            given=show(sorted(set(given.tolist()))),
        )


dqn_targets = Exercise("07_dqn/dqn_targets")


@dqn_targets.check(
    "one transition by hand",
    hint="In s' the target network says 3 and 4, the online network 6 and 5.",
)
def _dqn_targets(answer, rng):
    online, target = table([[1.0, 2.0], [6.0, 5.0]]), table([[0.0, 0.0], [3.0, 4.0]])
    for ended, double, want in ((0.0, False, 3.0), (0.0, True, 2.5), (1.0, False, 1.0)):
        batch = tensors(one(0, 0, 1.0, 1, ended))
        given = answer.probe(f"{PROBE}targets", online, target, batch, 0.5, double)
        what = f"the target with double = {double}" if not ended else "the target after the end"
        close(given, [want], rtol=1e-4, what=what)


dqn_update = Exercise("07_dqn/dqn_update")


@dqn_update.check(
    "one transition by hand", hint="Q = 1, target 1 + 0.5 · 4 = 3: the loss is 4, its slope -4."
)
def _dqn_update(answer, rng):
    online, target = table([[1.0, 2.0], [6.0, 5.0]]), table([[0.0, 0.0], [3.0, 4.0]])
    cfg = {"gamma": 0.5, "loss": "mse", "max_grad_norm": 100.0}
    batch = tensors(one(0, 0, 1.0, 1, 0.0))
    given = answer.probe(f"{PROBE}updates", online, target, [batch], cfg, "SGD", 0.1)
    report = report_of(given[2])
    close(report["loss"], 4.0, rtol=1e-4, what='"loss"')
    close(report["q"], 1.0, rtol=1e-4, what='"q"')
    # Weights [a, s], then biases: only action 0 in state 0 moves, by 0.1 · 4.
    close(given[0], [1.4, 6, 2, 5, 0.4, 0], rtol=1e-4, atol=1e-4, what="the weights of q_net")


train_dqn = Exercise("07_dqn/train_dqn")


@train_dqn.check(
    "probe P1, constant reward: Q = 1",
    hint="One observation, one step, reward 1. Anything else than 1 is a bug.",
    seconds=60,
)
def _train_dqn(answer, rng):
    from qlib.envs.deep import PROBES

    env = PROBES["P1"]()
    cfg = {"total_steps": 250, "hidden": (16,), "learning_rate": 0.01, "batch_size": 32}
    cfg |= {"learning_starts": 50, "train_every": 1, "target_update_every": 10}
    done = served.run(
        answer, f"{PROBE}train", PROBES["P1"], cfg, 0, env.observations, rng=rng, max_steps=250
    )
    if done.steps != 250:
        raise Failed(
            "The loop does not take cfg.total_steps steps.", expected="250", given=str(done.steps)
        )
    found = array(done.result, (1, 2), what="the values of the trained network")
    if np.abs(found - 1).max() > 0.1:
        raise Failed(
            "The value of a reward that is always 1, in episodes of one step, is not 1.",
            "Beyond the end there is nothing to bootstrap from."
            if found.min() > 1.5
            else "Is q_net trained at all, and returned?",
            expected="1 for both actions, up to 0.1",
            given=show(found),
        )


overestimation = Exercise("07_dqn/overestimation")


@overestimation.check(
    "two steps by hand",
    hint="Returns from both states: 0 + 0.5 · 2 = 1 and 2. The network says 4 and 3.",
)
def _overestimation(answer, rng):
    net = table([[4.0, 0.0], [0.0, 3.0]])
    world = (np.array([[1, -1], [-1, -1]]), np.array([[0.0, 7.0], [7.0, 2.0]]), np.array([0]))
    given = answer.probe(f"{PROBE}in_script", net, world, 0.5, [0])
    close(given, ((4 - 1) + (3 - 2)) / 2, rtol=1e-4, what="the overestimation")


diagnose = Exercise("07_dqn/diagnose")


@diagnose.check(
    "six letters, six different causes, and the same for all three runs of a letter",
    hint="This check does not say which cause is which: the curves do.",
)
def _diagnose(answer, rng):
    from qlib.training_logs import mystery_logs

    said = {name: [cause_of(answer(log)) for log in logs] for name, logs in mystery_logs().items()}
    for name, causes in said.items():
        if len(set(causes)) > 1:
            raise Failed(
                f"The three runs {name} have the same bug, but get different causes.",
                given=show(causes),
            )
    if len({causes[0] for causes in said.values()}) < len(said):
        raise Failed(
            "Two of the six letters A … F get the same cause; each has its own.",
            given=show({name: causes[0] for name, causes in said.items()}),
        )


def cause_of(value: Any) -> str:
    """A diagnosis, checked to be one of the names.

    Raises:
        Failed: if it is none.
    """
    if not isinstance(value, str) or value not in CAUSES:
        raise Failed(
            "The result is not the name of a cause.",
            expected=", ".join(f'"{cause}"' for cause in CAUSES),
            given=show(value),
            stops=True,
        )
    return value
