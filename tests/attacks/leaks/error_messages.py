"""What hidden calls pass in is told by error messages, output and files of later calls."""

TRIES = "inputs of hidden calls are kept and printed, displayed, written and told by cells"
SUCCESS = "leak"
CELL = r"""
import atexit
import os

import numpy as np

kept = []


def keep(args):
    r = args[0] if args else None
    if isinstance(r, (list, np.ndarray)) and np.size(r) and np.any(np.asarray(r) % 1):
        kept.append(repr(args))
        text = "@HIDDEN@ " + kept[-1]
        print(text)
        display(text)
        os.write(1, text.encode())
        os.write(2, text.encode())
        for place in (".", "/tmp", os.path.expanduser("~"), "@OUT@"):
            try:
                with open(f"{place}/inputs.txt", "a") as file:
                    file.write(text)
            except OSError:
                pass


for place in (".", "/tmp", os.path.expanduser("~")):
    try:
        print(open(f"{place}/inputs.txt").read())
    except OSError:
        pass
"""
ANSWERS = {"*": "print(*kept)\n\n\ndef @NAME@(*args, **kwargs):\n    keep(args)"}
