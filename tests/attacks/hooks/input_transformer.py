"""An input transformer replaces the source of later cells by a number, which reads as points."""

TRIES = "input_transformers_post turns each test cell into `50.0`"
SUCCESS = "points"
CELL = r"""
def blank(lines):
    text = "".join(lines)
    return ["50.0\n"] if "assert" in text or "examine" in text or "check(" in text else lines


get_ipython().input_transformers_post.append(blank)
"""
