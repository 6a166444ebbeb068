"""The notebook asks for a kernel that is not installed, and for another language."""

TRIES = "kernelspec and language_info of a machine far away"
SUCCESS = "stall"


def mutate(nb):
    nb["metadata"]["kernelspec"] = {
        "name": "../../bin/sh",
        "display_name": "<b>Julia</b>",
        "language": "julia",
    }
    nb["metadata"]["language_info"] = {
        "name": "julia",
        "pygments_lexer": "../../../etc/passwd",
        "codemirror_mode": {"name": "x\"><script>alert('@MARK@')</script>"},
        "file_extension": "/../../x",
    }
    return nb
