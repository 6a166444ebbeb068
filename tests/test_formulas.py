"""Finding formulas in text, and setting them within a page's budget."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.formulas import Formulas, split


@pytest.mark.parametrize(
    ("whole", "found"),
    [
        ("a $x$ b", ["$x$"]),
        ("$ x $", ["$ x $"]),
        ("$5 and $6", []),
        ("$5 and $6. Good: $x$", ["$x$"]),
        ("$5 and $6 or $x$, $y$", ["$x$", "$y$"]),
        (r"\$5 $x$", ["$x$"]),
        ("$x\n\ny$", []),
        ("$x\ny$", ["$x\ny$"]),
        ("$$x$$", ["$$x$$"]),
        (r"\(a\) \\(b\\) \[c\] \\[d\\]", [r"\(a\)", r"\\(b\\)", r"\[c\]", r"\\[d\\]"]),
        ("`$x$` ``a ` $y$`` $z$", ["$z$"]),
        ("```\n$x$\n\n$y$\n```\n$z$", ["$z$"]),
        ("`a $x$", ["$x$"]),
        (r"\begin{align}a\end{align} \begin{x}$y$\end{x}", [r"\begin{align}a\end{align}", "$y$"]),
        (r"\(a $x$", ["$x$"]),
    ],
)
def test_formulas_are_found_as_in_jupyter(whole, found):
    assert [source for kind, source, _ in split(whole) if kind != "text"] == found


def test_a_page_has_a_budget():
    shown = Formulas(characters=3)("$a$ $b$ $c$ $d$")
    assert shown.count("<math") == 3
    assert "<code>$d$</code>" in shown


def test_a_formula_that_is_not_set_is_escaped():
    shown = Formulas()(r"$\href{x}{<script>}$ and $$\style{<b>}{}$$")
    assert shown == (
        r"<code>$\href{x}{&lt;script&gt;}$</code> and "
        r'<span class="formula"><code>$$\style{&lt;b&gt;}{}$$</code></span>'
    )


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from([*"$$$$`\n\\()[]a5 ", "\n\n", "```", r"\begin{align}", r"\end{align}"])
    )
)
def test_the_parts_are_the_text(pieces):
    whole = "".join(pieces)
    assert "".join(source for _, source, _ in split(whole)) == whole
