"""Hidden checks of 06_parametric_q: the replay buffer.

Every stored transition has a reward of its own, by which a sampled row is recognised; then all its
fields have to be those that were stored with it. A batch of as many as are stored is asked for only
where that is the property: whoever refuses it loses the points of it, not all of them.

False alarms, the only ones of the notebook. Three times four samples from a full buffer of 4 to 8
rows: each row is missing with probability below 1e-9 (`rows_needed`), together below 1e-7. Batches
in which all rows are one (`expect_variety`): below 1e-11 for the smallest, 14 draws from 8 rows.
Uniformity, twice: 8 shares, and two counts of odd batches, each beyond its bound with probability
at most 1e-7 (`slack`), together 2e-6. Six pairs of batches of 20 from 40 rows, of which four come
from different generators: equal with probability below 1e-10. The sum is below 2.2e-6.
"""

import math
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from grader.exams.parametric_nets import PROBE
from grader.exams.tabular import expect_shares, slack
from qlib.checks import AnswerError, Exercise, Failed, array, number, show

buffer = Exercise("06_parametric_q/ReplayBuffer")

FIELDS = ("obs", "action", "reward", "next_obs", "terminated")
GARBAGE = 777.0
UNFILLED = "It samples rows that have not been filled yet: use the length, not the capacity."
REFUSED = "Refuse only if fewer are stored than asked for."

Rows = dict[str, np.ndarray]


def some_rows(rng, n: int, shape: tuple[int, ...]) -> Rows:
    """Random transitions; rewards all differ, terminated and truncated never come together."""
    end = rng.choice(3, size=n, p=[0.4, 0.3, 0.3])
    reward = rng.permutation(4 * n)[:n] / 8 + 0.0625 - n / 4
    return {
        "obs": rng.normal(size=(n, *shape)).astype(np.float32),
        "action": rng.integers(1, 60, size=n),
        "reward": reward.astype(np.float32),  # exact in float32
        "next_obs": rng.normal(size=(n, *shape)).astype(np.float32),
        "terminated": end == 1,
        "truncated": end == 2,
    }


def cut(rows: Rows, start: int, stop: int) -> Rows:
    """Some of the rows."""
    return {name: x[start:stop] for name, x in rows.items()}


def a_shape(rng) -> tuple[int, ...]:
    """A shape of observations."""
    return tuple(int(n) for n in rng.integers(2, 5, int(rng.integers(1, 3))))


def play(answer, capacity: int, shape: tuple[int, ...], script: list[tuple], n_said: int) -> list:
    """Run a script on a fresh buffer.

    Raises:
        Failed: if something else comes back than the lines ask for.
    """
    said = answer.probe(PROBE + "replay", capacity, list(shape), script)
    if not isinstance(said, list) or len(said) != n_said:
        raise Failed("What the buffer gives cannot be read.", stops=True)
    return said


@dataclass
class Memory:
    """What the rows of a sample may be.

    Attributes:
        rows: all that were added, in order.
        first: index of the oldest one that is still stored.
        stop: index after the newest one.
        names: the fields that are compared; the others have checks of their own.
    """

    rows: Rows
    first: int
    stop: int
    names: tuple[str, ...] = ("obs", "action", "reward")

    def indices(self, batch: Any, size: int, shape: tuple[int, ...]) -> np.ndarray:
        """Which of the stored rows a batch holds, (size,).

        Raises:
            Failed: if a row was never stored, is no longer stored, or was put together wrongly.
        """
        if isinstance(batch, str):
            raise Failed(
                f"A batch of {size} from {self.stop - self.first} stored transitions is refused.",
                REFUSED,
                given=show(batch),
            )
        given = fields_of(batch, size, shape)
        place = {float(r): k for k, r in enumerate(self.rows["reward"])}
        index = np.zeros(size, dtype=int)
        for b, reward in enumerate(given["reward"]):
            k = place.get(float(reward))
            if k is None:
                raise Failed(
                    "The batch contains a reward that was never added.",
                    self.stranger(given, b),
                    given=show(float(reward)),
                )
            if not self.first <= k < self.stop:
                raise Failed(
                    f"The batch contains transition number {k}, which is gone: the buffer holds "
                    f"number {self.first} to {self.stop - 1}.",
                    "When the buffer is full, the oldest transition goes and no other.",
                )
            index[b] = k
        for name in self.names:
            self.compare(name, given[name], index)
        return index

    def stranger(self, given: Rows, b: int) -> str:
        """Why a reward is unknown."""
        if given["reward"][b] == 0 and not given["obs"][b].any():
            return UNFILLED
        if GARBAGE in (float(given["reward"][b]), float(given["obs"][b].flat[0])):
            return "The batch shares memory with the buffer: overwriting it changed what is stored."
        return ""

    def compare(self, name: str, given: np.ndarray, index: np.ndarray) -> None:
        """One field of all rows of a batch."""
        want = self.rows[name][index].astype(np.float64)
        if (np.abs(given - want) <= 1e-6 * (1 + np.abs(want))).all():
            return
        raise Failed(
            f"The field {name} of the batch is not what was stored with these rewards.",
            self.mixed_up(name, given, index),
            expected=show(want),
            given=show(given),
        )

    def mixed_up(self, name: str, given: np.ndarray, index: np.ndarray) -> str:
        """Where the wrong field comes from."""
        rows = self.rows
        if name != "terminated" and not given.any():
            return "It is zero everywhere: it is never stored, or never read."
        if "obs" in name:
            if (np.abs(given) == GARBAGE).any():
                return (
                    "The array that was handed in has been overwritten since, as environments do: "
                    "the buffer has kept the array itself, not a copy."
                )
            other = rows["obs" if name == "next_obs" else "next_obs"][index]
            if (given == other).all():
                return "Observation and next observation are exchanged, or stored in one place."
            if name == "next_obs":
                after = rows["obs"][np.minimum(index + 1, len(rows["obs"]) - 1)]
                if (given == after)[index + 1 < len(rows["obs"])].all():
                    return (
                        "The next observation is read from the following row: where an episode "
                        "ends, that is the first observation of another one."
                    )
        if name == "terminated":
            flags = {
                "Truncated steps are stored as terminated: a time limit is no end of the world.": (
                    rows["terminated"] | rows["truncated"]
                ),
                "Truncated is stored instead of terminated.": rows["truncated"],
                "The flag is the wrong way round.": ~rows["terminated"],
                "The flag is never set.": np.zeros(len(rows["reward"]), bool),
            }
            for text, flag in flags.items():
                if (given == flag[index]).all():
                    return text
        if (np.sort(given, axis=None) == np.sort(rows[name][index], axis=None)).all():
            return "The fields are shuffled separately: one index has to serve all of them."
        known = {x.tobytes() for x in rows[name].astype(np.float64)}
        if all(x.tobytes() in known for x in np.ascontiguousarray(given)):
            return "The fields come from different transitions: one index has to serve all of them."
        return ""


def fields_of(batch: Any, size: int, shape: tuple[int, ...]) -> Rows:
    """A batch as float64 arrays of the right shapes.

    Raises:
        Failed: if a field is missing or has another shape.
    """
    if not isinstance(batch, dict) or set(batch) != set(FIELDS):
        raise Failed("What sample returns is no batch.", expected="a Batch", stops=True)
    missing = [name for name in FIELDS if batch[name] is None]
    if missing:
        raise Failed(
            f"What sample returns has no field {missing[0]}.",
            "It returns a Batch with the fields obs, action, reward, next_obs and terminated.",
            stops=True,
        )
    result = {}
    for name in FIELDS:
        full = (size, *shape) if "obs" in name else (size,)
        value = batch[name]
        if isinstance(value, np.ndarray) and value.dtype.kind == "b":
            value = value.astype(np.float64)
        result[name] = array(value, full, what=f"the field {name} of a batch")
    return result


def expect_variety(rounds: list[list[np.ndarray]]) -> None:
    """At least one buffer has given two different transitions.

    Args:
        rounds: for each buffer the transitions in its batches.
    """
    if all(np.ptp(np.concatenate(drawn)) == 0 for drawn in rounds):
        raise Failed("One and the same transition is drawn, however many are stored.")


def adds(rows: Rows, *, reused: bool = False) -> tuple:
    """The line of a script that adds all rows, from arrays of their own or always the same ones."""
    return ("add", rows, GARBAGE if reused else None)


@buffer.check(
    "a row of a batch is a transition as it was stored",
    points=1.5,
    hint="One index for all fields. Sample what is filled, not the whole storage.",
)
def _rows(answer, rng):
    rounds = []
    for _ in range(4):
        shape, n = a_shape(rng), int(rng.integers(6, 12))
        rows = some_rows(rng, n, shape)
        rows["truncated"] = np.zeros(n, bool)
        sizes = [n - 1, *(int(b) for b in rng.integers(1, n, 3))]
        script = [adds(rows), *(("sample", b, rng.spawn(1)[0]) for b in sizes)]
        capacity = n + int(rng.integers(5, 30))
        said = play(answer, capacity, shape, script, len(sizes))
        memory = Memory(rows, 0, n, FIELDS)
        pairs = zip(said, sizes, strict=True)
        try:
            rounds.append([memory.indices(batch, size, shape) for batch, size in pairs])
        except Failed as found:
            if found.cause in (UNFILLED, REFUSED):
                found.cause = why_none(answer, rng, rows, capacity, shape) or found.cause
            raise
    expect_variety(rounds)


def why_none(answer, rng, rows: Rows, capacity: int, shape: tuple[int, ...]) -> str:
    """Why batches from a buffer that is not full hold empty rows, or are refused.

    Returns:
        That the length is wrong, or that rows are not where they are looked for; empty if neither.
    """
    n = len(rows["reward"])
    (length,) = play(answer, capacity, shape, [adds(rows), ("len",)], 1)
    if length != n:
        return f"The length is {show(length)} after {n} transitions: it does not count them right."
    script = [adds(rows), ("rewards", 1, 1500, rng.spawn(1)[0])]
    try:
        (given,) = play(answer, capacity, shape, script, 1)
    except AnswerError:
        return ""
    k = int(np.isin(rows["reward"], np.asarray(given)).sum())
    if k == n:
        return ""
    return (
        f"Only {k} of the {n} transitions are ever drawn, and empty rows are: is the position of "
        "the next write right? It begins at the first place and moves on by one with each."
    )


@buffer.check(
    "tensors of float32 and int64",
    points=0.5,
    hint="Networks compute in float32; actions are indices. terminated is float32 or bool. A call "
    "of add may leave truncated out.",
)
def _types(answer, rng):
    shape, n = a_shape(rng), 8
    rows = some_rows(rng, n, shape)
    del rows["truncated"]
    sample = [("sample", n - 1, rng.spawn(1)[0]) for _ in range(2)]
    script = [adds(rows), *sample, ("types",)]
    *said, types = play(answer, n, shape, script, 3)
    memory, batch = Memory(rows, 0, n), said[0]
    expect_variety([[memory.indices(each, n - 1, shape) for each in said]])
    others = [name for name in FIELDS if types.get(name) not in ("Tensor", "Parameter")]
    if others:
        raise Failed(
            f"The field {others[0]} of a batch is no tensor.",
            "torch.from_numpy or torch.as_tensor makes one.",
            expected="Tensor",
            given=show(types.get(others[0])),
        )
    allowed = {"obs": "f4", "next_obs": "f4", "reward": "f4", "action": "i8"}
    for name in FIELDS:
        kinds = [allowed[name]] if name in allowed else ["f4", "b1"]
        if np.asarray(batch[name]).dtype.str[1:] not in kinds:
            raise Failed(
                f"The field {name} of a batch has the wrong type.",
                "NumPy makes float64 of Python's numbers, unless told otherwise."
                if np.asarray(batch[name]).dtype == np.float64
                else "",
                expected=" or ".join(np.dtype(kind).name for kind in kinds),
                given=np.asarray(batch[name]).dtype.name,
            )


def rows_needed(n: int) -> int:
    """Draws after which each of n rows has come, up to a chance of 1e-9 for one of them."""
    return n if n == 1 else math.ceil(math.log(1e-9) / math.log(1 - 1 / n))


@buffer.check(
    "when it is full, the oldest transition goes",
    points=2,
    hint="Write at a position that runs round: after the last place comes the first.",
)
def _fifo(answer, rng):
    for _ in range(4):
        shape, capacity = (2,), int(rng.integers(4, 9))
        parts = [int(x) for x in rng.integers(1, 2 * capacity, 3)]
        parts[0] = capacity + int(rng.integers(1, capacity))
        rows = some_rows(rng, sum(parts), shape)
        rows["truncated"] = np.zeros(sum(parts), bool)
        script, ends, start = [], [], 0
        for n in parts:
            script.append(adds(cut(rows, start, start + n)))
            start += n
            large = math.ceil(rows_needed(capacity) / (capacity - 1))
            for size in [2] * 6 + [capacity - 1] * large:
                script.append(("sample", size, rng.spawn(1)[0]))
                ends.append((start, size))
        said = play(answer, capacity, shape, script, len(ends))
        drawn: dict[int, list[np.ndarray]] = {}
        for batch, (stop, size) in zip(said, ends, strict=True):
            memory = Memory(rows, max(0, stop - capacity), stop)
            drawn.setdefault(stop, []).append(memory.indices(batch, size, shape))
        missing = {
            stop: set(range(max(0, stop - capacity), stop)) - set(np.concatenate(found).tolist())
            for stop, found in drawn.items()
        }
        if any(missing.values()):
            stop, lost = next((stop, lost) for stop, lost in missing.items() if lost)
            raise Failed(
                f"Transition number {min(lost)} is never sampled, although it is one of the "
                f"{capacity} newest of {stop}.",
                why_missing(missing, drawn, capacity),
            )


def why_missing(missing: dict[int, set[int]], drawn: dict[int, list], capacity: int) -> str:
    """The cause that explains which transitions are never sampled.

    Args:
        missing: of a full buffer, by how many had been added.
        drawn: the numbers of the transitions in each batch, likewise.
        capacity: how many are stored.
    """
    if all((np.ptp(batch) == 0).all() for found in drawn.values() for batch in found):
        return "One place is drawn for the whole batch; each row has to be drawn for itself."
    if all(x.min() >= stop - len(x) for stop, found in drawn.items() for x in found):
        return (
            "Only the newest transitions are drawn, as many as the batch holds: draw from all that "
            "are stored."
        )
    last = capacity - 1  # the place of a row where the position runs round
    if all(k % capacity == last or k == stop - 1 for stop, lost in missing.items() for k in lost):
        return "The draw ends one place too early, so the last place is left out."
    if all(lost <= {stop - capacity} for stop, lost in missing.items()):
        return "The oldest transition goes one too early: as many as the capacity are to be kept."
    return "It is overwritten although it is not the oldest, or never drawn."


@buffer.check(
    "the length, also with room for one only",
    points=1,
    hint="The number of stored transitions: it grows up to the capacity and stays there.",
)
def _length(answer, rng):
    told: list[tuple[int, int, int]] = []  # capacity, transitions added, length
    ends = []
    for capacity in rng.permutation([1, 1, 2, int(rng.integers(3, 12)), int(rng.integers(3, 12))]):
        capacity, shape = int(capacity), (3,)
        parts = [int(x) for x in rng.integers(0, capacity + 2, 5)]
        rows = some_rows(rng, sum(parts) + 1, shape)
        rows["truncated"][:] = False
        script, added, start = [("len",)], [0], 0
        for n in parts:
            script += [adds(cut(rows, start, start + n)), ("len",)]
            start += n
            added.append(start)
        script += [adds(cut(rows, start, start + 1)), ("sample", 1, rng.spawn(1)[0])]
        *said, batch = play(answer, capacity, shape, script, len(added) + 1)
        for given, n in zip(said, added, strict=True):
            told.append((capacity, n, int(number(given, kind="int", what="the length"))))
        ends.append((Memory(rows, max(0, start + 1 - capacity), start + 1), batch))
    expect_lengths(told)
    for memory, batch in ends:
        memory.indices(batch, 1, (3,))


def expect_lengths(told: list[tuple[int, int, int]]) -> None:
    """Compare lengths; a cause has to explain all of them.

    Args:
        told: capacity, how many were added, and the length that the buffer says.
    """
    wrong = [(c, n, given) for c, n, given in told if given != min(n, c)]
    if not wrong:
        return
    causes = {
        "It counts all that was ever added.": lambda c, n: n,
        "It is the capacity, not what is stored.": lambda c, n: c,
        "It is the position of the next write, which runs round.": lambda c, n: n % c,
        "It stays one below the capacity.": lambda c, n: min(n, c - 1),
        "It is one too many.": lambda c, n: min(n, c) + 1,
        "It is one too few.": lambda c, n: max(min(n, c) - 1, 0),
    }
    capacity, added, given = wrong[0]
    raise Failed(
        f"The length of a buffer with capacity {capacity} is not right after {added} transitions.",
        next((t for t, f in causes.items() if all(x == f(c, n) for c, n, x in told)), ""),
        expected=str(min(added, capacity)),
        given=str(given),
    )


@buffer.check(
    "what goes in is copied",
    points=1.5,
    hint="Environments reuse their arrays: what was handed in may be overwritten at once.",
)
def _copies_in(answer, rng):
    rounds = []
    for _ in range(3):
        shape, n = a_shape(rng), int(rng.integers(5, 9))
        rows = some_rows(rng, n, shape)
        rows["truncated"][:] = False
        script = [adds(rows, reused=True), *(("sample", n - 1, rng.spawn(1)[0]) for _ in range(2))]
        memory, said = Memory(rows, 0, n, ("obs", "next_obs")), play(answer, n, shape, script, 2)
        rounds.append([memory.indices(batch, n - 1, shape) for batch in said])
    expect_variety(rounds)


@buffer.check(
    "what comes out is a copy",
    points=0.5,
    hint="Whoever changes a batch must not change what is stored.",
)
def _copies_out(answer, rng):
    rounds = []
    for _ in range(3):
        shape, n = (2,), int(rng.integers(4, 8))
        rows = some_rows(rng, n, shape)
        rows["truncated"][:] = False
        sample = [("sample", n - 1, rng.spawn(1)[0]) for _ in range(4)]
        spoil = ("spoil", GARBAGE)
        script = [adds(rows), sample[0], spoil, sample[1], spoil, sample[2], spoil, sample[3]]
        memory, said = Memory(rows, 0, n, ("obs", "next_obs")), play(answer, n, shape, script, 4)
        rounds.append([memory.indices(batch, n - 1, shape) for batch in said])
    expect_variety(rounds)


@buffer.check(
    "terminated is stored, truncated is not mixed in",
    points=1,
    hint="Only a terminal state has no future. A time limit cuts the episode, not the world.",
)
def _flags(answer, rng):
    rounds = []
    for _ in range(3):
        shape, n = (2,), int(rng.integers(14, 20))
        rows = some_rows(rng, n, shape)
        rows["terminated"][:2], rows["truncated"][:2] = [True, False], [False, True]
        script = [adds(rows), *(("sample", n - 1, rng.spawn(1)[0]) for _ in range(4))]
        memory, said = Memory(rows, 0, n, ("terminated",)), play(answer, n + 3, shape, script, 4)
        rounds.append([memory.indices(batch, n - 1, shape) for batch in said])
    expect_variety(rounds)


@buffer.check(
    "every stored transition is equally likely",
    points=1,
    hint="Uniform over what is stored: from the first place to the last one, before and after the "
    "buffer is full, and a new draw for each row.",
)
def _uniform(answer, rng):
    n, size, times = 8, 4, 400
    for full in rng.permutation([True, False]):
        capacity, total = (n, n + 5) if full else (n + 9, n)
        rows = some_rows(rng, total, (2,))
        rows["truncated"][:] = False
        script = [adds(rows), ("rewards", size, times, rng.spawn(1)[0])]
        (given,) = play(answer, capacity, (2,), script, 1)
        rewards = array(given, (times, size), what="the rewards of many batches").ravel()
        stored = rows["reward"][total - n :].astype(float)
        counts = (rewards[:, None] == stored).sum(axis=0)
        if counts.sum() != len(rewards):
            raise Failed(
                "Among many samples there is a reward that is not stored.",
                "It samples rows that are not filled, or no longer there.",
            )
        expect_shares_of_batches(counts, size)
        places = (rewards.reshape(times, size, 1) == stored).argmax(axis=2)
        expect_separate_draws(places, n)


def expect_separate_draws(places: np.ndarray, n: int) -> None:
    """The rows of a batch are drawn one by one, with or without replacement.

    All rows of a batch are equal with probability n^(1 - B) at most, and they are B neighbours with
    probability n / binomial(n, B) at most: the value without replacement is the larger one.

    Args:
        places: of the rows in a batch among those stored, (batches, B), B < n - 1.
        n: how many are stored.
    """
    times, size = places.shape
    equal = (places == places[:, :1]).all(axis=1)
    marks = np.zeros((times, n), bool)
    marks[np.arange(times)[:, None], places] = True
    begins = (marks & ~np.roll(marks, 1, axis=1)).sum(axis=1)
    block = (begins == 1) & (marks.sum(axis=1) == size)
    for found, chance, text in (
        (equal, n ** (1.0 - size), "hold one transition several times"),
        (block, n / math.comb(n, size), "hold transitions that were stored one after the other"),
    ):
        if found.sum() > times * chance + slack(times * chance * (1 - chance)):
            raise Failed(
                f"{found.sum()} of {times} batches {text}.",
                "One place is drawn for the whole batch; each row has to be drawn for itself.",
                expected=f"at most about {chance:.0%}",
                given=f"{found.mean():.0%}",
            )


def expect_shares_of_batches(counts: np.ndarray, size: int) -> None:
    """Shares of rows in batches, drawn with or without replacement within a batch.

    A batch holds a row at most `size` times, size / n on average, with a variance of at most
    size (1 - 1/n) / n: Freedman's inequality holds with these bounds for both ways.
    """
    n, total = len(counts), counts.sum()
    allowed = slack(total * (1 - 1 / n) / n, float(size))
    if np.abs(counts - total / n).max() > allowed:
        expect_shares(
            counts,
            np.full(n, 1 / n),
            [f"the row drawn is number {k} of the stored ones" for k in range(n)],
            {
                "The newest transition is never drawn.": np.append(np.full(n - 1, 1 / (n - 1)), 0),
                "The oldest transition is never drawn.": np.append(0, np.full(n - 1, 1 / (n - 1))),
                "Only the newest transitions are drawn, as many as the batch holds: draw from all "
                "that are stored.": np.repeat([0, 1 / size], [n - size, size]),
                "Only the oldest transitions are drawn, as many as the batch holds: draw from all "
                "that are stored.": np.repeat([1 / size, 0], [size, n - size]),
            },
        )


@buffer.check(
    "fewer stored than asked for: an error",
    points=0.5,
    hint="Raise ValueError before anything is drawn; exactly as many as stored is fine.",
)
def _too_many(answer, rng):
    capacity, shape = int(rng.integers(8, 14)), (2,)
    rows = some_rows(rng, 24, shape)
    rows["truncated"][:] = False
    script, asked, start = [], [], 0
    for n in [int(x) for x in rng.integers(1, 4, 8)]:
        script.append(adds(cut(rows, start, start + n)))
        start += n
        stored = min(start, capacity)
        for more in rng.permutation([True, False, bool(rng.random() < 0.5)]):
            size = stored + int(rng.integers(1, 4)) if more else int(rng.integers(1, stored + 1))
            size = stored if not more and rng.random() < 0.5 else size
            script.append(("sample", size, rng.spawn(1)[0]))
            asked.append((start, stored, size))
    said = play(answer, capacity, shape, script, len(asked))
    for batch, (stop, stored, size) in zip(said, asked, strict=True):
        if size <= stored:
            Memory(rows, stop - stored, stop).indices(batch, size, shape)
        elif not isinstance(batch, str) or not batch.startswith("ValueError:"):
            raise Failed(
                f"{stored} transitions are stored, and a batch of {size} is returned.",
                "A batch larger than what is stored must raise ValueError: training would begin "
                "on a few transitions, many times over.",
            )


@buffer.check(
    "all chance comes from rng",
    points=0.5,
    hint="The same generator in the same state gives the same batch; another one does not.",
)
def _chance(answer, rng):
    n, shape = 40, (2,)
    rows = some_rows(rng, n, shape)
    rows["truncated"][:] = False
    seeds = [int(s) for s in rng.integers(2**31, size=2)]
    order = [int(k) for k in rng.permutation([0, 0, 1, 1])]
    lines = [("sample", 20, np.random.default_rng(seeds[k])) for k in order]
    said = play(answer, n, shape, [adds(rows), *lines], 4)
    memory = Memory(rows, 0, n)
    drawn = [memory.indices(batch, 20, shape) for batch in said]
    for i, j in combinations(range(4), 2):
        alike = bool((drawn[i] == drawn[j]).all())
        if alike != (order[i] == order[j]):
            raise Failed(
                "Two generators in different states give the same batch."
                if alike
                else "The same generator in the same state gives two different batches.",
                "The rows are always the newest: nothing is drawn."
                if alike and set(drawn[i].tolist()) == set(range(n - 20, n))
                else "The draw does not use the generator that is handed in: a fixed seed?"
                if alike
                else "All chance has to come from the generator that is handed in.",
            )
