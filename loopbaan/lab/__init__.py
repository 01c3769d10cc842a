"""The laboratory: a measure played out month by month on an invented Flanders, under the same law.

In a notebook: `from loopbaan import lab`, then `lab.run("draw-1000", seed=1, share=0.01)`.
"""

from loopbaan.lab.running import play, run
from loopbaan.lab.scenario import load, names

__all__ = ["load", "names", "play", "run"]
