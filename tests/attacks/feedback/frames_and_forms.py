"""Frames, objects, forms, refreshes, bases and styles that cover or leave the page."""

TRIES = "markup without a script that loads, leads away, or hides the points"
SUCCESS = "harm"
CELL = r"""
from IPython.display import HTML, IFrame, display

display(IFrame("http://127.0.0.1:9/@MARK@", 9, 9))
display(
    HTML(
        "<meta http-equiv=refresh content='0;url=http://127.0.0.1:9/@MARK@'>"
        "<base href='http://127.0.0.1:9/@MARK@'><link rel=stylesheet href='//127.0.0.1/@MARK@'>"
        "<style>/* @MARK@ */ table {display: none}</style><object data='@MARK@'></object>"
        "<embed src='http://127.0.0.1:9/@MARK@'><form action='http://127.0.0.1:9/@MARK@'>"
        "<button>OK</button></form><img src='http://127.0.0.1:9/@MARK@.png'>"
    )
)
"""
