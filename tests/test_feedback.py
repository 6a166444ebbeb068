import json
import re
import time
from dataclasses import replace
from html.parser import HTMLParser

import fakes
import nbformat
import pytest

from grader import feedback
from grader.marks import Mark, Marks
from qlib.checks import CheckResult

MARKS = Marks(
    (Mark("test-double", 4.0, 6.0), Mark("test-half", 4.0, 4.0), Mark("manual-why", 0, 5))
)
EVIL = [
    "<script>alert('x')</script>",
    "</pre></code><img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    '"><svg onload=alert(1)>',
    "{{ 7 * 7 }}{% include 'x' %}",
    "</title></style>",
]


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return fakes.make_course(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module")
def given(course):
    return nbformat.read(course / f"solutions/{fakes.NAME}/{fakes.NAME}.ipynb", as_version=4)


def outcome(course, status="graded", student="ada", cells=()):
    points = {"double": 4.0, "half": 4.0}
    return fakes.outcome(student, fakes.NAME, status, points, str(course), cells=cells)


class Reader(HTMLParser):
    """Elements and attributes of a page."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes, self.text = [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data):
        self.text.append(data)


def words(page):
    return " ".join("".join(Reader(page).text).split())


def test_the_page_says_what_was_found(course, given):
    page = feedback.page(outcome(course), MARKS, given)
    text = words(page)
    for part in (
        "Toy",
        "ada",
        "8 of 15 points",
        "double",
        "4 of 6",
        "✓ Passed hand values 3 / 3",
        "✗ Not yet random inputs 1 / 3",
        "3 was given for x = 2. The sum is taken in place of the product.",
        "expected4.0given3.0",
        "Try x = 2 by hand.",
        "def double(x):",
        "a warning",
        "Because I say so: x<y.",
        "seed 7",
    ):
        assert part in text
    assert fakes.PIXEL in page


def test_the_page_stands_alone(course, given):
    reader = Reader(feedback.page(outcome(course), MARKS, given))
    assert not {"script", "link", "iframe", "object", "embed", "form", "base"} & set(reader.tags)
    for tag, name, value in reader.attributes:
        assert not name.startswith("on"), (tag, name)
        if name in ("src", "href"):
            assert value.startswith(("data:image/", "#")), (tag, value)
    policy = next(value for _, name, value in reader.attributes if "default-src" in value)
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


def test_the_policy_allows_the_one_style_sheet(course):
    import base64
    import hashlib

    page = feedback.page(outcome(course), MARKS)
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in page
    assert "style=" not in page.replace(style, "")


TEX = r"""By the definition $Q^{*}(s, a) = \mathbb{E}[r]$:

$$
V(s) = \max_a Q(s, a)
$$
and $\href{javascript:alert(1)}{x}$ is not, nor is `$code$`."""
SHOWN = "By the definition Q*(s,a)=𝔼[r]:"


def written(course, given, text, kind="markdown"):
    """The page of a student with such a cell."""
    if kind == "markdown":
        cell = nbformat.v4.new_markdown_cell(text)
    else:
        data = {f"text/{kind}": text, "text/plain": "<IPython.core.display.Math object>"}
        cell = nbformat.v4.new_code_cell(
            "show()", outputs=[nbformat.v4.new_output("display_data", data)]
        )
    return feedback.page(outcome(course, cells=[cell]), MARKS, given)


@pytest.mark.parametrize("kind", ["markdown", "latex"])
def test_formulas_are_set_offline(course, given, kind):
    page = written(course, given, TEX, kind)
    assert SHOWN in words(page)
    assert "<msup><mi>Q</mi>" in page
    assert '<span class="formula"><math display="block">' in page
    assert '<munder><mo movablelimits="true">max</mo><mi>a</mi></munder>' in page
    assert r"<code>$\href{javascript:alert(1)}{x}$</code>" in page
    assert "`$code$`" in words(page)
    assert "IPython.core" not in page
    assert not re.search("xmlns|annotation|maction", page)


def test_formulas_are_set_wherever_a_person_or_a_check_writes_them(course):
    result = CheckResult("$V^\\pi$", "not yet", 0, 6, "`$x$` is $y_1$", "$c^2$", hint="$h^3$")
    found = outcome(course)
    exercise = found.exercises[0]
    changed = replace(exercise, hidden=replace(exercise.hidden, results=(result,)))
    marks = Marks(MARKS.cells, {"manual-why": "Rather $z^4$, at $5 and $6."})
    page = feedback.page(replace(found, exercises=(changed,)), marks)
    assert page.count("<msup>") == 4
    assert page.count("<msub>") == 1
    assert "<code>$x$</code> is <math" in page
    assert "at $5 and $6." in page


@pytest.mark.parametrize("flood", ["$x^2$ ", "$", r"\( ", "$$", r"$\frac{1}{2}$", "$\n\n", "` "])
def test_a_flood_of_formulas_costs_little(course, given, flood):
    text = flood * (20_000 // len(flood))
    cells = [nbformat.v4.new_markdown_cell(f"{i}\n\n{text}") for i in range(20)]
    start = time.process_time()
    page = feedback.page(outcome(course, cells=cells), MARKS, given)
    assert time.process_time() - start < 5
    assert len(page) < 4_000_000


@pytest.mark.parametrize("evil", EVIL)
def test_nothing_of_a_student_becomes_markup(course, given, evil):
    show = [
        nbformat.v4.new_output("display_data", {"text/html": evil, "text/plain": evil}),
        nbformat.v4.new_output("stream", name="stdout", text=evil),
        nbformat.v4.new_output("error", ename=evil, evalue=evil, traceback=[evil]),
    ]
    cells = [
        nbformat.v4.new_code_cell(evil, outputs=show),
        nbformat.v4.new_markdown_cell(evil),
    ]
    found = outcome(course, student=evil, status="tampered", cells=cells)
    clean = Reader(feedback.page(outcome(course, cells=[nbformat.v4.new_code_cell("1")]), MARKS))
    page = feedback.page(
        found.__class__(**{**found.__dict__, "message": evil, "ignored": (evil,)}),
        Marks(MARKS.cells, {"answer-double": evil}),
        given,
    )
    reader = Reader(page)
    assert set(reader.tags) <= set(clean.tags) | {"p", "span", "h2", "h3", "blockquote", "div"}
    assert "49" not in "".join(reader.text).replace(str(found.seed), "")
    assert sum(evil in text for text in ["".join(reader.text)]) == 1 or "`" in evil


def test_a_check_may_say_anything(course):
    result = CheckResult("<b>", "not yet", 0, 6, "<i>`a < b`", "<u>", "<s>", "<p>", ("<q>",), "<a>")
    found = outcome(course)
    exercise = found.exercises[0]
    report = type(exercise.hidden)(exercise.id, (result, result))
    changed = type(exercise)(exercise.id, exercise.visible, report)
    page = feedback.page(found.__class__(**{**found.__dict__, "exercises": (changed,)}), MARKS)
    assert not {"b", "i", "u", "s", "q"} & set(Reader(page).tags)
    assert "<code>a &lt; b</code>" in page
    assert "The same as above." in page


def test_no_code_of_a_hidden_check_is_in_the_page(course, given):
    found = outcome(course)
    source = nbformat.from_dict(json.loads(json.dumps(given)))
    page = feedback.page(found.__class__(**{**found.__dict__, "notebook": source}), MARKS, given)
    for secret in ("HIDDEN TESTS", "examine(", "grader.exams"):
        assert secret not in page


def test_grades_of_a_person_are_shown(course):
    marks = Marks(
        (Mark("test-double", 6.0, 6.0, manual=True), Mark("manual-why", 0.0, 5.0, waits=True)),
        {"answer-double": "Well argued\nin the office hour."},
        penalty=1.5,
    )
    text = words(feedback.page(outcome(course), marks))
    assert "A person set these points." in text
    assert "Well argued" in text
    assert "to be graded, of 5" in text
    assert "4.5 of 11 points" in text
    assert "1.5 taken off" in text


@pytest.mark.parametrize("status", ["unreadable", "wrong_assignment", "missing"])
def test_a_page_for_nothing_says_why(status):
    found = fakes.Outcome("ada", fakes.NAME, status, message="The file is not a notebook.")
    text = words(feedback.page(found, MARKS))
    assert "The file is not a notebook." in text
    assert "0" in text


def test_the_page_is_made_anew_when_a_grade_changes():
    assert feedback.made_from(MARKS) == feedback.made_from(Marks(MARKS.cells))
    assert feedback.made_from(MARKS) != feedback.made_from(Marks(MARKS.cells[:2]))
    assert feedback.made_from(MARKS) != feedback.made_from(Marks(MARKS.cells, {"a": "b"}))
