"""Tells one worker the whole reasoning: what was decided, on which fact, from when it would be yes,
what the worker can do this week, and which spells of the career did not count.
"""

from bisect import bisect_right
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from loopbaan.law import career, ordering, phrases, sentences, terms
from loopbaan.law.months import NO_DAY, calendar_day, day_number, first_within
from loopbaan.law.ordering import Decisions, Facts
from loopbaan.law.periods import Period, periods
from loopbaan.law.policy import KINDS, Policy
from loopbaan.law.refusals import PASSING, Refusal, codes
from loopbaan.law.rulebook import Rulebook, Timeline
from loopbaan.law.sentences import Condition
from loopbaan.law.wording import (
    Lang,
    day_text,
    days_text,
    euro_text,
    hours_text,
    number_text,
)


@dataclass(frozen=True)
class Worker:
    """One worker who orders: facts (columns of one), all earlier starts, the career if known.

    Who `only_checks` has no order, and so nothing to contest.
    """

    ordered_on: date
    known_on: date
    reading: str
    facts: Facts
    started_on: tuple[date, ...]
    spells: career.Spells | None = None
    only_checks: bool = False


@dataclass(frozen=True)
class Told:
    """One condition as told: at most three sentences, and where it stands in the law."""

    code: str
    title: str
    is_met: bool
    sentences: tuple[str, ...]
    ground: str


@dataclass(frozen=True)
class Explanation:
    """The whole answer to one worker."""

    answer: str
    when: str
    told: tuple[Told, ...]
    remarks: tuple[str, ...]
    spells: tuple[str, ...]


def explain(rulebook: Rulebook, worker: Worker, lang: Lang) -> Explanation:
    """Return the whole reasoning for one worker, in one language.

    Raises:
        UnknownLaw: no law holds on the order day, as far as was known.

    """
    day, known = _number(worker.ordered_on), _number(worker.known_on)
    period = next(periods(rulebook, day, known, worker.reading, 1))
    notes = None
    if worker.spells is not None:
        worker, notes = _with_sums(worker, period)
    decision = _decide(rulebook, worker)
    against = Refusal(int(decision.reasons[0]))
    told = tuple(
        _tell(rulebook, worker, period, condition, against, lang)
        for condition in _conditions(period.policy, worker)
    )
    missing = set(codes(against)) - {each.code for each in told if not each.is_met}
    assert not missing, f"a reason is decided and not told: {missing}"
    return Explanation(
        answer=_answer(period.policy, worker, decision, lang),
        when=_when(decision, against, lang),
        told=tuple(sorted(told, key=lambda each: each.is_met)),
        remarks=_remarks(period.policy, decision, lang),
        spells=() if notes is None else _spells_told(rulebook, worker, period, notes, lang),
    )


def _decide(rulebook: Rulebook, worker: Worker) -> Decisions:
    return ordering.decide(
        rulebook,
        worker.facts,
        ordered_on=worker.ordered_on,
        known_on=worker.known_on,
        reading=worker.reading,
    )


def _with_sums(worker: Worker, period: Period) -> tuple[Worker, list[career.Note]]:
    assert worker.spells is not None
    sums = career.count(period.policy, worker.spells, period.ordered_on)
    facts = career.with_sums(worker.facts, sums)
    return replace(worker, facts=facts), [career.Note(int(note)) for note in sums.notes]


def _conditions(policy: Policy, worker: Worker) -> list[Condition]:
    """Return the conditions that the policy of the day puts to this worker."""
    listed = [sentences.RESIDENCE, sentences.ACTIVITY]
    if policy.least_months_worked_in_last_24 is not None:
        listed.append(sentences.EXPERIENCE_RECENT)
    if policy.least_experience_days is not None:
        listed.append(sentences.EXPERIENCE_DAYS)
    if policy.least_experience_months is not None:
        listed.append(sentences.EXPERIENCE_MONTHS)
    one_for_life = policy.lifetime_vouchers is not None
    listed.append(sentences.LIFETIME if one_for_life else sentences.RECENT_VOUCHERS)
    if worker.started_on and policy.closed_before_next:
        listed.append(sentences.FIRST_NOT_CLOSED)
    return [*listed, sentences.OPEN_ORDER, sentences.LANGUAGE]


def _tell(
    rulebook: Rulebook,
    worker: Worker,
    period: Period,
    condition: Condition,
    against: Refusal,
    lang: Lang,
) -> Told:
    words = condition.words[lang]
    values = _values(period, worker, condition, lang)
    is_met = not condition.refusal & against
    parts: tuple[str, ...] = (words.met,)
    if not is_met:
        first = ordering.first_days(
            period.timeline,
            period.place,
            worker.facts,
            period.ordered_on,
            waiting_for=condition.refusal,
        )[0]
        is_passing = bool(condition.refusal & PASSING) and first != NO_DAY
        change = words.stays
        if is_passing:
            day = calendar_day(first)
            changed = bisect_right(period.timeline.starts, day) - 1
            values["first"] = day_text(day, lang)
            values["changes"] = day_text(period.timeline.starts[changed], lang)
            change = _change(period, worker, condition, day, lang)
        step = words.before if worker.only_checks and words.before else words.step
        parts = (words.against, change, step)
    return Told(
        code=condition.refusal.code,
        title=words.title,
        is_met=is_met,
        sentences=tuple(part.format(**values) for part in parts),
        ground=ground(rulebook, condition, worker, lang),
    )


def _change(period: Period, worker: Worker, condition: Condition, first: date, lang: Lang) -> str:
    """Return how time lifts a reason: by itself, or because the law changes in between."""
    alone = Timeline((period.timeline.starts[period.place],), (period.policy,))
    here = ordering.first_days(
        alone, 0, worker.facts, period.ordered_on, waiting_for=condition.refusal
    )[0]
    if here != NO_DAY and calendar_day(here) == first:
        return condition.words[lang].change
    is_work = condition.refusal == Refusal.EXPERIENCE
    return (sentences.LATER_WORKING if is_work else sentences.LATER)[lang]


def ground(rulebook: Rulebook, condition: Condition, worker: Worker, lang: Lang) -> str:
    """Return the legal place of a condition, as far as it was read, with its sources and grade."""
    lines = [
        rulebook.line(key, worker.ordered_on, worker.known_on, worker.reading)
        for key in condition.numbers
    ]
    held = next(line for line in lines if line is not None and line.value is not None)
    if held.text is None:
        place = {"nl": "wettelijke tekst niet gezien", "en": "legal text not seen"}[lang]
    else:
        unseen = {"nl": "artikel niet gezien", "en": "article not seen"}[lang]
        seen = {"nl": "artikel", "en": "article"}[lang]
        article = f"{seen} {held.article}" if held.article else unseen
        place = f"{rulebook.content['texts'][held.text][lang]}, {article}"
    source, grade = {"nl": ("bron", "graad"), "en": ("source", "grade")}[lang]
    return f"{place}; {source} {', '.join(held.source)}; {grade} {held.grade}"


def _values(period: Period, worker: Worker, condition: Condition, lang: Lang) -> dict[str, str]:
    policy, facts = period.policy, worker.facts
    contest_by = terms.contest_by(policy, period.ordered_on)[0]
    counting = _counting(policy, worker, period)
    have, least = _experience(policy, facts, condition)
    per_year = policy.experience_year_days
    work = _work(int(facts.works_in[0]), lang)
    # Where a home alone is enough, nobody is told what she lacks.
    has_work = facts.works_in[0] != ordering.NO_WORKPLACE
    return {
        "home": _home(facts, lang),
        "work": work,
        "and_work": phrases.AND[lang] + work if has_work else "",
        "activity": phrases.ACTIVITIES[lang][int(facts.activity[0])],
        "ordered_on": day_text(worker.ordered_on, lang),
        "contest_by": day_text(calendar_day(contest_by), lang),
        "days": _counted(have, "days", lang),
        "months": _counted(have, "months", lang),
        "easing": _easing(policy, facts, lang),
        "recent": number_text(have, lang),
        "least": number_text(least, lang),
        "short": number_text(max(least - have, 0), lang),
        "years": number_text(least // per_year, lang),
        "look_back": str(policy.look_back_years),
        "most": str(policy.vouchers_per_look_back),
        "count": _vouchers(len(counting), lang),
        "which": phrases.WHICH[lang][len(counting) > 1],
        "started": days_text(counting, lang) if counting else "",
        "decisive": day_text(_decisive(policy, worker), lang) if worker.started_on else "",
        "last": day_text(worker.started_on[-1], lang) if worker.started_on else "",
    }


def _experience(policy: Policy, facts: Facts, condition: Condition) -> tuple[int, int]:
    """Return what the worker has and needs, in the unit of the condition."""
    if condition is sentences.EXPERIENCE_MONTHS:
        return int(facts.experience_months[0]), policy.least_experience_months or 0
    if condition is sentences.EXPERIENCE_RECENT:
        least = ordering.least_recent_months(policy, facts.agency_weeks_unbroken)
        return int(facts.months_worked_in_last_24[0]), int(least[0])
    return int(facts.experience_days[0]), policy.least_experience_days or 0


def _counting(policy: Policy, worker: Worker, period: Period) -> list[date]:
    """Return the earlier starts that count on the order day, oldest first."""
    if policy.lifetime_vouchers is not None:
        return list(worker.started_on)
    since = calendar_day(first_within(period.ordered_on, policy.look_back_years)[0])
    return [day for day in worker.started_on if day >= since]


def _decisive(policy: Policy, worker: Worker) -> date:
    """Return the start whose ageing makes room: the latest, or where two fit the one before."""
    return worker.started_on[-min(policy.vouchers_per_look_back, len(worker.started_on))]


def _answer(policy: Policy, worker: Worker, decision: Decisions, lang: Lang) -> str:
    day = day_text(worker.ordered_on, lang)
    if decision.reasons[0]:
        return phrases.NO[lang].format(day=day)
    ranks = ("eerste ", "tweede ") if lang == "nl" else ("first ", "second ")
    rank = ranks[int(decision.voucher[0]) - 1] if policy.vouchers_per_look_back > 1 else ""
    return phrases.YES[lang].format(
        day=day,
        rank=rank,
        hours=hours_text(int(decision.minutes[0]), lang),
        share=euro_text(int(decision.share_cents[0]), lang),
    )


def _when(decision: Decisions, against: Refusal, lang: Lang) -> str:
    if not against:
        return ""
    first = decision.first_day[0]
    if first == NO_DAY:
        return (phrases.NOT_BY_TIME if against & ~PASSING else phrases.NOT_SOON)[lang]
    text = day_text(calendar_day(first), lang)
    return (phrases.WHEN_WORKING if against & Refusal.EXPERIENCE else phrases.WHEN)[lang].format(
        first=text
    )


def _remarks(policy: Policy, decision: Decisions, lang: Lang) -> tuple[str, ...]:
    if decision.reasons[0]:
        return ()
    terms = phrases.TERMS[lang].format(pay=policy.payment_days, start=policy.start_months)
    if policy.cap_per_month is None:
        return (terms,)
    return (phrases.CAP[lang].format(cap=number_text(policy.cap_per_month, lang)), terms)


def _spells_told(
    rulebook: Rulebook, worker: Worker, period: Period, notes: list[career.Note], lang: Lang
) -> tuple[str, ...]:
    """Return a line for each spell that does not count, or in doubt, and what proof brings."""
    assert worker.spells is not None
    spells, lines = worker.spells, []
    for i, note in enumerate(notes):
        if note:
            kind = KINDS[spells.kind[i]]
            until = phrases.NO_END[lang]
            if spells.ends_on[i] != career.RUNS_ON:
                until = day_text(calendar_day(spells.ends_on[i]), lang)
            line = "{start} – {end}, {kind}: {why}".format(
                start=day_text(calendar_day(spells.starts_on[i]), lang),
                end=until,
                kind=getattr(rulebook.numbers[f"counts_{kind}"], lang),
                why=next(why for bit, why in phrases.WHY[lang].items() if bit & note),
            )
            lines.append(line)
    if any(note & career.Note.NO_CERTIFICATE for note in notes):
        lines += _with_certificate(rulebook, worker, period, lang)
    return tuple(lines)


def _with_certificate(rulebook: Rulebook, worker: Worker, period: Period, lang: Lang) -> list[str]:
    """Return what certificates for the work abroad would bring, if anything."""
    assert worker.spells is not None
    spells = replace(worker.spells, certified=np.ones_like(worker.spells.certified))
    proved, _ = _with_sums(replace(worker, spells=spells), period)
    more = int(proved.facts.experience_days[0] - worker.facts.experience_days[0])
    if not more:
        return []
    before, after = _decide(rulebook, worker).first_day[0], _decide(rulebook, proved).first_day[0]
    text = phrases.CERTIFICATE[lang].format(days=_counted(more, "days", lang))
    if after not in (NO_DAY, before):
        text += phrases.CERTIFICATE_FIRST[lang].format(first=day_text(calendar_day(after), lang))
    return [text + "."]


def _home(facts: Facts, lang: Lang) -> str:
    """Return where the worker lives, and the move from abroad if it matters there."""
    home = int(facts.lives_in[0])
    moved = facts.moved_from_eea[0] and home == ordering.WALLONIA
    return phrases.PLACES[lang][home] + (phrases.MOVED[lang] if moved else "")


def _counted(count: int, unit: str, lang: Lang) -> str:
    return f"{number_text(count, lang)} {phrases.UNITS[lang][unit][count != 1]}"


def _easing(policy: Policy, facts: Facts, lang: Lang) -> str:
    """Return what agency weeks change in the months that are needed, where they can."""
    weeks = policy.least_agency_weeks_unbroken
    if weeks is None:
        return ""
    has = int(facts.agency_weeks_unbroken[0])
    text = (phrases.EASED if has >= weeks else phrases.NOT_EASED)[lang]
    return text.format(has=has, weeks=weeks, least=policy.least_months_with_agency_weeks)


def _vouchers(count: int, lang: Lang) -> str:
    one, many, none = (
        ("cheque", "cheques", "geen cheque")
        if lang == "nl"
        else ("voucher", "vouchers", "no voucher")
    )
    return none if not count else f"{count} {one if count == 1 else many}"


def _work(place: int, lang: Lang) -> str:
    if place == ordering.NO_WORKPLACE:
        return {"nl": "hebt geen werkplaats", "en": "have no place of work"}[lang]
    return {"nl": "werkt in ", "en": "work in "}[lang] + phrases.PLACES[lang][place]


def _number(day: date) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    return np.array([day_number(day)], np.int32)
