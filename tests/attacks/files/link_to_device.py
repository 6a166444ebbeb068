"""The notebook is a symbolic link to /dev/zero."""

TRIES = "a file without an end"
SUCCESS = "stall"
CONTROL = "reading it would only fill this machine's memory"
LINKS = {"01_mdp.ipynb": "/dev/zero"}
