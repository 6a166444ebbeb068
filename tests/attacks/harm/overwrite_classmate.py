"""Other students' notebooks are overwritten, by the known path and through `..`."""

TRIES = "write into, truncate and delete classmates' submissions and their results"
SUCCESS = "harm"
CELL = r"""
import glob
import os

paths = ["@CLASSMATE@", *glob.glob("@CLASS@/*/*/*.ipynb"), *glob.glob("../../*/*/*.ipynb")]
paths += glob.glob("@OUT@/**/*.json", recursive=True) + glob.glob("@OUT@/**/*.html", recursive=True)
for path in paths:
    if "@ME@" in path:
        continue
    try:
        os.chmod(path, 0o644)
        with open(path, "r+") as file:
            file.truncate(10)
    except OSError:
        pass
"""
