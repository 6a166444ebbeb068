"""Returns a sentence.

expects: not the name of a cause
"""


def diagnose(log):
    return "The mask is missing."
