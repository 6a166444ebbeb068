"""Always False.

expects: Errors that attain the bound are rejected
"""


def vh_check(err):
    return False
