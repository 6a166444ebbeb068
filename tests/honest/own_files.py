"""The notebook writes and reads a file of its own, and makes a folder."""

CELL = r"""
import json
import os
import tempfile
from pathlib import Path

os.makedirs("data", exist_ok=True)
Path("data/numbers.json").write_text(json.dumps([1, 2, 3]))
print(json.loads(open("data/numbers.json").read()))
with tempfile.TemporaryDirectory() as folder:
    Path(folder, "x.txt").write_text("x")
"""
FILES = {"notes.txt": "my notes", "data/more.csv": "a,b\n1,2\n"}
