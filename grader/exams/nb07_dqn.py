"""Hidden checks of 07_dqn: ε, actions, targets.

The update is judged in `dqn_step`, training and the reading of logs in `dqn_training`.

Expected values come from `dqn_oracle`: forward and backward passes written out in NumPy, float64.
The student's functions handle networks, so they are reached through probes; every number that a
probe reports is computed here from weights and batches drawn afresh.

False alarms. Chance decides in `select_action` only: it compares 12 frequencies, each off with
probability at most 1e-7 (`expect_share`: ten with ε = 1, two in between), and asks once for a share
of greedy actions between 0.1 and 0.75 (2.5e-7): 1.5e-6 in all. The training checks say their own.
"""

import math
from collections.abc import Mapping

import numpy as np

from grader.exams.dqn_oracle import (
    Net,
    Transitions,
    WholeEvidence,
    at_taken,
    error_slopes,
    flat,
    gradient,
    random_net,
    table_net,
    target_values,
    values,
)
from grader.exams.dqn_step import update
from grader.exams.dqn_training import diagnose, overestimation, train_dqn
from grader.exams.tabular import slack
from qlib.checks import Exercise, Failed, array, matches, number, show

__all__ = [
    "action",
    "diagnose",
    "overestimation",
    "schedule",
    "targets",
    "train_dqn",
    "update",
]

PROBE = "nb07_dqn."

# --- 1 epsilon ---------------------------------------------------------------------------------

schedule = Exercise("07_dqn/epsilon")


def wrong_epsilons(t: int, start: float, end: float, steps: int) -> dict[str, float]:
    """What typical mistakes give."""
    n = max(steps, 1)
    inside = min(t / n, 1.0)
    return {
        "It starts at the end value: start and end are exchanged.": end + (start - end) * inside,
        "This falls from start towards 0; the line has to reach `end`.": start * (1 - inside),
        "This falls from 1, whatever `start` is.": 1 + (end - 1) * inside,
        "This falls to 0 first and is cut off at `end`; the line has to reach `end` only after "
        "decay_steps.": max(end, start * (1 - inside)),
        "It never decays.": start,
        "The value is kept above `end`, which suits a line that falls; but `end` may be larger "
        "than `start`.": max(end, start + (end - start) * t / n) if steps else end,
        "With decay_steps = 1 this is `end` in step 0 already; only without decay steps it is.": end
        if steps <= 1
        else start + (end - start) * inside,
        "It has no slope: the end value comes at once.": end,
        "The line goes on beyond decay_steps.": start + (end - start) * t / n,
        "This decay is exponential; asked is a straight line.": start * (end / start) ** inside
        if start > 0 and end > 0
        else math.nan,
        "This decay is exponential; asked is a straight line. ": end
        + (start - end) * math.exp(-t / n),
        "The line reaches `end` one step too early: there it has to be at t = decay_steps.": start
        + (end - start) * min(t / max(n - 1, 1), 1.0),
        "The line runs one step ahead: it starts at `start` in step 0.": (
            start + (end - start) * min((t + 1) / n, 1.0)
        ),
    }


def expect_epsilons(answer, cases: list[tuple[int, float, float, int]]) -> None:
    """Compare, and name a cause that explains every wrong one."""
    evidence = WholeEvidence()
    for t, start, end, steps in cases:
        want = end if t >= steps else start + (end - start) * t / steps
        given = number(answer(t, start, end, steps), what=f"epsilon({t}, …)")
        what = f"epsilon at step {t} of a decay from {start:.3g} to {end:.3g} in {steps} steps"
        evidence.see(given, want, lambda c=(t, start, end, steps): wrong_epsilons(*c), what=what)
    evidence.conclude()


@schedule.check(
    "a straight line from start to end", points=1.5, hint="How far along is step t, from 0 to 1?"
)
def _line(answer, rng):
    cases = []
    for _ in range(20):
        steps = int(rng.integers(30, 4000))
        t = int(rng.integers(1, steps))
        cases.append((t, float(rng.uniform(0.6, 0.95)), float(rng.uniform(0.01, 0.3)), steps))
    expect_epsilons(answer, [*cases, (0, *cases[0][1:]), (0, *cases[1][1:])])


@schedule.check(
    "it stays at the end, and may rise, too",
    points=1,
    hint="Limit how far along step t is, not the value of ε.",
)
def _afterwards(answer, rng):
    cases = []
    for _ in range(12):
        start, end = rng.uniform(0.02, 0.98, 2)
        steps = int(rng.integers(10, 1000))
        late = int(rng.choice([steps, steps + 1, 3 * steps + 7, 100 * steps]))
        early = int(rng.integers(1, steps))
        cases += [(late, start, end, steps), (early, start, end, steps)]
    expect_epsilons(answer, [(t, float(a), float(b), n) for t, a, b, n in cases])


@schedule.check(
    "without decay steps it is the end value at once, with one step it is not",
    points=0.5,
    hint="Nothing can be divided by decay_steps = 0.",
)
def _no_decay(answer, rng):
    places = [(0, 0), (1, 0), (50, 0), (0, 1), (1, 1), (3, 10)]
    cases = [(t, *(float(x) for x in rng.uniform(0.1, 0.9, 2)), steps) for t, steps in places]
    expect_epsilons(answer, cases)


# --- 2 select_action ---------------------------------------------------------------------------

action = Exercise("07_dqn/select_action")


def chosen(answer, net: Net, obs: np.ndarray, eps: float, seed: int) -> np.ndarray:
    """The actions at these observations, checked to be actions."""
    n_actions = len(net[-1])
    given = answer.probe(f"{PROBE}actions", net, obs, eps, np.random.default_rng(seed))
    what = "the actions at several observations"
    real = array(given, (len(obs),), what=what)
    if (real != np.round(real)).any():
        raise Failed(
            f"{what.capitalize()} are not whole numbers.",
            "The action is the index of an entry of Q(s, ·), not its value.",
            given=show(real),
            stops=True,
        )
    found = array(given, (len(obs),), kind="int", what=what)
    if found.min() < 0 or found.max() >= n_actions:
        raise Failed(
            f"An action is outside 0 … {n_actions - 1}.",
            "The action is the index of an entry of Q(s, ·), not its value.",
            given=show(int(found[(found < 0) | (found >= n_actions)][0])),
        )
    return found


def expect_share(hits: np.ndarray, p: float, what: str, causes: Mapping[str, float]) -> None:
    """A share of n draws is p, up to chance (false alarm below 1e-7)."""
    n, share = len(hits), float(hits.mean())
    allowed = slack(n * p * (1 - p)) / n
    if abs(share - p) <= allowed:
        return
    near = {0.0: 0.0, 1.0: 0.0}  # never and always are meant exactly
    off = {text: abs(share - q) - near.get(q, max(allowed, 0.02)) for text, q in causes.items()}
    cause = next((text for text in off if off[text] <= 0), "")
    raise Failed(
        f"{what} is further off than chance explains.",
        cause,
        expected=f"{p:.3f} ± {allowed:.2g}",
        given=f"{share:.3f}",
    )


def varied_net(
    rng: np.random.Generator, sizes: list[int], n_obs: int
) -> tuple[Net, np.ndarray, np.ndarray]:
    """A network, observations and values: no action is the best, or the worst, nearly always."""
    while True:
        net = random_net(rng, sizes, 2.0)
        obs = rng.normal(size=(n_obs, sizes[0])).astype(np.float32)
        q = values(net, obs)
        if max(np.bincount(f(axis=1)).max() for f in (q.argmax, q.argmin)) <= 0.8 * n_obs:
            return net, obs, q


@action.check(
    "without exploration: the action with the largest value",
    points=2,
    hint="The network wants a batch: a single observation is a batch of one.",
)
def _greedy(answer, rng):
    for n_actions in (2, 3, 6, int(rng.integers(4, 9))):
        net, obs, q = varied_net(rng, [5, 16, n_actions], 40)
        given = chosen(answer, net, obs, 0.0, int(rng.integers(2**31)))
        loss = q.max(axis=1) - q[np.arange(40), given]
        if (loss > 1e-4).any():
            causes = {
                "This is the action with the smallest value.": q.argmin(axis=1),
                "This is the action with the largest absolute value.": np.abs(q).argmax(axis=1),
                "The action is always 0. Is q_net given a batch? For a single observation `[0]` is "
                "the value of action 0, not the values of all actions.": np.zeros(40),
            }
            cause = next((t for t in causes if matches(given, causes[t])), "")
            again = chosen(answer, net, obs, 0.0, int(rng.integers(2**31)))
            if not cause and (again != given).any():
                cause = "Nothing is left to chance here: is the comparison with ε the wrong way "
                cause += "round?"
            k = int((loss > 1e-4).argmax())
            raise Failed(
                "With ε = 0 the action is not the one with the largest value.",
                cause,
                expected=f"action {int(q[k].argmax())} for Q = {show(q[k])}",
                given=f"action {given[k]}",
            )


@action.check(
    "with ε = 1 every action is equally likely",
    points=1,
    hint="A random action is any action, the best one too; their number is the network's.",
)
def _uniform(answer, rng):
    for n_actions in (3, 5):
        net, obs, q = varied_net(rng, [4, 8, n_actions], 1500)
        given = chosen(answer, net, obs, 1.0, int(rng.integers(2**31)))
        if len(set(given)) == 1:
            raise Failed(
                f"With ε = 1 all {len(given)} actions are the same.",
                "Is a generator made inside the function? Then every call draws the same numbers.",
            )
        counts = np.bincount(given, minlength=n_actions)
        missing = f"It never occurs. There are {n_actions} actions, one for each output of q_net."
        shares = [(f"action {a}", given == a, {missing: 0.0}) for a in counts.argsort()]
        best = given == q.argmax(axis=1)
        causes = {
            "It never occurs. A random action is any action, the best one too.": 0.0,
            "It is always taken: ε is not used.": 1.0,
        }
        shares.insert(0 if best.mean() in (0, 1) else n_actions, ("the best action", best, causes))
        for name, hits, known in shares:
            what = f"With ε = 1 the share of {name} (of {n_actions})"
            expect_share(hits, 1 / n_actions, what, known)


@action.check(
    "in between: greedy with probability 1 - ε + ε / A",
    points=1,
    hint="One random number decides whether to explore.",
)
def _between(answer, rng):
    for n_actions in (2, 4):
        eps = float(rng.uniform(0.25, 0.4))
        net = random_net(rng, [4, 8, n_actions], 2.0)
        obs = np.repeat(rng.normal(size=(1, 4)).astype(np.float32), 2000, axis=0)
        given = chosen(answer, net, obs, eps, int(rng.integers(2**31)))
        expect_share(
            given == int(values(net, obs[:1]).argmax()),
            1 - eps + eps / n_actions,
            f"With ε = {eps:.2f} and {n_actions} actions the share of the best action",
            {
                "ε is the probability to explore, not the one to be greedy.": eps
                + (1 - eps) / n_actions,
                "The random action is never the best one.": 1 - eps,
                "ε is not used.": 1.0,
                "All actions are equally likely.": 1 / n_actions,
            },
        )


@action.check(
    "all chance comes from rng",
    points=1,
    hint="The same generator in the same state gives the same actions; another one does not.",
)
def _action_rng(answer, rng):
    net = random_net(rng, [4, 8, 6], 2.0)
    obs = rng.normal(size=(80, 4)).astype(np.float32)
    q = values(net, obs)
    eps = float(rng.uniform(0.7, 0.8))
    first, second = (int(k) for k in rng.integers(2**31, size=2))
    one, again, other = (chosen(answer, net, obs, eps, k) for k in (first, first, second))
    if (one != again).any():
        raise Failed(
            "The same generator in the same state gives other actions.",
            "All chance has to come from the generator that is handed in.",
        )
    if (one == other).all():
        raise Failed(
            "Different random numbers give the same actions.",
            "Is the generator made inside the function? Then it starts afresh at every call.",
        )
    share = float((q[np.arange(80), one] >= q.max(axis=1) - 1e-4).mean())
    if not 0.1 <= share <= 0.75:  # 0.33 to 0.42 expected; binomial tails below 2.5e-7
        raise Failed(
            f"With ε = {eps:.2f} and 6 actions {share:.0%} of the actions are greedy.",
            expected="about 38 %",
        )


# --- 3 dqn_targets -----------------------------------------------------------------------------

targets = Exercise("07_dqn/dqn_targets")
S, A = 12, 4


def table_batch(rng: np.random.Generator, size: int, *, ended: float = 0.3) -> Transitions:
    """Transitions between one-hot states of a table, some of them terminated, float32."""
    rows = rng.integers(S, size=(2, size))
    terminated = rng.random(size) < ended
    if 0 < ended < 1 and size > 2:
        terminated[:2] = rng.permutation([True, False])
    eye = np.eye(S, dtype=np.float32)
    return Transitions(
        eye[rows[0]],
        rng.integers(A, size=size),
        rng.uniform(-2, 2, size).astype(np.float32),
        eye[rows[1]],
        terminated.astype(np.float32),
    )


def tables(rng: np.random.Generator, centre: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """An online and a target table that agree on no maximum and on few places of it."""
    return tuple((centre + rng.normal(size=(2, S, A)) * [[[2.0]], [[3.0]]]).astype(np.float32))


def wrong_targets(
    online: np.ndarray, target: np.ndarray, batch: Transitions, gamma: float, double: bool
) -> dict[str, np.ndarray]:
    """What typical mistakes give; a table's row is `x @ table`."""
    r, ended = batch.reward.astype(np.float64), batch.terminated.astype(np.float64)
    on, tg = (batch.next_obs.astype(np.float64) @ q.astype(np.float64) for q in (online, target))
    now = batch.obs.astype(np.float64) @ target.astype(np.float64)
    row = np.arange(len(r))

    def y(value: np.ndarray, mask: np.ndarray | float = 1 - ended, g: float = gamma) -> np.ndarray:
        return r + g * mask * value

    select = on if double else tg
    right = tg[row, select.argmax(axis=1)]
    found = {
        "The bootstrap goes on beyond the end: a terminated transition has no next value.": y(
            right, 1.0
        ),
        "The mask is the wrong way round: only terminated transitions are bootstrapped.": y(
            right, ended
        ),
        "The reward of the last step is masked away, too; it is still paid.": (1 - ended)
        * y(right),
        "The discount is missing.": y(right, g=1.0),
        "The discount multiplies the reward, too.": gamma * y(right, g=1.0),
        "The value is that of the current observation; the bootstrap looks at the next one.": y(
            now.max(axis=1)
        ),
        "The value is that of the action taken before; in s' the best action counts.": y(
            tg[row, batch.action]
        ),
        "This is the smallest value of the next state.": y(tg.min(axis=1)),
        "This is the mean over the actions; the target takes the best one.": y(tg.mean(axis=1)),
        "The maximum runs over the batch instead of over the actions.": y(
            np.full(len(r), tg.max(axis=0).max())
        ),
        "The index of the best action is used instead of its value.": y(
            select.argmax(axis=1).astype(float)
        ),
    }
    if double:
        found |= {
            "This is the target without double: the target network both selects and evaluates.": y(
                tg.max(axis=1)
            ),
            "The roles are exchanged, as in the lecture's order: the target network selects, the "
            "online network evaluates.": y(on[row, tg.argmax(axis=1)]),
            "The online network both selects and evaluates.": y(on.max(axis=1)),
            "This is the smaller of both maxima, not the value of the selected action.": y(
                np.minimum(on.max(axis=1), tg.max(axis=1))
            ),
            "This is the smaller of both values at the selected action; in double DQN the target "
            "network alone evaluates.": y(np.minimum(on[row, on.argmax(axis=1)], right)),
        }
    else:
        found |= {
            "The bootstrap reads the online network: that is the version of 2013, without a "
            "target network. (The target network is the first argument.)": y(on.max(axis=1)),
            "This is the double target, though `double` is False.": y(tg[row, on.argmax(axis=1)]),
            "This evaluates with the online network.": y(on[row, tg.argmax(axis=1)]),
        }
    return found


def expect_targets(answer, cases: list[tuple]) -> None:
    """Compare the targets of several batches: (online, target, batch, gamma, double)."""
    evidence = WholeEvidence("the target vector", 1e-4)  # float32
    for online, target, batch, gamma, double in cases:
        nets = table_net(online), table_net(target)
        given = answer.probe(f"{PROBE}targets", *nets, batch.plain(), gamma, double)
        evidence.see(
            given,
            target_values(*nets, batch, gamma, double),
            lambda c=(online, target, batch, gamma, double): wrong_targets(*c),
        )
    evidence.conclude()


@targets.check(
    "one network selects and evaluates: r + γ max Q'(s', a)",
    points=3,
    hint="The target network, the next observation, the maximum over the actions.",
)
def _single(answer, rng):
    cases = []
    for k in range(20):
        gamma = float(rng.uniform(0.3, 0.95))
        batch = table_batch(rng, int(rng.integers(5, 12)))
        cases.append((*tables(rng, (-9.0, 0.0, 4.0)[k % 3]), batch, gamma, False))
    expect_targets(answer, cases)


@targets.check(
    "double: the online network selects, the target network evaluates",
    points=3,
    hint="Two steps: which action, and what is it worth? Each asks another network.",
)
def _double(answer, rng):
    cases = []
    for k in range(20):
        gamma = float(rng.uniform(0.3, 0.95))
        batch = table_batch(rng, int(rng.integers(5, 12)), ended=0.2)
        cases.append((*tables(rng, (-9.0, 0.0, 4.0)[k % 3]), batch, gamma, True))
    expect_targets(answer, cases)


@targets.check(
    "a terminated transition is worth its reward alone",
    points=2,
    hint="`terminated` is 1.0 where the episode ended, else 0.0.",
)
def _terminated(answer, rng):
    cases = []
    for k in range(12):
        size = int(rng.integers(4, 9))
        batch = table_batch(rng, size, ended=(1.0, 0.5, 0.0)[k % 3])
        cases.append((*tables(rng), batch, float(rng.uniform(0.5, 0.95)), bool(rng.integers(2))))
    expect_targets(answer, [cases[k] for k in rng.permutation(12)])


@targets.check(
    "the targets are constants: no gradient flows through them",
    points=1.5,
    hint="A target is a number to move towards; only the prediction is differentiated.",
)
def _constants(answer, rng):
    for double in rng.permutation([True, False, True, False]):
        online, target = tables(rng)
        batch, gamma = table_batch(rng, 8), float(rng.uniform(0.5, 0.95))
        nets, lr = (table_net(online), table_net(target)), float(rng.uniform(0.1, 0.5))
        after = answer.probe(
            f"{PROBE}step_towards_targets", *nets, batch.plain(), gamma, bool(double), lr
        )
        y = target_values(*nets, batch, gamma, bool(double))
        error = values(nets[0], batch.obs)[np.arange(8), batch.action] - y
        g = gradient(nets[0], batch.obs, at_taken(error_slopes(error, "mse"), batch, A))
        for name, net, vector, step in (
            ("target", nets[1], after[1], 0.0),
            ("online", nets[0], after[0], lr * g),
        ):
            start = flat(net)
            found = array(vector, start.shape, what=f"the {name} network's weights after one step")
            if not matches(found, start - step, rtol=1e-4, atol=1e-4):
                raise Failed(
                    f"A gradient step on (Q - y)² moves the {name} network's weights "
                    f"{'although they only enter the target' if name == 'target' else 'wrongly'}.",
                    "The target still carries its computation: it has to be cut off, so that "
                    "no gradient flows through it."
                    if name == "target"
                    else "Either the targets are not right, or a gradient flows through the choice "
                    "of the action.",
                    expected="only the prediction is differentiated",
                )


@targets.check(
    "a batch of one, one action, ties",
    points=1.5,
    hint="The result has the shape (B,), also for B = 1; never (B, 1).",
)
def _edges(answer, rng):
    cases = []
    for double in rng.permutation([True, False]):
        online, target = tables(rng)
        cases.append((online, target, table_batch(rng, 1, ended=0.0), 0.9, bool(double)))
        cases.append((online[:, :1], target[:, :1], table_batch(rng, 6), 0.8, bool(double)))
        tied = np.repeat(target[:, :1], A, axis=1)
        cases.append((np.zeros_like(online), tied, table_batch(rng, 6), 0.7, bool(double)))
    for *_, batch, _, _ in cases[1::3]:
        batch.action[:] = 0
    expect_targets(answer, cases)
