"""A notebook of a hundred thousand nested lists."""

TRIES = "the JSON parser's stack"
SUCCESS = "stall"


def mutate(nb):
    return b'{"cells": ' + b"[" * 100_000 + b"]" * 100_000 + b', "nbformat": 4}'
