"""The race: who is ready, how fast the site is, who tries again; and how orders arrive."""

from datetime import date

import numpy as np

from loopbaan.lab import race
from loopbaan.lab.events import CODE
from loopbaan.lab.population import DIMENSIONS
from loopbaan.law.months import day_number, month_of
from loopbaan.law.transitions import Status
from tests.lab.runs import SHARE, assume, people, play

EVERYBODY = np.arange(0, 20_000, dtype=np.int32)
NO_LOSSES = np.zeros(len(EVERYBODY), np.uint8)
LOW, ABOVE = (DIMENSIONS["digital_skill"].index(name) for name in ("low", "above_basic"))


def test_the_published_part_is_ready_and_the_weak_with_a_screen_less():
    chance = race.readiness(assume(), people(), EVERYBODY, NO_LOSSES)
    assert abs(chance.mean() - assume().race_share_present_at_opening) < 1e-6
    skill = people().digital_skill[EVERYBODY]
    desk = np.isin(
        people().sector[EVERYBODY],
        [DIMENSIONS["sector"].index(name) for name in race.DESK_SECTORS],
    )
    low, above = (chance[(skill == code) & ~desk].mean() for code in (LOW, ABOVE))
    ratio = (low / (1 - low)) / (above / (1 - above))
    assert abs(ratio - assume().race_odds_low_digital) < 1e-6


def test_each_race_lost_closes_a_part_of_the_gap():
    none = race.readiness(assume(), people(), EVERYBODY, NO_LOSSES)
    one = race.readiness(assume(), people(), EVERYBODY, NO_LOSSES + 1)
    assert np.allclose(1 - one, (1 - none) * (1 - assume().race_learning_per_loss))


def test_the_site_lets_no_more_through_in_a_minute_than_it_can():
    through = race.minutes(assume(), seed=1, month=1, persons=EVERYBODY[:4_000], share=1.0)
    assert np.bincount(through.astype(int)).max() <= assume().race_system_capacity_per_minute + 1
    assert through.min() > 0


def test_with_few_contenders_they_arrive_at_the_published_minute():
    through = race.minutes(assume(), seed=1, month=1, persons=EVERYBODY[:300], share=100.0)
    assert abs(np.median(through) - assume().race_arrival_minutes_median) < 1


def test_six_in_ten_try_again_after_a_first_loss_and_fewer_after_each():
    def part(losses: int) -> float:
        again = race.tries_again(
            assume(), people(), seed=1, month=1, persons=EVERYBODY, losses=NO_LOSSES + losses
        )
        return float(again.mean())

    assert abs(part(0) - 0.6) < 0.02
    assert part(0) > part(1) > part(2)


def test_the_first_scarce_month_is_no_race_and_the_next_one_is():
    events = play("2024-06-01", "2025-06-30", share=0.2)
    month = month_of(events.ordered_on)
    march, april = 1502, 1503
    assert (events.minute[month == march] < 0).all()
    assert (events.minute[month == april] >= 0).any()
    won = (month == april) & (events.minute >= 0) & (events.outcome != CODE[Status.LOST])
    won &= events.reasons == 0
    assert events.minute[won].max() <= 30
    first = day_number(date(2025, 4, 1))
    assert (events.ordered_on[events.minute >= 0][:1] == first).all()


def test_a_race_is_smaller_as_the_population_is():
    assert SHARE < 1
    small = race.minutes(assume(), seed=1, month=1, persons=EVERYBODY[:200], share=SHARE)
    large = race.minutes(assume(), seed=1, month=1, persons=EVERYBODY[:4_000], share=1.0)
    assert abs(np.median(small) / np.median(large) - 1) < 0.3
