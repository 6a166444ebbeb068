"""TeX that asks for links, styles and markup, or grows without bound, in text and in outputs."""

from itertools import pairwise

TRIES = "formulas with links, markup in entities, definitions and nesting that explode"
SUCCESS = "harm"
BOMBS = [
    r"\def\a{xx}"
    + "".join(rf"\def\{c}{{\{b}\{b}}}" for b, c in pairwise("abcdefghijkl"))
    + r"\l\l\l\l",
    r"\newcommand{\a}{\a\a}\a",
    r"\sideset{_a}{_b}{" * 40 + r"\sum" + "}" * 40,
    "{" * 5000 + "x" + "}" * 5000,
    r"\sqrt" * 5000,
    "x^" * 5000,
    r"\left(" * 3000,
    r"\begin{matrix}" * 2000,
    r"\hspace{99999em} \rule{9999em}{9999em} \raise 9999em {x}",
]
MARKUP = [
    r"\href{javascript:'@MARK@'}{x}",
    r"\style{background:url(http://127.0.0.1/@MARK@)}{x}",
    r"\class{'@MARK@' onclick='@MARK@'}{x}",
    r"\unicode{x3c;img src=x onerror='@MARK@' x3e}",
    r"\text{&#x3c;img src=x onerror='@MARK@'&#x3e;}",
    r"\text{</mtext></math><img src=x onerror='@MARK@'>}",
    r"\color{red;background:url(http://127.0.0.1/@MARK@)}{x}",
    r"\operatorname{<script>'@MARK@'</script>}",
]
TEXT = "\n\n".join(f"${tex}$ and $${tex}$$ and \\\\({tex}\\\\)" for tex in [*MARKUP, *BOMBS])
CELL = f"""
from IPython.display import Latex, Markdown, Math, display

for trick in {MARKUP + BOMBS!r}:
    display(Math(trick))
    display(Latex("$$" + trick + "$$"))
    display(Markdown("$" + trick + "$"))
"""


def mutate(nb):
    floods = ("$" * 30_000, r"$\frac{1}{2}$ " * 2_000, r"\\( " * 7_000)
    for i, text in enumerate([TEXT, *floods]):
        cell = {"cell_type": "markdown", "id": f"flood-{i}", "metadata": {}, "source": text}
        nb["cells"].insert(2, cell)
    return nb
