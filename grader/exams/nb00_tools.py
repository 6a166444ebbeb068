"""Hidden checks of 00_tools. They are worth nothing: the notebook only shows how they work.

False alarms: none. All comparisons are exact up to rounding, with random numbers or without.
"""

import numpy as np

from qlib.checks import Exercise, Failed, close, matches
from qlib.checks.compare import as_array

errors = Exercise("00_tools/td_errors")


@errors.check(
    "row b is target b minus prediction b, for any batch",
    hint="(B, 1) and (B,) broadcast to (B, B) without a word.",
)
def _rows(answer, rng):
    for B in (7, 2, 1):
        q, target = rng.normal(size=(B, 1)), rng.normal(size=B)
        want = [float(target[b]) - float(q[b, 0]) for b in range(B)]
        value = answer(q, target)
        shape = as_array(value).shape
        if shape == (B, B) and B > 1:
            raise Failed(
                "Every prediction is subtracted from every target.",
                "(B, 1) and (B,) broadcast to (B, B): give q the shape (B,) first.",
                expected=f"shape ({B},)",
                given=f"shape ({B}, {B})",
            )
        if shape == () and B == 1:
            raise Failed(
                "For B = 1 the result is a number, without its axis.",
                "An axis of length 1 is removed that should stay: that of the batch.",
                expected="shape (1,)",
                given="one number",
            )
        close(
            value,
            want,
            what="the error vector",
            mistakes={"The sign is turned: target minus prediction.": [-x for x in want]},
        )


scaled = Exercise("00_tools/scaled_rewards")


@scaled.check("every reward is multiplied", hint="NumPy multiplies entry by entry.")
def _scaled(answer, rng):
    for n in (1, 20):
        r, factor = rng.normal(size=n), float(rng.uniform(2, 5))
        close(
            answer(r, factor),
            [x * factor for x in r.tolist()],
            what="the reward array",
            mistakes={"The rewards are divided by the factor.": r / factor},
        )


@scaled.check("the input stays as it is", hint="`r *= ...` changes the array of the caller.")
def _unchanged(answer, rng):
    r, factor = rng.normal(size=20), float(rng.uniform(2, 5))
    _, second = answer.repeat(2, r, factor)
    if not matches(second, [x * factor for x in r.tolist()]):
        raise Failed(
            "A second call with the same array gives another result.",
            "The function changes the array it was given.",
        )


mean = Exercise("00_tools/mean_return")

IN_FLOAT32 = "The sum is held in float32: beside a large number the small ones vanish."


@mean.check(
    "many float32 numbers keep their sum",
    hint="float32 holds about 7 digits. Add in float64, whatever comes in.",
)
def _precise(answer, rng):
    for k in range(4):
        r = np.full(300_000, rng.uniform(0.05, 0.15), dtype=np.float32)
        r[0] = 2.0**24
        if k % 2:  # cancels it: what a sum has lost beside it is missing in the end
            r[-1] = -(2.0**24)
        want = (float(r[0]) + (len(r) - 2) * float(r[1]) + float(r[-1])) / len(r)
        close(
            answer(r),
            want,
            what="the mean",
            mistakes={
                IN_FLOAT32: np.cumsum(r)[-1] / len(r),
                f"{IN_FLOAT32} NumPy adds in parts, so fewer are lost.": r.mean(),
                "This is the sum, not the mean.": want * len(r),
            },
        )
