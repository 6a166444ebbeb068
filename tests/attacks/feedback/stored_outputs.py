"""Outputs stored in the submitted file, never run: scripts in all of them."""

TRIES = "the submitted notebook's own outputs and attachments in the page"
SUCCESS = "harm"


def mutate(nb):
    for cell in nb["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [
                {
                    "output_type": "display_data",
                    "metadata": {},
                    "data": {"text/html": "<script>'@MARK@'</script>"},
                },
                {"output_type": "stream", "name": "stdout", "text": "<script>'@MARK@'</script>"},
            ]
            cell["metadata"]["tags"] = ["skip-execution"]
    return nb
