"""Saved by Colab: nbformat 4.0, no ids, metadata of its own, nbgrader's kept, outputs stored."""


def mutate(nb):
    nb["nbformat_minor"] = 0
    nb["metadata"] = {
        "colab": {"provenance": [], "toc_visible": True},
        "kernelspec": {"name": "python3", "display_name": "Python 3"},
        "language_info": {"name": "python"},
        "accelerator": "GPU",
    }
    for i, cell in enumerate(nb["cells"]):
        cell.pop("id", None)
        cell["metadata"]["id"] = f"aB3_{i}"
        cell["metadata"]["colab"] = {"base_uri": "https://localhost:8080/", "height": 35}
        if cell["cell_type"] == "code":
            cell["metadata"]["executionInfo"] = {"status": "ok", "elapsed": 300}
            cell["execution_count"] = i
    return nb
