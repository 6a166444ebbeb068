"""A second notebook and a hidden folder beside the first, and a checkpoint with points."""

TRIES = "other notebooks in the folder of the submission"
SUCCESS = "points"
FILES = {
    "01_MDP.ipynb": "not JSON",
    ".ipynb_checkpoints/01_mdp-checkpoint.ipynb": "{}",
    "nbgrader_config.py": "c = get_config()\nc.ExecutePreprocessor.enabled = False\n",
    "gradebook.db": "",
    "timestamp.txt": "1970-01-01 00:00:00 UTC",
}
