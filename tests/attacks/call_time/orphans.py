"""Each call leaves a process behind that goes on for a minute."""

TRIES = "daemons started inside hidden calls"
SUCCESS = "harm"
ANSWERS = {
    "*": "import subprocess\nimport sys\n\n\n"
    "def @NAME@(*args, **kwargs):\n"
    "    code = 'import time; time.sleep(60) # @RUN@'\n"
    "    subprocess.Popen([sys.executable, '-c', code], start_new_session=True)\n"
    "    return 0.0"
}
