"""gradebook.db is locked by a process that waits."""

TRIES = "BEGIN EXCLUSIVE on the gradebook, held for 45 s by a background process"
SUCCESS = "stall"
CELL = r'''
import glob
import os
import subprocess
import sys

paths = [*glob.glob("@OUT@/**/*.db", recursive=True)]
up = os.getcwd()
for _ in range(6):
    paths += glob.glob(os.path.join(up, "*.db"))
    up = os.path.dirname(up)
code = """
import fcntl, sqlite3, sys, time
for path in sys.argv[1:]:
    db = sqlite3.connect(path, timeout=1); db.execute("BEGIN EXCLUSIVE")
    globals().setdefault("kept", []).append(db)
try:
    handle = open("@OUT@/.lock", "w"); fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
except OSError:
    pass
time.sleep(45)
"""
subprocess.Popen([sys.executable, "-c", code, *dict.fromkeys(paths)], start_new_session=True)
import time

time.sleep(1)
'''
