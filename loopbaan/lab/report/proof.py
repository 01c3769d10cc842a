"""How far a report can be believed: the past beside it, what was found of effects, what matters."""

import math
from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl

from loopbaan.lab import backtest, bands, behaviour, ensemble, graded, member, sensitivity, targets
from loopbaan.lab import fitted as fits
from loopbaan.lab import telling as tellings
from loopbaan.lab.ensemble import Ensemble
from loopbaan.lab.figures import KEYS, VALUE
from loopbaan.lab.report import charts
from loopbaan.lab.report.assumptions import assumption_text
from loopbaan.lab.report.content import THIN, Band, Column, Exhibit, Section, Table, decimal_text
from loopbaan.lab.report.evidence import EFFECTS, Effect
from loopbaan.lab.report.members import AS_IT_WAS, TARGET, Cast
from loopbaan.lab.report.naming import laid_out, month_text, short
from loopbaan.lab.report.words import WORDS
from loopbaan.lab.scenario import Scenario
from loopbaan.lab.sensitivity import Headline
from loopbaan.lab.targets import FITTED, LAST_FITTED, PREDICTED
from loopbaan.law.wording import Lang

_TABLE = "report"
# What assumptions are weighed by: the figure, its words, the decimals that it is told with. Those
# of the first row are differences with the run that it is compared with.
COMPARED = (("users", "fewer_short", -2), ("government_million", "saved_short", 1))
ALONE = (("users", "users_short", -2), ("government_million", "paid_short", 1))
ACCESS = ("placed_of_100", "placed_short", 0)
_FEWER = "fewer_"
_MOST = 6  # assumptions that are shown
_TOLD = 2  # figures whose weightiest assumption stands on the one page


def past_section(cast: Cast, lang: Lang) -> Section | None:
    """Return the score card of the back-test: fitted and predicted apart. A miss is shown."""
    run = next((each for each in cast.runs if each.name == AS_IT_WAS), None)
    # With fewer there is no band, and nothing would be held against what was published.
    if run is None or len(cast.members[AS_IT_WAS]) < bands.FEWEST:
        return None
    words = WORDS[lang]
    card = backtest.card(_as_ensemble(cast, AS_IT_WAS), targets.read())
    scored = tuple(
        words["scored"].format(
            part=words[score.part],
            within=score.within,
            rows=score.rows,
            in_band=score.in_band,
            values=score.values,
        )
        for score in backtest.scores(card)
    )
    exhibits = tuple(_card(cast, card, part, lang) for part in (FITTED, PREDICTED))
    names = (
        words["all_race"] if each.endswith("…") else assumption_text(each, lang)
        for each in backtest.NOT_BLIND
    )
    blind = words["not_blind"].format(names="; ".join(names))
    return Section("past", words["past"], (words["past_told"], *scored, blind), exhibits)


def matters_section(cast: Cast, lang: Lang) -> Section:
    """Return which assumptions matter most for the first figures, if the runs can tell."""
    words = WORDS[lang]
    found = _as_ensemble(cast, cast.first.name)
    weighed = (*_weighed(cast), ACCESS)
    headlines = [Headline(_TABLE, figure) for figure, _, _ in weighed]
    table = sensitivity.report(found, headlines) if found.values.height else None
    if table is None or not table.height:
        return Section("matters", words["matters"], (words["matters_none"],))
    told: list[str] = []
    unclear = words["matters_alike"]
    exhibits: list[Exhibit] = []
    other = short(cast.other, lang) if cast.other else ""
    for figure, key, digits in weighed:
        own = table.filter(pl.col("figure") == figure)
        if not own.height:
            continue
        what = words[key].format(other=other)
        first = sensitivity.most(own)
        if first.height and len(told) < _TOLD:
            told.append(_told(first.to_dicts()[0], what, digits, lang))
        if not exhibits:
            meaning = assumption_text(own.sort("place")["assumption"][0], lang)
            runs = len(cast.seeds)
            unclear = words["matters_unclear"].format(figure=what, meaning=meaning, runs=runs)
        exhibits.append(_weights(own, figure, what, digits, lang))
    return Section("matters", words["matters"], tuple(told) or (unclear,), tuple(exhibits))


def _weighed(cast: Cast) -> tuple[tuple[str, str, int], ...]:
    if cast.other is None:
        return ALONE
    return tuple((f"{_FEWER}{figure}", key, digits) for figure, key, digits in COMPARED)


def effects_section(cast: Cast, lang: Lang) -> Section:
    """Return what guidance does as the evidence grades it."""
    words = WORDS[lang]
    names = ("outcome", "found", "quality", "use")
    rows = [
        (each.outcome[lang], each.found_text(lang), each.quality(), _use(cast, each, lang))
        for each in EFFECTS
    ]
    columns = tuple(Column(name, words[f"effect_{name}"], "text") for name in names)
    table = laid_out("effects", words["effects_table"], rows, columns)
    exhibit = Exhibit(table, marks=(words["no_causal"],))
    studies = Exhibit(_studies(lang), marks=(words["no_causal"],), aside=True)
    return Section("effects", words["effects"], (words["effects_told"],), (exhibit, studies))


def _use(cast: Cast, effect: Effect, lang: Lang) -> str:
    """Return what the runs take for an effect: its band, or what a scenario sets."""
    if not effect.assumption:
        return effect.use[lang]
    told: dict[str, str] = {}
    for chosen, run in zip(cast.scenarios, cast.runs, strict=True):
        size = _size(chosen, effect, lang)
        told[short(run, lang)] = effect.use[lang].format(size=size)
    if len(set(told.values())) == 1:
        return next(iter(told.values()))
    return "; ".join(f"{name}: {text}" for name, text in told.items())


def _size(chosen: Scenario, effect: Effect, lang: Lang) -> str:
    row = behaviour.assumptions()[effect.assumption]
    digits = 0 if effect.times > 1 else 2
    own = chosen.behaviour.get(effect.assumption)
    if own is not None:
        return WORDS[lang]["set_by"].format(
            size=decimal_text(effect.times * float(own), digits, lang)
        )
    low, high = sorted((row.low, row.high))
    return Band(*(effect.times * each for each in (row.value, low, high))).text(lang, digits)


def _studies(lang: Lang) -> Table:
    """Return every study that was found, in the words of the evidence, which are English."""
    words = WORDS[lang]
    names = ("outcome", "who", "comparison", "quality", "grade", "note")
    rows = [
        tuple(str(each).replace("_", " ") if name == "outcome" else str(each) for name, each in row)
        for row in (
            list(zip(names, found, strict=True))
            for found in graded.table().select(names).iter_rows()
        )
    ]
    columns = tuple(Column(name, words[f"study_{name}"], "text") for name in names)
    return laid_out("studies", words["studies_table"], rows, columns)


def _told(row: dict[str, float | str], what: str, digits: int, lang: Lang) -> str:
    ends = (decimal_text(round(float(row[end]), digits), max(digits, 0), lang) for end in _ENDS)
    low, high = ends
    grade = row["grade"]
    return WORDS[lang]["matters_told"].format(
        figure=what,
        meaning=assumption_text(str(row["assumption"]), lang),
        low=low,
        high=high,
        grade=f"{grade}, {WORDS[lang][f'grade_{grade}']}",
    )


_ENDS = ("at_low", "at_high")


def _weights(table: pl.DataFrame, figure: str, what: str, digits: int, lang: Lang) -> Exhibit:
    """Return the weightiest assumptions of a figure: what it is at the low and at the high end."""
    words = WORDS[lang]
    rows, values = [], []
    for row in table.sort("place").head(_MOST).to_dicts():
        name = assumption_text(row["assumption"], lang)
        low, high = sorted((row["at_low"], row["at_high"]))
        is_clear = abs(row["rank_correlation"]) > row["by_accident"]
        clear = words["clear" if is_clear else "not_clear"]
        rows.append(
            (name, row["grade"], row["at_low"], row["at_high"], row["rank_correlation"], clear)
        )
        ends = Band((low + high) / 2, round(low, digits), round(high, digits))
        values.append(
            {
                "category": name,
                "series": clear,
                "low": low,
                "high": high,
                "central": None,
                "label": ends.ends(lang, max(digits, 0)),
            }
        )
    columns = (
        Column("assumption", words["assumption"], "text"),
        Column("grade", words["grade"], "text"),
        Column("at_low", words["at_low"], "decimal", max(digits, 0)),
        Column("at_high", words["at_high"], "decimal", max(digits, 0)),
        Column("rank_correlation", words["correlation"], "decimal", 2),
        Column("clear", words["clear_head"], "text"),
    )
    title = words["weights_chart"].format(figure=what)
    spread = [value[end] for value in values for end in ("low", "high")]
    room = (max(spread) - min(spread)) * 0.05 or 1.0
    chart = charts.bands(
        f"weights-{figure}",
        title,
        words["weights_told"],
        values,
        unit="",
        domain=(min(spread) - room, max(spread) + room),
        is_close=True,
    )
    return Exhibit(laid_out(f"weights_{figure}", title, rows, columns), chart)


def _card(cast: Cast, card: pl.DataFrame, part: str, lang: Lang) -> Exhibit:
    words, names = WORDS[lang], tellings.WORDS[lang]
    began = {(each.series, each.period): each.first for each in targets.read()}
    members = cast.members[AS_IT_WAS]
    rows, is_partly = [], False
    for row in card.filter(pl.col("part") == part).to_dicts():
        is_share = row["unit"] == "share"
        by = 100 if is_share else 1e-6 if row["unit"] == "euro" else 1
        digits = 1 if by != 1 or row["unit"] == "minutes" else 0
        figures = [row[name] for name in ("published", "central", "low", "high")]
        shown = ["–" if each is None else decimal_text(each * by, digits, lang) for each in figures]
        error = "–" if row["error"] is None else _error(row, lang)
        within = {None: "–", True: words["yes"], False: words["no"]}[row["is_within"]]
        in_band = {None: "–", True: words["yes"], False: words["no"]}[row["is_in_band"]]
        named = f"{names.get(row['series'], row['series'])}, {_period(row['period'], lang)}"
        if part == PREDICTED and began[row["series"], row["period"]] <= LAST_FITTED:
            named, is_partly = f"{named} *", True
        figure = f"{TARGET}{row['series']}|{row['period']}"
        have = sum(figure in member for member in members)
        runs = words["of_runs"].format(found=have, runs=len(members))
        rows.append((named, *shown, error, within, in_band, runs, row["grade"]))
    columns = tuple(Column(head, words[f"card_{head}"], "text") for head in _HEADS)
    table = laid_out(f"score_{part}", words[part], rows, columns)
    return Exhibit(table, notes=(words["partly"],) if is_partly else ())


_HEADS = (
    *("what", "published", "central", "low", "high", "error"),
    *("within", "in_band", "runs", "grade"),
)


def _error(row: dict[str, Any], lang: Lang) -> str:
    """Return an error in the way in which it is judged: relative, in points, or as a factor."""
    words, error = WORDS[lang], row["error"]
    if row["kind"] == "factor":
        return f"× {decimal_text(math.exp(error), 2, lang)}"
    is_days = row["kind"] == "absolute" and row["unit"] != "share"
    text = decimal_text(error if is_days else 100 * error, 1, lang)
    text = text if error < 0 else f"+{text}"
    if row["kind"] == "relative":
        return f"{text}{THIN}%"
    return words["days" if is_days else "points"].format(error=text)


def _period(period: str, lang: Lang) -> str:
    """Return a year, a month or some months in words: to 2025-06 is until June 2025."""
    words = WORDS[lang]
    if period.startswith("to "):
        return words["until"].format(last=_period(period.removeprefix("to "), lang))
    first, _, last = period.partition("/")
    if last:
        return words["from_until"].format(first=_period(first, lang), last=_period(last, lang))
    year, *month = first.split("-")
    return month_text(date(int(year), int(month[0]), 1), lang) if month else year


def _as_ensemble(cast: Cast, name: str) -> Ensemble:
    """Return the members of a scenario as an ensemble, their figures below each other."""
    members = cast.members[name]
    rows = [
        (*_key(figure), value, place)
        for place, each in enumerate(members)
        for figure, value in each.items()
    ]
    if cast.other is not None:
        rows += [
            (*_key(f"{_FEWER}{figure}"), theirs[figure] - ours[figure], place)
            for figure, _, _ in COMPARED
            for place, (ours, theirs) in enumerate(
                zip(members, cast.members[cast.other.name], strict=True)
            )
        ]
    schema = {**dict.fromkeys(KEYS, pl.String), VALUE: pl.Float64, "member": pl.Int32}
    values = pl.DataFrame(rows, schema=schema, orient="row")
    draws = pl.DataFrame([_drawn(seed) for seed in cast.seeds])
    return Ensemble({"scarce": ""}, ensemble.band(values), draws, values)


def _key(figure: str) -> Sequence[str]:
    """Return table, when, dimension, category and figure of a figure of a report."""
    if figure.startswith(TARGET):
        series, period = figure.removeprefix(TARGET).split("|")
        return member.TARGETS, period, "", "", series
    return _TABLE, "", "", "", figure


def _drawn(seed: int) -> dict[str, float]:
    return {"seed": seed, "draw": 1, **bands.draw(seed, 1, fits.fitted().values).values}
