"""The notebook is a folder."""

TRIES = "01_mdp.ipynb/ with a file in it"
SUCCESS = "stall"
FILES = {"01_mdp.ipynb/inside.txt": "hello"}
