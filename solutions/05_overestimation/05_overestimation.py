# %% [markdown]
# # 5 · Overestimation, double Q-learning, ensembles
#
# **At the end you can**
# - say why the maximum of noisy estimates is too high, and compute by how much;
# - write double Q-learning with its roles right, and say what it costs;
# - reproduce the best-known experiment on the subject in seconds;
# - build targets from an ensemble of critics, and choose between min, mean and random subset.
#
# **Time** about 90 minutes; the solved notebook runs within 20 seconds on a laptop. **Points** 50,
# and 5 more for the bonus exercise at the end.
#
# **Covers** the slides *Q-Learning Overestimation* and *Dealing with Q overestimation* (double Q
# learning, critic ensembling) of the tutorial *Review of Q-Learning* (Maximilian Du, CS 224R,
# Stanford), called "the lecture". Notebook 03 is needed, notebook 04 is not.

# %% tags=["setup"]
import math
from types import SimpleNamespace

import numpy as np
from scipy.special import ndtr  # the distribution function of the normal distribution

from qlib import plot

# %% [markdown]
# ## 5.1 The largest of several errors
#
# A Q-learning target looks at the next state $s'$ and takes $\max_a Q(s', a)$. While we learn, each
# entry is off by some error $Y_a$:
#
# $$Q(s', a) = Q^*(s', a) + Y_a, \qquad a = 1 \dots m.$$
#
# Say that the errors are fair: each has mean 0. So no single entry is biased. In this section the
# true values are known numbers $\mu_a = Q^*(s', a)$, the errors are drawn by us, and we look at
# one thing: by how much is $\max_a Q(s', a)$ off *on average*? This is its **bias**,
#
# $$\text{bias} = \mathbb{E}\big[\max_a (\mu_a + Y_a)\big] - \max_a \mu_a.$$

# %% [markdown] tags=["predict:partner_6"]
# **Predict first** (the lecture's partner question). If the error of each action is centred at zero,
# is the error of the maximum centred at zero, too?
#
# Go further and guess numbers. Ten actions are all worth 0, and their errors are independent, normal,
# with standard deviation 1. What is the mean of the largest? What if only two actions are there? And
# what if one of ten is better than the rest by 10?
#
# *Your prediction:*


# %% tags=["helper:c"]
def c(m: int) -> float:
    """Mean of the largest of m independent N(0, 1): the integral of x dF(x)^m."""
    grid = np.linspace(-9, 9, 20001)
    middle = (grid[1:] + grid[:-1]) / 2
    return float(middle @ np.diff(ndtr(grid) ** m))


# %% tags=["experiment"]
x = np.linspace(-4, 4, 161)
phi = np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)  # density of one error
lines = {"one error": phi, "largest of 2": 2 * phi * ndtr(x)}
lines["largest of 10"] = 10 * phi * ndtr(x) ** 9
words = {"xlabel": "error", "ylabel": "density", "interval": "none", "note": "unit normal errors"}
title = "Figure 1. Where one error lies, and where the largest of several lies"
ax = plot.curves(lines, x, title=title, **words)
plot.set_alt(
    ax, f"{title}. Densities: one error peaks at 0, the largest of 2 near 0.5, of 10 near 1.4"
)
print("mean of the largest of 2, 10, 100 errors:", *(f"{c(m):.3f}" for m in (2, 10, 100)))
ax

# %% [markdown]
# <details><summary>What happens, and why</summary>
#
# No: the largest of ten fair errors has mean 1.539, of two 0.564, of a hundred 2.508. The sign is
# known, too. The maximum is a convex function, so by Jensen's inequality
# $\mathbb{E}[\max_a Q] \ge \max_a \mathbb{E}[Q]$: the bias is **never negative**.
#
# One of ten better by 10, and the bias is gone, as your own function will measure below. It is zero
# exactly if one and the same action attains the maximum with probability 1: with no noise, with one
# action, with the same error for all actions, or with a gap that the noise cannot bridge.
#
# </details>
# <!-- numbers: 1.539 = c(10); 0.564 = c(2); 2.508 = c(100) -->

# %% [markdown] tags=["task:max_bias_mc"]
# ### Exercise 1 · Measure the bias (6 points)
#
# Write `max_bias_mc(mu, sigma, n, rng) -> (est, stderr)`: an estimate of the bias for normal errors.
#
# - Draw `n` times: every action gets an error of its own, normal with mean 0 and standard deviation
#   `sigma`. The true values are `mu`, shape `(m,)`, with $m \ge 1$. They may be negative.
# - `est` is the mean over the draws of $\max_a(\mu_a + Y_a) - \max_a \mu_a$.
# - `stderr` is its standard error: the standard deviation of these $n$ differences, divided by
#   $\sqrt n$. (Whether their squares are averaged over $n$ or over $n - 1$ is up to you.)
# - All chance comes from `rng`. `n` is 2 or more, `sigma` may be 0.
#
# <details><summary>Hint</summary>
#
# One table of draws, `(n, m)`: `rng.normal(mu, sigma, (n, len(mu)))`. The maximum runs over the
# actions of one draw, the mean over the draws.
#
# </details>


# %% tags=["answer:max_bias_mc"]
def max_bias_mc(
    mu: np.ndarray, sigma: float, n: int, rng: np.random.Generator
) -> tuple[float, float]:
    """Estimate of E[max_a (mu_a + Y_a)] - max_a mu_a, Y_a ~ N(0, sigma^2) independent.

    Args:
        mu: true values, (m,).
        sigma: standard deviation of each error, 0 or more.
        n: number of draws, 2 or more.
        rng: the source of all chance.

    Returns:
        (est, stderr).
    """
    ### BEGIN SOLUTION
    largest = rng.normal(mu, sigma, (n, len(mu))).max(axis=1)
    return largest.mean() - np.max(mu), largest.std(ddof=1) / np.sqrt(n)
    ### END SOLUTION


# %% tags=["test:max_bias_mc:6"]

# %% [markdown]
# **Closed forms.** The largest of $m$ independent errors is below $x$ if all are: its distribution
# function is $F(x)^m$. Integrating gives its mean. Two cases are worth knowing:
#
# - normal errors with standard deviation $\sigma$: $\sigma c_m$, with $c_m$ from an integral;
# - errors uniform in $[-\varepsilon, \varepsilon]$: exactly $\varepsilon\, \frac{m-1}{m+1}$
#   (Thrun and Schwartz 1993).
#
# The next cell puts both beside simulations.

# %% tags=["experiment"]
rng = np.random.default_rng(0)
print("  m   normal: c_m  simulated           uniform: (m-1)/(m+1)  simulated")
normal, sure, uniform = {}, {}, {}
for m in (1, 2, 3, 4, 5, 10, 32, 100):
    normal[m], sure[m] = max_bias_mc(np.zeros(m), 1.0, 20_000, rng)
    uniform[m] = rng.uniform(-1, 1, (20_000, m)).max(axis=1).mean()
    print(f"{m:3d} {c(m):13.4f} {normal[m]:8.3f} ± {sure[m]:.3f}", end="")
    print(f"{(m - 1) / (m + 1):21.4f} {uniform[m]:14.3f}")
one_far = max_bias_mc(np.array([10.0] + [0.0] * 9), 1.0, 20_000, rng)[0]
print(f"one of ten actions better by 10: {abs(one_far):.3f}")

# %% [markdown]
# Simulations and closed forms agree, and one of ten better by 10 leaves no bias (0.00 up to chance).
# <!-- numbers: 0.00 = abs(one_far) -->

# %% [markdown]
# **Repairs to the lecture's slide.** It says that "maximizing an unbiased noise *distribution* yields
# a biased one". A distribution is not biased; an **estimator** is. What is unbiased is each
# $Q(s', a)$ as an estimate of $Q^*(s', a)$; what is biased is $\max_a Q(s', a)$ as an estimate of
# $\max_a Q^*(s', a)$. The slide gives neither the sign nor the case of equality: both stand above.
#
# It also writes the error of $Q(s', a)$ as $Y_{a,s}$, with the index of the state we *come from*. The
# error sits in the table entry, so it is $Y_{s',a}$. Does that matter? Let two states lead to the
# same $s'$.

# %% tags=["experiment"]
rng = np.random.default_rng(1)
Y = rng.normal(size=(100_000, 2, 10))  # draw, state we come from, action in s'
as_written = Y.max(axis=2)  # errors of their own: two different maxima
as_meant = Y[:, [0, 0]].max(axis=2)  # both targets read the same entries of the table
alike = np.corrcoef(as_written.T)[0, 1], np.corrcoef(as_meant.T)[0, 1]
spread = as_written.mean(axis=1).std(), as_meant.mean(axis=1).std()
print(f"correlation of the two targets: as written {alike[0]:.2f}, as meant {alike[1]:.2f}")
print(f"spread of their average:        as written {spread[0]:.3f}, as meant {spread[1]:.3f}")

# %% [markdown]
# With $Y_{a,s}$ the two targets would be independent (correlation 0.00), and averaging over the
# predecessors would calm the noise (0.416 instead of 0.588). In truth both read the *same* entry
# (correlation 1.00): every predecessor of $s'$ believes the same wrong number. The mean error, 1.539,
# is the same in both readings; what differs is that nothing averages it out.
# <!-- numbers: 0.00 = abs(alike[0]); 1.00 = alike[1]; 0.416 = spread[0]; 0.588 = spread[1];
# 1.539 = c(10) -->

# %% [markdown]
# **From one state to the next.** The target is $r + \gamma \max_a Q(s', a)$, so a state inherits
# $\gamma$ times the bias of the next one, and adds its own. Take a world in which nothing is ever paid:
# $Q^* = 0$ everywhere. Let $V_k$ be the value after $k$ backups, each of which reads ten actions with
# fresh unit noise: $V_{k+1} = \gamma\, \mathbb{E}[\max_a (V_k + Y_a)] = \gamma\,(V_k + c_{10})$.

# %% tags=["experiment"]
gamma, V = 0.9, [0.0]
rng = np.random.default_rng(2)
for _ in range(100):
    V.append(gamma * (V[-1] + rng.normal(size=(2_000, 10)).max(axis=1).mean()))
limit = gamma * c(10) / (1 - gamma)
print(
    f"after 1, 10, 100 backups: {V[1]:.2f}, {V[10]:.2f}, {V[100]:.2f}; limit {limit:.2f}; truth 0"
)

# %% [markdown]
# One backup is off by 1.4, a hundred by 13.8: bootstrapping piles errors up to
# $\gamma\, c_{10} / (1 - \gamma)$. Real learning averages the noise at the same time, so it is rarely
# that bad; but it is why a value that looks too good spreads through a whole table.
# <!-- numbers: 1.4 = gamma * c(10); 13.8 = V[100] -->

# %% [markdown] tags=["task:gap_bias"]
# ### Exercise 2 · The gap decides (5 points)
#
# Two actions, worth 0 and $-d$ with $d \ge 0$, with independent errors $N(0, 1)$. Write
# `gap_bias(d) -> float`, the bias of their maximum, right to a relative error of $10^{-4}$; where it is
# below 0.01, an absolute error of $10^{-6}$ is good enough.
#
# The difference of the two estimates is normal, with mean $d$ and standard deviation $\sqrt 2$. The
# maximum is the first estimate, plus what the second one exceeds it by:
# $\text{bias} = \mathbb{E}[\max(0,\, \sqrt 2 Z - d)]$ with $Z \sim N(0, 1)$. With
# $u = d / \sqrt 2$, the density $\varphi$ and the distribution function $\Phi$ of $N(0, 1)$:
#
# $$\text{bias}(d) = d\,\Phi(u) + \sqrt 2\,\varphi(u) - d.$$
#
# <details><summary>Hint</summary>
#
# $\varphi(u) = e^{-u^2/2} / \sqrt{2\pi}$; `ndtr(u)` is $\Phi(u)$. The argument of both is
# $u$, not $d$. A numerical integral is fine, too; a simulation is not exact enough.
#
# </details>


# %% tags=["answer:gap_bias"]
def gap_bias(d: float) -> float:
    """Bias of the maximum of two estimates with unit noise, true values d apart.

    Args:
        d: the gap, 0 or more.

    Returns:
        d Phi(d / sqrt 2) + sqrt 2 phi(d / sqrt 2) - d.
    """
    ### BEGIN SOLUTION
    u = d / math.sqrt(2)
    density = math.exp(-(u**2) / 2) / math.sqrt(2 * math.pi)
    return math.sqrt(2) * density - d * float(ndtr(-u))
    ### END SOLUTION


# %% tags=["test:gap_bias:5"]

# %% tags=["experiment"]
rng = np.random.default_rng(3)
ds = np.linspace(0, 4, 17)
both = {"closed form": np.array([gap_bias(d) for d in ds])}
both["simulated"] = np.array([max_bias_mc(np.array([0, -d]), 1.0, 20_000, rng)[0] for d in ds])
for d in (0, 0.5, 1, 2, 4):
    print(f"d = {d:3g}: {gap_bias(d):.4f}")
words = {"xlabel": "gap d between two actions, in units of the noise", "ylabel": "bias"}
words |= {"interval": "none", "note": "two actions, 20,000 draws a point"}
plot.curves(both, ds, title="Figure 2. A clear gap needs no cure", **words)

# %% [markdown]
# Equal actions are the worst case: 0.5642. A gap as large as the noise leaves 0.1996, four times the
# noise 0.0010. So Q-learning is *not* too optimistic everywhere: it is where many actions are about
# equally good, and early, while the noise is large.
# <!-- numbers: 0.5642 = gap_bias(0); 0.1996 = gap_bias(1); 0.0010 = gap_bias(4) -->

# %% [markdown]
# ## 5.2 No luck needed: van Hasselt's bound
#
# Forget chance. Let $e_a = Q(s', a) - V^*(s')$ be *any* errors of $m \ge 2$ equally good actions that
# are fair as a whole, $\sum_a e_a = 0$, but not all zero: their mean square is
# $C = \frac1m \sum_a e_a^2 > 0$. Then
#
# $$\max_a e_a \;\ge\; \sqrt{\frac{C}{m - 1}}.$$
#
# **Why?** Suppose all $k$ positive errors are below $b = \sqrt{C/(m-1)}$; $k \le m - 1$, since
# something must cancel them. The negative ones have the same sum, below $kb$ in size, so their
# squares sum to less than $(kb)^2$. All squares sum to less than
# $kb^2 + k^2b^2 \le (m-1)\,m\,b^2 = mC$, a contradiction.

# %% [markdown] tags=["task:vh_errors"]
# ### Exercise 3a · The mildest errors (4 points)
#
# The bound is tight. Read the proof again and ask where it loses nothing: which errors attain it?
#
# Write `vh_errors(m, C)`, shape `(m,)`, for $m \ge 2$ and $C > 0$: errors with sum 0, mean square
# $C$ and $\max_a e_a = \sqrt{C/(m-1)}$. Their order is up to you. With $m = 2$ and $C = 4$ they
# are 2 and -2.
#
# <details><summary>Hint</summary>
#
# Equality needs $k = m - 1$ positive errors, all equal to $b$, and a single negative one that cancels
# them. How large is it?
#
# </details>


# %% tags=["answer:vh_errors"]
def vh_errors(m: int, C: float) -> np.ndarray:
    """Errors with sum 0 and mean square C whose largest one is as small as possible.

    Args:
        m: number of actions, 2 or more.
        C: mean of the squared errors, positive.

    Returns:
        The errors, (m,), in any order.
    """
    ### BEGIN SOLUTION
    e = np.full(m, np.sqrt(C / (m - 1)))
    e[-1] = -np.sqrt(C * (m - 1))
    return e
    ### END SOLUTION


# %% tags=["test:vh_errors:4"]

# %% [markdown] tags=["task:vh_check"]
# ### Exercise 3b · Does it attain the bound? (3 points)
#
# Write `vh_check(err) -> bool` for an error vector of shape `(m,)`, $m \ge 2$, not all zero. It is `True` if
# and only if
#
# - the errors sum to 0, and
# - the largest one *equals* $\sqrt{C/(m-1)}$, with $C$ the mean of their squares.
#
# Both up to rounding, and rounding is relative. Let the *size* of the errors be the largest absolute
# value: a deviation below $10^{-9}$ times the size is forgiven, one of $10^{-3}$ times the size is not.
# The size may be as small as $10^{-9}$ or as large as $10^{6}$.
#
# <details><summary>Hint</summary>
#
# Divide by the largest absolute value first. Then a fixed tolerance, such as $10^{-6}$, is a relative
# one. Not the largest absolute error counts in the bound, but the largest error.
#
# </details>


# %% tags=["answer:vh_check"]
def vh_check(err: np.ndarray) -> bool:
    """Whether the errors sum to 0 and the largest equals sqrt(C / (m - 1)).

    Args:
        err: errors of m actions, (m,), m >= 2, not all zero.

    Returns:
        True or False.
    """
    ### BEGIN SOLUTION
    e = err / np.abs(err).max()
    bound = np.sqrt((e**2).mean() / (len(e) - 1))
    return bool(abs(e.sum()) < 1e-6 and abs(e.max() - bound) < 1e-6)
    ### END SOLUTION


# %% tags=["test:vh_check:3"]

# %% tags=["experiment"]
rng = np.random.default_rng(4)
m, C = 5, 1.0
bound, largest, tight = math.sqrt(C / (m - 1)), [], 0
for _ in range(1_000):
    e = rng.normal(size=m)
    e = e - e.mean()
    e = e * math.sqrt(C / (e**2).mean())  # sum 0, mean square C
    largest.append(e.max())
    tight += vh_check(e)
print(f"bound {bound:.4f}; 1,000 random error vectors: from {min(largest):.4f}, {tight} attain it")
print("mildest:", vh_errors(m, C), "attains it:", vh_check(vh_errors(m, C)))

# %% [markdown]
# Of 1,000 random error vectors with $m = 5$ and $C = 1$ none is below the bound 0.5, and 0 of them attain
# it; the mildest reached 0.5450. What does this say? Zero mean *across actions* does not help at all: as long
# as the table is not exact, the maximum over equally good actions is too high, every single time.
# (The bound shrinks with $m$, the mean of random errors grows with $m$: a worst-case bound is not
# a prediction.) <!-- numbers: 0.5 = bound; 0 = tight; 0.5450 = min(largest) -->

# %% [markdown]
# ## 5.3 Two tables: select with one, evaluate with the other
#
# $\max_a Q(s', a)$ uses the noise twice: it **selects** an action that was lucky, and it **evaluates**
# that action with the same luck. Written apart, it is $Q(s', \operatorname{argmax}_a Q(s', a))$.
#
# The cure: learn two tables $Q_A$, $Q_B$ from different data, and let them share the work,
#
# $$Q_B\big(s', \operatorname{argmax}_a Q_A(s', a)\big).$$
#
# $Q_A$ may be fooled by its noise. But the noise of $Q_B$ does not know which action was selected, so
# it has mean 0.

# %% [markdown] tags=["predict:double"]
# **Predict first.** Select with one set of unit errors, evaluate with another. What is the bias
#
# (a) for ten equal actions?
#
# (b) for two actions worth 0 and 1? Positive, zero or negative?
#
# *Your prediction:*


# %% tags=["experiment"]
rng = np.random.default_rng(5)
single, double = {}, {}
print("true values    single   double")
for mu in ((0,) * 10, (0, 1), (0, 0.5, 1)):
    first, second = mu + rng.normal(size=(2, 40_000, len(mu)))
    chosen, row = first.argmax(axis=1), np.arange(40_000)
    single[mu] = first[row, chosen].mean() - max(mu)
    double[mu] = second[row, chosen].mean() - max(mu)
    name = "10 times 0" if len(mu) == 10 else str(mu)
    print(f"{name:13s} {single[mu]:+.3f}   {double[mu]:+.3f}")

# %% [markdown]
# <details><summary>What happens, and why</summary>
#
# (a) 1.54 for the maximum, and zero for this *double estimator* (0.00 here, up to chance). (b) The
# maximum is $+0.20$ off, the double estimator $-0.24$: it **under**estimates. Its mean is that of the
# true value of the selected action, and the selected action is sometimes the worse one. With a gap $d$
# between two actions its bias is $-d$ times the probability of that, $-d\,\Phi(-d/\sqrt 2)$; here
# $-0.2398$.
#
# The lecture says that two tables "reduce the risk of exploiting noise", which is right; that the
# price is underestimation wherever actions differ, it does not say. Neither estimator is unbiased;
# one errs high, one low.
#
# </details>
# <!-- numbers: 1.54 = single[(0,) * 10]; 0.00 = abs(double[(0,) * 10]); 0.20 = single[(0, 1)];
# -0.24 = double[(0, 1)]; -0.2398 = -ndtr(-1 / math.sqrt(2)) -->

# %% tags=["experiment"]
ds = np.linspace(0, 4, 41)
lines = {
    "maximum": np.array([gap_bias(d) for d in ds]),
    "double": -ds * ndtr(-ds / math.sqrt(2)),
}
worst = ds[lines["double"].argmin()], lines["double"].min()
print(f"double is lowest at d = {worst[0]:.1f}: {worst[1]:.3f}")
words = {"xlabel": "gap d between two actions, in units of the noise", "ylabel": "bias"}
title = "Figure 3. Two actions: the maximum errs high, the double estimator low"
plot.curves(lines, ds, interval="none", note="exact", title=title, **words)

# %% [markdown] tags=["task:double_target"]
# ### Exercise 4 · The double target (8 points)
#
# For a batch of $B$ transitions, with $A$ actions, write
# `double_target(r, Qsel, Qeval, terminated, gamma)`, shape `(B,)`:
#
# $$y = r + \gamma\,(1 - \text{terminated})\; Q_{\text{eval}}\big(s', \operatorname{argmax}_a
# Q_{\text{sel}}(s', a)\big).$$
#
# `Qsel` and `Qeval` hold the rows of the two tables at the next states, `(B, A)`; `r` is `(B,)` and
# `terminated` `(B,)` bool. A terminated step has no future; the lecture's targets leave that out.
# Ties may be broken in any way.
#
# With `r = [1]`, `Qsel = [[1, 2]]`, `Qeval = [[5, 3]]` and `gamma = 0.5` the target is 2.5.
#
# <details><summary>Hint</summary>
#
# `Qsel.argmax(axis=1)` gives one action a row. `Qeval[np.arange(B), actions]` takes one entry a row.
#
# </details>


# %% tags=["answer:double_target"]
def double_target(
    r: np.ndarray, Qsel: np.ndarray, Qeval: np.ndarray, terminated: np.ndarray, gamma: float
) -> np.ndarray:
    """r + gamma (1 - terminated) Qeval(s', argmax_a Qsel(s', a)).

    Args:
        r: rewards, (B,).
        Qsel: the table that selects, at the next states, (B, A).
        Qeval: the table that evaluates, at the next states, (B, A).
        terminated: whether the step ended the episode, (B,) bool.
        gamma: discount in [0, 1).

    Returns:
        The targets, (B,).
    """
    ### BEGIN SOLUTION
    selected = Qsel.argmax(axis=1)
    value = Qeval[np.arange(len(r)), selected]
    return r + gamma * np.where(terminated, 0.0, value)
    ### END SOLUTION


# %% tags=["test:double_target:8"]

# %% [markdown]
# **Who selects?** Say it in every formula; the literature has two settings.
#
# | method | selects | evaluates |
# |---|---|---|
# | double Q-learning, update of $Q_A$ | $Q_A$, the own table | $Q_B$, the other |
# | double DQN (notebook 07) | online net | target net |
# | the lecture, update of $Q_1$ | $Q_2$, the other | $Q_1$, the own table |
#
# The lecture's line $Q_1^* \leftarrow r + \gamma\, Q_1^*(s', \operatorname{argmax} Q_2^*(s', \hat a))$
# separates the jobs as well, with the roles exchanged. (Its line "old" has $Q^\pi$ on both sides of a
# max; a max target is about $Q^*$.) Does the exchange matter? Try it in a DQN: Q-learning with a
# network, the *online net*, and an older copy of it, the *target net*, from which targets are computed.
# Let the online net be 1 and the target net 2.

# %% tags=["experiment"]
# The old copy still takes action 0 for the best one. The online net has learned that it is not.
online, target_net = np.array([[-1.0, 1.0]]), np.array([[3.0, 0.5]])
one, go_on = np.zeros(1), np.array([False])
standard = double_target(one, online, target_net, go_on, 0.9)[0]
lecture = double_target(one, target_net, online, go_on, 0.9)[0]
plain = 0.9 * target_net.max()
print(f"DQN {plain:.2f}   double DQN {standard:.2f}   the lecture's roles {lecture:.2f}")

# %% [markdown]
# Double DQN lets the online net choose (action 1) and the old copy judge: 0.45. The lecture's roles let
# the *old* copy choose action 0, which the online net already knows to be worth $-1$: $-0.90$. The choice
# should come from the newest knowledge, since it is what the agent would do now; the estimate from
# the slow copy, which keeps targets still. In a DQN the two nets are not alike, so roles matter.
# Two tables that learn alike are another case: see 5.4.
# <!-- numbers: 0.45 = standard; -1 = online[0, 0]; -0.90 = lecture; 1 = online[0].argmax();
# 0 = target_net[0].argmax() -->

# %% [markdown] tags=["task:double_q_update"]
# ### Exercise 5 · One step of double Q-learning (8 points)
#
# Write `double_q_update(QA, QB, s, a, r, s2, term, alpha, gamma, update_A, roles="standard")`. It returns
# the new pair `(QA, QB)`, each `(S, A)`; the arguments stay as they are.
#
# - One table learns: `QA` if `update_A`, else `QB`. Call it *own*, and only its entry `[s, a]` changes,
#   by `alpha` times (target minus entry).
# - The target is $r + \gamma\,(1 - \text{term})\, Q_{\text{other}}(s_2, \operatorname{argmax}_{a'}
#   Q_{\text{own}}(s_2, a'))$.
# - With `roles="seed"` the roles are the lecture's (it is the seed of this course): *other* selects, *own*
#   evaluates.
#
# `s2` may equal `s`. Ties may be broken in any way.
#
# <details><summary>Hint</summary>
#
# Copy both tables first. Give them the names `own` and `other`, then `select` and `evaluate`; there is
# one formula in the end, not four.
#
# </details>


# %% tags=["answer:double_q_update"]
def double_q_update(
    QA: np.ndarray,
    QB: np.ndarray,
    s: int,
    a: int,
    r: float,
    s2: int,
    term: bool,
    alpha: float,
    gamma: float,
    update_A: bool,
    roles: str = "standard",
) -> tuple[np.ndarray, np.ndarray]:
    """One update of QA or QB: own selects, other evaluates.

    Args:
        QA: the first table, (S, A).
        QB: the second table, (S, A).
        s: state.
        a: action.
        r: reward.
        s2: next state.
        term: whether the step ended the episode.
        alpha: step size in [0, 1].
        gamma: discount in [0, 1).
        update_A: whether QA learns; else QB.
        roles: "standard", or "seed" (other selects, own evaluates).

    Returns:
        The new (QA, QB).
    """
    ### BEGIN SOLUTION
    QA, QB = QA.copy(), QB.copy()
    own, other = (QA, QB) if update_A else (QB, QA)
    select, evaluate = (other, own) if roles == "seed" else (own, other)
    future = 0.0 if term else evaluate[s2, select[s2].argmax()]
    own[s, a] += alpha * (r + gamma * future - own[s, a])
    return QA, QB
    ### END SOLUTION


# %% tags=["test:double_q_update:8"]

# %% [markdown]
# A coin decides in every step which table learns, and the agent acts by $Q_A + Q_B$. So each table sees
# half of the data: that is the other price.
#
# ## 5.4 A detour that looks good only through luck
#
# Example 6.7 of Sutton and Barto. From A, *right* ends the episode and pays 0. *Left* pays 0 and leads
# to B, where each of ten actions ends the episode with a random reward, normal with mean $-0.1$ and
# standard deviation 1. There is no discount ($\gamma = 1$; every episode ends after two steps). So
# $Q^*(\text{A}, \text{left}) = -0.1$, and *right* is best. (The states A and B have nothing to do with
# the tables $Q_A$ and $Q_B$.)

# %% tags=["experiment"]
P, R = np.zeros((4, 5, 4)), np.zeros((4, 5))  # states: end, B, A, end
P[2, 0, 1] = P[2, 1, 3] = 1.0  # in A: left, right
P[1, 2:, 0], R[1, 2:] = 1.0, -0.1  # in B: actions 1, 2, ... 10
drawn = SimpleNamespace(P=P, R=R, terminal=np.array([True, False, False, True]))
names = {"states": ["end", "B", "A", "end"], "actions": ["left", "right", "1", "…", "10"]}
title = "Figure 4. Going left costs 0.1 on average"
plot.state_graph(drawn, layout="line", title=title, **names)

# %% [markdown] tags=["predict:left"]
# **Predict first.** The agent is $\epsilon$-greedy with $\epsilon = 0.1$: with probability 0.1 it takes a
# random action. So even one that knows everything goes left in 5 % of the episodes. The step size is
# 0.1, all values begin at 0.
#
# How often does Q-learning go left in the first episode? In the 25th? In the 300th? And double
# Q-learning?
#
# *Your prediction:*


# %% tags=["helper:act"]
def act(values: np.ndarray, epsilon: float, rng: np.random.Generator) -> np.ndarray:
    """One epsilon-greedy action for each row; ties are broken at random.

    Args:
        values: action values, (runs, A).
        epsilon: probability of a random action; 0 is greedy.
        rng: the source of all chance.

    Returns:
        The actions, (runs,) int.
    """
    best = values == values.max(axis=1, keepdims=True)
    greedy = (best * rng.random(values.shape)).argmax(axis=1)
    random = rng.integers(values.shape[1], size=len(values))
    return np.where(rng.random(len(values)) < epsilon, random, greedy)


# %% [markdown] tags=["task:left_rate"]
# ### Exercise 6 · Example 6.7 (8 points)
#
# Write `left_rate(mode, episodes, runs, rng, n_actions=10, mu=-0.1, sigma=1.0, alpha=0.1, epsilon=0.1)`, shape
# `(episodes,)`: for each episode the share of `runs` independent agents that went left.
#
# - `mode` `"q"`: one table, target $\max_a Q(\text{B}, a)$ for (A, left). `"double"`: two tables,
#   standard roles, a coin for each agent *and each step* says which one learns; the agent acts by
#   their sum. `"seed"`: the same with the lecture's roles.
# - Everything starts at 0; every choice is $\epsilon$-greedy or greedy **with random ties**: use `act`.
# - (A, left) is updated before B's action is chosen. (A, right) stays 0.
#
# Work on all runs at once: 10,000 runs of 300 episodes then take about a second.
#
# <details><summary>Hint</summary>
#
# Keep all values of state A in `at_A`, shape `(2, runs, 2)`, and those of B in `at_B`, shape
# `(2, runs, n_actions)`; the first index is the table. In each episode let `i` be the indices of the
# runs that go left, and `own` a coin for each of them: `at_B[own, i]` has shape `(len(i), n_actions)`.
# Q-learning is the case where select, evaluate and own are all table 0.
#
# </details>


# %% tags=["answer:left_rate"]
def left_rate(
    mode: str,
    episodes: int,
    runs: int,
    rng: np.random.Generator,
    n_actions: int = 10,
    mu: float = -0.1,
    sigma: float = 1.0,
    alpha: float = 0.1,
    epsilon: float = 0.1,
) -> np.ndarray:
    """Share of runs that go left, in each episode of Example 6.7.

    Args:
        mode: "q", "double" or "seed".
        episodes: number of episodes.
        runs: number of independent agents.
        rng: the source of all chance.
        n_actions: actions in B.
        mu: mean reward in B.
        sigma: standard deviation of the reward in B.
        alpha: step size.
        epsilon: probability of a random action.

    Returns:
        Shares in [0, 1], (episodes,).
    """
    ### BEGIN SOLUTION
    at_A, at_B = np.zeros((2, runs, 2)), np.zeros((2, runs, n_actions))  # [table, run, action]
    rate = np.zeros(episodes)
    for t in range(episodes):
        i = np.flatnonzero(act(at_A.sum(axis=0), epsilon, rng) == 0)
        rate[t] = len(i) / runs
        own, coin = (0 * i, 0 * i) if mode == "q" else rng.integers(2, size=(2, len(i)))
        other = own if mode == "q" else 1 - own
        select, evaluate = (other, own) if mode == "seed" else (own, other)
        best = act(at_B[select, i], 0.0, rng)
        at_A[own, i, 0] += alpha * (at_B[evaluate, i, best] - at_A[own, i, 0])
        a = act(at_B[:, i].sum(axis=0), epsilon, rng)
        at_B[coin, i, a] += alpha * (rng.normal(mu, sigma, len(i)) - at_B[coin, i, a])
    return rate
    ### END SOLUTION


# %% tags=["test:left_rate:8"]

# %% tags=["experiment"]
rng = np.random.default_rng(6)
modes = {"Q-learning": "q", "double": "double"}
rates = {name: left_rate(mode, 300, 10_000, rng) for name, mode in modes.items()}
print("episode         1    10    25    50   100   300")
for name, rate in rates.items():
    print(f"{name:11s}", *(f"{rate[k - 1]:5.1%}" for k in (1, 10, 25, 50, 100, 300)))
peak = rates["Q-learning"].argmax() + 1
print(f"Q-learning peaks in episode {peak} at {rates['Q-learning'].max():.1%}")
words = {"xlabel": "episode", "ylabel": "share of runs that go left", "interval": "none"}
words |= {"note": "10,000 runs; standard error at most 0.005", "title": "Figure 5. Example 6.7"}
plot.curves(rates | {"best possible": np.full(300, 0.05)}, np.arange(1, 301), **words)

# %% [markdown]
# <details><summary>What happens, and why</summary>
#
# Both begin with a coin toss. Then Q-learning runs into the trap: 94 % of the runs go left in episode
# 25, against 23 % with two tables; in episode 100 it is 46 % against 9 %. The noise fades with data,
# so Q-learning recovers, but slowly: in episode 300 it still goes left in 12 % of the runs, double
# Q-learning in 7 %; the optimum is 5 %.
#
# </details>
# <!-- numbers: 94 = 100 * rates["Q-learning"][24]; 23 = 100 * rates["double"][24];
# 46 = 100 * rates["Q-learning"][99]; 9 = 100 * rates["double"][99];
# 12 = 100 * rates["Q-learning"][299]; 7 = 100 * rates["double"][299] -->

# %% tags=["experiment"]
rng = np.random.default_rng(7)
exchanged = left_rate("seed", 300, 10_000, rng)
off = np.abs(exchanged - rates["double"])
noise = np.sqrt(2 * rates["double"] * (1 - rates["double"]) / 10_000)
for k in (10, 25, 50, 100, 300):
    print(f"episode {k:3d}: double {rates['double'][k - 1]:.1%}, lecture {exchanged[k - 1]:.1%}")
print(f"largest difference: {(off / noise).max():.1f} standard errors among 300 episodes")

# %% [markdown]
# **The lecture's roles give the same curve**: the largest difference in 300 episodes is 2.9 standard
# errors, which is chance. This is no accident. Take a run with the standard roles and turn over every
# coin thrown in A. The number computed is the same, but the *other* table receives it: these are the
# lecture's roles. The sum $Q_A + Q_B$ at A, by which the agent acts, stays the same. And turned coins
# are as likely as the others. So the two orders have the same law here.
#
# Two tables that learn alike can exchange roles; an online net and its old copy cannot.
# <!-- numbers: 2.9 = (off / noise).max() -->

# %% [markdown]
# ## 5.5 Ensembles
#
# Two can become many: learn $K$ tables or networks $Q_1 \dots Q_K$, called **critics**, and combine
# them. The lecture says that one "can expand to an ensemble of critics", but not **how** they are
# combined. There are three common reductions of $K$ numbers to one, action by action:
#
# - **min**: pessimistic (clipped double Q, TD3, with $K = 2$);
# - **mean**: less noise, still optimistic (averaged DQN);
# - **subset**: the min over a few critics drawn at random (REDQ).
#
# The order of operations matters: first over the critics, **then** the max over actions.

# %% tags=["experiment"]
critics = np.array([[1.2, 0.4, 3.1], [0.9, 1.5, 0.2], [2.0, 1.1, -0.4], [0.3, 1.9, 1.0]])
fig, axes = plot.panels(1, 3, size=(10.5, 3.7), title="Figure 6. Four critics, one target")
for ax, mode in zip(axes, ("min", "mean", "subset"), strict=True):
    plot.ensemble(critics, ax, mode=mode, idx=[0, 2], title=mode)
fig

# %% [markdown] tags=["task:ensemble_target"]
# ### Exercise 7 · Targets from an ensemble (8 points)
#
# Write `ensemble_target(r, Qs, term, gamma, mode, idx=None)`, shape `(B,)`:
# $y = r + \gamma\,(1 - \text{term}) \cdot \text{value}$, with `r` and `term` (bool) of shape `(B,)`.
#
# - `Qs` of shape `(K, B, A)`: combine the $K$ critics **for each action**, then take the max over
#   actions.
# - `Qs` of shape `(K, B)`: somebody has chosen the action already (an actor, notebook 08). Combine
#   the critics; there is no max.
# - `mode`: `"min"`, `"mean"`, or `"subset"`, the min over the critics whose indices are in `idx`, a
#   list of at least one int; an index may stand in it twice. The caller draws it, at random.
#
# With `r = [0]`, `Qs = [[[1, 5]], [[4, 2]]]`, `term = [False]`, `gamma = 0.5`: min 1, mean 1.75.
#
# <details><summary>Hint</summary>
#
# A subset is the min over `Qs[idx]`. Both layouts have the critics on axis 0; `Qs.ndim` tells them
# apart.
#
# </details>


# %% tags=["answer:ensemble_target"]
def ensemble_target(
    r: np.ndarray,
    Qs: np.ndarray,
    term: np.ndarray,
    gamma: float,
    mode: str,
    idx: list[int] | None = None,
) -> np.ndarray:
    """r + gamma (1 - term) value: critics combined per action, then the max over actions.

    Args:
        r: rewards, (B,).
        Qs: the critics at the next states, (K, B, A), or (K, B) at chosen actions.
        term: whether the step ended the episode, (B,) bool.
        gamma: discount in [0, 1).
        mode: "min", "mean" or "subset".
        idx: the critics of a subset; else ignored.

    Returns:
        The targets, (B,).
    """
    ### BEGIN SOLUTION
    if mode == "subset":
        Qs = Qs[list(idx)]
    value = Qs.mean(axis=0) if mode == "mean" else Qs.min(axis=0)
    if value.ndim == 2:
        value = value.max(axis=1)
    return r + gamma * np.where(term, 0.0, value)
    ### END SOLUTION


# %% tags=["test:ensemble_target:8"]

# %% [markdown] tags=["predict:ensemble"]
# **Predict first.** All true values are 0, every entry of every critic has an independent unit error.
#
# (a) The action is given: what are the biases of the mean and of the min of 2, 5, 10 critics?
#
# (b) With ten actions and the max after it: does the min of two critics under- or overestimate?
#
# *Your prediction:*

# %% tags=["experiment"]
rng = np.random.default_rng(8)
Ks, n = (1, 2, 3, 5, 10), 10_000
zero, go_on = np.zeros(n), np.zeros(n, dtype=bool)
bias = {}  # (mode, layout) -> bias for each K
for mode in ("min", "mean"):
    for layout, shape in (("given action", (n,)), ("max of ten", (n, 10))):
        draws = [rng.normal(size=(K, *shape)) for K in Ks]
        targets = [ensemble_target(zero, Qs, go_on, 1.0, mode).mean() for Qs in draws]
        bias[mode, layout] = np.array(targets)
        print(f"{mode:5s} {layout:13s}", *(f"{b:+.3f}" for b in targets))
lines = {f"{mode}, {layout}": b for (mode, layout), b in bias.items()}
title = "Figure 7. Bias of min and mean over the number of critics"
words = {"xlabel": "critics K", "ylabel": "bias of the target", "note": "10,000 draws a point"}
plot.curves(lines, Ks, interval="none", title=title, **words)

# %% [markdown]
# <details><summary>What happens, and why</summary>
#
# (a) The mean has none; the min of $K$ is the mirror image of the max: $-0.564$ for two, $-1.163$ for
# five, $-1.539$ for ten. (b) With ten actions the min of *two* still **over**estimates, by 0.68: the max
# over ten outweighs the min over two. Between three and five critics the two cancel, and ten are too
# pessimistic ($-0.71$). The mean falls like $1.539/\sqrt K$ and never gets below zero.
#
# So the number of critics is a dial between optimism and pessimism. What is right depends on the number
# of actions and on the noise: no setting is unbiased everywhere.
#
# </details>
# <!-- numbers: -0.564 = -c(2); -1.163 = -c(5); -1.539 = -c(10); 0.68 = bias["min", "max of ten"][1];
# -0.71 = bias["min", "max of ten"][4]; 1.539 = c(10) -->

# %% tags=["experiment"]
rng = np.random.default_rng(9)
clipped = {}
for mu in ((0,) * 10, (0, 1)):
    Q1, Q2 = mu + rng.normal(size=(2, 40_000, len(mu)))
    row, chosen = np.arange(40_000), Q1.argmax(axis=1)  # critic 1 selects, both evaluate
    at_choice = np.stack([Q1[row, chosen], Q2[row, chosen]])  # (K, B): no max any more
    y = ensemble_target(np.zeros(40_000), at_choice, np.zeros(40_000, dtype=bool), 1.0, "min")
    clipped[mu] = y.mean() - max(mu)
    print(f"{'10 times 0' if len(mu) == 10 else mu}: {clipped[mu]:+.3f}")

# %% [markdown]
# **Clipped double Q-learning** (TD3) chooses the action by one critic, and its target takes the smaller
# of two opinions about this choice: `Qs` of shape `(K, B)`. For ten equal actions the bias is $-0.05$,
# close to none; for the values 0 and 1 it is $-0.58$, worse than the double estimator's $-0.24$. TD3
# accepts that on purpose: an action valued too low is not chosen, so its error does not spread; one
# valued too high is sought out. <!-- numbers: -0.05 = clipped[(0,) * 10]; -0.58 = clipped[(0, 1)]; -0.24 = double[(0, 1)] -->

# %% [markdown] tags=["task:subset_min_bias"]
# ### Bonus exercise · Two dials: N and M (5 extra points)
#
# REDQ keeps $N$ critics. It prefers the action that is best on the **mean** of all $N$; its target
# takes the **min** over $M$ of them, drawn at random. Let all values be truly 0 and all errors
# independent $N(0, 1)$, with `n_actions` actions:
#
# $$\text{bias} = \mathbb{E}\big[\min_{i \in \mathcal M} Q_i(a^*)\big], \qquad
# a^* = \operatorname{argmax}_a \tfrac1N \textstyle\sum_i Q_i(a).$$
#
# Write `subset_min_bias(n_actions, N, M) -> float`, right to $10^{-3}$, for $1 \le M \le N$. It has a short
# closed form with the numbers $c_m$ (`c(m)` above).
#
# *How it counts:* the notebook is worth 50 points without it. nbgrader knows no bonus cells and shows
# 55 as the maximum; the 5 points are added to what you have.
#
# <details><summary>Hint</summary>
#
# Split $Q_i(a)$ into the mean over critics and the deviation from it. For normal errors the two are
# independent, so the choice of $a^*$ tells nothing about the deviations. The mean of $N$ errors has
# standard deviation $1/\sqrt N$.
#
# </details>


# %% tags=["answer:subset_min_bias"]
def subset_min_bias(n_actions: int, N: int, M: int) -> float:
    """Bias of the min over M of N critics at the action that is best on their mean.

    Args:
        n_actions: number of actions, 1 or more.
        N: number of critics.
        M: size of the subset, 1 ... N.

    Returns:
        The bias, for independent N(0, 1) errors and true values 0.
    """
    ### BEGIN SOLUTION
    return c(n_actions) / math.sqrt(N) - c(M)
    ### END SOLUTION


# %% tags=["test:subset_min_bias:5"]

# %% tags=["experiment"]
rng = np.random.default_rng(10)
n, row = 10_000, np.arange(10_000)
print(" N  M   formula  simulated")
for N, M in ((1, 1), (2, 1), (2, 2), (5, 2), (10, 1), (10, 2), (10, 5), (10, 10)):
    Q = rng.normal(size=(N, n, 10))
    at_choice = Q[:, row, Q.mean(axis=0).argmax(axis=1)]  # (N, n)
    args = np.zeros(n), at_choice, np.zeros(n, dtype=bool), 1.0, "subset"
    y = ensemble_target(*args, idx=list(range(M)))  # all subsets of M are alike here
    print(f"{N:2d} {M:2d} {subset_min_bias(10, N, M):+9.3f} {y.mean():+9.3f}")

# %% [markdown]
# $N = 10$ and $M = 2$, the setting of the REDQ paper, are nearly unbiased with ten actions: $-0.078$. Both
# dials act separately, in $c_A/\sqrt N - c_M$: more critics make the *choice* less lucky, a larger
# subset makes the *judgement* stricter. (If the max is taken over the subset's min instead of over the
# mean of all, $N$ drops out of the bias; the paper's Theorem 1 is about that case.)
# <!-- numbers: -0.078 = subset_min_bias(10, 10, 2) -->

# %% [markdown]
# ## What you have learned
#
# - Fair errors do not give a fair maximum: $\mathbb{E}\max \ge \max\mathbb{E}$, with equality only if one
#   action wins for sure. Ten equal actions: $1.54\,\sigma$; the bias fades with the gap.
# - Whatever the errors are, if they cancel across equally good actions, then
#   $\max_a e_a \ge \sqrt{C/(m-1)}$.
# - Double Q-learning: the own table selects, the other evaluates. No overestimation, but
#   underestimation where actions differ.
# - Ensembles: combine critics per action, then maximise. Min is pessimistic, mean optimistic, and a
#   random subset lies between.
# <!-- numbers: 1.54 = c(10) -->

# %% [markdown]
# ## What breaks in practice
#
# - **Roles.** Swapped networks in double DQN give no error and no warning, only other targets.
# - **Critics that agree.** All closed forms above assume independent errors. Networks trained on the
#   same batches make the same mistakes: then min, mean and double change little.
# - **Max before min.** `Qs.max(-1).min(0)` lets every critic choose an action of its own.
# - **Pessimism kills exploration.** A min over many critics undervalues what is rarely tried.
# - **Watch the bias.** Plot mean $\max_a Q$ beside realised discounted returns; notebook 07 does.
# - **Optimism may help.** Where the lucky action is truly better to try, overestimation explores.

# %% [markdown]
# Before you hand in: *Kernel → Restart Kernel and Run All Cells*. The hidden checks call your functions
# with fresh random inputs, other numbers of actions and other noise; what cells print is not read.

# %% [markdown]
# ## Further reading
#
# - S. Thrun and A. Schwartz, *Issues in Using Function Approximation for Reinforcement Learning*, 1993: the
#   uniform errors of 5.1.
# - H. van Hasselt, *Double Q-learning*, NeurIPS 2010: the double estimator and its underestimation.
# - H. van Hasselt, A. Guez, D. Silver, *Deep Reinforcement Learning with Double Q-learning*, AAAI 2016:
#   Theorem 1 is the bound of 5.2; online net selects, target net evaluates.
# - R. S. Sutton and A. G. Barto, *Reinforcement Learning*, 2nd ed. 2018, section 6.7 with Example 6.7.
# - S. Fujimoto, H. van Hoof, D. Meger, *Addressing Function Approximation Error in Actor-Critic
#   Methods*, ICML 2018: clipped double Q, TD3.
# - X. Chen, C. Wang, Z. Zhou, K. Ross, *Randomized Ensembled Double Q-Learning*, ICLR 2021: REDQ.
# - O. Anschel, N. Baram, N. Shimkin, *Averaged-DQN*, ICML 2017.
