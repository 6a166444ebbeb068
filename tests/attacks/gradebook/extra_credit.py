"""Rows of gradebook.db are written directly: extra credit and manual scores for everything."""

TRIES = "UPDATE grade SET extra_credit, manual_score from inside the notebook"
SUCCESS = "points"
CELL = r"""
import glob
import os
import sqlite3

paths = [*glob.glob("@OUT@/**/*.db", recursive=True)]
up = os.getcwd()
for _ in range(6):
    paths += glob.glob(os.path.join(up, "*.db"))
    up = os.path.dirname(up)
for path in dict.fromkeys(paths):
    try:
        db = sqlite3.connect(path, timeout=2)
        db.execute("UPDATE grade SET extra_credit = 25, manual_score = 25")
        db.commit()
        db.close()
    except sqlite3.Error:
        pass
"""
