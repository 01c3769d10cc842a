"""Fifty people at /lab at once, at a real installation: an answer in time, or when to come back."""

import http.client
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from loopbaan.web.laboratory import ANSWER_SECONDS, COME_BACK_SECONDS, WAKE_SECONDS
from tests.installation import Installation, installation

CLIENTS, TRIES = 50, 4
# One plays and one waits for it, each at most so long; the rest of the time is that of a page.
BOUND_SECONDS = WAKE_SECONDS + 2 * ANSWER_SECONDS + 4


@pytest.fixture(scope="module")
def site() -> Iterator[Installation]:
    with installation() as made:
        made.start()
        yield made


def asked(site: Installation, path: str) -> tuple[int, float, str]:
    began = time.perf_counter()
    with closing(http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        said = answer.headers["Retry-After"] or ""
    return answer.status, time.perf_counter() - began, said


def card(number: int) -> str:
    rest = "a-verdeling=first_come&a-bijdrage=45&a-ervaring=7&a-uren=4&b-scenario="
    return f"/lab?a-scenario=kaart&a-maximum={100 + number}&{rest}"


def client(site: Installation, number: int) -> list[tuple[int, float, str]]:
    """Ask for a card of one's own, and come back when told to."""
    answers = []
    for _ in range(TRIES):
        answers.append(asked(site, card(number)))
        status, _, come_back = answers[-1]
        if status != 503:
            break
        time.sleep(float(come_back))
    return answers


def test_fifty_at_once_are_answered_in_time_or_told_when_to_come_back(site: Installation, capsys):
    deadline = time.monotonic() + 120
    while asked(site, card(0))[0] != 302:  # until the laboratory is awake
        assert time.monotonic() < deadline
        time.sleep(0.2)
    with ThreadPoolExecutor(CLIENTS) as crowd:
        found = [crowd.submit(client, site, number) for number in range(1, CLIENTS + 1)]
        # Whoever wants another page meanwhile, gets it.
        others = [asked(site, "/check")[1] for _ in range(10)]
        answers = [answer for each in found for answer in each.result()]
    codes = Counter(code for code, _, _ in answers)
    assert set(codes) <= {302, 503}
    assert codes[302] >= 2, "whoever comes back finds room"
    assert {said for code, _, said in answers if code == 503} <= {str(COME_BACK_SECONDS)}
    slowest = max(seconds for _, seconds, _ in answers)
    with capsys.disabled():
        played = sorted(seconds for code, seconds, _ in answers if code == 302)
        print(  # noqa: T201
            f"\n  {CLIENTS} clients with a card of their own, {TRIES} tries: {codes[302]} answered"
            f" (median {played[len(played) // 2]:.1f} s), {codes[503]} times told when to come"
            f" back, slowest {slowest:.1f} s; another page meanwhile {max(others):.2f} s at most"
        )
    assert slowest < BOUND_SECONDS
    assert max(others) < BOUND_SECONDS / 2
    again = [asked(site, card(0)) for _ in range(6)]
    assert min(seconds for code, seconds, _ in again if code == 302) < 0.5, "answers are kept"
