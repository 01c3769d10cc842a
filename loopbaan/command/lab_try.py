"""`loopbaan lab try`: scenarios on one worker in a hundred, each answered in a second."""

import json
import os
import sys
from pathlib import Path
from typing import Any

from loopbaan.command.asking import asker
from loopbaan.command.lab_ensemble import ask_cache
from loopbaan.lab import quick, scenario
from loopbaan.lab.scenario import Scenario
from loopbaan.law.checks import RulebookError, UnreadableFile

NICE = 2  # a little below the processes that decide on orders and answer pages
TRY = """\
example:
  echo '{"name": "cap-1000"}' | loopbaan lab try

The years before a measure are played once, which takes some seconds; then a line says "ready". From
there each line is a JSON object, the name of a scenario of the house or the content of one, and the
answer is one line: "answer" with bands over ten runs, or "fault" with a sentence. It ends with its
input. The page /lab asks here.
"""


def run(words: list[str]) -> int:
    """Answer line by line, until there are no more."""
    parser = asker("lab try", "Scenarios on one worker in a hundred, a line each.", TRY)
    ask_cache(parser)
    asked = parser.parse_args(words)
    os.nice(NICE)
    laboratory = quick.Quick(asked.cache)
    laboratory.warm()
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        print(json.dumps(_answered(laboratory, line)), flush=True)
    return 0


def _answered(laboratory: quick.Quick, line: str) -> dict[str, Any]:
    try:
        return {"answer": laboratory.answer(_asked(json.loads(line)))}
    except (RulebookError, UnreadableFile, quick.NotQuick, ValueError) as error:
        return {"fault": str(error)}


def _asked(said: Any) -> Scenario:
    if not isinstance(said, dict) or not ({"name", "content"} & set(said)):
        raise ValueError('a line is {"name": …} or {"content": …}')
    if "content" in said:
        return scenario.of(said["content"], Path("card.yaml"))
    if said["name"] not in scenario.names():
        raise ValueError(f"there is no scenario {said['name']!r}")
    return scenario.load(said["name"])
