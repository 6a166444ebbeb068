# %% [markdown]
# # 4 · Monte Carlo, TD, n-step: bias and variance
#
# **At the end you can**
# - learn the values of a policy from episodes: by Monte Carlo (MC), by temporal differences (TD),
#   and by everything in between;
# - compute bias and variance of such a target *exactly*, and choose the best compromise;
# - reproduce two classic studies, with many runs at once;
# - repair four places where the lecture says something else than it means.
#
# **Time** about 110 minutes; all cells run within 20 seconds. **Points** 50, and 5 for the bonus.
#
# **Covers** the slides *Another idea: Monte Carlo*, *Bias Variance Tradeoff*, *Monte Carlo vs.
# Bellman Backup Visual* and *N-step Returns* of the tutorial *Review of Q-Learning* (Maximilian Du,
# CS 224R, Stanford), called "the lecture" below. It needs notebooks 01 and 02.

# %% tags=["setup"]
import numpy as np

from qlib import Episode, TabularMDP, envs, plot
from qlib.data import discounted_returns
from qlib.rollouts import rollouts

# %% [markdown]
# ## 4.1 One number, three ways to look for it
#
# A policy $\pi$ is given and stays. We want its values,
#
# $$V^\pi(s) = \mathbb{E}_\pi\big[G_t \mid s_t = s\big], \qquad
# G_t = r_t + \gamma\, r_{t+1} + \gamma^2 r_{t+2} + \dots$$
#
# The superscript says whose future it is, the bar where it starts (the lecture's definition drops
# both); a plain $V$ is our current **estimate**, a table.
#
# The first world is a walk from Sutton and Barto's book ("the book"). From state 3, the middle of 0
# to 6, a coin decides: left or right. The ends, 0 and 6, are terminal: their value is 0. Only the
# step into 6 pays, 1. Here $\gamma = 1$; every walk ends. So $V^\pi(s)$ is the probability of ending
# right, $s / 6$: each value is the mean of its neighbours.

# %% tags=["helper:walk"]
walk = envs.random_walk(5)
coin = np.full((7, 2), 0.5)  # left and right, each with probability 1/2
V_pi = np.arange(7) / 6
V_pi[6] = 0.0  # terminal: the reward came with the step, nothing follows

# %% tags=["experiment"]
title = "Figure 1. The walk; only one step pays"
plot.state_graph(walk, actions=["left", "right"], layout="line", title=title)

# %% [markdown]
# Three **targets** for $V(s_t)$, three **backups**: ways to get a better estimate from what follows.
#
# | method | target | needs |
# |---|---|---|
# | DP, dynamic programming | $\sum_a \pi(a \mid s_t) \big[R(s_t, a) + \gamma \sum_{s'} P(s' \mid s_t, a)\, V(s')\big]$ | the model |
# | TD, temporal difference | $r_t + \gamma\, V(s_{t+1})$ | one step |
# | MC, Monte Carlo | $G_t$ | the rest of the episode |
#
# An orange ring in the figure marks an estimate that the target uses as if it were true.

# %% tags=["experiment"]
figure, axes = plot.panels(1, 3, size=(10.5, 5.4), title="Figure 2. Three pictures, not two")
for kind, ax in zip(("dp", "td", "mc"), axes, strict=True):
    plot.backup(kind, ax)
figure

# %% [markdown]
# **Read it in two directions.** *Width*: DP looks at all actions and all next states, so nothing in
# it is random. TD and MC see one of them, drawn by chance. *Depth*: DP and TD stop after one step
# and trust $V$ there. MC goes down to the end and trusts nothing.
#
# The lecture has two pictures, "Monte-Carlo rollouts" and "TD / Bellman backup (dynamic
# programming)", and compares the first with the second. That mixes the two directions: DP and TD
# are different things. Section 4.5 shows by numbers what the mixture hides.

# %% [markdown]
# ## 4.2 Monte Carlo
#
# Play an episode, look at the return that followed each state, and move the estimate towards it.
# Returns you know from notebook 01; here they become targets.

# %% [markdown] tags=["task:mc_targets"]
# ### Exercise 1a · The targets of Monte Carlo (2 points)
#
# Write `mc_targets(ep, gamma)`, shape `(T,)`: the return $G_t$ of every step of the episode `ep`,
# an `Episode` with the rewards `ep.r`, shape `(T,)`.
#
# Monte Carlo uses rewards and nothing else. If `ep` was truncated, $G_t$ holds the rewards that
# were seen. That is not the whole return; what it costs comes below.
#
# By hand, with $\gamma = 0.5$: rewards `[1, 2, 3]` have the targets `[2.75, 3.5, 3]`. $T = 0$ gives
# shape `(0,)`.
#
# You may use `discounted_returns(r, gamma)`, which `qlib` has from notebook 01.


# %% tags=["answer:mc_targets"]
def mc_targets(ep: Episode, gamma: float) -> np.ndarray:
    """G_t = r_t + gamma r_{t+1} + ... + gamma^(T-1-t) r_{T-1} for every step.

    Args:
        ep: one episode of T steps; T = 0 is allowed.
        gamma: discount in [0, 1].

    Returns:
        The targets, (T,) float.
    """
    ### BEGIN SOLUTION
    return discounted_returns(ep.r, gamma)
    ### END SOLUTION


# %% tags=["test:mc_targets:2"]

# %% [markdown] tags=["task:mc_update"]
# ### Exercise 1b · Learning from one episode (6 points)
#
# Write `mc_update(V, ep, alpha, gamma, first_visit)`, which returns the new table, shape `(S,)`. For
# $t = 0, 1, \dots, T-1$, one after the other, with the step size $\alpha$,
#
# $$V(s_t) \leftarrow V(s_t) + \alpha\,\big(G_t - V(s_t)\big).$$
#
# - `first_visit=False`, **every visit**: do so at every step. A state that is visited three times
#   moves three times, each time from where it is then.
# - `first_visit=True`, **first visit**: at the first visit of each state in the episode only.
# - The last state $s_T$ begins no step. Leave the table `V` itself as it is: work on a copy.
#
# By hand, $\alpha = \gamma = 0.5$, $V = (0, 0, 0)$: states `[0, 1, 2]` with rewards `[1, 4]` give
# `[1.5, 2, 0]`.
#
# <details><summary>Hint</summary>
#
# `ep.s[:-1]` are the states in which steps begin. A `set` remembers which ones have been seen.
#
# </details>


# %% tags=["answer:mc_update"]
def mc_update(
    V: np.ndarray, ep: Episode, alpha: float, gamma: float, first_visit: bool
) -> np.ndarray:
    """V(s_t) <- V(s_t) + alpha (G_t - V(s_t)), for t = 0, 1, ..., T - 1 in this order.

    Args:
        V: estimates, (S,). It stays as it is.
        ep: one episode.
        alpha: step size in [0, 1].
        gamma: discount in [0, 1].
        first_visit: use the first visit of each state only, not every one.

    Returns:
        The new estimates, (S,).
    """
    ### BEGIN SOLUTION
    V, seen = V.copy(), set()
    for s, G in zip(ep.s[:-1], mc_targets(ep, gamma), strict=True):
        if first_visit and s in seen:
            continue
        seen.add(s)
        V[s] += alpha * (G - V[s])
    return V
    ### END SOLUTION


# %% tags=["test:mc_update:6"]

# %% [markdown] tags=["predict:overwrite"]
# **Predict first.** The lecture's formula is $V(s_t) \leftarrow \sum_{t'} \gamma^{t'-t} r_{t'}$: the
# estimate *becomes* the last return. In the walk a return is 0 or 1, and the truth in the start
# state is 0.5. How far off is $V(3)$ after 100 episodes? With which step size does your `mc_update`
# do the same as the formula? What would you do instead?
#
# *Your prediction:*

# %% tags=["experiment"]
runs, n_episodes = 100, 100
episodes = list(rollouts(walk, coin, 10_000, np.random.default_rng(0), 10**6))
rules = {"overwrite": lambda k: 1.0, "alpha = 0.1": lambda k: 0.1, "alpha = 1/k": lambda k: 1 / k}
squares = {name: np.zeros((runs, n_episodes)) for name in rules}
for name, step_size in rules.items():
    for i in range(runs):
        V = np.zeros(7)
        for k in range(1, n_episodes + 1):
            V = mc_update(V, episodes[i * n_episodes + k - 1], step_size(k), 1.0, True)
            squares[name][i, k - 1] = (V[3] - 0.5) ** 2
words = {"xlabel": "episodes k", "ylabel": "squared error of V(3)", "log": True}
ax = plot.curves(squares, np.arange(1, 101), title="Figure 3. Overwriting never learns", **words)
plot.show(ax, "Overwriting stays at 0.25, a constant step size levels off, 1/k keeps falling.")

# %% [markdown]
# <details><summary>What happens, and why</summary>
#
# **First repair.** Overwriting is $\alpha = 1$: after 100 episodes the squared error is still 0.25,
# that of a single coin toss. It forgets everything but the last episode. With a step size
# $\alpha < 1$ the new return is mixed with what was known: a constant $\alpha = 0.1$ ends at 0.014
# and stays there, because the last ten or twenty episodes keep their weight. The mean of all
# returns, $\alpha = 1 / k$, ends at 0.0024 and goes on falling.
#
# </details>
# <!-- numbers: 0.25 = squares["overwrite"][:, -1].mean();
# 0.014 = squares["alpha = 0.1"][:, -1].mean();
# 0.0024 = squares["alpha = 1/k"][:, -1].mean() -->

# %% [markdown]
# "Accurate (on expectation)", says the lecture about Monte Carlo. Two conditions go unsaid: the
# episodes must be played by the **same policy**, and they must be played **to the end**. The next
# cell averages $G_0$ over 10,000 episodes from state 3, where the truth is 0.5.

# %% tags=["experiment"]
rng = np.random.default_rng(1)
rightwards = np.tile([0.3, 0.7], (7, 1))  # another policy: right with probability 0.7
cases = {"the coin": (coin, 10**6), "policy 0.7": (rightwards, 10**6), "cut at 6": (coin, 6)}
averages = {}
for name, (policy, limit) in cases.items():
    G = np.array([mc_targets(ep, 1.0)[0] for ep in rollouts(walk, policy, 10_000, rng, limit)])
    averages[name] = G.mean()
    print(f"{name:12} mean of G_0 = {G.mean():.3f} ± {G.std() / 100:.3f}")

# %% [markdown]
# The coin to the end: 0.50, unbiased. Episodes of a policy that prefers the right give 0.92: that is
# *its* value, and no amount of data turns it into ours. Cut after 6 steps, with the return taken
# for whole: 0.21, because walks that were still on their way count as failures. Monte Carlo needs
# the policy's own episodes, complete.
# <!-- numbers: 0.50 = averages["the coin"]; 0.92 = averages["policy 0.7"];
# 0.21 = averages["cut at 6"] -->

# %% [markdown]
# ## 4.3 TD: learn a guess from a guess
#
# TD does not wait for the end. After one step it knows $r_t$ and $s_{t+1}$, and takes $V(s_{t+1})$
# for the rest: it **bootstraps**. The difference between target and estimate is the **TD error**
#
# $$\delta_t = r_t + \gamma\, V(s_{t+1}) - V(s_t).$$
#
# If $s_{t+1}$ is terminal, nothing follows: the target is $r_t$ alone. The lecture's targets have no
# terminal states at all. Written with a flag, which is 1 if $s_{t+1}$ is terminal and 0 if not, the
# target is $y = r_t + \gamma\,(1 - \text{terminated})\, V(s_{t+1})$.

# %% [markdown] tags=["task:td0_update"]
# ### Exercise 2 · One step of TD (5 points)
#
# Write `td0_update(V, s, r, s2, terminated, alpha, gamma)`, which returns the new table, shape
# `(S,)`, after one step from `s` to `s2` with the reward `r`:
#
# $$V(s) \leftarrow V(s) + \alpha\,\big(r + \gamma\, V(s') - V(s)\big),$$
#
# with 0 in place of $V(s')$ if the step `terminated`, *whatever the table holds there*. `s2` may be
# `s` itself. Leave the table `V` as it is.
#
# By hand, $\alpha = 0.5$, $\gamma = 0.9$, $r = 2$, $V(s) = 0$, $V(s') = 10$: the new $V(s)$ is 5.5,
# and 1 if the step terminated.
#
# <details><summary>Hint</summary>
#
# First the target, from the old table. Then one entry of a copy moves.
#
# </details>


# %% tags=["answer:td0_update"]
def td0_update(
    V: np.ndarray, s: int, r: float, s2: int, terminated: bool, alpha: float, gamma: float
) -> np.ndarray:
    """V(s) <- V(s) + alpha (target - V(s)), target = r + gamma V(s2), or r if terminated.

    Args:
        V: estimates, (S,). It stays as it is.
        s: the state the step begins in.
        r: its reward.
        s2: the state it leads to.
        terminated: whether s2 is terminal.
        alpha: step size in [0, 1].
        gamma: discount in [0, 1].

    Returns:
        The new estimates, (S,).
    """
    ### BEGIN SOLUTION
    target = r if terminated else r + gamma * V[s2]
    V = V.copy()
    V[s] += alpha * (target - V[s])
    return V
    ### END SOLUTION


# %% tags=["test:td0_update:5"]

# %% tags=["experiment"]
rng, V = np.random.default_rng(3), np.full(7, 0.5)
snapshots = {"true": V_pi[1:6], "after 0": V[1:6]}
for k in range(1, 101):
    ep = rollouts(walk, coin, 1, rng, 10**6)[0]
    for t in range(len(ep)):
        ends = ep.terminated and t == len(ep) - 1
        V = td0_update(V, ep.s[t], ep.r[t], ep.s[t + 1], ends, 0.1, 1.0)
    if k in (1, 10, 100):
        snapshots[f"after {k}"] = V[1:6]
title = r"Figure 4. TD with $\alpha = 0.1$: the table bends towards the truth"
ax = plot.curves(snapshots, np.arange(1, 6), xlabel="state", ylabel="V", title=title)
ax.set_xticks(range(1, 6))
plot.show(ax, "The values start level at 0.5 and tilt, from the ends inward, to the true line.")

# %% [markdown]
# After the first episode only one entry has changed: the state before the end. All other TD errors
# were $0 + 0.5 - 0.5 = 0$. The news travels inward with later episodes, by way of the estimates.
# This is example 6.2 of the book, with your `td0_update`.

# %% [markdown] tags=["predict:pros_cons"]
# **Predict first** (the lecture asks your partner). What are the pros and cons of Monte Carlo,
# against TD? Write down at least two of each. Then bet: 100 episodes of the walk, $V$ starts at 0.5
# everywhere, each method with its best constant step size. Which one ends with the smaller error,
# and by how much? (Error: the root of the mean square over the five states, **RMS**.)
#
# *Your prediction:*

# %% [markdown]
# For the bet, one run is an anecdote. The helper below walks through 200 runs **at once**: `V` has a
# row for each run, `s` and `r` too, and `V[lane, s[:, t]]` picks one entry of each row. So one line
# updates all runs. Read it well, you will need the idea in section 4.6. `padded()` repeats the last
# state of walks that are over; their updates are $0 + 0 - 0$ and change nothing.


# %% tags=["helper:many_walks"]
def many_walks(alpha: float, monte_carlo: bool, runs: int, n_episodes: int, rng) -> np.ndarray:
    """RMS error over the 5 states after every episode, (runs, n_episodes)."""
    V, lane = np.full((runs, 7), 0.5), np.arange(runs)
    V[:, [0, 6]] = 0.0  # terminal
    errors = np.zeros((runs, n_episodes))
    for k in range(n_episodes):
        s, _, r = rollouts(walk, coin, runs, rng, 10**6).padded()  # (runs, T+1), …, (runs, T)
        G = np.cumsum(r[:, ::-1], axis=1)[:, ::-1]  # returns; gamma = 1
        for t in range(r.shape[1]):
            target = G[:, t] if monte_carlo else r[:, t] + V[lane, s[:, t + 1]]
            V[lane, s[:, t]] += alpha * (target - V[lane, s[:, t]])
        errors[:, k] = np.sqrt(((V - V_pi)[:, 1:6] ** 2).mean(axis=1))
    return errors


# %% tags=["experiment"]
alone = many_walks(0.1, False, 1, 100, np.random.default_rng(3))[0, -1]
yours = np.sqrt(((V - V_pi)[1:6] ** 2).mean())
print(f"one run of the helper: {alone:.6f}    your td0_update, same walks: {yours:.6f}")
curves = {}
for name, alphas in (("TD", (0.05, 0.1, 0.15)), ("MC", (0.01, 0.02, 0.03, 0.04))):
    for alpha in alphas:
        rng = np.random.default_rng(4)
        curves[f"{name} {alpha:g}"] = many_walks(alpha, name == "MC", 200, 100, rng)
words = {"xlabel": "episodes", "ylabel": "RMS error over the states"}
title = "Figure 5. Example 6.2: TD is below MC"
ax = plot.curves(curves, np.arange(1, 101), title=title, **words)
plot.show(ax, "After 100 episodes all three TD curves lie below all four Monte Carlo curves.")

# %% tags=["experiment"]
ends = {name: errors[:, -1].mean() for name, errors in curves.items()}
margins = {name: errors[:, -1].std() / np.sqrt(200) for name, errors in curves.items()}
for name in curves:
    print(f"{name:8} RMS after 100 episodes {ends[name]:.3f} ± {margins[name]:.3f}")
best_td = min(value for name, value in ends.items() if name.startswith("TD"))
best_mc = min(value for name, value in ends.items() if name.startswith("MC"))

# %% [markdown]
# <details><summary>What happens, and why</summary>
#
# (Your `td0_update` and one run of the helper agree: 0.029 both.) The best TD ends at 0.036, the
# best MC at 0.080: less than half the error, after as many walks.
#
# | Monte Carlo | TD |
# |---|---|
# | pro: unbiased, whatever $V$ is | con: as wrong as $V(s_{t+1})$ |
# | pro: needs no Markov property | con: relies on it |
# | con: as noisy as a whole episode | pro: the noise of one step |
# | con: waits for the end, needs one | pro: learns in every step |
# | con: tells only states that were passed | pro: news spreads by way of $V$ |
#
# Bias against variance, says the lecture. Section 4.5 turns both words into numbers.
#
# </details>
# <!-- numbers: 0.036 = best_td; 0.080 = best_mc; 0.029 = alone;
# 0.029 = yours -->

# %% [markdown] tags=["predict:cut"]
# **Predict first.** A world with one state pays 1 in every step, for ever; $\gamma = 0.9$, so
# $V^\pi = 10$. A time limit cuts episodes after 10 steps, and a careless program stores the cut as
# `terminated`. What does TD learn? (One step in ten has the target 1 instead of $1 + 0.9\,V$.)
#
# *Your prediction:*

# %% tags=["experiment"]
learned = {}
for name, wrong in (("truncated, bootstrap kept", False), ("mistaken for terminated", True)):
    V, late = np.array([5.0]), []
    for k in range(1, 40_001):
        cut = k % 10 == 0
        V = td0_update(V, 0, 1.0, 0, cut and wrong, 0.002, 0.9)
        late.append(V[0])
    learned[name] = np.mean(late[-1000:])
    print(f"{name:27} V = {learned[name]:.2f}")
print(f"predicted for the mistake   V = {1 / (1 - 0.9 * (1 - 1 / 10)):.2f}")

# %% [markdown]
# <details><summary>What happens, and why</summary>
#
# **Second repair.** The mistake gives 5.26 instead of 10.00. The fixed point of
# $V = 1 + 0.9\,(1 - 1/10)\, V$ is $1 / (1 - 0.9 \cdot 0.9)$: the limit works like a smaller discount.
# The lecture's targets do not mention terminal states, so they cannot tell the two endings apart.
#
# </details>
#
# Rule: only `terminated` stops the bootstrap; after a truncation $V(s_{t+1})$ of the *true* next
# state is used. The mistake is the bug that notebook 07 tests every agent for.
# <!-- numbers: 5.26 = learned["mistaken for terminated"];
# 10.00 = learned["truncated, bootstrap kept"] -->

# %% [markdown]
# ## 4.4 n steps: between the two
#
# Take $n$ rewards from the episode and leave the rest to $V$. The **n-step target** is
#
# $$G_t^{(n)} = r_t + \gamma\, r_{t+1} + \dots + \gamma^{n-1} r_{t+n-1} + \gamma^n\, V(s_{t+n}).$$
#
# Count: $n$ rewards with the weights $\gamma^0 \dots \gamma^{n-1}$, then the state after $n$ steps.
# $n = 1$ is TD. For $n \ge T - t$ the window reaches the end: if the episode terminated, nothing is
# left to bootstrap from, and the target is that of Monte Carlo.

# %% tags=["experiment"]
figure, axes = plot.panels(1, 4, size=(12, 6.2), title="Figure 6. From TD to Monte Carlo")
plot.backup("td", axes[0])
plot.backup("nstep", axes[1], n=2)
plot.backup("nstep", axes[2], n=3)
plot.backup("mc", axes[3])
figure

# %% [markdown] tags=["predict:lecture"]
# **Predict first.** The lecture writes, with $k$ for our $n$,
# $V(s_t) \leftarrow \big(\sum_{t'=t}^{k} \gamma^{t'-t} r_{t'}\big) + \gamma^k\, V(s_{t+k})$.
#
# A world pays 1 in every step, $\gamma = 0.9$, and $V = 10$ everywhere, which is exactly right. What
# does the formula give at $t = 0$ for $k = 1$? And what is in the sum at $t = 5$ for $k = 3$?
#
# *Your prediction:*


# %% tags=["experiment"]
def lecture_target(t: int, k: int, V: float) -> float:
    """The formula as it stands: t' runs from t to k, both included; all rewards are 1."""
    return sum(0.9 ** (i - t) for i in range(t, k + 1)) + 0.9**k * V


at_start = {k: lecture_target(0, k, V=10.0) for k in (1, 3, 5)}
later = lecture_target(5, 3, V=10.0)
fixed = {k: lecture_target(0, k, V=0.0) / (1 - 0.9**k) for k in (1, 2, 4)}
by_k = "  ".join(f"k={k}: {x:.3f}" for k, x in at_start.items())
print(f"right answer 10; the formula at t = 0: {by_k}")
print(f"at t = 5 with k = 3 the sum is empty: {later:.2f}")
by_k = "  ".join(f"k={k}: {x:.2f}" for k, x in fixed.items())
print(f"repeated until it stands still:        {by_k}")

# %% [markdown]
# <details><summary>What happens, and why</summary>
#
# **Third repair.** At $t = 0$ the sum has $k + 1$ rewards, but the bootstrap stands at $s_k$: the
# reward $r_k$ is counted, and counted again inside $V(s_k)$. A right $V = 10$ is moved to 10.900
# ($k = 1$), 10.729 ($k = 3$), 10.590 ($k = 5$). Used again and again the error feeds itself: 19.00
# for $k = 1$, 14.26 for $k = 2$, 11.91 for $k = 4$. And since the sum runs *to* $k$ instead of
# *over* $k$ steps, it is empty for $t > k$: at $t = 5$ it leaves 7.29.
#
# </details>
#
# A test to keep: **true values must be a fixed point.** Put in $V^\pi$, and on average $V^\pi$
# comes out.
# <!-- numbers: 10.900 = at_start[1]; 10.729 = at_start[3]; 10.590 = at_start[5]; 19.00 = fixed[1];
# 14.26 = fixed[2]; 11.91 = fixed[4]; 7.29 = later -->

# %% [markdown] tags=["task:nstep_targets"]
# ### Exercise 3 · n-step targets (12 points)
#
# Write `nstep_targets(r, V, gamma, n, terminated)`, shape `(T,)`: $G_t^{(n)}$ for every step of one
# episode. `r` holds its rewards, shape `(T,)`, and `V[t]` is the estimate for $s_t$, shape
# `(T+1,)`: it belongs to times, not to states.
#
# Near the end the window is cut to $m = \min(n, T - t)$ rewards:
#
# - the bootstrap is then $\gamma^m\, V(s_{t+m})$;
# - if `terminated`, the value of $s_T$ is 0, *whatever* `V[T]` *holds*; otherwise it is `V[T]`.
#
# By hand, $\gamma = 0.5$, $n = 2$, `r = [1, 2, 3]`, `V = [0, 10, 20, 30]`: `[7, 3.5, 3]` if
# terminated, `[7, 11, 18]` if truncated. $T \ge 1$, $n \ge 1$; $n$ may be a billion.
#
# <details><summary>Hint</summary>
#
# For each `t` compute `m` first. Two clear cases: does the window end at $T$ or before?
#
# </details>


# %% tags=["answer:nstep_targets"]
def nstep_targets(
    r: np.ndarray, V: np.ndarray, gamma: float, n: int, terminated: bool
) -> np.ndarray:
    """r_t + ... + gamma^(m-1) r_{t+m-1} + gamma^m V[t+m] with m = min(n, T - t).

    Args:
        r: rewards r_0 ... r_{T-1}, (T,).
        V: estimates for s_0 ... s_T, (T+1,). V[T] counts only if the episode was truncated.
        gamma: discount in [0, 1].
        n: steps before the bootstrap, 1 or more.
        terminated: whether s_T is terminal.

    Returns:
        The targets, (T,) float.
    """
    ### BEGIN SOLUTION
    T = len(r)
    values = np.append(V[:T], 0.0 if terminated else V[T])
    targets = np.zeros(T)
    for t in range(T):
        m = min(n, T - t)
        targets[t] = gamma ** np.arange(m) @ r[t : t + m] + gamma**m * values[t + m]
    return targets
    ### END SOLUTION


# %% tags=["test:nstep_targets:12"]

# %% [markdown]
# ## 4.5 Bias and variance, exactly
#
# Two questions about a target $G^{(n)}$ that begins in state $s$. Its **bias**: how far is its mean
# from $V^\pi(s)$? Its **variance**: how far does it scatter around its own mean? With both,
#
# $$\mathbb{E}\big[(G^{(n)} - V^\pi(s))^2\big] = \text{bias}^2 + \text{variance}.$$
#
# The policy is fixed, so the world is a Markov chain: `P[s, s']` (the $P_\pi$ of notebook 01), mean
# rewards `r[s]`, and noise: in state $s$ the reward is drawn with mean $r(s)$ and standard
# deviation $\sigma(s)$, independently of everything else.
#
# Our example is a ring of 12 rooms. Each step stays, goes left or goes right, a third each. Rooms
# 0–5 pay $+1$ on average, rooms 6–11 pay $-1$; $\sigma = 1$, $\gamma = 0.9$. The estimate is $V = 0$:
# nothing is known yet.

# %% tags=["helper:ring"]
rooms = np.arange(12)
P = np.zeros((12, 12))
for move in (-1, 0, 1):
    P[rooms, (rooms + move) % 12] = 1 / 3
r = np.where(rooms < 6, 1.0, -1.0)
sigma, gamma = np.ones(12), 0.9
V_ring = np.linalg.solve(np.eye(12) - gamma * P, r)  # V^pi = r + gamma P V^pi
V_zero = np.zeros(12)

# %% tags=["experiment"]
title = "Figure 7. True values of the ring: a good half and a bad one"
lines = {r"$V^\pi$": V_ring, "mean reward r": r}
words = {"xlabel": "room", "ylabel": "value, reward", "interval": "none", "note": "exact"}
ax = plot.curves(lines, rooms, title=title, **words)
plot.show(ax, "Rewards jump from 1 to -1; the values follow as a smooth wave between 6.5 and -6.5.")

# %% [markdown]
# **The bias.** The mean of the $n$ rewards is right. What is wrong is $V$, and it is used $n$ steps
# later. $(P^n f)(s)$ is the mean of $f(s_n)$, with $s_n$ the state $n$ steps after $s$. So
#
# $$\begin{aligned}
# \mathbb{E}[G^{(n)} \mid s] &= \big(r + \gamma P r + \dots + \gamma^{n-1} P^{n-1} r + \gamma^n P^n V\big)(s),\\
# V^\pi(s) &= \big(r + \gamma P r + \dots + \gamma^{n-1} P^{n-1} r + \gamma^n P^n V^\pi\big)(s).
# \end{aligned}$$
#
# Subtract: $\quad\text{bias}_n(s) = \gamma^n \big(P^n (V - V^\pi)\big)(s)$.
#
# Two things shrink it: the discount, and the averaging by $P^n$, in which errors of opposite sign
# cancel. The lecture says "may not be correct: BIAS"; this is by how much.

# %% [markdown] tags=["task:nstep_bias"]
# ### Exercise 4a · The bias (5 points)
#
# Write `nstep_bias(P, r, V, gamma, n)`, shape `(S,)`: $\gamma^n P^n (V - V^\pi)$, with its sign.
# `P` has shape `(S, S)`, `r` and `V` shape `(S,)`, $0 \le \gamma < 1$, $n \ge 0$. For $n = 0$ the
# target is $V(s)$ itself. $V^\pi$ is not given: it solves $(I - \gamma P)\, V^\pi = r$.
#
# Terminal states need no special case: they lead to themselves, pay 0 and have $V = 0$.
#
# By hand: one room that pays 1, $\gamma = 0.5$, $V = 3$. Then $V^\pi = 2$, and the 2-step target has
# the bias $0.25$.
#
# <details><summary>Hint</summary>
#
# `np.linalg.matrix_power(P, n)`; `P**n` raises every entry to a power, which is something else.
#
# </details>


# %% tags=["answer:nstep_bias"]
def nstep_bias(P: np.ndarray, r: np.ndarray, V: np.ndarray, gamma: float, n: int) -> np.ndarray:
    """E[G^(n) | s] - V^pi(s) = gamma^n P^n (V - V^pi).

    Args:
        P: transition matrix of the policy, (S, S).
        r: mean rewards, (S,).
        V: the estimate from which the target bootstraps, (S,).
        gamma: discount in [0, 1).
        n: steps before the bootstrap, 0 or more.

    Returns:
        The bias in every state, (S,).
    """
    ### BEGIN SOLUTION
    V_pi = np.linalg.solve(np.eye(len(r)) - gamma * P, r)
    return gamma**n * np.linalg.matrix_power(P, n) @ (V - V_pi)
    ### END SOLUTION


# %% tags=["test:nstep_bias:5"]

# %% [markdown]
# **The variance.** Variance is the mean square minus the square of the mean, so follow both. A
# target with $k$ steps is one reward and then a target with $k - 1$ steps, from the next state:
# $G^{(k)} = \rho + \gamma\, G'$, with the reward $\rho$, mean $r(s)$ and variance $\sigma^2(s)$. Let
# $m_k = \mathbb{E}[G^{(k)} \mid s]$ and $u_k = \mathbb{E}[(G^{(k)})^2 \mid s]$. Then
#
# $$\begin{aligned}
# m_k &= r + \gamma P m_{k-1}, & m_0 &= V,\\
# u_k &= r^2 + \sigma^2 + 2 \gamma\, r \cdot (P m_{k-1}) + \gamma^2 P u_{k-1}, & u_0 &= V^2.
# \end{aligned}$$
#
# The second line squares $\rho + \gamma G'$: two squares and the **cross term**, entry by entry.
# Given $s$, reward and next state are independent: the mean of $\rho\, G'$ is a product of means.

# %% [markdown] tags=["task:nstep_variance"]
# ### Exercise 4b · The variance (8 points)
#
# Write `nstep_variance(P, r, sigma, V, gamma, n)`, shape `(S,)`: $u_n - m_n^2$ of the recursion
# above. `sigma` has shape `(S,)`, one standard deviation for each state. $n = 0$ has variance 0.
#
# By hand: one room with $\sigma = 2$, $\gamma = 0.5$, $n = 2$: $2^2 + 0.5^2 \cdot 2^2 = 5$. Nothing
# else is random there.
#
# <details><summary>Hint</summary>
#
# Each round needs `m` *and* `u` of the round before. Compute the new `u` before you replace `m`.
#
# </details>


# %% tags=["answer:nstep_variance"]
def nstep_variance(
    P: np.ndarray, r: np.ndarray, sigma: np.ndarray, V: np.ndarray, gamma: float, n: int
) -> np.ndarray:
    """Var[G^(n) | s] = u_n - m_n^2, by the recursion of first and second moments.

    Args:
        P: transition matrix of the policy, (S, S).
        r: mean rewards, (S,).
        sigma: standard deviation of the reward in each state, (S,).
        V: the estimate from which the target bootstraps, (S,).
        gamma: discount in [0, 1).
        n: steps before the bootstrap, 0 or more.

    Returns:
        The variance in every state, (S,).
    """
    ### BEGIN SOLUTION
    m, u = V, V**2
    for _ in range(n):
        u = r**2 + sigma**2 + 2 * gamma * r * (P @ m) + gamma**2 * (P @ u)
        m = r + gamma * (P @ m)
    return u - m**2
    ### END SOLUTION


# %% tags=["test:nstep_variance:8"]

# %% [markdown]
# **Does it agree with play?** From room 3 the next cell draws 4,000 episodes of 16 steps, computes
# `nstep_targets` for each, and compares mean and variance with your two formulas.

# %% tags=["experiment"]
rng, N = np.random.default_rng(5), 4000
ring = TabularMDP(P[:, None, :], r[:, None], gamma)  # one action: the policy is inside P
s, _, means = rollouts(ring, np.ones((12, 1)), N, rng, 16, s0=3).padded()
rewards = means + sigma[s[:, :-1]] * rng.normal(size=means.shape)
print(" n    bias exact   played            variance exact   played")
for n in (1, 4, 16):
    G = [nstep_targets(rewards[i], V_zero[s[i]], gamma, n, False)[0] for i in range(N)]
    b, v = nstep_bias(P, r, V_zero, gamma, n)[3], nstep_variance(P, r, sigma, V_zero, gamma, n)[3]
    played = f"{np.mean(G) - V_ring[3]:8.3f} ± {np.std(G) / np.sqrt(N):.3f}"
    print(f"{n:2d} {b:12.3f} {played} {v:16.3f} {np.var(G):8.3f}")

# %% [markdown]
# Now the lecture's comparison. Its slide says of the *Bellman update*, which takes exact expectations,
# that it is biased, and of Monte Carlo that it is noisy. For room 3:

# %% tags=["experiment"]
b1 = nstep_bias(P, r, V_zero, gamma, 1)[3]
v1, v_mc = (nstep_variance(P, r, sigma, V_zero, gamma, n)[3] for n in (1, 400))
b_mc = nstep_bias(P, r, V_zero, gamma, 400)[3]
V_good = V_ring + 0.5 * np.where(rooms % 2, 1, -1)  # nearly right: off by half a point
v1_good = nstep_variance(P, r, sigma, V_good, gamma, 1)[3]
print(f"DP   bias {b1:6.2f}   variance  0.00")
print(f"TD   bias {b1:6.2f}   variance {v1:5.2f}    (with a good V {v1_good:.2f})")
print(f"MC   bias {b_mc:6.2f}   variance {v_mc:5.2f}")

# %% [markdown]
# **Fourth repair.** DP and TD have the *same* bias, $-5.49$ here: it comes from trusting $V$ after one
# step. They differ in variance: DP averages over everything and has none. The partner of a noisy
# Monte Carlo return (16.37) is the *sampled* TD target (1.00, and 1.64 once $V$ varies from room to
# room). Comparing DP with MC, as the slide does, compares a computation with a sample: DP needs the
# model, and whoever has it needs no sample at all. Hence three pictures.
# <!-- numbers: -5.49 = b1; 16.37 = v_mc; 1.00 = v1; 1.64 = v1_good -->

# %% [markdown] tags=["predict:tradeoff"]
# **Predict first.** $n = 1, 2, \dots, 64$ in the ring, with $V = 0$. Sketch three curves over $n$:
# the mean over the rooms of bias², of variance, and their sum. Where do they start, where do they
# end, and where is the sum smallest?
#
# *Your prediction:*

# %% tags=["experiment"]
ns = np.arange(1, 65)
bias2 = np.array([(nstep_bias(P, r, V_zero, gamma, n) ** 2).mean() for n in ns])
var = np.array([nstep_variance(P, r, sigma, V_zero, gamma, n).mean() for n in ns])
largest = [np.abs(nstep_bias(P, r, V_zero, gamma, n)).max() for n in (1, 64)]
lines = {"bias²": bias2, "variance": var, "sum": bias2 + var}
title = "Figure 8. The trade-off: the sum has its minimum in between"
words = {"xlabel": "n, steps", "ylabel": "mean square", "interval": "none", "note": "exact"}
ax = plot.curves(lines, np.log2(ns), title=title, **words)
ax.set_xticks(range(7), 2 ** np.arange(7))
best = int(ns[(bias2 + var).argmin()])
print(f"least sum {(bias2 + var).min():.2f}, at n = {best}")
print(f"largest |bias|: {largest[0]:.2f} for n = 1, {largest[1]:.5f} for n = 64")
plot.show(ax, "Bias² falls and variance rises with n; their sum is smallest at n = 5.")

# %% [markdown]
# <details><summary>What happens, and why</summary>
#
# Bias² falls from 17.14 to 0.00, variance rises from 1.00 to 24.83. The sum is 18.14 for TD, 24.83
# for (nearly) Monte Carlo, and 9.38 at its minimum, $n = 5$: about half of what TD has.
#
# The largest bias goes from 5.49 to below 0.001, faster than $0.9^n$: errors of the good and the bad
# half cancel in $P^n$. If $V$ were off by the same constant everywhere, nothing would cancel.
#
# </details>
# <!-- numbers: 17.14 = bias2[0]; 0.00 = bias2[-1]; 1.00 = var[0]; 24.83 = var[-1];
# 18.14 = bias2[0] + var[0]; 9.38 = (bias2 + var).min(); 5 = best; 5.49 = largest[0];
# 0.9 = gamma -->

# %% [markdown] tags=["task:choose_n"]
# ### Exercise 5 · The best n (4 points)
#
# Write `choose_n(P, r, sigma, V, gamma, nmax) -> int`: the $n$ from $1, 2, \dots, n_{\max}$ (both
# included) with the least *mean over the states* of $\text{bias}_n^2(s) + \text{variance}_n(s)$. If
# several are best, any of them.
#
# In the ring with $V = 0$ and `nmax = 64` it is 5.
#
# <details><summary>Hint</summary>
#
# Square the bias in each state first, then average: a mean of biases would cancel. And position 0
# of a list over $n$ belongs to $n = 1$.
#
# </details>


# %% tags=["answer:choose_n"]
def choose_n(
    P: np.ndarray, r: np.ndarray, sigma: np.ndarray, V: np.ndarray, gamma: float, nmax: int
) -> int:
    """The n in 1 ... nmax with the least mean over states of bias^2 + variance.

    Args:
        P: transition matrix of the policy, (S, S).
        r: mean rewards, (S,).
        sigma: standard deviation of the reward in each state, (S,).
        V: the estimate from which the target bootstraps, (S,).
        gamma: discount in [0, 1).
        nmax: the largest candidate, 1 or more.

    Returns:
        The best n.
    """
    ### BEGIN SOLUTION
    errors = [
        np.mean(nstep_bias(P, r, V, gamma, n) ** 2 + nstep_variance(P, r, sigma, V, gamma, n))
        for n in range(1, nmax + 1)
    ]
    return int(np.argmin(errors)) + 1
    ### END SOLUTION


# %% tags=["test:choose_n:4"]

# %% [markdown] tags=["predict:better_V"]
# **Predict first.** Learning goes on and $V$ gets better: a part $c$ of the first error is left,
# $V = V^\pi + c\,(0 - V^\pi)$. How does the best $n$ move as $c$ falls from 1 to 0? And if rewards
# are twice as noisy?
#
# *Your prediction:*

# %% tags=["experiment"]
parts = np.linspace(1.0, 0.0, 21)
lines = {
    f"noise {level:g}": np.array(
        [choose_n(P, r, level * sigma, V_ring + c * (V_zero - V_ring), gamma, 64) for c in parts]
    )
    for level in (0.5, 1.0, 2.0)
}
title = "Figure 9. The better V is, the sooner it should be trusted"
words = {"xlabel": "part of the first error that is gone", "ylabel": "best n"}
ax = plot.curves(lines, 1 - parts, title=title, interval="none", note="exact", **words)
ax.set_yticks(range(1, 6))
plot.show(ax, "The best n falls to 1 as V gets better; with more noise it starts lower.")

# %% [markdown]
# <details><summary>What happens, and why</summary>
#
# At first longer targets pay: 5 steps with $\sigma = 1$, 3 with twice the noise. Half the noise leaves
# it at 5: most of the chance is then in the way through the rooms, not in the rewards. With a right
# $V$ the best choice is 1 in all three: why read noisy rewards when the answer stands in the table?
# No $n$ is best for ever. That is the tuning knob of the lecture, with its scale.
#
# </details>
# <!-- numbers: 5 = lines["noise 0.5"][0]; 5 = lines["noise 1"][0]; 3 = lines["noise 2"][0];
# 1 = max(line[-1] for line in lines.values()) -->

# %% [markdown]
# ## 4.6 The study: 19 states
#
# So far the target was analysed for a fixed $V$. In learning, $V$ changes with every update, and
# step size and $n$ work together. Example 7.1 of the book (figure 7.2) asks which pair learns
# fastest: a walk with 19 states, $-1$ for the left end, $+1$ for the right, $\gamma = 1$, $V$ starts
# at 0. The true values rise in a line from $-0.9$ to $0.9$.

# %% [markdown] tags=["predict:study"]
# **Predict first.** 10 episodes, $n = 1, 2, 4, \dots, 64$, each with its best step size. Which $n$
# wins? Does the best step size grow or fall with $n$? (An average walk has 100 steps.)
#
# *Your prediction:*

# %% [markdown] tags=["task:rms_curve"]
# ### Exercise 6 · The study (8 points)
#
# Write `rms_curve(ns, alphas, runs, rng, n_states=19, episodes=10)`, shape
# `(len(ns), len(alphas), runs)`: one error for each `n`, step size and run. `ns` and `alphas` are
# 1-d arrays. The walk is `envs.random_walk(n_states, left_reward=-1.0)`, the policy the coin. The
# true values between its ends lie on the line from $-1$ at state 0 to $1$ at `n_states + 1`.
#
# Each run starts with $V = 0$ and learns from `episodes` walks. Go through a walk in the order of
# time; each update uses $V$ **as it is at that moment**:
# $V(s_t) \leftarrow V(s_t) + \alpha\,(G_t^{(n)} - V(s_t))$.
#
# After each episode take the root of the mean of $(V - V^\pi)^2$ over the `n_states` states (not the
# ends). The error of the run is the mean of these roots. `ns` and `alphas` may share walks, runs
# never.
#
# <details><summary>Hint</summary>
#
# Start from `many_walks`. With $\gamma = 1$ the sum of rewards from $t$ to `end - 1` is a difference
# of two cumulative sums, and `end = min(t + n, T)`. Ends keep $V = 0$. `V` of shape
# `(len(ns), len(alphas), runs, n_states + 2)` holds everything.
#
# </details>


# %% tags=["answer:rms_curve"]
def rms_curve(
    ns: np.ndarray,
    alphas: np.ndarray,
    runs: int,
    rng: np.random.Generator,
    n_states: int = 19,
    episodes: int = 10,
) -> np.ndarray:
    """RMS error of n-step TD on the random walk, averaged over states and first episodes.

    Args:
        ns: numbers of steps, (N,) int.
        alphas: step sizes, (A,).
        runs: independent runs.
        rng: the source of all chance.
        n_states: states between the ends, odd.
        episodes: walks of each run.

    Returns:
        The errors, (N, A, runs).
    """
    ### BEGIN SOLUTION
    walk, coin = envs.random_walk(n_states, left_reward=-1.0), np.full((n_states + 2, 2), 0.5)
    truth = np.linspace(-1, 1, n_states + 2)[1:-1]
    V, lane = np.zeros((len(ns), len(alphas), runs, n_states + 2)), np.arange(runs)
    errors = np.zeros(V.shape[:3])
    for _ in range(episodes):
        s, _, r = rollouts(walk, coin, runs, rng, 10**6).padded()
        total, T = np.cumsum(np.column_stack([np.zeros(runs), r]), axis=1), r.shape[1]
        for t in range(T):
            for W, n in zip(V, ns, strict=True):
                end = min(t + n, T)
                target = total[:, end] - total[:, t] + W[:, lane, s[:, end]]
                now = W[:, lane, s[:, t]]
                W[:, lane, s[:, t]] = now + alphas[:, None] * (target - now)
        errors += np.sqrt(((V[..., 1:-1] - truth) ** 2).mean(axis=-1)) / episodes
    return errors
    ### END SOLUTION


# %% tags=["test:rms_curve:8"]

# %% tags=["experiment"]
ns, alphas = 2 ** np.arange(7), np.arange(0, 1.01, 0.1)
study = rms_curve(ns, alphas, 400, np.random.default_rng(6))
lines, where, winners = {}, {}, {}
for n, errors in zip(ns, study, strict=True):  # errors: (step sizes, runs)
    mean = errors.mean(axis=1)
    j, shown = mean.argmin(), mean < 0.6
    lines[f"n = {n}"], where[f"n = {n}"] = errors[shown].T, alphas[shown]
    winners[int(n)] = alphas[j], mean[j]
    margin = errors[j].std() / np.sqrt(400)
    print(f"n = {n:2d}: best step size {alphas[j]:.1f}, RMS error {mean[j]:.3f} ± {margin:.3f}")
title = "Figure 10. 19 states, 10 episodes, 400 runs: n = 4 wins"
words = {"xlabel": "step size α (errors below 0.6)", "ylabel": "RMS error"}
ax = plot.curves(lines, where, title=title, **words)
plot.show(ax, "Each n has a valley; that of n = 4 is deepest, that of n = 64 the shallowest.")

# %% [markdown]
# <details><summary>Which n wins, and why</summary>
#
# $n = 4$ with $\alpha = 0.4$ is best, 0.261; TD needs $\alpha = 0.8$ for 0.343, and $n = 64$ has
# nothing better than $\alpha = 0.1$ with 0.446. The book's figure 7.2 shows the same valleys: lowest
# at $n = 4$, and best step sizes that fall as $n$ grows.
#
# Section 4.5 says why. Long targets are noisy, so they allow only small steps. Short ones are
# biased by $V = 0$: with $n = 1$ the news from the ends moves one state at a time.
#
# </details>
# <!-- numbers: 4 = min(winners, key=lambda n: winners[n][1]); 0.4 = winners[4][0];
# 0.261 = winners[4][1]; 0.8 = winners[1][0]; 0.343 = winners[1][1]; 64 = ns[-1];
# 0.1 = winners[64][0]; 0.446 = winners[64][1] -->

# %% [markdown]
# ## 4.7 Bonus: all n at once
#
# Why choose one $n$? The **λ-return** takes all of them, with weights that fall by the factor
# $\lambda \in [0, 1]$:
#
# $$G_t^\lambda = (1 - \lambda) \sum_{n=1}^{N-1} \lambda^{n-1} G_t^{(n)} + \lambda^{N-1} G_t^{(N)},
# \qquad N = T - t.$$
#
# The longest target inherits what is left of the weight, so that the weights sum to 1. With
# $\lambda = 0$ it is TD, with $\lambda = 1$ Monte Carlo (after a truncation: with the bootstrap at
# the cut). The sum looks expensive; there is a recursion:
#
# $$G_t^\lambda = r_t + \gamma\,\big[(1 - \lambda)\, V(s_{t+1}) + \lambda\, G_{t+1}^\lambda\big].$$

# %% [markdown] tags=["task:lambda_returns"]
# ### Bonus exercise · λ-returns (5 extra points)
#
# Write `lambda_returns(r, V, gamma, lam, terminated)`, shape `(T,)`: $G_t^\lambda$ for every step of
# one episode. `r` and `V` are as in exercise 3. $G_T^\lambda$ is 0 if `terminated`, otherwise
# `V[T]`; and the value of $s_T$ is 0 if `terminated`, whatever `V[T]` holds.
#
# By hand, $\gamma = \lambda = 0.5$, `r = [1, 2, 3]`, `V = [0, 10, 20, 30]`: `[5.4375, 7.75, 3]` if
# terminated, `[6.375, 11.5, 18]` if truncated.
#
# *How it counts:* the notebook is worth 50 points without this exercise. nbgrader knows no bonus
# cells and shows 55 as the maximum; the 5 points are added to what you have.
#
# <details><summary>Hint</summary>
#
# Walk backwards, as in notebook 01. What is known at the end?
#
# </details>


# %% tags=["answer:lambda_returns"]
def lambda_returns(
    r: np.ndarray, V: np.ndarray, gamma: float, lam: float, terminated: bool
) -> np.ndarray:
    """G_t = r_t + gamma [(1 - lam) V[t+1] + lam G_{t+1}], backwards from the end.

    Args:
        r: rewards r_0 ... r_{T-1}, (T,).
        V: estimates for s_0 ... s_T, (T+1,). V[T] counts only if the episode was truncated.
        gamma: discount in [0, 1].
        lam: weight in [0, 1].
        terminated: whether s_T is terminal.

    Returns:
        The targets, (T,) float.
    """
    ### BEGIN SOLUTION
    T = len(r)
    values = np.append(V[:T], 0.0 if terminated else V[T])
    targets, following = np.zeros(T), values[T]
    for t in reversed(range(T)):
        following = r[t] + gamma * ((1 - lam) * values[t + 1] + lam * following)
        targets[t] = following
    return targets
    ### END SOLUTION


# %% tags=["test:lambda_returns:5"]

# %% tags=["experiment"]
rng, N, T = np.random.default_rng(7), 2400, 60
s, _, means = rollouts(ring, np.ones((12, 1)), N, rng, T, s0=np.arange(N) % 12).padded()
rewards = means + rng.normal(size=means.shape)
lams, scores = (0.0, 0.5, 0.7, 0.8, 0.9, 1.0), {}
for lam in lams:
    first = [lambda_returns(rewards[i], V_zero[s[i]], gamma, lam, False)[0] for i in range(N)]
    off = (np.array(first) - V_ring[s[:, 0]]) ** 2
    scores[lam] = off.mean()
    print(f"λ = {lam:.1f}   mean square error {off.mean():5.2f} ± {off.std() / np.sqrt(N):.2f}")

# %% [markdown]
# In the ring, with $V = 0$: 17.7 for $\lambda = 0$ (TD), 24.3 for $\lambda = 1$ (cut at 60 steps), and
# 8.9 for $\lambda = 0.8$. The best single $n$ had 9.38, so the mixture is at least as good, and 0.7
# or 0.9 are hardly worse. The weights of $\lambda = 0.8$ have the mean length $1 / (1 - 0.8) = 5$.
# <!-- numbers: 17.7 = scores[0.0]; 24.3 = scores[1.0]; 8.9 = scores[0.8];
# 9.38 = (bias2 + var).min(); 5 = 1 / (1 - 0.8) -->

# %% [markdown]
# ## What you have learned
#
# - A target trusts rewards, or estimates, or both. Estimates bring bias, samples bring variance.
# - Step towards a target, never onto it: $V \leftarrow V + \alpha\,(\text{target} - V)$.
# - $n$ rewards, then $\gamma^n V(s_{t+n})$. True values are a fixed point: test it.
# - $\text{bias}_n = \gamma^n P^n (V - V^\pi)$, and the variance follows two moments, cross term
#   included.
# - The best $n$ is in between while $V$ is poor, and falls as $V$ gets better.
# - `terminated` stops the bootstrap, `truncated` does not.
# - DP, TD and MC are three things. DP and TD share the bias; DP alone has no variance.

# %% [markdown]
# ## What breaks in practice
#
# - **One reward too many or too few.** Off by one in an n-step buffer looks like a bad learning rate.
#   Constant rewards and a constant $V$ find it in a minute.
# - **Windows that cross episodes.** A target must not collect rewards of the next episode.
#   Vectorised environments that reset themselves invite this.
# - **Old data.** n-step targets follow the policy that played. From a replay buffer, with another
#   policy now, they are biased for $n > 1$. Short $n$ is a common compromise.
# - **Time limits as ends**, see the second repair.
# - **One run.** The intervals in figure 5 are narrow because of 200 runs. With five, order is luck.
#
# Before you hand in: *Kernel → Restart Kernel and Run All Cells*.

# %% [markdown]
# ## Further reading
#
# - R. S. Sutton and A. G. Barto, *Reinforcement Learning: An Introduction*, 2nd ed., MIT Press 2018.
#   Chapters 5 Monte Carlo, 6 TD (example 6.2), 7 n-step (example 7.1), 12 λ-returns.
# - R. S. Sutton, *Learning to predict by the methods of temporal differences*, Machine Learning 3,
#   1988: the first walk.
# - S. P. Singh and P. Dayan, *Analytical mean squared error curves for temporal difference learning*,
#   Machine Learning 32, 1998: bias and variance exactly, over the whole course of learning.
# - M. Kearns and S. Singh, *Bias-variance error bounds for temporal difference updates*, COLT 2000:
#   why the best $n$ or $\lambda$ should fall with time.
# - F. Pardo, A. Tavakoli, V. Levdik, P. Kormushev, *Time Limits in Reinforcement Learning*, ICML
#   2018.
# - M. Du, *Review of Q-Learning*, tutorial of CS 224R, Stanford: the lecture.
