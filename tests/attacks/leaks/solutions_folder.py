"""The solutions, exams, tests and recorded answers of the course's own folder."""

TRIES = "all text files below the course's folder and below every parent of the working folder"
SUCCESS = "leak"
CELL = r"""
import os

tops = ["@COURSE@", os.path.expanduser("~"), "/course", "/work", "/srv", "/home", "/tmp", "/mnt"]
up = os.getcwd()
for _ in range(5):
    tops.append(up)
    up = os.path.dirname(up)
n_files = 0
for top in dict.fromkeys(tops):
    if top == "/":
        continue
    for folder, folders, files in os.walk(top):
        folders[:] = [f for f in folders if f not in ("node_modules", ".venv", "site-packages")]
        for name in files:
            if name.endswith((".py", ".ipynb", ".json", ".md", ".txt")) and n_files < 4000:
                n_files += 1
                try:
                    with open(os.path.join(folder, name), "rb") as file:
                        tell(file.read(5_000_000))
                except OSError:
                    pass
"""
