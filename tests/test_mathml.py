"""One formula: what is set, what is refused, and that no input is dear or dangerous."""

import re
import time
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader import mathml as module
from grader.formulas import Formulas
from grader.mathml import mathml

PIECES = [
    *sorted(module._COMMANDS)[::40], *module._STRUCTURE.split(), *"{}{}{}^_&'[]x1<>\"%#$~",
    r"\href{javascript:alert(1)}", r"\style{position:fixed}", r"\class{x}", r"\unicode{x3c}",
    r"\def\a{\a\a}", r"\newcommand{\b}{\b}", r"\a", r"\b", r"\hspace{99em}", r"\color{red}",
    r"\begin{matrix}", r"\end{matrix}", r"\begin{array}{lc}", r"\end{array}", r"\left(", r"\right)",
    r"\text{<script>alert(1)</script>}", r"\text{&#x3c;img src=x onerror=alert(1)&#x3e;}",
    r"\verb|<b>|", r"\operatorname{a b}", r"\rule{9em}{9em}", r"\raise 9em", "\u202e", "&lt;", " ",
]  # fmt: skip


def text(markup):
    """What a person sees."""
    return "".join(ElementTree.fromstring(markup).itertext())


@pytest.mark.parametrize(
    ("tex", "shown"),
    [
        (r"Q^*(s, a)", "Q*(s,a)"),
        (r"\mathbb{E}_\pi\left[G_t \mid S_t = s\right]", "𝔼π[Gt∣St=s]"),
        (r"\arg\max_a Q", "arg max" + "aQ"),
        (r"\operatorname*{arg\,max}_{a'} Q", "arg max" + "a′Q"),
        (r"\mathop{\mathrm{argmax}}_a Q", "arg max" + "aQ"),
        (r"\|V - V^\pi\|_\infty \le \frac{\varepsilon}{1-\gamma}", "‖V−Vπ‖∞≤ε1−γ"),
        (r"\mathbb{1}\{s = t\}", "𝟙{s=t}"),
        (r"\mathcal{AB}", "𝒜ℬ"),
        (r"\text{a < b \& c}", "a < b & c"),
        (r"\begin{cases} 1 & x \\ 0 & \text{else} \end{cases}", "{1x0else"),
        (r"\begin{equation*} a \end{equation*}", "a"),
        (r"a < b > c", "a<b>c"),
    ],
)
def test_what_students_write_is_set(tex, shown):
    assert re.sub(r"\s", " ", text(mathml(tex))) == shown


def test_indices_of_operators_stand_below_on_a_line_of_their_own():
    for tex in (r"\max_a Q", r"\argmax_a Q", r"\lim_{n} a", r"\operatorname*{sg}_a"):
        found = ElementTree.fromstring(mathml(tex, "display"))
        assert found.find(".//munder/mo").get("movablelimits") == "true", tex
    assert "<msub>" in mathml(r"x_a", "display")


def test_numbers_of_equations_are_not_invented():
    assert "(1)" not in text(mathml(r"\begin{align} a &= b \\ c &= d \end{align}", "display"))


def test_nothing_typed_is_lost():
    """The library drops a row that ends in an empty cell, and columns of a wrong alignment."""
    assert text(mathml(r"\begin{align} a &= b & \end{align}")) == "a=b"
    assert mathml(r"\substack{a & b &}") is None


@pytest.mark.parametrize(
    "tex",
    [
        r"\frac{1}", r"\text{\alpha}", r"a}", r"{a", r"\left( a", r"x^1^2", r"\undefined",
        r"\label{a} x",
        r"\href{javascript:alert(1)}{x}", r"\style{color:red}{x}", r"\class{a}{x}", r"\unicode{60}",
        r"\color{red} x", r"\textcolor{red}{x}", r"\colorbox{red}{x}", r"\phantom{x}", r"\tag{1}",
        r"\hspace{999em}", r"\kern 9em", r"\raise 9em {x}", r"\rule{9em}{9em}", r"\verb|x|",
        r"\def\a{\a\a}\a", r"\newcommand{\a}{x}\a", r"\DeclareMathOperator{\a}{x}",
        r"\newenvironment{a}{b}{c}", r"\begin{foo} x \end{foo}", r"\genfrac ( ) {9em} 0 1 2",
        r"\sideset{_a}{_b}{\sum}", r"\mathchoice{a}{b}{c}{d}", r"\hbox{$x$}", r"\Huge x",
        "{" * 30 + "x" + "}" * 30, r"\sqrt" * 30 + "x", "x^" * 400 + "y", "x" * 2500,
        r"\begin{matrix}" * 30 + r"\end{matrix}" * 30, "&" * 1900, r"\sqrt" * 399,
    ],
)  # fmt: skip
def test_what_is_wrong_or_not_known_stays_as_it_was_typed(tex):
    assert mathml(tex) is None
    assert Formulas()(f"a $${tex}$$ b").unescape().count(tex) == 1


@pytest.mark.parametrize("tag", ["maction", "annotation-xml", "semantics", "script", "a", "mfrac"])
def test_other_elements_are_refused_even_if_the_library_makes_them(tag):
    row = ElementTree.Element("mrow")
    ElementTree.SubElement(row, tag, href="javascript:alert(1)")
    with pytest.raises(ValueError):
        module._Filter().markup(row)


class Strict(HTMLParser):
    """Reads HTML; only what is on a list may be in it."""

    def handle_starttag(self, tag, attrs):
        assert tag in module._ELEMENTS | {"span", "code"}
        for name, value in attrs:
            if tag == "span":
                assert (name, value) == ("class", "formula")
            else:
                assert re.fullmatch(module._ATTRIBUTES[name], value)

    def handle_decl(self, decl):
        raise AssertionError(decl)

    handle_comment = handle_pi = unknown_decl = handle_decl


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40), st.sampled_from(["$", "$$"]))
def test_only_listed_elements_and_attributes_come_out(pieces, dollars):
    tex = " ".join(pieces)
    Strict().feed(Formulas()(dollars + tex + dollars))
    found = mathml(tex, "display")
    if found is not None:
        assert "javascript" not in found or r"\text" in tex
        assert "</math>" in found
        ElementTree.fromstring(found)


@pytest.mark.parametrize(
    "tex",
    [
        r"\binom{x}{y}" * 160, "'" * 1990, "1 " * 990, r"\pmod x" * 280, r"\text{" * 330,
        "^" * 1990,
        r"\left(" * 330, r"\arg~" * 390 + r"\max", r"\\" * 990, r"\operatorname{" * 140,
        r"\substack{x\\" * 20 + "}" * 20, r"\displaystyle " * 140, r"\begin{matrix}" * 140,
    ],
)  # fmt: skip
def test_no_formula_is_dear(tex):
    assert len(tex) <= module.MAX_TEX
    start = time.process_time()
    mathml(tex, "display")
    assert time.process_time() - start < 1
