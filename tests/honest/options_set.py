"""Print options, seeds, error modes and filters set at the top."""

CELL = r"""
import random
import warnings

import numpy as np

np.random.seed(0)
random.seed(0)
np.set_printoptions(precision=2, suppress=True, threshold=5)
np.seterr(all="ignore")
warnings.simplefilter("ignore")
rng = np.random.default_rng(0)
import os

os.environ["OMP_NUM_THREADS"] = "4"
"""
