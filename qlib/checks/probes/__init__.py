"""Probes: functions of ours that handle a student's function where it lives.

Some answers take or return what cannot pass a border: a network, an optimiser, a buffer. A check
then asks for a probe by name, which gets the student's function and plain data, and returns plain
data::

    loss, gradients = answer.probe("nb06_parametric_q.loss_and_gradients", table, batch, 0.9)

    def loss_and_gradients(function, shelf, table, batch, gamma): ...

`shelf` is a dict that lasts as long as the check; objects stay there between calls.

A probe runs in the student's process, who can replace it. So it never decides anything: it reports
numbers that the check can compute by itself from inputs drawn afresh.

One module a notebook, named as its check module.
"""

import functools
import importlib
from collections.abc import Callable
from typing import Any


@functools.cache
def find(name: str) -> Callable[..., Any]:
    """The probe `<module>.<function>`.

    Raises:
        LookupError: if there is none of this name.
    """
    module_name, _, function_name = name.partition(".")
    if not module_name.isidentifier() or not function_name.isidentifier():
        raise LookupError(f"{name!r} is not the name of a probe, <module>.<function>")
    try:
        module = importlib.import_module(f"{__name__}.{module_name}")
        return getattr(module, function_name)
    except (ImportError, AttributeError) as error:
        raise LookupError(f"there is no probe {name!r}: {error}") from error
