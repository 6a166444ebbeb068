# %% [markdown]
# # 2 · Bellman equations, and why greedy is optimal
#
# **At the end you can**
# - derive the Bellman equation in seven lines, and say what each line rests on;
# - compute $V^\pi$, $Q^\pi$ and advantages exactly, and tell $Q^\pi$ and $Q^*$ apart;
# - prove that $Q^*$ exists, is unique, and is reached by greedy policies;
# - bound how much a greedy policy loses when the equations are only nearly solved.
#
# **Time** about 110 minutes; every cell runs within seconds on a laptop. **Points** 50: 46 for
# functions and orders, 4 for a written proof, which a person reads.
#
# **Covers** the slides *The "Q" Function* to *Bellman Optimality Equation*, the proof in *Does
# this actually work?*, *Q\* vs Q^π* and *Advantages* of the tutorial *Review of Q-Learning*
# (Maximilian Du, CS 224R): "the lecture".

# %% tags=["setup"]
import numpy as np
from IPython.display import display

from qlib import TabularMDP, envs, plot, solve
from qlib.proof import show_blocks

# %% [markdown]
# ## 2.1 Peel off one step
#
# Notebook 01 ended with a function of the first state and the first action:
#
# $$Q^\pi(s, a) = \mathbb{E}\Big[\sum_{k \ge 0} \gamma^k r_k \,\Big|\, s_0 = s, a_0 = a\Big],$$
#
# where all later actions come from the policy $\pi$. The lecture asks: can we peel off the first
# step? Write $G_0$ for the sum, and $G_1 = \sum_{k \ge 0} \gamma^k r_{k+1}$ for the return from
# step 1 on. Then $G_0 = r_0 + \gamma G_1$, and what remains is to see that the mean of $G_1$ is
# a mean of $Q^\pi$ one step later. An equation between $Q^\pi$ and itself results, the
# **Bellman equation**.

# %% tags=["experiment"]
title = "Figure 1. One step, then an estimate of the rest"
fig, (left, right) = plot.panels(1, 2, size=(7.6, 3.4), title=title)
plot.backup("expected", left, title="The policy goes on")
plot.backup("max", right, title="The best action goes on")
fig

# %% [markdown]
# Figure 1 shows both equations of this notebook as trees, read from the top. After the pair
# $(s_t, a_t)$ the world draws a next state (one of the possible ones is shown); then the tree
# branches over the next actions. On the left the policy weighs them: that gives $Q^\pi$. On the
# right the best one counts: that gives $Q^*$. Sections 2.1 to 2.3 are about the left tree.

# %% [markdown] tags=["predict:partner_1"]
# **Predict first** (the lecture's partner question). $Q^\pi(s, a)$ is given an action $a$ that $\pi$
# might never take. Which returns does it estimate: those of $\pi$, those of the best policy, or
# something else? If you change $\pi$ in one far-away state only, can $Q^\pi(s, a)$ change? And what
# if you change $\pi$ in $s$ itself?
#
# *Your prediction:*

# %% tags=["experiment"]
grid = envs.gridworld34()
rng = np.random.default_rng(1)
pi = rng.dirichlet(np.ones(4), 12)  # a random policy, another row in every state
far = pi.copy()
far[2] = [0, 1, 0, 0]  # beside the good exit, always right; the start is state 7
Q, Q_far = (solve.policy_evaluation(grid, policy).Q for policy in (pi, far))
change = Q_far[7, 0] - Q[7, 0]
print(f"Q(start, up): {Q[7, 0]:.4f}, with another policy in state 2: {Q_far[7, 0]:.4f}")
corridor = envs.chain(3)  # action 1 walks right, and nothing leads back
lazy, keen = np.tile([1.0, 0.0], (4, 1)), np.array([[0, 1.0], [1, 0], [1, 0], [1, 0]])
same = [solve.policy_evaluation(corridor, p).Q[0, 1] for p in (lazy, keen)]
print("chain, Q(0, right) for two policies that differ in state 0 only:", *same)

# %% [markdown]
# <details><summary>What happens, and why</summary>
#
# The action $a$ is given, and everything after it is the policy's. State 2 is four moves away from
# the start, and yet one new row there lifts $Q^\pi$(start, up) by 0.0486. And $\pi(\cdot \mid s)$ itself
# matters only if the agent comes back to $s$: in the chain it does not, and both policies give the
# same value, 0. So $Q^\pi$ estimates returns of $\pi$, for a first action of our choice. The
# superscript is part of the name: **always write it**.
#
# </details>
#
# <!-- numbers: 0.0486 = change; 0 = same[0]; 0 = same[1] -->

# %% [markdown] tags=["task:order_peel"]
# ### Exercise 1 · The derivation, in order (6 points)
#
# The next cell shows ten blocks. Seven of them, in a right order, derive the Bellman equation; three
# are false. In the answer cell below:
#
# - put the cursor into a line and **move it with Alt+↑ and Alt+↓** (⌥ on a Mac; cut and paste also
#   works). The text after `#` is only a reminder and moves along;
# - delete the lines of false blocks;
# - type a reason from the list between the quotes: `("X", "geometric series")`;
# - delete the line `raise ToDo` to have your order checked.
#
# Every order in which each line follows from lines above it is right. The longest right beginning
# earns part of the points. The visible check looks at the form and at the first line only.

# %% tags=["experiment"]
show_blocks("order_peel")


# %% tags=["answer:order_peel"]
def order_peel() -> list[tuple[str, str]]:
    """The lines of the proof from top to bottom, (letter, reason) each."""
    lines = [
        ("A", ""),  # sorted by s' and a', with pi(a'|s)
        ("B", ""),  # E[G_1 | s', a'] = Q(s', a')
        ("C", ""),  # Q(s, a) = E[G_0 | s, a]
        ("D", ""),  # Q = R + gamma E[G_1 | s, a]
        ("E", ""),  # sorted by s' and a', with pi(a'|s')
        ("F", ""),  # E[G_1 | s, a, s', a'] = Q(s', a') in any process
        ("G", ""),  # Q = gamma R + gamma E[G_1 | s, a]
        ("H", ""),  # therefore the Bellman equation
        ("I", ""),  # G_0 = r_0 + gamma G_1
        ("J", ""),  # E[G_1 | s, a, s', a'] = E[G_1 | s', a']
    ]
    ### BEGIN SOLUTION
    lines = [
        ("C", "definition"),
        ("I", "split the sum"),
        ("D", "linearity"),
        ("E", "tower rule"),
        ("J", "Markov"),
        ("B", "stationarity"),
        ("H", "substitution"),
    ]
    ### END SOLUTION
    return lines


# %% tags=["test:order_peel:6"]

# %% tags=["experiment"]
show_blocks("order_peel", order_peel())

# %% [markdown]
# **The lecture slips** in this derivation, in an index. How wrong is that, as a number? The next cell
# says it.
#
# <details><summary>Where it slips (once your order passes)</summary>
#
# Four slides draw the next action from $\pi(a_t \mid s_t)$ and then write $Q^\pi(s_{t+1}, a_{t+1})$; one
# sums $r(s_{t'}, a_{\hat t})$ with two different indices. As written, nobody draws $a_{t+1}$. The
# derivation needs $a' \sim \pi(\cdot \mid s')$. Its step from the full expectation to an inner one is
# right, but two names are missing: the **tower rule** sorts the future by $(s', a')$, and only the
# **Markov property** lets the past drop out.
#
# </details>

# %% tags=["experiment"]
V = (pi * Q).sum(axis=1)  # the policy acts in s'
as_meant = grid.R + grid.gamma * grid.P @ V
as_written = grid.R + grid.gamma * np.einsum("saz,sb,zb->sa", grid.P, pi, Q)  # ... in s
meant_off, written_off = np.abs(as_meant - Q).max(), np.abs(as_written - Q).max()
print(f"Q minus right side, as meant: {meant_off:.1e}    as written: {written_off:.4f}")

# %% [markdown]
# With $a' \sim \pi(\cdot \mid s')$ both sides agree to rounding; with the index of the slides they
# differ by up to 0.1428, a seventh of the prize of 1 in this grid.
# <!-- numbers: 0.1428 = written_off -->
#
# **A second loose end: the horizon.** The lecture sums to a finite $T$ and then writes *one* $Q^\pi$ on
# both sides. With $T$ steps left the future is one step shorter on the right side:
# $Q_T^\pi = R + \gamma\, \mathbb{E}[Q_{T-1}^\pi]$, and $Q_1^\pi = R$. The equation with one $Q^\pi$
# holds for $T = \infty$ only. How far off is it for $T = 10$?

# %% tags=["experiment"]
rng = np.random.default_rng(5)
world = envs.garnet(6, 3, 3, rng, gamma=0.9)
walk = np.full((6, 3), 1 / 3)
forever = solve.policy_evaluation(world, walk).Q
steps_left, off, far_off = world.R, [], []
for _ in range(60):  # Q with T steps left, T = 1, 2, ...
    longer = solve.bellman_pi(steps_left, world, walk)
    off.append(np.abs(longer - steps_left).max())
    far_off.append(np.abs(steps_left - forever).max())
    steps_left = longer
both = {"distance from the endless Q": far_off, "stationary equation, residual": off}
words = {"xlabel": "T, steps", "ylabel": "largest error", "note": "exact"}
title = "Figure 2. One equation for all T needs an endless horizon"
ax = plot.curves(both, np.arange(1, 61), log=True, title=title, **words)
plot.show(ax, "Two falling lines: both errors shrink by the same factor a step and are never 0.")

# %% [markdown]
# Figure 2: for $T = 10$ the stationary equation is violated by 0.1739, and $Q_{10}^\pi$ lies 1.7367
# away from the endless $Q^\pi$. Both fall by the factor $\gamma = 0.9$ a step. From here on, horizons are
# endless, and episodes end in terminal states, where all values are 0.
# <!-- numbers: 0.1739 = off[9]; 1.7367 = far_off[9]; 0.9 = off[40] / off[39] -->

# %% [markdown]
# ## 2.2 An operator and its fixed point
#
# Read the right side of the Bellman equation as a machine: put any table $Q$ in, get a table out.
#
# $$(\mathcal{T}^\pi Q)(s, a) = R(s, a) + \gamma \sum_{s'} P(s' \mid s, a) \sum_{a'}
# \pi(a' \mid s')\, Q(s', a').$$
#
# The Bellman equation says that $Q^\pi$ is a **fixed point**: $\mathcal{T}^\pi Q^\pi = Q^\pi$. One
# application is a **backup**. (The lecture's proof writes $B$ for these operators.) To compute by
# hand, take the smallest world that has a decision: leave through a door for 1, or wait.

# %% tags=["helper:door"]
LEAVE, WAIT = 0, 1


def door(gamma: float = 0.5) -> TabularMDP:
    """State 0 has a door. Leaving pays 1 and ends the episode; waiting pays nothing."""
    P, R = np.zeros((2, 2, 2)), np.zeros((2, 2))
    P[0, LEAVE, 1] = P[0, WAIT, 0] = 1.0
    P[1, :, 1] = 1.0  # state 1 is terminal
    R[0, LEAVE] = 1.0
    return TabularMDP(P, R, gamma, terminal=np.array([False, True]))


# %% tags=["experiment"]
title = "Figure 3. The door"
plot.state_graph(door(), actions=["leave", "wait"], layout="line", title=title)

# %% [markdown] tags=["task:bellman_pi"]
# ### Exercise 2 · One backup (3 points)
#
# Write `bellman_pi(Q, mdp, pi)`, the table $\mathcal{T}^\pi Q$, shape `(S, A)`, from `Q` and `pi` of
# shape `(S, A)`. The world has `mdp.P` `(S, A, S)`, `mdp.R` `(S, A)` and `mdp.gamma`.
#
# At the door, with a coin toss as policy: the zero table becomes `[[1, 0], [0, 0]]`, and that one
# becomes `[[1, 0.25], [0, 0]]`. `Q` is 0 in terminal states. Do not write into it.
#
# <details><summary>Hint</summary>
#
# Inner sum first: what is each next state worth under the policy? That is a vector `(S,)`. Then
# `mdp.P @ vector` averages over $s'$ for every pair $(s, a)$.
#
# </details>


# %% tags=["answer:bellman_pi"]
def bellman_pi(Q: np.ndarray, mdp: TabularMDP, pi: np.ndarray) -> np.ndarray:
    """R + gamma E[sum_a' pi(a'|s') Q(s', a')].

    Args:
        Q: action values, (S, A), 0 in terminal states.
        mdp: the world.
        pi: policy pi[s, a], (S, A).

    Returns:
        The backup of Q, (S, A).
    """
    ### BEGIN SOLUTION
    V = (pi * Q).sum(axis=1)
    return mdp.R + mdp.gamma * mdp.P @ V
    ### END SOLUTION


# %% tags=["test:bellman_pi:3"]

# %% [markdown]
# ## 2.3 For a given policy: a linear system
#
# The **value** of a state averages over the first action too:
# $V^\pi(s) = \sum_a \pi(a \mid s)\, Q^\pi(s, a)$. (The lecture says "future expected rewards"; it
# means the *discounted* sum.) Put the Bellman equation in, and write
# $r_\pi(s) = \sum_a \pi(a \mid s) R(s, a)$ and
# $P_\pi(s, s') = \sum_a \pi(a \mid s) P(s' \mid s, a)$:
#
# $$V^\pi = r_\pi + \gamma P_\pi V^\pi.$$
#
# These are $S$ linear equations with $S$ unknowns. No iteration is needed. And from $V^\pi$ one more
# step gives $Q^\pi(s, a) = R(s, a) + \gamma \sum_{s'} P(s' \mid s, a) V^\pi(s')$.

# %% [markdown] tags=["task:solve_v"]
# ### Exercise 3 · Solve, and step (3 + 2 points)
#
# Write `solve_v(mdp, pi)`, the values $V^\pi$, shape `(S,)`; and `q_from_v(V, mdp)`, one step of
# reward and then `V`, shape `(S, A)`, for *any* table `V` of shape `(S,)`. Do not write into `V`.
#
# At the door a coin toss has $V^\pi = 2/3$, because $V = \frac12 \cdot 1 + \frac12 \cdot \frac12 V$;
# and $Q^\pi$ is 1 for leaving and $\frac13$ for waiting. $\gamma$ may be as large as 0.999.
#
# <details><summary>Hint</summary>
#
# $(I - \gamma P_\pi) V = r_\pi$ and `np.linalg.solve`. Row $s$ of $P_\pi$ belongs to the state the
# step starts in. `np.einsum("sa,saz->sz", pi, mdp.P)` is one way to sum over actions.
#
# </details>


# %% tags=["answer:solve_v"]
def solve_v(mdp: TabularMDP, pi: np.ndarray) -> np.ndarray:
    """V^pi, the solution of V = r_pi + gamma P_pi V.

    Args:
        mdp: the world, gamma < 1.
        pi: policy pi[s, a], (S, A).

    Returns:
        The value of every state, (S,).
    """
    ### BEGIN SOLUTION
    P_pi = np.einsum("sa,saz->sz", pi, mdp.P)
    r_pi = (pi * mdp.R).sum(axis=1)
    return np.linalg.solve(np.eye(mdp.n_states) - mdp.gamma * P_pi, r_pi)
    ### END SOLUTION


# %% tags=["test:solve_v:3"]


# %% tags=["answer:q_from_v"]
def q_from_v(V: np.ndarray, mdp: TabularMDP) -> np.ndarray:
    """R + gamma E[V(s')].

    Args:
        V: state values, (S,).
        mdp: the world.

    Returns:
        Action values, (S, A).
    """
    ### BEGIN SOLUTION
    return mdp.R + mdp.gamma * mdp.P @ V
    ### END SOLUTION


# %% tags=["test:q_from_v:2"]

# %% [markdown] tags=["task:advantage"]
# ### Exercise 4 · Better than the policy? (3 points)
#
# The **advantage** $A^\pi(s, a) = Q^\pi(s, a) - V^\pi(s)$ says how much better it is to take $a$ now and
# follow $\pi$ afterwards than to follow $\pi$ at once.
#
# Write `advantage(Q, pi)`, shape `(S, A)`, with $V(s) = \sum_a \pi(a \mid s) Q(s, a)$. At the door the
# coin toss gives `[1/3, -1/3]` in state 0.
#
# <details><summary>Hint</summary>
#
# Each state has its own value, and it is subtracted from all actions of that state:
# `keepdims=True` keeps the axis.
#
# </details>


# %% tags=["answer:advantage"]
def advantage(Q: np.ndarray, pi: np.ndarray) -> np.ndarray:
    """A(s, a) = Q(s, a) - sum_b pi(b|s) Q(s, b).

    Args:
        Q: action values, (S, A).
        pi: policy pi[s, a], (S, A).

    Returns:
        The advantage of every action, (S, A).
    """
    ### BEGIN SOLUTION
    return Q - (pi * Q).sum(axis=1, keepdims=True)
    ### END SOLUTION


# %% tags=["test:advantage:3"]

# %% tags=["experiment"]
V = solve_v(grid, pi)
Q = q_from_v(V, grid)
A = advantage(Q, pi)
mean_gain = np.abs((pi * A).sum(axis=1)).max()
print(f"largest |mean advantage under pi| over the 12 states: {mean_gain:.0e}")
title = "Figure 4. Q, V and A beside the good exit (state 2)"
plot.bars(Q[2], pi=pi[2], actions=["up", "right", "down", "left"], title=title)

# %% [markdown]
# The dashed line $V^\pi$ is the policy's mean of the bars, so advantages of both signs balance:
# $\sum_a \pi(a \mid s) A^\pi(s, a) = 0$ in every state. A positive arrow is a promise: shift some
# probability to that action, and the policy gets better. What if no arrow points up?

# %% [markdown]
# ## 2.4 The best policy: a maximum instead of a mean
#
# Call $Q^*(s, a) = \sup_\pi Q^\pi(s, a)$ the best that policies reach from $(s, a)$. (The supremum:
# the smallest number that no policy exceeds. Whether one policy attains it has yet to be shown.) The
# lecture writes down its equation at once: replace the policy's mean by a maximum. As an operator,
#
# $$(\mathcal{T}^* Q)(s, a) = R(s, a) + \gamma \sum_{s'} P(s' \mid s, a)\, \max_{a'} Q(s', a').$$
#
# The world still draws $s'$ by chance; only then do we choose. This is no linear system any more.
# Whether $\mathcal{T}^* Q = Q$ has a solution, only one, and whether it is $Q^*$: all that has to be
# proved. Section 2.6 does it.

# %% [markdown] tags=["task:bellman_opt"]
# ### Exercise 5 · The optimal backup (3 points)
#
# Write `bellman_opt(Q, mdp)`, the table $\mathcal{T}^* Q$, shape `(S, A)`. At the door the zero table
# becomes `[[1, 0], [0, 0]]`, and that one becomes `[[1, 0.5], [0, 0]]`: who waits can leave one step
# later. All values may be far below 0. Do not write into `Q`.
#
# <details><summary>Hint</summary>
#
# Compare with `bellman_pi`: one line changes. Which axis of `Q` holds the actions?
#
# </details>


# %% tags=["answer:bellman_opt"]
def bellman_opt(Q: np.ndarray, mdp: TabularMDP) -> np.ndarray:
    """R + gamma E[max_a' Q(s', a')].

    Args:
        Q: action values, (S, A), 0 in terminal states.
        mdp: the world.

    Returns:
        The optimal backup of Q, (S, A).
    """
    ### BEGIN SOLUTION
    return mdp.R + mdp.gamma * mdp.P @ Q.max(axis=1)
    ### END SOLUTION


# %% tags=["test:bellman_opt:3"]

# %% tags=["experiment"]
moves = ["up", "right", "down", "left"]
Q_star = solve.policy_iteration(grid).Q  # notebook 03 builds such a solver
tilted = 0.7 * np.eye(4)[Q_star.argmax(axis=1)] + 0.3 / 4  # 70 % best action, 30 % chance
Q_pi = q_from_v(solve_v(grid, tilted), grid)
title = "Figure 5. Optimal and suboptimal, the same grid"
fig, (left, right) = plot.panels(1, 2, size=(9.6, 4.0), title=title)
look = {"actions": moves, "vmin": -1, "vmax": 1, "signed": True}
plot.q_quarters(Q_star, plot.GRID34, left, title="$Q^{*}$", name="Q*", **look)
plot.q_quarters(Q_pi, plot.GRID34, right, title=r"$Q^\pi$ of a policy with 30 % chance", **look)
plot.show(fig, "Two grids with four values a cell. In every one of them Q* is at least as large.")

# %% tags=["experiment"]
gap = Q_star - q_from_v(solve_v(grid, tilted), grid)
print(f"Q* - Q_pi lies between {gap.min():.4f} and {gap.max():.4f}")
title = r"Figure 6. What 30 % chance costs: $Q^{*}$ minus $Q^\pi$"
ax = plot.q_quarters(gap, plot.GRID34, actions=moves, title=title, name="cost", tol=1.0)
plot.show(ax, "The difference is nowhere negative, 0 in the exits, and largest below the bad exit.")

# %% [markdown]
# Figures 5 and 6 remake the lecture's pair "Optimal Policy / Suboptimal Policy". In no entry is $Q^\pi$
# larger: the difference lies between 0.0000 and 0.2150. The lecture adds "(deterministic for MDP)". What
# is true: there *exists* a deterministic optimal policy. Where actions tie, every mixture of them is optimal
# too, as you will show by an example in section 2.7. Next: advantages of the best policy.
# <!-- numbers: 0.0000 = gap.min(); 0.2150 = gap.max() -->

# %% tags=["experiment"]
A_star = advantage(Q_star, np.eye(4)[Q_star.argmax(axis=1)])
title = "Figure 7. Advantages of the best policy"
ax = plot.q_table(A_star[:11], actions=moves, signed=True, title=title, name="A*")
display(plot.show(ax, "No entry is positive. Each row holds a 0, at the best action of its state."))
print("advantage of the best action in s0, s1, …:", *(f"{x:g}" for x in A_star.max(axis=1)))

# %% [markdown]
# In figure 7 no number is positive and every row has a 0: no action beats the best one, and the best
# one is as good as itself. In the rows of the two exits (3 and 6) all actions tie. A negative number
# is what one wrong move costs if everything after it is done right.

# %% [markdown] tags=["predict:partner_3"]
# **Predict first** (the lecture's partner question). "Are these equalities true for any old function
# $Q$, or does it have to be a special function?" Could a table that has nothing to do with $\pi$ satisfy
# $\mathcal{T}^\pi Q = Q$ by accident? Could one table satisfy this equation and $\mathcal{T}^* Q = Q$?
#
# *Your prediction:*

# %% [markdown] tags=["task:superscript"]
# ### Exercise 6 · Which superscript does it deserve? (2 points)
#
# Write `superscript(Q, mdp, pi)`. It returns
#
# - `"pi"` if $\mathcal{T}^\pi Q = Q$ but $\mathcal{T}^* Q \ne Q$; `"star"` the other way round;
# - `"both"` if both backups leave `Q` where it is; `"neither"` if both move it.
#
# "Equal" means: no entry differs by more than $10^{-7}$. At the door, `[[1, 1/3], [0, 0]]` deserves
# `"pi"` for the coin toss.
#
# <details><summary>Hint</summary>
#
# The largest absolute entry of `bellman_pi(Q, mdp, pi) - Q`. You may use `solve.bellman_pi` and
# `solve.bellman_opt` from here on if yours do not pass yet.
#
# </details>


# %% tags=["answer:superscript"]
def superscript(Q: np.ndarray, mdp: TabularMDP, pi: np.ndarray) -> str:
    """Which fixed point a table is: "pi", "star", "both" or "neither".

    Args:
        Q: action values, (S, A), 0 in terminal states.
        mdp: the world, gamma < 1.
        pi: policy pi[s, a], (S, A).

    Returns:
        One of the four words.
    """
    ### BEGIN SOLUTION
    fits_pi = np.abs(bellman_pi(Q, mdp, pi) - Q).max() <= 1e-7
    fits_star = np.abs(bellman_opt(Q, mdp) - Q).max() <= 1e-7
    words = {(True, True): "both", (True, False): "pi", (False, True): "star"}
    return words.get((bool(fits_pi), bool(fits_star)), "neither")
    ### END SOLUTION


# %% tags=["test:superscript:2"]

# %% tags=["experiment"]
best = np.eye(4)[Q_star.argmax(axis=1)]
Q_pi = q_from_v(solve_v(grid, tilted), grid)
for name, Q, policy in (
    ("Q of the 30 % policy, for it ", Q_pi, tilted),
    ("Q of the 30 % policy, for the random one", Q_pi, pi),
    ("Q*, for the random policy", Q_star, pi),
    ("Q*, for the best policy", Q_star, best),
    ("Q* + 0.01 outside the end", Q_star + 0.01 * ~grid.terminal[:, None], best),
):
    print(f"{name:42s} {superscript(Q, grid, policy)}")

# %% [markdown]
# <details><summary>Answer to the partner question (yours first)</summary>
#
# The lecture's answer is: "true if the Q function is already fully accurate". For $\gamma < 1$ more is
# true and will be needed: **if and only if**. No wrong table satisfies the equation of $\pi$, by
# accident or otherwise, so one backup *tests* a table. `"both"` happens when $\pi$ is optimal: then
# $Q^\pi = Q^*$. Adding 0.01 keeps the best action of every state and breaks both equations.
#
# </details>

# %% [markdown]
# ## 2.5 A backup shrinks distances
#
# Measure the distance of two tables by their largest difference, the **sup norm**
# $\lVert Q - Q' \rVert = \max_{s,a} |Q(s, a) - Q'(s, a)|$. Claim (C1): for *any* two tables,
#
# $$\lVert \mathcal{T}^* Q - \mathcal{T}^* Q' \rVert \le \gamma\, \lVert Q - Q' \rVert,$$
#
# and the same for $\mathcal{T}^\pi$. Such an operator is a **contraction**. Now repeat it:
# $Q_{k+1} = \mathcal{T}^* Q_k$ has (C2) $\lVert Q_k - Q^* \rVert \le \gamma^k \lVert Q_0 - Q^* \rVert$.
# This is the lecture's "each operation gets you exponentially closer". The proof printed above that
# sentence shows something else; section 2.8 repairs it.

# %% [markdown] tags=["predict:contraction"]
# **Predict first.** Draw 2,000 random worlds with $\gamma = 0.9$ and two random tables for each. Divide
# the distance of their backups by the distance of the tables. How close to 0.9 does the largest of
# these ratios come, for $\mathcal{T}^*$ and for $\mathcal{T}^\pi$? And if distances are measured by the
# Euclidean norm, the root of the sum of squares?
#
# *Your prediction:*

# %% tags=["experiment"]
rng = np.random.default_rng(3)
ratios = {"star": [], "pi": [], "star, Euclidean": []}
for _ in range(2000):
    world = envs.garnet(int(rng.integers(2, 7)), 2, 2, rng, gamma=0.9)
    walk = rng.dirichlet(np.ones(2), world.n_states)
    one, two = rng.normal(size=(2, *world.R.shape)) * [[[1.0]], [[3.0]]]
    star = bellman_opt(one, world) - bellman_opt(two, world)
    policy = bellman_pi(one, world, walk) - bellman_pi(two, world, walk)
    ratios["star"].append(np.abs(star).max() / np.abs(one - two).max())
    ratios["pi"].append(np.abs(policy).max() / np.abs(one - two).max())
    ratios["star, Euclidean"].append(np.linalg.norm(star) / np.linalg.norm(one - two))
largest = {name: max(values) for name, values in ratios.items()}
print("largest ratio:", "; ".join(f"{name} {value:.4f}" for name, value in largest.items()))

# %% [markdown]
# <details><summary>What happens, and why</summary>
#
# In the sup norm no ratio exceeds $\gamma$: at most 0.8998 for $\mathcal{T}^*$ and 0.8941 for
# $\mathcal{T}^\pi$. In the Euclidean norm backups can *expand*: up to 1.5570. So "contraction" is a
# statement about an operator **and** a norm. Random search stays a little below $\gamma$; is
# $\gamma$ itself ever attained? Figure 8 will show it.
#
# </details>
#
# <!-- numbers: 0.8998 = largest["star"]; 0.8941 = largest["pi"]; 1.5570 = largest["star, Euclidean"] -->

# %% [markdown] tags=["task:c1"]
# ### Exercise 7 · Certificates C1 and C2 (1.5 + 1.5 points)
#
# A **certificate** is a claim as a program: a function that returns its two sides, `(lhs, rhs)`. It
# holds on an instance if `lhs <= rhs`. With a huge right side it would always hold and say nothing. So
# the checks compare each side with the quantity of the claim, also in worlds where both are equal.
#
# - `c1(mdp, Q1, Q2)`: distance of the two optimal backups; $\gamma$ times the distance before.
# - `c2(mdp, Q, k)`: distance from $Q^*$ after $k$ optimal backups of `Q`; $\gamma^k$ times the distance
#   at the start. $k = 0$ is allowed.
#
# `solve.policy_iteration(mdp)` has the optimal tables as `.Q` and `.V`.


# %% tags=["answer:c1"]
def c1(mdp: TabularMDP, Q1: np.ndarray, Q2: np.ndarray) -> tuple[float, float]:
    """Contraction in the sup norm: |T* Q1 - T* Q2| and gamma |Q1 - Q2|.

    Args:
        mdp: the world.
        Q1: a table, (S, A).
        Q2: another one, (S, A).

    Returns:
        (lhs, rhs), two numbers.
    """
    ### BEGIN SOLUTION
    after = np.abs(bellman_opt(Q1, mdp) - bellman_opt(Q2, mdp)).max()
    return after, mdp.gamma * np.abs(Q1 - Q2).max()
    ### END SOLUTION


# %% tags=["test:c1:1.5"]


# %% tags=["answer:c2"]
def c2(mdp: TabularMDP, Q: np.ndarray, k: int) -> tuple[float, float]:
    """Geometric decrease: |T*^k Q - Q*| and gamma^k |Q - Q*|.

    Args:
        mdp: the world.
        Q: a table, (S, A), 0 in terminal states.
        k: number of backups, 0 or more.

    Returns:
        (lhs, rhs), two numbers.
    """
    ### BEGIN SOLUTION
    best = solve.policy_iteration(mdp).Q
    bound = mdp.gamma**k * np.abs(Q - best).max()
    for _ in range(k):
        Q = bellman_opt(Q, mdp)
    return np.abs(Q - best).max(), bound
    ### END SOLUTION


# %% tags=["test:c2:1.5"]

# %% tags=["experiment"]
world = envs.garnet(6, 3, 3, np.random.default_rng(5), gamma=0.9)
star = solve.policy_iteration(world).Q
starts = {"from 0": np.zeros((6, 3)), "from $Q^{*} + 5$": star + 5.0}
runs = {name: [c2(world, Q, k)[0] for k in range(31)] for name, Q in starts.items()}
runs["bound for $Q^{*} + 5$"] = [c2(world, star + 5.0, k)[1] for k in range(31)]
late = [c1(world, star, star + 5.0), c2(world, star + 5.0, 30)]
words = {"xlabel": "k, backups", "ylabel": "largest error", "note": "exact"}
ax = plot.curves(
    runs, log=True, title="Figure 8. Each backup brings a table closer to $Q^{*}$", **words
)
plot.show(ax, "On a log scale both errors fall; the one that starts at Q* + 5 lies on its bound.")

# %% [markdown]
# In figure 8 the table $Q^* + 5$ runs exactly on its bound: if all entries are off by the same $c$, one
# backup leaves $\gamma c$. After 30 backups 0.2120 of 5 is left, and both sides of C1 are 4.5000.
# From the zero table it goes at least as fast.
# <!-- numbers: 0.2120 = late[1][0]; 4.5000 = late[0][0]; 4.5000 = late[0][1] -->

# %% [markdown] tags=["task:hunt_l2"]
# ### Exercise 8 · Two hunts: where the conditions bite (2 + 1.5 points)
#
# You return a counterexample; the checks verify it. Build worlds with `TabularMDP(P, R, gamma)`, `P` of
# shape `(S, A, S)` and `R` of shape `(S, A)`, at most 400 pairs $(s, a)$, rewards within ±1000.
# `terminal=` and `rho0=`, both `(S,)`, may follow. The visible check looks at the form only.
#
# - `hunt_l2() -> (mdp, Q1, Q2)`: $\gamma \le 0.99$, and in the **Euclidean norm** the optimal backups of
#   `Q1` and `Q2` are at least 1.05 times as far apart as the tables.
# - `hunt_gamma1() -> (mdp, Q1, Q2)`: $\gamma = 1$, and two **different** tables (by 0.1 somewhere) solve
#   $\mathcal{T}^* Q = Q$. Both are 0 in terminal states, if there are any.
#
# <details><summary>Hint</summary>
#
# The first: let many pairs lead to one state, and change one entry there. The second: what does the
# equation say about a loop that pays nothing and never ends?
#
# </details>


# %% tags=["answer:hunt_l2"]
def hunt_l2() -> tuple[TabularMDP, np.ndarray, np.ndarray]:
    """A world (gamma <= 0.99) and tables Q1, Q2 (S, A) that T* drives apart, Euclidean norm."""
    ### BEGIN SOLUTION
    P = np.zeros((2, 2, 2))
    P[:, :, 0] = 1.0  # all four pairs lead to state 0
    Q1, Q2 = np.zeros((2, 2)), np.zeros((2, 2))
    Q2[0, 0] = 1.0  # one entry differs, four backups do
    return TabularMDP(P, np.zeros((2, 2)), 0.9), Q1, Q2
    ### END SOLUTION


# %% tags=["test:hunt_l2:2"]


# %% tags=["answer:hunt_gamma1"]
def hunt_gamma1() -> tuple[TabularMDP, np.ndarray, np.ndarray]:
    """A world with gamma = 1 and two different solutions Q1, Q2 (S, A) of T* Q = Q."""
    ### BEGIN SOLUTION
    loop = TabularMDP(np.ones((1, 1, 1)), np.zeros((1, 1)), gamma=1.0)
    return loop, np.zeros((1, 1)), np.ones((1, 1))
    ### END SOLUTION


# %% tags=["test:hunt_gamma1:1.5"]

# %% [markdown]
# The second hunt finishes the partner question: with $\gamma = 1$ the equation does **not** single out
# one table. Everything below uses $\gamma < 1$. (Undiscounted problems need another reason, such as an
# end that is always reached.)
#
# <details><summary>Why not (once your hunt passes)</summary>
#
# A loop that pays nothing satisfies $Q = 0 + 1 \cdot Q$ whatever $Q$ is.
#
# </details>

# %% [markdown]
# ## 2.6 Why $Q^*$ exists, is unique, and tells us what to do
#
# From C1 everything follows. The skeleton is due to Banach. The tables $Q_k$ move by smaller and smaller
# steps, and the sum of all steps is finite. So late tables all lie close together (a **Cauchy**
# sequence), and there is a limit. The limit is a fixed point, and two fixed points would have to be
# closer than they are. Then two observations identify the limit. No policy does better: one optimal
# backup never lowers $Q^\pi$, and repeated backups lead to the limit. And some policy does as well: a
# **greedy** one, which takes in each state an action with the largest value. (Policies here look at the
# current state only. Remembering more does not help; Puterman, section 5.5.)

# %% [markdown] tags=["task:order_optimality"]
# ### Exercise 9 · The optimality proof, in order (4 points)
#
# Ten of the fourteen blocks make the proof; four are false. Move, delete, and give reasons as in
# exercise 1. There are many right orders. $Q_\infty$ is the limit, $\pi_g$ a greedy policy.

# %% tags=["experiment"]
show_blocks("order_optimality")


# %% tags=["answer:order_optimality"]
def order_optimality() -> list[tuple[str, str]]:
    """The lines of the proof from top to bottom, (letter, reason) each."""
    lines = [
        ("A", ""),  # no policy exceeds the limit, the greedy one attains it
        ("B", ""),  # another fixed point would be the same
        ("C", ""),  # the limit is a fixed point
        ("D", ""),  # Cauchy by a sum of steps, so there is a limit
        ("E", ""),  # greedy: both operators agree on the limit
        ("F", ""),  # Q^pi = T^pi Q^pi <= T* Q^pi
        ("G", ""),  # steps tend to 0, so there is a limit
        ("H", ""),  # best from s_0 means greedy everywhere
        ("I", ""),  # greedy: both operators agree on every table
        ("J", ""),  # |T* Q - T* Q'| <= gamma |Q - Q'|, sup norm
        ("K", ""),  # |max f - max g| <= max |f - g|
        ("L", ""),  # step k is at most gamma^k times the first step
        ("M", ""),  # Q^pi <= T* Q^pi <= ... -> the limit
        ("N", ""),  # |T* Q - T* Q'| <= gamma |Q - Q'|, Euclidean norm
    ]
    ### BEGIN SOLUTION
    lines = [
        ("K", "sup inequality"),
        ("J", "average <= max"),
        ("L", "contraction"),
        ("D", "geometric series"),
        ("C", "contraction"),
        ("B", "contraction"),
        ("F", "average <= max"),
        ("M", "monotonicity"),
        ("E", "greedy"),
        ("A", "definition"),
    ]
    ### END SOLUTION
    return lines


# %% tags=["test:order_optimality:4"]

# %% tags=["experiment"]
show_blocks("order_optimality", order_optimality())

# %% [markdown]
# ## 2.7 What "greedy is optimal" says, and what it does not
#
# **The lecture's argument**, a partner question: "why must $\pi^* = \arg\max Q^*$? Otherwise the return
# of this action isn't the highest, so the policy is not optimal." The idea is right. As a proof it
# takes three things for granted: that one policy is best in *all* states at once (the proof above);
# that changing single actions improves the whole policy (C5 below); and that optimal means optimal
# *from every state*.
#
# **And its notation.** $\pi(a \mid s)$ is a probability and $\arg\max_a Q^*(s, a)$ an action: they cannot
# be equal. Say: $\pi(a \mid s) > 0$ only for actions $a$ that attain $\max_b Q^*(s, b)$.

# %% [markdown] tags=["task:hunt_start"]
# ### Exercise 10 · Two hunts about optimal policies (2 + 1 points)
#
# - `hunt_start() -> (mdp, pi)`: `rho0` gives all probability to one state $s_0$. `pi` collects the best
#   possible return from $s_0$, and yet in some other state $V^* - V^\pi$ is at least 0.1, so that it is
#   not greedy for $Q^*$ everywhere. So "optimal implies greedy" needs *from every state*.
# - `hunt_ties() -> (mdp, pi1, pi2)`: two optimal policies (no loss in any state). `pi1` takes one action
#   in each state; `pi2` really mixes in a state that is not terminal (no action above 0.95). And some
#   action $a$ loses something, $V^*(s) - Q^*(s, a) \ge 0.1$; else every policy would do.
#
# Policies have shape `(S, A)`, $\gamma \le 0.99$.
#
# <details><summary>Hint</summary>
#
# The first: a state that is never reached from $s_0$. The second: one state and three actions are
# enough.
#
# </details>


# %% tags=["answer:hunt_start"]
def hunt_start() -> tuple[TabularMDP, np.ndarray]:
    """A world with one first state, and a policy (S, A): best from there, bad elsewhere."""
    ### BEGIN SOLUTION
    P = np.zeros((2, 2, 2))
    P[0, :, 0] = P[1, :, 1] = 1.0  # two islands
    R = np.array([[1.0, 0.0], [1.0, 0.0]])
    pi = np.array([[1.0, 0.0], [0.0, 1.0]])  # the wrong action on the island never visited
    return TabularMDP(P, R, 0.9, rho0=np.array([1.0, 0.0])), pi
    ### END SOLUTION


# %% tags=["test:hunt_start:2"]


# %% tags=["answer:hunt_ties"]
def hunt_ties() -> tuple[TabularMDP, np.ndarray, np.ndarray]:
    """A world and two optimal policies (S, A): one without chance, one that mixes."""
    ### BEGIN SOLUTION
    mdp = TabularMDP(np.ones((1, 3, 1)), np.array([[1.0, 1.0, 0.0]]), 0.9)
    return mdp, np.array([[1.0, 0.0, 0.0]]), np.array([[0.5, 0.5, 0.0]])
    ### END SOLUTION


# %% tags=["test:hunt_ties:1"]

# %% [markdown] tags=["task:c5"]
# ### Exercise 11 · Certificate C5: policy improvement (1.5 points)
#
# Make a policy greedy for *its own* $Q^\pi$, and call the result $\pi'$ (of equally good actions the
# first, as `argmax` takes it). Then $V^\pi(s) \le V^{\pi'}(s)$ in **every** state. One optimal backup of
# $Q^\pi$ does not lower it, and following $\pi'$ for ever repeats this.
#
# Write `c5(mdp, pi) -> (lhs, rhs)` with $V^\pi$ and $V^{\pi'}$, both of shape `(S,)`.
#
# <details><summary>Hint</summary>
#
# `np.eye(A)[actions]` turns actions `(S,)` into a policy `(S, A)`.
#
# </details>


# %% tags=["answer:c5"]
def c5(mdp: TabularMDP, pi: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Policy improvement: V^pi and V^pi', where pi' is greedy for Q^pi.

    Args:
        mdp: the world.
        pi: policy pi[s, a], (S, A).

    Returns:
        (lhs, rhs), two arrays (S,).
    """
    ### BEGIN SOLUTION
    V = solve_v(mdp, pi)
    better = np.eye(mdp.n_actions)[q_from_v(V, mdp).argmax(axis=1)]
    return V, solve_v(mdp, better)
    ### END SOLUTION


# %% tags=["test:c5:1.5"]

# %% tags=["experiment"]
trail = [c5(grid, pi)]
policy = np.eye(4)[q_from_v(trail[0][0], grid).argmax(axis=1)]
for _ in range(4):  # again and again: policy iteration
    trail.append(c5(grid, policy))
    policy = np.eye(4)[q_from_v(trail[-1][0], grid).argmax(axis=1)]
at_start = [trail[0][0][7]] + [new[7] for _, new in trail]
print("value of the start cell:   ", " ".join(f"{v:7.4f}" for v in at_start))
optimum = solve.policy_iteration(grid).V
to_gain = [(optimum - trail[0][0]).max()] + [(optimum - new).max() for _, new in trail]
print("left to gain in some cell: ", " ".join(f"{v:7.4f}" for v in to_gain))

# %% [markdown]
# The first improvement lifts the start cell from 0.0120 to 0.4907, its best value. The second removes
# the last loss, 0.0780 in another cell; then nothing is left to gain, and no state ever falls. An
# optimal policy is one that cannot be improved. Improving until then is Howard's *policy iteration*,
# the solver behind `solve.policy_iteration`.
# <!-- numbers: 0.0120 = at_start[0]; 0.4907 = at_start[1]; 0.0780 = to_gain[1] -->

# %% [markdown]
# ## 2.8 If the equation is only nearly solved
#
# In practice no table is exact. Its **Bellman residual** $\varepsilon$ is how far one backup moves it:
# $\lVert \mathcal{T}^* Q - Q \rVert$. It can be computed without knowing $Q^*$. Two questions: how far is
# the table from $Q^*$, and how much does its greedy policy lose?
#
# For a table $V$ of state values, write $[R + \gamma P V](s, a)$ for one step and then $V$ (your
# `q_from_v`). An optimal backup takes the maximum of it, $(\mathcal{T}^* V)(s) = \max_a [R + \gamma P V](s,
# a)$, a policy's backup $\mathcal{T}^\pi V$ its mean under $\pi(\cdot \mid s)$. **Greedy for $V$** means
# greedy for $R + \gamma P V$.

# %% [markdown]
# **The lecture's proof** answers the second question. On its slide it stands under the question whether
# iterating works, and begins in mid-air ("results in (d)"): it is part of an older exercise. It shows
# that the greedy policy of a table $V$ loses at most $2\varepsilon / (1 - \gamma)$. It says nothing
# about iteration. One line of it reads "for the greedy policy, $B = B^\pi$". Is that so?

# %% tags=["experiment"]
world = envs.garnet(5, 2, 2, np.random.default_rng(8), gamma=0.9)
V, W = np.random.default_rng(9).normal(size=(2, 5))
actions = q_from_v(V, world).argmax(axis=1)  # greedy for V
differences = {}
for name, table in (("V", V), ("W", W)):
    Q = q_from_v(table, world)
    differences[name] = (Q.max(axis=1) - Q[np.arange(5), actions]).max()
    print(f"at {name}: optimal backup minus the policy's backup = {differences[name]:.4f}")

# %% [markdown]
# At $V$, for which the policy was made, the operators agree: the difference is 0.0000. At another table
# $W$ they differ by 1.8828. So $\mathcal{T}^* V = \mathcal{T}^\pi V$ **at that V**, and
# $\mathcal{T}^* \ne \mathcal{T}^\pi$. The lecture's proof survives, because it uses the equation at $V$
# only.
# <!-- numbers: 0.0000 = differences["V"]; 1.8828 = differences["W"] -->

# %% [markdown] tags=["task:hunt_operator"]
# ### Exercise 12 · The operators differ, and C3 (1.5 + 1.5 points)
#
# - `hunt_operator() -> (mdp, V, W)`: tables of shape `(S,)`. Let $\pi$ be greedy for `V` (ties: the first).
#   At `W` the two operators differ by at least 0.1: $\max_s |(\mathcal{T}^* W - \mathcal{T}^\pi W)(s)| \ge
#   0.1$. Build it by hand, $\gamma \le 0.99$.
# - `c3(mdp, Q) -> (lhs, rhs)`: the error $\lVert Q - Q^* \rVert$, and $\varepsilon / (1 - \gamma)$ with the
#   residual $\varepsilon$ of `Q`.
#
# Why C3 holds, in one line: $\lVert Q - Q^* \rVert \le \lVert Q - \mathcal{T}^* Q \rVert + \lVert
# \mathcal{T}^* Q - \mathcal{T}^* Q^* \rVert \le \varepsilon + \gamma \lVert Q - Q^* \rVert$.


# %% tags=["answer:hunt_operator"]
def hunt_operator() -> tuple[TabularMDP, np.ndarray, np.ndarray]:
    """A world and tables V, W (S,): greedy for V, the operators agree at V and differ at W."""
    ### BEGIN SOLUTION
    P = np.zeros((3, 2, 3))
    P[:, 0, 1] = P[:, 1, 2] = 1.0  # action 0 leads to state 1, action 1 to state 2
    V, W = np.array([0.0, 1.0, 0.0]), np.array([0.0, 0.0, 1.0])
    return TabularMDP(P, np.zeros((3, 2)), 0.9), V, W
    ### END SOLUTION


# %% tags=["test:hunt_operator:1.5"]


# %% tags=["answer:c3"]
def c3(mdp: TabularMDP, Q: np.ndarray) -> tuple[float, float]:
    """Error from the residual: |Q - Q*| and |T* Q - Q| / (1 - gamma).

    Args:
        mdp: the world.
        Q: a table, (S, A), 0 in terminal states.

    Returns:
        (lhs, rhs), two numbers.
    """
    ### BEGIN SOLUTION
    residual = np.abs(bellman_opt(Q, mdp) - Q).max()
    return np.abs(Q - solve.policy_iteration(mdp).Q).max(), residual / (1 - mdp.gamma)
    ### END SOLUTION


# %% tags=["test:c3:1.5"]

# %% [markdown] tags=["predict:tight"]
# **Predict first.** The lecture bounds the loss of a greedy policy by $2\varepsilon / (1 - \gamma)$; with
# $\varepsilon = 1$ and $\gamma = 0.9$ that is 20. Exercise 13 claims a little less for a table $V$, 18, and
# the same 20 for a table $Q$, whose greedy policy reads off the largest entry. Why should there be a
# difference? And are there worlds in which a greedy policy really loses 18, or 20, or do both bounds
# leave room?
#
# *Your prediction:*

# %% [markdown] tags=["task:c4"]
# ### Exercise 13 · Certificate C4: what a greedy policy loses (4 points)
#
# Write `c4(mdp, table) -> (lhs, rhs)` for both kinds of table.
#
# - Shape `(S,)`: a table $V$ with residual $\varepsilon = \lVert \mathcal{T}^* V - V \rVert$; $\pi$ is greedy
#   for $R + \gamma P V$; the claim is $\max_s (V^* - V^\pi)(s) \le 2 \gamma \varepsilon / (1 - \gamma)$.
# - Shape `(S, A)`: a table $Q$ with residual $\varepsilon = \lVert \mathcal{T}^* Q - Q \rVert$; $\pi$ is greedy
#   for $Q$ itself; the claim is $\max_s (V^* - V^\pi)(s) \le 2 \varepsilon / (1 - \gamma)$.
#
# Of tied actions, take the first. The left side is the **loss**.
#
# <details><summary>Hint</summary>
#
# `table.ndim` tells them apart. In both cases: find $Q$ to be greedy for, $\varepsilon$, and the factor;
# the rest is common.
#
# </details>


# %% tags=["answer:c4"]
def c4(mdp: TabularMDP, table: np.ndarray) -> tuple[float, float]:
    """Loss of the greedy policy of a table V, (S,), or Q, (S, A), and its bound.

    Args:
        mdp: the world.
        table: values, 0 in terminal states.

    Returns:
        (lhs, rhs), two numbers.
    """
    ### BEGIN SOLUTION
    if table.ndim == 1:
        Q = q_from_v(table, mdp)
        residual, factor = np.abs(Q.max(axis=1) - table).max(), 2 * mdp.gamma
    else:
        Q = table
        residual, factor = np.abs(bellman_opt(Q, mdp) - Q).max(), 2.0
    greedy = np.eye(mdp.n_actions)[Q.argmax(axis=1)]
    loss = (solve.policy_iteration(mdp).V - solve_v(mdp, greedy)).max()
    return loss, factor * residual / (1 - mdp.gamma)
    ### END SOLUTION


# %% tags=["test:c4:4"]

# %% tags=["experiment"]
tight_v, tight_q = envs.tight_loss(eps=1.0, gamma=0.9), envs.tight_loss_q(eps=1.0, gamma=0.9)
loss_v, bound_v = c4(tight_v.mdp, tight_v.V)
loss_q, bound_q = c4(tight_q.mdp, tight_q.Q)
print(f"table V: loss {loss_v:.1f}, bound {bound_v:.1f}")
print(f"table Q: loss {loss_q:.1f}, bound {bound_q:.1f}")
title = "Figure 9. All values 0, a tie in s, and the wrong side of it"
look = {"states": ["s", "good", "bad"], "actions": ["a0", "a1"], "title": title}
plot.state_graph(tight_v.mdp, positions=[[0, 0], [2.4, 0], [-2.4, 0]], **look)

# %% [markdown]
# <details><summary>Answer to the prediction (yours first)</summary>
#
# No room: the loss is 18.0 of 18.0 for a table $V$, in the world of figure 9, and 20.0 of 20.0 for a table
# $Q$, in one state with two loops. The difference is the first step. Greedy for $V$ looks one true
# reward ahead before it trusts the estimate; greedy for $Q$ trusts the estimate at once.
#
# </details>
#
# <!-- numbers: 18.0 = loss_v; 18.0 = bound_v; 20.0 = loss_q; 20.0 = bound_q -->

# %% tags=["experiment"]
rng = np.random.default_rng(6)
share = {"table V": [], "table Q": []}
for _ in range(1000):
    world = envs.garnet(int(rng.integers(2, 7)), 2, 2, rng, gamma=0.9)
    for name, shape in (("table V", world.n_states), ("table Q", world.R.shape)):
        loss, bound = c4(world, rng.normal(size=shape))
        share[name].append(loss / bound)
usual = {name: np.median(values) for name, values in share.items()}
worst = {name: max(values) for name, values in share.items()}
in_order = {name: np.sort(values) for name, values in share.items()}
title = "Figure 10. Random worlds stay far below the bound"
ax = plot.curves(in_order, np.arange(1, 1001) / 10, ylabel="loss / bound", title=title,
                 xlabel="% of the worlds, sorted", note="1,000 random worlds")  # fmt: skip
plot.show(ax, "Sorted shares of the bound: half of them are near 0, and none comes close to 1.")

# %% [markdown]
# Figure 10: in random worlds the largest loss is 0.5817 of the bound for $V$ and 0.6783 for $Q$, and
# half of them lose less than 0.0075 and 0.1269 of it. A bound is a promise about the *worst* world.
# Do not read it as a forecast; but do not hope for less either, since such worlds exist.
# <!-- numbers: 0.5817 = worst["table V"]; 0.6783 = worst["table Q"]; 0.0075 = usual["table V"];
# 0.1269 = usual["table Q"] -->

# %% [markdown] tags=["task:greedy_proof"]
# ### Exercise 14 · Write the proof (4 points, read by a person)
#
# Let $V$ be any table with residual $\varepsilon = \lVert \mathcal{T}^* V - V \rVert$, and let $\pi$ be
# greedy for it. Prove in about ten lines that $\lVert V^* - V^\pi \rVert \le 2\varepsilon / (1 - \gamma)$.
# (If you reach $2\gamma\varepsilon / (1 - \gamma)$: even better, and it counts the same.) You may use
# that both operators are contractions. One point each:
#
# 1. **Definitions**: what $\varepsilon$, greedy, $V^\pi$ and $V^*$ mean, as equations.
# 2. **$\mathcal{T}^* V = \mathcal{T}^\pi V$ at this $V$**: said and justified, and used at no other table.
# 3. **Triangle inequality**: between the right tables, for both distances.
# 4. **The constant**: where $1 / (1 - \gamma)$ comes from, and why there are two of them.
#
# Write words and formulas (`$...$`) in the cell below.

# %% [markdown] tags=["manual:greedy_proof:4"]
# ### BEGIN SOLUTION
# **A model proof.**
#
# 1. $(\mathcal{T}^\pi V)(s) = \sum_a \pi(a|s) [R + \gamma P V](s, a)$ and
#    $(\mathcal{T}^* V)(s) = \max_a [R + \gamma P V](s, a)$; both contract by $\gamma$ in the sup norm.
# 2. $V^\pi = \mathcal{T}^\pi V^\pi$ and $V^* = \mathcal{T}^* V^*$ are their fixed points;
#    $\varepsilon = \lVert \mathcal{T}^* V - V \rVert$.
# 3. $\pi$ is greedy for $V$: $\pi(a|s) > 0$ only where $a$ attains $\max_a [R + \gamma P V](s, a)$. So
#    $\mathcal{T}^\pi V = \mathcal{T}^* V$, at this $V$; elsewhere the operators differ.
# 4. $\lVert V - V^* \rVert \le \lVert V - \mathcal{T}^* V \rVert + \lVert \mathcal{T}^* V - \mathcal{T}^* V^* \rVert
#    \le \varepsilon + \gamma \lVert V - V^* \rVert$ (triangle inequality, contraction).
# 5. So $\lVert V - V^* \rVert \le \varepsilon / (1 - \gamma)$.
# 6. $\lVert V - V^\pi \rVert \le \lVert V - \mathcal{T}^\pi V \rVert + \lVert \mathcal{T}^\pi V - \mathcal{T}^\pi V^\pi
#    \rVert \le \varepsilon + \gamma \lVert V - V^\pi \rVert$; the first term is $\varepsilon$ by line 3.
# 7. So $\lVert V - V^\pi \rVert \le \varepsilon / (1 - \gamma)$.
# 8. $\lVert V^* - V^\pi \rVert \le \lVert V^* - V \rVert + \lVert V - V^\pi \rVert \le 2\varepsilon / (1 - \gamma)$.
# 9. Sharper: with $W = \mathcal{T}^* V = \mathcal{T}^\pi V$ in place of $V$ in line 8, contraction gives
#    $\lVert W - V^* \rVert \le \gamma \lVert V - V^* \rVert$ and $\lVert W - V^\pi \rVert \le \gamma \lVert V -
#    V^\pi \rVert$.
# 10. So $\lVert V^* - V^\pi \rVert \le 2\gamma\varepsilon / (1 - \gamma)$.
#
# **For the person who marks**, one point each, no half points.
#
# 1. *Definitions* (lines 1, 2): fixed points and residual as equations. "V* is optimal" alone: no point.
# 2. *At V* (line 3): justified by greedy. "B = B^π" for the operators as such, as in the lecture: no
#    point, and comment on it.
# 3. *Triangle* (lines 4, 6, 8): all three, or twice and the third by "likewise". Signed differences
#    without absolute values lose it only if a wrong inequality results.
# 4. *Constant* (lines 5, 7): solving $x \le \varepsilon + \gamma x$, or a geometric series. The factor 2 is
#    two distances from $V$, not "once for each sign".
#
# Other proofs are welcome, such as a telescoping sum or monotonicity; give each point for the same
# content. A sound proof for a table $Q$ in place of $V$ earns the same points.
# ### END SOLUTION

# %% [markdown]
# **The superscript again.** The claim is about $V$, $V^\pi$ and $V^*$: an estimate, the values of the policy
# it suggests, and the optimum. Three different tables, and the whole proof is a walk from one to the
# other two. A slide that writes $Q$ for all three cannot even state it.
#
# **One more distance: between worlds.** Often $P$ and $R$ are themselves estimates. How wrong are values
# computed in a world $\hat M$ for the true world $M$?

# %% [markdown] tags=["task:c6"]
# ### Exercise 15 · Certificate C6: the simulation lemma (2 points)
#
# `mdp` is $M$, `other` is $\hat M$; same states, actions and $\gamma$. Write
# $\varepsilon_R = \max_{s,a} |R - \hat R|$,
# $\varepsilon_P = \max_{s,a} \sum_{s'} |P(s' \mid s, a) - \hat P(s' \mid s, a)|$ and
# $\mathrm{span}(\hat V^\pi) = \max_s \hat V^\pi(s) - \min_s \hat V^\pi(s)$. For one policy in both worlds,
#
# $$\lVert V^\pi - \hat V^\pi \rVert \le \frac{\varepsilon_R}{1 - \gamma} + \frac{\gamma\, \varepsilon_P}{1 - \gamma}
# \cdot \frac{\mathrm{span}(\hat V^\pi)}{2}.$$
#
# Write `c6(mdp, other, pi) -> (lhs, rhs)`. (Half the span: moving probability $\varepsilon_P / 2$ from the
# worst to the best state is the most that can happen.)


# %% tags=["answer:c6"]
def c6(mdp: TabularMDP, other: TabularMDP, pi: np.ndarray) -> tuple[float, float]:
    """Simulation lemma: how far values of one policy differ in two worlds, and the bound.

    Args:
        mdp: the world.
        other: a similar world; its values enter the bound.
        pi: policy pi[s, a], (S, A).

    Returns:
        (lhs, rhs), two numbers.
    """
    ### BEGIN SOLUTION
    V, V_other = solve_v(mdp, pi), solve_v(other, pi)
    off_r = np.abs(mdp.R - other.R).max()
    off_p = np.abs(mdp.P - other.P).sum(axis=2).max()
    bound = (off_r + mdp.gamma * off_p * np.ptp(V_other) / 2) / (1 - mdp.gamma)
    return np.abs(V - V_other).max(), bound
    ### END SOLUTION


# %% tags=["test:c6:2"]

# %% tags=["experiment"]
rng = np.random.default_rng(10)
world = envs.garnet(5, 2, 3, rng, gamma=0.9)
walk = np.full((5, 2), 0.5)
ns = np.array([10, 30, 100, 300, 1000, 3000])
errors, bounds = [], []
for n in ns:  # estimate P from n draws for each pair, 20 times
    guesses = [TabularMDP(rng.multinomial(n, world.P) / n, world.R, 0.9) for _ in range(20)]
    sides = np.array([c6(world, guess, walk) for guess in guesses])
    errors.append(sides[:, 0])
    bounds.append(sides[:, 1])
title = "Figure 11. Values computed from an estimated world"
both = {"error": np.transpose(errors), "bound (C6)": np.transpose(bounds)}
words = {"xlabel": "draws for each pair (s, a), log10", "ylabel": "error of V", "title": title}
ax = plot.curves(both, np.log10(ns), log=True, **words)
plot.show(ax, "Error and bound fall side by side on log scales, the bound about ten times above.")

# %% [markdown]
# Error and bound in figure 11 fall together: from 0.3350 at 10 draws to 0.0197 at 3,000, by a factor 17.0
# for 300 times the data, about the square root. The bound is 10.1 times larger at the end. Planning in an
# estimated world works. Its price is $1 / (1 - \gamma)$ squared: one factor stands in the bound, the other
# hides in the span, since values are that much larger than rewards.
# <!-- numbers: 0.3350 = errors[0].mean(); 0.0197 = errors[-1].mean();
# 17.0 = errors[0].mean() / errors[-1].mean(); 10.1 = bounds[-1].mean() / errors[-1].mean() -->

# %% [markdown]
# ## What you have learned
#
# - $Q^\pi(s, a)$ is $R(s, a)$ plus $\gamma$ times the mean of $Q^\pi(s', a')$, with
#   $a' \sim \pi(\cdot \mid s')$.
# - $V^\pi$ solves a linear system. Advantages have mean 0 under $\pi$; those of $\pi^*$ are never positive.
# - $\mathcal{T}^\pi$ and $\mathcal{T}^*$ contract by $\gamma$ in the sup norm; in the Euclidean norm they need not.
#   Hence one fixed point each, and $k$ backups leave at most $\gamma^k$ of any error.
# - $\mathcal{T}^* Q = Q$ if and only if $Q = Q^*$ ($\gamma < 1$). Greedy for $Q^*$ is optimal from every state.
# - A residual $\varepsilon$ costs a greedy policy at most $2\gamma\varepsilon / (1 - \gamma)$ for a table $V$,
#   $2\varepsilon / (1 - \gamma)$ for a table $Q$. Both are attained.

# %% [markdown]
# ## What breaks in practice
#
# - **The average of errors.** Networks minimise a mean squared error; the theory above is about the
#   largest one. A projection in the Euclidean norm between backups can undo the contraction: notebook 06
#   shows a run to infinity.
# - **Sampled residuals.** $\varepsilon$ needs the mean over $s'$ *inside* the difference. From one sampled $s'$
#   the squared residual also contains the noise.
# - **Large $1/(1 - \gamma)$.** At $\gamma = 0.99$ a residual of 0.1 allows a loss of 20.
#   <!-- numbers: 20 = 2 * 0.1 / (1 - 0.99) -->
# - **Terminal states.** A backup that looks up a made-up value after the end breaks every equation here.
# - **Silent broadcasting.** `Q - Q.max(axis=1)` runs without complaint when $S = A$, and is wrong.
#
# Before you hand in: *Kernel → Restart Kernel and Run All Cells*.

# %% [markdown]
# ## Further reading
#
# - R. Bellman, *Dynamic Programming*, Princeton University Press 1957: the equation.
# - R. A. Howard, *Dynamic Programming and Markov Processes*, MIT Press 1960: policy iteration.
# - M. L. Puterman, *Markov Decision Processes*, Wiley 1994. Chapter 6: section 2.6 in detail.
# - D. P. Bertsekas, *Dynamic Programming and Optimal Control*, vol. 2, 4th ed., Athena Scientific 2012.
# - R. J. Williams and L. C. Baird, *Tight performance bounds on greedy policies based on imperfect value
#   functions*, Northeastern University, 1993; S. Singh and R. Yee, *An upper bound on the loss from
#   approximate optimal-value functions*, Machine Learning 16, 1994: section 2.8.
# - M. Kearns and S. Singh, *Near-optimal reinforcement learning in polynomial time*, Machine Learning 49,
#   2002: the simulation lemma.
# - M. Du, *Review of Q-Learning*, tutorial of CS 224R, Stanford: the lecture this course follows.
