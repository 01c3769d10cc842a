"""Schemathesis against the API of an installation that runs: no breach of the description."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from loopbaan.web.api.routes import routes
from tests.installation import Installation
from tests.web.test_api_running import filled

SECONDS = 25
SHUT = (401, 403, 405, 406, 413, 415, 422)
# An address that is too long is refused before it is read; and that a period does not end before
# it begins, no schema of two days says.
EXPECTED = """
[checks.negative_data_rejection]
expected-statuses = [400, 401, 403, 404, 405, 406, 409, 414, 415, 422, 428, 429, 431, "5xx"]

[[operations]]
include-operation-id = "statement"
checks.positive_data_acceptance.expected-statuses = ["2xx", "3xx", 401, 403, 404, 422, 429, "5xx"]
"""
READS = (
    "centre coaches locations tracks track talks talk check codes"
    " claims claim payments holds recoveries"
).split()


def test_no_call_breaks_and_every_answer_is_as_described(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOOPBAAN_API_CALLS", "1000000")
    monkeypatch.setenv("LOOPBAAN_LOG_REQUESTS", "1")
    program = Path(sys.executable).with_name("schemathesis")
    with filled() as (running, known):
        (running.folder / "schemathesis.toml").write_text(EXPECTED, "utf-8")
        done = subprocess.run(
            (
                str(program),
                *("run", f"{running.address}/api/openapi.json", "--checks", "all"),
                *("-H", f"Authorization: Bearer {known['key']}"),
                *("--max-time", str(SECONDS), "--continue-on-failure", "--no-color"),
                *("--warnings", "off"),
                *(("--generation-deterministic",) if "CI" in os.environ else ()),
            ),
            cwd=running.folder,
            check=False,
            capture_output=True,
            text=True,
            timeout=SECONDS * 4,
        )
        assert done.returncode == 0, done.stdout[-6_000:] + done.stderr
        assert running.run("books").returncode == 0
        assert '"defect"' not in running.log.read_text("utf-8")
        answered = _answered(running)
    calls = {each.name for each in routes() if each.name not in ("api", "api_openapi")}
    asked, done_to, taken = (Counter[str]() for _ in range(3))
    for (route, status), count in answered.items():
        asked[route] += count
        done_to[route] += count * (status not in SHUT)
        taken[route] += count * (200 <= status < 300)
    assert asked.total() > 300, asked
    assert [each for each in calls if asked[each] < 3] == [], asked
    # Each act was reached with what it understands, and refused or done.
    assert [each for each in calls if not done_to[each]] == [], done_to
    assert taken.total() > 60, taken
    assert [each for each in READS if not taken[f"api_{each}"]] == [], taken
    assert max(status for _, status in answered) < 500


def _answered(running: Installation) -> Counter[tuple[str, int]]:
    """Return how often each route of the API answered with each status, as its log says."""
    found: Counter[tuple[str, int]] = Counter()
    for line in running.log.read_text("utf-8").splitlines():
        told = json.loads(line) if line.startswith("{") else {}
        if str(told.get("route", "")).startswith("api_"):
            found[told["route"], told["status"]] += 1
    return found
