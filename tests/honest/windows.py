"""Windows line ends, tabs, trailing blanks and a byte order mark."""


def mutate(nb):
    import json

    for cell in nb["cells"]:
        source = "".join(cell["source"])
        if not cell["metadata"].get("nbgrader", {}).get("locked"):
            source = source.replace("    ", "\t") if cell["cell_type"] == "code" else source
        cell["source"] = "".join(f"{line}\r\n" for line in source.split("\n"))
    text = json.dumps(nb, indent=1).replace("\n", "\r\n")
    return b"\xef\xbb\xbf" + text.encode()
