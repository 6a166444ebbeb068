"""Experiment cells that fail: an error, a question to the keyboard, an endless loop."""


def mutate(nb):
    sources = ["1 / 0", "name = input('your name? ')\nprint(name)", "while True:\n    pass"]
    experiments = [c for c in nb["cells"] if "experiment" in c["metadata"].get("tags", [])]
    for cell, source in zip(experiments, sources * 20):  # noqa: B905 (as many as there are)
        cell["source"] = source
    return nb
