"""Visible checks of 06_parametric_q: crashes, shapes and one value a person can check by hand."""

from typing import Any

import numpy as np

from qlib.checks.compare import array, close, number, show
from qlib.checks.exercise import Exercise
from qlib.checks.failure import Failed

PROBE = "nb06_parametric_q."
FIELDS = ("obs", "action", "reward", "next_obs", "terminated")


def pair_of(value: Any, first: str, second: str) -> tuple[Any, Any]:
    """An answer's two results.

    Raises:
        Failed: if it is not a pair.
    """
    if value is None:
        array(value, (), what="the result")
    pair = isinstance(value, tuple | list) or (isinstance(value, np.ndarray) and value.ndim > 0)
    if not pair or len(value) != 2:
        raise Failed(
            "The result is not a pair.", expected=f"({first}, {second})", given=show(value),
            stops=True,
        )  # fmt: skip
    return value[0], value[1]


def network_of(answer, sizes: list, inputs: list[np.ndarray], shape: tuple[int, ...]) -> None:
    """Build a network, look at its parameters and at the shape of an output."""
    shapes = answer.probe(PROBE + "shapes", *sizes)
    if not isinstance(shapes, list):
        raise Failed("The network is not a torch module: its class has to derive from nn.Module.")
    if len(shapes) == 0:
        raise Failed(
            "The network has no parameters.",
            "Layers in a plain Python list are invisible to torch.",
            stops=True,
        )
    ones = [np.ones(tuple(s), np.float32) for s in shapes]
    said = answer.probe(PROBE + "outputs", ones, inputs, np.ones(shape, np.float32))
    array(said["out"], shape, what=f"the output for a batch of {shape[0]}")


discrete_q = Exercise("06_parametric_q/DiscreteQ")


@discrete_q.check("shapes", hint="(B, obs_dim) in, (B, n_actions) out.")
def _discrete_q(answer, rng):
    network_of(answer, [4, 3, [8, 6]], [np.ones((5, 4), np.float32)], (5, 3))


continuous_q = Exercise("06_parametric_q/ContinuousQ")


@continuous_q.check("shapes", hint="(B, obs_dim) and (B, act_dim) in, (B,) out.")
def _continuous_q(answer, rng):
    inputs = [np.ones((5, 4), np.float32), np.ones((5, 2), np.float32)]
    network_of(answer, [4, 2, [8, 6]], inputs, (5,))


td_loss = Exercise("06_parametric_q/td_loss")

BY_HAND = {
    "obs": np.array([[1.0, 0.0]], np.float32),
    "action": np.array([0]),
    "reward": np.array([1.0], np.float32),
    "next_obs": np.array([[0.0, 1.0]], np.float32),
    "terminated": np.array([False]),
}


@td_loss.check(
    "one transition by hand", hint="The target is 1 + 0.5 * 4 = 3, the prediction 1, the error -2."
)
def _td_loss(answer, rng):
    q = np.array([[1.0, 2.0], [0.0, 0.0]], np.float32)
    qt = np.array([[0.0, 0.0], [3.0, 4.0]], np.float32)
    for kind, want in (("mse", 4.0), ("huber", 1.5)):
        said = answer.probe(PROBE + "loss_step", [q, qt], BY_HAND, 0.5, kind, 0.1)
        close(said["loss"], want, rtol=1e-4, what=f'the loss of kind "{kind}"')
        if said["tables"] is None:
            raise Failed("The loss is no tensor that can be differentiated.", stops=True)


full_gradient_loss = Exercise("06_parametric_q/full_gradient_loss")


@full_gradient_loss.check(
    "one transition by hand", hint="The target is 1 + 0.5 * 4 = 3, the prediction 1."
)
def _full_gradient_loss(answer, rng):
    q = np.array([[1.0, 2.0], [3.0, 4.0]], np.float32)
    said = answer.probe(PROBE + "loss_step", [q], BY_HAND, 0.5, None, 0.1)
    close(said["loss"], 4.0, rtol=1e-4, what="the loss")
    if said["tables"] is None:
        raise Failed("The loss is no tensor that can be differentiated.", stops=True)


linear_td_step = Exercise("06_parametric_q/linear_td_step")


@linear_td_step.check("one step of each kind", hint="The TD error is 1 + 0.5 - 1 = 0.5.")
def _linear_td_step(answer, rng):
    ones, phi, phi2 = np.ones(2), np.array([1.0, 0.0]), np.array([0.0, 1.0])
    for mode, want in (("semi", [1.05, 1.0]), ("residual", [1.05, 0.975])):
        given = answer(ones, phi, phi2, 1.0, 0.5, False, 0.1, mode)
        close(given, want, what=f'the new weights of mode "{mode}"')


w2w_factor = Exercise("06_parametric_q/w2w_factor")


@w2w_factor.check("no end", hint="The new weight is 0.9 (2 + 4) / 5 times the old one.")
def _w2w_factor(answer, rng):
    close(answer(0.9, 0.0), 1.08, what="the factor for gamma = 0.9, eps = 0")


w2w_threshold = Exercise("06_parametric_q/w2w_threshold")


@w2w_threshold.check("no end", hint="6 gamma / 5 = 1.")
def _w2w_threshold(answer, rng):
    close(answer(0.0), 5 / 6, what="the threshold for eps = 0")


fqi_linear = Exercise("06_parametric_q/fqi_linear")


@fqi_linear.check("two fits of w to 2w", hint="Each fit multiplies the weight by 1.08.")
def _fqi_linear(answer, rng):
    Phi, Phi2 = np.array([[1.0], [2.0]]), np.array([[2.0], [2.0]])
    given = answer(Phi, Phi2, np.zeros(2), 0.9, np.zeros(2, bool), np.ones(1), 2)
    close(given, [[1.0], [1.08], [1.1664]], what="the iterates")


def states_of(rng) -> tuple[dict, dict]:
    """States of two networks for the probe: the own one, and a target of zeros."""
    shapes = {"0.weight": (4, 3), "0.bias": (4,), "1.weight": (4,), "1.bias": (4,)}
    shapes |= {"1.running_mean": (4,), "1.running_var": (4,), "3.weight": (2, 4), "3.bias": (2,)}
    own = {name: np.ones(shape, np.float32) for name, shape in shapes.items()}
    own["1.num_batches_tracked"] = np.array(5)
    return own, {name: 0 * x for name, x in own.items()}


hard_update = Exercise("06_parametric_q/hard_update")


@hard_update.check("ones are copied over zeros", hint="In place: the caller's network changes.")
def _hard_update(answer, rng):
    own, target = states_of(rng)
    said = answer.probe(PROBE + "follow", own, target, [None], [target])
    for name in ("0.weight", "1.running_mean", "3.bias"):
        close(said["target"][name], own[name], what=f"{name} of the target network")


soft_update = Exercise("06_parametric_q/soft_update")


@soft_update.check("a tenth of the way from 0 to 1", hint="0.1 * 1 + 0.9 * 0.")
def _soft_update(answer, rng):
    own, target = states_of(rng)
    said = answer.probe(PROBE + "follow", own, target, [0.1], [target])
    for name in ("0.weight", "3.bias"):
        want = 0.1 * own[name]
        close(said["target"][name], want, rtol=1e-4, what=f"{name} of the target network")


matching_tau = Exercise("06_parametric_q/matching_tau")


@matching_tau.check("a copy every 399 steps", hint="Its mean age is 199 steps.")
def _matching_tau(answer, rng):
    close(answer(399), 0.005, what="tau for N = 399")


clip_grads = Exercise("06_parametric_q/clip_grads")


@clip_grads.check("gradients 3 and 4", hint="Their joint length is 5.")
def _clip_grads(answer, rng):
    grads = [np.array([3.0], np.float32), np.array([4.0], np.float32)]
    said = answer.probe(PROBE + "clip", [(1,), (1,)], grads, 1.0, False)
    close(said["norm"], 5.0, rtol=1e-4, what="the length returned")
    close(np.concatenate(said["gradients"]), [0.6, 0.8], rtol=1e-4, what="the clipped gradient")


huber = Exercise("06_parametric_q/huber")


@huber.check("near and far", hint="Half of 0.25; and 3 - 0.5.")
def _huber(answer, rng):
    close(answer(np.array([0.5, -3.0]), 1.0), [0.125, 2.5], what="the loss")


mse_vs_huber_min = Exercise("06_parametric_q/mse_vs_huber_min")


@mse_vs_huber_min.check(
    "ten, or one in one of ten cases", hint="The mean; and the point where 0.9 (x - 10) = -0.1."
)
def _mse_vs_huber_min(answer, rng):
    best = pair_of(answer(np.array([10.0, 1.0]), np.array([0.9, 0.1])), "best_mse", "best_huber")
    for given, want, what in zip(best, (9.1, 10 - 1 / 9), ("best_mse", "best_huber"), strict=True):
        close(number(given, what=what), want, rtol=0, atol=2e-4, what=what)


replay_buffer = Exercise("06_parametric_q/ReplayBuffer")


@replay_buffer.check(
    "capacity 3, five transitions: the last three stay", hint="Rewards 0 to 4: 2, 3, 4 are left."
)
def _replay_buffer(answer, rng):
    rows = {name: np.arange(5.0, dtype=np.float32) for name in ("reward",)}
    rows |= {name: np.arange(5.0, dtype=np.float32)[:, None] for name in ("obs", "next_obs")}
    rows |= {"action": np.arange(5), "terminated": np.zeros(5, bool)}
    rows["truncated"] = np.zeros(5, bool)
    draws = [("sample", 3, rng.spawn(1)[0]) for _ in range(40)]
    length, *said = answer.probe(PROBE + "replay", 3, [1], [("add", rows, -1.0), ("len",), *draws])
    close(number(length, what="the length"), 3, what="the length")
    found = set()
    for batch in said:
        for name in FIELDS:
            if not isinstance(batch, dict) or batch[name] is None:
                raise Failed(f"What sample returns has no field {name}.", stops=True)
        array(batch["obs"], (3, 1), what="the field obs")
        found |= {float(r) for r in array(batch["reward"], (3,), what="the field reward")}
    if found != {2.0, 3.0, 4.0}:
        raise Failed(
            "The rewards in 40 samples are not those of the last three transitions.",
            expected="2, 3 and 4",
            given=", ".join(f"{r:g}" for r in sorted(found)),
        )
