"""Warnings are errors for this student."""

CELL = r"""
import warnings

import numpy as np

warnings.simplefilter("error")
np.seterr(all="raise", under="ignore")
"""
