"""Text cells of the student's: predictions, written answers and new cells, with raw HTML."""

TRIES = "markdown cells and attachments with scripts"
SUCCESS = "harm"


def mutate(nb):
    text = (
        "<script>'@MARK@'</script>\n\n<img src=x onerror=\"'@MARK@'\">\n\n"
        "[x](javascript:'@MARK@') ![x](attachment:a.svg) <svg onload=\"'@MARK@'\">\n\n"
        "$\\\\href{javascript:'@MARK@'}{x}$ <style>@import 'http://127.0.0.1/@MARK@'</style>"
    )
    for cell in nb["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = text
    for kind in ("markdown", "raw"):
        nb["cells"].insert(
            2,
            {
                "cell_type": kind,
                "id": f"mine-{kind}",
                "metadata": {"raw_mimetype": "text/html", "format": "text/html"},
                "attachments": {"a.svg": {"image/svg+xml": "<svg onload=\"'@MARK@'\"/>"}},
                "source": text,
            },
        )
    return nb
