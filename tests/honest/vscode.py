"""Saved by VS Code: other metadata, ids made anew, `vscode` keys, a language id."""


def mutate(nb):
    nb["metadata"]["kernelspec"] = {
        "name": "python3",
        "display_name": ".venv (3.12.1)",
        "language": "python",
    }
    nb["metadata"]["language_info"] = {"name": "python", "version": "3.12.1"}
    nb["metadata"]["vscode"] = {"interpreter": {"hash": "31f2aee4e71d21fbe5cf8b01ff0e069b9275f5"}}
    for i, cell in enumerate(nb["cells"]):
        cell["id"] = f"{i:08x}"
        if cell["cell_type"] == "code":
            cell["metadata"]["vscode"] = {"languageId": "python"}
            cell["execution_count"] = i + 1
    return nb
