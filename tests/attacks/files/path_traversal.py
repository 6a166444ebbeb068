"""Attachments and outputs carry file names that lead out of the folder."""

TRIES = "metadata.filenames, attachment names and grade ids with `..`"
SUCCESS = "harm"


def mutate(nb):
    picture = (
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5"
    )
    for depth in range(1, 7):
        name = "../" * depth + "traversed.png"
        nb["cells"].append(
            {
                "cell_type": "code",
                "id": f"path-{depth}",
                "metadata": {"filenames": {"image/png": name}, "name": name},
                "execution_count": 1,
                "outputs": [
                    {
                        "output_type": "display_data",
                        "data": {"image/png": picture},
                        "metadata": {"filenames": {"image/png": name}},
                    }
                ],
                "source": "",
            }
        )
        nb["cells"].append(
            {
                "cell_type": "markdown",
                "id": f"note-{depth}",
                "metadata": {"nbgrader": {"grade_id": name, "solution": True, "schema_version": 3}},
                "attachments": {name: {"image/png": picture}},
                "source": f"![x](attachment:{name})",
            }
        )
    return nb
