"""Links beside the notebook lead to the solutions and to a classmate; nbgrader copies files."""

TRIES = "symbolic links in the submission's folder, followed when files are copied"
SUCCESS = "leak"
LINKS = {
    "notes.txt": "@COURSE@/@SOURCE@/01_mdp/01_mdp.ipynb",
    "data.csv": "@CLASSMATE@",
    "more": "@COURSE@/@SOURCE@",
}
CELL = r"""
import glob

for path in ["notes.txt", "data.csv", *glob.glob("more/**/*", recursive=True)]:
    try:
        with open(path, "rb") as file:
            tell(file.read(10_000_000))
    except OSError:
        pass
"""
