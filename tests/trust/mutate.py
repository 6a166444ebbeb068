"""Small mistakes in Python code: one change at a time to its syntax tree.

The operators are the mistakes of people who write numerical code: a sign, a comparison, a constant
off by one, another axis, minimum for maximum, sum for mean, a factor (the discount, the mask) or a
call (`detach`, `copy`) left out, arguments or networks exchanged, a range one too short, a loop
left after its first turn, a statement forgotten.
"""

import ast
import copy
import difflib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

Change = tuple[str, ast.AST]

_OTHER_OPERATOR: dict[type, type] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.MatMult: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
_OTHER_COMPARISONS: dict[type, tuple[type, ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_TWINS = (
    ("max", "min"),
    ("argmax", "argmin"),
    ("amax", "amin"),
    ("maximum", "minimum"),
    ("any", "all"),
    ("zeros", "ones"),
    ("zeros_like", "ones_like"),
    ("floor", "ceil"),
    ("cumsum", "cumprod"),
    ("var", "std"),
    ("sum", "mean"),
    ("logical_and", "logical_or"),
)
_OTHER_NAME = {a: b for pair in _TWINS for a, b in (pair, pair[::-1])}
_OTHER_NAME |= {"median": "mean", "logsumexp": "amax"}
_DROPPED = frozenset(
    (
        *("abs", "exp", "expm1", "log", "log1p", "round", "sqrt", "square", "tanh"),
        *("log_softmax", "sigmoid", "softmax", "softplus"),
        *("cumsum", "max", "maximum", "mean", "min", "minimum", "sum"),
        *("clamp", "clip", "clone", "copy", "detach"),
        *("astype", "float", "int", "list", "tuple"),
        *("flip", "reversed", "sorted", "squeeze", "transpose", "unsqueeze"),
    )
)
_TENSORS = frozenset(
    ("mean", "sum", "max", "min", "gather", "squeeze", "detach", "minimum", "maximum")
)
_NUMBERED = re.compile(r"^(target_)?(.+?)(_?(?:\d|next|target|other|old|new|A|B|a|b|T))?$")


@dataclass(frozen=True)
class Mutant:
    """One mistake.

    Attributes:
        operator: the kind of mistake.
        was: the lines it changes, without indentation.
        now: what stands there instead.
        number: counts places where the same lines change in the same way, from 1.
        place: (line, column, last line, last column) of what is changed, to tell mistakes apart.
        source: the whole code with the mistake.
    """

    operator: str
    was: str
    now: str
    number: int
    place: tuple[int, int, int, int]
    source: str

    @property
    def id(self) -> str:
        """What identifies it in tables: it survives changes elsewhere in the code."""
        again = f" ({self.number})" if self.number > 1 else ""
        return f"{self.was} → {self.now}{again}"


def mutants(source: str, first: int = 1, last: int | None = None) -> list[Mutant]:
    """All mutants of a piece of code, without those that compile to the same instructions.

    Args:
        source: a cell.
        first: line (from 1) where mistakes may begin.
        last: line where they end; by default the last one.
    """
    tree = ast.parse(source)
    original = ast.unparse(tree)
    same = {_instructions(original)}
    counts: dict[tuple[str, str], int] = {}
    found = []
    for operator, place, mutated in _mutated_trees(tree, first, last or source.count("\n") + 1):
        text = ast.unparse(ast.fix_missing_locations(mutated))
        try:
            code = _instructions(text)
        except (SyntaxError, ValueError):
            continue
        if code in same:
            continue
        same.add(code)
        was, now = _difference(original, text)
        counts[was, now] = counts.get((was, now), 0) + 1
        found.append(Mutant(operator, was, now, counts[was, now], place, text))
    return found


def both(source: str, one: Mutant, other: Mutant, first: int = 1, last: int | None = None) -> str:
    """The code with two mistakes, "" if the second one is not there after the first.

    Args:
        source: the cell without mistakes.
        one: a mutant of it.
        other: another one, at a place that lies apart from the first.
        first: as for `mutants`.
        last: as for `mutants`.
    """
    tree = ast.parse(source)
    wanted = {(one.operator, one.place): one, (other.operator, other.place): other}
    changes: dict[int, tuple[int, ast.AST]] = {}
    for number, node, operator, new in _changes(tree, first, last or source.count("\n") + 1):
        key = (operator, _place(node))
        mutant = wanted.get(key)
        if mutant is None:
            continue
        text = ast.unparse(ast.fix_missing_locations(_replaced(tree, {number: new})))
        if text == mutant.source:
            changes[id(mutant)] = (number, new)
    if len(changes) != 2:
        return ""
    return ast.unparse(ast.fix_missing_locations(_replaced(tree, dict(changes.values()))))


def apart(one: Mutant, other: Mutant) -> bool:
    """Whether two mistakes change places that do not overlap."""
    (a, b, c, d), (e, f, g, h) = one.place, other.place
    return (c, d) <= (e, f) or (g, h) <= (a, b)


def _mutated_trees(tree: ast.Module, first: int, last: int) -> Iterator[tuple]:
    for number, node, operator, new in _changes(tree, first, last):
        yield operator, _place(node), _replaced(tree, {number: new})


def _place(node: ast.AST) -> tuple[int, int, int, int]:
    return (node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)


def _replaced(tree: ast.Module, new: dict[int, ast.AST]) -> ast.Module:
    """A copy of the tree in which the nodes with these numbers, in walking order, are others."""
    result = copy.deepcopy(tree)
    by_id = {id(node): new[k] for k, node in enumerate(ast.walk(result)) if k in new}

    class Replace(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> ast.AST:
            if id(node) in by_id:
                return copy.deepcopy(by_id[id(node)])
            return self.generic_visit(node)

    return Replace().visit(result)


def _changes(
    tree: ast.Module, first: int, last: int
) -> Iterator[tuple[int, ast.AST, str, ast.AST]]:
    """(number of a node in walking order, the node, operator, the node that takes its place)."""
    parents = {id(child): node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    names = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
    names |= {n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)}
    attributes = {
        n.attr
        for n in ast.walk(tree)
        if isinstance(n, ast.Attribute) and not isinstance(parents[id(n)], ast.Call)
    }
    for number, node in enumerate(ast.walk(tree)):
        if not (hasattr(node, "lineno") and first <= node.lineno and node.end_lineno <= last):
            continue
        parent = parents[id(node)]
        if _in_text(node, parents) or _in_annotation(node, parents):
            continue
        for operators in _OPERATORS:
            for operator, new in operators(node, parent):
                yield number, node, operator, ast.copy_location(new, node)
        for operator, new in _exchanged(node, names, attributes):
            yield number, node, operator, ast.copy_location(new, node)


def _in_text(node: ast.AST, parents: dict[int, ast.AST]) -> bool:
    """Whether it belongs to an f-string, a message of an exception or an assertion."""
    while node is not None:
        if isinstance(node, ast.JoinedStr | ast.Assert):
            return True
        above = parents.get(id(node))
        if isinstance(above, ast.Raise):
            return True
        node = above
    return False


def _in_annotation(node: ast.AST, parents: dict[int, ast.AST]) -> bool:
    while (above := parents.get(id(node))) is not None:
        if isinstance(above, ast.AnnAssign) and node is above.annotation:
            return True
        if isinstance(above, ast.arg) and node is above.annotation:
            return True
        if isinstance(above, ast.FunctionDef) and node is above.returns:
            return True
        node = above
    return False


def _arithmetic(node: ast.AST, parent: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.BinOp):
        if type(node.op) in _OTHER_OPERATOR:
            other = _OTHER_OPERATOR[type(node.op)]()
            yield "operator", ast.BinOp(node.left, other, node.right)
        if not isinstance(node.op, ast.MatMult):
            yield "dropped factor or term", node.left
            if isinstance(node.op, ast.Add | ast.Mult | ast.Sub | ast.BitAnd | ast.BitOr):
                yield "dropped factor or term", node.right
        if isinstance(node.op, ast.Sub | ast.Div | ast.MatMult | ast.Pow):
            yield "exchanged sides", ast.BinOp(node.right, node.op, node.left)
    if isinstance(node, ast.UnaryOp):
        yield "sign or negation", node.operand
    if isinstance(node, ast.AugAssign):
        if type(node.op) in _OTHER_OPERATOR:
            other = _OTHER_OPERATOR[type(node.op)]()
            yield "operator", ast.AugAssign(node.target, other, node.value)
        yield "not accumulated", ast.Assign([node.target], node.value)


def _logic(node: ast.AST, parent: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Compare):
        for i, op in enumerate(node.ops):
            for other in _OTHER_COMPARISONS[type(op)]:
                ops = [*node.ops[:i], other(), *node.ops[i + 1 :]]
                yield "comparison", ast.Compare(node.left, ops, node.comparators)
    if isinstance(node, ast.BoolOp):
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield "and/or", ast.BoolOp(other, node.values)
        for value in node.values:
            yield "dropped condition", value
    if isinstance(node, ast.If | ast.IfExp | ast.While):
        for value in (True, False) if not isinstance(node, ast.While) else (False,):
            new = copy.copy(node)
            new.test = ast.Constant(value)
            yield "condition fixed", new


def _constants(node: ast.AST, parent: ast.AST) -> Iterator[Change]:
    if not isinstance(node, ast.Constant) or isinstance(parent, ast.Expr):
        return
    value = node.value
    if isinstance(value, bool):
        yield "constant", ast.Constant(not value)
    elif isinstance(parent, ast.keyword) and parent.arg in ("axis", "dim"):
        yield "axis", ast.Constant(1 - value if value in (0, 1) else 0)
    elif isinstance(value, int | float):
        near = (value + 1, value - 1) if abs(value) < 100 else (value // 2,)
        for other in near:
            yield "constant", ast.Constant(other)


def _calls(node: ast.AST, parent: ast.AST) -> Iterator[Change]:
    if not isinstance(node, ast.Call):
        return
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    method = isinstance(node.func, ast.Attribute)
    module = method and isinstance(node.func.value, ast.Name) and node.func.value.id in _MODULES
    if name in _OTHER_NAME:
        new = copy.copy(node)
        other = _OTHER_NAME[name]
        new.func = (
            ast.Attribute(node.func.value, other, ast.Load())
            if method
            else ast.Name(other, ast.Load())
        )
        yield "minimum, maximum, sum, mean", new
    if name in _DROPPED:
        inner = node.func.value if method and not module else (node.args or [None])[0]
        if inner is not None:
            yield "dropped call", inner
    for i in range(len(node.args) - 1):
        args = [*node.args]
        args[i], args[i + 1] = args[i + 1], args[i]
        if not any(isinstance(arg, ast.Starred) for arg in args):
            yield "swapped arguments", ast.Call(node.func, args, node.keywords)
    for i in range(len(node.keywords)):
        rest = [*node.keywords[:i], *node.keywords[i + 1 :]]
        yield "dropped keyword", ast.Call(node.func, node.args, rest)
    if name == "range":
        yield from _ranges(node)


def _ranges(node: ast.Call) -> Iterator[Change]:
    low, high, *step = [ast.Constant(0), *node.args] if len(node.args) == 1 else node.args
    for k, other in ((1, ast.Add()), (-1, ast.Sub())):
        moved = ast.BinOp(high, other, ast.Constant(1))
        yield "range", ast.Call(node.func, [low, moved, *step], [])
        if k > 0:
            later = ast.BinOp(low, other, ast.Constant(1))
            yield "range", ast.Call(node.func, [later, high, *step], [])


def _slices(node: ast.AST, parent: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Slice):
        for part in ("lower", "upper", "step"):
            if getattr(node, part) is not None:
                new = copy.copy(node)
                setattr(new, part, None)
                yield "range", new


def _gradients(node: ast.AST, parent: ast.AST) -> Iterator[Change]:
    """Added and dropped detachment, in code that uses torch."""
    if isinstance(node, ast.With) and "no_grad" in ast.unparse(node.items[0]):
        yield "dropped detach", ast.If(ast.Constant(True), node.body, [])
    if isinstance(node, ast.Call) and isinstance(parent, ast.Assign | ast.Return | ast.BinOp):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if name in _TENSORS or re.search(r"q|net|critic|actor|policy", name):
            detached = ast.Attribute(node, "detach", ast.Load())
            yield "added detach", ast.Call(detached, [], [])


def _statements(node: ast.AST, parent: ast.AST) -> Iterator[Change]:
    documentation = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    simple = isinstance(node, ast.Assign | ast.AugAssign | ast.Expr | ast.Break | ast.Continue)
    if (simple and not documentation) or (isinstance(node, ast.If) and not node.orelse):
        yield "dropped statement", ast.Pass()
    if isinstance(node, ast.For | ast.While) and not isinstance(node.body[-1], ast.Return):
        new = copy.copy(node)
        new.body = [*node.body, ast.Break()]
        yield "left after the first turn", new


_MODULES = frozenset(("np", "torch", "F", "math", "random", "scipy"))
_OPERATORS: tuple[Callable[[ast.AST, ast.AST], Iterator[Change]], ...] = (
    _arithmetic,
    _logic,
    _constants,
    _calls,
    _slices,
    _gradients,
    _statements,
)


def _exchanged(node: ast.AST, names: set[str], attributes: set[str]) -> Iterator[Change]:
    """A variable or attribute in place of its sibling: s for s2, q for q_target."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        for other in sorted(_siblings(node.id, names)):
            yield "swapped variable", ast.Name(other, ast.Load())
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
        for other in sorted(_siblings(node.attr, attributes)):
            yield "swapped variable", ast.Attribute(node.value, other, ast.Load())


def _siblings(name: str, names: set[str]) -> set[str]:
    stem = _NUMBERED.match(name)[2]
    return {other for other in names - {name} if _NUMBERED.match(other)[2] == stem}


def _instructions(source: str) -> tuple:
    """What the code does, without where it stands."""

    def parts(code) -> tuple:
        consts = tuple(
            parts(c) if hasattr(c, "co_code") else (type(c).__name__, repr(c))
            for c in code.co_consts
        )
        return (code.co_code, consts, code.co_names, code.co_varnames, code.co_freevars)

    return parts(compile(source, "mutant", "exec"))


def _difference(was: str, now: str) -> tuple[str, str]:
    """The lines that differ, joined, without indentation."""
    old, new = [], []
    for line in difflib.ndiff(was.splitlines(), now.splitlines()):
        if line.startswith("- "):
            old.append(line[2:].strip())
        elif line.startswith("+ "):
            new.append(line[2:].strip())
    if sorted(old) == sorted(new):  # only the indentation differs
        return " ⏎ ".join(old[:1]), "another block"
    return " ⏎ ".join(old), " ⏎ ".join(new)
