"""LaTeX with links, styles and required extensions, in outputs and in text."""

TRIES = "\\href{javascript:}, \\require{html}, \\style, \\mmlToken"
SUCCESS = "harm"
CELL = r"""
from IPython.display import Latex, Math, display

tricks = [
    r"\href{javascript:'@MARK@'}{x}",
    r"\\href{javascript:'@MARK@'}{x}",
    r"\require{html}\style{position:fixed}{@MARK@}",
    r"\mmlToken{mtext}[href=\"javascript:'@MARK@'\"]{x}",
    r"\unicode{<img src=x onerror='@MARK@'>}",
]
for trick in tricks:
    display(Latex(f"$${trick}$$"))
    display(Math(trick))
    print(f"${trick}$")
"""
