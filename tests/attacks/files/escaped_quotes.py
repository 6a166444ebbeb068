"""A string that never ends, full of escaped quotation marks."""

TRIES = "a pattern that looks for the end of each string starts again at every mark"
SUCCESS = "stall"


def mutate(nb):
    return b'{"nbformat": 4, "cells": [{"source": "' + b'\\"' * 70_000
