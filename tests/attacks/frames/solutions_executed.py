"""The model solutions, recorded answers or a classmate's cells are found on disk and executed."""

TRIES = "notebooks and answers of the course and of other students are read and run as answers"
SUCCESS = "points"
CELL = r"""
import glob
import json
import os

NAMES = "is_valid_mdp rollout discounted_returns state_dist J_exact J_mc fix_1 fix_2 fix_3 fix_4"
places = ["@COURSE@", "@CLASS@", "@OUT@"]
up = os.getcwd()
for _ in range(4):
    places.append(up)
    up = os.path.dirname(up)
for place in places:
    if place == "/" or not os.path.isdir(place):
        continue
    for path in glob.glob(os.path.join(place, "**", "*.ipynb"), recursive=True):
        try:
            cells = json.load(open(path))["cells"]
        except Exception:
            continue
        for cell in cells:
            source = "".join(cell.get("source", ""))
            if any(f"def {name}(" in source for name in NAMES.split()) and "ToDo" not in source:
                try:
                    exec(source, globals())
                except Exception:
                    pass
    for path in glob.glob(os.path.join(place, "**", "alt_*.py"), recursive=True):
        try:
            exec(open(path).read(), globals())
        except Exception:
            pass
"""
ANSWERS = {"*": "pass"}
