r"""A formula in TeX as MathML, which browsers show without scripts, fonts or a connection.

`latex2mathml` reads the TeX. What it returns is not trusted, since TeX can ask for links, styles,
definitions that grow without bound and spaces of any size. So only known commands are let in, only
elements and attributes of a list are let out, and length and depth are limited.
"""

import html
import re
import unicodedata
from collections import Counter
from functools import lru_cache
from typing import Any

from latex2mathml import commands, converter
from latex2mathml.symbols_parser import SYMBOLS
from latex2mathml.tokenizer import tokenize
from markupsafe import escape

MAX_TEX = 2_000  # characters of one formula
MAX_DEPTH = 24  # of braces, environments and elements
MAX_ELEMENTS = 1_500  # of one formula

_STRUCTURE = r"""
    \\ \! \, \; \> \: \  \{ \} \| \# \% \& \_ \$ \quad \qquad \enspace \thinspace \thickspace
    \left \right \middle \big \Big \bigg \Bigg \bigl \bigm \bigr \Bigl \Bigm \Bigr \biggl \biggm
    \biggr \Biggl \Biggm \Biggr \limits \nolimits \frac \dfrac \tfrac \cfrac \binom \dbinom \tbinom
    \over \choose \sqrt \overset \underset \stackrel \substack \widecheck \boxed \text \textrm
    \textbf \textit \textnormal \texttt \textsf \mbox \mathbb \mathbf \mathcal \mathfrak \mathit
    \mathnormal \mathop \mathrel \mathbin \mathord \mathrm \mathscr \mathsf \mathtt \bm \boldsymbol
    \Bbb \rm \bf \it \cal \displaystyle \textstyle \scriptstyle \mod \pmod \bmod \nonumber \notag
    \space \nobreakspace \hline \xrightarrow \xleftarrow \xmapsto
"""
_NAMES = {name for name in SYMBOLS if re.fullmatch(r"\\(?:[A-Za-z]+|.)", name)}
_COMMANDS = frozenset(
    {*_NAMES, *_STRUCTURE.split(), "\\ "}
    | {*commands.FUNCTIONS, *commands.LIMIT, *converter.MOVABLE_LIMIT_TEXTS}
)
ENVIRONMENTS = {  # what is written -> what the library sets without numbering it
    "equation": "", "equation*": "", "align": "align*", "align*": "align*", "aligned": "split",
    "split": "split", "gather": "displaylines", "gather*": "displaylines",
    "gathered": "displaylines", "eqnarray": "align*", "eqnarray*": "align*", "cases": "cases",
    "array": "array", "matrix": "matrix", "pmatrix": "pmatrix", "bmatrix": "bmatrix",
    "Bmatrix": "Bmatrix", "vmatrix": "vmatrix", "Vmatrix": "Vmatrix",
    "smallmatrix": "smallmatrix",
}  # fmt: skip

_ELEMENTS = {
    "math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "msqrt", "mroot", "mfrac", "msub", "msup",
    "msubsup", "munder", "mover", "munderover", "mtable", "mtr", "mtd", "mstyle", "mpadded",
    "menclose",
}  # fmt: skip
_CHILDREN = {
    "mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "msubsup": 3, "munder": 2, "mover": 2,
    "munderover": 3,
}  # fmt: skip
_SIZE = r"-?[0-2]?(\.\d{1,4})?(em|ex|px)?"
_ATTRIBUTES = {
    "accent": "true|false",
    "columnalign": "left|right|center",
    "display": "block|inline",
    "displaystyle": "true|false",
    "fence": "true|false",
    "form": "prefix|infix|postfix",
    "linethickness": "0",
    "lspace": _SIZE,
    "mathvariant": "normal|bold|italic|bold-italic|monospace|sans-serif",
    "maxsize": _SIZE,
    "minsize": _SIZE,
    "movablelimits": "true|false",
    "notation": "box",
    "rspace": _SIZE,
    "scriptlevel": "0|1",
    "stretchy": "true|false",
    "width": _SIZE,
}
_ALPHABETS = {"double-struck": "mathbb", "script": "mathcal", "fraktur": "mathfrak"}
_TOKENS = ("mi", "mn", "mo", "mtext")
_LIMITS = {"msub": "munder", "msup": "mover", "msubsup": "munderover"}
_GAP = r"(?:\\[,;:! ]|[\s~])*"
_REWRITTEN = [  # what the library does not read, in words that it reads
    (re.compile(pattern), words)
    for pattern, words in (
        (
            r"\\mathop\s*\{\s*\\(?:mathrm|text)\s*\{([^{}]{1,40})\}\s*\}",
            r"\\operatorname*{\1}",
        ),
        (rf"\\operatorname\*?\s*\{{\s*arg{_GAP}(max|min)\s*\}}", r"\\arg\1 "),
        (rf"\\arg{_GAP}\\(max|min)(?![A-Za-z])", r"\\arg\1 "),
        (r"\\arg(?![A-Za-z])", r"\\operatorname{arg}"),
        (r"&((?:\s|\\(?:nonumber|notag)(?![A-Za-z]))*\\end)", r"&{}\1"),  # it drops the row
    )
]


class _NotSetError(ValueError):
    """A formula that is shown as it was typed."""


@lru_cache(maxsize=4096)
def mathml(tex: str, display: str = "inline") -> str | None:
    """A formula as a `<math>` element; None where it cannot be set or is not allowed to be.

    Args:
        tex: without delimiters, from anybody.
        display: `inline` or `display`.
    """
    if len(tex) > MAX_TEX + 80:
        return None
    try:
        tex = _prepared(tex)
        letters = _admit(tex)
        block = "block" if display == "display" else "inline"
        element = converter.convert_to_element(tex, display=block)
        shown = unicodedata.normalize("NFKC", html.unescape("".join(element.itertext())))
        return _Filter().markup(element) if letters <= Counter(shown) else None
    except Exception:  # the library raises whatever comes up for TeX that it does not understand
        return None


def _prepared(tex: str) -> str:
    """TeX in the words that the library knows."""
    tex = re.sub(r"\\(begin|end)\s*\{([^{}]{1,20})\}", _environment, tex)
    for pattern, words in _REWRITTEN:
        tex = pattern.sub(words, tex)
    return tex


def _environment(match: re.Match) -> str:
    name = ENVIRONMENTS.get(match[2])
    if name is None:
        raise _NotSetError
    return f"\\{match[1]}{{{name}}}" if name else " "


def _admit(tex: str) -> Counter:
    """Refuse commands beyond the known ones, and what is nested too deeply.

    Returns:
        How often each letter and digit stands in it, outside of commands.
    """
    depth, letters, array = 0, Counter(), False
    for token in tokenize(tex):
        depth += (token == "{" or token.startswith("\\begin")) - (
            token == "}" or token.startswith("\\end")
        )
        if depth > MAX_DEPTH:
            raise _NotSetError
        array = array or token == "\\begin{array}"
        if not token.startswith(("\\", "&#")):
            letters.update(c for c in token if c.isalnum() and not (array and c in "lcr"))
        elif token.startswith("\\operatorname"):
            if not re.fullmatch(r"\\operatorname(\*|withlimits)?\{[A-Za-z*]+\}", token):
                raise _NotSetError
        elif not token.startswith(("\\begin{", "\\end{", "&#")) and token not in _COMMANDS:
            raise _NotSetError
    if depth:
        raise _NotSetError
    return letters


class _Filter:
    """Writes the elements and attributes that are allowed."""

    def __init__(self) -> None:
        self._elements = 0

    def markup(self, element: Any, depth: int = 0) -> str:
        self._elements += 1
        if element.tag not in _ELEMENTS or depth > MAX_DEPTH or self._elements > MAX_ELEMENTS:
            raise _NotSetError
        if len(element) != _CHILDREN.get(element.tag, len(element)):
            raise _NotSetError
        variant, tag = element.get("mathvariant", ""), element.tag
        if tag in _LIMITS and len(element) and _takes_limits(element[0]):
            tag = _LIMITS[tag]
        elif tag in _TOKENS and len(element):  # `\mathrel{...}`
            tag = "mrow"
        attributes = "".join(
            f' {name}="{value}"'
            for name, value in element.items()
            if name in _ATTRIBUTES and re.fullmatch(_ATTRIBUTES[name], value)
        )
        inner = str(escape(_text(element.text or "", variant)))
        inner += "".join(self.markup(child, depth + 1) for child in element)
        return f"<{tag}{attributes}>{inner}</{tag}>"


def _takes_limits(element: Any) -> bool:
    """Whether an index of this operator stands below it, in a formula on a line of its own."""
    if element.tag == "mo" and element.text in ("max", "min", "sup", "inf", "lim"):
        element.set("movablelimits", "true")
    return element.get("movablelimits") == "true"


def _text(text: str, variant: str) -> str:
    """The characters of an element; the library writes some as `&#x03B3;`."""
    text = "".join(
        c for c in html.unescape(text) if c.isprintable() or unicodedata.category(c) == "Zs"
    )
    text = re.sub(r"\\([%&#_$ {}])", r"\1", text)
    if "\\" in text and text != "\\":  # a command that the library does not know, or in \text
        raise _NotSetError
    if variant in _ALPHABETS:
        names = (rf"\{_ALPHABETS[variant]}{{{c}}}" for c in text)
        text = "".join(
            chr(int(SYMBOLS[name], 16)) if name in SYMBOLS else name[-2] for name in names
        )
    return text
