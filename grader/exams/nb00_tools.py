"""Hidden checks of 00_tools. They are worth nothing: the notebook only shows how they work."""

import numpy as np

from qlib.checks import Exercise, Failed, close, matches

errors = Exercise("00_tools/td_errors")


@errors.check(
    "row b is target b minus prediction b, for any batch",
    hint="(B, 1) and (B,) broadcast to (B, B) without a word.",
)
def _rows(answer, rng):
    for B in (1, 2, 7):
        q, target = rng.normal(size=(B, 1)), rng.normal(size=B)
        want = [float(target[b]) - float(q[b, 0]) for b in range(B)]
        close(
            answer(q, target),
            want,
            what="the error vector",
            mistakes={"The sign is turned: target minus prediction.": [-x for x in want]},
        )


scaled = Exercise("00_tools/scaled_rewards")


@scaled.check("every reward is multiplied", hint="NumPy multiplies entry by entry.")
def _scaled(answer, rng):
    for n in (1, 20):
        r, factor = rng.normal(size=n), float(rng.uniform(2, 5))
        close(answer(r, factor), [x * factor for x in r.tolist()], what="the reward array")


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


@mean.check(
    "many float32 numbers keep their sum",
    hint="float32 holds about 7 digits. Add in float64, whatever comes in.",
)
def _precise(answer, rng):
    for _ in range(3):
        r = np.full(300_000, rng.uniform(0.05, 0.15), dtype=np.float32)
        r[0] = 2.0**24
        want = (2.0**24 + (len(r) - 1) * float(r[1])) / len(r)
        close(
            answer(r),
            want,
            what="the mean",
            mistakes={
                "The sum is held in float32: beside a large number the small ones vanish.": (
                    2.0**24 / len(r)
                ),
                "This is the sum, not the mean.": want * len(r),
            },
        )
