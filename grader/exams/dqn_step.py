"""Hidden checks of `dqn_update` (07_dqn): weights after updates, computed by hand.

The step is recomputed in NumPy from the networks and batches that were drawn, see `dqn_oracle`.
With gamma = 0 the target is the reward, so everything but the first check is independent of the
answer to `dqn_targets`.
"""

from collections.abc import Callable, Mapping

import numpy as np

from grader.exams.dqn_oracle import (
    Net,
    Transitions,
    at_taken,
    clipped,
    error_slopes,
    flat,
    gradient,
    loss_value,
    random_net,
    target_values,
    unflat,
    values,
)
from qlib.checks import Exercise, Failed, array, close, matches
from qlib.checks.nb07_dqn import report_of

PROBE = "nb07_dqn."

# --- 4 dqn_update ------------------------------------------------------------------------------

update = Exercise("07_dqn/dqn_update")
SIZES = [5, 12, 3]


def random_batch(rng: np.random.Generator, size: int, far: float = 1.0) -> Transitions:
    """Transitions with random observations; `far` scales the rewards."""
    return Transitions(
        rng.normal(size=(size, 5)).astype(np.float32),
        rng.integers(3, size=size),
        (far * rng.normal(size=size)).astype(np.float32),
        rng.normal(size=(size, 5)).astype(np.float32),
        (rng.random(size) < 0.3).astype(np.float32),
    )


def settings(**changes) -> dict:
    """The fields of a configuration that an update may read."""
    return {"gamma": 0.9, "double": False, "loss": "mse", "max_grad_norm": 1e6} | changes


def full_gradient(online: Net, target: Net, batch: Transitions, cfg: dict) -> np.ndarray:
    """The semi-gradient before clipping."""
    error = errors(online, target, batch, cfg)
    return gradient(online, batch.obs, at_taken(error_slopes(error, cfg["loss"]), batch, 3))


def errors(online: Net, target: Net, batch: Transitions, cfg: dict) -> np.ndarray:
    """Q(s, a) - y, (B,)."""
    y = target_values(online, target, batch, cfg["gamma"], cfg["double"])
    return values(online, batch.obs)[np.arange(len(y)), batch.action] - y


def wrong_gradients(
    online: Net, target: Net, batch: Transitions, cfg: dict
) -> dict[str, Callable[[], np.ndarray]]:
    """Gradients that typical mistakes give, before clipping."""
    q, B = values(online, batch.obs), len(batch.reward)
    row = np.arange(B)
    y = target_values(online, target, batch, cfg["gamma"], cfg["double"])
    error = q[row, batch.action] - y

    def by(slopes: np.ndarray) -> np.ndarray:
        return gradient(online, batch.obs, slopes)

    def taken(slopes: np.ndarray) -> np.ndarray:
        return by(at_taken(slopes, batch, 3))

    def with_y(other: np.ndarray) -> np.ndarray:
        return taken(error_slopes(q[row, batch.action] - other, cfg["loss"]))

    spread = (q[row, batch.action][:, None] - y[None, :]).mean(axis=1)
    best = np.zeros_like(q)
    best[row, q.argmax(axis=1)] = error_slopes(q.max(axis=1) - y, cfg["loss"])
    g, ended = cfg["gamma"], batch.terminated
    free = Transitions(batch.obs, batch.action, batch.reward, batch.next_obs, 0 * ended)
    other_loss = "huber" if cfg["loss"] == "mse" else "mse"
    return {
        "Every prediction is compared with every target: shapes (B, 1) and (B,) broadcast to "
        "(B, B).": lambda: taken(2 * spread / B if cfg["loss"] == "mse" else spread / B),
        "The errors are summed over the batch; the loss is their mean.": lambda: (
            B * taken(error_slopes(error, cfg["loss"]))
        ),
        "The step goes uphill.": lambda: -taken(error_slopes(error, cfg["loss"])),
        f"This is the step of the {'Huber' if other_loss == 'huber' else 'squared'} loss; "
        "`cfg.loss` asks for the other one.": lambda: taken(error_slopes(error, other_loss)),
        "The squared error is halved; `mse` is the plain mean of squares.": lambda: taken(
            error_slopes(error, "mse") / 2
        ),
        "The prediction is the largest value; it has to be the value of the action that was "
        "taken.": lambda: by(best),
        "The targets bootstrap beyond the end of an episode.": lambda: with_y(
            target_values(online, target, free, g, cfg["double"])
        ),
        "The targets come from the online network.": lambda: with_y(
            target_values(online, online, batch, g, False)
        ),
        "`cfg.double` is ignored.": lambda: with_y(
            target_values(online, target, batch, g, not cfg["double"])
        ),
        "The discount is not `cfg.gamma`.": lambda: with_y(
            target_values(online, target, batch, 1.0, cfg["double"])
        ),
        "The discount is not `cfg.gamma`. ": lambda: with_y(
            target_values(online, target, batch, 0.99, cfg["double"])
        ),
    }


def change_of(vector, start: np.ndarray, what: str) -> np.ndarray:
    """How far a network's weights have moved, checked."""
    return array(vector, start.shape, what=what) - start


def same_change(given: np.ndarray, want: np.ndarray) -> bool:
    """Whether two changes of weights agree, to a thousandth of the largest."""
    size = float(np.abs(want).max()) + 1e-6
    return matches(given / size, want / size, rtol=0, atol=2e-3)


def run_updates(answer, online, target, batches, cfg, optimiser, lr):
    """Change of the online weights, of the target weights, and the reports."""
    given = answer.probe(
        f"{PROBE}updates", online, target, [b.plain() for b in batches], cfg, optimiser, lr
    )
    if not isinstance(given, tuple | list) or len(given) != 3:
        raise Failed("Nothing came back from the update.", stops=True)
    return (
        change_of(given[0], flat(online), "q_net's weights after the update"),
        change_of(given[1], flat(target), "target_net's weights after the update"),
        given[2],
    )


def expect_step(
    answer,
    rng,
    cfg: dict,
    batch: Transitions,
    clip: Mapping[str, Callable[[np.ndarray], np.ndarray]] | None = None,
) -> set[str] | None:
    """One SGD step: None if it is right, else the causes that explain it.

    Args:
        answer: the student's update.
        rng: draws networks and the step size.
        cfg: the configuration.
        batch: the transitions.
        clip: what mistakes about clipping make of the right gradient.
    """
    online, target = random_net(rng, SIZES), random_net(rng, SIZES)
    lr = float(rng.uniform(0.05, 0.2))
    moved, _, _ = run_updates(answer, online, target, [batch], cfg, "SGD", lr)
    g, limit = full_gradient(online, target, batch, cfg), cfg["max_grad_norm"]
    if same_change(moved, -lr * clipped(g, limit)):
        return None
    causes = {}
    if same_change(moved, 0 * g):
        causes["The weights have not moved at all: is there a backward pass, and a step?"] = None
    for text, wrong in (clip or {}).items():
        if same_change(moved, -lr * wrong(g)):
            causes[text] = None
    for text, wrong in wrong_gradients(online, target, batch, cfg).items():
        if same_change(moved, -lr * clipped(wrong(), limit)):
            causes[text.strip()] = None
    return set(causes)


def expect_steps(results: list[set[str] | None], symptom: str) -> None:
    """Raise if a step was wrong, with a cause that explains every wrong one."""
    wrong = [causes for causes in results if causes is not None]
    if not wrong:
        return
    common = set.intersection(*wrong)
    raise Failed(symptom, min(common, default="", key=len))


@update.check(
    "one step moves every weight by the semi-gradient of the squared error",
    points=3,
    hint="Prediction: the value of the taken action. Target: from exercise 3. Loss: mean of "
    "squares. The shapes of both are (B,).",
)
def _one_step(answer, rng):
    results = []
    for k in range(8):
        cfg = settings(gamma=float(rng.uniform(0.5, 0.9)), double=bool(k % 2))
        results.append(expect_step(answer, rng, cfg, random_batch(rng, 8)))
    expect_steps(results, "After one update the weights of q_net are not where they should be.")


@update.check(
    "with the Huber loss a far target pushes no harder than a near one",
    points=1.5,
    hint="Quadratic up to an error of 1, a straight line beyond.",
)
def _huber(answer, rng):
    results = []
    for _ in range(5):
        cfg = settings(gamma=0.0, loss="huber")
        results.append(expect_step(answer, rng, cfg, random_batch(rng, 8, far=3.0)))
    expect_steps(
        results, 'With cfg.loss = "huber" (and γ = 0) the weights are not where they should be.'
    )


def per_tensor(g: np.ndarray, limit: float) -> np.ndarray:
    """Each layer's weight and bias clipped by itself."""
    sizes = np.cumsum([SIZES[0] * SIZES[1], SIZES[1], SIZES[1] * SIZES[2]])
    return np.concatenate([clipped(part, limit) for part in np.split(g, sizes)])


@update.check(
    "the gradient is clipped, all weights together",
    points=1.5,
    hint="One norm over all parameters. Clip after the backward pass and before the step.",
)
def _clipping(answer, rng):
    results = []
    for _ in range(5):
        limit = float(rng.uniform(0.1, 0.4))
        cfg = settings(gamma=0.0, max_grad_norm=limit)
        clip = {
            "The gradient is not clipped, or only after the step.": lambda g: g,
            "Each tensor is clipped by itself; the direction of the step changes.": (
                lambda g, m=limit: per_tensor(g, m)
            ),
            "Each entry is clipped by itself; the direction of the step changes.": (
                lambda g, m=limit: np.clip(g, -m, m)
            ),
            "The gradient is scaled to the limit; a shorter one has to stay.": (
                lambda g, m=limit: m * g / np.linalg.norm(g)
            ),
        }
        results.append(expect_step(answer, rng, cfg, random_batch(rng, 8, far=4.0), clip))
        loose = settings(gamma=0.0, max_grad_norm=float(rng.uniform(50, 90)))
        limit = loose["max_grad_norm"]
        scaled = {list(clip)[-1]: lambda g, m=limit: m * g / np.linalg.norm(g)}
        results.append(expect_step(answer, rng, loose, random_batch(rng, 8), scaled))
    expect_steps(results, "With a limit on the gradient's norm (and γ = 0) the step is wrong.")


def adam(gradients: Callable[[np.ndarray, int], np.ndarray], start: np.ndarray, lr: float, n: int):
    """Weights after n steps of Adam with its usual constants."""
    w, m, v = start.copy(), 0.0, 0.0
    for k in range(1, n + 1):
        g = gradients(w, k - 1)
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        w -= lr * (m / (1 - 0.9**k)) / (np.sqrt(v / (1 - 0.999**k)) + 1e-8)
    return w


@update.check(
    "several updates: nothing accumulates, and only q_net learns",
    points=2,
    hint="PyTorch adds gradients up until they are cleared. The optimiser that is handed in takes "
    "the step.",
)
def _several(answer, rng):
    for optimiser in rng.permutation(["SGD", "SGD", "Adam"]):
        online, target = random_net(rng, SIZES), random_net(rng, SIZES)
        batches = [random_batch(rng, 8) for _ in range(3)]
        cfg, start = settings(gamma=0.0), flat(online)
        lr = float(rng.uniform(0.05, 0.1) if optimiser == "SGD" else rng.uniform(0.01, 0.02))
        moved, theirs, _ = run_updates(answer, online, target, batches, cfg, str(optimiser), lr)
        if not same_change(1 + theirs, np.ones_like(theirs)):
            raise Failed(
                "The update changes the target network.",
                "It is copied from q_net now and then by the training loop, not here.",
            )
        want = descend(online, target, batches, cfg, str(optimiser), lr, accumulate=False)
        if same_change(moved, want - start):
            continue
        piled = descend(online, target, batches, cfg, str(optimiser), lr, accumulate=True)
        plain = descend(online, target, batches, cfg, "SGD", lr, accumulate=False)
        cause = ""
        if same_change(moved, piled - start):
            cause = "Gradients of earlier updates are still there: clear them before each backward."
        elif optimiser == "Adam" and same_change(moved, plain - start):
            cause = "The step is taken by hand; the optimiser that is handed in has to take it."
        raise Failed(
            f"After three updates with {optimiser} (and γ = 0) the weights of q_net are not where "
            "they should be.",
            cause,
        )


def descend(online, target, batches, cfg, optimiser, lr, *, accumulate: bool) -> np.ndarray:
    """Weights after one update a batch."""
    kept = np.zeros_like(flat(online))

    def slope(w: np.ndarray, k: int) -> np.ndarray:
        g = full_gradient(unflat(w, online), target, batches[k], cfg)
        if accumulate:
            kept[:] += g
            return kept.copy()
        return g

    if optimiser == "Adam":
        return adam(slope, flat(online), lr, len(batches))
    w = flat(online)
    for k in range(len(batches)):
        w = w - lr * slope(w, k)
    return w


@update.check(
    "it reports loss, mean value and gradient norm",
    points=1,
    hint="Plain numbers, measured before the step: the norm is the one before clipping.",
)
def _reports(answer, rng):
    for loss in rng.permutation(["mse", "huber", "mse", "huber"]):
        online, target = random_net(rng, SIZES), random_net(rng, SIZES)
        limit = float(rng.uniform(0.1, 0.4))
        cfg, batch = settings(gamma=0.0, loss=str(loss), max_grad_norm=limit), random_batch(rng, 8)
        _, _, reports = run_updates(answer, online, target, [batch], cfg, "SGD", 0.1)
        given = report_of(reports)
        error = errors(online, target, batch, cfg)
        g = full_gradient(online, target, batch, cfg)
        taken = values(online, batch.obs)[np.arange(8), batch.action]
        close(given["loss"], loss_value(error, str(loss)), rtol=1e-3, what=f'"loss" ({loss})')
        close(
            given["q"],
            taken.mean(),
            rtol=1e-3,
            atol=1e-4,
            what='"q"',
            mistakes={
                "This is the mean over all actions; meant is Q(s, a) of the taken ones.": values(
                    online, batch.obs
                ).mean(),
                "This is the mean of the largest values; meant is Q(s, a) of the taken actions.": (
                    values(online, batch.obs).max(axis=1).mean()
                ),
            },
        )
        close(
            given["grad_norm"],
            np.linalg.norm(g),
            rtol=1e-3,
            what='"grad_norm"',
            mistakes={"This is the norm after clipping.": min(limit, float(np.linalg.norm(g)))},
        )
