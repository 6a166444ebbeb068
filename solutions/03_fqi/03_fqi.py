# %% [markdown]
# # 3 · Q-iteration: with the model, from data, online
#
# **At the end you can**
# - compute $Q^*$ with a known model, and read a policy off the table;
# - stop at the right sweep, and say what that guarantees;
# - replace the model by data (fitted Q iteration), and data by experience (Q-learning);
# - solve three Gymnasium worlds with your own code.
#
# **Time** about 100 minutes; every cell runs within seconds on a laptop. **Points** 50.
#
# **Covers** the slides *Fitted Q Iteration: Fake it till you make it*, *Q-learning: Variants*,
# *Aside: does this actually work?*, *What does this look like in a tabular environment?* and
# *$Q^*$ vs $Q^\pi$* of the tutorial *Review of Q-Learning* (Maximilian Du, CS 224R, Stanford), called
# "the lecture" below. From notebook 02 it needs the two Bellman equations.

# %% tags=["setup"]
from dataclasses import replace

import gymnasium
import numpy as np

from qlib import TabularMDP, envs, plot, solve
from qlib.gym import from_gymnasium
from qlib.rollouts import rollouts

# %% [markdown]
# ## 3.1 Fake it till you make it
#
# The Bellman optimality equation of notebook 02 is a fact about one table, $Q^*$:
#
# $$Q^*(s,a) = R(s,a) + \gamma \sum_{s'} P(s' \mid s,a)\, \max_{a'} Q^*(s',a').$$
#
# Without $Q^*$ there is nothing to put in on the right. The leap of faith: put in *any* table $Q_0$,
# call the result $Q_1$, put that in, and go on:
#
# $$Q_{k+1}(s,a) \leftarrow R(s,a) + \gamma \sum_{s'} P(s' \mid s,a)\, \max_{a'} Q_k(s',a').$$
#
# One such step for all pairs $(s,a)$ is a **sweep**. The arrow is an assignment, not an equality.
# Why it should work: $R$ on the right is true, and the made-up part is multiplied by $\gamma < 1$.

# %% [markdown]
# **Two repairs of names.**
#
# - The lecture writes $Q^*$ on both sides of the arrow, and $Q^*_0$, $\pi^*_0(s,a)$ for the start. But
#   the start is no optimum. In this course true values carry a superscript ($Q^*$, $Q^\pi$), a guess
#   carries the number of its sweep ($Q_k$), and a policy that picks one action is $\pi_k(s)$.
# - It calls the update above "Fitted Q Iteration" and, one slide later, "Q-learning". With the exact
#   expectation over $P$ and a table it is neither: nothing is fitted, nothing is learned from
#   experience. It is **Q-iteration** (in books also Q-value iteration), computed from a known model.
#   Section 3.6 brings the fitted one, section 3.7 Q-learning.


# %% tags=["helper:door"]
def door(gamma: float = 0.5) -> TabularMDP:
    """State 0: action 0 leaves and pays 1, action 1 waits for nothing. State 1 is terminal."""
    P = np.zeros((2, 2, 2))
    P[0, 0, 1] = P[0, 1, 0] = P[1, :, 1] = 1.0
    R = np.array([[1.0, 0.0], [0.0, 0.0]])
    return TabularMDP(P, R, gamma, terminal=np.array([False, True]))


# %% [markdown] tags=["task:q_iteration"]
# ### Exercise 1 · Q-iteration (8 points)
#
# Write `q_iteration(mdp, n, Q0=None)`, which returns all tables $Q_0, Q_1, \dots, Q_n$, stacked to
# shape `(n+1, S, A)`. `Q0=None` means zeros; a given `Q0` of shape `(S, A)` is 0 in terminal states,
# and stays unchanged. `n` may be 0.
#
# All of $Q_{k+1}$ comes from $Q_k$: no entry may use another one that is already new.
#
# At the door above, with $\gamma = 0.5$ and from zeros: $Q_1(0,\cdot) = (1, 0)$. Then waiting one step
# for the 1 is worth 0.5, so $Q_2(0,\cdot) = (1, 0.5)$.
#
# Write the backup out. qlib's finished `bellman_opt` is closed while this answer is checked.
#
# <details><summary>Hint</summary>
#
# `mdp.P @ V` multiplies an array of shape `(S, A, S)` with one of shape `(S,)`. Which axis of $Q_k$
# does the maximum run over?
#
# </details>


# %% tags=["answer:q_iteration"]
def q_iteration(mdp: TabularMDP, n: int, Q0: np.ndarray | None = None) -> np.ndarray:
    """Q_{k+1} = R + gamma E[max_a' Q_k(s', a')], n sweeps with the model.

    Args:
        mdp: the world, gamma < 1.
        n: number of sweeps, 0 or more.
        Q0: first table, (S, A); None means zeros.

    Returns:
        Q_0 ... Q_n, (n+1, S, A).
    """
    ### BEGIN SOLUTION
    tables = [np.zeros(mdp.R.shape) if Q0 is None else np.array(Q0, dtype=float)]
    for _ in range(n):
        V = tables[-1].max(axis=1)
        tables.append(mdp.R + mdp.gamma * mdp.P @ V)
    return np.stack(tables)
    ### END SOLUTION


# %% tags=["test:q_iteration:8"]

# %% [markdown] tags=["predict:sweeps"]
# **Predict first.** The grid of notebook 01: exits pay $+1$ or $-1$ when they are left, moves slip with
# probability 0.2, $\gamma = 0.9$. All of $Q_0$ is 0. Write $V_k(s) = \max_a Q_k(s,a)$.
#
# (a) After 2 sweeps, which cells have $V_2 \ne 0$?
#
# (b) After how many sweeps is $V_k$ of the start, in the lower left corner, not 0?
#
# (c) What does the greedy policy look like for $Q_0$?
#
# *Your prediction:*

# %% tags=["experiment"]
MOVES = ["up", "right", "down", "left"]
grid = envs.gridworld34(noise=0.2, gamma=0.9)
Qs = q_iteration(grid, 100)
Vs = Qs.max(axis=2)
ks, pictures = (0, 1, 2, 3, 4, 5, 6, 7, 10, 20, 100), []
for k in ks:
    fig, (left, right) = plot.panels(1, 2, size=(9.2, 3.7))
    plot.q_quarters(Qs[k], plot.GRID34, left, title=f"$Q_{{{k}}}(s, a)$", vmin=-1, vmax=1)
    title = f"$V_{{{k}}}(s)$ and greedy moves"
    plot.arrows(Qs[k], plot.GRID34, right, V=Vs[k], title=title, vmin=-1, vmax=1)
    pictures.append(fig)
title = "Figure 1. Reward travels backwards from its sources, one step a sweep"
plot.frames(pictures, [f"k = {k}" for k in ks], title=title, start=0)

# %% [markdown]
# The arrow keys step through the frames.
#
# <details><summary>What happens, and why</summary>
#
# - **Sources first.** $V_1$ is $\pm 1$ in the exits and 0 elsewhere. $V_2$ adds 1 cell: 0.72 beside the
#   good exit, which is $0.9 \cdot 0.8 \cdot 1$. $V_3$ reads 0, 0.52, 0.78, 1 in the top row.
# - **One step a sweep.** The start is 5 moves from the exit, and the exit pays in a sweep of its own:
#   $V_5$ is still 0 there, $V_6 = 0.21$.
# - **The bad exit stays local.** $V_{100}$ is negative in 1 cell only: one can walk away.
# - **Ties.** A cross means that all moves tie. $Q_0$ has no opinion anywhere, and a cell without news
#   has none yet.
# - **It settles.** $V_{100}$ of the start is 0.49; after $k = 20$ nothing moves by more than 0.0001.
#
# </details>
#
# <!-- numbers: 0.72 = Vs[2, 2]; 0.52 = Vs[3, 1]; 0.78 = Vs[3, 2]; 0 = abs(Vs[3, 0]);
# 0 = abs(Vs[5, 7]); 0.21 = Vs[6, 7]; 0.49 = Vs[100, 7]; 1 = (Vs[2] != Vs[1]).sum();
# 1 = (Vs[100] < 0).sum(); 0 = np.abs(Vs[20:] - Vs[100]).max() > 0.0001 -->

# %% [markdown] tags=["predict:gamma"]
# **Predict first.** Now $\gamma = 0.5$. (a) Does the first news reach the start earlier, later, or
# after the same number of sweeps? (b) By which factor, roughly, does $V^*$ of the start fall? (c) Do
# the arrows change?
#
# *Your prediction:*

# %% tags=["experiment"]
hasty = q_iteration(replace(grid, gamma=0.5), 100)
first_news = {"0.9": (Vs[:, 7] > 0).argmax(), "0.5": (hasty[:, 7].max(axis=1) > 0).argmax()}
start = {"0.9": Vs[100, 7], "0.5": hasty[100, 7].max()}
fig, axes = plot.panels(1, 2, size=(8.4, 3.4))
for ax, Q, gamma in zip(axes, (Qs[100], hasty[100]), start, strict=True):
    print(f"gamma = {gamma}: news at k = {first_news[gamma]}, V*(start) = {start[gamma]:.3f}")
    title = rf"$\gamma = {gamma}$: $V^{{*}}$ and greedy moves"
    plot.arrows(Q, plot.GRID34, ax, V=Q.max(axis=1), title=title, vmin=-1, vmax=1)
words = (
    r"Figure 2. With $\gamma = 0.5$ values fade quickly, and two arrows in the bottom row change"
)
fig.suptitle(words, x=0.01, ha="left", fontsize=12)
plot.show(fig, words + ". " + plot.alt(fig))

# %% [markdown]
# <details><summary>What happens, and why</summary>
#
# The first news arrives at $k = 6$ both times: it travels along the possible moves, whatever $\gamma$
# is. What arrives is smaller, 0.017 instead of 0.491: every step multiplies by $\gamma$.
#
# Two arrows differ, in the bottom row. To the right of the start, the patient agent goes back and
# takes the long, safe way; the hasty one takes the short way past the bad exit. In the corner under
# the bad exit, the patient one leaves at once and risks a slip upwards; the hasty one pushes against
# the floor until it slips to the left. $\gamma$ is not only a scale: it decides what is worth waiting
# for.
#
# </details>
# <!-- numbers: 6 = first_news["0.9"]; 6 = first_news["0.5"]; 0.017 = start["0.5"];
# 0.491 = start["0.9"] -->

# %% [markdown]
# **What is $Q_k$, before it is $Q^*$?** From $Q_0 = 0$ it is exactly the best expected return of the
# first $k$ steps, if nothing after them counts. $Q_1 = R$: one step to go. $Q_2$: two steps to go, and
# the second one is chosen as well as possible. So the frames show a planner with a growing horizon,
# whose best action may depend on how many steps are left.
#
# That repairs another slip. The lecture defines $Q$ with a finite horizon $T$ and then writes *one*
# Bellman equation with the same $Q$ on both sides. With a horizon there is one table for each number of
# steps to go; the equation with one $Q^*$ belongs to $k \to \infty$.

# %% [markdown]
# ## 3.2 From Q to a policy
#
# "Talk to your partner", says the lecture: after you compute $Q^*$, how do you get the optimal
# policy? Its answer is "Let $\pi(a \mid s) = \max_a Q^*(s,a)$". Try it.

# %% tags=["experiment"]
Q_star = Qs[100]
for s, name in ((7, "start"), (6, "bad exit")):
    print(f"{name}: max_a Q*(s, a) = {Q_star[s].max():.2f}")
print(f"the same number for all 4 actions: in the start they add up to {4 * Q_star[7].max():.2f}")

# %% [markdown]
# A maximum is a value, not an action and not a probability. In the start all four "probabilities"
# would be 0.49, which add up to 1.96; in the bad exit they would be $-1.00$. What is meant is the
# **argmax**, the action at which the maximum is attained:
#
# $$\pi(a \mid s) > 0 \quad\text{only if}\quad a \in \arg\max_{a'} Q^*(s, a').$$
#
# "Only if", because the best action need not be unique. Every way to share the probability among
# tied actions is optimal. The lecture's title "Optimal policy (deterministic for MDP)" means: *there is*
# a deterministic one. <!-- numbers: 0.49 = Q_star[7].max(); 1.96 = 4 * Q_star[7].max();
# -1.00 = Q_star[6].max() -->

# %% [markdown] tags=["task:greedy"]
# ### Exercise 2a · The greedy action (2 points)
#
# Write `greedy(Q)` for a table of shape `(S, A)`. It returns one best action for each state, shape
# `(S,)`, integers. Where several are best, any of them is right.
#
# `greedy(np.array([[1.0, 3.0, 2.0]]))` is `[1]`.
#
# <details><summary>Hint</summary>
#
# NumPy has one function for the largest value and one for its place.
#
# </details>


# %% tags=["answer:greedy"]
def greedy(Q: np.ndarray) -> np.ndarray:
    """One best action in each state.

    Args:
        Q: action values, (S, A).

    Returns:
        Actions, (S,) int.
    """
    ### BEGIN SOLUTION
    return Q.argmax(axis=1)
    ### END SOLUTION


# %% tags=["test:greedy:2"]

# %% [markdown] tags=["task:greedy_probs"]
# ### Exercise 2b · The greedy policy as a table (2 points)
#
# Write `greedy_probs(Q)`, which returns $\pi(a \mid s)$, shape `(S, A)`: each row a distribution, with
# positive probability only where $Q(s,a)$ is the largest of its row. How tied actions share is up
# to you.
#
# `greedy_probs(np.array([[1.0, 3.0, 2.0]]))` is `[[0, 1, 0]]`.
#
# <details><summary>Hint</summary>
#
# `np.eye(A)[actions]` has a 1 in the column of each action. To share among ties instead: mark the
# best entries of each row, then divide each row by its sum.
#
# </details>


# %% tags=["answer:greedy_probs"]
def greedy_probs(Q: np.ndarray) -> np.ndarray:
    """A greedy policy pi[s, a]: all probability on best actions.

    Args:
        Q: action values, (S, A).

    Returns:
        Probabilities, (S, A); rows sum to 1.
    """
    ### BEGIN SOLUTION
    best = Q.max(axis=1, keepdims=True) == Q
    return best / best.sum(axis=1, keepdims=True)
    ### END SOLUTION


# %% tags=["test:greedy_probs:2"]

# %% [markdown] tags=["task:eps_greedy_probs"]
# ### Exercise 2c · Mostly greedy (2 points)
#
# An agent that learns must also try what it does not believe in. The **ε-greedy** policy tosses a
# coin: with probability $\varepsilon$ it draws an action uniformly from *all* $A$ actions, otherwise
# it is greedy; how tied actions share is up to you again.
#
# Write `eps_greedy_probs(Q, eps)`, the probabilities, shape `(S, A)`. With $\varepsilon = 0.3$ and
# $Q(s,\cdot) = (1, 3, 2)$ they are $(0.1, 0.8, 0.1)$: the best action can be drawn in either way.
#
# <details><summary>Hint</summary>
#
# It is a weighted mean of two policies, and you have just written one of them.
#
# </details>


# %% tags=["answer:eps_greedy_probs"]
def eps_greedy_probs(Q: np.ndarray, eps: float) -> np.ndarray:
    """eps / A for every action, and the rest, 1 - eps, on best actions.

    Args:
        Q: action values, (S, A).
        eps: probability of a uniformly random action, in [0, 1].

    Returns:
        Probabilities, (S, A); rows sum to 1.
    """
    ### BEGIN SOLUTION
    return eps / Q.shape[1] + (1 - eps) * greedy_probs(Q)
    ### END SOLUTION


# %% tags=["test:eps_greedy_probs:2"]

# %% tags=["experiment"]
sure = replace(grid, P=envs.gridworld34(noise=0.0).P)  # the same grid, nobody slips
Q_sure = q_iteration(sure, 100)[-1].round(12)
first, mixed = np.eye(4)[greedy(Q_sure)], solve.eps_greedy_probs(Q_sure)  # qlib shares ties
tie = Q_sure[7]
start_values = [solve.policy_evaluation(sure, pi).V[7] for pi in (first, mixed)]
print("Q* in the start:", ", ".join(f"{a} {x:.4f}" for a, x in zip(MOVES, tie, strict=True)))
print(f"V(start): always the first best {start_values[0]:.4f}, ties mixed {start_values[1]:.4f}")
plot.arrows(Q_sure, plot.GRID34, title="Figure 3. Two best moves in the start")

# %% [markdown]
# Up and right tie at 0.5905: five moves either way. The policy that always takes one of them and the
# policy that mixes both have the same value, 0.5905. The second is optimal and not deterministic.
# <!-- numbers: 0.5905 = tie[0]; 0.5905 = tie[1]; 0.5905 = start_values[0];
# 0.5905 = start_values[1] -->

# %% [markdown]
# ## 3.3 $Q^*$ beside $Q^\pi$
#
# The lecture has a second version of the sweep, for a *given* policy: replace the maximum by the
# mean under $\pi$, and the tables tend to $Q^\pi$:
#
# $$Q_{k+1}(s,a) \leftarrow R(s,a) + \gamma \sum_{s'} P(s' \mid s,a) \sum_{a'} \pi(a' \mid s')\,
# Q_k(s',a').$$
#
# On four slides the inner mean is written $\mathbb{E}_{a_t \sim \pi(a_t \mid s_t)}$: the policy is
# asked in the *old* state. What does that change? The next cell runs both versions, for a policy that
# is ε-greedy for $Q^*$ with $\varepsilon = 0.4$.

# %% tags=["experiment"]
pi = eps_greedy_probs(Q_star, 0.4)
meant, written = np.zeros((12, 4)), np.zeros((12, 4))
for _ in range(200):
    meant = grid.R + grid.gamma * grid.P @ (pi * meant).sum(axis=1)
    asked_in_s = np.einsum("sap,sb,pb->sa", grid.P, pi, written)  # pi(b|s) instead of pi(b|s')
    written = grid.R + grid.gamma * asked_in_s
Q_pi = solve.policy_evaluation(grid, pi).Q
off = {"meant": np.abs(meant - Q_pi).max(), "written": np.abs(written - Q_pi).max()}
print(f"largest distance to Q^pi: as meant {off['meant']:.4f}, as written {off['written']:.4f}")

# %% tags=["experiment"]
fig, axes = plot.panels(2, 2, size=(9.6, 7.8))
axes[3].remove()  # three panels
plot.q_quarters(Q_star, plot.GRID34, axes[0], title="$Q^{*}$", vmin=-1, vmax=1)
plot.q_quarters(Q_pi, plot.GRID34, axes[1], title=r"$Q^\pi$, 40% random moves", vmin=-1, vmax=1)
loss = Q_star - Q_pi
words = {"signed": True, "name": "the loss", "tol": 9.0}  # nothing is greedy in a difference
plot.q_quarters(loss, plot.GRID34, axes[2], title=r"$Q^{*} - Q^\pi$", **words)
words = r"Figure 4. $Q^{*}$ is at least $Q^\pi$ for every state and every first move"
fig.suptitle(words, x=0.01, ha="left", fontsize=13)
plot.show(fig, f"{words}. The difference is between {loss.min():.2f} and {loss.max():.2f}.")

# %% [markdown]
# As meant, the sweeps end at $Q^\pi$. As written, they end up to 0.54 away from it, at the value of
# nothing in particular.
#
# The third panel is $Q^* - Q^\pi$. It is nowhere negative, not only in the start: an optimal policy is
# best *from every pair* at once. It is 0 in the exits, where nothing is left to decide, and largest,
# 0.29, in the lower right, where a random move may lead into the bad exit.
#
# Yet both tables have the same greedy moves, in all 9 cells that leave a choice. A table can be wrong
# almost everywhere and still be a good guide: acting needs the order of its entries, not their values.
# <!-- numbers: 0.54 = off["written"]; 0 = off["meant"]; 0.29 = loss.max();
# 0 = (loss < -1e-9).sum(); 0 = np.abs(loss[[3, 6]]).max();
# 9 = (Q_star.argmax(1) == Q_pi.argmax(1))[[0, 1, 2, 4, 5, 7, 8, 9, 10]].sum() -->

# %% [markdown]
# ## 3.4 When to stop
#
# "Each operation gets you exponentially closer to the true solution", says the lecture, below a proof.
# The sentence is true, but the proof above it is about something else:
#
# | name | statement | in the lecture |
# |---|---|---|
# | contraction | $\lVert Q_k - Q^* \rVert \le \gamma^k\, \lVert Q_0 - Q^* \rVert$ | the sentence |
# | greedy loss | $\max_s (V^* - V^\pi) \le 2\varepsilon / (1-\gamma)$ for $\pi$ greedy for $Q$, with $\varepsilon = \lVert \mathcal T^* Q - Q \rVert$ | the proof |
#
# Here $\lVert Q \rVert = \max_{s,a} |Q(s,a)|$, and $\mathcal T^*$ is one sweep. Notebook 02 proves both. The
# first speaks about *iterating*, the second about *acting* on a table that is not finished. A stopping
# rule needs both.

# %% [markdown] tags=["task:iterations_needed"]
# ### Exercise 3a · How many sweeps, before starting? (3 points)
#
# From $Q_0 = 0$ the first error is at most the largest value there can be,
# $\lVert Q^* \rVert \le r_{\max} / (1 - \gamma)$ with $r_{\max} = \max |R|$. So
#
# $$\lVert Q_k - Q^* \rVert \le \gamma^k\, \frac{r_{\max}}{1 - \gamma}.$$
#
# Write `iterations_needed(r_max, gamma, eps) -> int`: the smallest $k \ge 0$ for which the right side
# is at most `eps`. For $r_{\max} = 1$, $\gamma = 0.9$ and `eps = 0.1` it is 44. `gamma` may be 0
# ($0^0 = 1$), and if `eps` is large, 0 sweeps are enough.
#
# <details><summary>Hint</summary>
#
# Counting up in a loop is fine, and so is a logarithm. Mind which way to round, and never below 0.
#
# </details>


# %% tags=["answer:iterations_needed"]
def iterations_needed(r_max: float, gamma: float, eps: float) -> int:
    """The smallest k with gamma^k r_max / (1 - gamma) <= eps.

    Args:
        r_max: largest |reward|, positive.
        gamma: discount in [0, 1).
        eps: wanted accuracy, positive.

    Returns:
        A number of sweeps, 0 or more.
    """
    ### BEGIN SOLUTION
    k = 0
    while gamma**k * r_max / (1 - gamma) > eps:
        k += 1
    return k
    ### END SOLUTION


# %% tags=["test:iterations_needed:3"]

# %% [markdown]
# That count assumes the worst world. While iterating we see more: how far the last sweep moved the
# table, $\delta_k = \lVert Q_k - Q_{k-1} \rVert$. All later sweeps together move it by at most
# $\gamma \delta_k + \gamma^2 \delta_k + \dots$, so
#
# $$\lVert Q_k - Q^* \rVert \le \frac{\gamma}{1-\gamma}\, \delta_k .$$
#
# The next sweep would move it by at most $\gamma \delta_k$: that is the $\varepsilon$ of the
# greedy-loss bound. So if we stop at $\delta_k \le \text{tol}\,(1-\gamma) / (2\gamma)$, then
# $\lVert Q_k - Q^* \rVert \le \text{tol}/2$, and a policy that is greedy for $Q_k$ loses at most
# $2 \gamma \delta_k / (1-\gamma) \le \text{tol}$, from every state.

# %% [markdown] tags=["task:run_until"]
# ### Exercise 3b · Stop with a guarantee (3 points)
#
# Write `run_until(mdp, tol)`. Start at $Q_0 = 0$, sweep at least once, and stop after the first sweep
# $k$ with
#
# $$\lVert Q_k - Q_{k-1} \rVert \le \frac{\text{tol}\,(1-\gamma)}{2\gamma}.$$
#
# Return the pair `(Q_k, k)`. With $\gamma = 0$ one sweep is exact: return $(Q_1, 1)$.
#
# <details><summary>Hint</summary>
#
# Multiply the rule by $2\gamma$, and $\gamma = 0$ needs no special case. $\lVert \cdot \rVert$ is the
# largest *absolute* change over all pairs: costs make tables sink.
#
# </details>


# %% tags=["answer:run_until"]
def run_until(mdp: TabularMDP, tol: float) -> tuple[np.ndarray, int]:
    """Q-iteration from 0 until a greedy policy loses at most tol.

    Args:
        mdp: the world, gamma < 1.
        tol: largest loss of the greedy policy, positive.

    Returns:
        (Q_k, k): the first table with |Q_k - Q_{k-1}| <= tol (1 - gamma) / (2 gamma), and the
        number of sweeps.
    """
    ### BEGIN SOLUTION
    Q, k = np.zeros(mdp.R.shape), 0
    while True:
        before, Q = Q, q_iteration(mdp, 1, Q)[1]
        k += 1
        if 2 * mdp.gamma * np.abs(Q - before).max() <= tol * (1 - mdp.gamma):
            return Q, k
    ### END SOLUTION


# %% tags=["test:run_until:3"]

# %% tags=["experiment"]
Q_true = q_iteration(grid, 400)[-1]
error = np.abs(Qs[:81] - Q_true).max(axis=(1, 2))
change = np.abs(np.diff(Qs[:81], axis=0)).max(axis=(1, 2))
k = np.arange(1, 81)
a_priori = 0.9**k * np.abs(grid.R).max() / (1 - 0.9)
lines = {r"before: $0.9^k r_{\max} / 0.1$": a_priori, "while: 9 times the change": 9 * change}
lines["true error"] = error[1:]
words = {"xlabel": "sweep k", "ylabel": "distance to $Q^{*}$ (largest entry)", "note": "exact"}
title = "Figure 5. The true error, and what can be promised"
plot.curves({name: y[:25] for name, y in lines.items()}, k[:25], log=True, title=title, **words)

# %% [markdown]
# On a logarithmic axis "exponentially closer" is a straight line down. The promise made before the
# first sweep falls by the factor 0.9 each time. The true error falls faster: episodes end, and
# mistakes leave the world with them. The promise made on the way notices that. At $k = 25$ the first
# says 0.72, the second 0.000006. The true error is below both, as at all 25 sweeps of the figure.
# <!-- numbers: 0.9 = a_priori[1] / a_priori[0]; 0.72 = a_priori[24]; 0.000006 = 9 * change[24];
# 25 = (error[1:26] <= 9 * change[:25]).sum() -->

# %% [markdown] tags=["predict:settled"]
# **Predict first.** 300 random worlds with 10 states, 3 actions, $\gamma = 0.9$. `run_until` with
# `tol = 0.01` takes 55 to 79 sweeps. After how many sweeps is the greedy policy *in fact* optimal, and
# stays so: in the median world, and in the slowest of the 300?
#
# *Your prediction:*

# %% tags=["experiment"]
rng = np.random.default_rng(0)
settled, stopped = [], []
for _ in range(300):
    world = envs.garnet(10, 3, 3, rng, gamma=0.9)
    best = q_iteration(world, 300)[-1]
    taken = q_iteration(world, 60).argmax(axis=2)
    loses = (best.max(axis=1) - best[np.arange(10), taken] > 1e-9).any(axis=1)
    settled.append(np.flatnonzero(loses).max(initial=-1) + 1)
    stopped.append(run_until(world, 0.01)[1])
print(f"optimal from k = {np.median(settled):.0f} on (median); slowest {max(settled)}")
print(f"run_until: {min(stopped)} to {max(stopped)} sweeps")
share = [100 * np.mean(np.array(settled) <= k) for k in range(31)]
words = {"xlabel": "sweep k", "ylabel": "worlds, %", "note": "300 worlds"}
title = "Figure 6. Worlds whose greedy policy is optimal from sweep k on"
plot.curves({"settled": np.array(share)}, title=title, **words)

# %% [markdown]
# <details><summary>What happens, and why</summary>
#
# Median 4, nine in ten by 7, the slowest 25, long before the 55 to 79 sweeps of the rule. The policy
# needs the *order* of the entries, not their values, and the order is usually clear early.
#
# </details>
#
# So may we stop when the policy has not changed for, say, ten sweeps? No rule that only watches the
# greedy actions can promise anything. The next exercise is the proof.
# <!-- numbers: 4 = np.median(settled); 7 = np.quantile(settled, 0.9); 25 = max(settled);
# 55 = min(stopped); 79 = max(stopped) -->

# %% [markdown] tags=["task:hunt_late_switch"]
# ### Exercise 4 · Counterexample: a late change of mind (4 points)
#
# Somebody stops after 50 sweeps because "the policy has long been stable". Build a world in which
# that is wrong: at most 3 states (terminal ones included), 2 actions, rewards between $-1000$ and
# $1000$, $\gamma \le 0.99$, such that from $Q_0 = 0$, in some state
#
# - the greedy action for $Q_{50}$ is *not* greedy for $Q_{60}$, with a gap of at least
#   $10^{-9} \cdot \max |Q_{60}|$ between the two actions in both tables;
# - and the action that $Q_{50}$ prefers is not optimal.
#
# Write `hunt_late_switch() -> TabularMDP`. (`envs.slow_policy` is closed while this is checked.)
#
# <details><summary>Hint</summary>
#
# Let one action pay a lump sum at once, and the other lead to a loop that pays a little for ever. What
# does $Q_k$ think of the loop? Choose the lump sum between its opinions at $k = 50$ and $k = 60$.
#
# </details>


# %% tags=["answer:hunt_late_switch"]
def hunt_late_switch() -> TabularMDP:
    """A world whose greedy policy still changes between sweep 50 and sweep 60.

    Returns:
        At most 3 states, 2 actions, gamma at most 0.99.
    """
    ### BEGIN SOLUTION
    gamma = 0.9
    loop_after_54_sweeps = gamma * (1 - gamma**54) / (1 - gamma)
    P = np.zeros((3, 2, 3))
    P[0, 0, 2] = P[0, 1, 1] = P[1, :, 1] = P[2, :, 2] = 1.0  # 0: lump sum, end. 1: to the loop
    R = np.array([[loop_after_54_sweeps, 0.0], [1.0, 1.0], [0.0, 0.0]])
    return TabularMDP(P, R, gamma, terminal=np.array([False, False, True]))
    ### END SOLUTION


# %% tags=["test:hunt_late_switch:4"]

# %% tags=["experiment"]
late = hunt_late_switch()
late_tables = q_iteration(late, 80)
opinions = {
    f"$Q_k({s}, {a})$": late_tables[:, s, a] for s in range(late.n_states) for a in range(2)
}
changes = np.argwhere(np.diff(late_tables.argmax(axis=2), axis=0))
print("the greedy action changes", "; ".join(f"in state {s} after sweep {k}" for k, s in changes))
print(f"run_until with tol = 0.01 takes {run_until(late, 0.01)[1]} sweeps")
s = int(changes[-1, 1])
lines = {name: y[40:] for name, y in opinions.items() if name.startswith(f"$Q_k({s},")}
title = "Figure 7. Two opinions that cross late"
words = {"xlabel": "sweep k", "ylabel": "value", "note": "exact"}
plot.curves(lines, np.arange(40, 81), title=title, **words)

# %% [markdown] tags=["task:read_off"]
# ### Exercise 5 · Read it off (4 points)
#
# What you saw in the frames, as a function. `read_off(Qs, s, eps)` takes the tables $Q_0 \dots Q_n$,
# shape `(n+1, S, A)`, and returns three integers `(news, settled, near)`:
#
# - `news`: the first $k$ at which $V_k(s) = \max_a Q_k(s,a)$ is not 0; $-1$ if there is none;
# - `settled`: the first $k$ from which on the greedy actions of *all* states stay those of $Q_n$,
#   through every later table;
# - `near`: the first $k$ with $\lVert Q_k - Q_n \rVert \le$ `eps`.
#
# Tables may be any numbers; there are no ties.
#
# <details><summary>Hint</summary>
#
# For `settled` walk backwards from $k = n$: a policy may agree, change its mind, and come back.
#
# </details>


# %% tags=["answer:read_off"]
def read_off(Qs: np.ndarray, s: int, eps: float) -> tuple[int, int, int]:
    """Three readings of the frames of Q-iteration.

    Args:
        Qs: tables Q_0 ... Q_n, (n+1, S, A); n is at least 1.
        s: the state whose first news is asked for.
        eps: accuracy, 0 or more.

    Returns:
        (news, settled, near), sweep numbers.
    """
    ### BEGIN SOLUTION
    changed = np.flatnonzero(Qs[:, s].max(axis=1) != 0)
    policies = Qs.argmax(axis=2)
    settled = len(Qs) - 1
    while settled > 0 and (policies[settled - 1] == policies[-1]).all():
        settled -= 1
    distance = np.abs(Qs - Qs[-1]).max(axis=(1, 2))
    return int(changed[0]) if len(changed) else -1, settled, int((distance <= eps).argmax())
    ### END SOLUTION


# %% tags=["test:read_off:4"]

# %% tags=["experiment"]
readings = {s: read_off(Qs, s, 0.01) for s in (7, 10)}
for s, name in ((7, "start"), (10, "lower right corner")):
    print("{:20s} news k = {}, settled k = {}, near k = {}".format(name, *readings[s]))

# %% [markdown]
# The start hears first at $k = 6$: its Manhattan distance to the good exit, 5, plus the sweep of the
# exit itself. The lower right corner, which is closer, hears at $k = 5$. All arrows are final from
# $k = 11$ on, and from $k = 13$ on no entry is more than 0.01 away from its end.
# <!-- numbers: 6 = readings[7][0]; 5 = readings[10][0]; 11 = readings[7][1]; 13 = readings[7][2] -->

# %% [markdown]
# ## 3.5 Real worlds, with their model
#
# Gymnasium's *toy_text* worlds publish their tables, and `from_gymnasium` makes a `TabularMDP` of them:
#
# - **FrozenLake-v1**: 16 cells of ice. A move goes where it should with probability 1/3, else
#   sideways. Reaching the goal pays 1; a hole ends the episode.
# - **CliffWalking-v1**: 48 cells, $-1$ a step, $-100$ and back to the start for a fall.
# - **Taxi-v4**: 500 states, 6 actions; fetch a passenger and bring them where they want to go.
#
# Solve them from the table, then let the greedy policy play in the *real* environment, which has its
# own random numbers, and time limits that the table does not know.


# %% tags=["helper:play"]
def play(name: str, policy: np.ndarray, episodes: int, seed: int = 0) -> np.ndarray:
    """Sum of rewards of each episode of policy[s] in the real gymnasium environment."""
    limit = gymnasium.spec(name).max_episode_steps or 1000
    env, sums = gymnasium.make(name, max_episode_steps=limit), np.zeros(episodes)
    for i in range(episodes):
        s, _ = env.reset(seed=seed if i == 0 else None)
        terminated = truncated = False
        while not (terminated or truncated):
            s, r, terminated, truncated, _ = env.step(int(policy[s]))
            sums[i] += r
    return sums


# %% [markdown] tags=["predict:lake"]
# **Predict first.** FrozenLake's ice is brutal: two thirds of all moves go sideways. How often does the
# *optimal* policy reach the goal? And an agent that moves at random?
#
# *Your prediction:*

# %% tags=["experiment"]
scores = {}
print("world             sweeps   J from the table   sum of rewards of a real episode")
for name in ("FrozenLake-v1", "CliffWalking-v1", "Taxi-v4"):
    world = from_gymnasium(name, gamma=0.99)
    Q, k = run_until(world, 0.01)
    real = play(name, greedy(Q), 1000)
    scores[name] = k, world.rho0 @ Q.max(axis=1), real.mean(), real.std() / 1000**0.5
    print("{:17s} {:6d} {:18.3f} {:17.3f} ± {:.3f}".format(name, *scores[name]))

# %% [markdown]
# <details><summary>What happens, and why</summary>
#
# Your twenty lines solve all three. The optimal FrozenLake policy reaches the goal in 73% of episodes;
# CliffWalking takes 13 steps along the edge; Taxi earns 8.0 on average. The two columns differ because
# they measure different things: $J$ discounts, the episode sum does not.
#
# Sweeps follow the world: the cliff and the taxi are deterministic, and after 16 and 20 sweeps the
# news has been everywhere. On ice it sloshes back and forth: 191 sweeps.
#
# </details>
# <!-- numbers: 73 = 100 * scores["FrozenLake-v1"][2]; 13 = -scores["CliffWalking-v1"][2];
# 8.0 = scores["Taxi-v4"][2]; 16 = scores["CliffWalking-v1"][0]; 20 = scores["Taxi-v4"][0];
# 191 = scores["FrozenLake-v1"][0] -->

# %% tags=["experiment"]
lake = from_gymnasium("FrozenLake-v1", gamma=0.99)
Q_lake, _ = run_until(lake, 1e-6)
ICE = plot.GridLayout((4, 4), [divmod(s, 4) for s in range(16)], exits=(5, 7, 11, 12, 15), start=0)
words = {"actions": ["left", "down", "right", "up"], "V": Q_lake.max(axis=1)}
title = "Figure 8. FrozenLake, best moves"
plot.arrows(Q_lake, ICE, title=title, **words)

# %% [markdown]
# Double frames are holes, except the goal in the lower right. In the start the best move is *left*,
# into the wall: slipping sideways from there can only go up or down, never towards danger. Nobody
# programmed that; it is what $\max$ and 1/3 lead to. And the number in the start, 0.54, is not the
# 73% of above: a discount of 0.99 for each of many steps lies between them.
# <!-- numbers: 0.54 = Q_lake[0].max(); 73 = 100 * scores["FrozenLake-v1"][2]; 0.99 = lake.gamma -->

# %% [markdown]
# ## 3.6 Without the model: fitted Q iteration
#
# Now $P$ and $R$ are gone. What is left are **transitions** $(s_i, a_i, r_i, s'_i, \text{terminated}_i)$,
# collected by anybody. Each one turns a table $Q_k$ into a target,
#
# $$y_i = r_i + \gamma\, (1 - \text{terminated}_i)\, \max_{a'} Q_k(s'_i, a'),$$
#
# and the next table is *fitted* to the targets: $Q_{k+1}$ minimises $\sum_i (Q(s_i, a_i) - y_i)^2$.
# For a table every pair $(s,a)$ is fitted on its own, and the best number for a pair is the **mean** of
# its targets. One target is noisy; its expectation is $R + \gamma\, \mathbb{E} \max_{a'} Q_k(s', a')$,
# the exact backup.
#
# The factor $1 - \text{terminated}_i$ is missing on the lecture's slides until DQN. A *truncated* step
# did not end the world: it keeps its bootstrap.

# %% [markdown] tags=["task:fqi"]
# ### Exercise 6 · Fitted Q iteration (12 points)
#
# Write `fqi(batch, n_states, n_actions, gamma, n)`. `batch` is a tuple
# `(s, a, r, s_next, terminated)` of arrays of length $N$: integers, but floats `r` and booleans
# `terminated`. Start at $Q_0 = 0$, do `n` iterations, and return $Q_n$, shape `(S, A)`.
#
# - Each iteration computes *all* targets from $Q_k$, then averages them for each pair.
# - A pair without samples stays 0, in every iteration, and takes part in the maximum as 0.
# - The flag alone decides about the bootstrap: after a terminated step `s_next` may be any state.
# - `n` may be 0, and the batch may be empty ($N = 0$).
#
# By hand: $(0,0)$ was taken twice, with rewards 1 and 3, and both times the episode terminated:
# $Q_1(0,0) = 2$.
#
# <details><summary>Hint</summary>
#
# Number the pairs: $s \cdot A + a$. `np.bincount(pairs, weights=y, minlength=S * A)` adds up the
# targets of each pair, without `weights` it counts them. What is 0/0? Keep it from happening.
#
# </details>


# %% tags=["answer:fqi"]
def fqi(batch: tuple, n_states: int, n_actions: int, gamma: float, n: int) -> np.ndarray:
    """Tabular fitted Q iteration: Q_{k+1}(s, a) = mean of the targets of (s, a).

    Args:
        batch: (s, a, r, s_next, terminated), arrays (N,).
        n_states: S.
        n_actions: A.
        gamma: discount in [0, 1).
        n: number of iterations, 0 or more.

    Returns:
        Q_n, (S, A).
    """
    ### BEGIN SOLUTION
    s, a, r, s_next, terminated = batch
    size = n_states * n_actions
    pairs = s * n_actions + a
    count = np.bincount(pairs, minlength=size)
    Q = np.zeros((n_states, n_actions))
    for _ in range(n):
        y = r + gamma * np.where(terminated, 0.0, Q[s_next].max(axis=1))
        total = np.bincount(pairs, weights=y, minlength=size)
        Q = (total / np.maximum(count, 1)).reshape(n_states, n_actions)
    return Q
    ### END SOLUTION


# %% tags=["test:fqi:12"]

# %% [markdown] tags=["predict:batch"]
# **Predict first.** (a) A world without chance, and a batch that holds every pair $(s,a)$ exactly once.
# How far is `fqi` from `q_iteration` after 30 iterations? (b) A random world, and $N$ samples with
# uniformly random $(s,a)$. $N$ grows from 300 to 30,000, a hundredfold. What happens to the error?
#
# *Your prediction:*

# %% tags=["experiment"]
s, a = np.divmod(np.arange(48), 4)
s_next = sure.P[s, a].argmax(axis=1)  # in `sure` nobody slips
batch = (s, a, sure.R[s, a], s_next, sure.terminal[s_next])
gap = np.abs(fqi(batch, 12, 4, 0.9, 30) - q_iteration(sure, 30)[-1]).max()
print(f"every pair once, no chance: largest difference {gap:.1e}")
world = envs.garnet(10, 3, 3, np.random.default_rng(0), gamma=0.9)
best, anything = q_iteration(world, 300)[-1], np.full((10, 3), 1 / 3)
sizes = np.array([300, 1000, 3000, 10000, 30000])
errors = np.zeros((8, len(sizes)))
for i, j in np.ndindex(errors.shape):
    rng = np.random.default_rng(i)
    data = rollouts(world, anything, int(sizes[j]), rng, max_steps=1).transitions()
    errors[i, j] = np.abs(fqi(data, 10, 3, 0.9, 100) - best).max()

# %% tags=["experiment"]
scaled = errors.mean(axis=0) * np.sqrt(sizes)
for N, e, x in zip(sizes, errors.mean(axis=0), scaled, strict=True):
    print(f"N = {N:6d}   largest error {e:.3f}   error times sqrt(N) {x:5.1f}")
words = {"xlabel": "samples N, as a power of 10", "ylabel": "largest error $|Q - Q^{*}|$"}
title = r"Figure 9. From 1,000 samples on, the error falls like $1 / \sqrt{N}$"
plot.curves({"fqi": errors}, np.log10(sizes), log=True, title=title, **words)

# %% [markdown]
# <details><summary>What happens, and why</summary>
#
# (a) Nothing is left to fit: the mean of one exact target is the exact backup, and the two agree to
# rounding. (b) From 1,000 samples on, error times $\sqrt N$ stays between 9 and 12, as for any mean.
# (Fewer samples do worse still: some pairs have hardly any, and a maximum over noisy means is too large;
# notebook 05 is about that.)
#
# </details>
#
# This is the bridge the lecture skips. *Q-iteration* takes the expectation, *fitted Q iteration*
# estimates it by a mean over a batch, and *Q-learning*, in section 3.7, by a mean that runs along.
# <!-- numbers: 9 = np.floor(scaled[1:].min()); 12 = np.ceil(scaled[1:].max()) -->

# %% [markdown] tags=["predict:mask"]
# **Predict first.** Vectorised environments reset by themselves: after the end, the `s_next` they hand
# out is the *start of the next episode*. The flag `terminated` is still right. What does fqi do with
# such data, with the factor $1 - \text{terminated}$ and without it? Take the grid, where
# $V^*$ of the start is 0.491.
#
# *Your prediction:*

# %% tags=["experiment"]
uniform = np.full((12, 4), 0.25)
data = rollouts(grid, uniform, 3000, np.random.default_rng(0), 200).transitions()
auto_reset = np.where(data.terminated, 7, data.s_next)  # 7 is the start
found = {}
for name, s_next, flag in (
    ("real s_next, mask", data.s_next, data.terminated),
    ("real s_next, no mask", data.s_next, np.zeros_like(data.terminated)),
    ("auto-reset, mask", auto_reset, data.terminated),
    ("auto-reset, no mask", auto_reset, np.zeros_like(data.terminated)),
):
    found[name] = fqi((data.s, data.a, data.r, s_next, flag), 12, 4, 0.9, 100)[7].max()
    print(f"{name:21s} V(start) = {found[name]:.3f}")

# %% [markdown]
# <details><summary>What happens, and why</summary>
#
# With the mask both batches give 0.495, for a true value of 0.491. Without it, the auto-reset batch
# says 0.926: an exit no longer ends anything, it is a door to the next try, and $+1$ can be collected
# again and again.
#
# Treacherous: *without* auto-reset the missing mask changes nothing. No sample starts in a terminal
# state, so its row stays 0 by accident. The bug sleeps until the data change; and a network (notebook
# 07) has no rows that stay 0.
#
# </details>
# <!-- numbers: 0.495 = found["real s_next, mask"]; 0.495 = found["auto-reset, mask"];
# 0.926 = found["auto-reset, no mask"]; 0.495 = found["real s_next, no mask"];
# 0.491 = Vs[100, 7] -->

# %% tags=["experiment"]
env, rng, rows = gymnasium.make("FrozenLake-v1"), np.random.default_rng(0), []
s, _ = env.reset(seed=0)
for _ in range(60_000):
    a = int(rng.integers(4))
    s_next, r, terminated, truncated, _ = env.step(a)
    rows.append((s, a, r, s_next, terminated))
    s = env.reset()[0] if terminated or truncated else s_next
steps = tuple(np.array(column) for column in zip(*rows, strict=True))
goals, ends = steps[2].sum(), steps[4].sum()
print(f"random play: the goal in {goals:.0f} of {ends} episodes, {goals / ends:.1%}")
success = {}
for N in (1000, 60_000):
    Q = fqi(tuple(column[:N] for column in steps), 16, 4, 0.99, 300)
    success[N] = play("FrozenLake-v1", greedy(Q), 1000).mean()
    print(f"fqi on the first {N:6d} steps: the goal in {success[N]:.0%} of real episodes")

# %% [markdown]
# A *random* player, which reached the goal in 1.6% of its episodes, taught a policy that reaches it in
# 74%, as good as the one from the model. FQI does not imitate the data; it asks what the best would
# have done with the same ice. That is **off-policy** learning: any behaviour will do, if it tries
# every pair often enough. With 1,000 steps it has not: 33%.
#
# Note `terminated` in the rows, not `terminated or truncated`: a time limit ended some of these
# episodes, the ice did not. <!-- numbers: 1.6 = 100 * goals / ends; 74 = 100 * success[60_000];
# 33 = 100 * success[1000] -->

# %% [markdown]
# ## 3.7 Online: Q-learning
#
# Without a model and without a batch: act, see one transition, learn from it, throw it away. The mean
# of the targets of $(s,a)$ becomes a running one. Move the entry a little towards each new target:
#
# $$Q(s,a) \leftarrow Q(s,a) + \alpha\, \big[\, r + \gamma\, (1 - \text{terminated}) \max_{a'} Q(s',a')
# - Q(s,a)\, \big].$$
#
# The **step size** $\alpha \in [0, 1]$ is the weight of the new target; the bracket is the **TD error**
# (temporal difference). This is **Q-learning** (Watkins 1989). $Q$ here is the table in the agent's
# head, neither $Q^*$ nor any $Q^\pi$ yet.

# %% [markdown] tags=["task:q_learning_update"]
# ### Exercise 7a · One update (5 points)
#
# Write `q_learning_update(Q, s, a, r, s_next, terminated, alpha, gamma)`, which returns the table after
# the update above. Only the entry of $(s, a)$ changes. You may change `Q` itself or a copy; return the
# table in any case.
#
# By hand: $\alpha = 0.5$, $r = 2$, $\gamma = 0.9$, $Q(s,a) = 0$ and $\max_{a'} Q(s',a') = 10$ give
# $0 + 0.5\,(2 + 9 - 0) = 5.5$; if the step terminated, 1.
#
# <details><summary>Hint</summary>
#
# First the target, one number. Then one assignment.
#
# </details>


# %% tags=["answer:q_learning_update"]
def q_learning_update(
    Q: np.ndarray,
    s: int,
    a: int,
    r: float,
    s_next: int,
    terminated: bool,
    alpha: float,
    gamma: float,
) -> np.ndarray:
    """Q(s, a) += alpha (r + gamma (1 - terminated) max_a' Q(s', a') - Q(s, a)).

    Args:
        Q: the table, (S, A) float; may be changed.
        s: state.
        a: action taken in s.
        r: reward.
        s_next: next state.
        terminated: whether the episode ended with this step.
        alpha: step size in [0, 1].
        gamma: discount.

    Returns:
        The table after the update, (S, A).
    """
    ### BEGIN SOLUTION
    target = r if terminated else r + gamma * Q[s_next].max()
    Q[s, a] += alpha * (target - Q[s, a])
    return Q
    ### END SOLUTION


# %% tags=["test:q_learning_update:5"]

# %% [markdown] tags=["task:q_learning"]
# ### Exercise 7b · Q-learning (5 points)
#
# Write `q_learning(mdp, n_steps, rng, epsilon=1.0, omega=0.7)`. From $Q = 0$, make `n_steps` steps and
# an update after each; return the table, shape `(S, A)`.
#
# - The first state is `mdp.reset(rng)`; a step is `s_next, r, terminated = mdp.step(s, a, rng)`.
# - Actions are ε-greedy for the table as it is at that moment: with probability `epsilon` uniformly
#   random among all, otherwise greedy (ties as you like). `epsilon=1.0` is a random walk.
# - The step size is $\alpha = N(s,a)^{-\omega}$, where $N(s,a)$ counts the updates of *this pair*, this
#   one included. So its first update has $\alpha = 1$.
# - After a terminated step, the next one starts at `mdp.reset(rng)`.
#
# Use `q_learning_update`, or write its line again. All chance comes from `rng`.
#
# <details><summary>Hint</summary>
#
# A second table counts. `rng.random() < epsilon` is the coin, `rng.integers(A)` a random action.
#
# </details>


# %% tags=["answer:q_learning"]
def q_learning(
    mdp: TabularMDP,
    n_steps: int,
    rng: np.random.Generator,
    epsilon: float = 1.0,
    omega: float = 0.7,
) -> np.ndarray:
    """Tabular Q-learning from zeros, with step size N(s, a)^-omega.

    Args:
        mdp: the world; only its `reset` and `step` are used.
        n_steps: number of steps and updates, 0 or more.
        rng: the source of all chance.
        epsilon: probability of a uniformly random action.
        omega: exponent of the step size.

    Returns:
        The table, (S, A).
    """
    ### BEGIN SOLUTION
    Q, N = np.zeros(mdp.R.shape), np.zeros(mdp.R.shape)
    s = mdp.reset(rng)
    for _ in range(n_steps):
        a = rng.integers(mdp.n_actions) if rng.random() < epsilon else Q[s].argmax()
        s_next, r, terminated = mdp.step(s, a, rng)
        N[s, a] += 1
        alpha = N[s, a] ** -omega
        Q = q_learning_update(Q, s, a, r, s_next, terminated, alpha, mdp.gamma)
        s = mdp.reset(rng) if terminated else s_next
    return Q
    ### END SOLUTION


# %% tags=["test:q_learning:5"]

# %% [markdown] tags=["predict:step_size"]
# **Predict first.** With $\omega = 1$ the step size is $1/N$: each entry is the plain mean of all its
# targets, which sounds best. With $\omega = 0.7$ new targets weigh more. A world with 3 states,
# $\gamma = 0.9$, 20,000 random steps. Which one ends closer to $Q^*$, and by which factor?
#
# *Your prediction:*

# %% tags=["experiment"]
world = envs.garnet(3, 2, 2, np.random.default_rng(3), gamma=0.9)
best, lengths = q_iteration(world, 400)[-1], np.array([1000, 3000, 10_000, 20_000])
online = {}
for omega in (1.0, 0.7, 0.55):
    runs = np.zeros((5, len(lengths)))
    for i, j in np.ndindex(runs.shape):
        Q = q_learning(world, int(lengths[j]), np.random.default_rng(i), omega=omega)
        runs[i, j] = np.abs(Q - best).max() / np.abs(best).max()
    online[f"omega = {omega:g}"] = runs
    print(f"omega = {omega:<4g} relative error after 20,000 steps: {runs[:, -1].mean():.3f}")
words = {"xlabel": "steps, as a power of 10", "ylabel": "error / largest $|Q^{*}|$"}
title = "Figure 10. The plain mean learns slowest"
plot.curves(online, np.log10(lengths), log=True, title=title, **words)

# %% [markdown]
# <details><summary>What happens, and why</summary>
#
# The plain mean is off by 36%, $\omega = 0.7$ by 2%. A mean over a fixed distribution would be
# right; but these targets *move*. The first ones were computed from an empty table, and $1/N$ never
# forgets them: with $\gamma$ near 1 its error falls only like $N^{-(1-\gamma)}$. FQI has no such
# trouble, since it recomputes all old targets with the new table.
#
# </details>
#
# Convergence needs $\sum \alpha = \infty$ and $\sum \alpha^2 < \infty$ in every pair: true for $\omega$
# in $(0.5, 1]$, if every pair is tried for ever. The theorem allows $1/N$; the clock does not.
# <!-- numbers: 36 = 100 * online["omega = 1"][:, -1].mean();
# 2 = 100 * online["omega = 0.7"][:, -1].mean() -->


# %% tags=["helper:explore_cliff"]
def explore_cliff(seed: int, update, epsilon: float = 0.1, episodes: int = 300) -> tuple:
    """Q-learning in gymnasium's CliffWalking: (table, sum of rewards of each episode)."""
    env = gymnasium.make("CliffWalking-v1", max_episode_steps=1000)
    rng = np.random.default_rng(seed)
    Q, sums = np.zeros((48, 4)), np.zeros(episodes)
    for i in range(episodes):
        s, _ = env.reset(seed=seed if i == 0 else None)
        terminated = truncated = False
        while not (terminated or truncated):
            a = int(rng.integers(4) if rng.random() < epsilon else Q[s].argmax())
            s_next, r, terminated, truncated, _ = env.step(a)
            Q = update(Q, s, a, r, s_next, terminated, 0.5, 0.99)
            s = s_next
            sums[i] += r
    return Q, sums


# %% [markdown] tags=["predict:cliff"]
# **Predict first.** CliffWalking again, now learned online by your update, with $\varepsilon = 0.1$ and
# $\alpha = 0.5$. The best possible episode sum is $-13$. (a) Which mean episode sum will the agent have
# *while it learns*, after 200 episodes? (b) And its greedy policy, played without $\varepsilon$?
#
# *Your prediction:*

# %% tags=["experiment"]
agents = [explore_cliff(seed, q_learning_update) for seed in range(10)]
sums = np.array([agent[1] for agent in agents])
late_sum = sums[:, 200:].mean()
greedy_sums = [play("CliffWalking-v1", greedy(agent[0]), 1)[0] for agent in agents]
print(f"episodes 200 to 299, exploring: {late_sum:.0f}")
print("greedy, one episode of each agent:", *(f"{x:g}" for x in np.unique(greedy_sums)))
smooth = sums.reshape(10, 30, 10).mean(axis=2)  # means of 10 episodes
words = {"xlabel": "episode", "ylabel": "sum of rewards, mean of 10 episodes"}
title = "Figure 11. Learning in the real CliffWalking"
plot.curves({"epsilon = 0.1": smooth}, np.arange(5, 300, 10), title=title, **words)

# %% tags=["experiment"]
Q_cliff = agents[0][0]
words = {"actions": ["up", "right", "down", "left"], "V": Q_cliff.max(axis=1)}
title = "Figure 12. What it learned: along the edge of the cliff"
plot.arrows(Q_cliff, plot.CLIFF, title=title, fmt="{:.0f}", **words)

# %% [markdown]
# <details><summary>What happens, and why</summary>
#
# The greedy policy is the shortest way, $-13$ for all ten seeds. But while exploring the agent earns
# $-50$ an episode: its table says what the *best* policy would get, and the agent that walks there is
# not the best policy. It stumbles over the edge every now and then. Q-learning is off-policy in exactly
# this sense: it learns about the greedy policy, whatever the behaviour costs meanwhile.
#
# Far from the edge the arrows are unreliable: those pairs were tried a few times only.
#
# </details>
# <!-- numbers: -13 = max(greedy_sums); -13 = min(greedy_sums); -50 = late_sum -->

# %% [markdown]
# ## What you have learned
#
# - $Q_{k+1} = \mathcal T^* Q_k$: reward travels one step a sweep; $Q_k$ is the best return with $k$
#   steps to go; the error shrinks by $\gamma$ a sweep.
# - A policy is an **arg**max. Sharing among ties changes no value.
# - Stop at $\lVert \Delta Q \rVert \le \text{tol}\,(1-\gamma)/(2\gamma)$: the greedy policy loses at most
#   tol. It is usually optimal much earlier, but no look at the policy alone can tell.
# - One backup, three ways: expectation (model), mean (batch), running mean (online).
# - $1 - \text{terminated}$ belongs into every target.
#
# "In tabular setting, this reliably works. No guarantees in the parametric setting", says the lecture.
# Notebook 06 shows two small worlds in which it fails.

# %% [markdown]
# ## What breaks in practice
#
# - **In-place sweeps** converge too (Gauss–Seidel), even faster. But the frames, counts and bounds above
#   are about sweeps that read the old table.
# - **Stopping rules** without absolute value stop at once in worlds of costs.
# - **The sleeping mask.** Test targets with a terminated transition whose `s_next` is worth something.
# - **Coverage.** A pair that the data do not contain stays at 0. If rewards are negative, 0 is the best
#   value, and the greedy policy runs into the unknown.
# - **Learning curves of an exploring agent** show the agent, not the policy it found. Report both.
#
# Before you hand in: *Kernel → Restart Kernel and Run All Cells*. The hidden checks call your
# functions with fresh random worlds; what cells print is not read.

# %% [markdown]
# ## Further reading
#
# - R. S. Sutton and A. G. Barto, *Reinforcement Learning: An Introduction*, 2nd ed., MIT Press 2018.
#   Chapter 4: dynamic programming, with in-place sweeps; section 6.5: Q-learning; example 6.6: the cliff.
# - M. L. Puterman, *Markov Decision Processes*, Wiley 1994. Section 6.3: value iteration and its
#   stopping rule.
# - C. J. C. H. Watkins and P. Dayan, *Q-learning*, Machine Learning 8, 1992: the convergence proof.
# - D. Ernst, P. Geurts, L. Wehenkel, *Tree-based batch mode reinforcement learning*, JMLR 6, 2005:
#   fitted Q iteration.
# - E. Even-Dar and Y. Mansour, *Learning rates for Q-learning*, JMLR 5, 2003: why $1/N$ is slow.
# - T. G. Dietterich, *Hierarchical reinforcement learning with the MAXQ value function decomposition*,
#   JAIR 13, 2000: the taxi.
# - M. Du, *Review of Q-Learning*, tutorial of CS 224R, Stanford: the lecture this course follows.
