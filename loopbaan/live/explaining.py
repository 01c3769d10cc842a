"""Tells why an order was decided as it was, from the facts that were kept with the decision."""

from datetime import date
from typing import Any

import numpy as np

from loopbaan.law import terms
from loopbaan.law.explanation import Explanation, Worker, explain
from loopbaan.law.months import NO_DAY, calendar_day, day_number
from loopbaan.law.ordering import ACTIVITIES, HOMES, WORKPLACES, Facts
from loopbaan.law.rulebook import Rulebook, released
from loopbaan.law.wording import Lang
from loopbaan.live.models import Decision


def told(decision: Decision, lang: Lang) -> Explanation:
    """Return the whole reasoning behind a decision, in one language, by the rulebook of then.

    Raises:
        UnknownLaw: that rulebook was not kept.

    """
    rulebook = released(decision.batch.rulebook_hash)
    kept: dict[str, Any] = decision.facts
    started_on = tuple(date.fromisoformat(day) for day in kept["vouchers_started_on"])
    worker = Worker(
        ordered_on=decision.order.ordered_on,
        known_on=decision.batch.known_on,
        reading=decision.batch.reading,
        facts=facts_of(kept, started_on),
        started_on=started_on,
    )
    return explain(rulebook, worker, lang)


def facts_of(kept: dict[str, Any], started_on: tuple[date, ...]) -> Facts:
    """Return facts of one worker, named as they are kept, as columns of one."""

    def started(place: int) -> int:
        return day_number(started_on[-place]) if len(started_on) >= place else int(NO_DAY)

    return Facts(
        lives_in=np.array([HOMES.index(kept["lives_in"])], np.uint8),
        moved_from_eea=np.array([kept["moved_from_eea"]], np.bool_),
        works_in=np.array([WORKPLACES.index(kept["works_in"])], np.uint8),
        activity=np.array([ACTIVITIES.index(kept["activity"])], np.uint8),
        experience_days=np.array([kept["experience_days"]], np.int32),
        experience_months=np.array([kept["experience_months"]], np.int16),
        months_worked_in_last_24=np.array([kept["months_worked_in_last_24"]], np.int8),
        agency_weeks_unbroken=np.array([kept["agency_weeks_unbroken"]], np.int16),
        last_started_on=np.array([started(1)], np.int32),
        previous_started_on=np.array([started(2)], np.int32),
        last_voucher_closed=np.array([kept["last_voucher_closed"]], np.bool_),
        open_order=np.array([kept["open_order"]], np.bool_),
        in_dutch=np.array([kept["in_dutch"]], np.bool_),
    )


def contest_by(rulebook: Rulebook, decision: Decision, today: date) -> date:
    """Return the last day on which a refusal can be contested, by the law of today."""
    refused_on = np.array([day_number(decision.batch.known_on)], np.int32)
    return calendar_day(terms.contest_by(rulebook.on(today), refused_on)[0])
