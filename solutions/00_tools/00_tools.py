# %% [markdown]
# # 0 · Tools
#
# **At the end you can**
# - work through a notebook of this course, and read what its checks say;
# - name three bugs that no error message announces, and repair them;
# - say what is graded, and what is not.
#
# **Time** about 15 minutes. **Hardware** any laptop. **Points** none: this notebook is for trying out.
#
# **Covers** no slide of the tutorial *Review of Q-Learning* (Maximilian Du, CS 224R, Stanford); it
# prepares the tools for all of them.

# %% tags=["setup"]
import sys
from importlib.metadata import version

import numpy as np

# %% [markdown]
# ## 0.1 Is everything installed?
#
# Run the cell below: click into it and press *Shift + Enter*. It prints versions. If it stops with
# an error instead, the notebook runs in another Python than the course's environment. Choose the
# right kernel at the top right, or set the environment up as its README says.

# %% tags=["experiment"]
print("Python    ", sys.version.split()[0])
for package in ("numpy", "matplotlib", "gymnasium", "torch"):
    print(f"{package:10s}", version(package))

# %% [markdown]
# ## 0.2 How a notebook of this course works
#
# | cell | what to do with it |
# |---|---|
# | text | read |
# | *Predict first* | write what you expect, **before** you run the cell below it |
# | exercise | the task: name and arguments of a function, shapes, a folded hint |
# | answer | replace `raise ToDo` by your code |
# | check | run it, read what it says |
# | experiment | run it, change it, break it; it is never graded |
#
# The order matters: a cell sees what earlier *runs* have defined, also runs of cells that you have
# deleted since. So a notebook can work today and fail tomorrow. The cure is *Kernel → Restart
# Kernel and Run All Cells*. Do it before you hand in: grading, too, starts from nothing.

# %% [markdown]
# ## 0.3 What a check says
#
# | sign | meaning |
# |---|---|
# | ○ To do | not written yet |
# | ✓ Passed | this property holds |
# | ✗ Not yet | something differs: the symptom, the probable cause, expected and given |
# | ! Error | your function stopped; the line is shown |
#
# A check in a notebook looks at shapes and at one value that you can verify by hand. It is weak on
# purpose. **Hidden checks** decide about points. They call your function with fresh random numbers
# and look at edge cases: an empty array, one element, a large number. Each property has points of
# its own. After grading you see their reports, in the same form.

# %% [markdown]
# ## 0.4 Three silent bugs
#
# The worst bugs raise no error. The three below have cost many people many days. For each: predict,
# see the symptom, repair the function.
#
# ### Broadcasting
#
# A network predicts values `q` of shape `(B, 1)`, a column, one row for each of `B` samples. The
# targets, the values it should have predicted, have shape `(B,)`. You want one error for each
# sample: `B` numbers.


# %% tags=["helper:broken_1"]
def td_errors_broken(q: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Should return target - q, one number a sample."""
    return target - q


# %% [markdown] tags=["predict:broadcast"]
# **Predict first.** The predictions below equal the targets, so all errors should be 0. Which shape
# does the broken function return, and which mean squared error?
#
# *Your prediction:*

# %% tags=["experiment"]
q, target = np.array([[1.0], [2.0], [3.0]]), np.array([1.0, 2.0, 3.0])
wrong = td_errors_broken(q, target)
wrong_mse = np.mean(wrong**2)
print(f"q {q.shape}, target {target.shape} -> shape {wrong.shape}, mean square {wrong_mse:.4f}")
print(wrong)

# %% [markdown]
# <details><summary>What happens, and why</summary>
#
# NumPy stretches `(3,)` to a row and `(3, 1)` to a column, and subtracts every prediction from every
# target: 9 numbers, mean square 1.3333 instead of 0. A network trained on this error learns to
# predict the *mean* target everywhere. It trains, the error falls, and nothing works.
#
# </details>
# <!-- numbers: 9 = wrong.size; 1.3333 = wrong_mse; 0 = np.mean((target - q[:, 0])**2) -->

# %% [markdown] tags=["task:td_errors"]
# ### Exercise 1 · Repair it
#
# Write `td_errors(q, target)`: `q` has shape `(B, 1)`, `target` has shape `(B,)`, the result is
# `target` minus prediction, shape `(B,)`. Also for `B = 1`.
#
# <details><summary>Hint</summary>
#
# Give `q` the shape of `target` first. `q.squeeze()` removes *all* axes of length 1, also that of a
# batch of one.
#
# </details>


# %% tags=["answer:td_errors"]
def td_errors(q: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Target minus prediction, sample by sample.

    Args:
        q: predictions, (B, 1).
        target: targets, (B,).

    Returns:
        Errors, (B,).
    """
    ### BEGIN SOLUTION
    return target - q[:, 0]
    ### END SOLUTION


# %% tags=["test:td_errors:0"]

# %% [markdown]
# ### Changing what belongs to somebody else
#
# An array is handed to a function without a copy. `r *= 10` changes the numbers in place, so the
# caller's array changes too; `r = r * 10` makes a new one.


# %% tags=["helper:broken_2"]
def scaled_rewards_broken(r: np.ndarray, factor: float) -> np.ndarray:
    """Should return the rewards times factor."""
    r *= factor
    return r


# %% [markdown] tags=["predict:in_place"]
# **Predict first.** The cell below scales the same rewards twice by 10. What does the second result
# look like?
#
# *Your prediction:*

# %% tags=["experiment"]
rewards = np.array([1.0, -0.5, 0.0])
once = scaled_rewards_broken(rewards, 10.0).copy()
twice = scaled_rewards_broken(rewards, 10.0)
print("first call ", once)
print("second call", twice, "  the rewards themselves are now", rewards)

# %% [markdown]
# <details><summary>What happens, and why</summary>
#
# The second call returns 100 where the first returned 10: the rewards themselves had grown. Rewards
# that an agent remembers would grow every time it looks at them.
#
# </details>
# <!-- numbers: 100 = twice[0]; 10 = once[0] -->

# %% [markdown] tags=["task:scaled_rewards"]
# ### Exercise 2 · Repair it
#
# Write `scaled_rewards(r, factor)`: the rewards times `factor`, shape `(T,)`. The caller's array
# stays as it is.
#
# <details><summary>Hint</summary>
#
# A second name, `x = r`, is no copy, and neither is the slice `r[:]`. An expression makes a new array.
#
# </details>


# %% tags=["answer:scaled_rewards"]
def scaled_rewards(r: np.ndarray, factor: float) -> np.ndarray:
    """The rewards times factor, as a new array.

    Args:
        r: rewards, (T,).
        factor: any number.

    Returns:
        Scaled rewards, (T,).
    """
    ### BEGIN SOLUTION
    return factor * r
    ### END SOLUTION


# %% tags=["test:scaled_rewards:0"]

# %% [markdown]
# ### Seven digits
#
# Networks compute in `float32`, which holds about 7 digits; NumPy computes in `float64`, about 16. A
# running sum in `float32` stops growing when the next number is too small to be seen beside it.


# %% tags=["helper:broken_3"]
def mean_return_broken(returns: np.ndarray) -> float:
    """Should return the mean."""
    total = np.float32(0.0)
    for G in returns:
        total += np.float32(G)
    return float(total / len(returns))


# %% [markdown] tags=["predict:float32"]
# **Predict first.** One episode returned $2^{24} = 16\,777\,216$, and then 200,000 episodes returned
# 0.5 each. By how much do they raise the sum, in `float32`?
#
# *Your prediction:*

# %% tags=["experiment"]
returns = np.full(200_001, 0.5, dtype=np.float32)
returns[0] = 2.0**24
with_all, broken_mean = returns.mean(dtype=np.float64), mean_return_broken(returns)
print(f"2^24 + 0.5 in float32: {np.float32(2.0**24) + np.float32(0.5):.1f}")
print(f"mean of the broken function: {broken_mean:.4f}     right: {with_all:.4f}")

# %% [markdown]
# <details><summary>What happens, and why</summary>
#
# Not at all: beside 16777216 the next number that `float32` knows is 2 larger, and every 0.5 is
# rounded away. The mean comes out as 83.8857 instead of 84.3857. Keep sums, means and statistics in
# `float64`.
#
# </details>
# <!-- numbers: 83.8857 = broken_mean; 84.3857 = with_all;
# 2 = np.nextafter(np.float32(2**24), np.float32(1e9)) - 2**24; 16777216 = returns[0] -->

# %% [markdown] tags=["task:mean_return"]
# ### Exercise 3 · Repair it
#
# Write `mean_return(returns)`: the mean of an array of `float32` numbers, shape `(N,)` with
# $N \ge 1$, right to a relative error of $10^{-6}$, also if some of them are very large.
#
# <details><summary>Hint</summary>
#
# `sum` and `mean` of NumPy take a `dtype`. Converting the finished sum comes too late.
#
# </details>


# %% tags=["answer:mean_return"]
def mean_return(returns: np.ndarray) -> float:
    """The mean, summed in float64.

    Args:
        returns: float32 numbers, (N,), N >= 1.

    Returns:
        Their mean.
    """
    ### BEGIN SOLUTION
    return float(returns.mean(dtype=np.float64))
    ### END SOLUTION


# %% tags=["test:mean_return:0"]

# %% [markdown]
# ## 0.5 What is graded
#
# **Your functions, called with numbers you have not seen.** Not what cells print, not saved
# outputs, not files. A cell that prints "score: 100" is no submission; the grader measures by
# itself.
#
# - Only answer cells, and cells you add, are taken from your notebook. The rest comes from the
#   original, so nothing you change there can hurt you.
# - `qlib` contains finished versions of much that you write here. Use them everywhere, except in the
#   answer to the exercise that asks for just that: there it is a closed book, and says so.
# - Chance comes from a generator that is handed in, `rng`. Never call `np.random` functions, never
#   seed inside a function.

# %% [markdown]
# ## What you have learned, and what breaks in practice
#
# - Restart and run all before you hand in. Many an "it worked for me" ends there.
# - Print shapes before you subtract. `(B, 1)` and `(B,)` make `(B, B)`, in PyTorch as well.
# - A function returns something new, or its docstring says that it changes its input.
# - Passing the visible check is the start, not the end: think of the empty case, of one element, of
#   ties, of the largest number.
#
# From a terminal, `python -m qlib check 00_tools.ipynb` runs all visible checks of a notebook and
# does not change it.
#
# **Further reading**
#
# - *Broadcasting*, in the NumPy user guide: the four rules, with pictures.
# - D. Goldberg, *What every computer scientist should know about floating-point arithmetic*, ACM
#   Computing Surveys 23(1), 1991.
