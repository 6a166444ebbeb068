"""The book's parts, without building it: formulas, links, folds, memory, maps."""

import base64
import json
import re

import fakes
import nbformat
import pytest

pytest.importorskip("sphinx", reason="the book's extra is not installed")

from book import chapter as pages
from book import crossref, docstrings, execute, folds, tables
from book.build import HERE
from book.course import PLANS, Plan, read_chapter, written
from book.mathml import FormulaError, convert, font_css
from book.outputs import Pictures, for_page, settled
from grader.build import ROOT
from grader.source import Cell, read_source
from qlib.proof import PROOFS

SOURCE = '''\
# %% [markdown]
# # 1 · A miniature
#
# **Time** about 20 minutes. See notebook 01, Section 1.1 and Figure 2.
#
# ## 1.1 Doubling

# %% tags=["setup"]
import numpy as np

# %% [markdown] tags=["predict:two"]
# **Predict first** (a question of the lecture). What is $2 \\cdot 2$?
#
# *Your prediction:*

# %% tags=["experiment"]
print(double(2))  # Figure 1 is elsewhere

# %% [markdown]
# <details><summary>What happens, and why</summary>
#
# It is 4.
#
# </details>
# <!-- numbers: 4 = double(2) -->
#
# Is it always? The exercise needs this.

# %% [markdown] tags=["task:double"]
# ### Exercise 1 · Double it (3 points)


# %% tags=["answer:double"]
def double(x):
    """Twice x."""
    ### BEGIN SOLUTION
    return 2 * x  # fmt: skip
    ### END SOLUTION


# %% tags=["test:double:3"]

# %% [markdown] tags=["task:why"]
# ### Bonus exercise · Why? (2 points)

# %% [markdown] tags=["manual:why:2"]
# ### BEGIN SOLUTION
# Because.
#
# **For the person who marks**, one point each.
#
# Half a reason: 1 point.
# ### END SOLUTION

# %% tags=["experiment"]
title = "Figure 2. Nothing"

# %% [markdown]
# ## What you have learned
#
# Little.
'''


@pytest.fixture
def mini(tmp_path):
    folder = tmp_path / "solutions" / "01_mini"
    folder.mkdir(parents=True)
    (folder / "01_mini.py").write_text(SOURCE)
    return read_chapter(Plan("01_mini", "A miniature"), tmp_path)


def shown(mini, tmp_path):
    """The page of the miniature, its cells' sources joined."""
    outputs = [[] for _ in pages.solved(mini).cells]
    released = {"answer-double": "def double(x):\n    raise ToDo"}
    pictures = Pictures(tmp_path / "figures")
    page = pages.page(mini, outputs, released, pages.labels(mini), pictures)
    return [cell.source for cell in page.cells]


# Formulas


def every_formula():
    """(tex, block) of all formulas in the course's texts and proofs."""
    found = set()
    texts = [
        cell.source
        for path in sorted((ROOT / "solutions").glob("[01]*/*.py"))
        for cell in read_source(path)
        if cell.cell_type == "markdown"
    ]
    for proof in PROOFS.values():
        texts += [proof.claim, proof.given, *proof.blocks.values()]
    for data in (*tables.items(HERE), *tables.slips(HERE)):
        texts += [value for value in data.values() if isinstance(value, str)]
    texts += [path.read_text() for path in (HERE / "pages").glob("*.md")]
    for text in texts:
        text = re.sub(r"<!--.*?-->|```.*?```|`[^`]*`", "", text, flags=re.S)
        found |= {(tex, True) for tex in re.findall(r"\$\$(.+?)\$\$", text, re.S)}
        text = re.sub(r"\$\$.+?\$\$", "", text, flags=re.S)
        found |= {(tex, False) for tex in re.findall(r"(?<!\\)\$([^$]+?)\$", text)}
    return sorted(found)


def test_every_formula_of_the_course_can_be_shown():
    formulas = every_formula()
    assert len(formulas) > 500
    for tex, block in formulas:
        mathml = convert(tex, block)
        assert "merror" not in mathml
        shown = re.sub(r'alttext="[^"]*"', "", mathml)
        assert "\\" not in shown, tex


def test_a_formula_keeps_its_tex_and_its_meaning():
    mathml = convert(r"\lVert Q \rVert \le \frac12 < 1")
    assert r'alttext="\lVert Q \rVert \le \frac12 &lt; 1"' in mathml
    assert mathml.count('<mo stretchy="false" lspace="0" rspace="0">‖</mo>') == 2
    assert "<mfrac><mn>1</mn><mn>2</mn></mfrac>" in mathml
    aligned = convert("\\begin{aligned} a &= b \\\\ c &= d \\end{aligned}", block=True)
    assert aligned.count("<mtr>") == 2
    assert "&amp;" not in re.sub(r'alttext="[^"]*"', "", aligned)


@pytest.mark.parametrize(
    ("tex", "expected"),
    [
        (r"\alpha\log\pi", "α_log_π"),
        (r"\log(x)", "log(x)"),
        (r"d\log_2 3", "d_log2_3"),
        (r"\log\left(x\right)", "log(x)"),
        (r"1 - \tanh^2 u", "1−tanh2_u"),
        (r"x = \max_a Q", "x=maxa_Q"),
        (r"2\sum_a x", "2_∑a_x"),
        (r"-\log\exp x", "−_log_exp_x"),
        (r"\max_a |Q|", "maxa_|Q|"),
        (r"[\max(x), \cos y]", "[max(x),cos_y]"),
        (r"a\,\max(x)", "a_max(x)"),  # the author's own thin space is enough
        (r"\operatorname{clip}(x)\operatorname{clip} x", "clip(x)_clip_x"),
        (r"\epsilon\varepsilon", "εε"),
    ],
)
def test_named_operators_are_a_thin_space_away(tex, expected):
    mathml = convert(tex).replace('<mspace width="0.1667em"></mspace>', "_")
    assert re.sub(r"<[^>]*>|\u2061", "", mathml) == expected


def test_bars_slashes_and_large_operators_have_no_space_of_their_own():
    for tex, sign in ((r"|x|", "|"), (r"x/y", "/"), (r"\max x", "max"), (r"\sum x", "∑")):
        (operator, *_) = re.findall(rf"<mo ([^>]*)>{re.escape(sign)}</mo>", convert(tex))
        assert 'lspace="0" rspace="0"' in operator, tex


def test_a_minus_is_a_sign_where_nothing_stands_before_it():
    for tex in ("(-x)", "a = -x", "a, -x", "|-x|", r"\{-x\}", r"\log -x"):
        assert '<mo form="prefix">−</mo>' in convert(tex), tex
    for tex in ("a - x", "|a| - x", "(a) - x", "a' - x", r"a\, - x"):
        assert "<mo>−</mo>" in convert(tex), tex


def test_an_unknown_command_stops_the_build_and_is_named():
    with pytest.raises(FormulaError, match=r"\\\\nonsense"):
        convert(r"a + \nonsense{b}")


def test_the_font_is_small_and_holds_the_course_s_signs():
    import io

    from fontTools.ttLib import TTFont

    css = font_css()
    assert len(css) < 300_000
    assert "url(" in css
    assert "http" not in css
    data = base64.b64decode(re.search(r"base64,([^\"]+)", css)[1])
    font = TTFont(io.BytesIO(data))
    assert "MATH" in font
    assert {ord(c) for c in "γπ‖∑𝔼𝒯𝜋𝑄ℋ"} <= set(font.getBestCmap())
    variants = font["MATH"].table.MathVariants
    root = variants.VertGlyphCoverage.glyphs.index(font.getBestCmap()[ord("√")])
    sizes = variants.VertGlyphConstruction[root].MathGlyphVariantRecord
    assert len(sizes) > 2
    assert len({font["hmtx"][size.VariantGlyph][0] for size in sizes}) == 1  # else gaps behind


# Links


LABELS = {"ch-2", "sec-1-4", "sec-5-5", "fig-1-5"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("in notebook 02.", "in [notebook 02](#ch-2)."),
        ("in notebook 07.", "in notebook 07."),
        ("Section 1.4 says", "[Section 1.4](#sec-1-4) says"),
        ("Figure 5: and Figure 5.2", "[Figure 5](#fig-1-5): and Figure 5.2"),
        ("Puterman, section 5.5", "Puterman, section 5.5"),
        ("`notebook 02`", "`notebook 02`"),
        ("## Figure 5", "## Figure 5"),
        ("$Figure 5$ [Figure 5](x)", "$Figure 5$ [Figure 5](x)"),
        ("## Further reading\n\nSection 1.4 of Puterman", None),
    ],
)
def test_words_become_links_where_the_place_exists(text, expected):
    assert crossref.linked(text, 1, LABELS) == (text if expected is None else expected)


# Chapters


def test_a_chapter_knows_its_facts(mini):
    assert (mini.title, mini.minutes, mini.points, mini.bonus) == ("A miniature", 20, 3.0, 2.0)
    assert {"ch-1", "sec-1-1", "ask-1-two", "ex-double", "ex-why", "fig-1-2", "learned-1"} == (
        pages.labels(mini)
    )


def test_what_can_be_found_out_is_folded(mini, tmp_path):
    cells = shown(mini, tmp_path)
    begins = [i for i, source in enumerate(cells) if source.startswith("<details")]
    ends = [i for i, source in enumerate(cells) if source == "</details>"]
    inside = {i: cells[i + 1 : end] for i, end in zip(begins, ends, strict=True)}
    answer, solution, model = inside.values()
    assert answer == ["print(double(2))  # Figure 1 is elsewhere", "It is 4."]
    assert solution == ['def double(x):\n    """Twice x."""\n    return 2 * x']
    assert "fmt:" not in "".join(cells)
    assert model == ["Because."]
    hidden = {i for f, e in zip(begins, ends, strict=True) for i in range(f, e)}
    visible = [source for i, source in enumerate(cells) if i not in hidden]
    assert cells[ends[0] + 1].endswith("Is it always? The exercise needs this.")
    assert "> *(your answer)*" in visible
    assert "def double(x):\n    raise ToDo" in visible
    assert 'check("double", double)' in visible
    assert "examine" not in "".join(cells)
    assert "SOLUTION" not in "".join(cells)
    assert "Your prediction" not in "".join(cells)


def test_places_have_labels_and_text_has_links(mini, tmp_path):
    text = "\n\n".join(shown(mini, tmp_path))
    for label in pages.labels(mini):
        assert text.count(f"({label})=") == 1, label
    assert "(sec-1-1)=\n## 1.1 Doubling" in text
    assert "[Section 1.1](#sec-1-1) and [Figure 2](#fig-1-2)" in text
    assert "[notebook 01](#ch-1)" in text
    assert "::{admonition} Predict first (a question of the lecture)\n:class: predict" in text


def test_only_predict_first_is_a_question_s_title():
    question = "**Baird's star**, the other witness.\n\n**Predict first.** (a) Which?"
    cell = Cell(1, "markdown", "predict", "star", None, question)
    assert pages._question(question, cell) == f"Predict first\n:class: predict\n\n{question}"
    assert pages._question("**Predict first.** (a) How many?", cell).endswith("\n\n(a) How many?")


def test_a_heading_in_a_question_stops_the_build():
    cell = Cell(1, "markdown", "predict", "star", None, "")
    with pytest.raises(ValueError, match=r"predict:star contains the heading '## 7\.7 CartPole'"):
        pages._question("## 7.7 CartPole\n\n**Predict first.** How high?", cell)
    assert pages._question("```\n# no heading\n```", cell)


def page_of(chapter, tmp_path):
    """The page of a real chapter without outputs."""
    outputs = [[] for _ in pages.solved(chapter).cells]
    released = {f"answer-{c.name}": "def f(): ..." for c in chapter.cells if c.kind == "answer"}
    return pages.page(chapter, outputs, released, set(), Pictures(tmp_path)).cells


@pytest.mark.parametrize("chapter", written(ROOT), ids=lambda chapter: chapter.name)
def test_the_book_folds_the_text_that_the_notebook_folds(chapter, tmp_path):
    inside, outside, folded = [], [], False
    for cell in page_of(chapter, tmp_path):
        if cell.source.startswith("<details class") or cell.source == "</details>":
            assert folded == (cell.source == "</details>")
            folded = not folded
        elif cell.cell_type == "markdown":
            (inside if folded else outside).append(cell.source)
    inside, outside = bare("\n".join(inside)), bare("\n".join(outside))
    fold = re.compile(rf"<details><summary>{folds.ANSWER}</summary>(.*?)</details>", re.S)
    for cell in chapter.cells:
        if cell.kind or cell.cell_type != "markdown":
            continue
        for answer in fold.findall(cell.source):
            assert bare(answer) in inside
            assert bare(answer) not in outside
        after = bare(fold.split(cell.source)[-1])
        assert after in outside, after


def bare(text):
    """The text without comments, labels and line breaks."""
    return " ".join(re.sub(r"<!--.*?-->|^\([\w-]+\)=$", "", text, flags=re.S | re.M).split())


@pytest.mark.parametrize("chapter", written(ROOT), ids=lambda chapter: chapter.name)
def test_no_fold_is_empty(chapter, tmp_path):
    cells = page_of(chapter, tmp_path)
    for i, cell in enumerate(cells):
        assert cell.source.strip()  # myst-nb drops a cell without source, and its output with it
        if cell.source.startswith("<details class"):
            assert folds.says(cells[i + 1].source)
            assert cells[i + 1].source != "</details>"


def test_what_is_run_after_a_question_is_folded_even_if_its_answer_comes_later():
    answer = f"<details><summary>{folds.ANSWER}</summary>\n\nSo.\n\n</details>"
    text = {"text": "Text.", "answer": answer, "heading": "## Next"}

    def cell(kind):
        if kind in text:
            return Cell(1, "markdown", "", "", None, text[kind])
        return Cell(1, "code", kind, "x", None, "x")

    def found(*kinds):
        return folds.answers(tuple(map(cell, ("predict", *kinds))))

    assert found("experiment", "answer", "text") == {1: (2, folds.ANSWER)}
    assert found("text", "helper", "experiment", "helper", "experiment", "answer") == {
        3: (6, folds.ANSWER)
    }
    assert found("experiment", "helper", "task", "experiment", "answer") == {1: (1, folds.SHOWN)}
    assert found("task", "experiment", "answer") == found("heading", "experiment") == {}
    assert found("answer", "experiment") == {}


def test_the_cell_that_shows_progress_is_not_run(mini):
    ids = [cell.id for cell in pages.solved(mini).cells]
    assert ids[1] == "setup-qlib"
    assert len(ids) == len(mini.cells) + 1


# Outputs


PIXELS = base64.b64decode(fakes.PIXEL)  # a PNG of one pixel


def test_pictures_become_files_with_their_size(tmp_path):
    pictures = Pictures(tmp_path / "figures")
    (tmp_path / "figures" / "old.png").write_bytes(b"")
    image = f'<img alt="a > b" width="900" style="x" src="data:image/png;base64,{fakes.PIXEL}">'
    output = nbformat.v4.new_output("display_data", data={"text/html": image + image})
    (kept,) = for_page([output], pictures)
    pictures.clean()
    (file,) = (tmp_path / "figures").iterdir()
    assert file.read_bytes() == PIXELS
    assert kept["data"]["text/html"] == 2 * (
        f'<img class="wide" loading="lazy" alt="a > b" width="900" height="900" style="x" '
        f'src="figures/{file.name}">'
    )
    player = pictures.extract(f'<div class="qlib-frames">{image.replace("900", "300")}</div>')
    assert (
        f'<img alt="a > b" width="300" height="300" style="x" src="figures/{file.name}">' in player
    )


def test_a_progress_bar_leaves_its_last_state():
    assert settled("10%\r50%\r\x1b[32m100%\x1b[0m\nend\n") == "100%\nend\n"
    assert settled("long line\rok") == "okng line"


def test_progress_bars_are_dropped(tmp_path):
    new = nbformat.v4.new_output
    bar = "SAC, 8 seeds " + "█" * 20 + " 800/800 steps · return -0.473 · 113 steps/s"
    assert bar.count("░") == 0
    outputs = [
        new("display_data", data={"text/plain": bar}),
        new("display_data", data={"text/plain": bar.replace("██ ", "░░ ")}),
        new("stream", name="stdout", text=f"{bar}\nmean 800/800 steps\n"),
        new("display_data", data={"text/plain": "1,200/1,200 steps"}),
    ]
    text, figures = for_page(outputs, Pictures(tmp_path / "f"))
    assert text["text"] == "mean 800/800 steps\n"
    assert figures["data"] == {"text/plain": "1,200/1,200 steps"}


def test_streams_that_follow_each_other_become_one(tmp_path):
    new = nbformat.v4.new_output
    outputs = [new("stream", name="stdout", text=t) for t in ("a\n", "b\n", "")]
    (kept,) = for_page([*outputs], Pictures(tmp_path / "f"))
    assert kept["text"] == "a\nb\n"
    assert for_page([new("stream", name="stdout", text=" \n")], Pictures(tmp_path / "f")) == []


# Memory


def notebook(*sources):
    new = nbformat.v4
    return new.new_notebook(
        cells=[new.new_markdown_cell("Text."), *map(new.new_code_cell, sources)]
    )


def test_a_chapter_runs_again_only_if_something_it_rests_on_changed(tmp_path, monkeypatch):
    (tmp_path / "qlib").mkdir()
    part = tmp_path / "qlib" / "__init__.py"
    part.write_text("VALUE = 3\n")
    sources = ("import qlib, os\nprint(qlib.VALUE, os.environ.get('NBGRADER_EXECUTION'))",)
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    cache = tmp_path / "cache"

    def go(*sources):
        outputs, fresh = execute.executed("01_mini", notebook(*sources), cache, tmp_path)
        return "".join(output["text"] for output in outputs[1]), fresh

    assert go(*sources) == ("3 None\n", True)
    stored = next(cache.iterdir())
    assert list(json.loads(stored.read_text())["files"]) == ["qlib/__init__.py"]
    assert go(*sources) == ("3 None\n", False)
    part.write_text("VALUE = 30\n")
    assert execute._stored(stored, tmp_path) is None
    part.write_text("VALUE = 3\n")
    stored.write_text(stored.read_text()[:50])  # damaged: never an error, always a new run
    assert execute._stored(stored, tmp_path) is None


def test_what_a_run_reports_may_come_in_pieces(tmp_path, monkeypatch):
    pieces = """print(_depends(), end="", flush=True)
import sys, time
print("a warning", file=sys.stderr)
time.sleep(0.5)
print()
"""
    whole = "print(_depends())\n"
    assert execute._PROBE.endswith(whole)
    monkeypatch.setattr(execute, "_PROBE", execute._PROBE.removesuffix(whole) + pieces)
    outputs, fresh = execute.executed("01_mini", notebook("1 + 1"), tmp_path / "cache", tmp_path)
    assert outputs[1][0]["data"]["text/plain"] == "2"
    assert fresh


def test_an_error_in_a_chapter_names_the_chapter(tmp_path):
    with pytest.raises(execute.ExecutionError, match=r"01_mini.*(\n.*)*ZeroDivisionError"):
        execute.executed("01_mini", notebook("1 / 0"), tmp_path / "cache", tmp_path)
    assert not list(tmp_path.glob("cache/*.json"))


# Maps


CODES = [
    *(f"T{i}" for i in range(1, 34)),
    *(f"F{i}" for i in range(1, 18)),
    *(f"P{i}" for i in range(1, 7)),
    "Q",
    *(f"A{i}" for i in range(1, 6)),
]


def test_the_map_has_every_item_of_the_lecture_once():
    items = tables.items(HERE)
    assert [item["code"] for item in items] == CODES
    assert [item["code"] for item in items if not item["where"]] == ["F17"]


def test_the_errata_are_complete():
    slips = tables.slips(HERE)
    assert [slip["number"] for slip in slips] == list(range(1, 28))
    for slip in slips:
        assert slip["where"], slip["number"]
        assert all(slip[key].strip() for key in ("slide", "kind", "says", "instead"))


def test_every_place_that_is_named_exists():
    chapters = written(ROOT)
    known = set().union(*(pages.labels(chapter) for chapter in chapters))
    files = tables.generated(chapters, known, HERE)  # raises for a place that does not
    assert "@" not in re.sub(r"@pradyunsg", "", files["glossary.md"])
    planned = {plan.name for plan in PLANS}
    for data in (*tables.items(HERE), *tables.slips(HERE)):
        assert {place.split("/")[0] for place in data["where"]} <= planned


def test_a_place_that_is_gone_stops_the_build():
    with pytest.raises(ValueError, match="no place called 'sec-1-99'"):
        tables._place("01_mdp/sec-1-99", {"01_mdp"}, {"ch-1"}, "lecture.toml, T1")


def test_the_chapter_list_has_every_chapter_of_the_course(mini):
    table = tables.chapter_list([mini])
    assert "| [01 · A miniature](#ch-1) | 20 | 3 + 2 bonus | – |" in table
    assert table.count("\n") == len(PLANS) + 2


def test_a_chapter_nobody_wrote_is_refused():
    with pytest.raises(ValueError, match="No chapter is called 42_none"):
        written(ROOT, ["42_none"])


# API


def test_every_public_part_of_qlib_is_documented():
    names = tables.modules()
    assert {"qlib.mdp", "qlib.envs", "qlib.plot", "qlib.solve", "qlib.checks"} <= set(names)
    assert not [name for name in names if "__main__" in name or ".nb0" in name]


def test_docstrings_keep_bars_and_listings():
    assert docstrings.bars(["|a - b| in `x | y`"]) == ["\\|a - b\\| in `x | y`"]
    text = ["Use it:", "", "    f(x)", "Args:", "    x: a number."]
    assert docstrings.listings(text) == ["Use it::", *text[1:]]


def test_the_chapter_list_says_what_the_heads_say():
    """`Needs 05 and 06`, `Notebook 03 is needed`, `From notebook 02 it needs`, `06 … is useful`."""
    plans, checked = {plan.name: plan for plan in PLANS}, 0
    for chapter in written(ROOT):
        head = " ".join(chapter.cells[0].source.split())
        head = re.sub(r"\([^)]*\) ", "", head)  # Notebook 06 (networks, replay) is useful
        plan = plans[chapter.name]
        needed = {name[:2] for name in plan.needs}
        pattern = r"(?:\b[Nn]eeds|[Nn]otebooks?) ((?:notebooks? )?\d\d(?:,? (?:and )?\d\d)*)"
        for found in re.finditer(pattern, head):
            numbers = set(re.findall(r"\d\d", found[1]))
            after, before = head[found.end() :], head[: found.start()]
            said = after.startswith((" is needed", " are needed"))
            said |= before.endswith("From ") and after.startswith(" it needs")
            if said or found[0].lower().startswith("needs"):
                assert numbers == needed, chapter.name
                checked += 1
            elif after.startswith(" is not"):
                assert not numbers & needed, chapter.name
            elif after.startswith(" is useful"):
                assert numbers == {name[:2] for name in plan.useful}, chapter.name
    assert checked >= 5


# Typography


def test_formulas_keep_their_punctuation_and_numbers_their_percent():
    from docutils import nodes

    from book.typography import keep_together

    def lines(*children):
        paragraph = nodes.paragraph("", "", *children)
        document = nodes.section("", paragraph)
        keep_together(document)
        return paragraph

    def x():
        return nodes.math("x", "x")

    made = lines(nodes.Text("as ("), x(), nodes.Text("), or "), x(), nodes.Text(" is"), x())
    assert [child.astext() for child in made.children] == ["as ", "(x),", " or ", "x", " ", "isx"]
    assert made[1]["classes"] == ["glued"]
    assert made[3].tagname == "math"
    assert lines(x(), nodes.Text("-step"))[0].astext() == "x-"
    assert lines(x(), nodes.Text(" % more"))[0].astext() == "x\u00a0%"
    assert len(lines(nodes.emphasis("", "a"), x(), nodes.Text(" b"))) == 3
    assert lines(nodes.Text("5 % or 7\n%")).astext() == "5\u00a0% or 7\u00a0%"
    assert lines(nodes.literal("", "5 % 2")).astext() == "5 % 2"


# Text


def sources():
    """(name, cells) of every notebook in the index of exercises."""
    return [(chapter.name, chapter.cells) for chapter in written(ROOT)]


def test_citations_have_authors_a_title_and_a_year():
    """Form only: "R. Author, *Title*, where year"; the lecture is cited by its course."""
    found = 0
    for name, cells in sources():
        for cell in cells:
            if cell.cell_type != "markdown" or "## Further reading" not in cell.source:
                continue
            for item in re.split(r"^- ", cell.source.split("## Further reading")[1], flags=re.M)[
                1:
            ]:
                item = " ".join(item.split())
                assert re.match(r"[A-Z][^*]*\*[^*]+\*", item), (
                    name,
                    item,
                )
                assert re.search(r"\b(19|20)\d\d\b|CS 224R", item), (name, item)
                found += 1
    assert found >= 30


def test_links_in_texts_are_well_formed():
    texts = [c.source for _, cells in sources() for c in cells if c.cell_type == "markdown"]
    texts += [path.read_text() for path in (HERE / "pages").glob("*.md")]
    for text in texts:
        for url in re.findall(r"\bhttps?:[^\s)>\]]*", text):
            assert re.fullmatch(r"https://[\w-]+(\.[\w-]+)+(/[\w./#?=&%~:-]*)?", url), url
        assert not re.search(r"\]\(\s*\)|\]\(\s*#\s*\)", text)


def test_every_notebook_says_what_it_takes():
    for chapter in written(ROOT):
        assert chapter.minutes, f"{chapter.name}: its head cell needs **Time** about N minutes"
        answers = sum(cell.kind == "answer" for cell in chapter.cells)
        least = chapter.words / 200 + 2 * answers  # words a minute, minutes an answer
        assert chapter.minutes >= least, (chapter.name, chapter.words, answers)
        head = chapter.cells[0].source
        for part in ("**At the end you can**", "**Time**", "**Points**", "**Covers**"):
            assert part in head, (chapter.name, part)


def test_the_glossary_is_in_order_and_says_each_word_once():
    text = (HERE / "pages" / "glossary.md").read_text()
    block = re.search(r"```\{glossary\}\n(.*?)```", text, re.S)[1]
    terms = re.findall(r"^(\S.*)$", block, re.M)
    assert len(terms) > 40
    assert terms == sorted(set(terms), key=str.lower)
    symbols = re.findall(r"^\| (\$[^|]*) \|", text, re.M)
    assert len(symbols) == len(set(symbols)) > 30
