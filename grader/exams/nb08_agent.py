"""Hidden checks of `lecture_update` and `sac_update` of 08_sac: updates by hand, then learning.

The oracle runs the networks forwards and backwards in NumPy and float64, layer by layer, with all
derivatives written out; an answer uses autograd. Its agent's optimisers are plain gradient descent
with random rates, so a parameter after the step is a number that depends on everything.

The order of the three steps is free: critics first (the lecture's order), actor first, or both
gradients at the old parameters. A loss of the critics that is averaged over both instead of added
is half as steep; with Adam nothing changes, so it is right, too.

Learning. The student's update trains in the course's loop, in environments of this side
(`qlib.checks.served`), with a goal and mirrors drawn afresh. The actor comes back as numbers and is
judged here. `benchmarks/calibration_08.md` has the returns and standard deviations of many seeds,
of the reference and of recorded mistakes, and the probability of a false alarm.

False alarms. The student's numbers are float32, the oracle's float64. Where a gradient hangs on a
choice (a ReLU, the clamp of log_std, the smaller critic) rounding could decide it otherwise. So a
case is drawn again if a right answer comes nearer than 1e-5 to a choice (`Case.clear`), ten times
what float32 is off by, or more. All else is smooth, and of the tolerance right answers use up less
than a twentieth (both: `tests/test_nb08_sac.py`): no false alarm. Learning: two checks, each below
1e-7.
"""

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.spaces import Box

from qlib.checks import Exercise, Failed, array, close, served
from qlib.checks.nb08_sac import a_batch, an_agent, entropy_of, q_of, small_config, updated
from qlib.envs.deep import PointMass1D

Weights = list[tuple[np.ndarray, np.ndarray]]
LOG_STD = (-5.0, 2.0)  # the clamp of the course's actor

lecture_update = Exercise("08_sac/lecture_update")
sac_update = Exercise("08_sac/sac_update")


# --- networks by hand --------------------------------------------------------------------------


def forward(net: Weights, x: np.ndarray) -> list[np.ndarray]:
    """The input of each layer, and the output last: (B, n) each."""
    inputs = [x]
    for i, (W, b) in enumerate(net):
        z = inputs[-1] @ W + b
        inputs.append(np.maximum(z, 0.0) if i < len(net) - 1 else z)
    return inputs


def backward(net: Weights, inputs: list[np.ndarray], g: np.ndarray) -> tuple[Weights, np.ndarray]:
    """Gradients of all layers and of the input, from the gradient `g` of the output."""
    grads: Weights = []
    for i in range(len(net) - 1, -1, -1):
        if i < len(net) - 1:
            g = g * (inputs[i + 1] > 0)
        grads.insert(0, (inputs[i].T @ g, g.sum(axis=0)))
        g = g @ net[i][0].T
    return grads, g


def margin(net: Weights, inputs: list[np.ndarray]) -> float:
    """The distance of the nearest hidden unit to the kink of its ReLU; `inputs` from `forward`."""
    inner = zip(net[:-1], inputs[:-2], strict=True)
    return min(float(np.abs(x @ W + b).min()) for (W, b), x in inner)


def descend(net: Weights, grads: Weights, lr: float) -> Weights:
    """One step of gradient descent."""
    return [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(net, grads, strict=True)]


def plus(first: Weights, second: Weights, scale: float = 1.0) -> Weights:
    """The sum first + scale * second."""
    pairs = zip(first, second, strict=True)
    return [(W + scale * V, b + scale * c) for (W, b), (V, c) in pairs]


def actor_from(state: dict[str, np.ndarray]) -> Weights:
    """Layers of `qlib.nets.GaussianActor`."""
    n = len(state) // 2
    return [
        (state[f"net.{2 * i}.weight"].astype(float).T, state[f"net.{2 * i}.bias"].astype(float))
        for i in range(n)
    ]


def critics_from(state: dict[str, np.ndarray]) -> list[Weights]:
    """Layers of both critics of `qlib.nets.TwinCritic`."""
    layers = range(len(state) // 2)
    return [
        [
            (state[f"layers.{i}.weight"][j].astype(float),
             state[f"layers.{i}.bias"][j, 0].astype(float))
            for i in layers
        ]
        for j in range(2)
    ]  # fmt: skip


def flat(nets: list[Weights]) -> np.ndarray:
    """All parameters as one vector."""
    return np.concatenate([x.ravel() for net in nets for pair in net for x in pair])


@dataclass(frozen=True)
class Sample:
    """A squashed sample of the actor, and what its gradient needs."""

    inputs: list[np.ndarray]
    mu: np.ndarray
    log_std: np.ndarray
    free: np.ndarray  # where the clamp lets the gradient through
    noise: np.ndarray

    @property
    def u(self) -> np.ndarray:
        """Before tanh, (B, d)."""
        return self.mu + np.exp(self.log_std) * self.noise

    @property
    def a(self) -> np.ndarray:
        """The action, (B, d)."""
        return np.tanh(self.u)

    @property
    def gaussian(self) -> np.ndarray:
        """The log density of u, (B,)."""
        d = -0.5 * self.noise**2 - self.log_std - 0.5 * math.log(2 * math.pi)
        return d.sum(axis=1)

    @property
    def logp(self) -> np.ndarray:
        """The log density of a, (B,)."""
        return self.gaussian + 2 * np.log(np.cosh(self.u)).sum(axis=1)


def sample(actor: Weights, obs: np.ndarray, noise: np.ndarray) -> Sample:
    """What the actor does with this noise."""
    inputs = forward(actor, obs)
    mu, raw = np.split(inputs[-1], 2, axis=1)
    return Sample(
        inputs, mu, np.clip(raw, *LOG_STD), (raw > LOG_STD[0]) & (raw < LOG_STD[1]), noise
    )


# --- one update by hand ------------------------------------------------------------------------


@dataclass(frozen=True)
class Rules:
    """How to update; each field but the first turns one typical mistake on."""

    order: str = "critic first"
    target_nets: str = "target"
    next_action: str = "sampled"
    next_noise: str = "next_noise"
    next_state: str = "next_obs"
    reduce: Callable = np.minimum
    entropy: float = 1.0
    mask: bool = True
    discount: bool = True
    corrected: bool = True
    critic_scale: float = 1.0
    critic_sign: float = -1.0
    actor_critic: str = "min"
    actor_state: str = "obs"
    actor_action: str = "sampled"
    actor_sign: float = 1.0
    actor_entropy: float = 1.0
    reach_critic: bool = False
    tau: str = "right"
    mean_only: bool = False


@dataclass
class Hand:
    """An agent in NumPy.

    Attributes:
        margin: how near a gradient has come to a choice that rounding could turn around: a ReLU,
            the clamp of log_std, the smaller of two critics.
    """

    actor: Weights
    critics: list[Weights]
    targets: list[Weights]
    lr: tuple[float, float]
    alpha: float
    gamma: float
    tau: float
    margin: float = math.inf

    @classmethod
    def of(cls, setup: dict[str, Any], cfg: dict[str, Any]) -> "Hand":
        """The agent that the probe builds from the same numbers."""
        critics = [critics_from(setup[name]) for name in ("critic", "target")]
        alpha = float(np.float32(setup["alpha"]))
        return cls(
            actor_from(setup["actor"]), *critics, setup["lr"], alpha, cfg["gamma"], cfg["tau"]
        )

    def critic_gradients(self, actor: Weights, b: dict[str, np.ndarray], rules: Rules) -> list:
        """Gradients of both critics' losses."""
        s2 = b[rules.next_state]
        s = sample(actor, s2, b[rules.next_noise])
        logp = s.logp if rules.corrected else s.gaussian
        a2 = {"sampled": s.a, "mean": np.tanh(s.mu), "stored": b["action"]}[rules.next_action]
        nets = self.targets if rules.target_nets == "target" else self.critics
        q1, q2 = (forward(net, np.hstack([s2, a2]))[-1][:, 0] for net in nets)
        value = rules.reduce(q1, q2) - rules.entropy * self.alpha * logp
        live = 1 - b["terminated"] if rules.mask else 1.0
        y = b["reward"] + (self.gamma if rules.discount else 1.0) * live * value
        grads = []
        for net in self.critics:
            inputs = forward(net, np.hstack([b["obs"], b["action"]]))
            off = inputs[-1][:, 0] + rules.critic_sign * y
            g = 2 * rules.critic_scale * off / len(y)
            grads.append(backward(net, inputs, g[:, None])[0])
            self.margin = min(self.margin, margin(net, inputs))
        return grads

    def actor_gradient(
        self, critics: list[Weights], b: dict[str, np.ndarray], rules: Rules
    ) -> tuple[Weights, list[Weights]]:
        """Gradient of the actor's loss for the actor, and what it leaves in the critics."""
        obs = b[rules.actor_state]
        s = sample(self.actor, obs, b["noise"])
        action = s.a if rules.actor_action == "sampled" else np.tanh(s.mu)
        inputs = [forward(net, np.hstack([obs, action])) for net in critics]
        q1, q2 = (x[-1][:, 0] for x in inputs)
        low = {
            "min": (q1 < q2) * 1.0,
            "first": np.ones_like(q1),
            "mean": np.full_like(q1, 0.5),
            "max": (q1 > q2) * 1.0,
        }[rules.actor_critic]
        clamped = np.abs(s.inputs[-1][:, s.mu.shape[1] :, None] - LOG_STD).min()
        units = [margin(self.actor, s.inputs), *map(margin, critics, inputs)]
        self.margin = min(self.margin, *units, clamped, np.abs(q1 - q2).min())
        B = len(obs)
        by_action, left = np.zeros_like(s.a), []
        for net, x, share in zip(critics, inputs, (low, 1 - low), strict=True):
            g = -rules.actor_sign * share / B
            grads, g_in = backward(net, x, g[:, None])
            left.append(grads)
            by_action += g_in[:, obs.shape[1]:]  # fmt: skip
        weight = rules.actor_entropy * self.alpha / B
        sampled = 1.0 if rules.actor_action == "sampled" else 0.0
        slope = 1 - action**2
        by_logp = weight * 2 * np.tanh(s.u) * (1.0 if rules.corrected else 0.0)
        by_mu = by_action * slope + by_logp
        reach = np.exp(s.log_std) * s.noise
        by_log_std = (sampled * by_action * slope + by_logp) * reach - weight
        g = np.hstack([by_mu, by_log_std * s.free])
        return backward(self.actor, s.inputs, g)[0], left

    def step(
        self,
        b: dict[str, np.ndarray],
        rules: Rules,
        left: list | None = None,
        own: list[Weights] | None = None,
    ) -> list:
        """One update; returns the gradients that the actor's loss leaves in the critics."""
        actor_lr, critic_lr = self.lr
        old_actor = self.actor
        if rules.order == "critic first":
            grads = self.critic_gradients(self.actor, b, rules)
        if rules.order != "critic first":
            by_actor, leaves = self.actor_gradient(self.critics, b, rules)
            self.actor = descend(self.actor, by_actor, actor_lr)
            used = self.actor if rules.order == "actor first" else old_actor
            grads = self.critic_gradients(used, b, rules)
        if left is not None:
            grads = [plus(g, x) for g, x in zip(grads, left, strict=True)]
        self.critics = [
            descend(net, g, critic_lr) for net, g in zip(self.critics, grads, strict=True)
        ]
        if rules.order == "critic first":
            by_actor, leaves = self.actor_gradient(own or self.critics, b, rules)
            self.actor = descend(self.actor, by_actor, actor_lr)
        if rules.reach_critic:
            self.critics = [
                descend(net, g, critic_lr) for net, g in zip(self.critics, leaves, strict=True)
            ]
        tau = {"right": self.tau, "turned": 1 - self.tau, "copy": 1.0, "none": 0.0}[rules.tau]
        self.targets = [
            plus([((1 - tau) * W, (1 - tau) * c) for W, c in net], new, tau)
            for net, new in zip(self.targets, self.critics, strict=True)
        ]
        return leaves


ORDERS = ("critic first", "actor first", "together")
SAC = Rules()
MARGIN = 1e-5  # ten times what float32 is off by, or more
LECTURE = Rules(entropy=0.0, actor_entropy=0.0, actor_critic="first")


def variants(rules: Rules) -> list[Rules]:
    """The same rules in each order of the steps, with both scales of the critics' loss."""
    return [
        replace(rules, order=order, critic_scale=scale * rules.critic_scale)
        for order in ORDERS
        for scale in (1.0, 0.5)
    ]


@dataclass
class Case:
    """One agent, its batches, and its parameters after the updates by hand."""

    setup: dict[str, Any]
    batches: list[dict[str, Any]]
    cfg: dict[str, Any]

    def by_hand(
        self, rules: Rules, *, leftovers: bool = False, own: list[Weights] | None = None
    ) -> list[np.ndarray]:
        """Actor, critics and targets after all updates, one vector each.

        Args:
            rules: how to update.
            leftovers: the critics' step adds what the actor's loss of before left in them.
            own: the critics that the actor's step sees after theirs, in place of ours.
        """
        hand = self.after(rules, leftovers=leftovers, own=own)
        return [flat([hand.actor]), flat(hand.critics), flat(hand.targets)]

    def after(
        self, rules: Rules, *, leftovers: bool = False, own: list[Weights] | None = None
    ) -> Hand:
        """The agent after all updates; arguments as those of `by_hand`."""
        hand, left = Hand.of(self.setup, self.cfg), None
        for batch in self.batches:
            numbers = {k: np.asarray(v, dtype=float) for k, v in batch.items()}
            left = hand.step(numbers, rules, left if leftovers else None, own)
        return hand

    def clear(self) -> bool:
        """Whether no right answer comes near a choice that float32 could make otherwise."""
        right = [*variants(SAC), *variants(LECTURE)]
        return min(self.after(rules).margin for rules in right) > MARGIN

    def begin(self) -> list[np.ndarray]:
        """The parameters before the updates."""
        hand = Hand.of(self.setup, self.cfg)
        return [flat([hand.actor]), flat(hand.critics), flat(hand.targets)]


def a_case(rng: np.random.Generator, n_updates: int = 1, **changes: Any) -> Case:
    """A random agent and random batches, drawn again until the case is clear."""
    while True:
        case = any_case(rng, n_updates, **changes)
        if case.clear():
            return case


def any_case(rng: np.random.Generator, n_updates: int = 1, **changes: Any) -> Case:
    """A random agent and random batches."""
    obs_dim, act_dim = int(rng.integers(2, 5)), int(rng.integers(1, 4))
    hidden = rng.permutation([8, 6])[: int(rng.integers(1, 3))].tolist()
    alpha = float(rng.uniform(0.3, 0.8))
    setup = an_agent(rng, obs_dim, act_dim, hidden, alpha)
    gamma, tau = float(rng.uniform(0.5, 0.9)), float(rng.uniform(0.1, 0.3))
    cfg = small_config(gamma=gamma, tau=tau, alpha=alpha, hidden=hidden) | changes
    batches = [a_batch(rng, int(rng.integers(5, 9)), obs_dim, act_dim) for _ in range(n_updates)]
    return Case(setup, batches, cfg)


def states_after(answer, case: Case) -> tuple[list[dict], list]:
    """The answer's actor, critic and target after the updates, and its logs."""
    value = answer.probe("nb08_sac.update", case.setup, case.batches, case.cfg)
    return updated(value, case.setup)


def run(answer, case: Case) -> tuple[list[np.ndarray], list]:
    """The answer's parameters after the updates, one vector each, and its logs."""
    (actor, critic, target), logs = states_after(answer, case)
    return [flat([actor_from(actor)]), flat(critics_from(critic)), flat(critics_from(target))], logs


def near(given: np.ndarray, want: np.ndarray, begin: np.ndarray) -> bool:
    """Equal up to float32: a thousandth of the step taken."""
    scale = np.abs(want - begin).max()
    return bool(np.abs(given - want).max() <= 1e-3 * scale + 2e-6)


PARTS = ("actor", "critics", "targets")
Mistakes = dict[str, dict[str, Any]]
CRITICS: Mistakes = {
    "The target uses the critics that are being trained, not the target critics.": {
        "target_nets": "online"
    },
    "The next action is taken from the batch: it has to be a new sample of the policy at the next "
    "state.": {"next_action": "stored"},
    "The next action is the mean of the policy, not a sample.": {"next_action": "mean"},
    "The next action is sampled with the noise of the actor's step: it has its own, next_noise.": {
        "next_noise": "noise"
    },
    "The target looks at the state itself, not at the next one.": {"next_state": "obs"},
    "The larger of the target critics is taken.": {"reduce": np.maximum},
    "Only the first target critic is used.": {"reduce": lambda a, b: a},
    "The target critics are averaged.": {"reduce": lambda a, b: (a + b) / 2},
    "A terminated step keeps its future.": {"mask": False},
    "The discount is missing.": {"discount": False},
    "The critics run away from the target: its sign is turned around.": {"critic_sign": 1.0},
    "The losses are sums over the batch, not means.": {"critic_scale": math.nan},
    "The actor's loss moves the critics, too: only the actor's optimiser may step on it.": {
        "reach_critic": True
    },
}
SOFT_CRITICS: Mistakes = {
    "The entropy bonus is missing in the target.": {"entropy": 0.0},
    "The entropy is punished in the target.": {"entropy": -1.0},
    "log pi lacks the correction for tanh.": {"corrected": False},
}
ACTOR: Mistakes = {
    "The actor follows the mean of the critics.": {"actor_critic": "mean"},
    "The actor follows the larger of the critics.": {"actor_critic": "max"},
    "The actor makes Q small: the sign of Q is turned around.": {"actor_sign": -1.0},
    "The actor is trained at the next states.": {"actor_state": "next_obs"},
    "The actor's Q is taken at the mean of the policy: use the sample, or the spread is never "
    "judged by Q.": {"actor_action": "mean"},
    "Q carries no gradient to the actor: is its action detached, or drawn without gradients?": {
        "actor_sign": 0.0
    },
}
SOFT_ACTOR: Mistakes = {
    "Only the first critic is used: that is the lecture's actor; here the smaller of both "
    "counts.": {"actor_critic": "first"},
    "The entropy is punished in the actor's loss.": {"actor_entropy": -1.0},
    "The entropy is missing in the actor's loss.": {"actor_entropy": 0.0},
    "log pi lacks the correction for tanh.": {"corrected": False},
}
LECTURE_ACTOR: Mistakes = {
    "The smaller of both critics is used: that is SAC's actor; the lecture asks critic 1.": {
        "actor_critic": "min"
    },
}
SHARES = {
    "The target critics do not move.": lambda tau: 0.0,
    "The target critics are copied: they should follow slowly.": lambda tau: 1.0,
    "tau is used the wrong way round: tau is the share of the new critic.": lambda tau: 1 - tau,
}


def expect_part(
    answer, rng: np.random.Generator, n: int, part: int, rules: Rules, mistakes: Mistakes
) -> None:
    """Compare one of the networks with `rules`; name a mistake that explains all wrong cases."""
    causes, first = None, None
    for _ in range(n):
        case = a_case(rng)
        begin = case.begin()[part]
        (actor, critic, _target), _logs = states_after(answer, case)
        given = flat(critics_from(critic)) if part else flat([actor_from(actor)])
        # The actor is judged by the answer's own critics: a wrong one is no fault of its step.
        own = None if part else critics_from(critic)
        wants = [case.by_hand(r, own=own)[part] for r in variants(rules)]
        if any(near(given, want, begin) for want in wants):
            continue
        fits = {}
        for text, changes in mistakes.items():
            if math.isnan(changes.get("critic_scale", 0.0)):
                changes = {"critic_scale": float(len(case.batches[0]["reward"]))}
            mistaken = variants(replace(rules, **changes))
            wrong = (case.by_hand(r, own=own)[part] for r in mistaken)
            if any(near(given, value, begin) for value in wrong):
                fits[text] = None
        if first is None:
            k = int(np.abs(given - wants[0]).argmax())
            first, causes = (wants[0][k] - begin[k], given[k] - begin[k]), fits
            unmoved = np.abs(given - begin).max() < 1e-7
        else:
            causes = {text: None for text in causes if text in fits}
    if first is None:
        return
    name, be = PARTS[part], "are" if part else "is"
    symptom = f"After one update the {name} {be} not where gradient descent leads."
    if unmoved:
        symptom = f"The update leaves the {name} as {'they were' if part else 'it was'}."
    raise Failed(
        symptom,
        next(iter(causes), ""),
        expected=f"a parameter changed by {first[0]:.5g}",
        given=f"by {first[1]:.5g}",
    )


def expect_targets(answer, rng: np.random.Generator, n: int) -> None:
    """The target critics move by a share tau towards the answer's own new critics."""
    causes = None
    for _ in range(n):
        case = a_case(rng)
        begin, given = case.begin(), run(answer, case)[0]
        tau, old, new = case.cfg["tau"], begin[2], given[1]
        if near(given[2], (1 - tau) * old + tau * new, old):
            continue
        wrong = {text: (1 - share(tau)) * old + share(tau) * new for text, share in SHARES.items()}
        late = "The targets follow the critics of before the step: this step comes last."
        wrong[late] = (1 - tau) * old + tau * begin[1]
        fits = {t: None for t, w in wrong.items() if np.abs(given[2] - w).max() < 1e-5}
        causes = fits if causes is None else {t: None for t in causes if t in fits}
    if causes is not None:
        raise Failed(
            "After one update the targets are not where the soft update leads.",
            next(iter(causes), ""),
            expected="tau of the new critics and 1 - tau of the old targets",
        )


def values_of(critics: list[Weights], case: Case, **changes: str) -> np.ndarray:
    """Both critics at the actor's samples of before the step, (2, B).

    Args:
        critics: both.
        case: one update.
        changes: `state`, `noise` (names of the batch) or `action` ("mean", "stored").
    """
    batch = {k: np.asarray(v, dtype=float) for k, v in case.batches[0].items()}
    obs = batch[changes.get("state", "obs")]
    s = sample(actor_from(case.setup["actor"]), obs, batch[changes.get("noise", "noise")])
    actions = {"mean": np.tanh(s.mu), "stored": batch["action"]}
    x = np.hstack([obs, actions.get(changes.get("action", ""), s.a)])
    return np.stack([forward(net, x)[-1][:, 0] for net in critics])


def wrong_q(critics: list[Weights], case: Case) -> dict[str, float]:
    """What typical mistakes give for the reported q."""
    q = values_of(critics, case)
    return {
        "This is a sum over the batch, not its mean.": q[0].sum(),
        "This is the actor's loss; q is minus that.": -q[0].mean(),
        "This is critic 2.": q[1].mean(),
        "This is the smaller critic.": q.min(axis=0).mean(),
        "This is the mean over both critics.": q.mean(),
        "This is critic 1 at the actions of the batch, not at the actor's.": values_of(
            critics, case, action="stored"
        )[0].mean(),
        "This is critic 1 at the mean of the policy, not at its sample.": values_of(
            critics, case, action="mean"
        )[0].mean(),
        "This is critic 1 at the next states.": values_of(
            critics, case, state="next_obs", noise="next_noise"
        )[0].mean(),
    }


def expect_q(answer, rng: np.random.Generator, n: int) -> None:
    """The reported mean of critic 1, of before or after the critics' step: their order is free."""
    causes, first = None, None
    for _ in range(n):
        case = a_case(rng)
        (_actor, critic, _target), logs = states_after(answer, case)
        given, nets = q_of(logs[0]), [critics_from(critic), critics_from(case.setup["critic"])]
        close_to = lambda want, given=given: abs(given - want) <= 1e-4 * (1 + abs(want))  # noqa: E731
        wants = [values_of(net, case)[0].mean() for net in nets]
        if any(map(close_to, wants)):
            continue
        fits = {text: None for net in nets for text, v in wrong_q(net, case).items() if close_to(v)}
        if first is None:
            first, causes = (wants[0], given), fits
        else:
            causes = {text: None for text in causes if text in fits}
    if first is not None:
        raise Failed(
            "The reported q is not the mean of critic 1 at the actor's samples.",
            next(iter(causes), ""),
            expected=f"{first[0]:.5g}",
            given=f"{first[1]:.5g}",
        )


def expect_clean(answer, rng: np.random.Generator, n: int, rules: Rules) -> None:
    """Three updates in a row: nothing of one may leak into the next."""
    for _ in range(n):
        case = a_case(rng, n_updates=3)
        begin, given = case.begin(), run(answer, case)[0]
        if any(
            all(near(g, w, b) for g, w, b in zip(given, case.by_hand(r), begin, strict=True))
            for r in variants(rules)
        ):
            continue
        one = Case(case.setup, case.batches[:1], case.cfg)
        after = run(answer, one)[0][:2]
        singles = [one.by_hand(r)[:2] for r in variants(rules)]
        if not any(
            all(near(g, w, b) for g, w, b in zip(after, s, begin[:2], strict=True)) for s in singles
        ):
            raise Failed("A single update is not right yet, so three in a row are not either.")
        dirty = (case.by_hand(r, leftovers=True)[1] for r in variants(rules))
        raise Failed(
            "After three updates in a row the networks are not where gradient descent leads.",
            "The critics' step uses what the actor's loss left in them: clear the gradients before "
            "each backward pass."
            if any(near(given[1], d, begin[1]) for d in dirty)
            else "Gradients add up until they are cleared; clear them before each backward pass.",
        )


# --- the lecture's update ----------------------------------------------------------------------


@lecture_update.check(
    "the critics take one step towards the smaller target critic",
    points=2,
    hint="Sample at the next state, target critics, minimum, mask; then the squared error.",
)
def _lecture_critics(answer, rng):
    extra = {"There is an entropy bonus in the target: the lecture has none.": {"entropy": 1.0}}
    expect_part(answer, rng, 8, 1, LECTURE, CRITICS | extra)


@lecture_update.check(
    "the actor takes one step up critic 1, through its sample",
    points=1.5,
    hint="A sample of its own at the states of the batch, with `noise`; minus the mean of Q.",
)
def _lecture_actor(answer, rng):
    extra = {"There is an entropy bonus: the lecture has none.": {"actor_entropy": 1.0}}
    expect_part(answer, rng, 8, 0, LECTURE, ACTOR | LECTURE_ACTOR | extra)


@lecture_update.check(
    "the target critics follow slowly, and q is reported",
    points=0.5,
    hint="tau is the share of the new critic; this step comes last. q is that of the actor's step.",
)
def _lecture_targets(answer, rng):
    expect_targets(answer, rng, 6)
    expect_q(answer, rng, 4)


@lecture_update.check(
    "the second update begins with clean gradients",
    points=1,
    hint="The actor's loss leaves gradients in the critics. Who clears them, and when?",
)
def _lecture_clean(answer, rng):
    expect_clean(answer, rng, 4, LECTURE)


# --- soft actor-critic -------------------------------------------------------------------------


@sac_update.check(
    "the critics take one step towards the soft target",
    points=1,
    hint="Sample at the next state, target critics, minimum, bonus, mask; then the squared error.",
)
def _critics(answer, rng):
    expect_part(answer, rng, 8, 1, SAC, CRITICS | SOFT_CRITICS)


@sac_update.check(
    "the actor takes one step down its loss",
    points=0.75,
    hint="A sample of its own at the states of the batch, with `noise`; the smaller critic.",
)
def _actor(answer, rng):
    expect_part(answer, rng, 8, 0, SAC, ACTOR | SOFT_ACTOR)


@sac_update.check(
    "the target critics follow slowly",
    points=0.25,
    hint="tau is the share of the new critic; this step comes last.",
)
def _targets(answer, rng):
    expect_targets(answer, rng, 6)


@sac_update.check(
    "the second update begins with clean gradients",
    points=0.5,
    hint="The actor's loss leaves gradients in the critics. Who clears them, and when?",
)
def _clean(answer, rng):
    expect_clean(answer, rng, 4, SAC)


@sac_update.check(
    "the temperature is the agent's, and the entropy is reported",
    points=0.5,
    hint="agent.alpha changes while it is learned; cfg.alpha is where it started.",
)
def _alpha(answer, rng):
    for _ in range(4):
        case = a_case(rng, alpha=float(rng.uniform(1.5, 2.5)))
        begin, (given, logs) = case.begin()[1], run(answer, case)
        if not any(near(given[1], case.by_hand(r)[1], begin) for r in variants(SAC)):
            other = Case(case.setup | {"alpha": case.cfg["alpha"]}, case.batches, case.cfg)
            raise Failed(
                "With a temperature that has changed since the start the critics' step is wrong.",
                "It uses cfg.alpha, where the temperature started, instead of agent.alpha."
                if any(near(given[1], other.by_hand(r)[1], begin) for r in variants(SAC))
                else "",
            )
        batch = {k: np.asarray(v, dtype=float) for k, v in case.batches[0].items()}
        actor = actor_from(case.setup["actor"])
        want = -sample(actor, batch["obs"], batch["noise"]).logp.mean()
        wrong = {
            "This is the mean of log pi; the entropy is minus that.": -want,
            "This is the entropy at the next states.": -sample(
                actor, batch["next_obs"], batch["next_noise"]
            ).logp.mean(),
        }
        given = entropy_of(logs[0])
        if abs(given - want) > 1e-3 * (1 + abs(want)):
            close(given, want, what="the entropy", cause=next(
                (t for t, v in wrong.items() if abs(given - v) <= 1e-3 * (1 + abs(v))), ""
            ))  # fmt: skip


# --- learning ----------------------------------------------------------------------------------

STEPS = 1_000
LEARN = {
    "total_steps": STEPS, "gamma": 0.9, "hidden": [32, 32], "learning_rate": 1e-3,
    "actor_learning_rate": 1e-3, "batch_size": 64, "buffer_size": 2_000, "learning_starts": 200,
    "tau": 0.02, "alpha": 0.02,
}  # fmt: skip


class Mirrored(gym.Wrapper):
    """The point mass with its goal somewhere, seen and pushed through mirrors."""

    def __init__(self, goal: float, seen: int, pushed: int):
        super().__init__(PointMass1D(goal=goal))
        self.seen, self.pushed = seen, pushed
        box = self.env.action_space
        self.action_space = Box(box.low, box.high, box.shape, np.float32)

    def reset(self, **kwargs: Any) -> tuple[np.ndarray, dict]:
        """Start an episode."""
        obs, info = self.env.reset(**kwargs)
        return self.seen * obs, info

    def step(self, action: np.ndarray) -> tuple[np.ndarray, float, bool, bool, dict]:
        """Take one step."""
        obs, *rest = self.env.step(self.pushed * np.asarray(action))
        return self.seen * obs, *rest


@dataclass(frozen=True)
class World:
    """A point mass with its goal, and two mirrors."""

    goal: float
    seen: int
    pushed: int

    @classmethod
    def draw(cls, rng: np.random.Generator) -> "World":
        """Somewhere between the middle and the walls."""
        goal = float(rng.uniform(0.2, 0.4) * rng.choice([-1, 1]))
        return cls(goal, int(rng.choice([-1, 1])), int(rng.choice([-1, 1])))

    def make(self) -> gym.Env:
        """The environment."""
        return Mirrored(self.goal, self.seen, self.pushed)

    def returns(self, push: Callable[[np.ndarray], np.ndarray]) -> float:
        """Mean undiscounted return of 25 steps from 20 starts spread over the line.

        Args:
            push: the actor's action for observations (20, 1), (20, 1).
        """
        x, total = np.linspace(-0.95, 0.95, 20), np.zeros(20)
        for _ in range(25):
            a = np.clip(self.pushed * push((self.seen * x)[:, None])[:, 0], -1, 1)
            total -= (x - self.goal) ** 2 + 0.01 * a**2
            x = np.clip(x + 0.2 * a, -1, 1)
        return float(total.mean())


@dataclass(frozen=True)
class Judged:
    """A trained actor: its return, and the mean standard deviation of u at the states."""

    world_return: float
    std: float


def actor_of(value: Any, hidden: tuple[int, ...] = (32, 32)) -> Weights:
    """The trained actor's layers.

    Raises:
        Failed: if the parameters have other names or shapes, or are not finite.
    """
    sizes = [1, *hidden, 2]
    names = {}
    for i, (n_in, n_out) in enumerate(itertools.pairwise(sizes)):
        names |= {f"net.{2 * i}.weight": (n_out, n_in), f"net.{2 * i}.bias": (n_out,)}
    if not isinstance(value, dict) or set(value) != set(names):
        raise Failed("The trained actor cannot be read: it has other layers.", stops=True)
    state = {k: array(value[k], shape, what=f"{k} of the actor") for k, shape in names.items()}
    return actor_from(state)


def judge(actor: Weights, world: World) -> Judged:
    """Score an actor on this side."""

    def push(obs: np.ndarray) -> np.ndarray:
        return np.tanh(forward(actor, obs)[-1][:, :1])

    log_std = forward(actor, np.linspace(-1, 1, 41)[:, None])[-1][:, 1]
    return Judged(world.returns(push), float(np.exp(np.clip(log_std, *LOG_STD)).mean()))


def train(answer, rng: np.random.Generator, alpha: float, steps: int) -> Judged:
    """Train once in a fresh world."""
    world = World.draw(rng)
    cfg = LEARN | {"alpha": alpha, "total_steps": steps}
    seed = int(rng.integers(2**31))
    done = served.run(
        answer, "nb08_sac.training", world.make, cfg, seed, rng=rng, max_steps=2 * steps
    )
    return judge(actor_of(done.result), world)


def expect_moves(answer, rng: np.random.Generator) -> None:
    """No training for an update that moves nothing, or learns from no reward.

    Without rewards some actors reach the goal by luck: what has not been tried looks good.
    """
    case = a_case(rng)
    begin, given = case.begin(), run(answer, case)[0]
    for name, before, after in zip(PARTS[:2], begin[:2], given[:2], strict=True):
        if np.abs(after - before).max() < 1e-7:
            raise Failed(f"The update does not move the {name}: there is nothing to learn with.")
    batch = case.batches[0]
    paid = replace(case, batches=[batch | {"reward": batch["reward"] + 1}])
    if np.abs(run(answer, paid)[0][1] - given[1]).max() < 1e-7:
        raise Failed(
            "The critics' step is the same whatever the rewards are: there is nothing to learn.",
            "Is the error squared? The derivative of Q - y alone does not know y.",
        )


def three(answer, rng, alpha: float, steps: int, good: Callable[[Judged], bool]) -> list[Judged]:
    """Three runs; three fresh ones if the median of the first three fails."""
    for _ in range(2):
        runs = []
        for _ in range(3):
            runs.append(train(answer, rng, alpha, steps))
            if sum(map(good, runs)) == 2:
                return runs
            if len(runs) - sum(map(good, runs)) == 2:
                break
    return runs


def enough(runs: list[Judged], good: Callable[[Judged], bool]) -> bool:
    """Whether two runs of (up to) three are good."""
    return sum(map(good, runs)) >= 2


LEAST_RETURN, STD_RANGE = -2.5, (0.15, 0.9)
LEAST_COLLAPSED, COLLAPSED = -5.0, 0.08  # with alpha = 0


@sac_update.check(
    "learning: with alpha = 0.02 the point mass is brought to its goal, and the policy stays wide",
    points=6,
    seconds=90,
    hint="Two of three trainings have to succeed. If the checks above pass, this one should.",
)
def _learns(answer, rng):
    def good(run: Judged) -> bool:
        return run.world_return >= LEAST_RETURN and STD_RANGE[0] <= run.std <= STD_RANGE[1]

    expect_moves(answer, rng)
    runs = three(answer, rng, 0.02, STEPS, good)
    if enough(runs, good):
        return
    returns = [f"{run.world_return:.2f}" for run in runs]
    stds = [f"{run.std:.3f}" for run in runs]
    if sum(run.world_return >= LEAST_RETURN for run in runs) < 2:
        raise Failed(
            f"After {STEPS} steps the point mass does not reach its goal.",
            expected=f"return at least {LEAST_RETURN} in two of three trainings",
            given="returns " + ", ".join(returns),
        )
    wide = np.median([run.std for run in runs]) > STD_RANGE[1]
    raise Failed(
        "The point mass reaches its goal, but the standard deviation of the policy "
        + ("explodes." if wide else "collapses."),
        "Without the correction for tanh a wide Gaussian seems to have more and more entropy."
        if wide
        else "The entropy bonus does not reach the actor.",
        expected=f"standard deviation between {STD_RANGE[0]} and {STD_RANGE[1]}",
        given=", ".join(stds),
    )


@sac_update.check(
    "learning: with alpha = 0 it is the lecture's algorithm, and the policy collapses",
    points=4,
    seconds=90,
    hint="Nothing may hold the policy open but alpha log pi.",
)
def _collapses(answer, rng):
    def good(run: Judged) -> bool:
        return run.world_return >= LEAST_COLLAPSED and run.std <= COLLAPSED

    expect_moves(answer, rng)
    runs = three(answer, rng, 0.0, STEPS, good)
    if enough(runs, good):
        return
    raise Failed(
        f"With alpha = 0 the policy is not nearly deterministic after {STEPS} steps, or it does "
        "not bring the point mass to its goal.",
        expected=f"standard deviation at most {COLLAPSED} and return at least {LEAST_COLLAPSED} in "
        "two of three trainings",
        given=", ".join(f"{run.std:.3f} ({run.world_return:.2f})" for run in runs),
    )
