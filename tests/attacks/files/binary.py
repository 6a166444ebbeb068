"""Bytes that are no text."""

TRIES = "a PNG with the name of a notebook, with null bytes and broken UTF-8"
SUCCESS = "stall"


def mutate(nb):
    return b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20
