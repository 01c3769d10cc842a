"""The laboratory: a measure played out month by month on an invented Flanders, under the same law.

In a notebook: `from loopbaan import lab`, then `lab.run("draw-1000", seed=1, share=0.01)`.
"""

from importlib import import_module
from typing import Any

from loopbaan.lab.scenario import load, names

__all__ = ["load", "names", "play", "run"]


def __getattr__(name: str) -> Any:
    """Load what plays when it is asked for: who only reads a scenario waits for no data frames."""
    if name not in __all__:
        raise AttributeError(name)
    return getattr(import_module("loopbaan.lab.running"), name)
