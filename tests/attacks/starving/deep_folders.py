"""Folders inside folders, a thousand deep; what cleans up by recursion fails."""

TRIES = "a tree of 1,000 nested folders without permissions in the working folder"
SUCCESS = "stall"
CELL = r"""
import os

start = os.getcwd()
try:
    for _ in range(1000):
        os.mkdir("d")
        os.chdir("d")
    os.chmod(".", 0)
except OSError:
    pass
os.chdir(start)
"""
