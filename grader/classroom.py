"""A workflow for GitHub Classroom: the visible checks, run on every push.

Hidden checks stay out of it: whatever runs in a student's repository can be read by the student.
"""

WORKFLOW = """\
# Runs the visible checks of {assignment} on every push. They say what works; the grade comes from
# hidden checks, which are not here.
name: checks
on: [push, workflow_dispatch]
permissions:
  contents: read
jobs:
  checks:
    runs-on: ubuntu-24.04
    timeout-minutes: 15
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.11"
          cache: pip
      - run: python -m pip install -r requirements.txt
      - run: python -m qlib check notebooks/{assignment}/{assignment}.ipynb
"""


def workflow(assignment: str) -> bytes:
    """The file `.github/workflows/checks.yml` of a repository made from the student bundle."""
    return WORKFLOW.format(assignment=assignment).encode()
