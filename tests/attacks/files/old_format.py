"""nbformat 3: worksheets, inputs and prompts."""

TRIES = "a format that the converters upgrade, or do not"
SUCCESS = "stall"


def mutate(nb):
    cells = [
        {
            "cell_type": "code",
            "collapsed": False,
            "input": "".join(cell["source"]),
            "language": "python",
            "metadata": cell["metadata"],
            "outputs": [],
        }
        if cell["cell_type"] == "code"
        else {"cell_type": "markdown", "metadata": {}, "source": cell["source"]}
        for cell in nb["cells"]
    ]
    return {
        "metadata": {"name": "01_mdp"},
        "nbformat": 3,
        "nbformat_minor": 0,
        "worksheets": [{"cells": cells, "metadata": {}}],
    }
