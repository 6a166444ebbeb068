"""The notebook is a symbolic link to the model solution."""

TRIES = "full points, and the solution in the feedback"
SUCCESS = "points"
LINKS = {"01_mdp.ipynb": "@COURSE@/@SOURCE@/01_mdp/01_mdp.ipynb"}
