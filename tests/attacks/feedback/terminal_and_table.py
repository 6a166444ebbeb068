"""Messages for the instructor's terminal and spreadsheet: control codes, markup, formulas."""

TRIES = "rich markup, terminal codes and spreadsheet formulas in messages"
SUCCESS = "harm"
CELL = r"""
raise ValueError("=HYPERLINK(\"http://127.0.0.1/@MARK@\") [/bold] [link=x]y[/link] \x1b]0;t\x07")
"""
ANSWERS = {
    "*": "def @NAME@(*args, **kwargs):\n"
    "    raise ValueError('=1+1 @MARK@ [/] [bold] \\x1b[2J\\x1b]0;t\\x07 \\u202e')"
}
FOLDER = "=1+1 @MARK@"
