# %% [markdown]
# # 8 · SAC: without entropy, then with it
#
# **At the end you can**
# - read the lecture's actor-critic box line by line, write it, and say what goes wrong with it;
# - compute $\log \pi(a \mid s)$ of a squashed Gaussian without losing it to rounding;
# - derive the soft Bellman equation, solve it on a table, and say what a temperature does;
# - write soft actor-critic, learn its temperature, and swing a pendulum up with it.
#
# **Time** about 110 minutes; the solved notebook runs within 4 minutes on a laptop, without a GPU.
# **Points** 50.
#
# **Covers** the slides *Algorithm Walkthrough: Soft Actor Critic* and *critic ensembling* of the
# tutorial *Review of Q-Learning* (Maximilian Du, CS 224R, Stanford), "the lecture". Needs
# 05 and 06, not 07.

# %% tags=["setup"]
import math
from dataclasses import replace

import numpy as np
import torch
from torch.nn.functional import softplus

from qlib import envs, plot, solve, train
from qlib.envs.deep import bimodal_q
from qlib.train import many
from qlib.watch import watch

# %% [markdown]
# `qlib.train` sets torch to one thread: networks this small gain nothing from more. The same seed gives the
# same curve, bit for bit on one machine.
#
# ## 8.1 When an action is a number
#
# A motor wants a force, not a button. Let actions be vectors $a \in (-1, 1)^d$, stretched to the range
# of each world. Now $\max_a Q(s, a)$ is no longer a look at $A$
# outputs but an optimisation problem, for every transition of every batch.
#
# The way out is a second network, the **actor** $\pi_\phi(a \mid s)$, trained to give actions that the
# **critic** $Q_\theta(s, a)$ likes. What the critic then learns is $Q^\pi$, the value of following the
# actor, whose policy chases the critic's maximum.

# %% [markdown]
# **The policy of this notebook.** A network gives two numbers for each entry of the action, a mean $\mu$
# and $\log\sigma$. The action is a Gaussian sample, squashed:
#
# $$u = \mu + \sigma\,\varepsilon, \qquad \varepsilon \sim N(0, 1), \qquad a = \tanh(u).$$
#
# The chance is drawn *first* and has no parameters. Given $\varepsilon$, the action is an ordinary
# differentiable function of $\phi$. That is the **reparameterisation trick**, and without it the
# lecture's actor step means nothing: it writes $\nabla_\phi\, Q(s, \pi_\phi(s))$, but a mere draw
# $a \sim \pi_\phi$ has no derivative.


# %% tags=["helper:draw"]
def draw(actor, obs: torch.Tensor, noise: torch.Tensor) -> torch.Tensor:
    """Actions of the policy as a function of its parameters: tanh(mu + sigma noise), (B, d).

    Args:
        actor: network, obs (B, obs_dim) -> mu (B, d), log_std (B, d).
        obs: observations, (B, obs_dim).
        noise: unit normal numbers, (B, d).
    """
    mu, log_std = actor(obs)
    return torch.tanh(mu + log_std.exp() * noise)


# %% tags=["experiment"]
mu, log_std = (torch.tensor(x, requires_grad=True) for x in (-0.4, -1.5))
eps = torch.randn(100_000, generator=torch.Generator().manual_seed(0))
a = torch.tanh(mu + log_std.exp() * eps)  # Q: the two peaks of figure 2
through = torch.autograd.grad(bimodal_q(a).mean(), mu)[0].item()
h = 0.01
two = [bimodal_q(torch.tanh(mu + s * h + log_std.exp() * eps)).mean().item() for s in (1, -1)]
measured = (two[0] - two[1]) / (2 * h)
drawn = torch.normal(mu.expand(8), log_std.exp().expand(8)).detach()
print(f"d/dmu of E[Q]: through the sample {through:.3f}, by two runs with other mu {measured:.3f}")
print("a mere draw carries a gradient:", drawn.requires_grad)

# %% [markdown]
# ## 8.2 The lecture's box, line by line
#
# Its title is *Soft Actor-Critic (no entropy term)*. Without entropy nothing about it is soft: it is close
# to TD3 and to SVG(0), with a stochastic actor. Here is the loop's body, and what it leaves open.
#
# | the box | what we do |
# |---|---|
# | sample $a_t \sim \pi_\phi(\cdot \mid s_t)$, store $(r_t, s_{t+1})$ | store $(s, a, r, s', \text{terminated})$: the batch needs all |
# | $a'_{i+1} \leftarrow \pi_\phi(s_{i+1})$ | a **sample** $a' \sim \pi_\phi(\cdot \mid s')$, with noise of its own |
# | $y_i \leftarrow r_i + \gamma \min_{j} Q_{\theta'_j}(s_{i+1}, a'_{i+1})$ | times $(1 - \text{terminated})$; $y$ carries no gradient |
# | $\theta_j \leftarrow \theta_j - \lambda_Q \nabla \frac1N \sum_i [Q_{\theta_j}(s_i, a_i) - y_i]^2$, $j = 1, 2$ | as it stands; $a_i$ comes from the batch |
# | $\phi \leftarrow \phi + \lambda_\pi \nabla_\phi \frac1N \sum_i Q_{\theta_1}(s_i, \pi_\phi(s_i))$ | through the sample; only critic 1 is asked |
# | $\theta'_j \leftarrow \tau\theta_j + (1 - \tau)\theta'_j$ | $\tau$ is a rate; elsewhere in the lecture it is a trajectory |

# %% [markdown]
# **The pieces you are given.** An update gets three arguments.
#
# - `agent`: `agent.actor(obs)` gives $\mu$ and $\log\sigma$; `agent.critic(obs, a)` and
#   `agent.target(obs, a)` give both critics' values, shape `(2, B)`, so `q1, q2 = agent.critic(obs, a)`;
#   `agent.actor_opt` and `agent.critic_opt` are torch optimisers;
# - `batch`: `obs`, `action`, `reward`, `next_obs`, `terminated` (1.0 or 0.0), and the noise of the two
#   samples, `noise` and `next_noise`;
# - `cfg`: `cfg.gamma`, `cfg.tau` and more.
#
# The noise is in the batch, so an update has no chance of its own. That is why yours, written for *one*
# agent, can run for twenty agents at once.

# %% [markdown] tags=["task:lecture_update"]
# ### Exercise 1 · The lecture's algorithm (5 points)
#
# Write `lecture_update(agent, batch, cfg) -> dict`, one pass through the box, in its order:
#
# 1. targets $y$, with `draw(agent.actor, batch.next_obs, batch.next_noise)`;
# 2. one step of `agent.critic_opt`: the mean squared error of each critic, added;
# 3. one step of `agent.actor_opt`: up the mean of **critic 1** at
#    `draw(agent.actor, batch.obs, batch.noise)`;
# 4. `agent.target` follows: $\theta' \leftarrow \tau\theta + (1 - \tau)\theta'$.
#
# Return a dict with the key `"q"`: the mean of critic 1 in step 3, without gradient.
#
# <details><summary>Hint</summary>
#
# One optimiser step is `opt.zero_grad()`, `loss.backward()`, `opt.step()`. The actor's loss leaves
# gradients in the critics; `zero_grad()` before the next critic step clears them. Step 4:
# `train.soft_update(agent.target, agent.critic, cfg.tau)` is yours from notebook 06.
#
# </details>


# %% tags=["answer:lecture_update"]
def lecture_update(agent, batch, cfg) -> dict:
    """One pass through the lecture's box: critics, actor, target critics.

    Args:
        agent: actor, critic, target and their optimisers; changed in place.
        batch: B transitions with the noise of two samples.
        cfg: gamma, tau.

    Returns:
        {"q": mean of critic 1 at the actor's actions}.
    """
    ### BEGIN SOLUTION
    with torch.no_grad():
        a_next = draw(agent.actor, batch.next_obs, batch.next_noise)
        lower = agent.target(batch.next_obs, a_next).min(dim=0).values
        y = batch.reward + cfg.gamma * (1 - batch.terminated) * lower
    critic_loss = ((agent.critic(batch.obs, batch.action) - y) ** 2).mean(dim=1).sum()
    agent.critic_opt.zero_grad()
    critic_loss.backward()
    agent.critic_opt.step()
    q1, _ = agent.critic(batch.obs, draw(agent.actor, batch.obs, batch.noise))
    agent.actor_opt.zero_grad()
    (-q1.mean()).backward()
    agent.actor_opt.step()
    train.soft_update(agent.target, agent.critic, cfg.tau)
    return {"q": q1.mean().detach()}
    ### END SOLUTION


# %% tags=["test:lecture_update:5"]

# %% [markdown]
# **A small world.** `PointMass1D`: a point on $[-1, 1]$ is pushed by $a$, $x' = x + 0.2\,a$, and pays
# $-(x - 0.3)^2 - 0.01\,a^2$ in each of 25 steps. Then the clock cuts the episode: *truncated*, not
# terminated, so the bootstrap goes on.
#
# `many.sac` trains twenty agents with your update, each with its own seed, side by side: stacked
# parameters, one call. `runs.returns` are returns of the *mean* policy $\tanh\mu$ (no noise), in separate
# episodes.

# %% tags=["helper:with_std"]
SEEDS = range(20)


def with_std(update):
    """The same update; what it reports also has the mean sigma of the policy."""

    def watched(agent, batch, cfg):
        log = update(agent, batch, cfg)
        _, log_std = agent.actor(batch.obs)
        return {**log, "std": log_std.exp().mean().detach()}

    return watched


# %% [markdown] tags=["predict:sigma"]
# **Predict first.** The actor maximises $\mathbb{E}[Q]$, and nothing else. It may choose $\sigma$ freely.
# What happens to $\sigma$ while it learns: does it grow, stay, or vanish? Does the task get solved?
#
# *Your prediction:*

# %% tags=["experiment"]
cfg = train.SACConfig(total_steps=1_200, learning_starts=100, gamma=0.9, tau=0.02, alpha=0.0)
point = "qlib/PointMass1D-v0"
lecture = many.sac(point, cfg, SEEDS, update=with_std(lecture_update), eval_every=100)
print(lecture.note)
title = "Figure 1. It solves the task and stops trying"
fig, axes = plot.panels(1, 2, size=(10.5, 3.8), title=title)
words = {"xlabel": "environment step", "title": "return of the mean policy"}
plot.curves({"lecture": lecture.returns}, lecture.steps, axes[0], ylabel="episode return", **words)
words["title"] = "spread of the policy"
plot.curves({"lecture": lecture.log["std"]}, lecture.steps, axes[1], ylabel="σ", log=True, **words)
fig

# %% [markdown]
# <details><summary>What happens, and why</summary>
#
# The task is solved, and $\sigma$ vanishes: after 1,200 steps its mean over the seeds is below
# 0.05, coming from about 1. It is no accident of training. For a small $\sigma$ around a maximum of $Q$
#
# $$\mathbb{E}[Q(\mu + \sigma\varepsilon)] \approx Q(\mu) + \tfrac12 \sigma^2\, Q''(\mu), \qquad
# Q''(\mu) < 0,$$
#
# so every bit of spread costs. More generally $\mathbb{E}_{a \sim \pi}[Q(s, a)] \le \max_a Q(s, a)$, and a
# policy that attains it puts all its weight on maximisers. (Figure 1 shows $\sigma$ before tanh.)
#
# From then on the agent explores no more: what it has not tried by now it never will. On the
# point mass, with a single hill, that costs nothing. So let us look at two hills.
#
# </details>
# <!-- numbers: 0.05 = max(0.05, lecture.log["std"][:, -1].mean()) -->

# %% [markdown]
# ## 8.3 Two hills, and nobody to blame but the objective
#
# `BimodalBandit`: one state, one step, $Q(a) = 0.6\,e^{-((a + 0.5)/0.2)^2} + e^{-((a - 0.6)/0.2)^2}$. We hand
# the actor this **exact** critic. There is no noise in the rewards, no bootstrapping and no network:
# whatever happens is the doing of the objective $\mathbb{E}[Q] + \alpha\,\mathcal{H}$. For now
# $\alpha = 0$; the second term comes in 8.4.
#
# The policy starts near $a = -0.4$ with $\sigma = 0.135$, on the slope of the lower hill.


# %% tags=["helper:climb"]
def climb(alpha, n_seeds=64, steps=600, batch=64):
    """Climb E[Q] + alpha(k) H: tanh(mu) and sigma of each policy, two arrays (steps + 1, seeds)."""
    chance = torch.Generator().manual_seed(0)
    mu = torch.full((n_seeds, 1), math.atanh(-0.4), requires_grad=True)
    log_std = torch.full((n_seeds, 1), -2.0, requires_grad=True)
    opt, path = torch.optim.Adam([mu, log_std], lr=0.02), []
    for k in range(steps + 1):
        path.append((torch.tanh(mu).detach()[:, 0].numpy(), log_std.exp().detach()[:, 0].numpy()))
        u = mu + log_std.exp() * torch.randn(n_seeds, batch, generator=chance)
        surprise = log_std - 2 * u - 2 * softplus(-2 * u)  # -log pi and a constant: 8.4
        goal = bimodal_q(torch.tanh(u)) + alpha(k) * surprise
        opt.zero_grad()
        (-goal.mean(dim=1).sum()).backward()
        opt.step()
    return tuple(np.array(part) for part in zip(*path, strict=True))


# %% [markdown] tags=["predict:hills"]
# **Predict first.** Of 64 policies with different random numbers, how many end on the higher hill, at
# $a = 0.6$? Its critic is exact and shows both hills.
#
# *Your prediction:*

# %% tags=["experiment"]
greedy_a, greedy_std = climb(lambda k: 0.0)
higher = int((greedy_a[-1] > 0).sum())
print(f"{higher} of 64 on the higher hill; they end at {greedy_a[-1].mean():.2f}", end="")
print(f" with sigma {greedy_std[-1].mean():.3f}, Q = {bimodal_q(greedy_a[-1]).mean():.2f}")
grid = np.linspace(-1, 1, 201)
words = {"xlabel": "action a", "ylabel": "Q(a)", "interval": "none", "note": "exact critic"}
words["title"] = "Figure 2. All climb the hill they stand on"
ax = plot.curves({"Q": bimodal_q(grid)}, grid, **words)
for k, mark in ((0, "o"), (600, "*")):
    ax.plot(greedy_a[k], bimodal_q(greedy_a[k]), mark, color="#D55E00", ms=9 + 6 * (mark == "*"))
ax.annotate("start", (-0.4, bimodal_q(-0.4)), (-0.28, 0.5), color="#A84A00")
ax.annotate("64 ends", (-0.5, 0.6), (-0.62, 0.68), color="#A84A00")
plot.set_alt(ax, "Q has a hill of 0.6 at -0.5 and one of 1.0 at 0.6. All 64 policies start at -0.4 "
             "and end on top of the lower hill.")  # fmt: skip
ax

# %% [markdown]
# <details><summary>What happens, and why</summary>
#
# None: 0 of 64. All end at $-0.50$ with $\sigma$ about 0.01, worth 0.60 instead of 1. A gradient only
# feels what its samples touch, and the samples contract before they reach the other hill. More seeds,
# more steps or better critics do not help.
#
# What would help is a reason to stay wide until the landscape is known.
#
# </details>
# <!-- numbers: 0 = higher; -0.50 = greedy_a[-1].mean(); 0.01 = greedy_std[-1].mean();
# 0.60 = bimodal_q(greedy_a[-1]).mean() -->

# %% [markdown]
# ## 8.4 Entropy
#
# The **entropy** of a policy in a state is its mean surprise,
#
# $$\mathcal{H}(\pi(\cdot \mid s)) = -\,\mathbb{E}_{a \sim \pi}[\log \pi(a \mid s)].$$
#
# **Maximum-entropy RL** pays for it: the reward becomes $r + \alpha\,\mathcal{H}(\pi(\cdot \mid s))$ with a
# **temperature** $\alpha \ge 0$, in units of reward per nat. The objective is
# $J(\pi) = \mathbb{E}_{\tau \sim p^\pi}\big[\sum_t \gamma^t \big(r_t + \alpha\,\mathcal{H}(\pi(\cdot \mid
# s_t))\big)\big]$.
#
# For continuous actions $\pi$ is a density. The entropy can be negative, and $-\infty$ for a
# deterministic policy. So first we need $\log\pi(a \mid s)$ of our squashed Gaussian.

# %% [markdown]
# **The density of a squashed variable.** $u$ has the density $N(u; \mu, \sigma)$. tanh squeezes: an interval
# $du$ becomes $da = (1 - \tanh^2 u)\,du$, and the same probability sits on less room. So
#
# $$\log\pi(a) = \log N(u; \mu, \sigma) - \log(1 - \tanh^2 u).$$
#
# With $d$ entries, each with its own noise, the log densities **add**. With $u = \mu + \sigma\varepsilon$ the
# first term is $-\frac12\varepsilon^2 - \log\sigma - \frac12\log 2\pi$.
#
# **Do not compute $1 - \tanh^2 u$.** In float32 $\tanh(10)$ is 1, and the logarithm of 0 follows.
# Rewritten,
#
# $$\log(1 - \tanh^2 u) = 2\,\big(\log 2 - u - \operatorname{softplus}(-2u)\big), \qquad
# \operatorname{softplus}(x) = \log(1 + e^x).$$

# %% tags=["experiment"]
u = torch.arange(0.0, 31.0)
naive = torch.log(1 - torch.tanh(u) ** 2)
exact = 2 * (math.log(2) - u - softplus(-2 * u))
first_loss = int(u[torch.isinf(naive)][0])
for k in (1, 5, 9, 10, 30):
    print(f"u = {k:2d}: naive {naive[k]:9.4f}   rewritten {exact[k]:9.4f}")
print("first infinite logarithm at u =", first_loss)

# %% [markdown]
# At $u = 9$ the naive form is off by 0.7, and from $u = 10$ on it is minus infinity. One such sample turns
# a whole network into NaN. <!-- numbers: 0.7 = naive[9] - exact[9]; 10 = first_loss -->

# %% [markdown] tags=["task:sample_tanh_gaussian"]
# ### Exercise 2 · Sample and log density (9 points)
#
# Write `sample_tanh_gaussian(mu, log_std, noise) -> (a, logp)` for torch tensors, all three of shape
# `(B, d)`.
#
# - $u = \mu + e^{\text{log\_std}} \cdot \text{noise}$ and $a = \tanh(u)$, shape `(B, d)`;
# - `logp` is $\log\pi(a)$, shape `(B,)`: the entries of one action add.
# - It is finite and right up to $|u| = 30$ in float32, and gradients flow to `mu` and `log_std`, through
#   `a` and through `logp`.
#
# With `mu = log_std = 0`: noise 0 gives $a = 0$, $\log\pi = -0.9189$; noise 1 gives $a = 0.7616$,
# $\log\pi = -0.5513$.
#
# <details><summary>Hint</summary>
#
# Write the Gaussian's log density with the noise: the quadratic term is $-\frac12\varepsilon^2$. Subtract the
# correction in its rewritten form, then sum over the last axis. Detach nothing.
#
# </details>


# %% tags=["answer:sample_tanh_gaussian"]
def sample_tanh_gaussian(
    mu: torch.Tensor, log_std: torch.Tensor, noise: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """A squashed Gaussian sample and its log density.

    Args:
        mu: means before tanh, (B, d).
        log_std: logarithms of the standard deviations before tanh, (B, d).
        noise: unit normal numbers, (B, d).

    Returns:
        (a, logp): actions in (-1, 1), (B, d), and log pi(a), (B,).
    """
    ### BEGIN SOLUTION
    u = mu + log_std.exp() * noise
    gaussian = -0.5 * noise**2 - log_std - 0.5 * math.log(2 * math.pi)
    squeeze = 2 * (math.log(2) - u - softplus(-2 * u))
    return torch.tanh(u), (gaussian - squeeze).sum(dim=-1)
    ### END SOLUTION


# %% tags=["test:sample_tanh_gaussian:9"]

# %% [markdown] tags=["predict:area"]
# **Predict first.** A density on $(-1, 1)$ has area 1. Leave the correction out and use $N(u; \mu, \sigma)$ at
# $a = \tanh u$: is the area above or below 1? And with the wrong sign?
#
# *Your prediction:*

# %% tags=["experiment"]
a = torch.linspace(-0.99999, 0.99999, 20_001)[:, None]
mu, log_std = torch.full_like(a, 0.3), torch.full_like(a, -0.2)
_, logp = sample_tanh_gaussian(mu, log_std, (torch.atanh(a) - mu) / log_std.exp())
slope = torch.log1p(-(a[:, 0] ** 2))
forms = {"right": logp, "no correction": logp + slope, "wrong sign": logp + 2 * slope}
area = {name: float(torch.trapezoid(x.exp(), a[:, 0])) for name, x in forms.items()}
print({name: round(x, 3) for name, x in area.items()})
lines = {name: x.exp().detach().numpy()[::100] for name, x in forms.items()}
words = {"xlabel": "action a", "ylabel": "density", "interval": "none"}
words |= {"note": "μ = 0.3, log σ = −0.2", "title": "Figure 3. Only one of them is a density"}
ax = plot.curves(lines, a[::100, 0].numpy(), **words)
noise = torch.randn(a.shape, generator=torch.Generator().manual_seed(1))
draws, _ = sample_tanh_gaussian(mu, log_std, noise)
ax.hist(draws[:, 0].numpy(), bins=40, density=True, color="#E69F00", alpha=0.35, zorder=0)
ax

# %% [markdown]
# <details><summary>What happens, and why</summary>
#
# The bars are samples; only the corrected curve follows them, with area 1.000. Without the correction the area is
# 0.654, with the wrong sign 0.513: mass is missing where tanh squeezes, near the walls.
#
# The missing term is not a constant. It rewards the actor for pushing $u$ far out, where the wrong
# formula sees more and more entropy and in truth there is less and less.
#
# </details>
# <!-- numbers: 1.000 = area["right"]; 0.654 = area["no correction"]; 0.513 = area["wrong sign"] -->

# %% tags=["experiment"]
sigma = np.geomspace(0.05, 8, 500)
eps = torch.linspace(-8, 8, 4001, dtype=torch.float64)[:, None]
weight = torch.exp(-(eps[:, 0] ** 2) / 2) / math.sqrt(2 * math.pi) * (16 / 4000)


def entropy(s: float) -> float:  # of tanh(s noise), by quadrature over the noise
    _, logp = sample_tanh_gaussian(0 * eps, torch.full_like(eps, math.log(s)), eps)
    return float(-(weight * logp).sum())


true = np.array([entropy(s) for s in sigma])
seen = np.log(sigma) + 0.5 * math.log(2 * math.pi * math.e)
best = sigma[true.argmax()]
print(f"largest {true.max():.4f} at sigma = {best:.2f}; log 2 = {math.log(2):.4f}")
print(f"sigma 0.1: {entropy(0.1):.3f}, 2: {entropy(2.0):.3f}")

# %% tags=["experiment"]
lines = {"true": true, "uncorrected": seen, "uniform": np.full(500, math.log(2))}
words = {"xlabel": "σ before tanh", "ylabel": "entropy, nats", "interval": "none"}
words |= {"note": "μ = 0, one entry", "title": "Figure 4. No policy on (−1, 1) beats log 2"}
ax = plot.curves(lines, sigma, **words)
ax.set_xscale("log")
plot.set_alt(ax, "The true entropy peaks at 0.68 near sigma 0.87, below log 2, and falls on both "
             "sides; without the correction it grows without bound.")  # fmt: skip
ax

# %% [markdown]
# On $(-1, 1)$ the uniform density has the largest entropy, $\log 2 = 0.6931$ nats an entry. A squashed
# Gaussian comes close, 0.6836 near $\sigma = 0.87$; $\sigma = 0.1$ gives $-0.894$, $\sigma = 2$ gives $-0.001$,
# since its mass piles up at the walls. An "entropy" above $d \log 2$ in your logs is a bug, and you
# have just seen which one.
# <!-- numbers: 0.6931 = math.log(2); 0.6836 = true.max(); 0.87 = 0.87 + 0 * best; -0.894 = entropy(0.1);
# -0.001 = entropy(2.0) -->

# %% [markdown]
# **Back to the two hills**, now with a bonus: $\alpha$ falls from 0.3 to 0 over the first 500 steps, and the
# policy may be wide while it looks around.

# %% tags=["experiment"]
plans = {"α = 0": lambda k: 0.0, "α = 0.1": lambda k: 0.1, "α = 0.3": lambda k: 0.3}
plans["0.3 → 0"] = lambda k: 0.3 * max(0.0, 1 - k / 500)
ends = {name: climb(plan) for name, plan in plans.items()}
share = {name: (a[-1] > 0).mean() for name, (a, _) in ends.items()}
for name, (a, std) in ends.items():
    print(f"{name:8s} on the right {share[name]:4.0%}, at {a[-1].mean():+.2f}", end="")
    print(f" with sigma {std[-1].mean():.3f}")
fig, axes = plot.panels(1, 2, size=(10.5, 3.8), title="Figure 5. Wide first, then narrow")
words = {"xlabel": "gradient step", "interval": "none", "note": "mean of 64 policies"}
plot.curves({n: a.mean(1) for n, (a, _) in ends.items()}, None, axes[0], ylabel="tanh μ", **words)
plot.curves(
    {n: s.mean(1) for n, (_, s) in ends.items()}, None, axes[1], ylabel="σ", log=True, **words
)
fig

# %% [markdown]
# With the falling temperature 100 % of the policies end on the higher hill, at $0.60$. A constant
# $\alpha = 0.1$ is too little: 0 % get across. A constant 0.3 gets across but settles at $0.25$, between the
# hills, with $\sigma = 0.72$: it never commits.
#
# So entropy is no magic. *How much* decides, in comparison with the differences in $Q$, and a good
# schedule helps. 8.7 makes the schedule itself.
# <!-- numbers: 100 = 100 * share["0.3 → 0"]; 0.60 = ends["0.3 → 0"][0][-1].mean(); 0 = 100 * share["α = 0.1"];
# 0.25 = ends["α = 0.3"][0][-1].mean(); 0.72 = ends["α = 0.3"][1][-1].mean() -->

# %% [markdown]
# ## 8.5 Soft Bellman equations, on a table first
#
# With finitely many actions all of this has a closed form. Given $Q(s, \cdot)$, which $\pi$ maximises
# $\sum_a \pi(a)\,Q(s, a) + \alpha\,\mathcal{H}(\pi)$? A Lagrange multiplier for $\sum_a \pi(a) = 1$ gives
# $Q(s, a) - \alpha \log\pi(a) - \alpha = \lambda$: the sum $Q - \alpha \log \pi$ is the **same for all
# actions**. Hence
#
# $$\pi(a \mid s) = \frac{e^{Q(s, a)/\alpha}}{\sum_b e^{Q(s, b)/\alpha}},$$
#
# and what it attains is
#
# $$V(s) = \alpha \log \sum_a e^{Q(s, a)/\alpha}.$$
#
# The maximum has become a **soft maximum**, the greedy policy a softmax. And the soft Bellman equation
# is the old one with this $V$:
# $Q^{\text{soft}}(s, a) = r(s, a) + \gamma\, \mathbb{E}_{s'}[V^{\text{soft}}(s')]$.

# %% [markdown] tags=["task:soft_v"]
# ### Exercise 3a · The soft value (3 points)
#
# Write `soft_v(Q, alpha)`, NumPy, shape `(S,)`: $V(s) = \alpha \log \sum_a e^{Q(s,a)/\alpha}$ for `Q` of shape
# `(S, A)` and `alpha` above 0.
#
# It must survive $Q = 10^4$ with $\alpha = 10^{-3}$: $e^{10^7}$ overflows. With $Q = [[0, 0]]$ and
# $\alpha = 1$ it is $\log 2 = 0.6931$.
#
# <details><summary>Hint</summary>
#
# $\alpha \log \sum_a e^{Q_a/\alpha} = m + \alpha \log \sum_a e^{(Q_a - m)/\alpha}$ for any $m$. With
# $m = \max_a Q_a$ the largest exponent is 0.
#
# </details>


# %% tags=["answer:soft_v"]
def soft_v(Q: np.ndarray, alpha: float) -> np.ndarray:
    """alpha log sum_a exp(Q(s, a) / alpha).

    Args:
        Q: action values, (S, A).
        alpha: temperature, above 0.

    Returns:
        Soft values, (S,).
    """
    ### BEGIN SOLUTION
    top = Q.max(axis=1)
    return top + alpha * np.log(np.exp((Q - top[:, None]) / alpha).sum(axis=1))
    ### END SOLUTION


# %% tags=["test:soft_v:3"]

# %% [markdown] tags=["task:soft_pi"]
# ### Exercise 3b · The soft policy (2 points)
#
# Write `soft_pi(Q, alpha)`, shape `(S, A)`: row by row the probabilities proportional to $e^{Q(s,a)/\alpha}$.
# Again without overflow.
#
# <details><summary>Hint</summary>
#
# $\pi(a \mid s) = e^{(Q(s, a) - V(s))/\alpha}$ with the soft value.
#
# </details>


# %% tags=["answer:soft_pi"]
def soft_pi(Q: np.ndarray, alpha: float) -> np.ndarray:
    """Probabilities proportional to exp(Q(s, a) / alpha).

    Args:
        Q: action values, (S, A).
        alpha: temperature, above 0.

    Returns:
        pi[s, a], (S, A), each row sums to 1.
    """
    ### BEGIN SOLUTION
    return np.exp((Q - soft_v(Q, alpha)[:, None]) / alpha)
    ### END SOLUTION


# %% tags=["test:soft_pi:2"]

# %% [markdown] tags=["task:soft_q_iteration"]
# ### Exercise 3c · Soft Q-iteration (3 points)
#
# Write `soft_q_iteration(mdp, alpha, n)`, shape `(S, A)`: start at $Q_0 = 0$ and apply $n$ times
#
# $$Q_{k+1}(s, a) = R(s, a) + \gamma \sum_{s'} P(s' \mid s, a)\, V_k(s'),$$
#
# with $V_k(s') = \alpha \log \sum_{b} e^{Q_k(s', b)/\alpha}$, **and $V_k(s') = 0$ where $s'$ is terminal**:
# after the end nobody acts, so there is no entropy either. `mdp.P`, `mdp.R`, `mdp.gamma`,
# `mdp.terminal` are arrays as in notebook 01.
#
# <details><summary>Hint</summary>
#
# Your `soft_v`, then `np.where(mdp.terminal, 0.0, V)`, then `mdp.P @ V`.
#
# </details>


# %% tags=["answer:soft_q_iteration"]
def soft_q_iteration(mdp, alpha: float, n: int) -> np.ndarray:
    """n soft backups from Q = 0; terminal states are worth 0.

    Args:
        mdp: P (S, A, S), R (S, A), gamma, terminal (S,).
        alpha: temperature, above 0.
        n: number of sweeps, 0 or more.

    Returns:
        Q_n, (S, A).
    """
    ### BEGIN SOLUTION
    Q = np.zeros(mdp.R.shape)
    for _ in range(n):
        V = np.where(mdp.terminal, 0.0, soft_v(Q, alpha))
        Q = mdp.R + mdp.gamma * mdp.P @ V
    return Q
    ### END SOLUTION


# %% tags=["test:soft_q_iteration:3"]

# %% [markdown]
# **How far from $Q^*$?** $0 \le \mathcal{H} \le \log A$, so a soft backup adds at most $\gamma\alpha\log A$, and
# the errors add up like a geometric series:
#
# $$0 \;\le\; Q^{\text{soft}}(s, a) - Q^*(s, a) \;\le\; \frac{\gamma\,\alpha \log A}{1 - \gamma}.$$
#
# The soft backup is a contraction with factor $\gamma$, like the hard one, so $Q_n$ converges.

# %% [markdown] tags=["predict:leave"]
# **Predict first.** On the $3 \times 4$ grid of notebook 01 (exits $+1$ and $-1$, $\gamma = 0.9$, no other
# reward) four actions are worth up to $\log 4 = 1.39$ nats in each step. Does an agent with
# $\alpha = 0.01$ still go for the exit? With $\alpha = 0.1$? With 0.5?
#
# *Your prediction:*

# %% tags=["experiment"]
grid = envs.gridworld34(gamma=0.9)
star = solve.policy_iteration(grid).Q
alphas, live = (0.01, 0.1, 0.5), ~grid.terminal
soft = {alpha: soft_q_iteration(grid, alpha, 400) for alpha in alphas}
most = {}
for alpha, Q in soft.items():
    gap, bound = (Q - star)[live], grid.gamma * alpha * math.log(4) / (1 - grid.gamma)
    most[alpha] = gap.max() / bound
    print(f"alpha {alpha:4g}: gap up to {gap.max():.4f}, {most[alpha]:.0%} of the bound")

# %% tags=["experiment"]
pi = {alpha: soft_pi(Q, alpha) for alpha, Q in soft.items()}
title = "Figure 6. Soft values: the temperature is a price"
fig, axes = plot.panels(1, 3, size=(11.5, 3.6), title=title)
exits = {}
for ax, alpha in zip(axes, alphas, strict=True):
    V = np.where(grid.terminal, 0.0, soft_v(soft[alpha], alpha))
    plot.values(V, plot.GRID34, ax=ax, title=f"V, α = {alpha:g}")
    occupied = grid.rho0.copy()
    for _ in range(50):
        occupied = np.einsum("s,sa,sat->t", occupied, pi[alpha], grid.P)
    exits[alpha] = occupied[grid.terminal].sum()
print("have left after 50 steps:", *(f"{p:.0%} (α = {k:g})" for k, p in exits.items()))
fig

# %% [markdown]
# <details><summary>What happens, and why</summary>
#
# With $\alpha = 0.01$ the soft values are the old ones, nearly, and everybody has left after 50
# steps. With 0.1 the start is worth 1.33, more than the exit pays: staying in the game earns entropy
# for ever, leaving earns 1 and ends it. Only 24 % have left; with 0.5 it is 9 %, by accident.
#
# The temperature is a **price**: it says how much reward a nat is worth. Ten times the rewards with the same
# $\alpha$ is another problem. And $\alpha \log A\,/(1 - \gamma)$, here $13.9\,\alpha$, is what life alone
# is worth: compare it with the reward for finishing.
#
# </details>
# <!-- numbers: 50 = 50 if exits[0.01] > 0.99 else 0; 1.33 = soft_v(soft[0.1], 0.1)[7]; 24 = 100 * exits[0.1];
# 9 = 100 * exits[0.5]; 13.9 = math.log(4) / (1 - grid.gamma) -->

# %% [markdown]
# ## 8.6 Soft actor-critic
#
# Continuous actions have no $\sum_a$. But the same identities hold as expectations over samples, and every
# line of the lecture's box has a soft version:
#
# | | lecture | SAC |
# |---|---|---|
# | target | $y = r + \gamma\, \min_j Q_{\theta'_j}(s', a')$ | $y = r + \gamma (1 - \text{term}) \big[\min_j Q_{\theta'_j}(s', a') - \alpha \log\pi_\phi(a' \mid s')\big]$ |
# | actor, minimise | $-Q_{\theta_1}(s, a)$ | $\alpha \log\pi_\phi(a \mid s) - \min_j Q_{\theta_j}(s, a)$ |
# | temperature | none | $\alpha$ fixed, or learned (8.7) |
#
# $-\alpha\log\pi(a' \mid s')$ is the entropy bonus of the *next* state, from one sample. It belongs inside
# the mask: after the end nobody acts. The bonus of $s$ itself is not in $Q(s, a)$, because $a$ is given.

# %% [markdown] tags=["task:critic_target"]
# ### Exercise 4 · The critics' target (7 points)
#
# Write `critic_target(r, term, q1n, q2n, logp_n, gamma, alpha)`, shape `(B,)`:
#
# $$y = r + \gamma\,(1 - \text{term})\,\big[\min(q_1, q_2) - \alpha \log\pi(a' \mid s')\big].$$
#
# All but `gamma` and `alpha` are torch tensors of shape `(B,)`: rewards, `term` (1.0 or 0.0), the target
# critics at $(s', a')$, and $\log\pi(a' \mid s')$. With `alpha = 0` it is the lecture's target.
#
# The result carries **no gradient**, whatever the arguments carry.
#
# With `r = [1]`, `gamma = 0.9`, `q1n = [2]`, `q2n = [3]`, `logp_n = [-1]`, `alpha = 0.1` it is 2.89; terminated,
# it is 1.
#
# <details><summary>Hint</summary>
#
# `torch.minimum` takes two tensors entry by entry. `with torch.no_grad():` around the formula.
#
# </details>


# %% tags=["answer:critic_target"]
def critic_target(
    r: torch.Tensor,
    term: torch.Tensor,
    q1n: torch.Tensor,
    q2n: torch.Tensor,
    logp_n: torch.Tensor,
    gamma: float,
    alpha: float,
) -> torch.Tensor:
    """r + gamma (1 - term) [min(q1n, q2n) - alpha logp_n], without gradient.

    Args:
        r: rewards, (B,).
        term: 1.0 where the step ended the episode, else 0.0, (B,).
        q1n: first target critic at the next state and a new action, (B,).
        q2n: second target critic, (B,).
        logp_n: log density of that action, (B,).
        gamma: discount in [0, 1).
        alpha: temperature, 0 or more.

    Returns:
        The targets, (B,).
    """
    ### BEGIN SOLUTION
    with torch.no_grad():
        return r + gamma * (1 - term) * (torch.minimum(q1n, q2n) - alpha * logp_n)
    ### END SOLUTION


# %% tags=["test:critic_target:7"]

# %% [markdown] tags=["task:actor_loss"]
# ### Exercise 5 · The actor's loss (5 points)
#
# Write `actor_loss(logp, q1, q2, alpha)`, one number: the mean over the batch of
#
# $$\alpha \log\pi(a \mid s) - \min\big(q_1, q_2\big),$$
#
# for tensors of shape `(B,)`. Its gradient flows into `logp`, `q1` and `q2`: that is the way to the actor.
# With `logp = [-1]`, `q1 = q2 = [2]` and `alpha = 0.1` it is $-2.1$.
#
# *Where it comes from:* among all $\pi$, the one closest to $e^{Q/\alpha}/Z$ in the Kullback-Leibler divergence
# minimises $\mathbb{E}_\pi[\log\pi - Q/\alpha]$: the softmax of 8.5, without the sum.
#
# <details><summary>Hint</summary>
#
# One line. The lecture uses critic 1 only; here the smaller of both counts, sample by sample.
#
# </details>


# %% tags=["answer:actor_loss"]
def actor_loss(
    logp: torch.Tensor, q1: torch.Tensor, q2: torch.Tensor, alpha: float
) -> torch.Tensor:
    """Mean of alpha logp - min(q1, q2).

    Args:
        logp: log density of the actor's samples, (B,).
        q1: first critic at the samples, (B,).
        q2: second critic, (B,).
        alpha: temperature, 0 or more.

    Returns:
        The loss, one number with a gradient.
    """
    ### BEGIN SOLUTION
    return (alpha * logp - torch.minimum(q1, q2)).mean()
    ### END SOLUTION


# %% tags=["test:actor_loss:5"]

# %% [markdown] tags=["task:sac_update"]
# ### Exercise 6 · Soft actor-critic (13 points)
#
# Write `sac_update(agent, batch, cfg) -> dict`: exercise 1 with entropy.
#
# 1. critics: `critic_target` with a sample at `batch.next_obs` (`batch.next_noise`) and its `logp`;
# 2. actor: `actor_loss` with a sample at `batch.obs` (`batch.noise`) and both critics;
# 3. the target critics follow.
#
# The temperature is `agent.alpha`, not `cfg.alpha`: from 8.7 on it changes. Return a dict with the key
# `"entropy"`: $-\frac1N\sum \log\pi$ of the actor's sample, without gradient.
#
# 10 of the 13 points are for learning: your update trains on a point mass with a new goal. Two of three
# runs of 1,000 steps must return at least $-2.5$ with $\sigma$ between 0.15 and 0.9; with $\alpha = 0$
# the policy must collapse, below 0.08.
#
# <details><summary>Hint</summary>
#
# `mu, log_std = agent.actor(obs)`, then `sample_tanh_gaussian`. Keep the order: clear, backward, step.
#
# </details>


# %% tags=["answer:sac_update"]
def sac_update(agent, batch, cfg) -> dict:
    """One update of soft actor-critic: critics, actor, target critics.

    Args:
        agent: actor, critic, target, their optimisers, alpha; changed in place.
        batch: B transitions with the noise of two samples.
        cfg: gamma, tau.

    Returns:
        {"entropy": estimate of the policy's entropy at the batch's states}.
    """
    ### BEGIN SOLUTION
    a_next, logp_next = sample_tanh_gaussian(*agent.actor(batch.next_obs), batch.next_noise)
    q1n, q2n = agent.target(batch.next_obs, a_next)
    r, term = batch.reward, batch.terminated
    y = critic_target(r, term, q1n, q2n, logp_next, cfg.gamma, agent.alpha)
    critic_loss = ((agent.critic(batch.obs, batch.action) - y) ** 2).mean(dim=1).sum()
    agent.critic_opt.zero_grad()
    critic_loss.backward()
    agent.critic_opt.step()
    a, logp = sample_tanh_gaussian(*agent.actor(batch.obs), batch.noise)
    policy_loss = actor_loss(logp, *agent.critic(batch.obs, a), agent.alpha)
    agent.actor_opt.zero_grad()
    policy_loss.backward()
    agent.actor_opt.step()
    train.soft_update(agent.target, agent.critic, cfg.tau)
    return {"entropy": -logp.mean().detach()}
    ### END SOLUTION


# %% tags=["test:sac_update:13"]

# %% tags=["experiment"]
cfg = replace(cfg, alpha=0.02)
sac = many.sac(point, cfg, SEEDS, update=with_std(sac_update), eval_every=100)
print(sac.note)
fig, axes = plot.panels(1, 2, size=(10.5, 3.8), title="Figure 7. Entropy keeps the policy open")
both = {"lecture": lecture, "SAC, α = 0.02": sac}
words = {"xlabel": "environment step", "title": "return of the mean policy"}
x = {name: run.steps for name, run in both.items()}
lines = {name: run.returns for name, run in both.items()}
plot.curves(lines, x, axes[0], ylabel="episode return", **words)
words["title"] = "spread of the policy"
lines = {name: run.log["std"] for name, run in both.items()}
plot.curves(lines, x, axes[1], ylabel="σ", log=True, **words)
fig

# %% [markdown]
# **Read the figure.** Both bring the point to its goal; SAC is somewhat quicker and steadier, since it goes on
# trying actions. With $\alpha = 0.02$ the policy keeps a $\sigma$ above 0.2, seed for seed; the lecture's ends
# below 0.05. So the return hardly shows the collapse, the spread does.
#
# "Solved" is no proof of a right implementation either. Next: the same update with a wrong $\log\pi$.
# <!-- numbers: 0.2 = min(0.2, sac.log["std"][:, -1].min());
# 0.05 = max(0.05, lecture.log["std"][:, -1].mean()) -->

# %% [markdown] tags=["predict:uncorrected"]
# **Predict first.** We leave out the correction for tanh. What do you expect of the return, of $\sigma$ and of the
# "entropy" in the log?
#
# *Your prediction:*


# %% tags=["helper:uncorrected"]
def uncorrected(mu: torch.Tensor, log_std: torch.Tensor, noise: torch.Tensor) -> tuple:
    """Wrong on purpose: the action, and the log density of u in place of that of a."""
    gaussian = -0.5 * noise**2 - log_std - 0.5 * math.log(2 * math.pi)
    return torch.tanh(mu + log_std.exp() * noise), gaussian.sum(dim=-1)


# %% tags=["experiment"]
right = sample_tanh_gaussian
try:
    sample_tanh_gaussian = uncorrected  # what sac_update calls now
    wrong = many.sac(point, cfg, range(8), update=with_std(sac_update), eval_every=100)
finally:
    sample_tanh_gaussian = right
for name, run in {"right": sac, "uncorrected": wrong}.items():
    r, std, H = (x[:, -1].mean() for x in (run.returns, run.log["std"], run.log["entropy"]))
    print(f"{name:12s} return {r:.2f}, sigma {std:.2f}, reported entropy {H:+.2f}")

# %% [markdown]
# <details><summary>What happens, and why</summary>
#
# The return gives little away: $-0.6$ is no alarm, after $-6$ at the start. But $\sigma$ is above 1 and the
# reported entropy above $\log 2 = 0.69$, which is impossible (figure 4). The actor is paid for pushing $u$ into
# the walls of tanh; what it *does* is bang-bang.
#
# Two habits follow. Log $\sigma$ and the entropy beside the return. And test the formula on its own: the
# hidden checks of exercise 2 integrate your density.
#
# </details>
# <!-- numbers: -0.6 = wrong.returns[:, -1].mean(); -6 = wrong.returns[:, 0].mean();
# 1 = min(1, wrong.log["std"][:, -1].mean()); 0.69 = math.log(2) -->

# %% [markdown]
# ## 8.7 The temperature
#
# How large should $\alpha$ be? We try a range on the point mass, 8 seeds each.

# %% tags=["experiment"]
sweep = {}
for alpha in (0.0, 0.005, 0.1, 1.0):
    one = replace(cfg, total_steps=800, alpha=alpha)
    sweep[alpha] = many.sac(point, one, range(8), update=with_std(sac_update), eval_every=400)
print("alpha   return (mean, worst seed)   sigma   entropy")
for alpha, run in sweep.items():
    last, log = run.returns[:, -1], run.log
    print(
        f"{alpha:5g} {last.mean():8.2f} {last.min():8.2f} {log['std'][:, -1].mean():18.3f}", end=""
    )
    print(f" {log['entropy'][:, -1].mean():8.2f}")

# %% [markdown]
# Between 0.005 and 0.1, a factor of twenty, the return hardly changes. With 1 it is $-1.2$: the actor is paid
# more for noise than for the goal. With 0 the policy collapses. What is right depends on the scale of the
# rewards: $\alpha$ is a price (8.5), and nobody knows the right price before.
# <!-- numbers: -1.2 = sweep[1.0].returns[:, -1].mean(); 0 = 0 if sweep[0.0].log["std"][:, -1].max() < 0.1 else 9 -->

# %% [markdown]
# **Set the amount instead of the price.** Ask for a *target entropy* $\bar{\mathcal{H}}$, and let
# $\alpha$ find itself: maximise the return subject to $\mathcal{H} \ge \bar{\mathcal{H}}$. $\alpha$ is the
# multiplier of that constraint. It should rise while the entropy is too low, fall while it is too high:
#
# $$\min_\alpha\; \mathbb{E}\big[-\alpha\,(\log\pi(a \mid s) + \bar{\mathcal{H}})\big].$$
#
# The customary target is $\bar{\mathcal{H}} = -d$, an entropy of $-1$ nat an entry: a $\sigma$ near 0.1.

# %% [markdown] tags=["task:temperature_loss"]
# ### Exercise 7 · Learn the temperature (3 points)
#
# Write `temperature_loss(log_alpha, logp, target_entropy)`, one number: the mean over the batch of
#
# $$-\,e^{\text{log\_alpha}}\,\big(\log\pi + \bar{\mathcal{H}}\big).$$
#
# `log_alpha` is a tensor with one number; training its logarithm keeps $\alpha$ positive. `logp` has the shape
# `(B,)`, or is one number. The gradient flows into `log_alpha` **only**: the policy must not be moved to make the
# temperature's life easier.
#
# With `log_alpha = 0`, `logp = [-1, -3]` and target $-1$ it is 3.
#
# <details><summary>Hint</summary>
#
# `logp.detach()`.
#
# </details>


# %% tags=["answer:temperature_loss"]
def temperature_loss(
    log_alpha: torch.Tensor, logp: torch.Tensor, target_entropy: float
) -> torch.Tensor:
    """Mean of -alpha (logp + target_entropy); only log_alpha gets a gradient.

    Args:
        log_alpha: logarithm of the temperature, 0-dim.
        logp: log density of the policy's samples, (B,) or 0-dim.
        target_entropy: the entropy to aim at, in nats.

    Returns:
        The loss, one number.
    """
    ### BEGIN SOLUTION
    return -(log_alpha.exp() * (logp.detach() + target_entropy)).mean()
    ### END SOLUTION


# %% tags=["test:temperature_loss:3"]


# %% tags=["helper:auto_update"]
def auto_update(agent, batch, cfg):
    """sac_update, then one step of the temperature."""
    log = sac_update(agent, batch, cfg)
    loss = temperature_loss(agent.log_alpha, -log["entropy"], agent.target_entropy)
    agent.alpha_opt.zero_grad()
    loss.backward()
    agent.alpha_opt.step()
    return {**log, "alpha": agent.alpha}


# %% [markdown] tags=["predict:auto"]
# **Predict first.** $\alpha$ starts at 0.02 and at 0.5, the target is $-1$ nat. Where do $\alpha$ and the
# entropy go, and which comes first?
#
# *Your prediction:*

# %% tags=["experiment"]
auto = {}
for alpha in (0.02, 0.5):
    learned = replace(cfg, alpha=alpha, auto_alpha=True, alpha_learning_rate=3e-3)
    name, update = f"from {alpha:g}", with_std(auto_update)
    auto[name] = many.sac(point, learned, range(8), update=update, eval_every=100)
fig, axes = plot.panels(1, 2, size=(10.5, 3.8), title="Figure 8. The temperature finds itself")
x = {name: run.steps for name, run in auto.items()}
words = {"xlabel": "environment step", "log": True, "title": "temperature"}
plot.curves({n: run.log["alpha"] for n, run in auto.items()}, x, axes[0], ylabel="α", **words)
words = {"xlabel": "environment step", "title": "entropy; the target is −1"}
lines = {n: run.log["entropy"] for n, run in auto.items()}
plot.curves(lines, x, axes[1], ylabel="entropy, nats", **words)
fig

# %% [markdown]
# <details><summary>What happens, and why</summary>
#
# From 0.02 the entropy comes down to its target within 500 steps. There $\alpha$ levels off; then it sinks
# on, below 0.01, because the critic becomes sure, its peaks are worth more, and the same entropy costs less.
# That is the schedule which we had to invent for figure 5.
#
# From 0.5 everything moves the right way, but slowly: after 1,200 steps the entropy is still above 0. While
# $\alpha$ is large, the critic mostly learns about entropy. So start low; a target that is reached from below
# costs little.
#
# </details>
# <!-- numbers: 500 = 500 if auto["from 0.02"].log["entropy"][:, 4].mean() < -0.9 else 0;
# 0.01 = max(0.01, auto["from 0.02"].log["alpha"][:, -1].mean());
# 0 = 0 if auto["from 0.5"].log["entropy"][:, -1].mean() > 0 else 9 -->

# %% [markdown]
# ## 8.8 Swing-up
#
# `Pendulum-v1` from gymnasium: a rod hangs from a motor too weak to lift it at once. It sees
# $(\cos\theta, \sin\theta, \dot\theta)$, pushes with a torque in $[-2, 2]$, and pays
# $-(\theta^2 + 0.1\,\dot\theta^2 + 0.001\,\text{torque}^2)$ in each of 200 steps: up to 16 a step while it hangs, nothing
# while it stands. Again only the clock ends an episode.
#
# The rewards are far larger than on the point mass, and so is a sensible $\alpha$: we take 0.2.

# %% [markdown] tags=["predict:pendulum"]
# **Predict first.** Ten seeds of your SAC ($\alpha = 0.2$) and ten of your `lecture_update`, same settings,
# 5,000 steps (25 episodes). Does the lecture's version fail? Who is quicker?
#
# *Your prediction:*

# %% tags=["experiment"]
cfg = train.SACConfig(total_steps=5_000, gamma=0.98, hidden=(64, 64), batch_size=128, train_every=2)
cfg = replace(cfg, learning_rate=2e-3, actor_learning_rate=1e-3, learning_starts=500, alpha=0.2)
swing = {}
for name, update in {"SAC": sac_update, "lecture": lecture_update}.items():
    swing[name] = many.sac(
        "Pendulum-v1", cfg, range(10), update=with_std(update), eval_every=500, eval_episodes=5
    )
x = {name: run.steps for name, run in swing.items()}
lines = {name: run.returns for name, run in swing.items()}
words = {"xlabel": "environment step", "ylabel": "return of the mean policy"}
plot.curves(lines, x, title="Figure 9. Your SAC and your lecture's version on Pendulum", **words)

# %% tags=["experiment"]
hit = {}
for name, run in swing.items():
    good = run.returns >= -300  # [seed, point]
    hit[name] = np.where(good.any(axis=1), run.steps[good.argmax(axis=1)], 9_999)
    print(f"{name:8s} first at -300 after (median) {np.median(hit[name]):.0f} steps;", end=" ")
    last = run.returns[:, -1]
    print(f"at the end median {np.median(last):.0f}, worst seed {last.min():.0f},", end=" ")
    print(f"sigma {run.log['std'][:, -1].mean():.3f}")

# %% [markdown]
# <details><summary>What happens, and why</summary>
#
# The lecture's version does *not* fail. The median seed of either first reaches $-300$ within 4,000 steps;
# at the end both medians are above $-250$, and their intervals overlap. One hill again: a deterministic policy is fine
# once it has been found, and 500 random steps at the start find it.
#
# What differs is the policy: $\sigma$ is below 0.01 without entropy (the actor's network stops at $e^{-5}$), above 0.3
# with it. Entropy is insurance: it costs little here, and 8.3 shows what it is against. In either version single seeds
# may still be worse when training stops: look at seeds, not at one curve.
#
# </details>
# <!-- numbers: -300 = -300 if max(np.median(h) for h in hit.values()) <= 4000 else 0;
# -250 = -250 if min(np.median(run.returns[:, -1]) for run in swing.values()) > -250 else 0;
# 500 = cfg.learning_starts; 0.01 = max(0.01, swing["lecture"].log["std"][:, -1].mean());
# 0.3 = min(0.3, swing["SAC"].log["std"][:, -1].mean()) -->

# %% tags=["experiment"]
actor = swing["SAC"].net(0)


def torque(obs: np.ndarray) -> np.ndarray:
    """The mean action of the trained actor, stretched to [-2, 2]."""
    with torch.no_grad():
        mu, _ = actor(torch.as_tensor(obs, dtype=torch.float32)[None])
    return 2 * torch.tanh(mu)[0].numpy()


watch("Pendulum-v1", torque, seed=3, frames=60, title="Figure 10. Your first seed swings up")

# %% [markdown]
# ## 8.9 Further: robots
#
# MuJoCo's robots come as an extra of gymnasium (`pip install "gymnasium[mujoco]"`). Your update needs no
# change; the temperature is learned. `InvertedPendulum-v5`: balance a pole on a cart, 1 for every step, at
# most 1,000; falling *terminates*, so here the mask matters. `HalfCheetah-v5`, further down, runs. The next
# cell does nothing until you name a robot.

# %% tags=["experiment"]
ROBOT = None  # "InvertedPendulum-v5": minutes; "HalfCheetah-v5": about ten minutes
small = train.SACConfig(total_steps=25_000, gamma=0.99, hidden=(64, 64), learning_starts=500)
balance = replace(small, learning_rate=1e-3, tau=0.01, alpha=0.1, auto_alpha=True)
walk = replace(balance, total_steps=60_000, batch_size=128, learning_starts=2_000, alpha=0.2)
if ROBOT is not None:
    robot = balance if ROBOT == "InvertedPendulum-v5" else walk
    every = robot.total_steps // 10
    runs = many.sac(ROBOT, robot, range(3), update=auto_update, eval_every=every, eval_episodes=5)
    runs.curve(title=ROBOT)

# %% [markdown]
# **A recorded run.** `python -m benchmarks.mujoco InvertedPendulum-v5 --steps 25000 --seeds 5` in the course's
# repository trained five seeds with the course's own SAC and the settings `balance`. Their curves:

# %% tags=["experiment"]
recorded = np.array(
    [
        [99, 105, 92, 1000, 1000, 1000, 1000, 1000, 1000, 1000],
        [244, 61, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000],
        [68, 74, 105, 234, 1000, 1000, 1000, 1000, 1000, 1000],
        [66, 86, 1000, 1000, 1000, 1000, 161, 1000, 75, 1000],
        [98, 71, 78, 1000, 1000, 1000, 1000, 1000, 1000, 1000],
    ]
)
points = 2_500 * np.arange(1, 11)
words = {"xlabel": "environment step", "ylabel": "return of the mean policy"}
words |= {"interval": "none", "note": "five seeds, mean of 5 episodes each"}
words["title"] = "Figure 11. InvertedPendulum-v5: nothing for long, then a jump"
plot.curves({f"seed {k}": row for k, row in enumerate(recorded)}, points, **words)

# %% [markdown]
# For thousands of steps nothing seems to happen. By point 5, step 12,500, each seed has held the pole for 1000
# steps, the most there is. A jump like this is normal where one bad push ends the episode, and so is the way
# back: four seeds keep what they have, one loses it twice, down to 75, and has it again at the end. All five
# took one core a good minute.
# <!-- numbers: 5 = 1 + (recorded == 1000).argmax(axis=1).max(); 1000 = recorded.max(); 75 = recorded[:, 5:].min() -->

# %% [markdown]
# **A robot that runs.** `HalfCheetah-v5` has six joints and sees seventeen numbers. Each step pays the forward
# speed in metres a second, minus a tenth of the sum of the squared actions; only the clock ends an episode,
# after 1,000 steps. So a return of 4,000 means a little more than 4 m/s. The course's own SAC with the
# settings `walk`, `python -m benchmarks.mujoco HalfCheetah-v5 --steps 60000 --seeds 3`:

# %% tags=["experiment"]
cheetah = np.array(
    [
        [711, 934, 1375, 2319, 2502, 1824, 3114, 3410, 3890, 3970],
        [-218, 683, 1518, 2880, 3628, 4290, 4353, 4496, 4521, 4433],
        [-251, 1720, 2906, 3541, 4286, 4569, 4813, 5179, 5430, 5415],
    ]
)
steps = 6_000 * np.arange(1, 11)
words = {"xlabel": "environment step", "ylabel": "return of the mean policy"}
words |= {"interval": "none", "note": "three seeds, mean of 5 episodes each"}
words["title"] = "Figure 12. HalfCheetah-v5: three seeds, three speeds"
plot.curves({f"seed {k}": row for k, row in enumerate(cheetah)}, steps, **words)

# %% [markdown]
# All three move fast: between 3970 and 5415 at the end, from at most 711 at the first point. On its feet or on
# its back, a return does not tell. The first seed still climbs, and lost a quarter on the way; the other two
# have nearly levelled off. Three seeds side by side took one core seven minutes. In the papers such robots get
# a million steps or more and wider networks.
# <!-- numbers: 3970 = cheetah[:, -1].min(); 5415 = cheetah[:, -1].max(); 711 = cheetah[:, 0].max() -->

# %% [markdown]
# ## What you have learned
#
# - An actor replaces the maximum over actions. Its gradient goes through the critic, and through a
#   sample only if the sample is reparameterised.
# - The lecture's box is actor-critic without entropy. It learns, and its policy collapses: maximising
#   $\mathbb{E}[Q]$ pays for every bit of certainty, also on the wrong hill.
# - $\log\pi$ of a squashed Gaussian needs the correction for tanh, written with softplus. Entropy on
#   $(-1, 1)^d$ is at most $d \log 2$.
# - Soft Bellman: $V = \alpha\log\sum e^{Q/\alpha}$, $\pi \propto e^{Q/\alpha}$; SAC is its sampled form.
# - $\alpha$ is a price in units of reward. A target entropy sets the amount instead.

# %% [markdown]
# ## What breaks in practice
#
# - **A good return.** It hid a collapsed policy and a wrong density. Log $\sigma$, entropy and $\alpha$, too.
# - **The scale of the rewards.** Multiply all rewards by ten and your $\alpha$ is ten times too small.
# - **Ranges.** The actor lives in $(-1, 1)$; a world with torques in $[-2, 2]$ needs stretching, for acting
#   *and* nowhere else: critics and buffer keep $(-1, 1)$.
# - **Time limits.** `truncated` keeps the bootstrap; point mass and pendulum end by the clock only. A robot that
#   falls *terminates*.
# - **Leftover gradients.** The actor's loss fills the critics' gradients. Clear before every backward.
# - **Cutting the path.** `detach` or `no_grad` around the actor's action stops all learning of the actor, in
#   silence.

# %% [markdown]
# Before you hand in: *Kernel → Restart Kernel and Run All Cells*. The hidden checks call your functions with
# fresh numbers, compare the parameters after an update of random networks with one computed by hand, and train
# with your `sac_update` in worlds of their own. Printed numbers and figures are not read.

# %% [markdown]
# ## Further reading
#
# - T. Haarnoja, A. Zhou, P. Abbeel, S. Levine, *Soft Actor-Critic*, ICML 2018; and T. Haarnoja and others,
#   *Soft Actor-Critic Algorithms and Applications*, 2018: learned temperature; appendix C has the correction.
# - T. Haarnoja, H. Tang, P. Abbeel, S. Levine, *Reinforcement Learning with Deep Energy-Based Policies*, ICML
#   2017: soft Q-learning.
# - B. Ziebart, *Modeling Purposeful Adaptive Behavior with the Principle of Maximum Causal Entropy*, PhD
#   thesis, 2010.
# - N. Heess and others, *Learning Continuous Control Policies by Stochastic Value Gradients*, NeurIPS 2015:
#   SVG(0), the nearest relative of the lecture's box.
# - S. Fujimoto, H. van Hoof, D. Meger, *Addressing Function Approximation Error in Actor-Critic Methods*,
#   ICML 2018: TD3, the minimum of two critics.
# - T. Lillicrap and others, *Continuous Control with Deep Reinforcement Learning*, ICLR 2016: DDPG.
