"""Cells were moved: experiments to the end, a task's text below its answer."""


def mutate(nb):
    experiments = [c for c in nb["cells"] if "experiment" in c["metadata"].get("tags", [])]
    rest = [c for c in nb["cells"] if c not in experiments]
    texts = [i for i, c in enumerate(rest) if c["cell_type"] == "markdown"]
    if len(texts) > 2:
        i, j = texts[1], texts[2]
        rest[i], rest[j] = rest[j], rest[i]
    nb["cells"] = rest + experiments
    return nb
