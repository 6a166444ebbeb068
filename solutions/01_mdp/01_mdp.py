# %% [markdown]
# # 1 · MDPs, trajectories, returns
#
# **At the end you can**
# - write down a Markov decision process (MDP) with all its parts, and test whether it is valid;
# - simulate episodes that end correctly, and say why they ended;
# - compute returns, state distributions and the objective $J(\pi)$, exactly and by sampling;
# - repair four formulas whose indices are off.
#
# **Time** about 90 minutes; every cell runs within seconds on a laptop. **Points** 50.
#
# **Covers** two slides of the tutorial *Review of Q-Learning* (Maximilian Du, CS 224R, Stanford),
# *MDP Formulation* and *The Tabular Setup*, and the indices in its slides on the Q function. Below,
# the tutorial is called "the lecture". You need not have seen it.

# %% tags=["setup"]
from dataclasses import replace

import numpy as np
from IPython.display import display

from qlib import Episode, TabularMDP, envs, plot
from qlib.rollouts import rollouts

# %% [markdown]
# ## 1.1 The loop
#
# Time runs in steps $t = 0, 1, 2, \dots$ In each step an **agent** sees the state $s_t$ and chooses
# an action $a_t$. The **environment** answers with a reward $r_t$, a number, and the next state
# $s_{t+1}$. Then the next step begins. All steps from a start to an end are an **episode**.
#
# The reward has the index of the action that earned it: $r_t$ belongs to $(s_t, a_t)$. Some books
# write $r_{t+1}$ for it. Both are fine; mixing them is not, and much of this notebook is about that.

# %% tags=["experiment"]
plot.loop(title="Figure 1. One step of the loop")

# %% [markdown]
# ## 1.2 The parts of an MDP
#
# | part | here | meaning |
# |---|---|---|
# | states $\mathcal{S}$ | `0 … S-1` | where the agent can be: $S$ states |
# | actions $\mathcal{A}$ | `0 … A-1` | what it can do: $A$ actions, the same in every state |
# | transitions | `P[s, a, s']` | probability of $s'$ after $a$ in $s$ |
# | rewards | `R[s, a]` | expected reward of $a$ in $s$ |
# | discount $\gamma$ | `gamma` in $[0, 1)$ | what a reward one step later is worth |
# | terminal states | `terminal[s]` | where an episode ends |
# | first state | `rho0[s]` | distribution $\rho_0$ of $s_0$ |
#
# **Markov** means that $P$ looks at $(s_t, a_t)$ only, not at how the agent got there.
#
# **First repair.** The lecture lists the states as $s_t$, the start as one state $s_1$, and no
# terminal states at all. A set is not one of its elements; a start can be random; and every formula
# of the course needs to know where episodes end.


# %% tags=["helper:corridor"]
def corridor(gamma: float = 0.5) -> TabularMDP:
    """0 - 1 - [2]: action 1 moves right and pays 1, then 4. Action 0 stays and pays nothing."""
    P, R = np.zeros((3, 2, 3)), np.zeros((3, 2))
    P[0, 0, 0] = P[1, 0, 1] = 1.0  # action 0: stay
    P[0, 1, 1] = P[1, 1, 2] = 1.0  # action 1: move right
    P[2, :, 2] = 1.0  # state 2 is terminal: nobody leaves
    R[0, 1], R[1, 1] = 1.0, 4.0
    return TabularMDP(P, R, gamma, terminal=np.array([False, False, True]), rho0=np.eye(3)[0])


STAY, RIGHT = 0, 1

# %% tags=["experiment"]
title = "Figure 2. The corridor, an MDP with 3 states"
plot.state_graph(corridor(), actions=["stay", "right"], layout="line", title=title)

# %% [markdown]
# **The tabular setup.** With few states and actions everything is a table: `P` has
# $S \cdot A \cdot S$ numbers, `R` has $S \cdot A$. The lecture starts here because a table hides
# nothing. Deep networks will replace the tables in notebook 06.
#
# Below, the second world of this notebook: a grid with a wall. A move goes where it should with
# probability 0.8 and slips to either side with 0.1. In the two exit cells every action pays $+1$ or
# $-1$ and ends the episode, in a terminal state 11 that has no cell.

# %% tags=["helper:grid"]
grid = envs.gridworld34(noise=0.2, gamma=0.9)
MOVES = ["up", "right", "down", "left"]

# %% tags=["experiment"]
rewards = grid.R.mean(axis=1)
title = "Figure 3. One number a cell: the reward. Only the exits pay"
display(plot.values(rewards, plot.GRID34, signed=True, title=title, name="the reward"))
print(f"P has shape {grid.P.shape}, R has shape {grid.R.shape}")
after, chances = grid.successors(7, 0)
print(f"from the start (state 7), moving up leads to the states {after} with P = {chances}")

# %% [markdown] tags=["task:is_valid_mdp"]
# ### Exercise 1 · Is it an MDP? (6 points)
#
# A simulator that returns nonsense is the most expensive bug there is: everything after it runs.
# Write `is_valid_mdp(P, R, terminal) -> bool`, shapes `(S, A, S)`, `(S, A)` and `(S,)` of bool.
# It is `True` if and only if
#
# - each row `P[s, a]` is a distribution: no negative number, sum 1. Rounding errors (below $10^{-9}$)
#   are forgiven, an error of $10^{-3}$ is not;
# - all numbers are finite: no NaN, no infinity;
# - a terminal state is **absorbing**, $P(s \mid s, a) = 1$, and pays **0**, for every action.
#
# Having no terminal state is allowed. `S` or `A` may be 1.
#
# <details><summary>Hint</summary>
#
# Ask what is *right*, not what is wrong: `x >= 0` is `False` for NaN, and so is `x < 0`.
# `np.flatnonzero(terminal)` lists the terminal states.
#
# </details>


# %% tags=["answer:is_valid_mdp"]
def is_valid_mdp(P: np.ndarray, R: np.ndarray, terminal: np.ndarray) -> bool:
    """Whether P, R and terminal form an MDP.

    Args:
        P: transition probabilities P[s, a, s'], (S, A, S).
        R: rewards R[s, a], (S, A).
        terminal: which states are terminal, (S,) bool.

    Returns:
        True or False.
    """
    ### BEGIN SOLUTION
    rows = (P >= 0).all() and (np.abs(P.sum(axis=2) - 1) < 1e-8).all()
    ends = np.flatnonzero(terminal)
    absorbing = (P[ends, :, ends] == 1).all() and (R[ends] == 0).all()
    return bool(rows and absorbing and np.isfinite(R).all())
    ### END SOLUTION


# %% tags=["test:is_valid_mdp:6"]

# %% [markdown]
# **Why absorbing, and why 0?** So that two pictures of an episode agree: the finite one, which
# stops at the end, and the endless one, which stays in the terminal state for ever and earns
# nothing. With this convention every sum to infinity is also right for episodes. The step *into* a
# terminal state is an ordinary step and keeps its reward.

# %% [markdown]
# ## 1.3 Policy and trajectory
#
# A **policy** $\pi(a \mid s)$ gives the probability of each action in each state: a table
# `pi[s, a]` whose rows sum to 1. Ours prefers up and right, in every state alike.
#
# A **trajectory** is what one episode of $T$ steps leaves behind:
#
# $$\tau = (s_0, a_0, r_0,\; s_1, a_1, r_1,\; \dots,\; s_{T-1}, a_{T-1}, r_{T-1},\; s_T).$$
#
# There are $T$ actions, $T$ rewards and $T + 1$ states. Its probability $p^\pi(\tau)$ multiplies
# three things: $\rho_0(s_0)$ once, then $\pi(a_t \mid s_t)$ and $P(s_{t+1} \mid s_t, a_t)$ for each
# step.

# %% tags=["helper:policy"]
pi = np.tile([0.5, 0.3, 0.1, 0.1], (12, 1))  # up, right, down, left

# %% tags=["experiment"]
plot.arrows(pi, plot.GRID34, probs=True, title="Figure 4. The policy: long arrows, likely moves")

# %% [markdown]
# **Two ways to end.** An episode is **terminated** when $s_T$ is terminal: the world is over, and
# nothing more can be earned. It is **truncated** when a step limit cuts it at a state that is not
# terminal: the world goes on, we only stop watching. There is a value after a truncation and none
# after a termination. Mixing the two is the most common bug of all deep Q-learning code; the
# lecture does not distinguish them. If the very last allowed step reaches a terminal state,
# nothing is cut off: the episode is terminated, not truncated.

# %% [markdown] tags=["task:rollout"]
# ### Exercise 2 · One episode (10 points)
#
# Write `rollout(mdp, pi, rng, max_steps) -> Episode`.
#
# - $s_0 \sim \rho_0$, then $a_t \sim \pi(\cdot \mid s_t)$, $r_t = R(s_t, a_t)$ and
#   $s_{t+1} \sim P(\cdot \mid s_t, a_t)$.
# - The episode ends at the first terminal state, or after `max_steps` steps.
# - `Episode(s, a, r, terminated, truncated)` holds `s` of shape `(T+1,)`, `a` and `r` of shape
#   `(T,)`, and two flags, of which exactly one is `True`.
# - If $s_0$ is terminal, or `max_steps` is 0, then $T = 0$. A terminal $s_0$ counts as terminated.
# - All chance comes from `rng`, a `np.random.Generator`. The order of draws is up to you.
#
# You may use `mdp.reset(rng)`, which draws $s_0$, `mdp.step(s, a, rng)`, which returns
# `(s_next, r, terminated)`, `mdp.terminal[s]`, and `rng.choice(n, p=...)`.
#
# <details><summary>Hint</summary>
#
# Look at the state *before* each step: a loop "while the state is not terminal and steps are left"
# gets $T = 0$ right by itself. Whether the episode terminated can be read off the last state.
#
# </details>


# %% tags=["answer:rollout"]
def rollout(mdp: TabularMDP, pi: np.ndarray, rng: np.random.Generator, max_steps: int) -> Episode:
    """One episode of the policy: s_0, a_0, r_0, s_1, ..., s_T.

    Args:
        mdp: the world.
        pi: policy pi[s, a], (S, A).
        rng: the source of all chance.
        max_steps: the step limit, 0 or more.

    Returns:
        Episode with s (T+1,) int, a (T,) int, r (T,), terminated and truncated.
    """
    ### BEGIN SOLUTION
    s = mdp.reset(rng)
    states, actions, rewards = [s], [], []
    while not mdp.terminal[s] and len(actions) < max_steps:
        a = rng.choice(mdp.n_actions, p=pi[s])
        s, r, _ = mdp.step(s, a, rng)
        states.append(s)
        actions.append(a)
        rewards.append(r)
    terminated = bool(mdp.terminal[s])
    actions = np.array(actions, dtype=int)
    return Episode(np.array(states), actions, np.array(rewards), terminated, not terminated)
    ### END SOLUTION


# %% tags=["test:rollout:10"]

# %% [markdown]
# ## 1.4 One grid, one policy, one episode, written three ways
#
# The next cell draws 200 episodes with *your* `rollout` and picks a short one that terminated. Then
# it shows that episode three times: on the grid, with our indices, and with the indices of the
# lecture, which counts from 1. Read the last two from left to right and compare the last reward.

# %% tags=["experiment"]
rng = np.random.default_rng(7)
many = [rollout(grid, pi, rng, 50) for _ in range(200)]
episode = next((ep for ep in many if ep.terminated and 5 <= len(ep) <= 7), many[0])
display(plot.episode(episode, plot.GRID34, actions=MOVES))
words = {"actions": MOVES, "max_steps": 8}
display(plot.timeline(episode, first=0, title="Ours: t = 0 … T−1, then $s_T$", **words))
plot.timeline(episode, first=1, title="The same, counted from 1", **words)

# %% [markdown]
# **Read the lecture's trajectory against it.** It writes
# $\tau = (s_1, a_1, \dots, s_{T-1}, a_{T-1}, s_T)$ and sums $r(s_t, a_t)$ for $t = 1 \dots T$. The
# last term needs $a_T$, and there is none in $\tau$: the trajectory is one action too short for its
# own sum. Whoever programs it either crashes or drops the last reward.

# %% [markdown] tags=["predict:last_reward"]
# **Predict first.** In the grid, an episode earns its only reward in its last step. Follow the
# lecture's $\tau$ and drop the last action: which return does an episode that reached the $+1$
# exit have? And what would an agent learn from such returns?
#
# *Your prediction:*

# %% tags=["experiment"]
win = [0.0, 0.0, 0.0, 0.0, 0.0, 1.0]  # five moves, then the exit pays
with_last = sum(0.9**t * r for t, r in enumerate(win))
without_last = sum(0.9**t * r for t, r in enumerate(win[:-1]))
print(f"all 6 rewards: {with_last:.4f}     without the last: {without_last:.4f}")

# %% [markdown]
# <details><summary>What happens, and why</summary>
#
# With all rewards the episode is worth 0.5905; without the last one 0. **Every** episode is worth 0
# then, whether it found the good exit or the bad one: nothing is left to learn. An index slip is
# not a matter of taste.
#
# </details>
# <!-- numbers: 0.5905 = with_last; 0 = without_last -->

# %% [markdown] tags=["task:discounted_returns"]
# ### Exercise 3 · Returns (8 points)
#
# The **return** from step $t$ on is the discounted sum of the rewards that follow:
#
# $$G_t = r_t + \gamma\, r_{t+1} + \gamma^2 r_{t+2} + \dots = r_t + \gamma\, G_{t+1}.$$
#
# Write `discounted_returns(r, gamma, last_value=0.0)`, which returns $G_0 \dots G_{T-1}$, shape
# `(T,)`. What comes after the last step is worth `last_value`, so $G_T$ = `last_value`: 0 after a
# termination, an estimate of the value of $s_T$ after a truncation.
#
# By hand, with $\gamma = 0.5$: rewards `[1, 2, 3]` have the returns `[2.75, 3.5, 3]`.
#
# $T = 0$ gives shape `(0,)`. `gamma` may be 0 or 1. Rewards may be integers; leave `r` unchanged.
#
# <details><summary>Hint</summary>
#
# The recursion knows the *end* first. Walk backwards and keep the return of the step after.
#
# </details>


# %% tags=["answer:discounted_returns"]
def discounted_returns(r: np.ndarray, gamma: float, last_value: float = 0.0) -> np.ndarray:
    """G_t = r_t + gamma * G_{t+1} for t = 0 ... T-1, with G_T = last_value.

    Args:
        r: rewards r_0 ... r_{T-1}, (T,).
        gamma: discount in [0, 1].
        last_value: what comes after the last step is worth this, seen from there.

    Returns:
        The returns, (T,) float.
    """
    ### BEGIN SOLUTION
    returns = np.zeros(len(r))
    following = last_value
    for t in reversed(range(len(r))):
        following = r[t] + gamma * following
        returns[t] = following
    return returns
    ### END SOLUTION


# %% tags=["test:discounted_returns:8"]

# %% [markdown] tags=["predict:truncation"]
# **Predict first.** A world pays 1 in every step, for ever, and $\gamma = 0.9$. What is the return
# from the start? Now a step limit cuts the episode after $T = 10$ steps. What does `last_value`
# have to be so that $G_0$ stays right? How large is $G_0$ if the cut is mistaken for a termination?
#
# *Your prediction:*

# %% tags=["experiment"]
ones = np.ones(10)
as_if_over = discounted_returns(ones, 0.9, last_value=0.0)
cut_off = discounted_returns(ones, 0.9, last_value=10.0)
print("t            ", *(f"{t:6d}" for t in range(10)))
print("terminated   ", *(f"{G:6.2f}" for G in as_if_over))
print("truncated    ", *(f"{G:6.2f}" for G in cut_off))

# %% [markdown]
# <details><summary>What happens, and why</summary>
#
# The return is $1 + 0.9 + 0.9^2 + \dots = 1 / (1 - 0.9) = 10$ from every step, because the future
# always looks the same. With `last_value` 10 all ten returns are 10.00. Mistaking the cut for an
# end gives 6.51 at the start and 1.00 in the last step: the state did not change, but its return
# seems to fall with the clock.
#
# </details>
# <!-- numbers: 10.00 = cut_off[0]; 10.00 = cut_off[9]; 6.51 = as_if_over[0];
# 1.00 = as_if_over[9] -->

# %% [markdown] tags=["task:state_dist"]
# ### Exercise 4 · Where is the agent at time t? (6 points)
#
# Average over the actions, and a policy turns the MDP into a **Markov chain** with the matrix
#
# $$P_\pi(s, s') = \sum_a \pi(a \mid s)\, P(s' \mid s, a).$$
#
# Let $d_t(s)$ be the probability that $s_t = s$, over all episodes. Then $d_0 = \rho_0$, and to be
# in $s'$ at $t + 1$ the agent must have been *somewhere* at $t$:
# $d_{t+1}(s') = \sum_s d_t(s)\, P_\pi(s, s')$.
#
# Write `state_dist(mdp, pi, t)`, which returns $d_t$, shape `(S,)`. An episode that ended stays in
# its terminal state, so $d_t$ always sums to 1.
#
# <details><summary>Hint</summary>
#
# The sum runs over the *first* index of $P_\pi$: the row vector $d$ times the matrix.
# `np.einsum("sa,sap->sp", pi, mdp.P)` is $P_\pi$.
#
# </details>


# %% tags=["answer:state_dist"]
def state_dist(mdp: TabularMDP, pi: np.ndarray, t: int) -> np.ndarray:
    """d_t(s) = probability of s_t = s, with d_{t+1} = d_t P_pi and d_0 = rho0.

    Args:
        mdp: the world.
        pi: policy pi[s, a], (S, A).
        t: time, 0 or more.

    Returns:
        The distribution of s_t, (S,).
    """
    ### BEGIN SOLUTION
    P_pi = np.einsum("sa,sap->sp", pi, mdp.P)
    d = mdp.rho0
    for _ in range(t):
        d = d @ P_pi
    return d
    ### END SOLUTION


# %% tags=["test:state_dist:6"]

# %% tags=["experiment"]
pictures, labels = [], []
for t in (0, 1, 2, 3, 4, 6, 10, 20):
    d = state_dist(grid, pi, t)
    name = f"$P(s_t = s)$ at t = {t}; {d[11]:.0%} have ended"
    pictures.append(plot.values(d, plot.GRID34, title=name, vmin=0.0, vmax=1.0, name="probability"))
    labels.append(f"t = {t}")
title = "Figure 5. Where the agent is: probability spreads, then drains"
plot.frames(pictures, labels, title=title, start=0)

# %% [markdown]
# ## 1.5 The objective
#
# What is a policy worth? The expected return from the start:
#
# $$J(\pi) = \mathbb{E}_{\tau \sim p^\pi}\Big[\sum_{t=0}^{\infty} \gamma^t r_t\Big].$$
#
# Two things to notice. The expectation carries its policy: write $\tau \sim p^\pi$, since another
# policy has other trajectories. And for $\gamma < 1$ the endless sum is finite: with
# $|r_t| \le r_{\max}$ its size is at most $r_{\max} / (1 - \gamma)$.
#
# Expectation and sum may be exchanged. With the mean reward
# $r_\pi(s) = \sum_a \pi(a \mid s) R(s, a)$,
#
# $$J(\pi) = \sum_{t=0}^{\infty} \gamma^t \sum_s d_t(s)\, r_\pi(s).$$

# %% [markdown] tags=["task:J_exact"]
# ### Exercise 5a · The objective, exactly (6 points)
#
# Write `J_exact(mdp, pi) -> float`, right to a relative error of $10^{-6}$, also for
# $\gamma = 0.99$. Two ways:
#
# - sum $\gamma^t\, d_t \cdot r_\pi$ until $\gamma^t$ is negligible;
# - solve for the value $V^\pi(s)$, the expected return from each state $s$. It satisfies
#   $V^\pi = r_\pi + \gamma P_\pi V^\pi$, that is $(I - \gamma P_\pi) V^\pi = r_\pi$: `S` linear
#   equations. Then average over first states: $J(\pi) = \sum_s \rho_0(s) V^\pi(s)$.
#
# In the corridor with $\gamma = 0.5$, always moving right earns $1 + 0.5 \cdot 4 = 3$.
#
# <details><summary>Hint</summary>
#
# `np.linalg.solve(A, b)` solves $A x = b$. For the long sum: how many steps until
# $0.99^t < 10^{-8}$? More than 1,800.
#
# </details>


# %% tags=["answer:J_exact"]
def J_exact(mdp: TabularMDP, pi: np.ndarray) -> float:
    """J(pi) = E[sum over t of gamma^t r_t] = rho0 . V^pi.

    Args:
        mdp: the world, gamma < 1.
        pi: policy pi[s, a], (S, A).

    Returns:
        The expected discounted return.
    """
    ### BEGIN SOLUTION
    P_pi = np.einsum("sa,sap->sp", pi, mdp.P)
    r_pi = (pi * mdp.R).sum(axis=1)
    V = np.linalg.solve(np.eye(mdp.n_states) - mdp.gamma * P_pi, r_pi)
    return float(mdp.rho0 @ V)
    ### END SOLUTION


# %% tags=["test:J_exact:6"]

# %% [markdown] tags=["predict:constant"]
# **Predict first.** Somebody adds a constant $c$ to every reward, except in terminal states, which
# pay 0 by definition.
#
# (a) A continuing world without terminal states: by how much does $J$ change? Can the order of two
# policies change?
#
# (b) An episodic world such as the corridor: the same two questions.
#
# *Your prediction:*


# %% tags=["experiment"]
def plus(mdp: TabularMDP, c: float) -> TabularMDP:
    """The same world with c added to every reward that is not a terminal state's."""
    return replace(mdp, R=np.where(mdp.terminal[:, None], 0.0, mdp.R + c))


rng = np.random.default_rng(0)
swaps = {}
for name, n_terminal in (("continuing", 0), ("episodic", 1)):
    worlds = [envs.garnet(6, 3, 3, rng, gamma=0.9, n_terminal=n_terminal) for _ in range(200)]
    pairs = [(m, *rng.dirichlet(np.ones(3), (2, 6))) for m in worlds]
    gaps = np.array([[J_exact(x, p) - J_exact(x, q) for x in (m, plus(m, 3))] for m, p, q in pairs])
    swaps[name] = int((gaps[:, 0] * gaps[:, 1] < 0).sum())
    print(f"{name}: c = 3 changes the order of {swaps[name]} of 200 pairs of policies")

# %% tags=["experiment"]
go, stay = (np.tile(np.eye(2)[a], (3, 1)) for a in (RIGHT, STAY))
cs = np.arange(0, 11)
lines = {
    "always right": np.array([J_exact(plus(corridor(), c), go) for c in cs]),
    "always stay": np.array([J_exact(plus(corridor(), c), stay) for c in cs]),
}
title = "Figure 6. In the corridor a constant changes what is best"
plot.curves(
    lines, cs, note="exact", xlabel="constant c added to every reward", ylabel="J", title=title
)

# %% [markdown]
# <details><summary>What happens, and why</summary>
#
# (a) Every trajectory gains $c + \gamma c + \gamma^2 c + \dots = c / (1 - \gamma)$, whatever the
# policy: the order stays (0 of 200 pairs changed).
#
# (b) An episode gains $c$ only while it lasts: $c\,(1 - \gamma^T) / (1 - \gamma)$. Long episodes
# gain more, and the order changed in 93 of 200 pairs. In the corridor, moving right is worth
# $3 + 1.5c$ and staying for ever $2c$: beyond $c = 6$ it is best never to arrive. So "a small
# bonus for being alive" and "a small cost per step" are different problems, not a matter of scale.
#
# </details>
# <!-- numbers: 0 = swaps["continuing"]; 93 = swaps["episodic"]; 3 = lines["always right"][0];
# 1.5 = lines["always right"][1] - lines["always right"][0]; 2 = lines["always stay"][1];
# 6 = cs[lines["always stay"] >= lines["always right"] - 1e-9][0] -->

# %% [markdown] tags=["task:J_mc"]
# ### Exercise 5b · The objective, by sampling (6 points)
#
# Without $P$, we can still play. **Monte Carlo**: draw $n$ episodes and average their returns $G_0$.
# By how much is such a mean off? Its **standard error** is $\sigma / \sqrt{n}$, where $\sigma$ is
# the standard deviation of one return, estimated from the sample (dividing by $n$ or $n - 1$).
#
# Write `J_mc(mdp, pi, n, rng) -> (mean, stderr)`, $n \ge 2$. Endless episodes must be cut. Cutting
# after $T$ steps loses at most $\gamma^T r_{\max} / (1 - \gamma)$: take the first $T$ with
# $\gamma^T \le 10^{-6}$ ($T = 1$ for $\gamma = 0$), or a later one.
#
# `rollouts(mdp, pi, n, rng, max_steps)` from `qlib` draws `n` episodes; the method `returns(gamma)`
# of the result gives each $G_0$, shape `(n,)`. Your own functions are welcome too, but a slip in
# them would cost points again.
#
# <details><summary>Hint</summary>
#
# Count $T$ up from 0 while $\gamma^T$ is too large. `x.std(ddof=1)` estimates $\sigma$.
#
# </details>


# %% tags=["answer:J_mc"]
def J_mc(mdp: TabularMDP, pi: np.ndarray, n: int, rng: np.random.Generator) -> tuple[float, float]:
    """Monte Carlo estimate of J(pi): the mean of n returns G_0, and its standard error.

    Args:
        mdp: the world, gamma < 1.
        pi: policy pi[s, a], (S, A).
        n: number of episodes, 2 or more.
        rng: the source of all chance.

    Returns:
        (mean, stderr), with stderr = standard deviation of the returns / sqrt(n).
    """
    ### BEGIN SOLUTION
    T = 0
    while mdp.gamma**T > 1e-6:
        T += 1
    G = rollouts(mdp, pi, n, rng, T).returns(mdp.gamma)
    return G.mean(), G.std(ddof=1) / np.sqrt(n)
    ### END SOLUTION


# %% tags=["test:J_mc:6"]

# %% tags=["experiment"]
J = J_exact(grid, pi)
ns, seeds = 2 ** np.arange(4, 15), range(20)
runs = np.array([[J_mc(grid, pi, n, np.random.default_rng(k)) for n in ns] for k in seeds])
print(f"exact J = {J:.4f}; with n = {ns[-1]}: {runs[0, -1, 0]:.4f} ± {runs[0, -1, 1]:.4f}")
sizes = {"|mean - J|": np.abs(runs[:, :, 0] - J), "standard error": runs[:, :, 1]}
title = "Figure 7. Four times the episodes, half the error"
words = {"xlabel": "episodes n, as a power of 2", "ylabel": "error of the estimate"}
plot.curves(sizes, np.log2(ns), log=True, title=title, **words)

# %% [markdown]
# Both lines fall together: the standard error, computed from the sample alone, knows how large the
# unknown error is. (The mean *absolute* error is a little below it: 0.8 standard errors, if errors
# are normally distributed.) Four times the episodes halve both. That is why later notebooks look for
# estimates with less variance, and not only for more data.

# %% [markdown] tags=["predict:bias"]
# **Predict first.** More episodes shrink the standard error, but not what the cut loses. A
# continuing world has $|r_t| \le r_{\max}$ and $\gamma = 0.9$. By which factor does the possible loss
# shrink if episodes are cut ten steps later?
#
# *Your prediction:*

# %% tags=["experiment"]
rng = np.random.default_rng(4)
world = envs.garnet(8, 3, 3, rng, gamma=0.9)
walk = np.full((8, 3), 1 / 3)
r_pi = (walk * world.R).sum(axis=1)
terms = [0.9**t * state_dist(world, walk, t) @ r_pi for t in range(60)]
bias = np.abs(J_exact(world, walk) - np.cumsum(terms))  # entry k: cut after T = k + 1 steps
Ts = np.arange(1, 61)
bound = 0.9**Ts * np.abs(world.R).max() / (1 - 0.9)
title = "Figure 8. What is lost by cutting stays below the bound"
both = {"lost by the cut": bias, "bound": bound}
words = {"xlabel": "T, steps", "ylabel": "loss in J", "note": "exact"}
plot.curves(both, Ts, log=True, title=title, **words)

# %% [markdown]
# <details><summary>What happens, and why</summary>
#
# The bound falls by the factor $0.9^{10} = 0.349$ in ten steps, and the loss exceeds it at 0 of the
# 60 cuts. It may stay far below: rewards of both signs cancel, and $r_{\max}$ is rare. But the bound
# is a promise for every policy and every world with this $r_{\max}$, and it tells how long an
# episode has to be: the **effective horizon** is a few times $1 / (1 - \gamma)$.
#
# </details>
# <!-- numbers: 0.349 = bound[10] / bound[0]; 0 = (bias > bound).sum(); 60 = len(bias) -->

# %% [markdown]
# ## 1.6 The index audit
#
# The lecture is a good one, and slides have to be short. Four of its formulas do not say what they
# mean: a program copied from them would be wrong in four ways. In this section you see each slip as
# a number, and then write the formula that was meant.
#
# | slip | the lecture | what is wrong |
# |---|---|---|
# | 1 | $\sum_{t=1}^{T} \gamma^t r(s_t, a_t)$ | the first reward is discounted |
# | 2 | $\tau = (s_1, a_1, \dots, a_{T-1}, s_T)$ | $a_T$ is missing |
# | 3 | "average reward" | it is an average *return* |
# | 4 | $\mathbb{E}_{a_t \sim \pi(a_t \mid s_t)}[Q(s_{t+1}, a_{t+1})]$ | the policy is asked in the wrong state |

# %% tags=["experiment"]
rng = np.random.default_rng(1)
print("lecture's sum       J       ratio   gamma")
ratios, gammas = [], (0.5, 0.8, 0.9, 0.95)
for gamma in gammas:
    world = envs.garnet(6, 3, 3, rng, gamma=gamma)
    walk = np.full((6, 3), 1 / 3)
    r_pi = (walk * world.R).sum(axis=1)
    lecture = sum(gamma**t * state_dist(world, walk, t - 1) @ r_pi for t in range(1, 401))
    ratios.append(lecture / J_exact(world, walk))
    print(f"{lecture:13.6f} {J_exact(world, walk):9.6f} {ratios[-1]:9.6f} {gamma:7.2f}")

# %% [markdown]
# **Slip 1.** The ratio is $\gamma$ exactly (0.900000 for $\gamma = 0.9$), in every world and for
# every policy: counting from $t = 1$ and writing $\gamma^t$ discounts the *first* reward. So the
# lecture's objective is $\gamma J(\pi)$. The best policy stays the best (for $\gamma > 0$). But the
# lecture's Q function (ours follows in section 1.7) starts with $\gamma^0$. So "J is the expected Q
# at the start" fails by that factor, and so does every test that compares the two.
# <!-- numbers: 0.900000 = ratios[2] -->

# %% [markdown]
# ### Bridge box: from the lecture's symbols to ours
#
# | what | lecture | this course |
# |---|---|---|
# | first step | $t = 1$ | $t = 0$ |
# | trajectory of $T$ steps | $s_1, a_1, \dots, a_{T-1}, s_T$ | $s_0, a_0, r_0, \dots, a_{T-1}, r_{T-1}, s_T$ |
# | states, actions, rewards in it | $T$, $T - 1$, – | $T + 1$, $T$, $T$ |
# | objective | $\mathbb{E}_\tau \sum_{t=1}^T \gamma^t r(s_t, a_t) = \gamma J(\pi)$ | $J(\pi) = \mathbb{E}_{\tau \sim p^\pi} \sum_{t \ge 0} \gamma^t r_t$ |
# | its name | average reward | expected (discounted) return |
# | horizon | fixed $T$ | endless; terminal states end an episode |
# | next action | $a_t \sim \pi(\cdot \mid s_t)$ | $a_{t+1} \sim \pi(\cdot \mid s_{t+1})$ |
# | end of an episode | $t = T$ | terminal state: terminated; step limit: truncated |

# %% [markdown] tags=["task:fix_1"]
# ### Exercise 6.1 · The discount (2 points)
#
# Write `fix_1(r, gamma) -> float`: the lecture's sum for one trajectory, repaired. `r` holds its
# rewards, `r[0]` is the first one. By hand, with $\gamma = 0.5$: rewards `[0, 0, 8]` give 2, where
# the lecture's sum gives 1. There is at least one reward, and `gamma` may be 0.
#
# <details><summary>Hint</summary>
#
# Dividing the lecture's sum by $\gamma$ is no repair: what happens for $\gamma = 0$?
#
# </details>


# %% tags=["answer:fix_1"]
def fix_1(r: np.ndarray, gamma: float) -> float:
    """The discounted sum of the rewards, the first one undiscounted.

    Args:
        r: rewards in the order of time, (T,), T >= 1.
        gamma: discount in [0, 1).

    Returns:
        The return of the trajectory.
    """
    ### BEGIN SOLUTION
    return gamma ** np.arange(len(r)) @ r
    ### END SOLUTION


# %% tags=["test:fix_1:2"]

# %% [markdown] tags=["task:fix_2"]
# ### Exercise 6.2 · The last action (2 points)
#
# Section 1.4 showed what slip 2 costs. Write a trajectory of $T$ steps as one flat list,
# `tau = [s_0, a_0, s_1, a_1, ..., a_{T-1}, s_T]`, with $T + 1$ states and $T$ actions.
#
# Write `fix_2(tau, R, gamma) -> float`: its return $G_0$, with the rewards `R[s, a]`. By hand:
# `[0, 1, 1, 1, 2]` in the corridor means right, right, the end; with $\gamma = 0.5$ the return is 3.
# For $T = 0$ the list holds only $s_0$, and the return is 0.
#
# <details><summary>Hint</summary>
#
# Every action has the state before it as its partner. The last state has none, and earns nothing.
#
# </details>


# %% tags=["answer:fix_2"]
def fix_2(tau: list[int], R: np.ndarray, gamma: float) -> float:
    """The return of a trajectory: sum over t < T of gamma^t R[s_t, a_t].

    Args:
        tau: s_0, a_0, s_1, a_1, ..., a_{T-1}, s_T; 2 T + 1 integers.
        R: rewards R[s, a], (S, A).
        gamma: discount in [0, 1).

    Returns:
        The return of the trajectory.
    """
    ### BEGIN SOLUTION
    pairs = zip(tau[:-1:2], tau[1::2], strict=True)
    return sum(gamma**t * R[s, a] for t, (s, a) in enumerate(pairs))
    ### END SOLUTION


# %% tags=["test:fix_2:2"]

# %% tags=["experiment"]
# Action 0 pays 10 once and then nothing for ever; action 1 pays 1 in every step for ever.
P = np.zeros((3, 2, 3))
P[0, 0, 1] = P[0, 1, 2] = P[1, :, 1] = P[2, :, 2] = 1.0
R = np.array([[10.0, 1.0], [0.0, 0.0], [1.0, 1.0]])
roads = TabularMDP(P, R, 0.8, rho0=np.eye(3)[0])
table = {}
for name, a in (("10 at once", 0), ("1 for ever", 1)):
    road = np.tile(np.eye(2)[a], (3, 1))
    average = state_dist(roads, road, 1000) @ (road * R).sum(axis=1)
    table[name] = J_exact(roads, road), average
    print(f"{name}: J = {table[name][0]:5.2f}    average reward in the long run = {average:.2f}")

# %% [markdown]
# **Slip 3.** The lecture calls its objective "average reward over all trajectories". In our field
# *average reward* is another criterion: the mean reward of a step in the long run. The two disagree
# here: "10 at once" has the larger expected return (10.00 against 5.00), "1 for ever" the larger
# average reward (1.00 against 0.00). What is averaged over trajectories is the **return**.
# <!-- numbers: 10.00 = table["10 at once"][0]; 5.00 = table["1 for ever"][0];
# 1.00 = table["1 for ever"][1]; 0.00 = table["10 at once"][1] -->

# %% [markdown] tags=["task:fix_3"]
# ### Exercise 6.3 · Average of what? (2 points)
#
# Write `fix_3(r, gamma) -> float`, the lecture's phrase, repaired: `r[i, t]` is the reward of
# trajectory `i` at time `t`, shape `(N, T)`, both at least 1; short trajectories are padded with
# zeros, as in a terminal state. By hand, with $\gamma = 0.5$: `[[1, 4], [0, 2]]` gives 2.
#
# <details><summary>Hint</summary>
#
# One return for each trajectory, 3 and 1, and then their mean.
#
# </details>


# %% tags=["answer:fix_3"]
def fix_3(r: np.ndarray, gamma: float) -> float:
    """The average over trajectories of their discounted returns.

    Args:
        r: rewards r[i, t] of trajectory i at time t, (N, T).
        gamma: discount in [0, 1).

    Returns:
        An estimate of J.
    """
    ### BEGIN SOLUTION
    return (r @ gamma ** np.arange(r.shape[1])).mean()
    ### END SOLUTION


# %% tags=["test:fix_3:2"]

# %% [markdown]
# **Slip 4.** Several slides average over $a_t \sim \pi(a_t \mid s_t)$ in front of a term with
# $s_{t+1}$ and $a_{t+1}$. But $a_t$ is given, and $a_{t+1}$ is drawn by nobody. What is meant: first
# the world draws $s_{t+1} \sim P(\cdot \mid s_t, a_t)$, then the policy draws
# $a_{t+1} \sim \pi(\cdot \mid s_{t+1})$, **in the next state**.
#
# Take the corridor, and a policy that stays in state 0 and moves right in state 1. The first action
# is given: right, from state 0. What do the first two rewards add up to?

# %% tags=["experiment"]
mdp = corridor(gamma=0.5)
picky = np.array([[1.0, 0.0], [0.0, 1.0], [0.5, 0.5]])  # stay in 0, right in 1
s, a = 0, RIGHT
second_as_written = mdp.P[s, a] @ (mdp.R @ picky[s])  # the policy is asked in s_t
as_written = mdp.R[s, a] + mdp.gamma * second_as_written
print(f"as written: {mdp.R[s, a]:g} + 0.5 * {second_as_written:g} = {as_written:g}")
print(f"as meant: right pays 1, then in state 1 right pays 4: 1 + 0.5 * 4 = {1 + 0.5 * 4:g}")

# %% [markdown] tags=["task:fix_4"]
# ### Exercise 6.4 · Who draws the next action? (2 points)
#
# Write `fix_4(mdp, pi, s, a) -> float`, the expected sum of the first two rewards, when the first
# step is given and the policy chooses the second:
#
# $$\mathbb{E}\big[r_0 + \gamma\, r_1 \mid s_0 = s, a_0 = a\big]
# = R(s, a) + \gamma\, \mathbb{E}_{s_1 \sim P(\cdot \mid s, a)}\,
# \mathbb{E}_{a_1 \sim \pi(\cdot \mid s_1)}\big[R(s_1, a_1)\big].$$
#
# Rewards and discount are in `mdp`. The case above gives 3.
#
# <details><summary>Hint</summary>
#
# Inner expectation first: what does the policy earn on average in *each* state? That is one number
# for each possible $s_1$.
#
# </details>


# %% tags=["answer:fix_4"]
def fix_4(mdp: TabularMDP, pi: np.ndarray, s: int, a: int) -> float:
    """E[r_0 + gamma r_1 | s_0 = s, a_0 = a], with a_1 drawn by the policy in s_1.

    Args:
        mdp: the world.
        pi: policy pi[s, a], (S, A).
        s: the first state.
        a: the first action.

    Returns:
        The expected discounted sum of two rewards.
    """
    ### BEGIN SOLUTION
    r_pi = (pi * mdp.R).sum(axis=1)
    return mdp.R[s, a] + mdp.gamma * mdp.P[s, a] @ r_pi
    ### END SOLUTION


# %% tags=["test:fix_4:2"]

# %% [markdown]
# ## 1.7 The sum is a function of (s, a)
#
# `fix_4` takes a pair $(s, a)$ and returns a number: fix the first step, let the policy do the rest.
# Two rewards are not enough; let the sum run on, and it becomes the central object of this course,
#
# $$Q^\pi(s, a) = \mathbb{E}_{\tau \sim p^\pi}\Big[\sum_{t=0}^{\infty} \gamma^t r_t \,\Big|\,
# s_0 = s, a_0 = a\Big].$$
#
# The superscript says whose future it is. Always write it: $Q^\pi$ belongs to the policy $\pi$. We
# can compute it already: take the first step by hand, and start a new episode where it leads.

# %% tags=["experiment"]
Q_pi = np.zeros((12, 4))
for s, a in np.ndindex(12, 4):
    from_there_on = replace(grid, rho0=grid.P[s, a])
    Q_pi[s, a] = grid.R[s, a] + grid.gamma * J_exact(from_there_on, pi)
J_again = grid.rho0 @ (pi * Q_pi).sum(axis=1)
print(
    f"J = {J_exact(grid, pi):.6f}, and the mean of Q over the first state and action {J_again:.6f}"
)
title = "Figure 9. Return of each first move, if the policy goes on"
plot.q_quarters(Q_pi, plot.GRID34, actions=MOVES, signed=True, title=title, name="Q^π")

# %% [markdown]
# Two observations to take along.
#
# - In the cell beside the bad exit, a first move to the right is worth $-0.70$ and one up $0.25$:
#   the table tells what to do better, although it was computed for a policy that does not look.
# - The code above computed each entry from values of *the next* state. Is that allowed? Why does
#   one step, plus a discounted new start, give the same as the whole sum? And could we solve for all
#   48 entries at once? That is the Bellman equation, in notebook 02.
#
# <!-- numbers: -0.70 = Q_pi[5, 1]; 0.25 = Q_pi[5, 0]; 48 = Q_pi.size -->

# %% [markdown]
# ## What you have learned
#
# - An MDP is $(\mathcal{S}, \mathcal{A}, P, R, \gamma)$ *and* its terminal states *and* its start.
# - $T$ steps: $T$ actions, $T$ rewards, $T + 1$ states. The terminating step keeps its reward.
# - $G_t = r_t + \gamma G_{t+1}$. After a termination $G_T = 0$; after a truncation it is a value.
# - $J(\pi)$ averages *returns*, over $\tau \sim p^\pi$: exactly by a linear system, by sampling with
#   an error of $\sigma / \sqrt{n}$, and with a bias of at most $\gamma^T r_{\max} / (1 - \gamma)$ if
#   episodes are cut.
# - A constant added to all rewards leaves the order of policies alone in a continuing world; in an
#   episodic one it can turn it around.

# %% [markdown]
# ## What breaks in practice
#
# - **`done`.** One flag for both endings. Environments have returned two since Gym 0.26; a buffer
#   that still stores `done` teaches that the world ends at the time limit.
# - **Rewards shifted by one.** Some code pairs $r_{t+1}$ with $(s_t, a_t)$. Test with a reward that
#   only one step can earn.
# - **Auto-reset.** Environments that run many episodes at once start new ones by themselves: the
#   state that comes back may belong to the next one.
# - **A fixed horizon.** With a limit $T$ that counts, the best action depends on the time left, so
#   time belongs into the state.
# - **Two objectives.** Training maximises discounted returns; reports show undiscounted sums.
# - **No standard error.** A mean of five episodes without its error is an anecdote.

# %% [markdown]
# Before you hand in: *Kernel → Restart Kernel and Run All Cells*. The hidden checks call your
# functions with fresh random worlds; what cells print is not read.

# %% [markdown]
# ## Further reading
#
# - R. S. Sutton and A. G. Barto, *Reinforcement Learning: An Introduction*, 2nd ed., MIT Press 2018.
#   Sections 3.1–3.4: the loop, returns, episodic and continuing tasks; they write $R_{t+1}$ for
#   our $r_t$. Section 10.3: average reward.
# - M. L. Puterman, *Markov Decision Processes*, Wiley 1994. Chapter 2: the model; 6: discounted
#   problems; 8: average reward.
# - F. Pardo, A. Tavakoli, V. Levdik, P. Kormushev, *Time Limits in Reinforcement Learning*, ICML
#   2018: termination against truncation, with measurements.
# - A. Y. Ng, D. Harada, S. Russell, *Policy invariance under reward transformations*, ICML 1999:
#   which changes of the reward leave the best policy alone. Adding a constant is not always one.
# - M. Du, *Review of Q-Learning*, tutorial of CS 224R, Stanford: the lecture this course follows.
