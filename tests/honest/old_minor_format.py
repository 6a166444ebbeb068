"""nbformat 4.2, sources as lists of lines, an old kernel name."""


def mutate(nb):
    nb["nbformat_minor"] = 2
    nb["metadata"]["kernelspec"] = {"name": "python2", "display_name": "Python 2"}
    for cell in nb["cells"]:
        cell.pop("id", None)
        cell["source"] = "".join(cell["source"]).splitlines(keepends=True)
        cell["metadata"]["collapsed"] = True
    return nb
