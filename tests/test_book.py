"""The book's parts, without building it: formulas, links, folds, memory, maps."""

import base64
import json
import re

import fakes
import nbformat
import pytest

pytest.importorskip("sphinx", reason="the book's extra is not installed")

from book import chapter as pages
from book import crossref, docstrings, execute, tables
from book.build import HERE
from book.course import PLANS, Plan, read_chapter, written
from book.mathml import FormulaError, convert, font_css
from book.outputs import Pictures, for_page, settled
from grader.build import ROOT
from grader.source import read_source
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

# %% [markdown] tags=["task:double"]
# ### Exercise 1 · Double it (3 points)


# %% tags=["answer:double"]
def double(x):
    """Twice x."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION


# %% tags=["test:double:3"]

# %% [markdown] tags=["task:why"]
# ### Bonus exercise · Why? (2 points)

# %% [markdown] tags=["manual:why:2"]
# ### BEGIN SOLUTION
# Because.
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
    assert mathml.count('<mo stretchy="false">‖</mo>') == 2
    assert "<mfrac><mn>1</mn><mn>2</mn></mfrac>" in mathml
    aligned = convert("\\begin{aligned} a &= b \\\\ c &= d \\end{aligned}", block=True)
    assert aligned.count("<mtr>") == 2
    assert "&amp;" not in re.sub(r'alttext="[^"]*"', "", aligned)


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
    folds = [i for i, source in enumerate(cells) if source.startswith("<details")]
    ends = [i for i, source in enumerate(cells) if source == "</details>"]
    inside = {i: cells[i + 1 : end] for i, end in zip(folds, ends, strict=True)}
    answer, solution, model = inside.values()
    assert answer == ["print(double(2))  # Figure 1 is elsewhere", "It is 4."]
    assert solution == ['def double(x):\n    """Twice x."""\n    return 2 * x']
    assert model == ["Because."]
    hidden = {i for f, e in zip(folds, ends, strict=True) for i in range(f, e)}
    visible = [source for i, source in enumerate(cells) if i not in hidden]
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
    assert pages._question(question) == f"Predict first\n:class: predict\n\n{question}"
    assert pages._question("**Predict first.** (a) How many?").endswith("\n\n(a) How many?")


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
        return outputs[1][0]["text"], fresh

    assert go(*sources) == ("3 None\n", True)
    stored = next(cache.iterdir())
    assert list(json.loads(stored.read_text())["files"]) == ["qlib/__init__.py"]
    assert go(*sources) == ("3 None\n", False)
    part.write_text("VALUE = 30\n")
    assert execute._stored(stored, tmp_path) is None
    part.write_text("VALUE = 3\n")
    stored.write_text(stored.read_text()[:50])  # damaged: never an error, always a new run
    assert execute._stored(stored, tmp_path) is None


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


def test_the_chapter_list_has_written_and_planned_chapters(mini):
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
