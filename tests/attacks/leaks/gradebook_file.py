"""gradebook.db and everything that looks like a database or an outcome, read as bytes."""

TRIES = "the gradebook's file, by its known path and by walking up from the working folder"
SUCCESS = "leak"
CELL = r"""
import glob
import os

paths = glob.glob("@OUT@/**/*", recursive=True)
up = os.getcwd()
for _ in range(6):
    paths += glob.glob(os.path.join(up, "*.db")) + glob.glob(os.path.join(up, "*", "*.json"))
    up = os.path.dirname(up)
for path in paths:
    if os.path.isfile(path):
        with open(path, "rb") as file:
            tell(file.read(20_000_000))
"""
