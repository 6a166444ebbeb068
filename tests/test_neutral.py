import base64

import nbformat
import pytest
from fakes import PIXEL

from grader.neutral import image, neutralise, neutralise_markdown, outputs, pictures, plain

SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
MARKDOWN = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "<svg/onload=alert(1)>",
    "<!-- --><iframe src=//evil.example>",
    "[x](javascript:alert(1))",
    r"[a\]b](javascript:alert(1))",
    "![x](https://evil.example/beacon.png)",
    "[x][y]\n\n[y]: javascript:alert(1)",
    "> [y]: javascript:alert(1)\n\n[y]",
    "<javascript:alert(1)>",
    r"$\href{javascript:alert(1)}{x}$",
]


def test_text_loses_terminal_codes_and_its_excess():
    assert plain("a\x1b[31mred\x1b[0m\x07\n\tb") == "ared\n\tb"
    assert plain("x" * 10, 4).startswith("xxxx\n[")


def test_a_picture_is_what_it_says_or_nothing():
    assert image("image/png", PIXEL) == f"data:image/png;base64,{PIXEL}"
    assert image("image/png", "bm90IGEgcG5n") is None
    assert image("image/png", "not base64!") is None
    assert image("text/html", PIXEL) is None
    assert image("image/svg+xml", SVG).startswith("data:image/svg+xml;base64,")
    assert image("image/svg+xml", "<html>") is None


def test_of_html_only_pictures_are_kept():
    html = f'<p onclick="x"><img alt="a &lt; b" src="data:image/png;base64,{PIXEL}"><img src=x>'
    assert pictures({"text/html": html}) == [(f"data:image/png;base64,{PIXEL}", "a < b")]
    assert pictures({"text/html": "<img src='data:text/html;base64,PHA+'>"}) == []
    assert pictures({"image/svg+xml": SVG, "text/plain": "words"})[0][1] == "words"


@pytest.mark.parametrize(
    "output",
    [
        {"output_type": "display_data", "data": {"text/html": "<script>alert(1)</script>"}},
        {"output_type": "display_data", "data": {"application/javascript": "alert(1)"}},
        {"output_type": "display_data", "data": {"text/markdown": "<script>alert(1)</script>"}},
        {"output_type": "display_data", "data": {"text/latex": r"\href{javascript:alert(1)}"}},
        {"output_type": "display_data", "data": {"image/svg+xml": SVG}},
        {"output_type": "execute_result", "data": {"text/plain": ["<script>", "alert(1)"]}},
        {"output_type": "stream", "name": "stdout", "text": "<script>alert(1)</script>"},
        {"output_type": "error", "ename": "<script>alert(1)", "evalue": "", "traceback": []},
        {"output_type": "unheard-of"},
    ],
)
def test_no_output_keeps_markup(output):
    cell = {"cell_type": "code", "metadata": {"x": 1}, "source": ["a\n", "b"], "outputs": [output]}
    neutralise(cell)
    assert cell["metadata"] == {}
    assert cell["source"] == "a\nb"
    for kept in cell["outputs"]:
        data = kept.get("data", {})
        assert set(data) <= {"text/plain", "text/html", "image/png", "image/jpeg", "image/gif"}
        html = data.get("text/html", "<img ")
        assert html.startswith("<img ")
        assert "script" not in html


def test_a_flood_of_outputs_is_cut():
    flood = [{"output_type": "stream", "name": "stdout", "text": "x"}] * 1000
    assert len(list(outputs({"outputs": flood}))) < 100


@pytest.mark.parametrize("source", MARKDOWN)
def test_markdown_has_no_markup_left_for_nbconvert(source):
    from nbconvert.filters.markdown_mistune import markdown2html_mistune

    html = markdown2html_mistune(neutralise_markdown(source))
    for forbidden in ("<script", "<img", "<svg", "<iframe", 'href="javascript', "\\href"):
        assert forbidden not in html


@pytest.mark.parametrize("macro", ["href{javascript:1}", "mmlToken{mi}", "bbox[red]", "texttip{a}"])
def test_macros_that_carry_attributes_are_disarmed(macro):
    for slashes in ("\\", "\\\\", "\\\\\\"):
        assert "\\" not in neutralise_markdown(f"${slashes}{macro}{{x}}$")


def test_formulas_and_comparisons_stay_readable():
    assert neutralise_markdown("$V < W$ and $\\frac{1}{1-\\gamma}$") == (
        "$V < W$ and $\\frac{1}{1-\\gamma}$"
    )


def test_of_formulas_and_markdown_the_source_is_kept():
    data = {"text/latex": "$x$", "text/plain": "<IPython.core.display.Math object>"}
    cell = {"outputs": [{"output_type": "display_data", "data": data}]}
    assert list(outputs(cell)) == [("prose", "result", "$x$")]
    cell |= {"cell_type": "code", "metadata": {}, "source": ""}
    neutralise(cell)
    assert cell["outputs"][0]["data"] == {"text/plain": "$x$"}
    data = {"text/markdown": "**a** <b>", "text/latex": " ", "text/plain": "x"}
    cell = {"outputs": [{"output_type": "display_data", "data": data}]}
    assert list(outputs(cell)) == [("prose", "result", "**a** <b>")]


def test_raw_cells_and_attachments_are_disarmed():
    cell = {
        "cell_type": "raw",
        "metadata": {"raw_mimetype": "text/html"},
        "source": "<script>alert(1)</script>",
        "attachments": {"a.svg": {"image/svg+xml": SVG}},
    }
    neutralise(cell)
    assert cell["cell_type"] == "markdown"
    assert "attachments" not in cell
    assert "<script" not in cell["source"]


def test_a_neutralised_notebook_is_valid():
    cell = {"cell_type": "code", "metadata": {}, "source": "1", "execution_count": None}
    data = {"image/png": PIXEL, "text/plain": "x"}
    cell["outputs"] = [
        {"output_type": "display_data", "metadata": {}, "data": data},
        {"output_type": "display_data", "metadata": {}, "data": {"image/svg+xml": SVG}},
        {"output_type": "stream", "name": "stdout", "text": ["a", "b"]},
    ]
    neutralise(cell)
    assert base64.b64decode(cell["outputs"][0]["data"]["image/png"])
    notebook = nbformat.v4.new_notebook(cells=[nbformat.from_dict({**cell, "id": "a"})])
    nbformat.validate(notebook)
