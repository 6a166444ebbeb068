"""The notebook is a named pipe: whoever opens it waits for a writer."""

TRIES = "open() that never returns"
SUCCESS = "stall"
PIPE = True
