"""A short scenario of few people, for what is played many times."""

from pathlib import Path
from typing import Any

from loopbaan.lab import scenario
from loopbaan.lab.scenario import Scenario

SHARE = 0.004
CONTENT = {
    "title": "A short one",
    "author": "An",
    "source": "hypothetical",
    "first": "2024-10",
    "last": "2025-06",
}


def short(**changes: Any) -> Scenario:
    return scenario.of({**CONTENT, **changes}, Path("short.yaml"))
