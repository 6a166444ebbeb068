"""A small book, built for real and read in a browser: chapters 00 to 02, and all other pages."""

import os
import re
import shutil
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import pytest

pytest.importorskip("sphinx", reason="the book's extra is not installed")
pytest.importorskip("playwright", reason="the test extra is not installed")

import axe
from browser_fixtures import *  # noqa: F403 (fixtures)

from book.build import build

CHAPTERS = ["00_tools", "01_mdp", "02_bellman"]
PAGES = [
    "index",
    "01_mdp",
    "genindex",
    "lecture",
    "errata",
    "glossary",
    "trust",
    "search",
    "api/qlib.plot",
]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("book")
    out = folder / "book"
    spent = build(out, folder / "work", CHAPTERS, jobs=1)
    assert set(CHAPTERS) <= set(spent)
    return out


@pytest.fixture
def visit(browser, site):
    """A page of the site, opened from the disk; requests to anywhere else are kept."""
    contexts, outside = [], []

    def note(request):
        if not request.url.startswith(("file:", "data:", "blob:")):
            outside.append(request.url)

    def go(name, width=1280, **options):
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        context.set_default_timeout(30_000)
        page = context.new_page()
        page.on("request", note)
        page.goto((site / f"{name}.html").as_uri())
        return page

    yield go
    for context in contexts:
        context.close()
    assert outside == []


# What the files say


class Reader(HTMLParser):
    """Elements of a page; for text, whether it stands in a fold."""

    def __init__(self, path):
        super().__init__()
        self.elements, self.open, self.folded, self.ids = [], [], [], set()
        self.free, self.held = [], []
        self.feed(path.read_text())

    def handle_starttag(self, tag, attrs):
        attrs = {name: value or "" for name, value in attrs}
        self.elements.append((tag, attrs))
        self.ids |= {attrs["id"]} if "id" in attrs else set()
        if tag == "details":
            self.open.append(attrs.get("class", ""))
            self.held.append("")
        if tag == "img" and self.open:
            self.held[-1] += attrs["alt"]

    def handle_endtag(self, tag):
        if tag == "details":
            self.open.pop()

    def handle_data(self, data):
        (self.folded if self.open else self.free).append(data)
        if self.open:
            self.held[-1] += data


@pytest.fixture(scope="module")
def read(site):
    return {
        path.relative_to(site).as_posix(): Reader(path)
        for path in site.rglob("*.html")
        if "_static" not in path.parts
    }


def words(parts):
    return " ".join("".join(parts).split())


def test_solutions_are_folded_and_hidden_checks_are_absent(read):
    page = read["01_mdp.html"]
    free, folded = words(page.free), words(page.folded)
    assert page.open == []  # every fold is closed again
    assert free.count("raise ToDo") == 10
    for solution in ("ends = np.flatnonzero(terminal)", "following = r[t] + gamma * following"):
        assert solution in folded
        assert solution not in free
    assert "With all rewards the episode is worth 0.5905" in folded
    assert "With all rewards" not in free
    assert "Look at the state before each step" in folded
    assert 'check("rollout", rollout)' in free
    assert "✓ rollout: Passed" in free
    for text in (free, folded):
        for trace in ("examine", "BEGIN", "numbers:", "grader", "Your prediction", "✗ Not yet"):
            assert trace not in text, trace


def test_every_fold_holds_something(read):
    """More than its title, in words or a picture; the ordered proofs were empty once."""
    held = [words([text]) for page in read.values() for text in page.held]
    assert len(held) > 60
    for text in held:
        assert len(text) > 40, text
    proofs = [text for text in held if text.startswith("The proof, in order")]
    assert len(proofs) == 2
    assert all("Claim." in text for text in proofs)


def test_the_model_proof_comes_without_marking_notes(read):
    page = read["02_bellman.html"]
    assert "A model proof." in words(page.folded)
    assert "(your answer)" in words(page.free)
    assert "person who marks" not in words(page.folded) + words(page.free)


def test_every_picture_has_an_alt_text_and_is_a_file(read, site):
    pictures = [attrs for page in read.values() for tag, attrs in page.elements if tag == "img"]
    assert len(pictures) >= 15
    for attrs in pictures:
        assert len(attrs.get("alt", "").split()) >= 4, attrs
        assert (site / attrs["src"]).is_file()


def test_every_page_has_one_title(read):
    for name, page in read.items():
        assert [tag for tag, _ in page.elements].count("h1") == 1, name


def test_nothing_is_loaded_from_elsewhere(read, site):
    for name, page in read.items():
        for tag, attrs in page.elements:
            source = attrs.get("src") or (attrs.get("href") if tag == "link" else "") or ""
            assert not source.startswith(("http:", "https:", "//")), (name, tag, source)
    for path in site.glob("_static/*.css"):
        assert not re.search(r"url\([\"']?https?:|@import", path.read_text()), path


def test_every_link_inside_the_book_leads_somewhere(read, site):
    checked = 0
    for name, page in read.items():
        for tag, attrs in page.elements:
            url = urlsplit(attrs.get("href", ""))
            if tag != "a" or url.scheme or not attrs.get("href"):
                continue
            target = os.path.normpath(os.path.join(os.path.dirname(name), unquote(url.path)))
            target = name if not url.path else target
            assert (site / target).is_file(), (name, attrs["href"])
            if url.fragment and target in read:
                assert unquote(url.fragment) in read[target].ids, (name, attrs["href"])
            checked += 1
    assert checked > 300


def test_the_lecture_map_links_to_the_place(read):
    links = [attrs["href"] for tag, attrs in read["lecture.html"].elements if tag == "a" and attrs]
    assert "01_mdp.html#ex-rollout" in links
    assert "01_mdp.html#fig-1-3" in links


def test_a_second_build_runs_nothing_and_takes_back_what_is_left_out(site, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(site.parent, copy)
    out = copy / "book"
    (out / "of-somebody-else.html").write_text("mine")
    spent = build(out, copy / "work", ["00_tools"])
    assert set(spent) == {"sphinx", "total"}
    assert not (out / "01_mdp.html").exists()
    assert not list((out / "figures").glob("*"))
    assert (out / "of-somebody-else.html").is_file()


# What a browser shows


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_accessible_in_light_and_dark_and_fit_a_phone(visit, name):
    for width, scheme in ((1280, "dark"), (360, "light")):
        page = visit(name, width, color_scheme=scheme)
        assert axe.findings(page) == [], (width, scheme)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.context.close()


def test_folds_open_by_keyboard(visit):
    page = visit("01_mdp")
    solution = page.locator("details.solution").first
    assert not solution.locator("pre").first.is_visible()
    solution.locator("summary").focus()
    page.keyboard.press("Enter")
    assert "np.flatnonzero(terminal)" in solution.locator("pre").first.inner_text()
    assert solution.locator("pre").first.is_visible()
    page.keyboard.press("Enter")
    assert not solution.locator("pre").first.is_visible()


@pytest.mark.parametrize("script", [True, False])
def test_players_step_by_keyboard_with_and_without_scripts(visit, script):
    page = visit("01_mdp", java_script_enabled=script)
    player = page.locator(".qlib-frames").first
    pictures = player.locator("img")

    def seen():
        return [i for i in range(pictures.count()) if pictures.nth(i).is_visible()]

    count = pictures.count()
    assert count >= 5
    start = seen()
    assert len(start) == 1
    player.locator("input:checked").focus()
    page.keyboard.press("ArrowRight")
    assert seen() == [(start[0] + 1) % count]
    page.keyboard.press("ArrowLeft")
    assert seen() == start


def test_a_player_without_its_style_shows_the_last_frame(visit):
    page = visit("01_mdp", java_script_enabled=True)
    page.evaluate("document.querySelectorAll('.qlib-frames style').forEach(s => s.remove())")
    pictures = page.locator(".qlib-frames").first.locator("img")
    seen = [i for i in range(pictures.count()) if pictures.nth(i).is_visible()]
    assert seen == [pictures.count() - 1]


def test_formulas_are_set_without_scripts(visit):
    page = visit("01_mdp", java_script_enabled=False)
    formulas = page.locator("math")
    assert formulas.count() > 50
    box = page.locator(".math-block math").first.bounding_box()
    assert box["height"] > 15
    assert "\\" not in page.locator(".math-block").first.inner_text()
    assert "\\gamma" not in page.locator("article").inner_text()


def test_punctuation_stays_on_the_line_of_its_formula(visit):
    page = visit("02_bellman", 360)
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    glued = page.locator("article .glued")
    heights = glued.evaluate_all("all => all.map(span => span.getBoundingClientRect().height)")
    assert len(heights) > 50
    assert page.locator("article .glued math").count() == len(heights)
    assert max(heights) < 25  # one line; two make 41


def test_a_small_root_has_no_gap_behind_it(visit):
    page = visit("01_mdp")
    page.evaluate("""document.querySelector('.math-block').innerHTML =
        '<math><msqrt><mi>n</mi></msqrt></math>'""")
    gap = """(() => { const root = document.querySelector('.math-block msqrt');
        return root.getBoundingClientRect().right
            - root.firstElementChild.getBoundingClientRect().right; })()"""
    assert page.evaluate(f"document.fonts.ready.then(() => {gap})") < 2


def test_what_scrolls_is_reached_by_keyboard(visit):
    page = visit("01_mdp", 360)
    wide = """[...document.querySelectorAll('.highlight pre, .math-block')]
        .filter(box => box.scrollWidth > box.clientWidth + 1)"""
    assert page.evaluate(f"{wide}.length") > 3
    assert page.evaluate(f"{wide}.every(box => box.tabIndex === 0)")


def test_search_finds_a_word_from_the_disk(visit):
    page = visit("search")
    page.goto(page.url + "?q=absorbing")
    page.wait_for_selector("#search-results ul.search li a")
    hrefs = page.locator("#search-results a").evaluate_all("all => all.map(a => a.href)")
    assert any("01_mdp.html" in href for href in hrefs)


def test_dark_and_light_follow_the_system(visit):
    background = "getComputedStyle(document.body).backgroundColor"
    dark = visit("index", color_scheme="dark").evaluate(background)
    light = visit("index", color_scheme="light").evaluate(background)
    assert sum(map(int, re.findall(r"\d+", dark)[:3])) < 150
    assert sum(map(int, re.findall(r"\d+", light)[:3])) > 700


def test_print_leaves_the_text(visit):
    page = visit("01_mdp")
    page.emulate_media(media="print")
    assert not page.locator(".sidebar-drawer").is_visible()
    assert not page.locator(".qlib-frames input").first.is_visible()
    assert page.locator("h1").first.is_visible()
    assert page.locator(".math-block").first.is_visible()
