# %% [markdown]
# # 6 · Parametric Q: semi-gradients, targets, clipping, replay
#
# **At the end you can**
# - build networks for discrete and for continuous actions, and the loss that trains them;
# - say what a semi-gradient is, and what the full gradient would learn instead;
# - make Q-learning with a function diverge on purpose, and say why;
# - write target networks, clipping, the Huber loss and replay, and say what each can cure.
#
# **Time** about 110 minutes; the solved notebook runs within a minute on a laptop. **Points** 50.
#
# **Covers** the slides *Moving to Parametric Functions*, *Discrete vs Continuous Actions*,
# *Semi-Gradient and Target Network* and *Dealing with TD Gradients* of the tutorial *Review of
# Q-Learning* (Maximilian Du, CS 224R, Stanford), called "the lecture". Notebook 03 is needed.

# %% tags=["setup"]
import math
from collections.abc import Iterable, Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from qlib import envs, plot
from qlib.replay import Batch

torch.set_num_threads(1)  # quicker for small networks, and the same numbers in every run

# %% [markdown]
# ## 6.1 From a table to a function
#
# A table has one number for each pair $(s, a)$, and learns about a pair only by visiting it. A screen of
# 84 × 84 pixels with 256 grey values has $256^{7056}$ states: no table, and no second visit.
#
# So we replace the table by a function with a vector of weights $w$. A few thousand weights stand for
# all states, and what is learned in one state changes the values of **similar** states too. This is the
# point of it, and the source of all trouble in this notebook.

# %% [markdown]
# **Whose Q is it?** The lecture writes $Q^*_\phi$ here and $Q^\pi_\theta$ with a max later. We keep
# superscripts for the truth, $Q^\pi$ and $Q^*$, and write $Q_w$ for a function that tries to be one of
# them. If the targets it is trained on contain a max, it tries to be $Q^*$.
#
# The weights are $w$ here, as usual for linear functions. Notebooks 07 and 08 have networks only and
# call them $\theta$, the usual letter there.

# %% [markdown]
# **Two shapes.** With few actions the network reads the state and returns one number for each action.
# With continuous actions it cannot list them: it reads state *and* action and returns one number.
#
# On the lecture's slide, caption and title name the two in different orders. The caption is right: (a) is
# continuous, (b) discrete, as in Figure 1.

# %% tags=["experiment"]
fig, axes = plot.panels(1, 2, size=(9.0, 3.5), title="Figure 1. Two networks for Q")
state, action = ["$s_1$", "$s_2$", "$s_3$"], ["$a_1$", "$a_2$"]
words = {"title": "(a) continuous actions: (s, a) in, one number out", "split": 3}
plot.network(state + action, (64, 64), ["$Q_w(s, a)$"], axes[0], **words)
each = [f"$Q_w(s, {k})$" for k in ("left", "stay", "right")]
plot.network(state, (64, 64), each, axes[1], title="(b) discrete actions: s in, a vector out")
fig

# %% [markdown] tags=["task:DiscreteQ"]
# ### Exercise 1a · A network for discrete actions (3 points)
#
# Write the class `DiscreteQ(obs_dim, n_actions, hidden)`, a `torch.nn.Module`:
#
# - one linear layer (with bias) for each width in `hidden`, each followed by ReLU; then one linear
#   layer with `n_actions` outputs. `hidden` is a list or tuple, and may be empty.
# - **Nothing after the last layer.** A value may be any number.
# - `forward(obs)`: `(B, obs_dim)` in, `(B, n_actions)` out, float32, also for $B = 1$.
# - Every weight is in `parameters()`, and the gradient of an output reaches all of them.
#
# <details><summary>Hint</summary>
#
# `nn.Linear(n_in, n_out)`, `nn.ReLU()`, `nn.Sequential(*layers)`. Layers in a plain Python list are
# invisible to `parameters()`: torch registers modules that are attributes, or inside `nn.Sequential`
# or `nn.ModuleList`.
#
# </details>


# %% tags=["answer:DiscreteQ"]
class DiscreteQ(nn.Module):
    """Q_w(s, .) for all actions at once: linear layers with ReLU between them.

    Args:
        obs_dim: entries of an observation.
        n_actions: number of actions A.
        hidden: widths of the hidden layers, possibly none.
    """

    def __init__(self, obs_dim: int, n_actions: int, hidden: Sequence[int] = (64, 64)):
        super().__init__()
        ### BEGIN SOLUTION
        widths = [obs_dim, *hidden]
        layers = []
        for k in range(len(hidden)):
            layers += [nn.Linear(widths[k], widths[k + 1]), nn.ReLU()]
        self.net = nn.Sequential(*layers, nn.Linear(widths[-1], n_actions))
        ### END SOLUTION

    def forward(self, obs: Tensor) -> Tensor:
        """(B, obs_dim) -> (B, A)."""
        ### BEGIN SOLUTION
        return self.net(obs)
        ### END SOLUTION


# %% tags=["test:DiscreteQ:3"]

# %% [markdown] tags=["task:ContinuousQ"]
# ### Exercise 1b · A network for continuous actions (3 points)
#
# Write `ContinuousQ(obs_dim, act_dim, hidden)` in the same way: linear layers with ReLU between them, one
# output, nothing after it. Observation and action are joined **at the input**.
#
# - `forward(obs, action)`: `(B, obs_dim)` and `(B, act_dim)` in, `(B,)` out. Never `(B, 1)`; for $B = 1$
#   it is `(1,)`, not a bare number.
# - The gradient reaches all weights, and **the action**: notebook 08 climbs along it.
#
# <details><summary>Hint</summary>
#
# `torch.cat([obs, action], dim=-1)` joins, `x.squeeze(-1)` removes the last axis only. A bare `squeeze()`
# removes the batch axis, too, when $B = 1$.
#
# </details>


# %% tags=["answer:ContinuousQ"]
class ContinuousQ(nn.Module):
    """Q_w(s, a): observation and action in, one number out.

    Args:
        obs_dim: entries of an observation.
        act_dim: entries of an action.
        hidden: widths of the hidden layers, possibly none.
    """

    def __init__(self, obs_dim: int, act_dim: int, hidden: Sequence[int] = (64, 64)):
        super().__init__()
        ### BEGIN SOLUTION
        widths = [obs_dim + act_dim, *hidden]
        layers = []
        for k in range(len(hidden)):
            layers += [nn.Linear(widths[k], widths[k + 1]), nn.ReLU()]
        self.net = nn.Sequential(*layers, nn.Linear(widths[-1], 1))
        ### END SOLUTION

    def forward(self, obs: Tensor, action: Tensor) -> Tensor:
        """(B, obs_dim), (B, act_dim) -> (B,)."""
        ### BEGIN SOLUTION
        return self.net(torch.cat([obs, action], dim=-1)).squeeze(-1)
        ### END SOLUTION


# %% tags=["test:ContinuousQ:3"]

# %% [markdown] tags=["predict:smooth"]
# **Predict first.** A value function on $[0, 1]$ is smooth on the left half and has a cliff in the
# middle. Twelve states have been visited. A table of 100 cells and a network learn from these twelve.
#
# Where is the network better than the table? Where is it wrong although the table would be right?
#
# *Your prediction:*

# %% tags=["experiment"]
x = np.linspace(0, 1, 101)
truth = np.where(x < 0.5, np.sin(2 * np.pi * x), -1.0)
seen = np.array([4, 12, 20, 28, 36, 44, 52, 60, 68, 76, 84, 92])
table = np.zeros(101)
table[seen] = truth[seen]
torch.manual_seed(0)
net = DiscreteQ(1, 1, (64, 64))
optimiser = torch.optim.Adam(net.parameters(), lr=3e-3)
X, Y = torch.tensor(x[:, None]).float(), torch.tensor(truth).float()
for _ in range(600):
    loss = ((net(X[seen])[:, 0] - Y[seen]) ** 2).mean()
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()

# %% tags=["experiment"]
learned = net(X)[:, 0].detach().numpy()
rms = {"table": np.sqrt(((table - truth) ** 2).mean())}
rms["network"] = np.sqrt(((learned - truth) ** 2).mean())
cliff = abs(learned[48] - truth[48])
print(f"rms error: table {rms['table']:.2f}, network {rms['network']:.2f}")
print(f"at x = 0.48, beside the cliff, the network is off by {cliff:.2f}")
title = "Figure 2. A network fills the gaps, and blurs the cliff"
words = {"xlabel": "state x", "ylabel": "value", "interval": "none", "note": "12 states visited"}
plot.curves({"truth": truth, "table": table, "network": learned}, x, title=title, **words)

# %% [markdown]
# <details><summary>What happens, and why</summary>
#
# The table knows its twelve cells and nothing else: rms error 0.81. The network is off by 0.10 only,
# because neighbours are alike. Beside the cliff they are not: there it is off by 0.44, and no amount of
# data elsewhere repairs that. "Related states have similar estimations (smoothness)", says the lecture;
# it is a bet on the world, and usually a good one.
#
# </details>
# <!-- numbers: 0.81 = rms["table"]; 0.10 = rms["network"]; 0.44 = cliff -->

# %% [markdown]
# ## 6.2 The loss
#
# Training is regression. A **batch** holds $B$ transitions $(s, a, r, s')$ with a flag *terminated*. Let
# $w^-$ be the weights of a second network of the same shape, the **target network**; 6.5 says where they
# come from. For each transition
#
# $$y = r + \gamma\,(1 - \text{terminated})\,\max_{a'} Q_{w^-}(s', a'),$$
#
# and the loss of a batch is
#
# $$L(w) = \frac1B \sum_{b=1}^{B} \ell\big(Q_w(s_b, a_b) - y_b\big).$$
#
# The mean squared error has $\ell(x) = x^2$, the Huber loss (6.6) $\ell(x) = \frac12 x^2$ for
# $|x| \le 1$ and $|x| - \frac12$ beyond.
#
# The factor $(1 - \text{terminated})$ is missing in the lecture's targets, except in its DQN box. Without
# it the value of a terminal state leaks in.

# %% [markdown]
# **The lecture's loss has an expectation inside:**
# $L\big(Q,\; r + \gamma\, \mathbb{E}_{s'}[\max_{a'} Q(s', a')]\big)$. We have one sampled $s'$, no
# expectation. Does it matter? With the target held fixed, no: the squared error to a noisy $y$ is the
# squared error to its mean plus the variance of $y$, and the variance does not depend on $w$. So the best
# $w$ is the same. Keep the condition in mind, *held fixed*: in 6.3 it breaks.
#
# **Batches** come as `qlib.replay.Batch`, a tuple of tensors with names, in this order: `obs` `(B, obs_dim)`,
# `action` `(B,)` int64, `reward` `(B,)`, `next_obs` `(B, obs_dim)`, `terminated` `(B,)`.

# %% [markdown] tags=["predict:broadcast"]
# **Predict first.** Predictions `(1, 2, 3)`, targets `(1, 2, 3)`: a perfect fit. The predictions have
# shape `(3, 1)`, the targets `(3,)`, and somebody writes `((q - y) ** 2).mean()`.
#
# What is the loss? What would training with this loss learn?
#
# *Your prediction:*

# %% tags=["experiment"]
q, y = torch.tensor([[1.0], [2.0], [3.0]]), torch.tensor([1.0, 2.0, 3.0])
print("shape of the difference:", tuple((q - y).shape))
broadcast = ((q - y) ** 2).mean().item()
mean_for_all = ((0 * q + y.mean() - y) ** 2).mean().item()
print(f"loss of the perfect fit {broadcast:.3f}, of 2 for everyone {mean_for_all:.3f}")

# %% [markdown]
# <details><summary>What happens, and why</summary>
#
# The difference has shape `(3, 3)`: each prediction against *every* target. The perfect fit costs 1.333,
# the constant 2 only 0.667. Training learns the mean of the batch for everyone, without any error
# message. It is the most common silent bug of this field: look at shapes before you look at curves.
#
# </details>
# <!-- numbers: 1.333 = broadcast; 0.667 = mean_for_all; 2 = y.mean() -->

# %% [markdown] tags=["task:td_loss"]
# ### Exercise 2 · The TD loss (10 points)
#
# Write `td_loss(q, qt, batch, gamma, kind)`, a scalar tensor: the loss $L(w)$ above.
#
# - `q` and `qt` map `(B, obs_dim)` to `(B, A)`; `qt` is the target network. They may be **one and the same**
#   network.
# - `kind` is `"mse"`, or `"huber"` with threshold 1.
# - `terminated` may be bool or float 0/1. `action` is int64.
# - Only $Q_w(s, a)$ may carry a gradient. The target $y$ is a constant, whatever `qt` is: this is the
#   **semi-gradient**.
# - Mean over the batch, also for $B = 1$. `batch` stays as it is.
#
# By hand: `q(s) = [1, 2]`, `a = 0`, `r = 1`, `qt(s') = [3, 4]`, $\gamma = 0.5$: $y = 3$, mse 4, Huber 1.5.
#
# <details><summary>Hint</summary>
#
# `q(obs).gather(1, action[:, None]).squeeze(1)` takes one entry a row. `.max(dim=1).values` is the max.
# Compute $y$ inside `with torch.no_grad():`. `1 - terminated` fails for bool tensors: use
# `terminated.float()` or `torch.where`. `functional.mse_loss` and `functional.huber_loss` take the mean.
#
# </details>


# %% tags=["answer:td_loss"]
def td_loss(q: nn.Module, qt: nn.Module, batch: Batch, gamma: float, kind: str = "mse") -> Tensor:
    """Mean over the batch of l(Q_w(s, a) - y), y = r + gamma (1 - terminated) max Q_w-(s', .).

    Args:
        q: the network that learns, (B, obs_dim) -> (B, A).
        qt: the target network; no gradient flows into it.
        batch: transitions.
        gamma: discount in [0, 1).
        kind: "mse" (x^2) or "huber" (threshold 1).

    Returns:
        A scalar tensor with a graph to the weights of `q`.
    """
    ### BEGIN SOLUTION
    with torch.no_grad():
        future = qt(batch.next_obs).max(dim=1).values
        y = batch.reward + gamma * (1 - batch.terminated.float()) * future
    values = q(batch.obs).gather(1, batch.action[:, None]).squeeze(1)
    return functional.mse_loss(values, y) if kind == "mse" else functional.huber_loss(values, y)
    ### END SOLUTION


# %% tags=["test:td_loss:10"]

# %% [markdown]
# ## 6.3 Which side moves? Semi-gradient and full gradient
#
# Take one network on both sides, $\delta = r + \gamma \max_{a'} Q_w(s', a') - Q_w(s, a)$. Then
# $\delta^2$ depends on $w$ in **two** places:
#
# $$\nabla_w\, \tfrac12\delta^2 = -\delta\,\big(\nabla_w Q_w(s, a) - \gamma\,\nabla_w
# \max_{a'} Q_w(s', a')\big).$$
#
# - The **full gradient** keeps both terms. Algorithms that use it are called *residual gradient* (Baird
#   1995). It is a true gradient of a true loss.
# - The **semi-gradient** drops the second one: it pulls the estimate towards the target and leaves the
#   target alone. The lecture's `stopgrad`. It is the gradient of no function at all.
#
# The lecture says to stop the gradient, but not what happens otherwise. Let us see.

# %% [markdown] tags=["task:full_gradient_loss"]
# ### Exercise 3a · The loss with both gradients (2 points)
#
# Write `full_gradient_loss(q, batch, gamma)`, a scalar tensor: the mean of $\delta^2$ over the batch, with
# the *same* network on both sides, and the gradient flowing through **both**. Terminated steps have no
# future; the batch is as in exercise 2.
#
# Its value is that of `td_loss(q, q, batch, gamma, "mse")`. Its gradient is not.
#
# <details><summary>Hint</summary>
#
# The answer to exercise 2 without `no_grad`, with one network.
#
# </details>


# %% tags=["answer:full_gradient_loss"]
def full_gradient_loss(q: nn.Module, batch: Batch, gamma: float) -> Tensor:
    """Mean squared TD error with the gradient through prediction and target.

    Args:
        q: the network, (B, obs_dim) -> (B, A).
        batch: transitions.
        gamma: discount in [0, 1).

    Returns:
        A scalar tensor.
    """
    ### BEGIN SOLUTION
    future = q(batch.next_obs).max(dim=1).values
    y = batch.reward + gamma * (1 - batch.terminated.float()) * future
    values = q(batch.obs).gather(1, batch.action[:, None]).squeeze(1)
    return ((values - y) ** 2).mean()
    ### END SOLUTION


# %% tags=["test:full_gradient_loss:2"]

# %% [markdown]
# **Linear functions** show everything without noise from networks. A state has a feature vector
# $\phi(s)$, its value is $V_w(s) = \phi(s)^\top w$, and $\nabla_w V_w(s) = \phi(s)$. With one policy to
# evaluate there is no max. Write $\phi = \phi(s)$, $\phi' = \phi(s')$, and $c = \gamma(1 -
# \text{terminated})$. Then $\delta = r + c\,\phi'^\top w - \phi^\top w$, and with step size $\alpha$ the
# semi-gradient and the residual gradient are
#
# $$\text{semi:}\quad w \leftarrow w + \alpha\,\delta\,\phi,$$
#
# $$\text{residual:}\quad w \leftarrow w + \alpha\,\delta\,(\phi - c\,\phi').$$

# %% [markdown] tags=["task:linear_td_step"]
# ### Exercise 3b · One step, both kinds (4 points)
#
# Write `linear_td_step(w, phi, phi2, r, gamma, term, alpha, mode)`: the new weights, shape `(d,)`, after one
# transition. `phi` and `phi2` are the features of $s$ and $s'$, `mode` is `"semi"` or `"residual"`. The
# arrays handed in stay as they are.
#
# By hand: $w = (1, 1)$, $\phi = (1, 0)$, $\phi' = (0, 1)$, $r = 1$, $\gamma = 0.5$, $\alpha = 0.1$: $\delta =
# 0.5$; semi $(1.05, 1)$, residual $(1.05, 0.975)$.
#
# <details><summary>Hint</summary>
#
# `c = 0.0 if term else gamma`. Return `w + …`, which makes a new array; `w += …` would change the
# caller's.
#
# </details>


# %% tags=["answer:linear_td_step"]
def linear_td_step(
    w: np.ndarray,
    phi: np.ndarray,
    phi2: np.ndarray,
    r: float,
    gamma: float,
    term: bool,
    alpha: float,
    mode: str,
) -> np.ndarray:
    """One TD step for V_w(s) = phi . w.

    Args:
        w: weights, (d,).
        phi: features of s, (d,).
        phi2: features of s', (d,).
        r: reward.
        gamma: discount.
        term: whether the step ended the episode.
        alpha: step size.
        mode: "semi" or "residual".

    Returns:
        The new weights, (d,).
    """
    ### BEGIN SOLUTION
    c = 0.0 if term else gamma
    delta = r + c * (phi2 @ w) - phi @ w
    direction = phi if mode == "semi" else phi - c * phi2
    return w + alpha * delta * direction
    ### END SOLUTION


# %% tags=["test:linear_td_step:4"]

# %% [markdown] tags=["predict:split"]
# **Predict first.** The A-split: from A the episode goes on to B or to C, with probability ½ each, reward
# 0. From B it ends with reward 1, from C with reward 0. No discount. A table, so every value function is
# possible: truth is $V(\text{A}) = \frac12$, $V(\text{B}) = 1$, $V(\text{C}) = 0$.
#
# Which values does the semi-gradient find? Which ones the full gradient, which *minimises* the mean
# squared TD error? Can they differ although the truth can be represented exactly?
#
# *Your prediction:*


# %% tags=["experiment"]
def sweep(world, w: np.ndarray, alpha: float, mode: str) -> np.ndarray:
    """One expected update: the mean of your steps over all transitions of a world."""
    mdp, pi = world.mdp, world.pi
    chance = world.d[:, None] * np.einsum("sa,sap->sp", pi, mdp.P)  # of (s, s')
    r, new = (pi * mdp.R).sum(axis=1), w.copy()
    for s, s2 in np.argwhere(chance > 0):
        step = w, world.phi[s], world.phi[s2], r[s], mdp.gamma, mdp.terminal[s2], alpha, mode
        new += chance[s, s2] * (linear_td_step(*step) - w)
    return new


# %% tags=["experiment"]
split = {}
for mode in ("semi", "residual"):
    w = np.zeros(3)
    for _ in range(1_000):
        w = sweep(envs.a_split(), w, 0.2, mode)
    split[mode] = w
    print(f"{mode:9s} A {w[0]:.3f}   B {w[1]:.3f}   C {w[2]:.3f}")


# %% tags=["experiment"]
def mean_square(V: np.ndarray) -> float:
    """Mean squared TD error on the A-split: half of the visits are to A."""
    A, B, C = V
    return 0.5 * ((B - A) ** 2 + (C - A) ** 2) / 2 + 0.25 * (1 - B) ** 2 + 0.25 * (0 - C) ** 2


at_truth, at_residual = mean_square([0.5, 1, 0]), mean_square(split["residual"])
print(f"mean squared TD error: {at_truth:.4f} at the truth, {at_residual:.4f} at the other values")

# %% [markdown]
# <details><summary>What happens, and why</summary>
#
# The full gradient does its job: it finds a *smaller* squared TD error, 0.0625 instead of 0.1250. But its
# values are wrong: B 0.75 and C 0.25. At the truth, the step from A has the TD error $\pm\frac12$ every
# time, pure luck of the transition; pulling B and C together makes luck cheaper. The mean of $\delta^2$
# is the square of the mean of $\delta$ *plus its variance*, and now the variance depends on $w$.
#
# An unbiased full gradient needs **two independent** next states from the same pair $(s, a)$: one for
# $\delta$, one for its gradient (*double sampling*). A real world does not offer that. In a deterministic
# world there is no bias.
#
# </details>
# <!-- numbers: 0.0625 = at_residual; 0.1250 = at_truth; 0.75 = split["residual"][1];
# 0.25 = split["residual"][2] -->

# %% [markdown]
# ## 6.4 Tail chasing, and when the tail escapes
#
# The semi-gradient finds the right values here. But it follows a target that it moves itself: "we have
# the model on both sides", says the lecture, which "can lead to tail chasing". How fast does the
# tail move? Two worlds with one weight answer that.
#
# - **Loop**: one state, reward 1 for ever, feature 1. The estimate is $w$, its target $1 + \gamma w$. When
#   the estimate moves by 1, the target moves by $\gamma$.
# - **w → 2w**: two states worth $w$ and $2w$, no rewards. The first goes to the second, the second to
#   itself. The estimate of the first is $w$, its target $2\gamma w$: it moves $2\gamma$ times as fast.

# %% [markdown] tags=["predict:chase"]
# **Predict first.** $\gamma = 0.9$. In which of the two worlds does the estimate catch its target? Which
# values are the true ones? What would happen in w → 2w if only the *second* state were ever updated?
#
# *Your prediction:*

# %% tags=["experiment"]
one, two = np.array([1.0]), np.array([2.0])
loop, double = [np.zeros(1)], [np.ones(1)]
for _ in range(100):
    w = loop[-1]
    loop.append(linear_td_step(w, one, one, 1.0, 0.9, False, 0.5, "semi"))
    w = double[-1]
    steps = [linear_td_step(w, phi, two, 0.0, 0.9, False, 0.1, "semi") for phi in (one, two)]
    double.append(sum(steps) / 2)
loop, double = np.array(loop)[:, 0], np.array(double)[:, 0]
print(f"loop: {loop[-1]:.2f}, w → 2w: {double[-1]:.2f} after {len(loop) - 1} updates")

# %% tags=["experiment"]
fig, axes = plot.panels(1, 2, size=(10.5, 3.6), title="Figure 3. Chasing a target that runs")
words = {"xlabel": "update", "ylabel": "value", "interval": "none", "note": "γ = 0.9"}
lines = {"target": 1 + 0.9 * loop, "estimate": loop}
plot.curves(lines, ax=axes[0], title="Loop: the tail is slower", **words)
lines = {"target": 1.8 * double, "estimate": double}
plot.curves(lines, ax=axes[1], title="w → 2w: the tail is faster", **words)
text = (
    "Two panels. Loop: estimate and target meet at 10. w to 2w: both grow without bound, the target"
)
plot.set_alt(fig, f"Figure 3. {text} ahead of the estimate.")
fig

# %% [markdown]
# <details><summary>What happens, and why</summary>
#
# In the loop the gap closes: both approach $1/(1 - \gamma) = 10$ (9.94 here). In w → 2w the target runs
# ahead at 1.8 times the speed of the estimate: $w$ grew from 1 to 7.24 in 100 updates, although all
# rewards are 0 and the truth $w = 0$ is within reach.
#
# The second state alone would behave: its target $2\gamma w$ is *below* its estimate $2w$. It is the
# mixture that diverges: the first state pushes $w$ up twice as hard as its error deserves, since
# generalisation moves its target along. Tail chasing itself is harmless; a tail that is faster than the
# head is not. <!-- numbers: 9.94 = loop[-1]; 1 = double[0]; 7.24 = double[-1];
# 100 = len(double) - 1 -->
#
# </details>

# %% [markdown]
# **Is the small step to blame?** Go to the other extreme and solve the regression completely: fitted
# Q-iteration (notebook 03) with a linear function. In w → 2w, let the second state end the episode
# with probability $\epsilon$. If both states count alike, the fit turns the old weight $w$ into the new one
# $w'$ that minimises
#
# $$\big(w' - \gamma\, 2w\big)^2 + \big(2w' - \gamma\,(1 - \epsilon)\, 2w\big)^2.$$
#
# Set the derivative to zero: $w'$ is a multiple of $w$. If the factor is above 1, every *exact* fit makes
# things worse.

# %% [markdown] tags=["task:w2w_factor"]
# ### Exercise 4a · The factor of one exact fit (1 point)
#
# Write `w2w_factor(gamma, eps) -> float`, the factor $w' / w$ from the text above. At $\gamma = 0.9$,
# $\epsilon = 0$ it is 1.08.
#
# <details><summary>Hint</summary>
#
# Half the derivative is $(w' - 2\gamma w) + 2\,(2w' - 2\gamma(1 - \epsilon)w)$: the inner derivatives of the
# two squares are 1 and 2.
#
# </details>


# %% tags=["answer:w2w_factor"]
def w2w_factor(gamma: float, eps: float) -> float:
    """The factor by which one exact least-squares fit multiplies the weight of w -> 2w.

    Args:
        gamma: discount in [0, 1].
        eps: probability that the second state ends the episode, in [0, 1].

    Returns:
        w' / w.
    """
    ### BEGIN SOLUTION
    return gamma * (6 - 4 * eps) / 5
    ### END SOLUTION


# %% tags=["test:w2w_factor:1"]

# %% [markdown] tags=["task:w2w_threshold"]
# ### Exercise 4b · From which discount on? (1 point)
#
# Write `w2w_threshold(eps) -> float`: the discount $\gamma^*$ at which the factor is exactly 1. Above it, fitted
# iteration diverges. At $\epsilon = 0$ it is 0.8333. (It may exceed 1: then no discount is dangerous.)


# %% tags=["answer:w2w_threshold"]
def w2w_threshold(eps: float) -> float:
    """The discount at which one exact fit leaves the weight of w -> 2w as it is.

    Args:
        eps: probability that the second state ends the episode, in [0, 1].

    Returns:
        gamma*, possibly above 1.
    """
    ### BEGIN SOLUTION
    return 5 / (6 - 4 * eps)
    ### END SOLUTION


# %% tags=["test:w2w_threshold:1"]

# %% [markdown] tags=["task:fqi_linear"]
# ### Exercise 4c · Fitted iteration with features (3 points)
#
# Write `fqi_linear(Phi, Phi2, r, gamma, term, w0, n)`: all iterates, shape `(n + 1, d)`, the first one is `w0`.
# `n` may be 0.
#
# - Row $i$ of `Phi` and `Phi2`, both `(N, d)`, holds the features of $s_i$ and $s_i'$; `r` and `term` (bool)
#   are `(N,)`.
# - One iteration: targets $y_i = r_i + \gamma\,(1 - \text{term}_i)\,\phi_i'^\top w_k$ from the *old* weights,
#   then $w_{k+1}$ is a least-squares solution of $\Phi w = y$: the whole regression, no step size.
# - If several $w$ fit equally well, any of them will do. The arrays handed in stay as they are.
#
# <details><summary>Hint</summary>
#
# `np.linalg.lstsq(Phi, y, rcond=None)[0]`. It also copes with more features than the data can tell
# apart, where `solve(Phi.T @ Phi, …)` fails.
#
# </details>


# %% tags=["answer:fqi_linear"]
def fqi_linear(
    Phi: np.ndarray,
    Phi2: np.ndarray,
    r: np.ndarray,
    gamma: float,
    term: np.ndarray,
    w0: np.ndarray,
    n: int,
) -> np.ndarray:
    """Fitted iteration with V_w = Phi w: a full least-squares fit in every iteration.

    Args:
        Phi: features of the states, (N, d).
        Phi2: features of the next states, (N, d).
        r: rewards, (N,).
        gamma: discount.
        term: whether the step ended the episode, (N,) bool.
        w0: weights to start from, (d,).
        n: number of iterations, 0 or more.

    Returns:
        The iterates w_0 ... w_n, (n + 1, d).
    """
    ### BEGIN SOLUTION
    iterates = [np.asarray(w0, dtype=float)]
    for _ in range(n):
        y = r + gamma * np.where(term, 0.0, Phi2 @ iterates[-1])
        iterates.append(np.linalg.lstsq(Phi, y, rcond=None)[0])
    return np.array(iterates)
    ### END SOLUTION


# %% tags=["test:fqi_linear:3"]

# %% tags=["experiment"]
Phi, none = np.array([[1.0], [2.0]]), np.zeros(2)
print("gamma    factor   w after 50 exact fits")
after = {}
for gamma in (0.8, 5 / 6, 0.9, 0.99):
    iterates = fqi_linear(Phi, np.array([[2.0], [2.0]]), none, gamma, none > 0, np.ones(1), 50)
    after[gamma] = iterates[-1, 0]
    print(f"{gamma:.4f} {w2w_factor(gamma, 0):8.4f} {after[gamma]:15.4g}")
print(f"threshold {w2w_threshold(0):.4f}; with eps = 0.1 it is {w2w_threshold(0.1):.4f}")

# %% [markdown]
# Above $\gamma^* = 5/6 = 0.8333$ every exact fit makes it worse: at $\gamma = 0.9$ the weight is 46.9 after 50
# fits, at 0.99 it is 5506. In a table the same iteration is a $\gamma$-contraction in the maximum norm. What is
# new is the regression: it projects the targets onto the functions that exist, and a projection may
# stretch distances in the maximum norm.
#
# A witness for the lecture's sentence "no guarantees in the parametric setting".
# <!-- numbers: 0.8333 = w2w_threshold(0); 46.9 = after[0.9]; 5506 = after[0.99] -->

# %% [markdown]
# **Baird's star**, the other witness: seven states, eight weights, no rewards, $\gamma = 0.99$. Six upper
# states are worth $2w_i + w_7$ with $i = 0, \dots, 5$, the lower one $w_6 + 2w_7$. The policy we evaluate
# always goes to the lower state; the data visit all seven states alike (**off-policy**). Here *every*
# value function can be represented, the true one too.

# %% [markdown] tags=["predict:baird"]
# **Predict first.** Which of these converge: (a) the semi-gradient, (b) the residual gradient, (c) a full
# regression in every iteration? In w → 2w, (c) diverged.
#
# *Your prediction:*

# %% tags=["experiment"]
star, norm = envs.baird(), {}
for mode in ("semi", "residual"):
    w, path = star.w0, [star.w0]
    for _ in range(1_000):
        w = sweep(star, w, 0.01, mode)
        path.append(w)
    norm[mode] = np.linalg.norm(path, axis=1)
lower = np.tile(star.phi[6], (7, 1))  # the policy leads there from every state
fits = fqi_linear(star.phi, lower, np.zeros(7), 0.99, np.zeros(7) > 0, star.w0, 1_000)
norm["full fits"] = np.linalg.norm(fits, axis=1)
for name, y in norm.items():
    print(f"{name:9s} |w| after 100, 500, 1000: {y[100]:.4g}, {y[500]:.4g}, {y[1000]:.4g}")
title = "Figure 4. Baird's star: one of three diverges"
words = {"xlabel": "sweep (or full fit)", "ylabel": "length of w", "note": "expected updates"}
plot.curves(norm, title=title, interval="none", log=True, **words)

# %% [markdown]
# <details><summary>What happens, and why</summary>
#
# The semi-gradient diverges: $|w|$ is 16.8, 101 and 437 after 100, 500 and 1000 sweeps. The residual gradient stays
# bounded, as the gradient of a loss must with a small step, but creeps: 8.76 at the end. Full fits
# converge, to 0.0004.
#
# So w → 2w and Baird part ways. In w → 2w the *fit* is the trouble: one weight cannot follow both targets.
# On the star a fit is always exact, so fitted iteration is the tabular one. There the trouble is the
# *small step*: it moves the targets before the fit is done.
#
# </details>
# <!-- numbers: 16.8 = norm["semi"][100]; 101 = norm["semi"][500]; 437 = norm["semi"][1000];
# 8.76 = norm["residual"][1000]; 0.0004 = norm["full fits"][1000] -->

# %% [markdown]
# **Three ingredients** were there each time: *bootstrapping* (targets from own estimates), *off-policy* data
# (states visited otherwise than the policy would) and *function approximation*. Sutton and Barto call them the
# **deadly triad**; take any one away, and linear TD converges. DQN and SAC have all three. They work
# most of the time, with the help of the next three sections.

# %% [markdown]
# ## 6.5 Target networks
#
# Hold the target still: bootstrap from an old copy $w^-$ of the weights, and renew it slowly.
#
# - **Hard update**: every $N$ steps, $w^- \leftarrow w$.
# - **Polyak update** (soft): in every step, $w^- \leftarrow \tau w + (1 - \tau)\, w^-$.
#
# The lecture writes $\tau$ for this rate and for a trajectory, and its weights are $w$, $\theta$ or $\phi$, slide by
# slide. Here $\tau$ is the rate only, and weights are $w$ and $w^-$.
#
# Hard updates with $N$ large *are* fitted iteration: a regression towards a fixed target, then the next
# one.

# %% [markdown] tags=["task:hard_update"]
# ### Exercise 5a · Hard update (2 points)
#
# Write `hard_update(qt, q) -> None`: the network `qt` becomes a copy of `q`, **in place**. Both have the same
# layers.
#
# - All parameters and all **buffers** (numbers that a layer keeps without learning them, such as the
#   running mean of a batch normalisation).
# - A copy: whatever happens to `q` afterwards must not reach `qt`, and `q` itself stays as it is.
#
# <details><summary>Hint</summary>
#
# `q.state_dict()` has parameters and buffers, `qt.load_state_dict(…)` copies values. `qt = q` only
# gives the old object a new local name.
#
# </details>


# %% tags=["answer:hard_update"]
def hard_update(qt: nn.Module, q: nn.Module) -> None:
    """w- <- w, in place: parameters and buffers.

    Args:
        qt: the network that changes.
        q: the network that is copied.
    """
    ### BEGIN SOLUTION
    qt.load_state_dict(q.state_dict())
    ### END SOLUTION


# %% tags=["test:hard_update:2"]

# %% [markdown] tags=["task:soft_update"]
# ### Exercise 5b · Polyak update (3 points)
#
# Write `soft_update(qt, q, tau) -> None`, in place:
#
# - parameters: $w^- \leftarrow \tau w + (1 - \tau)\, w^-$;
# - buffers: copied, since a counter or a running mean is not to be averaged twice.
#
# $\tau = 1$ is a hard update, $\tau = 0$ leaves the parameters alone. `q` stays as it is, and later changes of
# `q` do not reach `qt`. No gradient is recorded.
#
# <details><summary>Hint</summary>
#
# Inside `with torch.no_grad():`, walk through `zip(qt.parameters(), q.parameters())` and use an in-place
# operation: `p_t.lerp_(p, tau)` or `p_t.copy_(…)`. The same with `buffers()`.
#
# </details>


# %% tags=["answer:soft_update"]
def soft_update(qt: nn.Module, q: nn.Module, tau: float) -> None:
    """w- <- tau w + (1 - tau) w-, in place; buffers are copied.

    Args:
        qt: the network that changes.
        q: the network that it follows.
        tau: rate in [0, 1].
    """
    ### BEGIN SOLUTION
    with torch.no_grad():
        for p_t, p in zip(qt.parameters(), q.parameters(), strict=True):
            p_t.copy_(tau * p + (1 - tau) * p_t)
        for b_t, b in zip(qt.buffers(), q.buffers(), strict=True):
            b_t.copy_(b)
    ### END SOLUTION


# %% tags=["test:soft_update:3"]

# %% [markdown]
# **Which $\tau$ belongs to which $N$?** Compare how *old* the target is on average. Look after each update.
#
# - Hard: the copy is $0, 1, \dots, N - 1$ steps old, in turn: on average $(N - 1)/2$.
# - Polyak: the copy is a mixture. The weights of age $k$ have the share $\tau(1 - \tau)^k$, a geometric
#   distribution, with mean age $(1 - \tau)/\tau$.
#
# The **equal-lag rule** sets the two equal and solves for $\tau$.

# %% [markdown] tags=["task:matching_tau"]
# ### Exercise 5c · The equal-lag rule (2 points)
#
# Write `matching_tau(N) -> float`: the rate $\tau$ for which a Polyak target is as old on average as one that is
# copied every $N$ steps. For $N = 399$ it is 0.005.


# %% tags=["answer:matching_tau"]
def matching_tau(N: int) -> float:
    """The Polyak rate whose mean lag is that of a hard update every N steps.

    Args:
        N: steps between two hard updates, 1 or more.

    Returns:
        tau with (1 - tau) / tau = (N - 1) / 2.
    """
    ### BEGIN SOLUTION
    return 2 / (N + 1)
    ### END SOLUTION


# %% tags=["test:matching_tau:2"]

# %% tags=["experiment"]
N, lag = 399, {"hard": [], "Polyak": []}
clock, hard, soft = (nn.Linear(1, 1, bias=False) for _ in range(3))
for net in (clock, hard, soft):
    nn.init.zeros_(net.weight)
for t in range(12 * N):
    nn.init.constant_(clock.weight, t)  # a weight that grows by 1 in every step
    if t % N == 0:
        hard_update(hard, clock)
    soft_update(soft, clock, matching_tau(N))
    for name, net in (("hard", hard), ("Polyak", soft)):
        lag[name].append(t - net.weight.item())
lag = {name: np.array(y[6 * N :]) for name, y in lag.items()}
for name, y in lag.items():
    print(f"{name:6s} mean lag {y.mean():.2f} steps, between {y.min():.1f} and {y.max():.1f}")

# %% [markdown]
# Both targets are 199 steps old on average. The hard one between 0 and 398, in saw teeth; Polyak's is
# always about 199 old. So the usual $\tau = 0.005$ of SAC is as slow as a copy every 399 steps.
# <!-- numbers: 199 = lag["hard"].mean(); 0 = lag["hard"].min(); 398 = lag["hard"].max();
# 0.005 = matching_tau(399); 399 = N -->

# %% [markdown] tags=["predict:staircase"]
# **Predict first.** The loop again (reward 1 for ever, $\gamma = 0.9$, truth 10), now with a network, your
# `td_loss` and one gradient step at a time. Three targets: the network itself; a copy every 50 steps;
# Polyak at equal lag.
#
# Draw the estimate over time for each. Which one is fastest?
#
# *Your prediction:*


# %% tags=["experiment"]
def chase(kind: str, steps: int = 500, N: int = 50) -> tuple[np.ndarray, np.ndarray]:
    """Estimate and target of the loop, before each gradient step."""
    torch.manual_seed(0)
    q, qt, x = DiscreteQ(1, 1, (16,)), DiscreteQ(1, 1, (16,)), torch.ones(1, 1)
    batch = Batch(x, torch.zeros(1, dtype=torch.int64), torch.ones(1), x, torch.zeros(1))
    sgd, pair = torch.optim.SGD(q.parameters(), lr=0.006), []
    for t in range(steps):
        if kind == "no copy" or t % (N if kind == "hard" else steps) == 0:
            hard_update(qt, q)
        soft_update(qt, q, matching_tau(N) if kind == "Polyak" else 0.0)
        pair.append((q(x).item(), 1 + 0.9 * qt(x).item()))
        sgd.zero_grad()
        td_loss(q, qt, batch, 0.9, "mse").backward()
        sgd.step()
    return np.array(pair).T


# %% tags=["experiment"]
fig, axes = plot.panels(1, 3, size=(13.0, 3.6), sharey=True, title="Figure 5. Staircase and climb")
reached = {}
for ax, kind in zip(axes, ("no copy", "hard", "Polyak"), strict=True):
    estimate, target = chase(kind)
    reached[kind] = estimate[-1]
    words = {"xlabel": "gradient step", "ylabel": "value", "interval": "none", "note": "1 seed"}
    plot.curves({"target": target, "estimate": estimate}, ax=ax, title=kind, **words)
print(", ".join(f"{kind}: {y:.2f} after 500 steps" for kind, y in reached.items()))
text = "Estimate and target of the loop: without a copy both run to 10 quickly; hard"
plot.set_alt(fig, f"Figure 5. {text} updates make a staircase, Polyak a smooth climb.")
fig

# %% [markdown]
# <details><summary>What happens, and why</summary>
#
# Without a copy the estimate is at 10.0 in the end; with a copy every 50 steps at 6.6, with Polyak at 8.3. A
# target network costs **speed**. In the staircase each stair is one regression, so one application of the
# Bellman operator: the error shrinks by $\gamma$ once in 50 steps.
#
# **Equal lag is not equal speed.** The estimate sits close to its target most of the time. Then Polyak's copy
# closes the share $\tau\,(1 - \gamma) = 0.0039$ of the error in every step, the hard copy $1 - 0.9^{1/50} =
# 0.0021$: it waits on each stair.
#
# Here there was nothing to cure: the tail was slow. What does the delay buy where the tail is fast?
#
# </details>
# <!-- numbers: 10.0 = reached["no copy"]; 6.6 = reached["hard"]; 8.3 = reached["Polyak"];
# 0.0039 = matching_tau(50) * 0.1; 0.0021 = 1 - 0.9 ** (1 / 50) -->

# %% [markdown] tags=["predict:cure"]
# **Predict first.** Semi-gradient steps, targets held still for $N$ steps. Baird's star and w → 2w both
# diverge for $N = 1$. Is there an $N$ that cures Baird? One that cures w → 2w? (Think of $N \to \infty$: what
# is it then?)
#
# *Your prediction:*


# %% tags=["experiment"]
def growth(world, N: int, alpha: float, tau: float | None = None) -> float:
    """Growth of values per step in the long run: a copy every N steps, or Polyak with tau."""
    P = np.einsum("sa,sap->sp", world.pi, world.mdp.P)
    basis = np.linalg.svd(world.phi)[2][: np.linalg.matrix_rank(world.phi)]
    phi = world.phi @ basis.T  # without directions that change no value
    pull, eye = alpha * phi.T * world.d, np.eye(len(basis))
    A, C = eye - pull @ phi, world.mdp.gamma * pull @ P @ phi  # w <- A w + C w-
    M, steps = eye, N
    for _ in range(N):
        M = A @ M + C
    if tau is not None:
        M, steps = np.block([[A, C], [tau * A, tau * C + (1 - tau) * eye]]), 1
    return float(np.abs(np.linalg.eigvals(M)).max() ** (1 / steps))


# %% tags=["experiment"]
worlds, rows = {"Baird": envs.baird(), "w → 2w": envs.w2w(gamma=0.9)}, {}
print("growth per step, in %:      Baird: hard    Polyak      w → 2w: hard    Polyak")
for N in (1, 10, 50, 100, 200, 1000):
    rows[N] = [
        100 * (growth(world, N, 0.01, tau) - 1)
        for world in worlds.values()
        for tau in (None, matching_tau(N))
    ]
    print(f"N = {N:4d} {rows[N][0]:30.4f} {rows[N][1]:9.4f} {rows[N][2]:17.4f} {rows[N][3]:9.4f}")
cured = next(N for N in range(1, 200) if growth(worlds["Baird"], N, 0.01) < 1)
soft = next(N for N in range(1, 200) if growth(worlds["Baird"], N, 0.01, matching_tau(N)) < 1)
print(f"Baird shrinks from N = {cured} on (hard), from N = {soft} on (Polyak at equal lag)")

# %% [markdown]
# <details><summary>What happens, and why</summary>
#
# **Baird is cured**: from $N = 77$ on (Polyak: 101) the values shrink. Held still for long enough, the
# regression is nearly finished before the target moves, and full fits converge. **w → 2w is not**, for any $N$: the
# target network only slows the divergence down, from 0.20 % a step to 0.07 % at $N = 100$, since every finished
# fit still multiplies by 1.08.
#
# So a target network turns semi-gradients into fitted iteration. It is as good as fitted iteration is, no
# better. <!-- numbers: 77 = cured; 101 = soft; 0.20 = rows[1][2]; 0.07 = rows[100][2];
# 1.08 = w2w_factor(0.9, 0) -->
#
# </details>

# %% [markdown]
# ## 6.6 Disruptive gradients: clipping and the Huber loss
#
# The gradient of one squared error is $2\,(Q_w - y)\, \nabla_w Q_w$: it grows with the error, without bound. A
# single absurd target can throw the weights far away, and everything learned with them.
#
# - **Gradient clipping** looks at the gradient of the whole batch: if its length is above a
#   maximum, it is shortened. Its direction stays.
# - The **Huber loss** looks at each error: beyond a threshold, also written $\delta$ (it is no TD error), it
#   grows linearly, and its slope is $\pm\delta$ at most,
#
# $$\ell_\delta(x) = \tfrac12 x^2 \ \text{ if } |x| \le \delta, \qquad
# \delta\,\big(|x| - \tfrac12 \delta\big) \ \text{ otherwise.}$$

# %% [markdown] tags=["task:clip_grads"]
# ### Exercise 6a · Clip by hand (3 points)
#
# Write `clip_grads(params, max_norm) -> float`. Let $g$ be the gradients of **all** parameters in one long
# vector, $|g|$ its Euclidean length. If $|g| > $ `max_norm`, multiply every gradient by `max_norm` $/ |g|$, in
# place; otherwise leave them alone. Return $|g|$ from **before** clipping.
#
# - A parameter whose `.grad` is `None` is skipped. `max_norm` may be `math.inf`.
# - `params` may be a generator, like `net.parameters()`: it can be walked through only once.
#
# Gradients $(3)$ and $(4)$ in two parameters, `max_norm = 1`: they become $0.6$ and $0.8$, and 5 is returned.
#
# <details><summary>Hint</summary>
#
# First collect the gradients in a list. The squared length is a sum over all entries of all of them.
# `g.mul_(factor)` works in place.
#
# </details>


# %% tags=["answer:clip_grads"]
def clip_grads(params: Iterable[nn.Parameter], max_norm: float) -> float:
    """Shorten the joint gradient to at most max_norm, in place; its length before.

    Args:
        params: parameters, some perhaps without a gradient.
        max_norm: the largest length allowed, positive; `math.inf` allows every length.

    Returns:
        The length before clipping.
    """
    ### BEGIN SOLUTION
    grads = [p.grad for p in params if p.grad is not None]
    norm = math.sqrt(sum(float((g**2).sum()) for g in grads))
    if norm > max_norm:
        for g in grads:
            g.mul_(max_norm / norm)
    return norm
    ### END SOLUTION


# %% tags=["test:clip_grads:3"]

# %% [markdown] tags=["task:huber"]
# ### Exercise 6b · The Huber loss (1.5 points)
#
# Write `huber(x, delta)`, entry by entry for a NumPy array `x` of any shape: the formula above, as a new array.
# With $\delta = 1$: $x = 0.5$ gives 0.125, $x = -3$ gives 2.5.
#
# torch's `smooth_l1_loss` is another scaling: it equals Huber for $\delta = 1$ only.


# %% tags=["answer:huber"]
def huber(x: np.ndarray, delta: float) -> np.ndarray:
    """x^2 / 2 near 0, delta (|x| - delta / 2) beyond delta.

    Args:
        x: errors, any shape.
        delta: threshold, positive.

    Returns:
        The losses, the shape of x.
    """
    ### BEGIN SOLUTION
    size = np.abs(x)
    return np.where(size <= delta, 0.5 * size**2, delta * (size - 0.5 * delta))
    ### END SOLUTION


# %% tags=["test:huber:1.5"]

# %% tags=["experiment"]
x = np.linspace(-4, 4, 161)
fig, axes = plot.panels(1, 2, size=(10.5, 3.5), title="Figure 6. Huber leaves the square at δ")
words = {"xlabel": "error Q − y", "interval": "none", "note": "exact"}
lines = {"x²": x**2, "½x²": x**2 / 2, "Huber, δ = 1": huber(x, 1.0)}
plot.curves(lines, x, axes[0], ylabel="loss", title="loss", **words)
slopes = {name: np.gradient(y, x) for name, y in lines.items()}
plot.curves(slopes, x, axes[1], ylabel="slope", title="slope: what backward sends", **words)
text = "Near 0 Huber follows half the square; beyond 1 it is a straight line with slope 1"
plot.set_alt(fig, f"Figure 6. {text}, while the slope of the square grows for ever.")
fig

# %% [markdown]
# Mind the ½: Huber follows $\frac12 x^2$, not $x^2$. Going from `mse` to `huber` halves the gradient of small
# errors, too, which acts like half the learning rate.
#
# **Now the lecture's two pictures**, "without" and "with gradient clipping", made by your own code. A network
# learns by TD in a small world with two coordinates and two actions, with a Polyak target as old as a copy
# every 50 steps. In step 300, one of 32 rewards is broken: 1000 instead of at most 1. A sensor fault, an
# overflow, a bug. The loss is measured on a batch without a fault.

# %% [markdown] tags=["predict:outlier"]
# **Predict first.** The error of the broken transition is about 1000. How large is its part of the gradient
# with the squared error, relative to an ordinary one with error 0.3? With Huber?
#
# What happens to the network at the fault with the squared error, with clipping at length 1, with
# Huber?
#
# *Your prediction:*


# %% tags=["experiment"]
def batches(seed: int, steps: int, broken: int = -1, B: int = 32):
    """Batches from a square; action 1 goes right, 0 left; beyond the edge the episode ends."""
    rng = np.random.default_rng(seed)
    for t in range(steps):
        s, a = rng.uniform(-1, 1, (B, 2)), rng.integers(2, size=B)
        s2 = s + np.stack([0.4 * a - 0.2, np.zeros(B)], axis=1)
        r = np.cos(3 * s2[:, 0]) * np.cos(2 * s2[:, 1])
        r[0] = 1000.0 if t == broken else r[0]
        end = np.abs(s2[:, 0]) > 1
        s, s2, r, end = (torch.tensor(x, dtype=torch.float32) for x in (s, s2, r, end))
        yield Batch(s, torch.tensor(a), r, s2, end)


# %% tags=["experiment"]
def train(kind: str, max_norm: float, seed: int, broken: int = 300) -> np.ndarray:
    """Each step's length of the gradient, and the loss on a batch without a fault, (2, 600)."""
    torch.manual_seed(seed)
    q, qt = DiscreteQ(2, 2, (32, 32)), DiscreteQ(2, 2, (32, 32))
    hard_update(qt, q)
    sgd, clean, log = torch.optim.SGD(q.parameters(), lr=0.05), next(batches(99, 1, B=256)), []
    for batch in batches(seed, 600, broken):
        sgd.zero_grad()
        td_loss(q, qt, batch, 0.9, kind).backward()
        length = clip_grads(q.parameters(), max_norm)
        sgd.step()
        soft_update(qt, q, matching_tau(50))
        log.append((length, td_loss(q, qt, clean, 0.9, "mse").item()))
    return np.array(log).T


# %% tags=["experiment"]
ways = {
    "squared error": ("mse", math.inf),
    "clipped at 1": ("mse", 1.0),
    "Huber": ("huber", math.inf),
}
logs = {name: np.array([train(*way, seed) for seed in range(3)]) for name, way in ways.items()}
usual, at, before, after, end = {}, {}, {}, {}, {}
for name, log in logs.items():  # log: [seed, (length, clean loss), step]
    usual[name], at[name] = np.median(log[:, 0, 250:300]), log[:, 0, 300].mean()
    before[name], after[name] = log[:, 1, 250:300].mean(), log[:, 1, 300].mean()
    end[name] = log[:, 1, 550:].mean()
    print(
        f"{name:14s} gradient: usually {usual[name]:.2f}, at the fault {at[name]:6.2f}   ", end=""
    )
    print(f"clean loss {before[name]:.2f}, then {after[name]:6.2f}, in the end {end[name]:.2f}")

# %% tags=["experiment"]
fig, axes = plot.panels(1, 2, size=(12.0, 3.8), title="Figure 7. One broken reward in 19,200")
words = {"xlabel": "gradient step", "ylabel": "loss on clean data, log₁₀"}
parts = {"Without gradient clipping": ["squared error"]}
parts["With gradient clipping, or Huber"] = ["clipped at 1", "Huber"]
for ax, (heading, which) in zip(axes, parts.items(), strict=True):
    lines = {name: np.log10(logs[name][:, 1]) for name in which}
    ax.set_ylim(-2, 4)
    plot.curves(lines, ax=ax, title=heading, **words)
text = "Left: at the fault in step 300 the loss on clean data rises by orders of magnitude"
plot.set_alt(fig, f"Figure 7. {text}. Right: clipped or with Huber it goes on as before.")
fig

# %% [markdown]
# <details><summary>What happens, and why</summary>
#
# An error of 1000 pulls 3000 times as hard as one of 0.3. The gradient, usually 0.31 long, has length 166 at
# the fault; one step throws the network off, its loss on clean data jumps from 0.18 to 527, and in the end
# it is still 0.24. Clipped at 1, the same step does no visible harm: 0.18, and 0.12 in the end. With Huber the
# broken error pulls like an error of 1, and the gradient of the whole batch is 0.12 long.
#
# </details>
# <!-- numbers: 3000 = round(1000 / 0.3, -3); 0.31 = usual["squared error"]; 166 = at["squared error"];
# 0.18 = before["squared error"]; 527 = after["squared error"]; 0.24 = end["squared error"];
# 0.12 = end["clipped at 1"]; 0.12 = at["Huber"] -->

# %% [markdown]
# **Two cures, two places.** Clipping acts on the batch: in the broken step the 31 good transitions are scaled
# down with the bad one, nearly to nothing. Huber acts on each transition, so the good ones keep their say;
# but it also flattens *honest* large errors.
#
# The direction of the clipped step is still the broken one. Clipping limits the damage of a step, it does
# not repair it; many faults in a row would lead astray all the same.
#
# *Try it:* replace `SGD` in `train` by `torch.optim.Adam(q.parameters(), lr=1e-3)`. Adam divides by a running size
# of the gradient, so it bounds the step by itself, but remembers the fault for about 1,000 steps.

# %% [markdown] tags=["task:mse_vs_huber_min"]
# ### Exercise 6c · Where the two losses rest (1.5 points)
#
# Huber is no free lunch: it changes **what** is learned. A target takes the values `y`, shape `(k,)`, with
# probabilities `p`. Write `mse_vs_huber_min(y, p) -> (best_mse, best_huber)`: the constant predictions that
# minimise the expected squared error, and the expected Huber loss with $\delta = 1$. Right to $10^{-4}$; the
# minimum is unique in all cases that count.
#
# For $y = 10$ with probability 0.9 and $y = 1$ with 0.1: 9.1 and 9.8889.
#
# <details><summary>Hint</summary>
#
# The first is the mean. At the second, the expected slope is zero: $\sum_i p_i\,
# \mathrm{clip}(x - y_i, -1, 1) = 0$. The left side grows with $x$: halve an interval until it is short,
# or use `scipy.optimize`.
#
# </details>


# %% tags=["answer:mse_vs_huber_min"]
def mse_vs_huber_min(y: np.ndarray, p: np.ndarray) -> tuple[float, float]:
    """The constants that minimise E (x - Y)^2 and E huber(x - Y, 1).

    Args:
        y: values of the target, (k,).
        p: their probabilities, (k,).

    Returns:
        (best_mse, best_huber).
    """
    ### BEGIN SOLUTION
    low, high = float(np.min(y)), float(np.max(y))
    for _ in range(60):
        x = (low + high) / 2
        slope = np.sum(p * np.clip(x - y, -1, 1))
        low, high = (x, high) if slope < 0 else (low, x)
    return float(np.sum(p * y)), (low + high) / 2
    ### END SOLUTION


# %% tags=["test:mse_vs_huber_min:1.5"]

# %% tags=["experiment"]
best_mse, best_huber = mse_vs_huber_min(np.array([10.0, 1.0]), np.array([0.9, 0.1]))
print(f"a crash in one of ten steps: mean {best_mse:.4f}, Huber {best_huber:.4f}")
rare = [mse_vs_huber_min(np.array([0.0, 100.0]), np.array([1 - p, p])) for p in (0.01, 0.1, 0.3)]
print("a prize of 100 with probability 0.01, 0.1, 0.3:", np.array(rare).round(3).tolist())

# %% [markdown]
# "Huber loss: reduce outlier effects", says the lecture. It does not say that rare large values may be
# **the truth**. $Q^*$ is a mean; the squared error finds it, 9.1. Huber goes towards the median, 9.8889. A
# prize of 100 that comes in one of ten cases is worth 10 on average; Huber says 0.111. So scale rewards
# such that ordinary errors are below the threshold, or Huber learns another quantity. It can also hide a
# bug: what a wrong target does to one of ten transitions hardly shows.
# <!-- numbers: 9.1 = best_mse; 9.8889 = best_huber; 10 = rare[1][0]; 0.111 = rare[1][1] -->

# %% [markdown]
# ## 6.7 Replay
#
# An agent walks: consecutive transitions are alike. A network that is trained on the newest ones only
# learns where it is and forgets where it was. A **replay buffer** keeps the last $C$ transitions
# ($C$ is its capacity) and trains on a random sample of them. Old data may be used again, because the
# target $r + \gamma \max_{a'} Q$ does not care which policy chose $a$.
#
# It appears in the lecture's outline and inside its two algorithms only. Four details decide whether it
# works: it must **copy** what it stores, overwrite the **oldest** first, sample only what is **filled**, and
# store `terminated`, not "done" (which is also true when a time limit cuts the episode).

# %% [markdown] tags=["task:ReplayBuffer"]
# ### Exercise 7 · A replay buffer (10 points)
#
# Write `ReplayBuffer(capacity, obs_shape)` for discrete actions:
#
# - `add(obs, action, reward, next_obs, terminated, truncated=False)` stores **copies**. When it is full, the
#   oldest transition goes. `truncated` comes from `env.step` and is *not* to be mixed into `terminated`.
# - `len(buffer)`: how many are stored.
# - `sample(batch_size, rng)`: a new `Batch` of tensors (6.2), drawn uniformly by the NumPy generator `rng`, with
#   or without replacement. `obs` and `next_obs`, `(B, *obs_shape)`, and `reward` are float32, `action` is int64,
#   `terminated` float32 or bool; these three are `(B,)`. Fields of one row belong together. Copies again.
# - A `batch_size` above `len(buffer)` raises `ValueError`.
#
# <details><summary>Hint</summary>
#
# Preallocate one array for each field, `np.zeros((capacity, *obs_shape), np.float32)`, and keep the
# position of the next write, modulo the capacity. `array[index]` with an index array copies. A `deque`
# with `maxlen` works as well, if you copy what goes in.
#
# </details>


# %% tags=["answer:ReplayBuffer"]
class ReplayBuffer:
    """The last `capacity` transitions, sampled uniformly.

    Args:
        capacity: how many transitions are kept, at least 1.
        obs_shape: shape of one observation, a tuple.
    """

    def __init__(self, capacity: int, obs_shape: tuple[int, ...]):
        ### BEGIN SOLUTION
        self.capacity, self.size, self.next = capacity, 0, 0
        self.obs = np.zeros((capacity, *obs_shape), np.float32)
        self.next_obs = np.zeros((capacity, *obs_shape), np.float32)
        self.action = np.zeros(capacity, np.int64)
        self.reward = np.zeros(capacity, np.float32)
        self.terminated = np.zeros(capacity, np.float32)
        ### END SOLUTION

    def __len__(self) -> int:
        """How many transitions are stored."""
        ### BEGIN SOLUTION
        return self.size
        ### END SOLUTION

    def add(self, obs, action, reward, next_obs, terminated, truncated=False) -> None:
        """Store a copy of one transition; the oldest goes if there is no room."""
        ### BEGIN SOLUTION
        i = self.next
        self.obs[i], self.next_obs[i] = obs, next_obs
        self.action[i], self.reward[i], self.terminated[i] = action, reward, terminated
        self.next = (i + 1) % self.capacity
        self.size = min(self.size + 1, self.capacity)
        ### END SOLUTION

    def sample(self, batch_size: int, rng: np.random.Generator) -> Batch:
        """`batch_size` transitions, drawn uniformly; ValueError if there are fewer."""
        ### BEGIN SOLUTION
        if batch_size > self.size:
            raise ValueError(f"{batch_size} asked for, {self.size} stored")
        i = rng.integers(self.size, size=batch_size)
        fields = self.obs, self.action, self.reward, self.next_obs, self.terminated
        return Batch(*(torch.from_numpy(field[i]) for field in fields))
        ### END SOLUTION


# %% tags=["test:ReplayBuffer:10"]

# %% [markdown] tags=["predict:stream"]
# **Predict first.** An agent walks once from $x = 0$ to $x = 1$ and sees rewards $\sin(2\pi x)$; every episode is one step
# long, so this is plain regression. After each step, one gradient step on 32 transitions: the newest 32, or 32
# from a buffer that keeps everything.
#
# Draw what each network believes at the end of the walk.
#
# *Your prediction:*


# %% tags=["experiment"]
def walk(replay: bool, seed: int, steps: int = 1_000) -> np.ndarray:
    """What a network believes about 101 states after one walk from 0 to 1."""
    torch.manual_seed(seed)
    q, rng = DiscreteQ(1, 1, (32, 32)), np.random.default_rng(seed)
    adam = torch.optim.Adam(q.parameters(), lr=5e-3)
    buffer = ReplayBuffer(steps if replay else 32, (1,))
    for x in np.linspace(0, 1, steps):
        buffer.add(np.array([x]), 0, np.sin(2 * np.pi * x), np.array([x]), True)
        if len(buffer) >= 32:
            adam.zero_grad()
            td_loss(q, q, buffer.sample(32, rng), 0.9, "mse").backward()
            adam.step()
    return q(torch.linspace(0, 1, 101)[:, None])[:, 0].detach().numpy()


# %% tags=["experiment"]
grid = np.linspace(0, 1, 101)
wave = np.sin(2 * np.pi * grid)
believed = {"newest 32": np.array([walk(False, seed) for seed in range(5)])}
believed["replay"] = np.array([walk(True, seed) for seed in range(5)])
first = {name: np.sqrt(((y - wave)[:, :51] ** 2).mean()) for name, y in believed.items()}
end = {name: abs(y[:, -1] - wave[-1]).mean() for name, y in believed.items()}
for name in believed:
    print(
        f"{name:9s} rms error on the first half {first[name]:.2f}, error at x = 1 {end[name]:.2f}"
    )
title = "Figure 8. Without replay the first half of the walk is forgotten"
words = {"xlabel": "state x", "ylabel": "value", "note": "mean of 5 seeds, 95% t-interval"}
plot.curves({"truth": wave, **believed}, grid, title=title, **words)

# %% [markdown]
# <details><summary>What happens, and why</summary>
#
# The network that sees the newest 32 transitions only is off by 0.66 on the first half of the walk: it has
# forgotten it. With replay the error there is 0.04, although the first half was never visited again. But at the place where the
# agent is *now*, $x = 1$, replay is the worse one, 0.53 against 0.09: new transitions are a small part of
# each batch. Replay trades speed of adaptation for memory.
#
# Sampling at random also makes the rows of a batch less alike, so a gradient step says more. And every
# transition is used many times: data are dear, gradient steps are cheap.
#
# </details>
# <!-- numbers: 0.66 = first["newest 32"]; 0.04 = first["replay"]; 0.53 = end["replay"];
# 0.09 = end["newest 32"] -->

# %% [markdown]
# **`terminated`, not "done".** A time limit stops an episode although the world would go on. Store
# "done" and the target forgets the future in these steps. In the loop of 6.4 with a limit of $T$ steps, one
# of $T$ transitions is cut, and a network (which does not see the clock) learns
# $V = 1 + \gamma\,(1 - \frac1T)\,V$.

# %% tags=["experiment"]
wrong = {}
for gamma, T in ((0.9, 10), (0.99, 200), (0.99, 500)):
    wrong[gamma, T] = 1 / (1 - gamma * (1 - 1 / T))
    print(f"gamma {gamma}, limit {T:3d}: {wrong[gamma, T]:6.2f} instead of {1 / (1 - gamma):.0f}")

# %% [markdown]
# At $\gamma = 0.9$ and a limit of 10 steps the loop is worth 5.26 instead of 10; at $\gamma = 0.99$, with limits as
# in common benchmarks, 66.89 or 83.47 instead of 100. A truncated step keeps its bootstrap, and its `next_obs` must be
# the last observation of the *old* episode, not the first one after the reset.
# <!-- numbers: 5.26 = wrong[0.9, 10]; 66.89 = wrong[0.99, 200]; 83.47 = wrong[0.99, 500] -->

# %% [markdown]
# ## Questions?
#
# The lecture stops here for questions. Answer them before you open them.
#
# <details><summary>Somebody forgets the stop-gradient, but uses a separate target network that is in no
# optimiser. What changes?</summary>
#
# Nothing in the learning of $w$: the gradient that flows into $w^-$ is used by nobody. It costs time, and it
# bites as soon as the same code is called with one network.
#
# </details>
#
# <details><summary>Clipping every entry of the gradient to [−1, 1] instead of the length: what is lost?</summary>
#
# The direction: large entries are cut, small ones stay, and the step turns towards the diagonal.
#
# </details>
#
# <details><summary>Is a buffer of all data always better than a small one?</summary>
#
# No. Old transitions come from old policies and visit other states; a buffer that is too large learns
# slowly about where the agent is now.
#
# </details>
#
# <details><summary>Target network, clipping, Huber, replay: which of them cures w → 2w?</summary>
#
# None. A larger function class does (one weight for each state), or data from the policy itself.
#
# </details>

# %% [markdown]
# ## What you have learned
#
# - A network generalises: that is its use and its danger. Discrete actions: `(B, A)`; continuous: `(B,)`.
# - The semi-gradient holds the target fixed. The full gradient minimises another quantity and is biased
#   where transitions are random: 0.75 and 0.25 instead of 1 and 0.
# - Chasing a target diverges where generalisation moves the target faster than the estimate.
# - A target network makes small steps behave like full fits. Equal lag: $\tau = 2/(N + 1)$. It cures
#   Baird, not w → 2w.
# - Clipping bounds the step and keeps its direction. Huber bounds every error and changes the answer.
# - Replay mixes old and new. It stores copies and `terminated`.

# %% [markdown]
# ## What breaks in practice
#
# - **Shapes.** `(B, 1)` minus `(B,)` trains happily towards the mean.
# - **`load_state_dict` forgotten at the start.** Then the first targets come from another random network.
# - **Aliases.** `self.obs[i] = obs` copies, `list.append(obs)` does not; many environments reuse the array.
# - **Reading the loss.** With moving targets a falling loss proves little and a rising one may be
#   progress. Watch returns and mean Q.
# - **Clipping always active.** If the length is above the maximum in every step, clipping has become a
#   normalisation, and the learning rate means something else.
# - **Reward scale.** Huber's threshold of 1 is a statement about the size of your rewards.

# %% [markdown]
# Before you hand in: *Kernel → Restart Kernel and Run All Cells*. The hidden checks build your networks and
# buffers with other sizes, give them fresh weights and fresh data, and compare values, gradients and
# weights after a step; what cells print is not read.

# %% [markdown]
# ## Further reading
#
# - R. S. Sutton and A. G. Barto, *Reinforcement Learning*, 2nd ed. 2018, chapter 11: the deadly triad, Baird's
#   star, w → 2w, the A-split.
# - L. Baird, *Residual Algorithms*, ICML 1995.
# - J. Tsitsiklis and B. Van Roy, *Feature-Based Methods for Large Scale Dynamic Programming*, 1996.
# - L.-J. Lin, *Self-Improving Reactive Agents*, Machine Learning 8, 1992: experience replay.
# - V. Mnih et al., *Human-level control through deep reinforcement learning*, Nature 2015: all of 6.5 to 6.7 in
#   one agent.
# - T. Lillicrap et al., *Continuous control with deep reinforcement learning*, ICLR 2016: soft updates.
# - P. Huber, *Robust Estimation of a Location Parameter*, 1964.
# - R. Pascanu, T. Mikolov, Y. Bengio, *On the difficulty of training recurrent neural networks*, ICML 2013:
#   clipping by length.
# - F. Pardo et al., *Time Limits in Reinforcement Learning*, ICML 2018.
