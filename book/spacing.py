r"""Spaces in formulas: those that TeX sets and MathML, left alone, does not.

docutils writes \log as a name without spaces and \max as an operator that the browser surrounds
with wide ones, bars get the spaces of a relation, and a sign after an opening parenthesis those of
a difference. Here the rules of The TeXbook, chapter 18, are applied to the finished MathML.
"""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as ET

from docutils.utils.math.latex2mathml import functions

_NAMESPACE = "http://www.w3.org/1998/Math/MathML"
_NAMES = {name for name in functions.values() if name and name.isalpha()}
_LIMITS = {"max", "min", "sup", "inf", "lim"}
_BIG = set("∑∏∐∫∮⋃⋂")
_SCRIPTS = {"msub", "msup", "msubsup", "munder", "mover", "munderover"}
_ROWS = {"math", "mrow", "mtd", "msqrt", "mstyle", "mpadded", "mphantom", "menclose"}
_BARS = set("|‖∥")
_SIGNS = set("+−-±∓")
_OPEN, _CLOSE, _PUNCTUATION = set("([{⟨⌈⌊"), set(")]}⟩⌉⌋"), set(",;")
_ORDINARY = set("/!'′″*∗∞∅∇∂…⋯.%")
_NOTHING = "\u2061"  # function application: stands between a name and its argument, without width
_THIN = "0.1667em"


def spaced(mathml: str) -> str:
    """The MathML with TeX's spaces around named operators, bars and signs.

    A named or big operator is a thin space away from an ordinary symbol on either side, and from
    an operator; it touches a parenthesis that opens after it, and nothing stands before the first
    sign of a row. Bars and slashes have no space of their own. A minus with nothing to its left is
    a sign, not a difference.
    """
    named = re.sub(r"&(?!(?:lt|gt|amp|quot|apos);)\w+;", lambda m: html.unescape(m[0]), mathml)
    named = named.replace(f' xmlns="{_NAMESPACE}"', "")
    root = ET.fromstring(named)
    for row in list(root.iter()):
        if row.tag in _ROWS:
            _space(row)
    root.set("xmlns", _NAMESPACE)
    return ET.tostring(root, encoding="unicode", short_empty_elements=False)


def _space(row: ET.Element) -> None:
    """Set the spaces between the children of one row."""
    stretch = row.tag == "mrow" and _kind(row[0]) == "open" if len(row) else False
    bars = sum(_is_bar(child) for child in row)
    seen = 0
    last = None  # kind of what stands to the left; None at the start
    for child in list(row):
        core, kind = _core(child), _kind(child)
        if kind == "nothing":
            continue
        if kind == "sign":
            kind = "binary"
            if last in (None, "open", "binary", "relation", "punctuation", "operator"):
                core.set("form", "prefix")
                kind = "prefix"
        elif _is_bar(child):
            core.set("lspace", "0")
            core.set("rspace", "0")
            seen += 1
            kind = "open" if bars % 2 == 0 and seen % 2 else "close"
        elif core.tag == "mo" and (kind == "operator" or core.text == "/"):
            core.set("lspace", "0")
            core.set("rspace", "0")
        elif kind in ("open", "close") and not stretch and "minsize" not in core.attrib:
            core.attrib.setdefault("stretchy", "false")  # as TeX without \\left, and no gap
        touches = kind == "open" and not _is_bar(child)  # max (x), but max |x| as TeX has it
        after = last == "operator" and (kind in ("ordinary", "operator", "open") and not touches)
        before = kind == "operator" and last in ("ordinary", "fenced", "close", "prefix")
        if after or before:
            row.insert(list(row).index(child), ET.Element("mspace", width=_THIN))
        last = kind


def _core(element: ET.Element) -> ET.Element:
    """What carries the scripts; the element itself if it has none."""
    while element.tag in _SCRIPTS:
        element = element[0]
    return element


def _is_bar(element: ET.Element) -> bool:
    core = _core(element)
    return core.tag == "mo" and core.text in _BARS


def _kind(element: ET.Element) -> str:
    """What an element is to its neighbours, in TeX's words."""
    core = _core(element)
    text = core.text or ""
    if core.tag == "mspace":
        return "space"
    made = core.get("mathvariant") == "normal" and len(text) > 1  # by \\operatorname
    if core.tag == "mi" and (text in _NAMES or made):
        return "operator"
    if core.tag == "mrow" and len(core) and _kind(core[0]) == "open":
        return "fenced"  # \\left( … \\right)
    if core.tag != "mo":
        return "ordinary"
    if text == _NOTHING:
        return "nothing"
    if text in _LIMITS or text in _BIG:
        return "operator"
    for signs, kind in (
        (_SIGNS, "sign"),
        (_OPEN, "open"),
        (_CLOSE, "close"),
        (_PUNCTUATION, "punctuation"),
        (_ORDINARY, "ordinary"),
    ):
        if text in signs:
            return kind
    return "relation"
