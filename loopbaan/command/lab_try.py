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
examples:
  loopbaan lab try kaart.yaml no-measure          the figures of two on the page /lab, as JSON
  echo '{"name": "cap-1000"}' | loopbaan lab try

The years before a measure are played once, which takes some seconds. Each NAME, a scenario of the
house or a file, is answered on a line, in order. Without a NAME a line says "ready"; from there a
line is a JSON object, the name of a scenario of the house or the content of one, and the answer is
one line: "answer" with bands over ten runs, or "fault" with a sentence. It ends with its input. The
page /lab asks here.
"""


def run(words: list[str]) -> int:
    """Answer line by line, until there are no more."""
    parser = asker("lab try", "Scenarios on one worker in a hundred, a line each.", TRY)
    parser.add_argument("names", metavar="NAME", nargs="*", help="scenarios of the house, or files")
    ask_cache(parser)
    asked = parser.parse_args(words)
    chosen = [scenario.load(name) for name in asked.names]
    os.nice(NICE)
    laboratory = quick.Quick(asked.cache)
    laboratory.warm()
    if chosen:
        answers = [_told(laboratory, each) for each in chosen]
        print(*map(json.dumps, answers), sep="\n")
        return int(any("fault" in answer for answer in answers))
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        print(json.dumps(_answered(laboratory, line)), flush=True)
    return 0


def _answered(laboratory: quick.Quick, line: str) -> dict[str, Any]:
    try:
        return _told(laboratory, _asked(json.loads(line)))
    except (RulebookError, UnreadableFile, ValueError) as error:
        return {"fault": str(error)}


def _told(laboratory: quick.Quick, chosen: Scenario) -> dict[str, Any]:
    try:
        return {"answer": laboratory.answer(chosen)}
    except quick.NotQuick as error:
        return {"fault": str(error)}


def _asked(said: Any) -> Scenario:
    if not isinstance(said, dict) or not ({"name", "content"} & set(said)):
        raise ValueError('a line is {"name": …} or {"content": …}')
    if "content" in said:
        return scenario.of(said["content"], Path("card.yaml"))
    if said["name"] not in scenario.names():
        raise ValueError(f"there is no scenario {said['name']!r}")
    return scenario.load(said["name"])
