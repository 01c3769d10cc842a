"""The clock is read where people and machines touch the house, and nowhere else."""

import re
import subprocess
import sys

import pytest

from tests.house.files import ROOT, python

READINGS = {
    "from datetime import date": "date.today()",
    "from datetime import UTC, datetime": "datetime.now(UTC)",
    "import datetime as dt": "dt.datetime.utcnow()",
    "import datetime": "datetime.datetime.today()",
    "import time": "time.time()",
    "from time import time_ns": "time_ns()",
}


def _ruff(code: str, place: str) -> str:
    # As the file `place` would be read: the settings of pyproject.toml hold for it.
    options = ("--no-cache", "--select=TID251", f"--stdin-filename={place}")
    return subprocess.run(
        (sys.executable, "-m", "ruff", "check", *options, "-"),
        cwd=ROOT,
        input=code,
        check=False,
        capture_output=True,
        text=True,
    ).stdout


@pytest.mark.parametrize("start", READINGS)
@pytest.mark.parametrize("room", ["law", "lab", "live", "adapters"])
def test_a_room_below_may_not_read_the_clock_and_is_told_what_to_do_instead(room, start):
    said = _ruff(f"{start}\n\nmoment = {READINGS[start]}\n", f"loopbaan/{room}/ordering.py")
    assert "TID251" in said
    assert "hand the day in" in said


@pytest.mark.parametrize("place", ["loopbaan/command/demo.py", "bench/law.py", "tools/check.py"])
def test_the_command_line_the_bench_and_the_tools_may(place):
    assert "All checks passed" in _ruff("import time\n\nmoment = time.time()\n", place)


def test_measuring_how_long_something_takes_is_no_reading_of_the_clock():
    code = "import time\n\nmoment = time.perf_counter()\n"
    assert "All checks passed" in _ruff(code, "loopbaan/lab/month.py")


def test_numpy_reads_no_clock_either():
    reading = re.compile(r"datetime64\(\s*[\"'](now|today)")
    assert reading.search("np.datetime64('today', 'D')")
    readers = ("loopbaan/command/", "loopbaan/web/")
    places = [name for name in python("loopbaan") if not name.startswith(readers)]
    assert places
    assert [name for name in places if reading.search((ROOT / name).read_text("utf-8"))] == []
