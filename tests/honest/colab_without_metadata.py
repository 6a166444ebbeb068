"""Saved by a tool that throws away all ids and all metadata."""


def mutate(nb):
    nb["nbformat_minor"] = 0
    for cell in nb["cells"]:
        cell.pop("id", None)
        cell["metadata"] = {}
    return nb
