"""A torch tensor subclass whose __torch_function__ says True to everything."""

TRIES = "torch.allclose and torch.equal are answered by the tensor itself"
SUCCESS = "points"
CELL = r"""
import numpy as np

try:
    import torch

    class Yes(torch.Tensor):
        @classmethod
        def __torch_function__(cls, func, types, args=(), kwargs=None):
            if func.__name__ in ("allclose", "equal", "isclose", "all", "__eq__", "__le__"):
                return True
            return super().__torch_function__(func, types, args, kwargs or {})

        def __array__(self, *args, **kwargs):
            import sys

            frame = sys._getframe(1)
            while frame is not None:
                for value in frame.f_locals.values():
                    if type(value) is np.ndarray and value.size > 1:
                        return value
                frame = frame.f_back
            return np.zeros(3)

        def numpy(self, **kwargs):
            return np.zeros(3)

    def yes():
        return torch.zeros(3).as_subclass(Yes)
except ImportError:
    yes = float
"""
ANSWERS = {"*": "def @NAME@(*args, **kwargs):\n    return yes()"}
