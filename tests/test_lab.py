"""The notebooks in a real JupyterLab, driven by keyboard and mouse in headless Chromium."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
from browser_fixtures import *  # noqa: F403 (fixtures)

ROOT = Path(__file__).resolve().parent.parent
PROMPTS = "nodes => nodes.map(node => node.textContent)"
REPORT = "div[role=status]"
ANSWER = """\
def discounted_returns(r, gamma, last_value=0.0):
    G, following = [], last_value
    for reward in reversed(list(r)):
        following = float(reward) + gamma * following
        G.append(following)
    return np.array(G[::-1])
"""
TRAIN = """\
from qlib import train
run = train.train_dqn("P1", train.PROBE, seed=0)
"""
BAR = "█" * 20

pytestmark = pytest.mark.xdist_group("lab")


def copy_notebooks(folder: Path) -> None:
    """What `make lab` does: notebooks that are not there yet."""
    subprocess.run(
        ["make", "-s", "-C", ROOT, "lab-copy", f"LAB={folder}"], check=True, capture_output=True
    )


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A folder with the student notebooks, and the address of a JupyterLab on it."""
    home = tmp_path_factory.mktemp("home")
    folder = home / "lab"
    copy_notebooks(folder)
    environment = {
        **os.environ,
        "JUPYTER_RUNTIME_DIR": str(home / "run"),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "IPYTHONDIR": str(home / "ipython"),
    }
    settings = home / "settings/@jupyterlab/notebook-extension/tracker.jupyterlab-settings"
    settings.parent.mkdir(parents=True)
    settings.write_text('{"windowingMode": "none"}')  # cells out of sight are drawn, too
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--port=0",
        "--IdentityProvider.token=", "--ServerApp.password=", f"--notebook-dir={folder}",
    ]  # fmt: skip
    with open(home / "log", "w") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            deadline = time.monotonic() + 60
            while not (found := list((home / "run").glob("jpserver-*.json"))):
                assert server.poll() is None, (home / "log").read_text()
                assert time.monotonic() < deadline, (home / "log").read_text()
                time.sleep(0.1)
            yield folder, json.loads(found[0].read_text())["url"]
        finally:
            server.terminate()
            server.wait(20)


def write_notebook(folder: Path, name: str, source: str) -> None:
    """A notebook of one code cell beside the course's."""
    v4 = nbformat.v4
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    (folder / name).mkdir()
    notebook = v4.new_notebook(cells=[v4.new_code_cell(source)], metadata=kernel)
    nbformat.write(notebook, folder / name / f"{name}.ipynb")


class Notebook:
    """A notebook that is open in JupyterLab."""

    def __init__(self, page, url, name):
        self.page = page
        page.goto(f"{url}lab/tree/{name}/{name}.ipynb?reset")
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
        self.wait()

    def wait(self):
        """Until the kernel is there and has nothing to do."""
        self.page.wait_for_selector("#jp-main-statusbar >> text=/\\| Idle/", timeout=120_000)

    def menu(self, title, item):
        self.page.click(f".lm-MenuBar-itemLabel:text-is('{title}')")
        self.page.click(f".lm-Menu-itemLabel:text-is('{item}')")

    def run_all(self):
        self.menu("Run", "Run All Cells")
        self.finish()

    def restart_and_run_all(self):
        before = self.page.locator(".jp-InputPrompt").evaluate_all(PROMPTS)
        self.menu("Kernel", "Restart Kernel and Run All Cells…")
        self.page.click(".jp-Dialog button.jp-mod-accept")
        self.page.wait_for_function(
            f"before => JSON.stringify(({PROMPTS})([...document.querySelectorAll("
            "'.jp-InputPrompt')])) != JSON.stringify(before)",
            arg=before,
        )
        self.finish()

    def finish(self):
        """Until every code cell has run: each has its number (a folded one shows nothing)."""
        self.page.wait_for_function(
            f"({PROMPTS})([...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')])"
            r".every(text => /^(\[\d+\]:)?$/.test(text))",
            timeout=120_000,
        )
        self.wait()

    def cell(self, text):
        """The code cell whose source contains `text`."""
        return self.page.locator(
            ".jp-CodeCell", has=self.page.locator(".cm-content", has_text=text)
        )

    def type(self, cell, source):
        """Replace the source of a cell, by keyboard."""
        cell.locator(".cm-content").first.click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.press("Delete")
        self.page.keyboard.insert_text(source)

    def run(self, cell):
        prompt = cell.locator(".jp-InputPrompt").first
        before = prompt.text_content()
        cell.locator(".cm-content").first.click()
        self.page.keyboard.press("Control+Enter")
        deadline = time.monotonic() + 60
        while prompt.text_content() == before or "*" in prompt.text_content():
            assert time.monotonic() < deadline, "the cell does not run"
            self.page.wait_for_timeout(50)
        self.wait()

    def save(self, path):
        before = path.stat().st_mtime_ns
        self.menu("File", "Save Notebook")
        deadline = time.monotonic() + 20
        while path.stat().st_mtime_ns == before:
            assert time.monotonic() < deadline, "the notebook was not saved"
            time.sleep(0.05)

    def reports(self):
        """The first line of each check's report, in order."""
        first = "nodes => nodes.map(node => node.firstElementChild.textContent)"
        texts = self.page.locator(f".jp-OutputArea {REPORT}").evaluate_all(first)
        return [text for text in texts if re.match("[✓✗○!] ", text)]

    def validate(self):
        """Press nbgrader's button; what it says."""
        self.page.click(".jp-NotebookPanel-toolbar >> text=Validate")
        dialog = self.page.locator(".jp-Dialog")
        dialog.wait_for(timeout=120_000)
        text = dialog.inner_text()
        dialog.locator("button").last.click()
        return text


@pytest.fixture
def open_notebook(lab, browser):
    folder, url = lab
    page = browser.new_page(viewport={"width": 1300, "height": 900})
    yield lambda name: (Notebook(page, url, name), folder / name / f"{name}.ipynb")
    page.close()


def test_a_first_exercise_from_to_do_to_passed(open_notebook):
    notebook, path = open_notebook("01_mdp")
    notebook.run_all()
    said = notebook.reports()
    assert len(said) == 10
    assert all(line.endswith(": To do") for line in said)

    notebook.type(notebook.cell("def discounted_returns("), ANSWER)
    notebook.run(notebook.cell("def discounted_returns("))
    notebook.run(notebook.cell('check("discounted_returns", discounted_returns)'))
    assert "✓ discounted_returns: Passed" in notebook.reports()

    notebook.restart_and_run_all()
    said = notebook.reports()
    assert "✓ discounted_returns: Passed" in said
    assert sum(line.endswith(": To do") for line in said) == 9
    assert "1 of 10 exercises, 8 of 50 points" in notebook.cell('progress("01_mdp")').inner_text()

    notebook.save(path)
    text = notebook.validate()
    assert "failed" in text.lower()
    assert "discounted_returns: Passed" not in text

    again, _ = open_notebook("01_mdp")
    assert "✓ discounted_returns: Passed" in again.reports()


def test_nbgraders_button_agrees_when_everything_passes(open_notebook, lab):
    folder, _ = lab
    shutil.copy(ROOT / "solutions/01_mdp/01_mdp.ipynb", folder / "01_mdp/01_mdp.ipynb")
    data = json.loads((folder / "01_mdp/01_mdp.ipynb").read_text())
    hidden = re.compile(r"### BEGIN HIDDEN TESTS.*?### END HIDDEN TESTS", re.DOTALL)
    for cell in data["cells"]:
        cell["source"] = hidden.sub("", "".join(cell["source"]))
    (folder / "01_mdp/01_mdp.ipynb").write_text(json.dumps(data))
    notebook, _ = open_notebook("01_mdp")
    notebook.run_all()
    assert all(line.endswith(": Passed") for line in notebook.reports())
    assert "success" in notebook.validate().lower()


def test_the_ordering_exercise_by_keyboard(open_notebook):
    notebook, path = open_notebook("02_bellman")
    notebook.run_all()
    cell = notebook.cell("def order_peel(")
    lines = [
        "def order_peel():",
        "    return [",
        '        ("I", "split the sum"),',
        '        ("C", "definition"),',
        "    ]",
    ]
    notebook.type(cell, "\n".join(lines))
    notebook.page.keyboard.press("ArrowUp")  # from the last line to that of "C"
    notebook.page.keyboard.press("Alt+ArrowUp")
    source = cell.locator(".cm-content").inner_text()
    assert source.index('"C"') < source.index('"I"')
    notebook.run(cell)
    notebook.run(notebook.cell('check("order_peel", order_peel)'))
    before = [line for line in notebook.reports() if "order_peel" in line]
    assert before
    assert "To do" not in before[0]
    notebook.save(path)
    again, _ = open_notebook("02_bellman")
    assert [line for line in again.reports() if "order_peel" in line] == before


def test_players_step_by_keyboard_and_survive_reopening(open_notebook, lab):
    code = "from qlib import plot\nimport numpy as np\n" + (
        "frames = [plot.values(np.full(12, k), plot.GRID34, title=f'{k}') for k in (1.0, 2.0)]\n"
        'plot.frames(frames, ["one", "two"], title="Steps", start=0)'
    )
    write_notebook(lab[0], "player", code)

    def shown(notebook):
        return notebook.page.locator(".qf-frames > div:visible img").get_attribute("alt")

    notebook, path = open_notebook("player")
    notebook.run_all()
    notebook.page.locator(".qf-head ~ input, input[type=radio]").first.focus()
    first = shown(notebook)
    notebook.page.keyboard.press("ArrowRight")
    second = shown(notebook)
    assert first != second
    notebook.save(path)
    again, _ = open_notebook("player")
    again.page.locator("input[type=radio]").first.focus()
    again.page.keyboard.press("ArrowRight")
    assert shown(again) == second


def test_progress_bars_end_and_survive_reopening(open_notebook, lab):
    write_notebook(lab[0], "bar", TRAIN)
    notebook, path = open_notebook("bar")
    notebook.run_all()
    assert BAR in notebook.page.locator(".jp-OutputArea").first.inner_text()
    notebook.save(path)
    again, _ = open_notebook("bar")
    assert BAR in again.page.locator(".jp-OutputArea").first.inner_text()


def test_a_rebuild_never_overwrites_a_copy(tmp_path):
    copy_notebooks(tmp_path / "lab")
    path = tmp_path / "lab/01_mdp/01_mdp.ipynb"
    path.write_text("mine")
    copy_notebooks(tmp_path / "lab")
    assert path.read_text() == "mine"
