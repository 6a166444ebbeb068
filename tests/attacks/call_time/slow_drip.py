"""Every call takes a little less time than one may think is allowed; together they take hours."""

TRIES = "each call sleeps 1.5 s, in all ten functions"
SUCCESS = "stall"
ANSWERS = {
    "*": "import time\n\n\ndef @NAME@(*args, **kwargs):\n    time.sleep(1.5)\n    return 0.0"
}
