"""The notebook is a symbolic link to a classmate's, whose points it would earn."""

TRIES = "a link followed when the notebook is read"
SUCCESS = "points"
LINKS = {"01_mdp.ipynb": "@CLASSMATE@"}
