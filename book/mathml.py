"""Formulas as MathML, made while the book is built: no script, no font server, no waiting.

docutils converts TeX to MathML. It is strict, and knows less TeX than the MathJax that notebooks
are read with, so a few spellings are translated first; whatever is still unknown stops the build
with a sentence that names the formula. The font comes from a package, is cut to the signs that a
course like this one needs, and travels inside the style sheet, so pages on a disk have it too.
"""

from __future__ import annotations

import base64
import io
import re
from html import escape
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml

from book.spacing import spaced

# TeX that docutils does not know -> TeX that it knows.
_SPELLINGS = (
    (re.compile(r"\\dots(?![a-zA-Z])"), r"\\ldots"),
    (re.compile(r"\\([bB]igg?)(?=[(\[{])"), r"\\\1l"),
    (re.compile(r"\\([bB]igg?)(?=\\\{|\\lVert|\\langle)"), r"\\\1l"),
    (re.compile(r"\\([bB]igg?)(?=[)\]}]|\\\}|\\rVert|\\rangle)"), r"\\\1r"),
    (re.compile(r"\\[bB]igg?m?(?=[|/]|\\[|])"), r""),  # bars grow by themselves, or stay
    (re.compile(r"\\([td]?)frac\s*(\d)\s*(\d)"), r"\\\1frac{\2}{\3}"),
    (re.compile(r"\\operatorname\*?\{arg(?:\\,)?(max|min)\}"), r"\\arg\\\1"),
    (re.compile(r"\\(text|display)style(?![a-zA-Z])"), r""),
    (re.compile(r"\\nicefrac"), r"\\tfrac"),
    (re.compile(r"\\lvert|\\rvert"), r"|"),
    (re.compile(r"\\epsilon(?![a-zA-Z])"), r"\\varepsilon"),  # one glyph, as in the prose
)

# Blocks of Unicode that stay in the font: text, Greek, arrows, operators, mathematical letters.
_RANGES = (
    (0x20, 0x7E), (0xA0, 0xFF), (0x300, 0x338), (0x370, 0x3FF), (0x2010, 0x2044),
    (0x20D0, 0x20F0), (0x2100, 0x214F), (0x2190, 0x21FF), (0x2200, 0x22FF), (0x2308, 0x230B),
    (0x239B, 0x23B9), (0x23DC, 0x23E1), (0x27E6, 0x27EF), (0x2A7D, 0x2A7E),
    (0x1D400, 0x1D467), (0x1D49C, 0x1D4CF), (0x1D538, 0x1D56B), (0x1D6A4, 0x1D6A5),
    (0x1D6E2, 0x1D71B),
)  # fmt: skip


class FormulaError(Exception):
    """A formula that cannot be converted; the message names it."""


def convert(tex: str, block: bool = False) -> str:
    """The MathML of a formula, with its TeX as an annotation.

    Args:
        tex: what stands between the dollar signs.
        block: displayed on a line of its own.

    Raises:
        FormulaError: if docutils does not know a command in it.
    """
    plain = tex.strip()
    for pattern, spelling in _SPELLINGS:
        plain = pattern.sub(spelling, plain)
    try:
        mathml = tex2mathml(plain, as_block=block)
    except MathError as error:
        raise FormulaError(
            f"The formula {tex.strip()!r} cannot be shown in the book: {error} Write it with "
            "commands that docutils knows (docutils.utils.math.latex2mathml), or translate the "
            "spelling in book/mathml.py."
        ) from error
    # Norm bars must not grow with a superscript; a browser stretches every fence otherwise.
    mathml = re.sub(r"<mo(?: [^>]*)?>([|‖∥])</mo>", r'<mo stretchy="false">\1</mo>', mathml)
    # Escaped signs inside \\text stay escaped in docutils.
    mathml = re.sub(r"<mtext>[^<]*</mtext>", lambda m: re.sub(r"\\([_%&#$ ])", r"\1", m[0]), mathml)
    # Indentation and line breaks are left to the style sheet: none of them means anything here.
    mathml = re.sub(r">\s+<", "><", mathml)
    mathml = spaced(mathml)
    return mathml.replace("<math ", f'<math alttext="{escape(tex.strip(), quote=True)}" ', 1)


def font_css() -> str:
    """An @font-face rule with the mathematical font inside, cut to `_RANGES`."""
    from fontTools import subset

    options = subset.Options()
    options.flavor, options.hinting = "woff", False
    options.layout_features = [
        "ssty",
        "dtls",
        "flac",
    ]  # script sizes, dotless letters, flat accents
    options.name_IDs = [0, 1, 2, 13, 14]  # names, and the licence, which must travel along
    file = distribution("ziamath").locate_file("ziamath/fonts/STIXTwoMath-Regular.ttf")
    font = subset.load_font(io.BytesIO(Path(str(file)).read_bytes()), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[u for low, high in _RANGES for u in range(low, high + 1)])
    cutter.subset(font)
    _even_radicals(font)
    out = io.BytesIO()
    subset.save_font(font, out, options)
    data = base64.b64encode(out.getvalue()).decode("ascii")
    return (
        "/* STIX Two Math, SIL Open Font License 1.1, cut to the signs of this book. */\n"
        '@font-face { font-family: "Book Math"; font-display: swap; '
        f'src: url("data:font/woff;base64,{data}") format("woff"); }}\n'
        'math { font-family: "Book Math", "STIX Two Math", "Cambria Math", math; }\n'
    )


def _even_radicals(font: Any) -> None:
    """Make all sizes of the radical sign as wide as the smallest.

    MathML Core reserves room for the widest of them, whichever is drawn, so that Chromium leaves a
    gap of up to 0.4 em behind a small root.
    """
    variants = font["MATH"].table.MathVariants
    sign = font.getBestCmap()[ord("√")]
    sizes = variants.VertGlyphConstruction[variants.VertGlyphCoverage.glyphs.index(sign)]
    names = {record.VariantGlyph for record in sizes.MathGlyphVariantRecord}
    names |= {part.glyph for part in sizes.GlyphAssembly.PartRecords}
    width = font["hmtx"][sign][0]
    for name in sorted(names - {sign}):
        advance, bearing = font["hmtx"][name]
        font["glyf"][name].coordinates.scale((width / advance, 1))
        font["glyf"][name].recalcBounds(font["glyf"])
        font["hmtx"][name] = (width, round(bearing * width / advance))


def _write(translator: Any, node: nodes.math | nodes.math_block, block: bool) -> None:
    try:
        mathml = convert(node.astext(), block)
    except FormulaError as error:
        from sphinx.util import logging

        logging.getLogger(__name__).warning("%s", error, location=node)
        mathml = f"<code>{escape(node.astext())}</code>"
    if block:
        mathml = f'<div class="math-block">{mathml}</div>'
    translator.body.append(mathml)


def _inline(translator: Any, node: nodes.math) -> None:
    _write(translator, node, block=False)
    raise nodes.SkipNode


def _block(translator: Any, node: nodes.math_block) -> None:
    _write(translator, node, block=True)
    raise nodes.SkipNode


def setup(app: Any) -> dict[str, Any]:
    """Register with Sphinx as the way HTML shows formulas."""
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
