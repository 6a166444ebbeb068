"""A file of twenty gigabytes that takes no space on the disk."""

TRIES = "reading the whole file into memory"
SUCCESS = "stall"
CONTROL = "it would only fill this machine's memory"
SPARSE = 20 * 2**30
