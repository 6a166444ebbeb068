"""Hidden checks of 06_parametric_q: networks for discrete and for continuous actions.

A network is built by the answer, then gets weights drawn here; outputs and gradients are compared
with a forward and a backward pass written out in NumPy. No unit is nearer than 1e-3 to the kink of
its ReLU, so rounding to float32 cannot change a gradient.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from grader.exams.evidence import Evidence, Mistakes
from qlib.checks import AnswerError, Exercise, Failed, array, as_array, show

RTOL = 1e-4  # results are float32
PROBE = "nb06_parametric_q."

discrete = Exercise("06_parametric_q/DiscreteQ")
continuous = Exercise("06_parametric_q/ContinuousQ")

Activation = Callable[[np.ndarray], np.ndarray]


def relu(z: np.ndarray) -> np.ndarray:
    """max(z, 0)."""
    return np.maximum(z, 0.0)


def same(z: np.ndarray) -> np.ndarray:
    """The identity: no activation."""
    return z


def sigmoid(z: np.ndarray) -> np.ndarray:
    """1 / (1 + exp(-z))."""
    return 1 / (1 + np.exp(-z))


def softmax(z: np.ndarray) -> np.ndarray:
    """exp(z) / sum exp(z), row by row."""
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


@dataclass(frozen=True)
class Net:
    """Weights drawn for one network: layer k maps `x` to `x @ W[k] + b[k]`."""

    W: list[np.ndarray]
    b: list[np.ndarray]

    @classmethod
    def draw(cls, rng: np.random.Generator, sizes: list[int]) -> "Net":
        """Random float32 weights, of a size that keeps outputs near 1 and of both signs."""
        pairs = list(pairwise(sizes))
        W = [rng.normal(size=pair) * 1.5 / np.sqrt(pair[0]) for pair in pairs]
        b = [rng.normal(size=n) * 0.4 for _, n in pairs]
        return cls([x.astype(np.float32) for x in W], [x.astype(np.float32) for x in b])

    def layers(self, x: np.ndarray, hidden: Activation = relu) -> list[np.ndarray]:
        """What enters each layer, and what leaves the last one."""
        values = [x.astype(np.float64)]
        for k, (W, b) in enumerate(zip(self.W, self.b, strict=True)):
            z = values[-1] @ W.astype(np.float64) + b
            values.append(z if k == len(self.W) - 1 else hidden(z))
        return values

    def out(self, x: np.ndarray, hidden: Activation = relu, last: Activation = same) -> np.ndarray:
        """The output, (B, n)."""
        return last(self.layers(x, hidden)[-1])

    def far_from_kinks(self, x: np.ndarray) -> bool:
        """Whether no unit that a ReLU follows is near 0."""
        values = self.layers(x)
        inner = zip(values[:-2], self.W[:-1], self.b[:-1], strict=True)
        return all(np.abs(v @ W + b).min() > 1e-3 for v, W, b in inner)

    def gradients(self, x: np.ndarray, c: np.ndarray) -> tuple[list, list, np.ndarray]:
        """Gradients of sum c * output: of every W, of every b, and of x."""
        values, g, dW, db = self.layers(x), c.astype(np.float64), [], []
        for k in reversed(range(len(self.W))):
            dW.insert(0, values[k].T @ g)
            db.insert(0, g.sum(axis=0))
            g = g @ self.W[k].T
            if k > 0:
                g = g * (values[k] > 0)
        return dW, db, g


@dataclass(frozen=True)
class Layout:
    """Which parameter is what: for each, the layer, whether a bias, whether transposed."""

    entries: list[tuple[int, bool, bool]]

    def order(self, W: list[np.ndarray], b: list[np.ndarray]) -> list[np.ndarray]:
        """Arrays of all layers, in the order and form of the parameters."""
        result = []
        for k, bias, transposed in self.entries:
            result.append(b[k] if bias else W[k].T if transposed else W[k])
        return [np.ascontiguousarray(x) for x in result]


def layout_of(shapes: Any, sizes: list[int]) -> Layout:
    """Find the layers among the shapes of the parameters; all sizes differ, so they name them.

    Raises:
        Failed: if there is no module, or not these layers.
    """
    if shapes is None:
        raise Failed("The network is not a torch module: its class has to derive from nn.Module.")
    known: dict[tuple[int, ...], tuple[int, bool, bool]] = {}
    for k, (n_in, n_out) in enumerate(pairwise(sizes)):
        known |= {(n_out, n_in): (k, False, True), (n_in, n_out): (k, False, False)}
        known |= {(n_out,): (k, True, False)}
    try:
        found = [tuple(int(n) for n in shape) for shape in shapes]
    except (TypeError, ValueError):
        raise Failed("The parameters of the network cannot be read.") from None
    entries = [known.get(shape) for shape in found]
    names = [entry[:2] for entry in entries if entry is not None]
    wanted = {(k, bias) for k in range(len(sizes) - 1) for bias in (False, True)}
    if None not in entries and len(names) == len(wanted) and set(names) == wanted:
        return Layout(entries)
    widths = " → ".join(map(str, sizes))
    raise Failed(
        "The parameters are not those of linear layers with these widths.",
        _layout_cause(found, entries, names, sizes),
        expected=f"{len(wanted)} parameters: weight and bias of each layer in {widths}",
        given=f"{len(found)} parameters with the shapes {show(found)}",
    )


def layout_in(answer, arguments: list, sizes: list[int], inputs: list) -> Layout:
    """Build the network and find its layers.

    Layers that are not registered and layers that are not there leave the same parameters. With the
    former the network works, with the latter the shapes do not fit together.

    Raises:
        Failed: as `layout_of`.
    """
    shapes = answer.probe(PROBE + "shapes", *arguments)
    try:
        return layout_of(shapes, sizes)
    except Failed as found:
        if "registered" in found.cause:
            ones = [np.ones([int(n) for n in shape], np.float32) for shape in shapes]
            try:
                answer.probe(PROBE + "outputs", ones, inputs, np.ones(1, np.float32))
            except AnswerError:
                found.cause = "Layers are missing: one for each of the widths, one for the output."
        raise


def _layout_cause(found: list, entries: list, names: list, sizes: list[int]) -> str:
    n_layers = len(sizes) - 1
    if len(found) == 0:
        return (
            "No layer is registered. Layers in a plain Python list are invisible to torch; a "
            "sequential container or a module list registers them."
        )
    if None not in entries and set(names) == {(k, False) for k in range(n_layers)}:
        return "The layers have no bias."
    if None not in entries and len(names) < 2 * n_layers and len(set(names)) == len(names):
        missing = {k for k in range(n_layers)} - {k for k, _ in names}
        if n_layers - 1 not in missing:
            return (
                "Some layers are not registered. Layers in a plain Python list are invisible to "
                "torch; a sequential container or a module list registers them."
            )
    if (sizes[1], sizes[0]) not in found and (sizes[0], sizes[1]) not in found:
        first = [shape for shape in found if len(shape) == 2]
        if first and sizes[0] not in first[0]:
            return "The first layer does not read as many inputs as there are."
    widths = {n for shape in found for n in shape}
    if any(n not in widths for n in sizes[1:-1]):
        if sum(len(shape) == 2 for shape in found) < n_layers:
            return "A hidden layer is missing: there is one for each of the widths."
        return "A hidden layer has another width than asked for."
    if sizes[-1] not in widths:
        return "The last layer has another number of outputs than asked for."
    return ""


@dataclass(frozen=True)
class Kind:
    """One of the two exercises.

    Attributes:
        discrete: whether the network has one output for each action.
    """

    discrete: bool

    def case(self, rng, n_hidden: int, B: int) -> tuple[list[int], list[int], Net, list]:
        """Constructor sizes, widths of the layers, weights, and inputs; all widths differ."""
        a, b, *widths = (int(n) for n in rng.permutation(np.arange(2, 10)))
        hidden = [n + 8 for n in widths[:n_hidden]]
        if self.discrete:
            sizes, parts = [a, *hidden, b], [a]
        else:
            a, b = 2 * (a // 2) + 1, 2 * (b // 2) + 2  # a + b is odd, and differs from hidden
            hidden = [2 * n for n in hidden]
            sizes, parts = [a + b, *hidden, 1], [a, b]
        arguments = [a, b, hidden if rng.random() < 0.5 else tuple(hidden)]
        while True:
            net = Net.draw(rng, sizes)
            inputs = [rng.normal(size=(B, n)).astype(np.float32) for n in parts]
            if net.far_from_kinks(np.hstack(inputs)):
                return arguments, sizes, net, inputs

    def shaped(self, out: np.ndarray) -> np.ndarray:
        """(B, A), or (B,)."""
        return out if self.discrete else out[:, 0]

    def wrong(self, net: Net, x: np.ndarray) -> dict[str, np.ndarray]:
        """Outputs of typical mistakes."""
        end = "There is something after the last layer: {}. A value may be any number."
        result = {
            end.format("a ReLU cuts off negative values"): net.out(x, last=relu),
            end.format("a tanh keeps values between -1 and 1"): net.out(x, last=np.tanh),
            end.format("a sigmoid keeps values between 0 and 1"): net.out(x, last=sigmoid),
            "There is nothing between the layers: without ReLU the network is linear.": net.out(
                x, hidden=same
            ),
            "tanh stands where ReLU is asked for.": net.out(x, hidden=np.tanh),
            "A sigmoid stands where ReLU is asked for.": net.out(x, hidden=sigmoid),
        }
        if self.discrete:
            text = end.format("a softmax makes probabilities of the values")
            result[text] = net.out(x, last=softmax)
        return {text: self.shaped(out) for text, out in result.items()}


def joined(kind: Kind, inputs: list) -> list[tuple[np.ndarray, bool]]:
    """The inputs in one array, and whether turned round: the action may stand first as well."""
    ways = [(np.hstack(inputs), False)]
    return ways if kind.discrete else [*ways, (np.hstack(inputs[::-1]), True)]


def output_of(said: Any, shape: tuple[int, ...]) -> np.ndarray:
    """The output that a probe reports, of this shape.

    Raises:
        Failed: for another shape; the cause names the axis.
    """
    try:
        return array(report_of(said, "out"), shape, what=f"the output for a batch of {shape[0]}")
    except Failed as found:
        axes = np.shape(as_array(report_of(said, "out")))
        if len(shape) == 1 and axes == (*shape, 1):
            found.cause = "The last axis, of length 1, is still there: it has to be removed."
        elif shape[0] == 1 and axes == shape[1:]:
            found.cause = "The axis of the batch has disappeared because its length is 1."
        elif shape[0] > 1 and axes in ((), shape[1:]):
            found.cause = "The rows are combined with each other; each has an output of its own."
        raise


def expect_outputs(answer, rng, kind: Kind, cases: list[tuple[int, int]]) -> None:
    """Compare outputs: for each case the number of hidden layers and the size of the batch."""
    evidence = Evidence("the output")
    for n_hidden, B in cases:
        arguments, sizes, net, inputs = kind.case(rng, n_hidden, B)
        layout = layout_in(answer, arguments, sizes, inputs)
        want = kind.shaped(net.out(np.hstack(inputs)))
        weights = rng.normal(size=want.shape).astype(np.float32)
        parameters = layout.order(net.W, net.b)
        said = answer.probe(PROBE + "outputs", parameters, inputs, weights)
        given = output_of(said, want.shape)
        if any(near(given, kind.shaped(net.out(x))) for x, _ in joined(kind, inputs)):
            given = want
        see(evidence, given, want, lambda net=net, i=inputs: kind.wrong(net, np.hstack(i)))
    evidence.conclude()


def see(evidence: Evidence, given: Any, want: Any, mistakes: Mistakes) -> None:
    """Show a float32 result to the evidence, which compares strictly.

    Entries that are right up to float32 become exactly right, and a mistake that explains the
    result up to float32 explains it exactly.
    """
    given, want = np.asarray(given, dtype=float), np.asarray(want, dtype=float)
    snapped = np.where(np.abs(given - want) <= RTOL * size_of(want), want, given)

    def explained() -> dict[str, np.ndarray]:
        found = {text: np.asarray(value, dtype=float) for text, value in mistakes().items()}
        return {
            text: snapped
            if x.shape == given.shape and (np.abs(given - x) <= RTOL * size_of(x)).all()
            else x
            for text, x in found.items()
        }

    evidence.see(snapped, want, explained)


def settle(evidence: Evidence, further: Iterable[tuple[Any, Mapping[str, Any]]]) -> None:
    """Where several causes explain what was seen, keep those that explain further instances too.

    Args:
        evidence: of what was seen.
        further: an answer's value and cause -> what the mistake gives; asked for only if needed.
    """
    if evidence.first is None or len(evidence.causes or ()) < 2:
        return
    for given, mistakes in further:
        found = np.asarray(given, dtype=float)
        values = {text: np.asarray(mistakes.get(text, np.nan)) for text in evidence.causes}
        evidence.causes = {
            text: None
            for text, x in values.items()
            if x.shape == found.shape and (np.abs(found - x) <= RTOL * size_of(x)).all()
        }


def size_of(x: np.ndarray) -> float:
    """The scale of an array, for tolerances."""
    return max(float(np.abs(x).max()), 1e-2)


def near(given: np.ndarray, want: np.ndarray) -> bool:
    """Equal up to float32."""
    return bool((np.abs(given - want) <= RTOL * np.abs(want).max()).all())


def report_of(said: Any, key: str) -> Any:
    """An entry of what a probe reports.

    Raises:
        Failed: if it is no such report.
    """
    if not isinstance(said, dict) or key not in said:
        raise Failed("The result cannot be read.", stops=True)
    return said[key]


def expect_gradients(answer, rng, kind: Kind, n: int) -> None:
    """Compare the gradients of a weighted sum of the outputs, for weights and inputs."""
    for _ in range(n):
        arguments, sizes, net, inputs = kind.case(rng, 2, 4)
        layout = layout_in(answer, arguments, sizes, inputs)
        shape = (4, sizes[-1]) if kind.discrete else (4,)
        weights = rng.normal(size=shape).astype(np.float32)
        parameters = layout.order(net.W, net.b)
        said = answer.probe(PROBE + "outputs", parameters, inputs, weights)
        out = output_of(said, shape)
        given = report_of(said, "gradients")
        if not isinstance(given, list) or len(given) != len(parameters) + len(inputs):
            raise Failed(
                "The output carries no gradient.",
                "It was computed without gradients, or passed through NumPy on the way.",
            )
        names = [f"the {'bias' if bias else 'weight'} of layer {k + 1}"
                 for k, bias, _ in layout.entries] + ["the observation", "the action"]  # fmt: skip
        ways = joined(kind, inputs)
        fits = [w for w in ways if near(out, kind.shaped(net.out(w[0])))]
        for name, g in zip(names, given, strict=False):
            if g is None:
                raise Failed(
                    f"No gradient reaches {name}.",
                    "The output is right, so it is used; but the gradient is cut on the way: "
                    "something is detached, or computed without gradients."
                    if fits
                    else "Something on the way from there to the output is cut or not used.",
                )
        x, turned = (fits or ways)[0]
        dW, db, dx = net.gradients(x, weights.reshape(4, -1))
        read = inputs[::-1] if turned else inputs
        parts = np.split(dx, np.cumsum([y.shape[1] for y in read])[:-1], axis=1)
        best = [*layout.order(dW, db), *(parts[::-1] if turned else parts)]
        for name, g, want in zip(names, given, best, strict=False):
            found = array(g, want.shape, what=f"the gradient of {name}")
            if not near(found, want):
                raise Failed(
                    f"The gradient of {name} is not right.", expected=show(want), given=show(found)
                )


DISCRETE, CONTINUOUS = Kind(True), Kind(False)


@discrete.check(
    "linear layers with ReLU between them, nothing at the end",
    points=1.5,
    hint="One linear layer for each width, each followed by ReLU; then one linear layer.",
)
def _discrete_values(answer, rng):
    expect_outputs(answer, rng, DISCRETE, [(2, 6), (3, 5), (1, 7), (2, 4)])


@discrete.check(
    "a batch of one, and no hidden layer",
    points=0.5,
    hint="The batch axis stays, whatever its length. Without hidden layers the network is linear.",
)
def _discrete_one(answer, rng):
    expect_outputs(answer, rng, DISCRETE, [(2, 1), (0, 1), (0, 5)])


@discrete.check(
    "the gradient reaches every weight",
    points=1,
    hint="All layers are registered and used, and nothing is detached.",
)
def _discrete_gradients(answer, rng):
    expect_gradients(answer, rng, DISCRETE, 3)


@continuous.check(
    "observation and action joined at the input, one number out",
    points=1.5,
    hint="The first layer reads obs_dim + act_dim numbers; the last axis of length 1 is removed.",
)
def _continuous_values(answer, rng):
    expect_outputs(answer, rng, CONTINUOUS, [(2, 6), (3, 5), (1, 7), (0, 4)])


@continuous.check(
    "a batch of one keeps its axis",
    points=0.5,
    hint="Remove the last axis only: the result for one row has shape (1,).",
)
def _continuous_one(answer, rng):
    expect_outputs(answer, rng, CONTINUOUS, [(2, 1), (0, 1)])


@continuous.check(
    "the gradient reaches every weight and the action",
    points=1,
    hint="An actor will climb along the gradient with respect to the action: nothing is detached.",
)
def _continuous_gradients(answer, rng):
    expect_gradients(answer, rng, CONTINUOUS, 3)
