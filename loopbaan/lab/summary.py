"""A run told on a page, and two runs side by side, in Dutch or English.

What is assumed says so where it stands: who was ever counted, and who was not.
"""

from collections.abc import Iterator, Sequence

import polars as pl

from loopbaan.lab import graded, risks, unequal
from loopbaan.lab.access import ALL, WITHOUT_THOSE_AT_RISK
from loopbaan.lab.falling_out import ASSUMED
from loopbaan.lab.outcomes import Outcomes
from loopbaan.lab.wording import CATEGORIES, DOCUMENTS, WORDS
from loopbaan.law.wording import Lang, number_text

STAMPS = ("seed", "commit", "rulebook", "scenario_hash", "population")
SHOWN_GROUPS = ("education", "sex", "age_band", "status", "health_limitation", "digital_skill")
STEPS = (
    "refused",
    "lost",
    "withdrew",
    "waits",
    "gave_up",
    "did_not_pay",
    "did_not_start",
    "did_not_finish",
)
_CENTS_IN_MILLION = 100_000_000
LEFT_OUT = "*"  # a small cell, or one that would tell a small one


def summary(run: Outcomes, lang: Lang = "en") -> str:
    """Return the page of one run."""
    words = WORDS[lang]
    about = run.about
    lines = [
        str(about["title"]),
        f"{about['author']}; {words['source']}: {about['source']}",
        words["who"].format(
            workers=number_text(int(about["workers"]), lang),
            first=about["first"],
            last=about["last"],
        ),
    ]
    lines += part_of_all(float(run.about["share"]), lang)
    lines += [f"{name:<14} {about[name]}" for name in STAMPS]
    if about.get("note"):
        lines += ["", str(about["note"])]
    for part in (_years, _published, _scarce, _waiting, _falling_out, _centres, _effects, _even):
        lines += ["", *part(run, lang)]
    lines += ["", words["documents"], *(f"  * {text}" for text in DOCUMENTS[lang])]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def side_by_side(first: Outcomes, second: Outcomes, lang: Lang = "en") -> str:
    """Return two runs in two columns, and what the second has more or less."""
    words = WORDS[lang]
    names = [str(run.about["scenario"]) for run in (first, second)]
    rows = [
        _compared(words[name], [_total(run, name) for run in (first, second)], lang)
        for name in ("orders", "refused", "lost", "gave_up", "started_first", "started_second")
    ]
    paid = [_total(run, "government_cents") / _CENTS_IN_MILLION for run in (first, second)]
    rows.append(_compared(words["government_paid_million"], paid, lang, 2))
    lines = [f"{names[0]} | {names[1]}"]
    lines += [f"{run.about['scenario']}: {run.about['title']}" for run in (first, second)]
    lines += part_of_all(float(first.about["share"]), lang)
    for name in STAMPS:
        ours, theirs = (str(run.about[name]) for run in (first, second))
        lines.append(f"{name:<14} {ours if ours == theirs else ours + ' | ' + theirs}")
    lines += ["", *_table(("", *names, words["difference"]), rows)]
    periods = sorted(set(_scarce_periods(first)) | set(_scarce_periods(second)))
    for period in periods:
        lines += ["", words["compared_waiting"].format(period=period)]
        lines += _table(("", *names, words["difference"]), _waited(first, second, period, lang))
    lines += ["", words["compared_centres"], *_compared_centres(first, second, names, lang)]
    if periods:
        lines += ["", words["assumed_races"]]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def part_of_all(share: float, lang: Lang) -> Iterator[str]:
    """Yield what part of the population a page is about, if it is not all of it."""
    if share != 1:
        yield WORDS[lang]["part"].format(percent=_decimal(100 * share, 2, lang))


def _years(run: Outcomes, lang: Lang) -> Iterator[str]:
    words = WORDS[lang]
    names = ("orders", "refused", "lost", "waiting", "started_first", "started_second")
    persons = ("persons_ordered", "persons_started")
    rows = []
    for row in run["by_year"].to_dicts():
        counted = [number_text(row[name], lang) for name in (*names, *persons)]
        money = [
            _decimal(row[f"{payer}_cents"] / _CENTS_IN_MILLION, 2, lang)
            for payer in ("worker", "government")
        ]
        rows.append((str(row["year"]), *counted, *money))
    yield words["by_year"]
    columns = (*names, *persons, "worker_million", "government_million")
    yield from _table((words["year"], *(words[name] for name in columns)), rows)


def _published(run: Outcomes, lang: Lang) -> Iterator[str]:
    words = WORDS[lang]
    rows = [
        (
            f"{words[row['series']]} {row['year']}",
            number_text(row["published"], lang),
            number_text(row["run"], lang),
            f"{_decimal(row['error_percent'], 1, lang, signed=True)} %",
        )
        for row in run["published"].to_dicts()
    ]
    if not rows:
        yield words["nothing_published"]
        return
    yield words["published_title"]
    yield from _table(("", words["published"], words["run"], words["error"]), rows)


def _scarce(run: Outcomes, lang: Lang) -> Iterator[str]:
    words = WORDS[lang]
    if not len(run["sold_out"]):
        yield words["no_cap"]
        return
    rows = []
    for row in run["sold_out"].to_dicts():
        gone = words["drawn"] if row["allocation"] != "first_come" else words["left"]
        if row["sold_out_on"] is not None:
            minute = row["sold_out_minute"]
            gone = words["gone_on"].format(day=row["sold_out_on"].day)
            gone += "" if minute is None else words["gone_minute"].format(minute=minute)
        counts = ("places", "orders", "got_a_place", "came_too_late", "waiting")
        rows.append(
            (f"{row['month']:%Y-%m}", *(number_text(row[name], lang) for name in counts), gone)
        )
    yield words["scarce_title"]
    heads = ("places", "orders", "got_a_place", "came_too_late", "waiting", "gone")
    yield from _table((words["month"], *(words[name] for name in heads)), rows)


def _waiting(run: Outcomes, lang: Lang) -> Iterator[str]:
    words = WORDS[lang]
    periods = _scarce_periods(run)
    if not periods:
        yield words["no_waiting"]
        return
    for period in periods:
        yield words["waiting_title"].format(period=period)
        own = run.opened["waiting"].filter(pl.col("period") == period)
        rows = []
        for row in own.to_dicts():
            if row["dimension"] not in ("all", *SHOWN_GROUPS):
                continue
            counts = [_count(row[name], lang) for name in ("wishes", "still_wait", "never")]
            rows.append(
                (
                    _group(row, lang),
                    counts[0],
                    _percent(row["got_a_place"], row["wishes"], lang),
                    *counts[1:],
                    _days(row["mean_days"], lang),
                    _days(row["nine_in_ten_days"], lang),
                )
            )
        heads = ("wishes", "got_a_place", "still_wait", "never", "mean_days", "nine_in_ten_days")
        yield from _table(("", *(words[name] for name in heads)), rows)
        yield words["assumed_races"]
        yield words["few"]


def _falling_out(run: Outcomes, lang: Lang) -> Iterator[str]:
    words = WORDS[lang]
    periods = _scarce_periods(run) or run["falling_out"]["period"].unique().sort().to_list()[-1:]
    for period in periods:
        yield words["falling_out_title"].format(period=period)
        own = run.opened["falling_out"].filter(pl.col("period") == period)
        is_scarce = (own["evidence"] == ASSUMED).all()
        rows = [
            (
                _group(row, lang)
                + (f" [{words['assumed']}]" if _is_marked(row, is_scarce) else ""),
                _count(row["orders"], lang),
                *(_percent(row[step], row["orders"], lang) for step in STEPS),
                _percent(row["persons_started"], row["persons"], lang),
            )
            for row in own.to_dicts()
            if row["dimension"] in ("all", *SHOWN_GROUPS)
        ]
        heads = ("orders", *STEPS, "persons_started_share")
        yield from _table(("", *(words[name] for name in heads)), rows)
        if is_scarce:
            yield words["assumed_races"]
        yield words["split_assumed"]
        yield words["few"]
        if is_scarce:
            yield above_threshold(run, period, lang)


def above_threshold(run: Outcomes, period: str, lang: Lang) -> str:
    """Return who loses more often than all others, by the threshold that is stated."""
    words = WORDS[lang]
    # Marked on what was counted: a group whose row is left out is not named, and yet it is there.
    found = unequal.marked(run["unequal"], period)
    told = run.opened["unequal"].filter(pl.col("period") == period, pl.col("marked")).to_dicts()
    groups = [
        f"{_group(row, lang)} ({_decimal(row['loses_percent'], 0, lang)} %;"
        f" {_decimal(row['others_lose_percent'], 0, lang)} %)"
        for row in told
    ]
    if len(told) < len(found):
        groups.append(words["unequal_small"])
    sentence = words["unequal" if groups else "no_unequal"]
    times = _decimal(unequal.THRESHOLD, 2, lang)
    return sentence.format(times=times, groups=", ".join(groups))


def _centres(run: Outcomes, lang: Lang) -> Iterator[str]:
    words = WORDS[lang]
    yield words["centres_title"]
    if risks.is_told(float(run.about["share"])):
        yield from _at_risk(run, lang)
    else:
        yield words["centres_need_all"]
    last = run["access"].filter(pl.col("month") == pl.col("month").max())
    for which, sentence in ((ALL, "far"), (WITHOUT_THOSE_AT_RISK, "far_without")):
        own = last.filter(pl.col("centres") == which)
        if own.height:
            far = dict(own.select("radius", "places_without_a_centre").iter_rows())
            km = dict(own.select("radius", "radius_km").iter_rows())
            yield words[sentence].format(
                month=f"{own['month'][0]:%Y-%m}",
                **far,
                **{f"{end}_km": f"{km[end]:g}" for end in km},
            )


def _at_risk(run: Outcomes, lang: Lang) -> Iterator[str]:
    words = WORDS[lang]
    ends = run["centres_by_month"].filter(pl.col("month").dt.month() == 12)
    rows = [
        (
            f"{row['month']:%Y-%m}",
            *(
                number_text(row[name], lang)
                for name in ("centres_with_vouchers", "under_break_even", "at_risk")
            ),
            _decimal(row["may_stop_within_a_year"], 0, lang),
            _decimal(row["coaches_who_may_leave"], 0, lang),
        )
        for row in ends.to_dicts()
    ]
    heads = ("centres_with_vouchers", "under_break_even", "at_risk", "may_stop", "coaches_leave")
    yield from _table((words["month"], *(words[name] for name in heads)), rows)
    yield words["at_risk_is_not_closed"]


def _effects(run: Outcomes, lang: Lang) -> Iterator[str]:
    words = WORDS[lang]
    yield words["effects_title"]
    rows = []
    for row in run["effects"].to_dicts():
        digits = 3 if row["unit"] == "standard deviations" else 0
        values = [_decimal(row[end], digits, lang) for end in ("low", "central", "high")]
        mark = words["no_causal"] if row["evidence"] == "no causal evidence" else ""
        rows.append((words[row["outcome"]], *values, mark, _grade(row["outcome"], lang)))
    yield from _table(("", words["low"], words["central"], words["high"], "", ""), rows)
    yield words["graded"]


def _grade(outcome: str, lang: Lang) -> str:
    """Return how sound the studies are on which an effect rests."""
    words, found = WORDS[lang], sorted(set(graded.qualities(outcome)))
    if not found:
        return ""
    if found == [graded.NOTHING_FOUND]:
        return words["no_study"]
    said = words["studies"].format(quality="–".join(str(each) for each in found))
    return f"{said}, {words['found_none']}" if graded.found_none(outcome) else said


def _even(run: Outcomes, lang: Lang) -> Iterator[str]:
    words = WORDS[lang]
    yield words["even_title"]
    rows = []
    for row in run["break_even"].to_dicts():
        digits = 0 if row["unit"] == "euro" else 2
        values = [_decimal(row[end], digits, lang) for end in ("low", "central", "high")]
        mark = words["no_causal"] if row["evidence"] == "no causal evidence" else ""
        rows.append((words[row["outcome"]], *values, mark))
    yield from _table(("", words["low"], words["central"], words["high"], ""), rows)
    yield words["even_band"]


def _waited(
    first: Outcomes, second: Outcomes, period: str, lang: Lang
) -> list[tuple[str, str, str, str]]:
    """Return, by group, the share of wishes that got a place in each run."""
    rows = []
    own = [
        run.opened["waiting"].filter(pl.col("period") == period).to_dicts()
        for run in (first, second)
    ]
    found = [{(row["dimension"], row["category"]): row for row in each} for each in own]
    for key, row in {**found[1], **found[0]}.items():
        if key[0] not in ("all", *SHOWN_GROUPS):
            continue
        shares = []
        for each in found:
            other = each.get(key, {})
            if other.get("wishes") and other.get("got_a_place") is not None:
                shares.append(100 * other["got_a_place"] / other["wishes"])
        if len(shares) < len(found):
            continue
        rows.append(_compared(f"{_group(row, lang)} (%)", shares, lang, 1))
    return rows


def _scarce_periods(run: Outcomes) -> list[str]:
    if not len(run["sold_out"]):
        return []
    scarce = run["falling_out"].filter(
        (pl.col("dimension") == "all") & (pl.col("evidence") == ASSUMED)
    )
    return list(scarce["period"].unique().sort())


def _is_marked(row: dict[str, object], is_scarce: bool) -> bool:
    """Whether a row says by itself that it is assumed; where all are, one sentence says it."""
    return row["evidence"] == ASSUMED and not is_scarce


def _group(row: dict[str, str], lang: Lang) -> str:
    if row["dimension"] == "all":
        return WORDS[lang]["all"]
    names = CATEGORIES[lang]
    return f"{names[row['dimension']]}: {names.get(row['category'], row['category'])}"


def _total(run: Outcomes, name: str) -> float:
    return float(run["by_year"][name].sum())


def _compared_centres(
    first: Outcomes, second: Outcomes, names: Sequence[str], lang: Lang
) -> Iterator[str]:
    words = WORDS[lang]
    found = [run["centres_by_month"]["at_risk"].max() for run in (first, second)]
    most = [each for each in found if isinstance(each, int)]
    if len(most) < len(found):
        yield words["centres_need_all"]
        return
    rows = [_compared(words["at_risk_most"], most, lang)]
    yield from _table(("", *names, words["difference"]), rows)


def _compared(
    name: str, values: Sequence[float], lang: Lang, digits: int = 0
) -> tuple[str, str, str, str]:
    ours, theirs = (_decimal(value, digits, lang) for value in values)
    return name, ours, theirs, _decimal(values[1] - values[0], digits, lang, signed=True)


def _count(number: int | None, lang: Lang) -> str:
    return LEFT_OUT if number is None else number_text(number, lang)


def _percent(part: int | None, whole: int | None, lang: Lang) -> str:
    if part is None or whole is None:
        return LEFT_OUT
    return f"{_decimal(100 * part / whole, 1, lang)} %" if whole else "–"


def _days(days: float | None, lang: Lang) -> str:
    return "–" if days is None else _decimal(days, 1, lang)


def _decimal(number: float, digits: int, lang: Lang, *, signed: bool = False) -> str:
    """Return a number as it is written: 1,234.5 in English, 1.234,5 in Dutch."""
    text = f"{number:{'+' if signed else ''},.{digits}f}"
    return text.translate(str.maketrans(",.", ".,")) if lang == "nl" else text


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield a table in plain text: the first column to the left, the others to the right."""
    columns = list(zip(heads, *rows, strict=True))
    widths = [max(len(cell) for cell in column) for column in columns]
    for row in (heads, *rows):
        first, *rest = [*zip(row, widths, strict=True)]
        cells = [f"{cell:>{width}}" for cell, width in rest]
        yield "  " + "  ".join([f"{first[0]:<{first[1]}}", *cells])
